"""What speaks for two complaints being of the same worker about the same wage, and how much. Django-free.

The weights are the house's own experience, not law. Whoever has another ID number is another person, whatever else is
alike; without a name or a number in common nothing is said, since workmates share employer, site, days and sometimes a phone.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from arrears.duplicates.sounds import is_near, plain, sound_of


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


ENOUGH = 50
SAME_ID, SAME_PHONE, SAME_NAME, ALIKE_NAME = "same_id", "same_phone", "same_name", "alike_name"
SAME_EMPLOYER, ALIKE_EMPLOYER, SAME_SITE, SAME_DAYS = "same_employer", "alike_employer", "same_site", "same_days"

WEIGHTS = {
    SAME_ID: 100, SAME_PHONE: 40, SAME_NAME: 30, ALIKE_NAME: 15, SAME_EMPLOYER: 25, ALIKE_EMPLOYER: 18, SAME_SITE: 20,
    SAME_DAYS: 15,
}  # fmt: skip
LABELS = {
    SAME_ID: _("身份证号相同"),
    SAME_PHONE: _("电话相同"),
    SAME_NAME: _("姓名相同"),
    ALIKE_NAME: _("姓名音近或者相近"),
    SAME_EMPLOYER: _("被申请方相同"),
    ALIKE_EMPLOYER: _("被申请方名称相近"),
    SAME_SITE: _("工地相同"),
    SAME_DAYS: _("欠薪期间重叠"),
}
NAMES_THE_WORKER = frozenset({SAME_ID, SAME_NAME, ALIKE_NAME})
ALIKE_FROM = 0.6  # share of neighbouring pairs of characters two firms' names have in common

Days = tuple[date | None, date | None]


@dataclass(frozen=True)
class Worker:
    name: str
    phones: frozenset[str] = frozenset()  # digits
    id_index: str = ""
    days: tuple[Days, ...] = ()


@dataclass(frozen=True)
class Firm:
    name: str  # as it is called: the legal name, else the alias
    employer: object = None
    code: str = ""


@dataclass(frozen=True)
class Matter:
    """Whom the wage is asked from, and where."""

    firms: tuple[Firm, ...] = ()
    site: object = None
    site_name: str = ""


def score(reasons: Iterable[str]) -> int:
    return sum(WEIGHTS[reason] for reason in reasons)


def is_likely(reasons: Collection[str]) -> bool:
    return not NAMES_THE_WORKER.isdisjoint(reasons) and score(reasons) >= ENOUGH


def of_workers(one: Worker, other: Worker) -> list[str]:
    if one.id_index and other.id_index and one.id_index != other.id_index:
        return []
    said = [SAME_ID] if one.id_index and one.id_index == other.id_index else []
    if one.phones & other.phones:
        said.append(SAME_PHONE)
    if plain(one.name) and plain(one.name) == plain(other.name):
        said.append(SAME_NAME)
    elif one.name and other.name and (sound_of(one.name) == sound_of(other.name) or is_near(one.name, other.name)):
        said.append(ALIKE_NAME)
    return said


def of_days(one: Worker, other: Worker) -> list[str]:
    """Only what both say: days nobody wrote down are not the same days."""
    return [SAME_DAYS] if any(meet(mine, theirs) for mine in one.days for theirs in other.days) else []


def meet(one: Days, other: Days) -> bool:
    if not any(one) or not any(other):
        return False
    first, last = zip(*((start or end, end or start) for start, end in (one, other)), strict=True)
    return max(first) <= min(last)


def of_matters(one: Matter, other: Matter) -> list[str]:
    said = []
    if any(is_same_firm(mine, theirs) for mine in one.firms for theirs in other.firms):
        said.append(SAME_EMPLOYER)
    elif any(is_alike(mine.name, theirs.name) for mine in one.firms for theirs in other.firms):
        said.append(ALIKE_EMPLOYER)
    if (one.site and one.site == other.site) or (one.site_name and plain(one.site_name) == plain(other.site_name)):
        said.append(SAME_SITE)
    return said


def is_same_firm(one: Firm, other: Firm) -> bool:
    if one.code and other.code:
        return one.code == other.code
    return bool(one.employer and one.employer == other.employer) or bool(one.name and plain(one.name) == plain(other.name))


def is_alike(one: str, other: str) -> bool:
    """恒达劳务 in 沭阳恒达劳务有限公司, and names that share most of their pairs of characters."""
    one, other = sorted((plain(one), plain(other)), key=len)
    if len(one) >= 4 and one in other:
        return True
    pairs = [{name[place : place + 2] for place in range(len(name) - 1)} for name in (one, other)]
    return all(len(some) >= 3 for some in pairs) and 2 * len(pairs[0] & pairs[1]) / (len(pairs[0]) + len(pairs[1])) >= ALIKE_FROM


def between(mine: Sequence[Worker], matter: Matter, theirs: Worker, their_matter: Matter) -> list[str]:
    """The strongest that can be said of any of my workers and this one of another claim; [] if it is not enough."""
    about = of_matters(matter, their_matter)
    best: list[str] = []
    for worker in mine:
        person = of_workers(worker, theirs)
        reasons = [*person, *about, *of_days(worker, theirs)] if person else []
        if is_likely(reasons) and score(reasons) > score(best):
            best = reasons
    return best
