"""How long somebody waits for 找时间 in a county with so many days to look at: sixty rooms, forty mediators, and a calendar
that is two thirds full. The whole of it: what is read from the database, and what is worked out."""

import random
import time
from datetime import date, datetime, timedelta
from statistics import quantiles
from typing import Any

from django.utils import timezone

from arrears.calendars import calendar_now
from arrears.intake import ClaimantFacts, ClaimFacts, RespondentFacts, register
from arrears.models import Claim
from bench import city
from bench.report import Figures, say
from grid.days import SHANGHAI, day_of
from grid.models import Leave, Person, Posting, Region
from grid.roles import MEDIATOR
from mediation import finding, hearings
from mediation.models import Attendance, Blackout, Hearing, HearingRule, Mediation, MediatorTerms, Room

COUNTY, TOWNSHIP = "321322", "321322101"
ROOMS, MEDIATORS, TRIES, WARM = 60, 40, 200, 5
BEGINS = ("08:30", "10:15", "14:00", "15:45")  # of the hearings that are there
LENGTH, BUFFER = timedelta(minutes=90), timedelta(minutes=10)


def run(size: int) -> Figures:
    now = timezone.now()
    city.build_alone()
    rng = random.Random(1)
    rooms, people, office = furnish(now)
    booked = fill(rng, rooms, people, size, now)
    cases = [make_case(number, people, office, now) for number in range(20)]
    say(f"{booked:,} hearings are arranged; looking for times")
    took, proposals, calendar = [], 0, calendar_now()
    for number in range(TRIES + WARM):
        mediation = cases[number % len(cases)]
        begun = time.monotonic()
        asked = finding.asked_for(mediation, now, last=day_of(now) + timedelta(days=size - 1), beyond=True)
        times = finding.find_times(mediation, asked, now, calendar)
        took.append(1000 * (time.monotonic() - begun))
        proposals += len(times.found.proposals)
        assert times.found.proposals and times.found.days == size, times.found
    hundredths = quantiles(took[WARM:], n=100)
    return {
        "rooms": ROOMS, "mediators": MEDIATORS, "days": size, "hearings": booked, "tries": TRIES, "proposals": proposals // (TRIES + WARM),
        "p50_ms": round(hundredths[49], 1), "p95_ms": round(hundredths[94], 1), "slowest_ms": round(max(took[WARM:]), 1),
    }  # fmt: skip


def furnish(now: datetime) -> tuple[list[Room], list[Person], Person]:
    """One in four rooms is closed for a week, one in five mediators is away for two."""
    say("rooms, mediators, rules")
    today, county = day_of(now), Region.objects.get(pk=COUNTY)
    rooms = Room.objects.bulk_create(
        Room(name=f"第{n}调解室", region=county, capacity=8 + n % 9, is_step_free=n % 3 == 0) for n in range(ROOMS)
    )
    people = Person.objects.bulk_create(Person(username=f"slot{n}", full_name=f"调解员{n}", password="!") for n in range(MEDIATORS))
    Posting.objects.exclude(person__in=people).filter(role=MEDIATOR, region__code__startswith=COUNTY).delete()
    Posting.objects.bulk_create(Posting(person=one, role=MEDIATOR, region=county, starts_on=date(2020, 1, 1)) for one in people)
    MediatorTerms.objects.bulk_create(MediatorTerms(person=one, daily=4, set_at=now) for one in people)
    HearingRule.objects.create(
        region=county, since=today, weekdays=[0, 1, 2, 3, 4], opens="08:30", closes="17:30", rest_from="12:00", rest_to="14:00",
        length=90, buffer=10, notice=3, set_by=people[0], set_at=now,
    )  # fmt: skip
    week = (now + timedelta(days=10), now + timedelta(days=17))
    Blackout.objects.bulk_create(
        Blackout(room=room, span=week, reason="维修", entered_by=people[0], entered_at=now) for room in rooms[::4]
    )
    Leave.objects.bulk_create(Leave(person=one, starts_on=today, ends_on=today + timedelta(days=14)) for one in people[::5])
    return rooms, people, people[0]


def make_case(number: int, people: list[Person], office: Person, now: datetime) -> Mediation:
    claim = claim_of(f"工人{number}", now)
    mediation = hearings.apply(claim, None, now=now, applied_on=day_of(now), request="请求支付工资")
    return hearings.advance(mediation, "accept", None, now=now, mediator=people[number % len(people)])


def claim_of(name: str, now: datetime) -> Claim:
    facts = ClaimFacts(
        region=Region.objects.get(pk=TOWNSHIP), received_on=day_of(now), claimants=[ClaimantFacts(name)],
        respondents=[RespondentFacts(f"{name}的公司")], story="干了三个月没有给钱。",
    )  # fmt: skip
    return register(facts, None, now=now)


def fill(rng: random.Random, rooms: list[Room], people: list[Person], days: int, now: datetime) -> int:
    """Two thirds of what forty mediators can sit in four hearings a day, each in a room of its own."""
    claim = claim_of("众人", now)
    like = dict(claim=claim, state="failed", applied_on=day_of(now), applied_at=now, request="x")
    rows: list[dict[str, Any]] = []
    for ahead in range(1, days):
        day = day_of(now) + timedelta(days=ahead)
        for clock in BEGINS:
            start = datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), SHANGHAI)
            pairs = zip(rng.sample(rooms, MEDIATORS), rng.sample(people, MEDIATORS), strict=True)
            span = dict(span=(start, start + LENGTH), busy=(start, start + LENGTH + BUFFER))
            rows += [dict(room=room, mediator=one, **span) for room, one in pairs if rng.random() < 2 / 3]
    mediations = Mediation.objects.bulk_create([Mediation(**like) for _row in rows], batch_size=2000)
    made = Hearing.objects.bulk_create(
        [Hearing(mediation=one, number=1, **row) for one, row in zip(mediations, rows, strict=True)], batch_size=2000
    )
    Attendance.objects.bulk_create(
        [
            Attendance(hearing=one, party_kind="worker", party_id=one.pk, party_key=f"claimant:{one.pk}", name="某人", span=one.span, joint=one.joint)
            for one in made
        ],
        batch_size=2000,
    )  # fmt: skip
    return len(made)
