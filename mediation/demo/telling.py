"""Tells the whole story of the demo city, from its first case to the present."""

from datetime import datetime, time, timedelta
from itertools import cycle
from random import Random

from django.db import transaction
from django.db.models import F

from arrears.demo.asked import ASKED
from arrears.demo.case import tell_case
from arrears.demo.cases import SOURCE, Inventor
from arrears.demo.cast import give_mail, make_cast
from arrears.demo.chronicle import Chronicle, at
from arrears.demo.handed import ASKING_STORIES, BY_LINK, EVERY_WAY, REFERRAL_STORIES
from arrears.demo.office import begin_all
from arrears.demo.proceeded import PROCEEDED, ask_packet
from arrears.demo.said import SAID
from arrears.demo.served import SERVED
from arrears.demo.signing import SIGN_AT, afternoons, put_off
from arrears.demo.stories import STORIES
from arrears.demo.supported import SUPPORTED
from arrears.demo.urged import URGED
from arrears.models import Claim
from grid.days import day_of
from grid.models import Notice
from mediation.demo import office
from mediation.demo.rooms import Rooms
from mediation.demo.stories import LATER_MEDIATIONS, MEDIATIONS

SEED = 20260301
READ_AFTER = timedelta(hours=3)


def is_told() -> bool:
    return Claim.objects.filter(source_key__startswith=f"{SOURCE}:").exists()


@transaction.atomic
def tell(now: datetime, seed: int = SEED, share: float = 1.0) -> Chronicle:
    """The whole story up to `now`. `share`: how much of it, for tests."""
    rng = Random(seed)
    cast = make_cast(rng, day_of(now))
    chronicle = Chronicle(now, cast, Inventor(rng, cast.townships), seed)
    rooms = Rooms.make()
    ways = cycle(EVERY_WAY)
    for story, count, youngest, oldest in STORIES:
        for days in spread(count, youngest, oldest, share):
            tell_case(chronicle, story, days)
    for story, count, youngest, oldest in REFERRAL_STORIES:
        for days in spread(count, youngest, oldest, share):
            kind, body = next(ways)
            tell_case(chronicle, story, days, kind=kind, body=body)
    for story, count, youngest, oldest, what in MEDIATIONS:
        for days in spread(count, youngest, oldest, share):
            tell_case(chronicle, story, days, rooms=rooms, **what)
    for story, count, youngest, oldest in URGED:
        for days in spread(count, youngest, oldest, share):
            tell_case(chronicle, story, days)
    for story, count, youngest, oldest in (*ASKED, *SAID):
        for days in spread(count, youngest, oldest, share):
            tell_case(chronicle, story, days)
    for story, count, youngest, oldest in ASKING_STORIES:
        for days in spread(count, youngest, oldest, share):
            kind, body = next(ways)
            tell_case(chronicle, story, days, kind=kind, body=body)
    for story, count, youngest, oldest in (*SUPPORTED, *PROCEEDED, *SERVED, *BY_LINK):
        for days in spread(count, youngest, oldest, share):
            tell_case(chronicle, story, days)
    for story, count, youngest, oldest, what in LATER_MEDIATIONS:
        for days in spread(count, youngest, oldest, share):
            tell_case(chronicle, story, days, rooms=rooms, **what)
    begin_all(chronicle)
    office.begin_all(chronicle)
    chronicle.begin(at(chronicle.first_day, SIGN_AT), afternoons(chronicle))
    chronicle.tell()
    put_off(chronicle)
    ask_packet(chronicle)
    catch_up_reading(chronicle)
    give_mail()
    return chronicle


def spread(count: int, youngest: int, oldest: int, share: float) -> list[int]:
    """So many ages from oldest to youngest, evenly."""
    count = max(1, round(count * share))
    return [oldest - (oldest - youngest) * number // max(count - 1, 1) for number in range(count)]


def catch_up_reading(chronicle: Chronicle) -> None:
    """Everything up to the working day before this one has been read."""
    calendar = chronicle.calendar
    unread_since = at(calendar.add(calendar.back(chronicle.today), -1), time(0))
    old = Notice.objects.filter(channel="in_app", created_at__lt=unread_since)
    old.update(read_at=F("created_at") + READ_AFTER)
