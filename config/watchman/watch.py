"""Looks, judges, tells. The order of things is that of `Watchman.look`."""

import asyncio
import json
import logging
import threading
import time
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connections
from django.db.models import QuerySet
from django.utils import timezone, translation

from arrears.escalation.stuck import longest_waiting
from config.embedded.folder import write_whole
from config.notice_kinds import DATABASE
from config.pulse import WATCHMAN, connect, show_life
from config.watchman.memory import FREED, STALLED, STUCK, WELL, Memory, Telling, Waiting, instant
from grid.addressees import Contact
from grid.channels import Message, SendError, email
from grid.days import SHANGHAI, day_of
from grid.models import Notice, Person, Posting, Round
from grid.notices import tell, words
from grid.roles import ADMINISTRATOR
from grid.rounds import SWEEP

EVERY = 20.0  # seconds
PATIENCE = 5.0  # for the database
AGAIN = timedelta(hours=1)
MOST_WAITING, NAMED = 1000, 5  # rungs that are counted, claims that are named

log = logging.getLogger("watchman")


def watch() -> None:
    watchman = Watchman(settings.DATA / "run/watchman.json")
    line = connect()
    while True:
        show_life(line, WATCHMAN)
        try:
            watchman.look(timezone.now())
        except Exception:
            log.exception("the watchman goes on")
        time.sleep(EVERY)


class Watchman:
    def __init__(self, path: Path) -> None:
        self.path, self.memory = path, Memory.read(path)
        self.kept = asdict(self.memory)

    def look(self, now: datetime) -> None:
        has_database = self.ask(now)
        self.judge(now)
        if has_database:
            self.judge_rungs(now)
        for telling in filter(None, (self.memory.telling, self.memory.rung)):
            self.tell(telling, now, has_database)
        self.keep()

    def keep(self) -> None:
        if (known := asdict(self.memory)) != self.kept:
            try:
                write_whole(self.path, json.dumps(known, ensure_ascii=False, indent=1))
                self.kept = known
            except OSError as error:  # a full disk must not silence it
                log.error("%s cannot be written: %s", self.path, error)

    # What is

    def ask(self, now: datetime) -> bool:
        """Is the database there? Remembers what it says."""
        try:
            swept_at, people, waiting = asyncio.run(asyncio.wait_for(read_database(now), PATIENCE))
        except (psycopg.Error, OSError, TimeoutError) as error:
            log.warning("database: %s", error if str(error) else type(error).__name__)
            return False
        self.memory.swept_at = swept_at.isoformat() if swept_at else None
        self.memory.people, self.memory.waiting = people or self.memory.people, waiting
        return True

    def judge(self, now: datetime) -> None:
        """Begins, repeats or ends what is to be told. From the start the first sweep has as long as any other."""
        memory, telling = self.memory, self.memory.telling
        swept_at = instant(memory.swept_at)
        last = max(filter(None, (swept_at, settings.STARTED_AT)))
        if now - last > timedelta(seconds=settings.SWEEP_PATIENCE):
            if telling is None or telling.kind == WELL:
                memory.telling = Telling(STALLED, last.isoformat(), now.isoformat())
                log.error("the sweep has not ended since %s", last)
            elif now - instant(telling.at) >= AGAIN:
                memory.telling = Telling(STALLED, telling.since, now.isoformat(), telling.turn + 1)
        elif telling and telling.kind == STALLED:
            if swept_at and swept_at > instant(telling.since):
                memory.telling, memory.well_at = Telling(WELL, telling.since, now.isoformat()), now.isoformat()
                log.warning("the sweep is well again")
        elif telling and (self.is_told(telling) or now - instant(telling.at) >= AGAIN):
            memory.telling = None

    def judge_rungs(self, now: datetime) -> None:
        """One word for an outage, one when it is over. While the sweep stands still that alone is told; after a start,
        and after such a time, what is due has as long as any other rung."""
        memory, telling, waiting = self.memory, self.memory.rung, self.memory.waiting
        if waiting is None:
            if telling and telling.kind == STUCK:
                memory.rung = Telling(FREED, telling.since, now.isoformat())
                log.warning("no rung is stuck any more")
            elif telling and (self.is_told(telling) or now - instant(telling.at) >= AGAIN):
                memory.rung = None
            return
        runs_since = max(filter(None, (settings.STARTED_AT, instant(memory.well_at))))
        is_stalled = memory.telling is not None and memory.telling.kind == STALLED
        if is_stalled or now - runs_since <= timedelta(seconds=settings.RUNG_PATIENCE):
            return
        if telling is None or telling.kind == FREED:
            facts = {"count": waiting.count, "claims": "\n".join(f"· {number}" for number in waiting.numbers)}
            memory.rung = Telling(STUCK, waiting.since, now.isoformat(), facts=facts)
            log.error("%s rungs are stuck, the oldest since %s", waiting.count, waiting.since)

    def is_told(self, telling: Telling) -> bool:
        return telling.is_noted and {one["id"] for one in self.memory.people} <= set(telling.told)

    # Saying it

    def tell(self, telling: Telling, now: datetime, has_database: bool) -> None:
        facts = facts_of(telling, now, has_database)
        if has_database and not telling.is_noted:
            telling.is_noted = note(telling, now, facts)
        for one in self.memory.people:
            if one["id"] not in telling.told:
                if not send(one, telling, facts):
                    return  # nothing goes out at present; the next look tries again
                telling.told.append(one["id"])
                self.keep()


async def read_database(now: datetime) -> tuple[datetime | None, list[dict[str, str]], Waiting | None]:
    """When the last sweep ended, who is to be told and which rungs are stuck, on a connection of its own that can be
    given up."""
    swept = Round.objects.filter(name=SWEEP).values_list("ended_at")
    people = administrators(now).values_list("id", "full_name", "email", "language")
    waiting = longest_waiting(now, now - timedelta(seconds=settings.RUNG_PATIENCE))
    async with await psycopg.AsyncConnection.connect(settings.DATABASE_URL, autocommit=True) as line:
        last = await (await line.execute(*swept.query.sql_with_params())).fetchone()
        rows = await (await line.execute(*people.query.sql_with_params())).fetchall()
        first = await (await line.execute(*waiting[:MOST_WAITING].query.sql_with_params())).fetchall()
    names = ("id", "name", "email", "language")
    known = [dict(zip(names, map(str, row), strict=True)) for row in rows]
    return last and last[0], known, waiting_of(first)


def waiting_of(rows: list[tuple[datetime, str]]) -> Waiting | None:
    numbers = list(dict.fromkeys(number for _due_at, number in rows))
    return Waiting(rows[0][0].isoformat(), len(rows), numbers[:NAMED]) if rows else None


def administrators(now: datetime) -> QuerySet[Person]:
    """Of the city; also those on leave, for this is no ordinary alert."""
    posts = Posting.objects.on(day_of(now)).filter(role=ADMINISTRATOR, region=settings.CITY_CODE)
    return Person.objects.filter(pk__in=posts.values("person")).order_by("username")


def facts_of(telling: Telling, now: datetime, has_database: bool) -> dict[str, Any]:
    since = instant(telling.since)
    return {
        "since": since.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        "minutes": int((now - since).total_seconds() // 60),
        "database_msgid": DATABASE[has_database],
        "site": settings.SITE_URL.rstrip("/"),
        "logs": str(settings.DATA / "log"),
        **telling.facts,
    }


def send(one: dict[str, str], telling: Telling, facts: dict[str, Any]) -> bool:
    """False: the way is blocked. An address that does not work is given up: there are others, and the log."""
    if not one["email"]:
        return True
    with translation.override(one["language"]):
        title, text = words(Notice(kind=telling.kind, facts=facts))
        to = Contact(UUID(one["id"]), one["name"], one["email"], language=one["language"])
        try:
            email.send(Message(telling.key, to, title, text))
        except SendError as error:
            log.error("%s could not be told: %s", one["email"], error)
            return error.permanent
        except Exception:
            log.exception("%s cannot be told", one["email"])
            return True
    log.warning("%s was told: %s", one["email"], title)
    return True


def note(telling: Telling, now: datetime, facts: dict[str, Any]) -> bool:
    """Writes it into the inboxes. On a thread that may be left behind: a database can stop answering at any moment."""
    done: list[bool] = []

    def write() -> None:
        try:
            tell(administrators(now), telling.kind, key=telling.key, now=now, facts=facts)
            done.append(True)
        except Exception as error:
            log.warning("not in the inboxes: %s", error)
        finally:
            connections.close_all()

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    writer.join(PATIENCE)
    return bool(done)
