#!/usr/bin/env python3
"""Writes the files torch_*.bin with torch.save, and torch_files.json with the values in the first of them.

Needs PyTorch (1.6 or later; made with 1.13) and numpy, and roformer_v1_tiny.safetensors beside it.
"""
import collections
import json
import pathlib
import struct

import numpy
import torch

HERE = pathlib.Path(__file__).parent
torch.manual_seed(0)


def save(name, value, **settings):
    torch.save(value, HERE / name, **settings)


# Every element type, scalars, empty tensors, views of one storage, transposed and sliced tensors, a parameter, an expanded buffer.
shared = torch.arange(24, dtype=torch.float32).reshape(4, 6) / 8
weight = torch.nn.Parameter(torch.randn(3, 2))
tensors = collections.OrderedDict(
    f32=torch.randn(3, 4), f16=torch.randn(5).half(), bf16=torch.randn(2, 3).bfloat16(), f64=torch.randn(2).double(),
    i64=torch.tensor([-1, 2**40]), i32=torch.tensor([-7, 7], dtype=torch.int32), i16=torch.tensor([-300, 300], dtype=torch.int16),
    i8=torch.tensor([-128, 127], dtype=torch.int8), u8=torch.tensor([0, 255], dtype=torch.uint8), flag=torch.tensor([True, False]),
    scalar=torch.tensor(2.5), empty=torch.zeros(0, 3), whole=shared, tied=shared, row=shared[1], columns=shared[:, 2:4], transposed=shared.t(),
    stepped=shared[::2, ::3], parameter=weight, positions=torch.arange(6).expand((1, -1)), half_transposed=torch.randn(3, 5).half().t(),
)
tensors["名前"] = torch.ones(1)
save("torch_tensors.bin", tensors)


def name_of(dtype):
    return {"float32": "F32", "float16": "F16", "bfloat16": "BF16", "float64": "F64", "int64": "I64", "int32": "I32", "int16": "I16", "int8": "I8", "uint8": "U8",
            "bool": "BOOL"}[str(dtype).split(".")[1]]


expected = {name: {"dtype": name_of(value.dtype), "shape": list(value.shape), "data": value.detach().double().flatten().tolist()} for name, value in tensors.items()}
(HERE / "torch_files.json").write_text(json.dumps(expected, ensure_ascii=False) + "\n", encoding="utf-8")

# What a training script saves: counters, an optimiser with tensors of its own, and names as DataParallel gives them.
model = torch.nn.Linear(2, 2)
optimizer = torch.optim.AdamW(model.parameters())
model(torch.ones(1, 2)).sum().backward()
optimizer.step()
save("torch_training.bin", {
    "epoch": 3, "loss": 0.25, "name": "test", "done": True, "nothing": None, "history": [1, 2.5, -3, 300, 2**40, (1, 2, 3, 4), ()],
    "model": torch.nn.DataParallel(model).state_dict(), "optimizer": optimizer.state_dict(),
})

# A published layout: Hugging Face names, the tied output map a second time, and the table of positions.
content = (HERE / "roformer_v1_tiny.safetensors").read_bytes()
(length,) = struct.unpack("<Q", content[:8])
header = json.loads(content[8:8 + length])
weights = collections.OrderedDict()
for name, entry in header.items():
    if name != "__metadata__":
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        weights[name] = torch.from_numpy(numpy.frombuffer(content[start:end], dtype="<f4").reshape(entry["shape"]).copy())
weights["cls.predictions.decoder.weight"] = weights["roformer.embeddings.word_embeddings.weight"]
weights["cls.predictions.decoder.bias"] = weights["cls.predictions.bias"]
angles = torch.arange(64)[:, None] / 10000 ** (torch.arange(0, 8, 2) / 8)
weights["roformer.encoder.embed_positions.weight"] = torch.cat([angles.sin(), angles.cos()], dim=1)
save("torch_roformer_v1_tiny.bin", weights)


# Files that are refused: the format before version 1.6, a whole module, and a program.
class Program:
    def __reduce__(self):
        return print, ("this pickle was executed",)


save("torch_old.bin", {"a": torch.ones(1)}, _use_new_zipfile_serialization=False)
save("torch_module.bin", model)
save("torch_program.bin", {"a": torch.ones(1), "b": Program()})
