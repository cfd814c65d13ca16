#!/usr/bin/env python3
"""Writes moods.train.jsonl and moods.valid.jsonl: short messages with the moods in them, each with a probability, as several annotators would give it.

Every phrase was written for this project. MIT licence. Run it again to get the same two files: python3 samples/data/moods.py
"""
import json
import pathlib
import random

PHRASES = {
    "joy": ["what a wonderful day", "this made me smile", "I am so happy for you", "best news of the year", "太好了", "今天真开心", "we laughed until we cried"],
    "sorrow": ["I miss her so much", "it is all over now", "nothing is the same without him", "the house feels empty", "我很难过", "真舍不得走", "I cried on the way home"],
    "anger": ["this is an outrage", "stop wasting my time", "I have had enough of it", "how dare they", "太过分了", "气死我了", "they lied to us again"],
    "surprise": ["I did not expect that", "well look at this", "you must be joking", "out of nowhere", "没想到", "居然是这样", "who would have thought"],
}
# A phrase that some read one way and some the other.
MIXED = [("I cannot believe it", {"surprise": 0.8, "joy": 0.3, "anger": 0.3}), ("those were the days", {"joy": 0.5, "sorrow": 0.6}), ("so that is how it is", {"surprise": 0.4, "anger": 0.4}), ("说不出话来", {"surprise": 0.6, "sorrow": 0.4})]
NEUTRAL = ["the meeting is at ten", "please send me the file", "the shop opens at nine", "会议在三楼", "the bus stops here", "请把门关上"]
NAMES = ["Mia", "Leo", "Ada", "Tom", "小林", "阿强", "Zoe", "Max"]


def row(rng):
    parts, labels = [], {}
    for _ in range(rng.choice([1, 1, 1, 2])):
        kind = rng.random()
        if kind < 0.62:
            mood = rng.choice(list(PHRASES))
            parts.append(rng.choice(PHRASES[mood]))
            labels[mood] = max(labels.get(mood, 0), rng.choice([0.8, 0.9, 1.0]))
        elif kind < 0.82:
            phrase, moods = rng.choice(MIXED)
            parts.append(phrase)
            for mood, probability in moods.items():
                labels[mood] = max(labels.get(mood, 0), probability)
        else:
            parts.append(rng.choice(NEUTRAL))
    text = f"{rng.choice(NAMES)}: " + ", ".join(parts)
    return {"text": text, "labels": dict(sorted(labels.items()))}


def main():
    rng, seen, rows = random.Random(7), set(), []
    while len(rows) < 480:
        made = row(rng)
        if made["text"] not in seen:
            seen.add(made["text"])
            rows.append(made)
    folder = pathlib.Path(__file__).parent
    for name, part in (("moods.train.jsonl", rows[:400]), ("moods.valid.jsonl", rows[400:])):
        (folder / name).write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in part), encoding="utf-8")


if __name__ == "__main__":
    main()
