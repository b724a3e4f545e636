"""What happens in the offices of the demo city beside its cases: leave and duty, somebody who moves on, ladders, a season,
words, figures. Each is a story of its own; the table at the end says how many working days ago.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Count

from arrears.demo import outside
from arrears.demo.chronicle import Chronicle, at
from arrears.demo.words import HOME_COUNTY, HOME_TOWNSHIP
from arrears.ladders import DUE, LADDERS, LATE, Rung
from arrears.ladders import changes as ladder_changes
from arrears.ladders.book import Draft
from arrears.models import Claim
from arrears.sums.book import publish
from grid import leaves, rostering, rota, wordings
from grid.days import day_of
from grid.models import Person, Posting, Preference, Region
from grid.regions import PLACEHOLDERS
from grid.roles import COUNTY, COUNTY_OFFICER, GRID_WORKER, TOWNSHIP_CHIEF

Event = Callable[[Chronicle], None]

MORNING = time(8, 35)
# 正月初一; a year that is not here has it on 5 February, which is near enough for an invented city.
SPRING_FESTIVALS = {
    2026: date(2026, 2, 17), 2027: date(2027, 2, 6), 2028: date(2028, 1, 26), 2029: date(2029, 2, 13),
    2030: date(2030, 2, 3),
}  # fmt: skip
SEASON = "冬季欠薪治理专项行动"

SENSITIVE = (
    Rung("share50", "敏感案件：时限已用一半", ("handler", "level"), share=0.5, label_en="Sensitive: half of the time is used"),
    replace(DUE, label="敏感案件：时限届满", label_en="Sensitive: the time is up", tells=("handler", "level", "above")),
    Rung(
        "late1", "敏感案件逾期一个工作日，提级并督办", ("handler", "level", "above", "city"), working_days=1, climbs=True,
        urgency=LATE, label_en="Sensitive: a working day late, climbs, and an order is issued", ack_days=1, order_days=2,
    ),
    Rung(
        "late2", "敏感案件逾期两个工作日，再次提级", ("level", "above", "city"), working_days=2, climbs=True, urgency=LATE,
        label_en="Sensitive: two working days late, climbs again", ack_days=1,
    ),
)  # fmt: skip
# In the season a supervision order comes two working days earlier than the code's own ladder issues it.
FESTIVAL = tuple(replace(rung, order_days=3) if rung.name == "late3" else rung for rung in LADDERS["legal"])


def begin_all(chronicle: Chronicle) -> None:
    last = chronicle.calendar.back(chronicle.today)
    for days, events in EVENTS:
        chronicle.begin(at(chronicle.calendar.add(last, -days), MORNING), once(chronicle, events))
    this_month = chronicle.today.replace(day=1)
    before = chronicle.calendar.back(this_month - timedelta(days=1))
    chronicle.begin(at(before, MORNING), once(chronicle, (lambda told: set_duty(told, this_month),)))


def once(chronicle: Chronicle, events: tuple[Event, ...]) -> Iterator[datetime]:
    for happen in events:
        happen(chronicle)
    yield from ()


# People


def go_on_leave(chronicle: Chronicle) -> None:
    """A chief of the home county is away for two weeks; a county officer stands in by name (代理人)."""
    today, deputy = day_of(chronicle.clock), chronicle.named("xianan")
    away = next(
        row.person for row in chronicle.cast.postings
        if row.role == TOWNSHIP_CHIEF and row.region_id > HOME_TOWNSHIP and not is_away(chronicle, row.person)
    )  # fmt: skip
    chronicle.cast.leaves.append(
        leaves.enter_leave(
            chronicle.present(away), chronicle.present(deputy), now=chronicle.clock, starts_on=today,
            ends_on=today + timedelta(days=13), deputy=deputy,
        )  # fmt: skip
    )
    chronicle.forget_roster()


def is_away(chronicle: Chronicle, person: Person) -> bool:
    return any(leave.person_id == person.pk for leave in chronicle.cast.leaves)


def set_duty(chronicle: Chronicle, month: date) -> None:
    """The whole month of the home county, its first township, and one whose chief's post is vacant; by those who may
    also decide there."""
    deciding = {row.person_id for row in chronicle.cast.postings if row.role in (TOWNSHIP_CHIEF, COUNTY_OFFICER)}
    county = Region.objects.get(pk=HOME_COUNTY)
    days = [month.replace(day=day) for day in range(1, monthrange(month.year, month.month)[1] + 1)]
    for region in (county, Region.objects.get(pk=HOME_TOWNSHIP), vacant_township(chronicle)):
        known = rota.candidates_for(region, days[0], days[-1])
        local = [one for key, one in known.items() if key in deciding]
        rota.set_duties(region, rota.in_turn(local, days), chronicle.present(chronicle.named("xianan")), now=chronicle.clock)


def vacant_township(chronicle: Chronicle) -> Region:
    """The first of the home county with a grid worker and no chief."""
    led = {row.region_id for row in chronicle.cast.postings if row.role == TOWNSHIP_CHIEF}
    towns = chronicle.cast.townships[HOME_COUNTY]
    return next(town for town in sorted(towns, key=lambda town: town.code) if town.code not in led)


def next_month(chronicle: Chronicle) -> None:
    first = chronicle.today.replace(day=1)
    set_duty(chronicle, (first + timedelta(days=31)).replace(day=1))


def move_on(chronicle: Chronicle) -> None:
    """A grid worker of the home county goes to a township that had none; the open work of the old one stays in their
    hands by name (待交接)."""
    cast, today = chronicle.cast, day_of(chronicle.clock)
    known = cast.townships[HOME_COUNTY]
    posts = {
        row.person_id: row for row in cast.postings
        if row.role == GRID_WORKER and row.region in known and row.region_id not in (HOME_TOWNSHIP, vacant_township(chronicle).code)
    }  # fmt: skip
    work = Claim.objects.open().filter(handler__in=posts).order_by().values_list("handler").annotate(count=Count("pk"))
    leaver, _most = max(work, key=lambda row: (row[1], posts[row[0]].region_id))
    old, guanli = posts[leaver], chronicle.present(chronicle.named("guanli"))
    staffed = {row.region_id for row in cast.postings if row.role == GRID_WORKER}
    led = sorted(row.region_id for row in cast.postings if row.role == TOWNSHIP_CHIEF and row.region_id.startswith(HOME_COUNTY))
    to = Region.objects.get(pk=next(code for code in led if code not in staffed))
    new = rostering.appoint(old.person, guanli, now=chronicle.clock, role=GRID_WORKER, region=to, starts_on=today)
    old.ends_on = today - timedelta(days=1)
    rostering.end_posting(Posting.objects.get(pk=old.pk), guanli, now=chronicle.clock, last_day=old.ends_on)
    cast.postings.append(new)
    known.remove(old.region)
    known.append(to)
    cast.workers[to.code] = cast.workers.pop(old.region_id)
    chronicle.forget_roster()


# Rules and words


def publish_ladder(chronicle: Chronicle, kind: str, rungs: tuple[Rung, ...], note: str) -> None:
    draft = Draft("legal", claim_kind=kind, rungs=rungs, valid_from=day_of(chronicle.clock))
    ladder_changes.publish(
        draft, chronicle.present(chronicle.named("guanli")), now=chronicle.clock, note=note, replaces=0
    )


def press_sensitive_cases(chronicle: Chronicle) -> None:
    publish_ladder(chronicle, "sensitive", SENSITIVE, "敏感案件提前提醒，逾期即提级并下达督办单。")


def press_in_season(chronicle: Chronicle) -> None:
    publish_ladder(chronicle, "festival", FESTIVAL, "专项行动期间，逾期三个工作日即下达督办单。")


def open_season(chronicle: Chronicle) -> None:
    """The winter that is on or comes next."""
    today = day_of(chronicle.clock)
    year = today.year if festival(today.year) > today else today.year + 1
    ladder_changes.set_season(
        SEASON, date(year - 1, 11, 15), festival(year), chronicle.present(chronicle.named("guanli")), now=chronicle.clock
    )


def festival(year: int) -> date:
    return SPRING_FESTIVALS.get(year, date(year, 2, 5))


def reword(chronicle: Chronicle) -> None:
    draft = replace(
        wordings.words_of("nudged"), title="【催办】%(number)s 请当天联系劳动者",
        text="%(by)s催办案件 %(number)s。请当天联系劳动者说明进展，并在系统中记录办理情况。",
        title_en="Chased: %(number)s – call the worker today",
        text_en="%(by)s asks you to get on with case %(number)s. Call the worker today, say how it stands, and note it here.",
    )  # fmt: skip
    wordings.publish(
        "nudged", chronicle.present(chronicle.named("guanli")), chronicle.clock, draft, note="写明当天要做什么。", base=0
    )


def publish_minimum_wages(chronicle: Chronicle) -> None:
    """Invented ones, and marked as not checked."""
    for county in Region.objects.current().under(settings.CITY_CODE).at(COUNTY).exclude(name__in=PLACEHOLDERS):
        publish(
            chronicle.present(chronicle.named("guanli")), kind="MIN-WAGE", region=county, amount=Decimal(2010), since=date(2026, 1, 1),
            source="演示数据，请按公布的标准登记", confidence="K", now=chronicle.clock, today=day_of(chronicle.clock),
        )  # fmt: skip


def set_preferences(chronicle: Chronicle) -> None:
    """Who gets mail, and how: the chief once a day and never at night, the officer when five have come together."""
    Preference.objects.create(
        person=chronicle.named("zhangzhen"), digest="daily", channels={"moves": ["email"], "worker": []},
        quiet_from=time(21), quiet_to=time(7, 30),
    )  # fmt: skip
    Preference.objects.create(person=chronicle.named("xianan"), digest="threshold", threshold=5)


# Working days ago, and what happened that morning.
EVENTS: tuple[tuple[int, tuple[Event, ...]], ...] = (
    (30, (press_sensitive_cases, open_season, publish_minimum_wages)),
    (20, (press_in_season,)),
    (12, (reword,)),
    (9, (outside.add_sources,)),
    (8, (outside.first_orders,)),
    (7, (outside.handed_back,)),
    (2, (next_month, set_preferences, outside.later_orders)),
    (1, (go_on_leave, move_on, outside.one_changed)),
)
