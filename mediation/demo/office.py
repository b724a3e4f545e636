"""How the home county of the demo city arranges hearings: its hearing days and those to come, what its mediators can do, a room
that is closed for a while."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

from arrears.demo.chronicle import Chronicle, at
from arrears.demo.office import MORNING
from arrears.demo.words import CITY, HOME_COUNTY
from grid.days import day_of
from grid.models import Region
from mediation import rooms
from mediation.hearing_days import set_rule
from mediation.models import Room
from mediation.panel import set_terms

WEEKDAYS = [0, 1, 2, 3, 4]
DAY = {
    "opens": time(9), "closes": time(17, 30), "rest_from": time(12), "rest_to": time(13, 30), "length": 80, "buffer": 10, "notice": 3,
}  # fmt: skip


def first_rules(chronicle: Chronicle) -> None:
    today = day_of(chronicle.clock)
    for code, username in ((CITY, "shidu"), (HOME_COUNTY, "xianan")):
        set_rule(
            Region.objects.get(pk=code), chronicle.present(chronicle.named(username)), now=chronicle.clock, since=today, weekdays=WEEKDAYS, **DAY
        )


def the_panel(chronicle: Chronicle) -> None:
    officer = chronicle.present(chronicle.named("xianan"))
    for person, languages in zip(chronicle.cast.mediators[HOME_COUNTY], (["sign"], []), strict=True):
        set_terms(person, officer, now=chronicle.clock, version=0, is_on_panel=True, languages=languages, daily=4)


def later_rules(chronicle: Chronicle) -> None:
    """From the week after next on Fridays are kept free for writing."""
    since = chronicle.today + timedelta(days=14 - chronicle.today.weekday())
    set_rule(
        Region.objects.get(pk=HOME_COUNTY), chronicle.present(chronicle.named("xianan")), now=chronicle.clock, since=since, weekdays=WEEKDAYS[:4], **DAY
    )


def close_a_room(chronicle: Chronicle) -> None:
    """Three weeks from now, so that no hearing has to move."""
    room, day = Room.objects.get(region=HOME_COUNTY, name="第二调解室"), chronicle.calendar.forward(chronicle.today + timedelta(days=21))
    rooms.close(
        room, chronicle.present(chronicle.named("xianan")), now=chronicle.clock, starts_at=at(day, time(8)), ends_at=at(day, time(18)),
        reason="更换录音录像设备",
    )  # fmt: skip


# Working days ago, and what happened that morning.
EVENTS: tuple[tuple[int, Callable[[Chronicle], None]], ...] = ((29, first_rules), (28, the_panel), (3, later_rules), (3, close_a_room))


def begin_all(chronicle: Chronicle) -> None:
    last = chronicle.calendar.back(chronicle.today)
    for days, happen in EVENTS:
        chronicle.begin(at(chronicle.calendar.add(last, -days), MORNING), once(chronicle, happen))


def once(chronicle: Chronicle, happen: Callable[[Chronicle], None]) -> Iterator[datetime]:
    happen(chronicle)
    yield from ()
