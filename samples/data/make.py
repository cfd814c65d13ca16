#!/usr/bin/env python3
"""Writes train.jsonl and valid.jsonl: short Chinese and English sentences with persons, places, organizations and times.

Every template, name and place name list below was written for this project; people and firms are invented. MIT licence.
Run it again to get the same two files: python3 samples/data/make.py
"""
import json
import pathlib
import random
import re

ZH = {
    "person": (list("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"), ["晓梅", "建国", "思远", "雨桐", "浩然", "文静", "子涵", "志强", "丽华", "明轩", "欣怡", "立", "婷", "磊", "小川", "海燕"]),
    "place": ["北京", "上海", "广州", "成都", "杭州", "西安", "武汉", "南京", "昆明", "青岛", "大理", "厦门", "苏州", "哈尔滨", "拉萨", "桂林", "重庆", "长沙"],
    "kind": ["博物馆", "图书馆", "第一医院", "理工大学", "乐团", "动物园", "机场", "美术馆"],
    "firm": ["云杉科技", "蓝鲸物流", "晨星食品", "远山出版社", "青禾农业", "白鹭航空", "石榴银行", "朝露传媒", "雪松电子", "海棠药业", "飞鱼旅行社", "长风汽车"],
    "time": ["明天上午", "下周三", "三月五日", "今晚八点", "周末", "去年冬天", "上午十点半", "二〇二四年", "月底", "后天下午", "星期五", "中秋节", "十二月二十日", "昨天"],
    "templates": [
        "{person}{time}要去{place}出差。", "{time}，{person}在{org}做了一场报告。", "请帮我订{time}从{place}到{place}的火车票。", "{org}宣布在{place}开设新的办事处。",
        "{person}和{person}约好{time}见面。", "我想知道{place}{time}的天气。", "{org}的总经理{person}表示，公司发展顺利。", "{person}毕业以后加入了{org}。",
        "提醒我{time}给{person}打电话。", "{place}的樱花{time}就开了。", "{org}与{org}签署了合作协议。", "{person}从小在{place}长大。",
        "据{org}介绍，展览将持续到{time}。", "听说{person}把家搬到了{place}。", "{time}的会议改在{place}举行。", "记者{person}发自{place}的报道。",
        "{person}，请{time}到{org}面试。", "{org}正在招聘工程师，工作地点在{place}。", "导游{person}带大家参观了{org}。", "去{org}怎么走？",
        "{time}{org}不开门。", "{person}写给{person}的信，{time}才寄到{place}。", "我们在{place}玩了三天，非常开心。", "快递由{org}负责，{time}送达。",
        "{person}当选为{org}的新主任。", "帮{person}查一下{time}飞{place}的航班。", "{org}的新产品{time}上市。", "住在{place}的{person}最喜欢爬山。",
        "从{place}开车到{place}要多久？", "{person}今年没有回{place}过年。", "这本书由{org}出版，作者是{person}。", "{time}在{org}有一场音乐会，指挥是{person}。",
        "医生{person}在{org}工作了二十年。", "老师说{time}考试。", "{place}、{place}和{place}都下雨了。", "感谢{org}和{person}的支持！", "会议室已经预订好了。", "今天吃什么？", "这个办法真不错，谢谢你。", "请把灯关上。",
    ],
}
EN = {
    "person": (["Anna", "Omar", "Lucy", "Peter", "Mei", "Carlos", "Ingrid", "Tom", "Fatima", "George", "Nora", "Kenji", "Paula", "Ivan", "Grace", "Samuel"],
               ["Weaver", "Hale", "Okafor", "Lindqvist", "Moreno", "Fisher", "Tanaka", "Novak", "Brandt", "Ellison", "Dupont", "Kaur", "Marsh", "Reyes", "Whitlock", "Stone"]),
    "place": ["Lisbon", "Oslo", "Nairobi", "Toronto", "Kyoto", "Geneva", "Melbourne", "Boston", "Dublin", "Prague", "Lima", "Cape Town", "New Delhi", "San Diego", "Vienna", "Helsinki", "Porto", "Hamburg"],
    "kind": ["City Museum", "Public Library", "General Hospital", "Institute of Technology", "Symphony Orchestra", "Zoo", "Airport", "Art Gallery"],
    "firm": ["Bluewhale Logistics", "Morning Star Foods", "Far Hill Press", "Heron Airlines", "Garnet Bank", "Cedar Electronics", "Tidewater Media", "Oakfield Motors", "Juniper Health", "Swift Fish Travel", "Larkspur Farms", "Redstone Software"],
    "time": ["tomorrow morning", "next Wednesday", "on March 5", "at eight tonight", "this weekend", "last winter", "at half past ten", "in 2024", "by the end of the month", "on Friday", "yesterday", "on December 20", "two weeks ago", "after lunch"],
    "templates": [
        "{person} is flying to {place} {time}.", "{org} opened a new office in {place} {time}.", "Book a train from {place} to {place} {time}, please.", "{person} gave a talk at {org} {time}.",
        "{person} and {person} will meet {time}.", "What will the weather be like in {place} {time}?", "\"Business is good,\" said {person}, the head of {org}.", "After university {person} joined {org}.",
        "Remind me to call {person} {time}.", "The cherry trees in {place} were in bloom {time}.", "{org} and {org} have signed an agreement.", "{person} grew up in {place}.",
        "According to {org}, the exhibition runs until next year.", "I heard that {person} moved to {place}.", "The meeting {time} has been moved to {place}.", "{person} reports from {place}.",
        "{person}, please come to {org} {time} for the interview.", "{org} is looking for engineers in {place}.", "Our guide {person} showed us around {org}.", "How do I get to {org}?",
        "{org} is closed {time}.", "The letter from {person} to {person} reached {place} {time}.", "We spent three lovely days in {place}.", "{org} will deliver the parcel {time}.",
        "{person} was elected chair of {org}.", "Find {person} a flight to {place} {time}.", "The new product from {org} goes on sale {time}.", "{person}, who lives in {place}, likes to climb mountains.",
        "How long is the drive from {place} to {place}?", "{person} did not go home to {place} this year.", "The book by {person} was published by {org}.", "There is a concert at {org} {time}; {person} conducts.",
        "Dr. {person} has worked at {org} for twenty years.", "The teacher said the exam is {time}.", "It rained in {place}, {place} and {place}.", "Many thanks to {org} and {person}!", "The room is already booked.", "What shall we eat today?", "That was a good idea, thank you.", "Please turn off the light.",
    ],
}


def fill(language, rng, separator):
    text, entities = "", []

    def add(piece, label):
        nonlocal text
        entities.append({"start": len(text), "end": len(text) + len(piece), "label": label})
        text += piece

    for part in re.split(r"(\{\w+\})", rng.choice(language["templates"])):
        slot = part[1:-1] if part.startswith("{") else None
        if slot is None:
            text += part
        elif slot == "person":
            first, second = (rng.choice(names) for names in language["person"])
            # English texts often use the first name alone.
            add(first if separator and rng.random() < 0.3 else first + separator + second, "person")
        elif slot == "org" and rng.random() < 0.5:
            # A place inside the name of an organization: nested entities.
            place = rng.choice(language["place"])
            name = place + separator + rng.choice(language["kind"])
            entities.append({"start": len(text), "end": len(text) + len(place), "label": "place"})
            add(name, "organization")
        elif slot == "org":
            add(rng.choice(language["firm"]), "organization")
        else:
            add(rng.choice(language[slot]), slot)
    # A template may begin with a time in lower case; a sentence does not.
    return {"text": text[:1].upper() + text[1:], "entities": sorted(entities, key=lambda e: (e["start"], -e["end"]))}


def main():
    rng, seen, rows = random.Random(20), set(), []
    while len(rows) < 720:
        row = fill(ZH, rng, "") if len(rows) % 2 == 0 else fill(EN, rng, " ")
        # Sentences without entities come from few templates: each is taken once.
        if row["text"] not in seen:
            seen.add(row["text"])
            rows.append(row)
    rng.shuffle(rows)
    folder = pathlib.Path(__file__).parent
    for name, part in (("train.jsonl", rows[:600]), ("valid.jsonl", rows[600:])):
        (folder / name).write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in part), encoding="utf-8")


if __name__ == "__main__":
    main()
