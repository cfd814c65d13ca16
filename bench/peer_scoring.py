#!/usr/bin/env python3
"""Span extraction in plain PyTorch, for comparison with `MLPipelines.Benchmarks scoring`: RoFormer v1 (4 layers of width 256) and GlobalPointer, random weights.

Batches of 32 in the order of the file, padded to the longest, as a plain loop does it. The lengths are those that `scoring … --lengths FILE` wrote; the ids are random, so tokenizing
is not measured. Prints one JSON object.

usage: peer_scoring.py --lengths FILE [--labels 3] [--threads N] [--seconds 5]
"""
import argparse
import json
import os

import torch
from torch import nn

from peer_encoder import Encoder, VOCABULARY, rotate, tokens_per_second

HIDDEN, WIDTH, BATCH = 256, 64, 32


class SpanModel(nn.Module):
    def __init__(self, labels):
        super().__init__()
        self.encoder, self.head, self.labels = Encoder(4, HIDDEN, 4), nn.Linear(HIDDEN, labels * 2 * WIDTH), labels

    def forward(self, ids, mask):
        batch, length = ids.shape
        vectors = self.head(self.encoder(ids, mask)).view(batch, length, self.labels, 2 * WIDTH).transpose(1, 2)
        angles = torch.arange(length)[:, None] * 10000 ** (-2 * torch.arange(WIDTH // 2) / WIDTH)
        sin, cos = (f(angles).repeat_interleave(2, -1) for f in (torch.sin, torch.cos))
        starts, ends = (rotate(part, sin, cos) for part in vectors.split(WIDTH, -1))
        cells = mask[:, None, None, :] & mask[:, None, :, None] & torch.ones(length, length, dtype=torch.bool).triu()
        return (starts @ ends.transpose(-1, -2) / WIDTH ** 0.5).masked_fill(~cells, -1e12)


def batches(lengths):
    for at in range(0, len(lengths), BATCH):
        part = lengths[at:at + BATCH]
        yield torch.randint(0, VOCABULARY, (len(part), max(part))), torch.arange(max(part))[None] < torch.tensor(part)[:, None]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lengths", required=True)
    parser.add_argument("--labels", default=3, type=int)
    parser.add_argument("--threads", default=os.cpu_count(), type=int)
    parser.add_argument("--seconds", default=5.0, type=float)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    with open(options.lengths, encoding="utf-8") as file:
        lengths = json.load(file)
    model, data = SpanModel(options.labels).eval(), list(batches(lengths))

    def score():
        for ids, mask in data:
            (model(ids, mask) > 1e6).nonzero().tolist()

    with torch.inference_mode():
        rate, processor_rate = tokens_per_second(score, len(lengths), options.seconds, torch.device("cpu"))
    print(json.dumps({
        "program": "pytorch " + torch.__version__, "rows": len(lengths), "threads": options.threads, "mean_tokens": round(sum(lengths) / len(lengths), 1),
        "transform_rows_per_second": round(rate), "transform_rows_per_processor_second": round(processor_rate),
    }))


if __name__ == "__main__":
    main()
