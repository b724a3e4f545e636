"""Clocks fall due while worker, beat, Valkey and PostgreSQL are killed; two sweeps and four deliveries run at once.

Afterwards every (clock, rung, recipient) stands in the outbox exactly once, and every message reached the mail server
at least once, under its key. One that came again is explained when its row says that it was sent more than once:
each sending begins with a committed claim (`attempts`), so a server that counts more than the row is a fault.
"""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from bench import city, claims
from bench.faults.expected import Told, expected
from bench.faults.quick import DELIVER, SWEEP, TURNS
from bench.faults.victims import EVERYONE, Victims
from bench.report import Figures, say
from grid.models import Notice, Person
from grid.models.notices import HELD, QUEUED, SENDING
from tests.smtp import MailServer

SET = "all"
MAILED = 3  # one in so many people has a mailbox; everybody is told in the system
DUE_PER_S = 100  # rungs that fall due each second while things are being killed; fewer, if else it were over too soon
LEAST = 25.0  # seconds in which they fall due: as long as one round of kills may take
LONGEST = 300.0  # seconds after the last kill
QUIET = timedelta(hours=1)  # longer than the run: at nine of a working day the clocks' own next rungs call
FAULTS = ("missing", "unexpected", "duplicate", "unmailed", "undelivered", "unexplained_repeats", "left", "spared", "alone")
T = TypeVar("T")


def run(size: int, seed: int) -> Figures:
    now = timezone.now()
    city.build()
    claims.prepare(now, quiet_until=now + QUIET)
    claims.fill(1, size, now, claims.EVERYBODY)
    Person.objects.exclude(pk__in=[one.pk for one in Person.objects.order_by("username")[::MAILED]]).update(email="")
    owed = expected(SET, now)
    say(f"{size:,} clocks fall due one after the other; {len(owed):,} people are to be told of a rung")
    with MailServer() as server:
        server.handle_error = lambda *_: None  # whoever was killed in the middle of a sentence
        host, port = server.server_address
        last = let_fall_due(now, size)
        with Victims(seed, {"EMAIL_HOST": host, "EMAIL_PORT": str(port)}, Path(settings.DATA)) as victims:
            victims.kill_until(1, lambda: timezone.now() > last)
            victims.say()
            say("no more kills; waiting for what is left")
            if left := settle():
                print(victims.last_words())
            killed = {name: victims.killed[name] for name in EVERYONE}
        arrived = Counter((mail["X-Xinan-Key"], mail["To"]) for mail in server.messages)
    return {
        "due": size, **counted(owed, arrived), "left": left, "kills": sum(killed.values()), "victims": killed,
        "spared": [*killed.values()].count(0), **ran_at_once(),
    }  # fmt: skip


def ran_at_once() -> Figures:
    """How many tasks of each kind ran at the same time, at most. One that was killed never ended: it is not counted."""
    lines = [line.split() for line in TURNS.read_text().splitlines()]
    ended = {who for _at, what, _queue, who in lines if what == "ends"}
    most: Counter[str] = Counter()
    running: Counter[str] = Counter()
    for _at, what, queue, _who in sorted((line for line in lines if line[3] in ended), key=lambda line: float(line[0])):
        running[queue] += 1 if what == "begins" else -1
        most[queue] = max(most[queue], running[queue])
    return {"sweeps_at_once": most[SWEEP], "deliveries_at_once": most[DELIVER], "alone": sum(most[name] < 2 for name in (SWEEP, DELIVER))}


def let_fall_due(now: datetime, size: int) -> datetime:
    """Sets a watch on each clock, one a moment after the other; when the last is due."""
    gap = timedelta(seconds=max(1 / DUE_PER_S, LEAST / size))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO arrears_watch (clock_id, rung, next_at, cause) "
            "SELECT clock_id, rung, %s + row_number() OVER (ORDER BY md5(clock_id::text)) * %s, 'time' "
            "FROM bench_set JOIN bench_shape ON bench_shape.i = shape AND is_due WHERE name = %s",
            [timezone.now(), gap, SET],
        )
    return timezone.now() + gap * size


def settle() -> int:
    """Waits until no rung is due and no message waits; how many still do when patience ends."""
    limit, left = time.monotonic() + LONGEST, 1
    while left and time.monotonic() < limit:
        time.sleep(0.5)
        left = patiently(waiting)
    return left


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM arrears_watch WHERE next_at <= %s) "
            "+ (SELECT count(*) FROM grid_notice WHERE state = ANY(%s))",
            [timezone.now(), [QUEUED, SENDING, HELD]],
        )
        return cursor.fetchone()[0]


def patiently(ask: Callable[[], T], tries: int = 60) -> T:
    """The database may just be dead."""
    for _ in range(tries):
        try:
            return ask()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.5)
    return ask()


def counted(owed: set[Told], arrived: Counter[tuple[str, str]]) -> Figures:
    columns = ("key", "recipient", "recipient__email", "channel", "attempts", "bundle__key")
    rows = list(Notice.objects.exclude(recipient=None).order_by("id").values_list(*columns))
    told = Counter(told_of(key, person) for key, person, _mail, channel, _tries, _bundle in rows if channel == "in_app")
    clocks = {clock for clock, _rung, _person in owed}
    told = Counter({one: count for one, count in told.items() if one and one[0] in clocks})
    mails = [(key, mail, tries, bundle) for key, _person, mail, channel, tries, bundle in rows if channel == "email"]
    mailed = {told_of(key, person) for key, person, _mail, channel, _tries, _bundle in rows if channel == "email"}
    mailboxes = set(Person.objects.exclude(email="").values_list("pk", flat=True))
    came = {(key, mail): max(arrived[key, mail], arrived[bundle, mail]) for key, mail, _tries, bundle in mails}
    tries = {(key, mail): tries for key, mail, tries, _bundle in mails}
    return {
        "expected": len(owed),
        "rows": sum(told.values()),
        "missing": len(owed - told.keys()),
        "unexpected": len(told.keys() - owed),
        "duplicate": sum(told.values()) - len(told) + len(mails) - len(came),
        "unmailed": len({one for one in owed if one[2] in mailboxes} - mailed),
        "messages": len(mails),
        "delivered": sum(count > 0 for count in came.values()),
        "undelivered": sum(count == 0 for count in came.values()),
        "sent_again": sum(count > 1 for count in tries.values()),  # claimed more than once: whoever had it was killed
        "repeats": sum(arrived.values()) - len(arrived),
        "unexplained_repeats": sum(max(0, count - tries.get(who, 0)) for who, count in arrived.items()),
    }


def told_of(key: str, person: UUID) -> Any:
    """What the key of an alert says: clock, rung and whom; None for another notice."""
    clock, _day, rung = (key.split(":") + ["", ""])[:3]
    return (UUID(clock), rung, person) if len(clock) == 36 and rung else None
