"""Running clocks that wait for nothing although their ladder is not climbed: a check of arrears.integrity_checks.

The database says which clocks wait for nothing and were not told their last rung. When that rung called is counted once for
all clocks of a rule that began and are due on the same days, and goes back to the database, which compares it with what
happened to the claim. Only clocks that have rested are counted one by one.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from arrears.calendars import calendar_now
from arrears.deadlines import RULES, NoCalendar
from arrears.integrity import Found, rows
from arrears.ladders import RESTING_LADDERS, family_of, rung_times
from arrears.ladders.align import class_q
from arrears.ladders.book import CLAIM_CLASSES, CODE, Book, kinds_of
from arrears.ladders.store import book_now
from arrears.lifecycle import CLAIM
from arrears.models import Clock, Event, Pause
from arrears.timing.counting import PAUSES
from arrears.timing.watches import ladder_today, times_on
from arrears.workdays import Calendar
from grid.days import day_of

AT_ONCE = 2000
OPEN_CLAIM_OF = Q(claim__stage__in=list(CLAIM.open_states))
# Events of a claim after which its clocks wait for what is still to come.
SETS_ANEW = ("imported", "clock_moved", "resume", "split_off", *(move.name for move in CLAIM.moves if move.resumes))
LOST = """
    WITH silent AS ({silent}),
    asked AS (
        SELECT * FROM unnest(%s::text[], %s::text[], %s::date[], %s::date[], %s::timestamptz[]) AS a (rule_id, class, started_on, due_on, last)
    ),
    one_by_one AS (SELECT * FROM unnest(%s::uuid[], %s::timestamptz[]) AS o (id, last)),
    candidate AS (
        SELECT silent.*, asked.last FROM silent JOIN asked USING (rule_id, class, started_on, due_on)
        WHERE NOT EXISTS (SELECT FROM arrears_pause WHERE clock_id = silent.id)
        UNION ALL SELECT silent.*, one_by_one.last FROM silent JOIN one_by_one USING (id)
    )
    SELECT claim.number, candidate.rule_id, candidate.due_on FROM candidate JOIN arrears_claim AS claim ON claim.id = candidate.claim_id
    LEFT JOIN LATERAL (
        SELECT max(at) AS at FROM arrears_event WHERE claim_id = candidate.claim_id AND kind = ANY(%s)
    ) AS anew ON candidate.last IS NOT NULL
    WHERE candidate.last IS NULL OR anew.at IS NULL OR anew.at <= candidate.last
    ORDER BY candidate.id
"""


class Group(NamedTuple):
    """Clocks whose rungs call at the same times; and when the last one did. None: it is still to come, or nobody can say
    when it calls."""

    rule_id: str
    claim_class: str
    started_on: date
    due_on: date
    last: datetime | None


def lost_clocks(now: datetime) -> Found:
    book, calendar = book_now(), calendar_now()
    silent = silent_clocks(book)
    paused = Exists(Pause.objects.filter(clock=OuterRef("pk")))
    keys = silent.filter(~paused).order_by().values_list("rule_id", "class", "started_on", "due_on").distinct()
    groups = list(filter(None, (group_of(*key, book, calendar, now) for key in keys.iterator(chunk_size=AT_ONCE))))
    alone = list(one_by_one(silent.filter(paused), book, calendar, now))
    if not groups and not alone:
        return Found()
    sql, params = silent.order_by().values("id", "claim_id", "rule_id", "class", "started_on", "due_on").query.sql_with_params()
    columns = [list(column) for column in zip(*groups, strict=True)] or [[]] * len(Group._fields)
    ids, lasts = [pk for pk, _last in alone], [last for _pk, last in alone]
    return rows(LOST.format(silent=sql), [*params, *columns, ids, lasts, list(SETS_ANEW)])


def silent_clocks(book: Book) -> QuerySet[Clock]:
    """Each with the class of its claim (CLAIM_CLASSES). What rests with its claim has no watch."""
    families = {rule: family_of(rule) for rule in RULES}
    resting = Q(rule_id__in=[rule for rule, family in families.items() if family in RESTING_LADDERS], about_id=None)
    resting |= Q(rule_id__in=[rule for rule, family in families.items() if family == "order"])
    whens = [When(class_q(name), then=Value(name)) for name in CLAIM_CLASSES]
    found = Clock.objects.running().filter(last_rung_untold(book), OPEN_CLAIM_OF, watch=None)
    found = found.exclude(resting, claim__suspended_until__isnull=False)
    return found.annotate(**{"class": Case(*whens, output_field=CharField())})


def group_of(
    rule_id: str, claim_class: str, started_on: date, due_on: date, book: Book, calendar: Calendar, now: datetime
) -> Group | None:
    """None: all of them are over, and on a ladder that may have begun later than its rungs."""
    today = day_of(now)
    try:
        version = book.choose(rule_id, kinds_of(*CLAIM_CLASSES[claim_class], book.in_season(today)), today)
        last = max(rung_times(version.rungs, started_on, due_on, calendar))
    except (KeyError, NoCalendar):
        return Group(rule_id, claim_class, started_on, due_on, None)
    if last > now:
        return Group(rule_id, claim_class, started_on, due_on, None)
    return None if changes_ladder(rule_id, started_on, book, now) else Group(rule_id, claim_class, started_on, due_on, last)


def one_by_one(clocks: QuerySet[Clock], book: Book, calendar: Calendar, now: datetime) -> Iterable[tuple[Any, datetime | None]]:
    """The same for clocks that have rested."""
    for clock in clocks.select_related("claim").prefetch_related(PAUSES).order_by("pk").iterator(chunk_size=AT_ONCE):
        try:
            last = max(times_on(ladder_today(clock, clock.claim, book, day_of(now)), clock, calendar))
        except (KeyError, NoCalendar):
            yield clock.pk, None
            continue
        if last > now:
            yield clock.pk, None
        elif not changes_ladder(clock.rule_id, clock.started_on, book, now):
            yield clock.pk, last


def last_rung_untold(book: Book) -> Q:
    """In any version of the clock's ladder; it may have come early, because nobody acknowledged the one before."""
    ends: dict[str, set[str]] = defaultdict(set)
    for version in (*CODE.values(), *book.versions):
        ends[version.family] |= {rung.name for rung in version.rungs[-1:]}
    rules: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for rule in RULES:
        rules[tuple(sorted(ends[family_of(rule)]))].append(rule)
    told = Event.objects.annotate(clock=KT("facts__clock"), rung=KT("facts__rung")).filter(
        claim=OuterRef("claim"), kind__in=("alerted", "climbed", "opinion_climbed"), clock=Cast(OuterRef("pk"), TextField())
    )
    known = [rule for some in rules.values() for rule in some]
    untold = ~Q(rule_id__in=known)
    for names, ids in rules.items():
        untold |= Q(~Exists(told.filter(rung__in=names)), rule_id__in=ids)
    return untold


def changes_ladder(rule_id: str, started_on: date, book: Book, now: datetime) -> bool:
    """Can its clocks have followed another ladder in their life? Rungs of a new one that are past call nobody."""
    return len({
        book.choose(rule_id, kinds_of(*example, in_season), day)
        for day in (started_on, day_of(now)) for example in CLAIM_CLASSES.values() for in_season in (True, False)
    }) > 1  # fmt: skip
