#!/usr/bin/env python3
"""Writes pairs.train.jsonl and pairs.valid.jsonl: questions to a shop and to a library in pairs, with how similar they are.

1 = the same question about the same thing, 0.6 = the same question about another thing, 0.3 = another question about the same thing, 0 = neither. Every phrase was written for this
project. MIT licence. Run it again to get the same two files: python3 samples/data/pairs.py
"""
import json
import pathlib
import random

QUESTIONS = {
    "price": ["how much is {}", "what does {} cost", "can you tell me the price of {}", "{}多少钱", "想问一下{}的价格"],
    "place": ["where can I find {}", "in which aisle is {}", "I am looking for {}", "{}在哪里", "请问哪里能找到{}"],
    "return": ["I want to bring back {}", "can I return {}", "{} is not what I wanted, please take it back", "我要退{}", "{}可以退吗"],
    "order": ["please order {} for me", "{} is sold out, when will you get more", "could you reserve {}", "帮我订{}", "{}什么时候有货"],
}
THINGS = ["the blue lamp", "this notebook", "the travel guide", "the red bicycle", "the tea set", "台灯", "词典", "雨伞", "地图", "自行车"]


def ask(rng, question, thing):
    return rng.choice(QUESTIONS[question]).format(thing)


def row(rng):
    question, thing = rng.choice(list(QUESTIONS)), rng.choice(THINGS)
    same_question, same_thing = rng.random() < 0.5, rng.random() < 0.5
    other_question = question if same_question else rng.choice([q for q in QUESTIONS if q != question])
    other_thing = thing if same_thing else rng.choice([t for t in THINGS if t != thing])
    score = {(True, True): 1.0, (True, False): 0.6, (False, True): 0.3, (False, False): 0.0}[same_question, same_thing]
    return {"text1": ask(rng, question, thing), "text2": ask(rng, other_question, other_thing), "score": score}


def main():
    rng, seen, rows = random.Random(11), set(), []
    while len(rows) < 720:
        made = row(rng)
        if made["text1"] != made["text2"] and (made["text1"], made["text2"]) not in seen:
            seen.add((made["text1"], made["text2"]))
            rows.append(made)
    folder = pathlib.Path(__file__).parent
    for name, part in (("pairs.train.jsonl", rows[:600]), ("pairs.valid.jsonl", rows[600:])):
        (folder / name).write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in part), encoding="utf-8")


if __name__ == "__main__":
    main()
