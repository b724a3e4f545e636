"""Why a deadline falls on its day: the count as steps that a person can follow. Django-free.

Limits in working days are told day by day, other limits too as long as they are short (DAY_BY_DAY); a long
run of days, months or years is one step, and then the roll day by day. So are paused days (中止): day by day, or a
long run of them as one step. `calendar` may be an arrears.timing.pauses.Paused.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from arrears.phrases import Phrase
from arrears.rules import BACK, CALENDAR, HOURS, MONTHS, NONE, WORKING, YEARS, Rule
from arrears.workdays import ONE_DAY, PAUSED, Calendar, DayFact, weekday_phrase

DAY_BY_DAY = 31


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


STEPS = {
    "start": _("%(day)s %(weekday)s：起算日，不计入（民法典第二百零一条）"),
    "event": _("%(day)s %(weekday)s：事件之日，不计入，由此倒数"),
    "given": _("%(day)s %(weekday)s：约定的日期"),
    "stated": _("%(day)s %(weekday)s：写明的日期"),
    "counted": _("%(day)s %(weekday)s：%(cause)s，第%(count)s个工作日"),
    "counted_back": _("%(day)s %(weekday)s：%(cause)s，倒数第%(count)s个工作日"),
    "skipped": _("%(day)s %(weekday)s：%(cause)s，不计入"),
    "paused": _("%(day)s %(weekday)s：%(cause)s，不计入"),
    "day": _("%(day)s %(weekday)s：第%(count)s日"),
    "run": _("%(first)s至%(day)s：逐日连续计算，共%(count)s日，节假日照算"),
    "months": _("自%(start)s起满%(count)s个月，到期月的对应日是%(day)s（民法典第二百零二条）"),
    "months_clamped": _("自%(start)s起满%(count)s个月，到期月没有对应日，以月末日%(day)s届满（民法典第二百零二条）"),
    "years": _("自%(start)s起满%(count)s年，到期月的对应日是%(day)s（民法典第二百零二条）"),
    "years_clamped": _("自%(start)s起满%(count)s年，到期月没有对应日，以月末日%(day)s届满（民法典第二百零二条）"),
    "months_one": _("自%(start)s起满一个月，到期月的对应日是%(day)s（民法典第二百零二条）"),
    "months_one_clamped": _("自%(start)s起满一个月，到期月没有对应日，以月末日%(day)s届满（民法典第二百零二条）"),
    "years_one": _("自%(start)s起满一年，到期月的对应日是%(day)s（民法典第二百零二条）"),
    "years_one_clamped": _("自%(start)s起满一年，到期月没有对应日，以月末日%(day)s届满（民法典第二百零二条）"),
    "paused_run": _("%(first)s至%(day)s：%(cause)s，共%(count)s日，不计入"),
    "made_up": _("中止共%(count)s日不计入，期限相应延至%(day)s"),
    "hours": _("自%(start)s起连续计算%(count)s小时，节假日照算，至%(day)s届满"),
    "rolled": _("%(day)s %(weekday)s：%(cause)s，顺延（民法典第二百零三条）"),
    "rolled_back": _("%(day)s %(weekday)s：%(cause)s，提前"),
    "due": _("%(day)s %(weekday)s：%(cause)s，期限届满"),
    "due_back": _("%(day)s %(weekday)s：%(cause)s，应在当日或者此前完成"),
    "due_fixed": _("%(day)s %(weekday)s：期限届满，遇节假日不顺延"),
    "strict": _("按间隔整%(count)s个工作日从严理解，应不迟于%(day)s %(weekday)s"),
    "provisional": _("%(year)s年的放假安排尚未载入，暂按法定节假日推算；日期为暂定，载入后重新计算"),
}


# A day that nobody agreed on: the superior wrote it into the order.
GIVEN_BY = {"ORDER-REPLY": "stated"}


@dataclass(frozen=True)
class Step:
    """`kind` is a key of STEPS; `count` numbers the counted days."""

    kind: str
    phrase: Phrase
    day: date | None = None
    count: int | None = None

    def text(self, translate: Callable[[str], str] | None = None) -> str:
        return self.phrase.text(translate) if translate else self.phrase.text()


class Course(NamedTuple):
    """The days of a count that arrears.deadlines.due has worked out."""

    start: date
    since: date  # from here paused days move the end: the start, or when a day was given
    unpaused_on: date  # the end if nothing had been paused
    natural_on: date  # with the paused days
    end: date  # after rolling; a datetime for hours


def explain(rule: Rule, course: Course, calendar: Calendar) -> tuple[Step, ...]:
    return tuple(_WAYS[rule.unit](rule, course, calendar))


def provisional_steps(years: list[int]) -> tuple[Step, ...]:
    return tuple(Step("provisional", Phrase(STEPS["provisional"], {"year": year})) for year in years)


def _at(kind: str, day: date, count: int | None = None, **values: object) -> Step:
    known = {"day": written(day), "weekday": weekday_phrase(day), "count": count, **values}
    return Step(kind, Phrase(STEPS[kind], known), day, count)


def written(moment: date) -> str:
    """2026-02-14, or 2026-02-14T16:00 for an instant."""
    return moment.strftime("%Y-%m-%dT%H:%M") if isinstance(moment, datetime) else moment.isoformat()


def _walk(first: date, last: date) -> Iterator[date]:
    """Every day from one to the other, forward or backward, both included."""
    step = ONE_DAY if first <= last else -ONE_DAY
    yield first
    while first != last:
        first += step
        yield first


def _is_paused(fact: DayFact) -> bool:
    return fact.cause in PAUSED


def _paused(facts: list[DayFact]) -> Iterator[Step]:
    """A run of days paused for one cause."""
    if len(facts) <= DAY_BY_DAY:
        yield from (_at("paused", fact.day, cause=fact.phrase()) for fact in facts)
    else:
        yield _at("paused_run", facts[-1].day, len(facts), first=written(facts[0].day), cause=facts[0].phrase())


def _working(rule: Rule, course: Course, calendar: Calendar) -> Iterator[Step]:
    start, end = course.start, course.end
    backward = end < start
    yield _at("event" if backward else "start", start)
    count = 0
    for (is_paused, _cause, _name), run in groupby(map(calendar.why, list(_walk(start, end))[1:]), key=_same_pause):
        if is_paused:
            yield from _paused(list(run))
            continue
        for fact in run:
            count += fact.is_working
            kind = ("counted_back" if backward else "counted") if fact.is_working else "skipped"
            yield _at(kind, fact.day, count if fact.is_working else None, cause=fact.phrase())
    yield _ending(rule, end, calendar)
    if backward:
        yield _at("strict", calendar.add(end, -1), count)


def _same_pause(fact: DayFact) -> tuple[bool, str, str]:
    """Days that are not paused belong together, whatever they are."""
    return (True, fact.cause, fact.name) if _is_paused(fact) else (False, "", "")


def _calendar(rule: Rule, course: Course, calendar: Calendar) -> Iterator[Step]:
    start, natural_on = course.start, course.natural_on
    count = abs((course.unpaused_on - start).days)
    if not count:
        yield _at(GIVEN_BY.get(rule.id, "given"), start)
        yield from _making_up(course, calendar)
    else:
        yield _at("event" if natural_on < start else "start", start)
        yield from _day_after_day(list(_walk(start, natural_on))[1:], count, calendar)
    yield from _rolling(rule, course, calendar)


def _day_after_day(days: list[date], count: int, calendar: Calendar) -> Iterator[Step]:
    """Days that count and days that are paused, in turns. A long limit's counting days are told as runs."""
    number = 0
    for (is_paused, _cause, _name), run in groupby(map(calendar.why, days), key=_same_pause):
        facts = list(run)
        if is_paused:
            yield from _paused(facts)
            continue
        if count > DAY_BY_DAY:
            yield _at("run", facts[-1].day, len(facts), first=written(facts[0].day))
        else:
            yield from (_at("day", fact.day, number + place) for place, fact in enumerate(facts, 1))
        number += len(facts)


def _period(rule: Rule, course: Course, calendar: Calendar) -> Iterator[Step]:
    yield _at("start", course.start)
    clamped = "_clamped" if course.unpaused_on.day != course.start.day else ""
    assert rule.length is not None
    one = "_one" if abs(rule.length) == 1 else ""  # a language may have another form for one
    yield _at(f"{rule.unit}{one}{clamped}", course.unpaused_on, abs(rule.length), start=written(course.start))
    yield from _making_up(course, calendar)
    yield from _rolling(rule, course, calendar)


def _making_up(course: Course, calendar: Calendar) -> Iterator[Step]:
    """The paused days of a limit whose length is no count of days, and where they push its end."""
    if course.natural_on == course.unpaused_on:
        return
    facts = [fact for fact in map(calendar.why, list(_walk(course.since, course.natural_on))[1:]) if _is_paused(fact)]
    for _same, run in groupby(facts, key=_same_pause):
        yield from _paused(list(run))
    yield _at("made_up", course.natural_on, (course.natural_on - course.unpaused_on).days)


def _hours(rule: Rule, course: Course, calendar: Calendar) -> Iterator[Step]:
    yield _at("hours", course.end, rule.length, start=written(course.start))


def _rolling(rule: Rule, course: Course, calendar: Calendar) -> Iterator[Step]:
    kind = "rolled_back" if rule.roll == BACK else "rolled"
    for day in list(_walk(course.natural_on, course.end))[:-1]:
        yield _at(kind, day, cause=calendar.why(day).phrase())
    yield _ending(rule, course.end, calendar)


def _ending(rule: Rule, end: date, calendar: Calendar) -> Step:
    if rule.unit != WORKING and rule.roll == NONE:
        return _at("due_fixed", end)
    is_before = rule.roll == BACK or (rule.length or 0) < 0
    return _at("due_back" if is_before else "due", end, cause=calendar.why(end).phrase())


_WAYS: dict[str, Callable[[Rule, Course, Calendar], Iterator[Step]]] = {
    WORKING: _working,
    CALENDAR: _calendar,
    MONTHS: _period,
    YEARS: _period,
    HOURS: _hours,
}
