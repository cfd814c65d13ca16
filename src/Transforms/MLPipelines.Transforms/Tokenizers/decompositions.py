#!/usr/bin/env python3
"""Writes decompositions.txt: the canonical decomposition (NFD) of every character that has one, Hangul syllables left out.

Only Python's own unicodedata is used. Each line is a code point and its decomposition, in hexadecimal.
"""
import pathlib
import unicodedata

lines = [f"# Unicode {unicodedata.unidata_version}, canonical decompositions; written by decompositions.py"]
for point in range(0x110000):
    if 0xD800 <= point < 0xE000 or 0xAC00 <= point <= 0xD7A3:
        continue
    decomposed = unicodedata.normalize("NFD", chr(point))
    if decomposed != chr(point):
        lines.append(" ".join(f"{ord(character):04X}" for character in (chr(point) + decomposed)))
pathlib.Path(__file__).with_suffix(".txt").write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")
