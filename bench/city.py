"""A city with any number of open claims, written by the database itself: the real divisions, a staff with gaps, and
claims whose clocks stand everywhere between their start and their last rung.

What falls due "at once" are the rungs of the last call (nine o'clock of a working day), as on every morning.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle, islice

from django.contrib.auth.hashers import make_password
from django.core.management import call_command

from arrears.calendars import calendar_now
from arrears.deadlines import RULES, due
from arrears.ladders import ladder_of, rung_times
from bench.report import say
from grid import roles
from grid.days import SHANGHAI, day_of
from grid.models import Person, Posting, Region

CITY = "3213"
VACANT = 12  # each so-manieth township has no chief
IN_POST_SINCE = date(2020, 1, 1)
# Rule → the claim's stage while it runs, and how far back a clock may have started.
RULES_OF = {"JC-ACCEPT": ("registered", 30), "HANDLE-START-3": ("accepted", 30), "JC-INVEST": ("handling", 130)}
MIX = {"near": 35, "due": 25, "late1": 20, "late2": 10, "late3": 10, "late5": 5}  # of what is due, by rung
LEVELS = {"late3": "county", "late5": "city"}  # where a claim has climbed by then


@dataclass(frozen=True)
class Shape:
    """A clock that started on a day, as it stands now: its next rung and when that calls."""

    rule: str
    started: date
    natural: date
    due: date
    rung: int
    next_at: datetime
    name: str  # of that rung
    is_due: bool  # its next rung called at the last call, and the one after has not

    @property
    def row(self) -> tuple:
        stage, level = RULES_OF[self.rule][0], LEVELS.get(self.name, "township")
        return (self.rule, stage, level, self.started, self.natural, self.due, self.rung, self.next_at)


def build() -> None:
    """Schema, divisions and staff; no claims."""
    say("schema and divisions")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_regions", verbosity=0)
    hire()


def hire() -> None:
    """Each township a grid worker and a chief, each county two officers, the city two supervisors; some posts are vacant."""
    password = make_password(None)
    regions = Region.objects.current().under(CITY).filter(level__in=("city", "county", "township")).order_by("code")
    people: list[Person] = []
    posts: list[Posting] = []

    def fill(region: Region, role: str, count: int) -> None:
        for _ in range(count):
            name = f"bench-{len(people):04d}"
            people.append(Person(username=name, full_name=f"同志{len(people):04d}", email=f"{name}@example.test", password=password))
            posts.append(Posting(person=people[-1], role=role, region=region, starts_on=IN_POST_SINCE))

    for number, region in enumerate(regions):
        if region.level == "township":
            fill(region, roles.GRID_WORKER, 1)
            fill(region, roles.TOWNSHIP_CHIEF, int(number % VACANT > 0))
        else:
            fill(region, roles.COUNTY_OFFICER if region.level == "county" else roles.CITY_SUPERVISOR, 2)
    Person.objects.bulk_create(people)
    Posting.objects.bulk_create(posts)


def shapes(now: datetime, quiet_until: datetime | None = None) -> list[Shape]:
    """Every way in which the clocks of RULES_OF can stand now, but for those of which a rung calls until `quiet_until`:
    who counts while time goes on wants nothing to fall due but what they let fall due."""
    calendar, last_call = calendar_now(), call_before(now)
    found = []
    for rule, (_stage, days) in RULES_OF.items():
        rungs = ladder_of(rule)
        for started in (day_of(now) - timedelta(days=back) for back in range(1, days)):
            answer = due(RULES[rule], started, calendar)
            times = rung_times(rungs, started, answer.due_on, calendar)
            if quiet_until and any(now < at <= quiet_until for at in times):
                continue
            coming = next((index for index, at in enumerate(times) if at > now), len(times))
            called = next((index for index in range(coming) if times[index] == last_call), coming)
            if called < len(times) and not rungs[called].order_days:  # an order writes a dozen rows more
                days_of = (started, answer.natural_on, answer.due_on)
                found.append(Shape(rule, *days_of, called, times[called], rungs[called].name, called < coming))
    return found


def call_before(now: datetime) -> datetime:
    calendar, day = calendar_now(), now.astimezone(SHANGHAI)
    nine = day.replace(hour=9, minute=0, second=0, microsecond=0)
    while nine > now or not calendar.is_working(nine.date()):
        nine -= timedelta(days=1)
    return nine


def dealt(of: Sequence[Shape], by: Mapping[str, int]) -> list[Shape]:
    """The shapes in the proportions of `by`."""
    by_name = {name: cycle([shape for shape in of if shape.name == name]) for name in {shape.name for shape in of}}
    return [shape for name, count in by.items() if name in by_name for shape in islice(by_name[name], count)]
