"""Reads the filled papers of a packet back and says what in them does not agree: with the record, with each other, with the law.

Django-free. A paper is its text (arrears.papers.blocks.text_of: line by line, cells parted by tabs) with the facts it was filled
from. Templates of the office are read the same way: nothing here knows where in a text something stands, only what it says.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from arrears.money import to_chinese_capitals
from arrears.numerals import read_numerals
from arrears.papers.citations import CIVIL, LENGTH, MOVED, OLD_VERSIONS, cited
from arrears.papers.forms import FORMS
from arrears.papers.wording import day, yuan
from arrears.phrases import Phrase
from grid.days import day_of


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


CODE = re.compile(r"(?<![0-9A-Z*])(?:[1-9]\d{16}[\dX]|[0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{10})(?![0-9A-Z])")
AMOUNT = re.compile(r"(?<![\d,.×])(\d[\d,]*(?:\.\d{1,2})?)元")
CAPITALS = re.compile(r"大写：(?:人民币)?([零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整]+)")
BOTH = re.compile(r"(\d[\d,]*(?:\.\d{1,2})?)元?[（(，]\s*大写：(?:人民币)?([零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整]+)")
DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日(?!起施行)")
PERIOD = re.compile(r"(\d{4}年\d{1,2}月\d{1,2}日)至(\d{4}年\d{1,2}月\d{1,2}日)")
PLAIN = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
TO = re.compile(r"此致\n+([^\n\t]+)")
# Before what a party's name must stand: 姓名：钱建国, or in the cell beside it.
WORKER_LABELS = ("姓名", "原告", "委托人", "投诉人", "收执人")
OTHER_LABELS = ("名称", "被告", "被申请人", "被投诉人", "当事人")
LABELS = "|".join((*WORKER_LABELS, *OTHER_LABELS))
NAMED = re.compile(
    rf"(?:^|\t|　)(?P<label>{LABELS})(?:[一二三四五六七八九十]|\d+)?(?:：|(?<!姓名)(?<!名称)\t(?!姓名：|名称：))(?P<name>[^\t，,（(　\n]+)", re.MULTILINE
)
# What each of these must say somewhere: the sum that is asked for; article fifteen.
SAY_THE_SUM = ("F-09", "F-14", "F-15", "F-16", "F-18", "F-23", "L-02")
SUPPORT = ("F-16", "F-18")
TO_THE_COURT = ("F-13", "F-14", "F-15", "F-18", "F-23", "F-25", "L-02")


@dataclass(frozen=True)
class Read:
    """A filled paper, read back."""

    form: str
    text: str
    facts: Mapping[str, Any]

    @property
    def name(self) -> str:
        return FORMS[self.form].name

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def leaves(self) -> list[Any]:
        return list(leaves_of(self.facts))

    @cached_property
    def told(self) -> str:
        """Every word of the facts, what officers and workers typed among them."""
        return "\n".join(str(leaf) for leaf in self.leaves if isinstance(leaf, str))

    @cached_property
    def codes(self) -> set[str]:
        return set(CODE.findall(self.told))

    @cached_property
    def amounts(self) -> set[Decimal]:
        known = {leaf for leaf in self.leaves if isinstance(leaf, Decimal)}
        return known | {decimal_of(said) for said in AMOUNT.findall(self.told)}

    @cached_property
    def days(self) -> set[date]:
        known = {leaf if type(leaf) is date else day_of(leaf) for leaf in self.leaves if isinstance(leaf, date)}
        return known | {found for found in map(date_of, DAY.findall(self.told)) if found}

    @cached_property
    def periods(self) -> set[tuple[str, str]]:
        rows = [*self.facts["工资"]["按人"], *self.facts["工资"]["明细"], self.facts["案件"], self.facts["申请人"]]
        known = {(day(row["期间起"]), day(row["期间止"])) for row in rows if row.get("期间起") and row.get("期间止")}
        return known | set(PERIOD.findall(self.told))

    @cached_property
    def parties(self) -> dict[str, str]:
        """Everybody's number or code by name; of two workers of one name none, for nobody can tell which is meant."""
        people = [(row["姓名"], row["身份证号"]) for row in self.facts["全部申请人"]]
        firms = [(row["名称"], row["证件号"]) for row in (*self.facts["全部被申请人"], *self.facts["其他单位"], self.facts["被申请人"]) if row["名称"]]
        found: dict[str, str] = {}
        for name, code in people + firms:
            found[name] = "" if name in found and found[name] != code else code
        return found

    @cached_property
    def tables(self) -> list[list[list[str]]]:
        found = groupby(self.lines, key=lambda line: "\t" in line)
        return [[line.split("\t") for line in lines] for is_table, lines in found if is_table]


def leaves_of(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from leaves_of(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from leaves_of(inner)
    else:
        yield value


def decimal_of(said: str) -> Decimal:
    return Decimal(said.replace(",", ""))


def date_of(parts: Sequence[str]) -> date | None:
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def lint(papers: Iterable[Read]) -> list[Phrase]:
    """Every fault, paper by paper, then what the papers say against each other. Nothing found: they may go out together."""
    papers = list(papers)
    found = [fault for paper in papers for check in CHECKS for fault in check(paper)]
    return [*found, *between(papers)]


def said(paper: Read, words: str, **values: Any) -> Phrase:
    return Phrase(words, {"paper": Phrase(paper.name), **values})


def parties_of(paper: Read) -> Iterator[Phrase]:
    """Who stands behind a label is a party of the claim, and a number stands beside its own name."""
    known = list(dict.fromkeys([*paper.parties, paper.facts["申请人"]["称谓"]]))
    for found in NAMED.finditer(paper.text):
        name = found["name"].strip("。；;、 ")
        if name in ("不详", "") or name in paper.told or any(name.startswith(one) for one in known if one):
            continue
        yield said(
            paper, _("%(paper)s：“%(label)s”写的是“%(name)s”，本案没有这个当事人；应当是：%(known)s。"),
            label=found["label"], name=name, known=known[:6],
        )  # fmt: skip
    yield from numbers_of(paper)


def numbers_of(paper: Read) -> Iterator[Phrase]:
    for at, line in enumerate(paper.lines):
        for found in CODE.finditer(line):
            code = found[0]
            owner = owner_of(paper, at, found.start())
            right = paper.parties.get(owner, "") if owner else ""
            if code not in paper.codes:
                yield said(
                    paper, _("%(paper)s：号码 %(code)s 不是本案任何当事人的；%(owner)s的是 %(right)s。") if right else
                    _("%(paper)s：号码 %(code)s 不是本案任何当事人的，请对照证件核对。"), code=code, owner=owner, right=right,
                )  # fmt: skip
            elif right and code != right and code in paper.parties.values():
                yield said(paper, _("%(paper)s：%(owner)s的号码写成了 %(code)s，应当是 %(right)s。"), code=code, owner=owner, right=right)


def owner_of(paper: Read, at: int, before: int) -> str:
    """Whose number it is: the party named last before it, in its line or the line above."""
    for text in (paper.lines[at][:before], paper.lines[at - 1] if at else ""):
        named = [(text.rfind(name), len(name), name) for name in paper.parties if name in text]
        if named:
            return max(named)[2]
    return ""


def amounts_of(paper: Read) -> Iterator[Phrase]:
    """A sum is one of the record's; its capitals say the same; a column adds up to what stands under it."""
    for digits, capitals in BOTH.findall(paper.text):
        if read_numerals(capitals) != decimal_of(digits):
            right = to_chinese_capitals(decimal_of(digits).quantize(Decimal("0.01")))
            yield said(paper, _("%(paper)s：%(digits)s元的大写写成了“%(capitals)s”，应当是“%(right)s”。"), digits=digits, capitals=capitals, right=right)
    wanted = paper.facts["金额"]["请求"]  # None: of one among several, to whom something was paid together
    is_known = wanted is not None
    wanted = wanted if is_known else paper.facts["金额"]["主张"]
    for digits in dict.fromkeys(AMOUNT.findall(paper.text)):
        if decimal_of(digits) not in paper.amounts:
            yield said(paper, _("%(paper)s：写的金额 %(digits)s元在本案里没有；请求的金额是 %(right)s。"), digits=digits, right=yuan(wanted))
    for capitals in dict.fromkeys(CAPITALS.findall(paper.text)):
        if read_numerals(capitals) not in paper.amounts:
            yield said(
                paper, _("%(paper)s：大写金额“%(capitals)s”在本案里没有；请求的金额是“%(right)s”。"), capitals=capitals, right=to_chinese_capitals(wanted)
            )
    yield from columns_of(paper)
    if paper.form in SAY_THE_SUM and is_known and yuan(wanted) not in paper.text:
        yield said(paper, _("%(paper)s：没有写请求的金额 %(right)s。"), right=yuan(wanted))


def columns_of(paper: Read) -> Iterator[Phrase]:
    for table in paper.tables:
        head, total = table[0], next((row for row in table if row[0].strip() == "合计"), None)
        if total is None:
            continue
        for place, title in enumerate(head):
            if "元" not in title or "×" in title or place >= len(total):
                continue
            rows = [row for row in table[1 : table.index(total)] if len(row) == len(head) and is_amount(row[place])]
            if not rows or not is_amount(total[place]):
                continue
            found = sum((amount_in(row[place]) for row in rows), Decimal(0))
            if found != amount_in(total[place]):
                yield said(
                    paper, _("%(paper)s：“%(title)s”一栏各行相加是 %(found)s，合计写的是 %(total)s。"), title=title.replace("\n", ""),
                    found=yuan(found), total=yuan(amount_in(total[place])),
                )  # fmt: skip


def is_amount(cell: str) -> bool:
    return bool(PLAIN.fullmatch(cell.strip().rstrip("元")))


def amount_in(cell: str) -> Decimal:
    return decimal_of(cell.strip().rstrip("元"))


def days_of(paper: Read) -> Iterator[Phrase]:
    """A day is one of the record's, a period one of its periods and the right way round, and nothing past lies ahead."""
    for first, last in dict.fromkeys(PERIOD.findall(paper.text)):
        one, other = (date_of(DAY.match(words).groups()) for words in (first, last))
        if one and other and one > other:
            yield said(paper, _("%(paper)s：期间“%(first)s至%(last)s”的开始晚于结束。"), first=first, last=last)
        elif (first, last) not in paper.periods:
            known = [f"{start}至{end}" for start, end in sorted(paper.periods)][:4]
            yield said(paper, _("%(paper)s：期间“%(first)s至%(last)s”在本案里没有；登记的期间是：%(known)s。"), first=first, last=last, known=known)
    for parts in dict.fromkeys(DAY.findall(paper.text)):
        found, words = date_of(parts), "{}年{}月{}日".format(*parts)
        if found is None:
            yield said(paper, _("%(paper)s：没有“%(day)s”这一天。"), day=words)
        elif found not in paper.days:
            yield said(paper, _("%(paper)s：写的日期“%(day)s”在本案里没有，请核对。"), day=words)
    yield from ahead(paper)


# Days that are told as past, by their field.
PAST = (
    ("案件", "期间止", _("欠薪期间的结束")), ("案件", "收到日期", _("收到日期")), ("劳动关系", "最后工作日", _("最后工作日")), ("协议", "生效日期", _("协议生效日期")),
)  # fmt: skip


def ahead(paper: Read) -> Iterator[Phrase]:
    today = paper.facts["今天"]
    for root, name, label in PAST:
        found = paper.facts.get(root, {}).get(name)
        if isinstance(found, date) and found > today and day(found) in paper.text:
            yield said(
                paper, _("%(paper)s：%(label)s“%(day)s”晚于制作日期“%(today)s”，还没有到。"), label=Phrase(label), day=day(found), today=day(today)
            )


def articles_of(paper: Read) -> Iterator[Phrase]:
    """Articles by the version in force."""
    flat = paper.text.replace("\n", "")
    found = list(dict.fromkeys(cited(flat)))
    for one in found:
        if one.law == CIVIL:
            for moved in MOVED:
                if moved.wrong == one.number and moved.topic in flat:
                    yield said(
                        paper, _("%(paper)s：%(topic)s引用《民事诉讼法》%(said)s，按2023年修正的条文应当是%(right)s。"), topic=moved.topic,
                        said=one.said, right=moved.right,
                    )  # fmt: skip
        if one.number > LENGTH.get(one.law, one.number):
            yield said(paper, _("%(paper)s：《%(law)s》只有 %(length)s 条，没有%(said)s。"), law=one.law, length=LENGTH[one.law], said=one.said)
    for old in OLD_VERSIONS:
        if f"民事诉讼法》（{old}）" in flat:
            yield said(paper, _("%(paper)s：引用的《民事诉讼法》是%(old)s的版本，现行的是2023年修正的版本。"), old=old)
    if paper.form in SUPPORT and not any(one.law == CIVIL and one.number == 15 for one in found):
        yield said(paper, _("%(paper)s：没有引用《民事诉讼法》第十五条，支持起诉的依据是这一条。"))


def bodies_of(paper: Read) -> Iterator[Phrase]:
    """To whom it goes."""
    to, right = TO.search(paper.text), paper.facts["受理机关"]
    if to and right and to[1].strip() not in (right, "不详"):
        yield said(paper, _("%(paper)s：写的是提交给“%(to)s”，应当是“%(right)s”。"), to=to[1].strip(), right=right)


CHECKS = (parties_of, amounts_of, days_of, bodies_of, articles_of)


def between(papers: Sequence[Read]) -> Iterator[Phrase]:
    """What is right in each paper by itself and still does not go together: another court, another sum, another day's record."""
    yield from differing(
        [(paper, to[1].strip()) for paper in papers if paper.form in TO_THE_COURT and (to := TO.search(paper.text)) and not is_one_workers(paper)],
        _("%(paper)s提交给“%(one)s”，%(other)s提交给“%(two)s”：同一套材料应当提交给同一个法院。"),
    )
    yield from differing(
        [(paper, yuan(paper.facts["金额"]["请求"])) for paper in papers if paper.form in SAY_THE_SUM and paper.facts["金额"]["请求"] is not None and not is_one_workers(paper)],
        _("%(paper)s请求“%(one)s”，%(other)s请求“%(two)s”：各份文书应当按同一天的登记重新制作。"),
    )
    yield from differing(
        [(paper, "、".join(row["名称"] for row in paper.facts["全部被申请人"])) for paper in papers],
        _("%(paper)s的对方当事人是“%(one)s”，%(other)s的是“%(two)s”：各份文书应当按同一天的登记重新制作。"),
    )


def is_one_workers(paper: Read) -> bool:
    return FORMS[paper.form].per == "worker"


def differing(pairs: Sequence[tuple[Read, str]], words: str) -> Iterator[Phrase]:
    for paper, value in pairs[1:]:
        first, wanted = pairs[0]
        if value != wanted:
            yield Phrase(words, {"paper": Phrase(first.name), "one": wanted, "other": Phrase(paper.name), "two": value})
