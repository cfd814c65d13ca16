#!/usr/bin/env python3
"""Writes jieba.json: tokens of bert4keras on jieba's words, which is how word-based RoFormer vocabularies were pretrained.

    jieba.py BERT4KERAS DATA

BERT4KERAS is a checkout of github.com/bojone/bert4keras, whose tokenizers.py is executed as it is (of its snippets.py only the three functions that it uses, because the rest
imports Keras). jieba is the package python3-jieba of Debian, 0.42.1. DATA is the folder with vocab/roformer-chinese-base-vocab.txt and Chinese texts; of these only a digest is kept.

Tokens and their characters (`rematch`) come from that code. Written here: the texts, the vocabulary, the small dictionary, and what MLPipelines adds to offsets: they count
UTF-16 units, and a combining mark that is removed belongs to the character before it. `word_maxlen` is 100, as in Hugging Face transformers.
"""
import ast
import hashlib
import json
import pathlib
import re
import struct
import sys
import tempfile
import types
import unicodedata

sys.path[:] = [path for path in sys.path if pathlib.Path(path or ".").resolve() != pathlib.Path(__file__).resolve().parent]  # this file has the library's name
import jieba  # noqa: E402

jieba.setLogLevel(60)
bert4keras, data = map(pathlib.Path, sys.argv[1:3])

snippets = types.ModuleType("bert4keras.snippets")
snippets.__dict__.update(unicodedata=unicodedata, is_py2=False, basestring=str, open=open, convert_to_unicode=None, truncate_sequences=None)
for node in ast.parse((bert4keras / "bert4keras/snippets.py").read_text()).body:
    if isinstance(node, ast.FunctionDef) and node.name in ("is_string", "lowercase_and_normalize"):
        exec(compile(ast.Module([node], []), "snippets.py", "exec"), snippets.__dict__)
sys.modules.update({"bert4keras": types.ModuleType("bert4keras"), "bert4keras.snippets": snippets})
tokenizers = types.ModuleType("tokenizers")
exec(compile((bert4keras / "bert4keras/tokenizers.py").read_text(), "tokenizers.py", "exec"), tokenizers.__dict__)

TEXTS = [
    "", " ", "\t\r\n ", "今天天气非常好。", "我在北京大学学习自然语言处理。", "南京市长江大桥", "研究生命的起源", "他来到了网易杭研大厦", "乒乓球拍卖完了", "结婚的和尚未结婚的",
    "小明硕士毕业于中国科学院计算所，后在日本京都大学深造", "永和服装饰品有限公司", "工信处女干事每月经过下属科室都要亲口交代24口交换机等技术性器件的安装工作",
    "用iPhone15Pro拍的照片，2023年12月31日。", "C++和C#都学过，T恤一件", "江南Style的mv", "4S店的价格是3.14万元", "AT&T公司 AA制", "a-b_c%d&e#f+g.h", "GPT-4o vs. BERT_base", "50%的人",
    "Café au lait，très bon", "Ｆｕｌｌ　ｗｉｄｔｈ　文字", "naïve na\u0308i\u0308ve Ångström", "Straße和ISTANBUL", "Москва是首都", "한국어와 中文", "ラーメン屋と日本", "שלום 你好",
    "𠮷野家的牛肉饭", "王\U0002b4e7组织民兵", "你好😀世界👍🏽！", "\U0001f468\u200d\U0001f469一家人", "北\u200b京", "北\u0000京", "北京\ufeff大学", "中\ufe00国\ufe01人", "\u0301天气", "天\u0301气e\u0301",
    "豈\uf900\U0002f804", "\ufa6c\ufacf和\uf9ff", "K\u212a \u2126", "2021-08-15T10:30:00+08:00", "https://example.com/北京?q=天气&n=1", "x" * 100, "北京" + "y" * 101 + "大学", "1" * 250,
    "①②③ ½ ℃", "“引号”——破折号……省略号", "（括号）【方头】《书名》、顿号", "a\u00a0b\u3000c\u2028d", "a\u00adb", "[MASK]和[CLS]", "##号 #1", "\r\n换行\n换行\t制表",
    "的的的的的的", "一二三四五六七八九十", "人人都说江南好游人只合江南老春水碧于天画船听雨眠垆边人似月皓腕凝霜雪未老莫还乡还乡须断肠", "東京與臺灣的繁體字", "㐀㐁䶵龥鿕鿖", "\u9fd5\u9fd6北京\u9fef大学",
    "天气" * 300, "他说：“C++、Java和Python3.11都很好用，但是GPT4更好。”", "发展中国家的人口", "长春市长春药店", "这个把手该换了，请把手拿开", "已经取得文凭的和尚未取得文凭的干部",
    "12 345", "3.14", "v2.0.1-beta", "don't", "Hello, World!", "hello世界world", "国务院总理", "中华人民共和国中央人民政府今天成立了", "ΑΒΓ αβγ", "ñandú Ñ",
]

SMALL = """北京 30
大学 25
北京大学 9
大学生 8
学生 20
生活 15
中国 40
国人 3
中国人 12
人民 18
天 7
气 5
天气 14
今天 16
今 2
天天 4
好 11
c++ 3
t恤 2
江南style 2
的 100
甲乙 6
乙丙 6
甲 6
丙 6
丁戊 0
丁 3 x
好 2 a
"""
SMALL_TEXTS = [
    "北京大学生活", "北京大学学生", "中国人民", "中国人", "今天天气好", "今天天天气", "甲乙丙", "甲乙丙甲乙丙", "丁戊", "t恤c++", "江南style", "江南s", "北京abc12大学", "a北b京c", "的的", "好好好",
    "未知词语", "未知北京词", "T恤 C++！", "北京\t大学", "abc", "a.b", "天" * 50, "𠮷北京", "",
]


def utf16(text):
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_mark(c):
    return unicodedata.normalize("NFD", c.lower()) != "" and all(unicodedata.category(part) == "Mn" for part in unicodedata.normalize("NFD", c.lower()))


def spans(text, tokenizer, tokens):
    starts, ends = [], []
    for characters in tokenizer.rematch(text, tokens):
        first, last = characters[0], characters[-1] + 1
        while last < len(text) and is_mark(text[last]):
            last += 1
        starts.append(utf16(text[:first]))
        ends.append(utf16(text[:last]))
    return starts, ends


def cases(texts, vocabulary, words):
    ids = {entry: i for i, entry in enumerate(vocabulary)}
    tokenizer = tokenizers.Tokenizer(ids, do_lower_case=True, word_maxlen=100, pre_tokenize=words)
    result = []
    for text in texts:
        tokens = tokenizer.tokenize(text)[1:-1]
        starts, ends = spans(text, tokenizer, tokens)
        result.append({"text": text, "ids": tokenizer.tokens_to_ids(tokens), "starts": starts, "ends": ends})
    return result


def vocabulary(texts, words):
    """Characters, two words of three, and pieces of the rest, so that every rule has something to do."""
    entries = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    for text in texts:
        for word in words(snippets.lowercase_and_normalize(text)):
            chinese = re.fullmatch("[\u4e00-\u9fff]+", word)
            if len(word) > 1 and sum(map(ord, word)) % 3 and word.isalnum() and len(word) < 20:
                entries.append(word)
            elif len(word) > 1 and word.isascii() and word.isalnum() and len(word) < 20:
                entries += [word[:2], "##" + word[2:4], "##" + word[4:]]
            entries += [c for c in word if ord(c) % 7 and (chinese or not unicodedata.category(c)[0] in "CZ")]
    return [entry for entry in dict.fromkeys(entries) if entry not in ("", "##")]


def digest(files, words):
    tokenizer = tokenizers.Tokenizer(str(data / "vocab/roformer-chinese-base-vocab.txt"), do_lower_case=True, word_maxlen=100, pre_tokenize=words)
    result = []
    for name in files:
        lines = (data / name).read_text(encoding="utf-8").split("\n")
        hashed, count = hashlib.sha256(), 0
        for line in lines:
            ids = tokenizer.tokens_to_ids(tokenizer.tokenize(line)[1:-1])
            hashed.update(struct.pack(f"<{len(ids) + 1}i", len(ids), *ids))
            count += len(ids)
        result.append({"file": name, "lines": len(lines), "tokens": count, "sha256": hashed.hexdigest()})
    return result


def full(text):
    return jieba.cut(text, HMM=False)


with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
    file.write(SMALL)
    file.flush()
    small_jieba = jieba.Tokenizer(dictionary=file.name)
    small_jieba.cache_file = None
    small_jieba.tmp_dir = tempfile.mkdtemp()

    def small(text):
        return small_jieba.cut(text, HMM=False)

    golden = {"producer": f"jieba.py: bert4keras tokenizers.py, jieba {jieba.__version__}, Python unicodedata {unicodedata.unidata_version}"}
    for name, texts, words in (("full", TEXTS, full), ("small", SMALL_TEXTS, small)):
        entries = vocabulary(texts, words)
        golden[name] = {"vocabulary": entries, "cases": cases(texts, entries, words)}
    golden["small"]["dictionary"] = SMALL.splitlines()
    golden["files"] = digest(["common_voice/zh.txt", "pawsx_zh/dev.tsv", "uner_zh/train.jsonl"], full)

lines = json.dumps(golden, ensure_ascii=True, separators=(", ", ": "))
lines = lines.replace('{"text": ', '\n{"text": ').replace('"vocabulary": ', '\n"vocabulary": ')
pathlib.Path(__file__).with_name("jieba.json").write_text(lines + "\n", encoding="utf-8")
