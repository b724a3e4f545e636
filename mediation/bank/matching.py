"""Whose money a line is, and what becomes of it. Django-free; nobody is guessed: where a name fits several, or the numbers disagree,
a person chooses."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arrears.moves import State
from mediation.bank.lines import Transfer


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


MATCHED, CHOOSE, TWIN, KNOWN, BEFORE, LATER, UNKNOWN, BAD, TOTAL = "matched", "choose", "twin", "known", "before", "later", "unknown", "bad", "total"
FATES = {
    state.name: state
    for state in (
        State(MATCHED, _("可以登记"), "good"),
        State(CHOOSE, _("请选择是谁"), "warn"),
        State(TWIN, _("可能已经登记"), "warn"),
        State(KNOWN, _("已经登记过"), "muted"),
        State(BEFORE, _("协议生效以前"), "muted"),
        State(LATER, _("日期还没有到"), "bad"),
        State(UNKNOWN, _("不在协议里"), "bad"),
        State(BAD, _("看不懂"), "bad"),
        State(TOTAL, _("合计行"), "muted"),
    )
}
ASKED = (CHOOSE, TWIN)  # recorded only where a person says whose it is
SAME_NAME, ID_DIFFERS, MASKED, TWICE = (
    _("协议里有几名劳动者同名，请对照证件选择。"), _("姓名相符，身份证后四位不符，请核对是不是本人。"), _("银行隐去了姓名的一部分，请核对是不是本人。"),
    _("同一天已经手工登记过同样的数额，请核对是不是同一笔；是另一笔的再选。"),
)  # fmt: skip
DOTS = re.compile("[•・．‧∙⋅･。.]")
UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff]")


@dataclass(frozen=True)
class Payee:
    """A worker of the agreement, as a bank may know them. `accounts`: the last four of those the agreement names."""

    key: str
    name: str
    id_tail: str = ""
    accounts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Fated:
    transfer: Transfer
    fate: str
    able: tuple[Payee, ...] = ()  # who it may be; of a matched line the one
    why: str = ""

    @property
    def state(self) -> State:
        return FATES[self.fate]

    @property
    def is_asked(self) -> bool:
        return self.fate in ASKED


def plain_name(name: str) -> str:
    """张　三 is 张三, 阿不都・热合曼 is 阿不都·热合曼, Ｌｉ Ming is li ming."""
    narrow = UNSEEN.sub("", unicodedata.normalize("NFKC", name))
    dotted = re.sub(r"\s*·\s*", "·", DOTS.sub("·", narrow))
    return re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", " ".join(dotted.split())).casefold()


def tells(shown: str, name: str) -> bool:
    """Is 张*国, **国 or 张** this name?"""
    return re.fullmatch("".join("." if one == "*" else re.escape(one) for one in shown), name) is not None


def found_for(transfer: Transfer, payees: Sequence[Payee]) -> tuple[list[Payee], str]:
    """Who it may be, and why that is not certain."""
    shown = plain_name(transfer.name).replace("＊", "*")
    if "*" in shown:
        return [payee for payee in payees if tells(shown, plain_name(payee.name))], MASKED
    named = [payee for payee in payees if plain_name(payee.name) == shown]
    if transfer.id_tail:
        fitting = [payee for payee in named if payee.id_tail in ("", transfer.id_tail)]
        if named and not fitting:
            return named, ID_DIFFERS
        sure = [payee for payee in fitting if payee.id_tail]
        named = sure if len(sure) == 1 else fitting
    if len(named) > 1 and transfer.account:
        holders = [payee for payee in named if transfer.account in payee.accounts]
        named = holders if len(holders) == 1 else named
    return named, SAME_NAME if len(named) > 1 else ""


def fate_of(transfer: Transfer, payees: Sequence[Payee], known: Collection[str], by_hand: Collection[tuple[str, date, Decimal]], since: date, today: date) -> Fated:
    if transfer.is_total:
        return Fated(transfer, TOTAL)
    if transfer.fault or transfer.amount is None or transfer.day is None:
        return Fated(transfer, BAD, why=transfer.fault)
    if transfer.key in known:
        return Fated(transfer, KNOWN)
    if transfer.day < since:
        return Fated(transfer, BEFORE, why=_("到账在协议生效以前，已经扣除；漏登记的，在案件里登记。"))
    if transfer.day > today:
        return Fated(transfer, LATER, why=_("到账日期晚于今天，请核对。"))
    able, why = found_for(transfer, payees)
    if not able:
        return Fated(transfer, UNKNOWN, why=_("协议里没有叫这个名字的劳动者；付给全体的，请逐笔登记。"))
    if why:
        return Fated(transfer, CHOOSE, tuple(able), why)
    twin = (able[0].key, transfer.day, transfer.amount) in by_hand
    return Fated(transfer, TWIN if twin else MATCHED, tuple(able), TWICE if twin else "")


def accounts_in(text: str, names: Sequence[str]) -> dict[str, frozenset[str]]:
    """The last four of the accounts that stand behind each name in what was agreed, up to the next name. A name that several bear
    has none: nobody could say whose it is."""
    places = sorted((found.start(), found.end(), name) for name in set(names) if names.count(name) == 1 for found in re.finditer(re.escape(name), text))
    ends = [start for start, _end, _name in places[1:]] + [len(text)] * bool(places)
    read: dict[str, set[str]] = {}
    for (_start, begins, name), until in zip(places, ends, strict=True):
        read.setdefault(name, set()).update(tails(text[begins:until]))
    return {name: frozenset(found) for name, found in read.items()}


def tails(text: str) -> Iterator[str]:
    for found in re.finditer(r"\d[\d ]{2,}\d", unicodedata.normalize("NFKC", text), re.ASCII):
        yield found[0].replace(" ", "")[-4:]


def sums_by_fate(lines: Sequence[Fated]) -> dict[str, Decimal]:
    """Together they are what the lines come to, to the cent; a total of the file itself is no line."""
    sums: dict[str, Decimal] = {}
    for line in lines:
        if line.fate != TOTAL and line.transfer.amount is not None:
            sums[line.fate] = sums.get(line.fate, Decimal(0)) + line.transfer.amount
    return sums
