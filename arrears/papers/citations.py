"""Which articles papers may cite: numbers that moved when a law was amended, and how many articles a law has. Django-free.

The judicial interpretation of 2022 still quotes the Civil Procedure Law by its numbers of 2021; public templates copy them. What
is listed here was found by matching the texts of both versions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
PLACES = {"十": 10, "百": 100, "千": 1000}
LAW = re.compile(r"《((?:[^《》]|〈[^〉]*〉)+)》(?:（[^（）]*(?:（[^（）]*）[^（）]*)*）)?((?:第[零一二三四五六七八九十百千]+条(?:之[一二三])?(?:第[一二三四五六七八九十]+[款项])*[、至和及]?)+)")
ARTICLE = re.compile(r"第([零一二三四五六七八九十百千]+)条")
SHORT = {
    "中华人民共和国民事诉讼法": "民事诉讼法", "最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释": "民事诉讼法司法解释",
    "最高人民法院关于人民法院办理财产保全案件若干问题的规定": "关于人民法院办理财产保全案件若干问题的规定",
}  # fmt: skip


@dataclass(frozen=True)
class Moved:
    """A number of the Civil Procedure Law that stands for something else since 2024-01-01, where the paper is about `topic`."""

    wrong: int
    right: str
    topic: str


MOVED = (
    Moved(16, "第十五条", "支持起诉"),
    Moved(201, "第二百零五条", "司法确认"), Moved(202, "第二百零六条", "司法确认"),
    Moved(221, "第二百二十五条", "支付令"), Moved(222, "第二百二十六条", "支付令"), Moved(223, "第二百二十七条", "支付令"),
    Moved(224, "第二百二十八条", "支付令"),
    Moved(244, "第二百四十八条", "执行"), Moved(246, "第二百五十条", "执行"),
)  # fmt: skip
CIVIL = "民事诉讼法"
# How many articles a law has: a higher number is a slip of the pen.
LENGTH = {
    CIVIL: 306, "保障农民工工资支付条例": 64, "劳动争议调解仲裁法": 54, "劳动合同法": 98, "劳动保障监察条例": 36, "法律援助法": 71,
    "行政处罚法": 86, "行政强制法": 71, "行政复议法": 90, "行政诉讼法": 103, "人民调解法": 35, "民法典": 1260,
    "关于审理劳动争议案件适用法律问题的解释（一）": 54,
}  # fmt: skip
OLD_VERSIONS = ("2021年修正", "2017年修正", "2012年修正")  # of the Civil Procedure Law


@dataclass(frozen=True)
class Cited:
    law: str
    said: str  # as the paper writes it: 第十五条
    number: int


def cited(text: str) -> Iterator[Cited]:
    for law, articles in LAW.findall(text):
        name = SHORT.get(law, law)
        yield from (Cited(name, f"第{said}条", number_of(said)) for said in ARTICLE.findall(articles))


def number_of(said: str) -> int:
    """二百零五 → 205, 十五 → 15."""
    number = digit = 0
    for sign in said:
        if sign in PLACES:
            number += (digit or 1) * PLACES[sign]
            digit = 0
        else:
            digit = DIGITS[sign]
    return number + digit
