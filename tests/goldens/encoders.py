#!/usr/bin/env python3
"""Writes encoders.json: small encoders with given weights, and what they give.

An own reference in plain Python floats, written from the published formulas (arXiv 2104.09864 and 2202.10447, kexue.fm/archives/8265, 8823, 8998, 8934, 9019 and
9052, arXiv 2002.07028 for the key size), one number at a time and independent of the C# code: positions turn pairs as complex numbers, masks skip keys instead of
adding to scores. Parameter names and layouts are those of the published PyTorch checkpoints ([out, in]). Every query sees its visible keys only; a query without any
is not in the cases.
"""
import cmath
import json
import math
import pathlib
import random

VOCABULARY, TYPES = 20, 2
IDS = [[2, 7, 11, 4, 18, 7, 3], [2, 5, 9, 3, 0, 0, 0], [2, 16, 1, 13, 8, 3, 0]]
SEGMENTS = [[0, 0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1, 0]]
LENGTHS = [7, 4, 6]


def dot(a, b):
    return math.fsum(x * y for x, y in zip(a, b))


class Weights(dict):
    """Made on demand under their checkpoint names, rounded so that the file stays small and float32 holds them nearly exactly."""

    def __init__(self, seed):
        super().__init__()
        self.random = random.Random(seed)

    def tensor(self, name, shape, scale, shift=0.0):
        if name not in self:
            count = math.prod(shape)
            self[name] = {"shape": shape, "dtype": "float64", "data": [round(shift + self.random.gauss(0, scale), 3) for _ in range(count)]}
        data = self[name]["data"]
        return data if len(shape) == 1 else [data[i * shape[1]:(i + 1) * shape[1]] for i in range(shape[0])]

    def linear(self, name, x, outputs, bias):
        weight = self.tensor(name + ".weight", [outputs, len(x)], 1.2 / math.sqrt(len(x)))
        y = [dot(row, x) for row in weight]
        return [a + b for a, b in zip(y, self.tensor(name + ".bias", [outputs], 0.3))] if bias else y

    def layer_norm(self, name, x, epsilon):
        gain, offset = self.tensor(name + ".weight", [len(x)], 0.2, 1.0), self.tensor(name + ".bias", [len(x)], 0.2)
        mean = math.fsum(x) / len(x)
        deviation = math.sqrt(math.fsum((v - mean) ** 2 for v in x) / len(x) + epsilon)
        return [(v - mean) / deviation * g + o for v, g, o in zip(x, gain, offset)]


def rms_norm(x, epsilon):
    return [v / math.sqrt(dot(x, x) / len(x) + epsilon) for v in x]


def rotate(x, position):
    turned = []
    for i in range(len(x) // 2):
        z = complex(x[2 * i], x[2 * i + 1]) * cmath.exp(1j * position * 10000 ** (-2 * i / len(x)))
        turned += [z.real, z.imag]
    return turned


ACTIVATIONS = {
    "gelu": lambda x: x * 0.5 * (1 + math.erf(x / math.sqrt(2))),
    "gelu_new": lambda x: 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3))),
    "relu": lambda x: max(x, 0.0),
    "swish": lambda x: x / (1 + math.exp(-x)),
    "tanh": math.tanh,
    "linear": lambda x: x,
}


def mix(query, keys, values, normalization, minimum=1, length=None):
    """One query's mixture of the values it sees."""
    scores = [dot(query, key) / math.sqrt(len(query)) for key in keys]
    visible = len(keys)
    if normalization == "squared_relu":
        weights = [max(s, 0.0) ** 2 / (length or visible) for s in scores]
    else:
        if normalization == "softmax_plus":
            scores = [s * math.log(max(visible, minimum)) / math.log(512) for s in scores]
        top = max(scores)
        powers = [math.exp(s - top) for s in scores]
        weights = [p / math.fsum(powers) for p in powers]
    return [dot(weights, column) for column in zip(*values)]


def attention(w, name, rows, length, o):
    """Multi-head attention of one sequence; padding queries look at the real keys as well."""
    heads, head = o["heads"], o["hiddenSize"] // o["heads"]
    key = o.get("keySize") or head
    projected = {part: [w.linear(f"{name}.{part}", x, heads * (head if part == "value" else key), o["bias"]) for x in rows] for part in ("query", "key", "value")}
    result = [[] for _ in rows]
    for h in range(heads):
        def cut(part, size, turn):
            return [rotate(x[h * size:(h + 1) * size], t) if turn else x[h * size:(h + 1) * size] for t, x in enumerate(projected[part])]
        q, k, v = cut("query", key, o.get("rotary", True)), cut("key", key, o.get("rotary", True)), cut("value", head, o.get("rotaryValue", False))
        for t in range(len(rows)):
            result[t] += mix(q[t], k[:length], v[:length], o.get("normalization", "softmax"), o.get("minimumKeys", 1))
    return result


def gau(w, name, rows, length, o):
    e, s, act = o.get("intermediateSize") or 2 * o["hiddenSize"], o["attentionKeySize"], ACTIVATIONS["swish"]
    u, v, q, k = [], [], [], []
    for t, x in enumerate(rows):
        all_three = [act(y) for y in w.linear(name + ".i_dense", x, 2 * e + s, o["bias"])]
        u.append(all_three[:e])
        v.append(all_three[e:2 * e])
        for part, into in (("q", q), ("k", k)):
            scale = w.tensor(f"{name}.{part}_scaleoffset.weight", [s], 0.5, 1.0)
            offset = w.tensor(f"{name}.{part}_scaleoffset.bias", [s], 0.3) if o["bias"] else [0.0] * s
            into.append(rotate([g * z + b for g, z, b in zip(scale, all_three[2 * e:], offset)], t))
    gated = [[a * b for a, b in zip(u[t], mix(q[t], k[:length], v[:length], o["normalization"], o.get("minimumKeys", 1), o.get("normalizationLength")))] for t in range(len(rows))]
    return [w.linear(name + ".o_dense", x, o["hiddenSize"], o["bias"]) for x in gated]


def add(a, b):
    return [[p + q for p, q in zip(x, y)] for x, y in zip(a, b)]


def encode(w, ids, segments, length, o):
    """The embedding and the result of every layer for one sequence."""
    family, hidden, epsilon = o["family"], o["hiddenSize"], o["epsilon"]
    norm = (lambda name, x: w.layer_norm(name, x, epsilon)) if family == "v1" else (lambda name, x: rms_norm(x, epsilon))
    width = o.get("embeddingSize") or hidden
    tokens = w.tensor("embeddings.word_embeddings.weight", [VOCABULARY, width], 0.8)
    types = w.tensor("embeddings.token_type_embeddings.weight", [TYPES, width], 0.8)
    x = [norm("embeddings.LayerNorm", [a + b for a, b in zip(tokens[i], types[s])]) for i, s in zip(ids, segments)]
    if width != hidden:
        x = [w.linear("embeddings_project", row, hidden, o["bias"]) for row in x]
    states = [x]
    for layer in range(o["layers"]):
        name = f"encoder.layer.{layer}"
        if family == "gau":
            x = [rms_norm(row, epsilon) for row in add(x, gau(w, name + ".gau", x, length, o))]
        else:
            attended = [w.linear(name + ".attention.output.dense", row, hidden, o["bias"]) for row in attention(w, name + ".attention.self", x, length, o)]
            x = [norm(name + ".attention.output.LayerNorm", row) for row in add(x, attended)]
            inner = [[ACTIVATIONS[o["activation"]](y) for y in w.linear(name + ".intermediate.dense", row, o.get("intermediateSize") or 4 * hidden, o["bias"])] for row in x]
            x = [norm(name + ".output.LayerNorm", row) for row in add(x, [w.linear(name + ".output.dense", row, hidden, o["bias"]) for row in inner])]
        states.append(x)
    return states


def scores(w, head, row, o):
    """What the masked-language-model head gives for one token."""
    table = w["embeddings.word_embeddings.weight"]
    width = table["shape"][1]
    if o["family"] == "v1":
        row = head.layer_norm("transform.LayerNorm", [ACTIVATIONS[o["activation"]](y) for y in head.linear("transform.dense", row, width, True)], o["epsilon"])
        return [dot(row, table["data"][i * width:(i + 1) * width]) + b for i, b in enumerate(head.tensor("bias", [VOCABULARY], 0.3))]
    if width != o["hiddenSize"]:
        row = head.linear("dense", row, width, False)
    return [dot(row, table["data"][i * width:(i + 1) * width]) for i in range(VOCABULARY)]


def flat(shape, nested):
    while isinstance(nested[0], list):
        nested = [v for part in nested for v in part]
    assert len(nested) == math.prod(shape)
    return {"shape": shape, "dtype": "float64", "data": [float(f"{v:.12g}") for v in nested]}


def case(name, component, family, seed, **options):
    """Options are those of the C# record; the reference reads the ones it needs."""
    o = {"epsilon": 1e-12, "bias": family == "v1" or options.get("hasBias", False), "family": family, "activation": {"v1": "gelu", "v2": "relu", "gau": "swish"}[family], **options}
    w, head, pooler = Weights(seed), Weights(seed + 1000), Weights(seed + 2000)
    batch = [encode(w, ids, segments, length, o) for ids, segments, length in zip(IDS, SEGMENTS, LENGTHS)]
    shape = [len(IDS), len(IDS[0]), o["hiddenSize"]]
    outputs = {
        "hidden_states": [flat(shape, [sequence[layer] for sequence in batch]) for layer in range(o["layers"] + 1)],
        "mlm_logits": flat([len(IDS), len(IDS[0]), VOCABULARY], [[scores(w, head, row, o) for row in sequence[-1]] for sequence in batch]),
    }
    if family != "gau":
        mapped = [pooler.linear("dense", sequence[-1][0], o["hiddenSize"], o["bias"]) for sequence in batch]
        for activation in ("tanh", "linear"):
            outputs["pooled_" + activation] = flat([len(IDS), o["hiddenSize"]], [[ACTIVATIONS[activation](v) for v in row] for row in mapped])
    return {
        "name": name, "component": component, "options": {"vocabularySize": VOCABULARY, "tokenTypes": TYPES, "maximumLength": 16, **options},
        "weights": w, "head": head, "pooler": pooler, "outputs": outputs,
    }


def layer_case(name, seed, **options):
    """A single attention as a layer, without an encoder around it."""
    o = {"bias": True, **options}
    w, source = Weights(seed), random.Random(seed + 1000)
    rows = [[[round(source.gauss(0, 1), 3) for _ in range(o["hiddenSize"])] for _ in IDS[0]] for _ in IDS]
    shape = [len(IDS), len(IDS[0]), o["hiddenSize"]]
    result = [[row for row in attention(w, "self", sequence, length, o)] for sequence, length in zip(rows, LENGTHS)]
    return {"name": name, "options": options, "weights": {key.removeprefix("self."): value for key, value in w.items()}, "input": flat(shape, rows), "output": flat(shape, result)}


V1, V2, GAU = "encoder.roformer.v1", "encoder.roformer-v2.v1", "encoder.gau-alpha.v1"
SIZES = {"hiddenSize": 8, "layers": 2, "heads": 2, "intermediateSize": 12}
UNITS = {"hiddenSize": 8, "layers": 2, "intermediateSize": 10, "attentionKeySize": 6}
cases = [
    case("v1", V1, "v1", 1, **SIZES),
    case("v1_narrow_embedding_gelu_tanh", V1, "v1", 2, **SIZES, embeddingSize=6, activation="gelu_new"),
    case("v1_rotary_values", V1, "v1", 3, **SIZES, rotaryValue=True),
    case("v1_key_size", V1, "v1", 4, **SIZES, keySize=6),
    case("v1_key_size_and_rotary_values", V1, "v1", 5, **SIZES, keySize=6, rotaryValue=True, epsilon=1e-7),
    case("v2", V2, "v2", 6, **SIZES),
    case("v2_narrow_embedding", V2, "v2", 7, **SIZES, embeddingSize=6, epsilon=1e-7),
    case("gau_softmax_plus", GAU, "gau", 8, **UNITS, normalization="softmax_plus"),
    case("gau_softmax_plus_at_least_16", GAU, "gau", 9, **UNITS, normalization="softmax_plus", minimumKeys=16),
    case("gau_softmax", GAU, "gau", 10, **UNITS, normalization="softmax"),
    case("gau_squared_relu", GAU, "gau", 11, **UNITS, normalization="squared_relu"),
    case("gau_squared_relu_512", GAU, "gau", 12, **UNITS, normalization="squared_relu", normalizationLength=512),
    case("gau_with_biases", GAU, "gau", 13, **UNITS, normalization="softmax_plus", hasBias=True),
]
layers = [
    layer_case("key_size_rotary", 21, hiddenSize=8, heads=2, keySize=6),
    layer_case("key_size_without_positions", 22, hiddenSize=8, heads=2, keySize=6, rotary=False),
    layer_case("key_size_softmax_plus", 23, hiddenSize=8, heads=2, keySize=6, normalization="softmax_plus"),
    layer_case("key_size_softmax_plus_at_least_16", 24, hiddenSize=8, heads=2, keySize=6, normalization="softmax_plus", minimumKeys=16),
    layer_case("one_head_of_odd_width_without_positions", 25, hiddenSize=7, heads=1, rotary=False),
]
inputs = {
    "input_ids": {"shape": [3, 7], "dtype": "int64", "data": sum(IDS, [])},
    "token_type_ids": {"shape": [3, 7], "dtype": "int64", "data": sum(SEGMENTS, [])},
    "attention_mask": {"shape": [3, 7], "dtype": "int64", "data": [int(t < length) for length in LENGTHS for t in range(7)]},
}
output = {"producer": "OWN: encoders.py beside this file", "inputs": inputs, "cases": cases, "attention_layers": layers}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(output, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
