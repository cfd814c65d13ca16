#!/usr/bin/env python3
"""The same encoder in plain PyTorch, for comparison with `MLPipelines.Benchmarks encoder`: RoFormer v1, random weights, eager mode.

Prints one JSON object per measurement: tokens per second of a forward pass and of a training step (forward, backward, AdamW).

usage: peer_encoder.py [--device cpu|cuda:0] [--precision float32|tf32|bfloat16] [--size small|base] [--batch 32] [--length 64]
                       [--threads N] [--seconds 5] [--only forward|training] [--onnx FILE]

--onnx writes the encoder as a graph for peer_onnx.js instead of measuring.
"""
import argparse
import json
import os
import time

import torch
from torch import nn

SIZES = {"small": (6, 384, 6), "base": (12, 768, 12)}  # layers, hidden, heads
VOCABULARY = 21128


class Block(nn.Module):
    def __init__(self, hidden, heads):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.output = (nn.Linear(hidden, hidden) for _ in range(4))
        self.attention_norm, self.output_norm = nn.LayerNorm(hidden, eps=1e-12), nn.LayerNorm(hidden, eps=1e-12)
        self.up, self.down = nn.Linear(hidden, 4 * hidden), nn.Linear(4 * hidden, hidden)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x, sin, cos, bias):
        batch, length, hidden = map(int, x.shape)  # numbers, also in an exported graph
        split = lambda t: t.view(batch, length, self.heads, hidden // self.heads).transpose(1, 2)  # [B, N, T, D]
        query, key, value = rotate(split(self.query(x)), sin, cos), rotate(split(self.key(x)), sin, cos), split(self.value(x))
        scores = query @ key.transpose(-1, -2) * (hidden // self.heads) ** -0.5 + bias
        context = self.dropout(scores.softmax(-1)) @ value
        x = self.attention_norm(x + self.dropout(self.output(context.transpose(1, 2).reshape(batch, length, hidden))))
        return self.output_norm(x + self.dropout(self.down(nn.functional.gelu(self.up(x)))))


def rotate(x, sin, cos):
    turned = torch.stack((-x[..., 1::2], x[..., ::2]), -1).reshape(tuple(map(int, x.shape)))
    return x * cos + turned * sin


class Encoder(nn.Module):
    def __init__(self, layers, hidden, heads):
        super().__init__()
        self.embedding, self.norm, self.dropout = nn.Embedding(VOCABULARY, hidden), nn.LayerNorm(hidden, eps=1e-12), nn.Dropout(0.1)
        self.blocks = nn.ModuleList(Block(hidden, heads) for _ in range(layers))
        self.width = hidden // heads

    def forward(self, ids, mask):
        angles = torch.arange(int(ids.shape[1]), device=ids.device)[:, None] * 10000 ** (-2 * torch.arange(self.width // 2, device=ids.device) / self.width)
        x = self.dropout(self.norm(self.embedding(ids)))
        sin, cos = (f(angles).repeat_interleave(2, -1).to(x.dtype) for f in (torch.sin, torch.cos))
        bias = torch.zeros_like(mask, dtype=x.dtype).masked_fill(~mask, -1e4)[:, None, None]
        for block in self.blocks:
            x = block(x, sin, cos, bias)
        return x


def tokens_per_second(step, tokens, seconds, device):
    def settle():
        if device.type == "cuda":
            torch.cuda.synchronize(device)

    for _ in range(3):
        step()
    settle()
    start, processor, steps = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - start < seconds:
        step()
        steps += 1
        if steps % 10 == 0:
            settle()
    settle()
    return tokens * steps / (time.perf_counter() - start), tokens * steps / (time.process_time() - processor)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", default="cpu", type=torch.device)
    parser.add_argument("--precision", default="float32", choices=["float32", "tf32", "bfloat16"])
    parser.add_argument("--size", default="small", choices=SIZES)
    parser.add_argument("--batch", default=32, type=int)
    parser.add_argument("--length", default=64, type=int)
    parser.add_argument("--threads", default=os.cpu_count(), type=int)
    parser.add_argument("--seconds", default=5.0, type=float)
    parser.add_argument("--onnx")
    parser.add_argument("--only", choices=["forward", "training"])
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    torch.backends.cuda.matmul.allow_tf32 = options.precision == "tf32"
    dtype = torch.bfloat16 if options.precision == "bfloat16" else torch.float32
    model = Encoder(*SIZES[options.size]).to(options.device, dtype)
    ids = torch.randint(0, VOCABULARY, (options.batch, options.length), device=options.device)
    mask = torch.ones(options.batch, options.length, dtype=torch.bool, device=options.device)
    tokens = options.batch * options.length

    if options.onnx:
        torch.onnx.export(model.eval(), (ids, mask), options.onnx, opset_version=14, input_names=["ids", "mask"], output_names=["hidden"])
        return

    measured = {}
    model.eval()
    if options.only != "training":
        with torch.inference_mode():
            measured["forward"] = tokens_per_second(lambda: model(ids, mask), tokens, options.seconds, options.device)

    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), 1e-4)

    def train():
        optimizer.zero_grad()
        model(ids, mask).float().square().mean().backward()
        optimizer.step()

    if options.only != "forward":
        measured["training"] = tokens_per_second(train, tokens, options.seconds, options.device)
    print(json.dumps({
        "program": "pytorch " + torch.__version__, "size": options.size, "device": str(options.device), "precision": options.precision,
        "batch": options.batch, "length": options.length, "threads": options.threads,
        **{f"{name}_tokens_per_second": round(rates[0]) for name, rates in measured.items()},
        **{f"{name}_tokens_per_processor_second": round(rates[1]) for name, rates in measured.items()},
    }))


if __name__ == "__main__":
    main()
