"""What the minutes of a hearing consist of, and how each kind of hearing begins them. Django-free; read by a mediator.

A template only offers words to begin with: nothing is in the minutes that nobody has saved. To add a section: one row here; minutes
written before keep what they had.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # marks of direction
LONGEST = 8000  # characters of one section


@dataclass(frozen=True)
class Section:
    name: str
    label: str
    hint: str
    is_needed: bool = False  # minutes without it cannot be closed


SECTIONS = (
    Section("opening", _("开场"), _("核对身份、宣读权利义务、是否申请回避。")),
    Section("worker", _("申请人陈述"), _("欠薪的时间、工程、工种、金额，要求什么。")),
    Section("respondent", _("被申请方陈述"), _("承认什么，不承认什么，理由。")),
    Section("undisputed", _("双方无争议的事实"), _("在调解中为达成协议作出的让步不写在这里。")),
    Section("disputed", _("双方有争议的事实"), _("争的是什么，各自怎么说。")),
    Section("evidence", _("出示的证据和对方意见"), _("一份证据一行。")),
    Section("proposals", _("调解方案和双方意见"), _("谁提出、金额、日期、对方是否接受。")),
    Section("result", _("调解结果"), _("达成协议、没有达成、休会另定时间，或者一方没有到场。"), is_needed=True),
)
BY_NAME = {section.name: section for section in SECTIONS}

USUAL, GROUP, ON_SITE = "usual", "group", "on_site"
# What a kind of hearing begins with; Chinese like the minutes themselves, whatever language the page is in.
BEGINNINGS: Mapping[str, Mapping[str, str]] = {
    USUAL: {
        "opening": "调解员核对到场人员身份，宣读双方的权利义务，询问是否申请回避：申请人不申请，被申请方不申请。",
        "worker": "申请人称：",
        "respondent": "被申请方称：",
    },
    GROUP: {
        "opening": "调解员核对代表人的身份和推举文件，宣读双方的权利义务，询问是否申请回避：申请人代表不申请，被申请方不申请。没有推选代表的劳动者可以另行主张。",
        "worker": "申请人代表称（人数、总额、各人清单另附）：",
        "respondent": "被申请方称：",
    },
    ON_SITE: {
        "opening": "在工地现场调解。调解员表明身份，核对到场人员身份，宣读双方的权利义务，双方同意当场调解、不另定时间，询问是否申请回避：申请人不申请，被申请方不申请。",
        "worker": "申请人称：",
        "respondent": "项目部负责人称：",
    },
}
# A beginning nobody went on from says nothing: it does not stand in the record as somebody's statement.
UNSAID = frozenset(words for rows in BEGINNINGS.values() for words in rows.values() if words.endswith("："))
assert all(rows.keys() <= BY_NAME.keys() for rows in BEGINNINGS.values()), "a template begins a section that is not there"


def kind_of(is_on_site: bool, workers: int) -> str:
    """劳动争议调解仲裁法 第七条: ten workers and more are a collective dispute."""
    return ON_SITE if is_on_site else GROUP if workers >= 10 else USUAL


def clean(notes: Mapping[str, object]) -> dict[str, str]:
    """Sections of the table that say something; line ends as the database keeps them."""
    said = {name: plain(str(notes.get(name) or "")).rstrip() for name in BY_NAME}
    return {name: text for name, text in said.items() if text.strip()}


def plain(text: str) -> str:
    """Without the characters no keyboard makes, and without those that turn the order of what is shown round: what is read on the page is
    what was signed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in text if one in "\n\t" or (unicodedata.category(one) not in ("Cc", "Cs") and one not in TURNING))


def too_long(notes: Mapping[str, str]) -> list[str]:
    """Labels of sections that are longer than they may be."""
    return [BY_NAME[name].label for name, text in notes.items() if len(text) > LONGEST]


def missing(notes: Mapping[str, str]) -> list[str]:
    return [section.label for section in SECTIONS if section.is_needed and not notes.get(section.name)]


def differ(mine: Mapping[str, str], theirs: Mapping[str, str]) -> list[str]:
    """Names of the sections in which two texts are not the same, in the order of the table."""
    return [section.name for section in SECTIONS if mine.get(section.name, "") != theirs.get(section.name, "")]
