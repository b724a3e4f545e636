"""Whether there is somebody in the posts a ladder calls: what is to be filled, and what a ladder that is about to be
published must be told about vacant posts."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from arrears.ladders.rungs import Rung, role_at, seat_phrase
from arrears.ladders.store import book_now
from arrears.phrases import Phrase
from grid.roles import CITY, COUNTY, LEADS, ROLES, TOWNSHIP
from grid.vacancies import Named, without

SHOWN = 5  # names of places in one sentence


def _(text: str) -> str:
    """Marks a text for the catalogues."""
    return text


def named_in(rungs: Iterable[Rung]) -> set[Named]:
    """The roles at a level the rungs name: mediator@county."""
    found = (role_at(seat) for rung in rungs for seat in rung.tells)
    return {(post[0].name, post[1]) for post in found if post}


def named_today(day: date) -> set[Named]:
    """Those some ladder names that is valid on the day, whatever the claims there are."""
    book = book_now()
    lines = {version.line for version in book.versions}
    valid = (book.valid(line, day) for line in lines)
    return {post for version in valid if version for post in named_in(version.rungs)}


class Staff:
    """Who is missing where; each post is asked for once."""

    def __init__(self, day: date) -> None:
        self.day = day
        self._without: dict[Named, tuple[list[str], int]] = {}

    def missing(self, role: str, level: str) -> list[str]:
        if (role, level) not in self._without:
            self._without[role, level] = without(role, level, self.day)
        return self._without[role, level][0]

    def is_nowhere(self, level: str) -> bool:
        """Does nobody at all lead a region of the level?"""
        missing = self.missing(LEADS[level], level)
        return len(missing) == self._without[LEADS[level], level][1]


def useless(rungs: Sequence[Rung], day: date) -> Iterator[Phrase]:
    """What a rung would do to nobody, because the posts it needs are vacant everywhere."""
    staff = Staff(day)
    for number, rung in enumerate(rungs, 1):
        said = {"number": number, "label": Phrase(rung.label)}
        if rung.tells and all(map(is_of_city, rung.tells)) and staff.is_nowhere(CITY) and not any_held(rung, staff):
            yield Phrase(_("第%(number)s级“%(label)s”只通知市级，而市级督办员岗位空缺，没有人会收到。请先补充人员，或者另选通知对象。"), said)
        if rung.climbs and staff.is_nowhere(COUNTY) and staff.is_nowhere(CITY):
            yield Phrase(_("第%(number)s级“%(label)s”要提级，而县级、市级岗位均空缺，没有人可以接办。请先补充人员。"), said)
        if rung.order_days and staff.is_nowhere(TOWNSHIP) and staff.is_nowhere(COUNTY):
            yield Phrase(_("第%(number)s级“%(label)s”要下达督办单，而乡镇级、县级岗位均空缺，没有人可以签收。请先补充人员。"), said)


def is_of_city(seat: str) -> bool:
    post = role_at(seat)
    return seat == CITY or (post is not None and post[1] == CITY)


def any_held(rung: Rung, staff: Staff) -> bool:
    return any(not staff.missing(role, level) for role, level in named_in([rung]))


def warnings(rungs: Sequence[Rung], day: date) -> Iterator[Phrase]:
    """Where a rung will not reach whom it names, and who is told instead."""
    staff = Staff(day)
    for number, rung in enumerate(rungs, 1):
        said = {"number": number, "label": Phrase(rung.label)}
        named = named_in([rung])
        for role, level in sorted(named):
            if places := staff.missing(role, level):
                post = seat_phrase(f"{role}@{level}") if LEADS[level] != role else Phrase(ROLES[role].label)
                yield Phrase(
                    _("第%(number)s级“%(label)s”：%(places)s的%(post)s岗位空缺，届时改为通知该级或上一级负责人。"),
                    {**said, "places": listed(places), "post": post},
                )
        needed = set()
        if CITY in rung.tells:
            needed.add(CITY)
        if rung.climbs or "above" in rung.tells:
            needed |= {COUNTY, CITY}
        if rung.order_days:
            needed |= {TOWNSHIP, COUNTY}
        for level in (TOWNSHIP, COUNTY, CITY):
            if level in needed and (LEADS[level], level) not in named and (places := staff.missing(LEADS[level], level)):
                yield Phrase(
                    _("第%(number)s级“%(label)s”：%(places)s的%(post)s岗位空缺，通知、提级和督办单届时越过这一级。"),
                    {**said, "places": listed(places), "post": Phrase(ROLES[LEADS[level]].label)},
                )


def listed(places: Sequence[str]) -> object:
    if len(places) <= SHOWN:
        return list(places)
    return Phrase(_("%(places)s等 %(count)s 处"), {"places": list(places[:SHOWN]), "count": len(places)})
