"""签收: what the people of the demo city do with alerts before they go home. Most sign the same day, some a week late."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random

from arrears.demo.cast import SHOWN
from arrears.demo.chronicle import Chronicle, at
from arrears.demo.sayings import ALERT_REPLIES, SNOOZE_REASON
from arrears.workdays import ONE_DAY
from grid.alerts import acknowledge, latest_snooze, snooze
from grid.days import day_of
from grid.kinds import KINDS
from grid.models import Notice

SIGN_AT = time(16, 40)
SIGNED_AT_ONCE = 0.88
SIGNED_LATE_AFTER = timedelta(days=6)
RECENT = timedelta(days=14)
ALERTS = [kind.name for kind in KINDS.values() if kind.topic == "deadlines"]


def afternoons(chronicle: Chronicle) -> Iterator[datetime]:
    """A story of its own, with a chance of its own: no other story turns out differently for it."""
    rng = Random(f"{chronicle.seed}:signing")
    while True:
        if chronicle.calendar.is_working(day_of(chronicle.clock)):
            sign(chronicle, rng)
        yield at(day_of(chronicle.clock) + ONE_DAY, SIGN_AT)


def sign(chronicle: Chronicle, rng: Random) -> None:
    """Whoever is away signs nothing; what came on the last day is left to the reader."""
    here = chronicle.roster()
    waiting = Notice.objects.filter(channel="in_app").exclude(recipient=None).to_acknowledge().select_related("recipient")
    for notice in waiting.order_by("created_at", "key", "recipient__username"):
        is_old = chronicle.clock - notice.created_at > SIGNED_LATE_AFTER
        is_new = day_of(notice.created_at) == day_of(chronicle.clock)
        will = is_old or (is_new and rng.random() < SIGNED_AT_ONCE)
        if will and here.on_duty(notice.recipient_id, notice.region_code) == notice.recipient:
            acknowledge(notice, chronicle.present(notice.recipient), chronicle.clock, rng.choice(ALERT_REPLIES))


def put_off(chronicle: Chronicle) -> None:
    """Somebody is out today and puts one alert off, as long as it may be: of the sign-ins shown, the one they must
    answer if there is one."""
    told = Notice.objects.filter(channel="in_app", recipient__username__in=SHOWN, kind__in=ALERTS, acknowledged_at=None)
    rows = told.filter(created_at__gt=chronicle.now - RECENT).select_related("recipient").order_by("-created_at", "key")
    waiting = [one for one in rows if latest_snooze(one, chronicle.now) > chronicle.now]
    if waiting:
        chosen = min(waiting, key=lambda one: (one.ack_by is None, SHOWN.index(one.recipient.username)))
        person = chronicle.present(chosen.recipient)
        snooze(chosen, person, chronicle.now, latest_snooze(chosen, chronicle.now), SNOOZE_REASON)
