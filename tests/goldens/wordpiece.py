#!/usr/bin/env python3
"""Writes wordpiece.json: BERT's tokenization of awkward texts, with UTF-16 offsets into the original text.

An own reference on Python's unicodedata, written from the published rules (google-research/bert, tokenization.py): slow, character by
character, independent of the C# code. Offsets follow the rules of WordPieceTextTokenizer: a removed combining mark belongs to the
character before it.
"""
import json
import pathlib
import unicodedata

PIECES = """[PAD] [UNK] [CLS] [SEP] [MASK] the quick brown fox un ##aff ##able ##ffa ##a ##b a b c caf ##e cafe e strasse stra ##ß ##e
hello world ##world i ##̇ istanbul ##stanbul ß ﬁ ##sh don ' t . , ! ? - ( ) [ ] = mask 中 国 北 京 豈 𠀀 𪜀 ：。 。 ： , ， 한 한 ##한 1 ##2 ##3 12 ##0 😀 ##😀
👍 ω σ ς οδος ##ς k ; ` $ + < ^ ~ | ñ n ##n ##o 日 本 ##ーメン ラ ##ー ##メン ˈ x ##x xx the ##s Hello ##éllo Café É ＡＢＣ ａｂｃ ① ᄒ ##ᅡ ##ᆫ""".split()
vocabulary = list(dict.fromkeys(PIECES))
ids = {piece: i for i, piece in enumerate(vocabulary)}

TEXTS = [
    "", " ", "\t\n\r ", "the quick brown fox", "The QUICK, brown fox!", "unaffable", "Don't (stop)...", "[MASK] [CLS]", "中国北京。Hello世界", "北京1203",
    "café", "cafe\u0301", "Café\u0301x", "CAFÉ", "E\u0301cole É", "Straße STRASSE ẞ", "İstanbul istanbul", "ﬁsh", "ΟΔΟΣ οδος ὈΔΌΣ", "\u212a \u2126 \u1fef \u037e",
    "a\u0000b a\ufffdb a\u200bb a\u200db", "\u0301a", "\u0301", "中\ufe00国", "≠ =\u0338", "豈 \uf900 \U0002f804", "𠀀𪜀a𠀀", "𝒳 𝐀bc", "😀 hello😀 😀😀", "👍🏽 👨\u200d👩\u200d👧",
    "한 한국 \u1112\u1161\u11ab", "x" * 100, "x" * 101, "a " + "x" * 150 + " b", "\u00a0a\u3000b\u2028c\u2029a\u0085b", "a\u00adb", "\ue000a \ue000", "1+2=3 $5 <x> ^~|`",
    "ラーメン 日本ラーメン", "ＡＢＣ ①", "Ñandú ñ n\u0303", "שלום عربى", "ä\u0308\u0308x", "it's: 'the' “fox”—the", "don\u2019t",
]


def utf16(text):
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_space(c):
    return c in " \t\n\r" or unicodedata.category(c) in ("Zs", "Zl", "Zp")


def is_chinese(c):
    p = ord(c)
    return 0x4E00 <= p <= 0x9FFF or 0x3400 <= p <= 0x4DBF or 0xF900 <= p <= 0xFAFF or 0x20000 <= p <= 0x2FA1F or 0x30000 <= p <= 0x3347F


def is_punctuation(c):
    p = ord(c)
    return 33 <= p <= 47 or 58 <= p <= 64 or 91 <= p <= 96 or 123 <= p <= 126 or unicodedata.category(c).startswith("P")


def words(text, lower):
    """Lists of (normalised character, start, end)."""
    result, word, at = [], [], 0

    def finish():
        nonlocal word
        if word:
            result.append(word)
        word = []

    for c in text:
        start, at = at, at + utf16(c)
        if is_space(c):
            finish()
            continue
        if c in "\x00\ufffd" or unicodedata.category(c).startswith("C"):
            continue
        parts = [c]
        if lower:
            parts = [l for d in unicodedata.normalize("NFD", c) if unicodedata.category(d) != "Mn" for l in d.lower()]
        if not parts:
            target = word or (result[-1] if result else [])
            for i in range(len(target)):
                if target[i][2] == start:
                    target[i] = (target[i][0], target[i][1], at)
            continue
        if is_chinese(c) or (len(parts) == 1 and is_punctuation(parts[0])):
            finish()
            result.append([(p, start, at) for p in parts])
            word = []
        else:
            word += [(p, start, at) for p in parts]
    finish()
    return result


def tokenize(text, lower):
    out = []
    for word in words(text, lower):
        s = "".join(c for c, _, _ in word)
        pieces, begin = [], 0
        while begin < len(s) and len(s) <= 100:
            end = next((e for e in range(len(s), begin, -1) if ("##" if begin else "") + s[begin:e] in ids), None)
            if end is None:
                pieces = []
                break
            pieces.append((ids[("##" if begin else "") + s[begin:end]], word[begin][1], word[end - 1][2]))
            begin = end
        out += pieces or [(ids["[UNK]"], word[0][1], word[-1][2])]
    return {"ids": [t[0] for t in out], "starts": [t[1] for t in out], "ends": [t[2] for t in out]}


cases = [{"text": text, "uncased": tokenize(text, True), "cased": tokenize(text, False)} for text in TEXTS]
document = {"producer": "wordpiece.py beside this file, own reference, Python unicodedata " + unicodedata.unidata_version, "vocabulary": vocabulary, "cases": cases}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document, ensure_ascii=True, indent=0) + "\n", encoding="ascii")
