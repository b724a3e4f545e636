"""Drafts from phones over a network that loses requests, answers and halves of answers, to a web server that is killed
again and again. Each phone does as the app does: it sends a draft under its id until the server says what became of it.

Afterwards every draft is one claim: `created` of them, none twice (`duplicate`), none missing (`lost`).
"""

import http.client
import json
import os
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from random import Random
from threading import Event, Thread
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from arrears.models import Claim, DraftReceipt, IntakeDraft
from arrears.privacy import VERSION
from bench import city
from bench.faults.lossy import BROKEN, CUT, LOST, THROUGH, UNANSWERED, LossyNetwork
from bench.processes import kill, start
from bench.report import Figures, say
from config.embedded.process import pick_port
from config.serve import list_children
from grid.days import day_of
from grid.models import Person

FAULTS = ("duplicate", "lost", "left", "fell", "spared")
FATES = {LOST: 0.12, UNANSWERED: 0.15, CUT: 0.08, BROKEN: 0.05}
PHONES = 8  # at once
KILLS = 3  # of the web server, each when another share of the drafts is accepted: bounded on a slow machine too
LONGEST, EACH = 120.0, 1.0  # seconds for all of it, and more for every draft: seven minutes for three hundred
HOST = "127.0.0.1"


class Web:
    """The web server alone, as bin/serve starts it; killed by its id, with its workers, and started again."""

    def __init__(self, seed: int, size: int) -> None:
        self.rng, self.port, self.size = Random(seed), pick_port(None), size
        self.kills = self.accepted = self.fell = 0
        self.command = next(child for child in list_children(Path(settings.DATA), HOST, self.port) if child.name == "web").command
        self.log = (Path(settings.DATA) / "log/faults-web.log").open("a+")
        self.over = Event()
        self.process = self.begin()

    def begin(self):
        return start(command=self.command, stdout=self.log, stderr=self.log)

    def kill_on(self) -> None:
        """Until everything is over, also when enough was killed: the kernel ends a process with the thread that started it."""
        while not self.over.wait(0.05):
            if self.process.poll() is not None:
                self.fell += 1  # by itself
                self.process = self.begin()
            if self.kills == KILLS or self.accepted < (self.kills + 1) * self.size // (KILLS + 1):
                continue
            time.sleep(self.rng.uniform(0, 0.5))  # anywhere in what the others are sending
            kill(self.process)
            self.kills += 1
            self.process = self.begin()

    def answers(self) -> bool:
        line = http.client.HTTPConnection(HOST, self.port, timeout=2)
        try:
            line.request("GET", "/field/me/")
            return line.getresponse().status == 401  # it is there, and knows that nobody is signed in
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def __enter__(self) -> "Web":
        while not self.answers():
            time.sleep(0.2)
        self.killer = Thread(target=self.kill_on, daemon=True)
        self.killer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.killer.join()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()


class Phone:
    """Somebody signed in, with drafts to send."""

    def __init__(self, person: Person, url: str, until: float) -> None:
        client = Client()
        client.force_login(person)
        self.session = client.cookies["sessionid"].value
        region = person.postings.get().region_id
        self.address, self.until = urlsplit(url), until
        self.fields = {"called": "孙老板", "region": region, "received": day_of(timezone.now()).isoformat(), "amount": "3500"}

    def send(self, draft: UUID, number: int, web: Web) -> Counter[str]:
        """Again and again, until it is registered, the server says that it never will be, or time is over."""
        said = Counter[str]()
        while time.monotonic() < self.until and not web.over.is_set():
            said["tries"] += 1
            answer = self.once(draft, number)
            if answer and answer.get("state") == "registered":
                said["accepted"] += 1
                web.accepted += 1
                said["told_again"] += not answer["is_new"]
                break
            said[answer["state"] if answer else "no_answer"] += 1
            if answer:
                say(f"draft {number}: {answer}")  # a sentence for its person; sending the same again helps nobody
                break
            web.over.wait(min(3.0, 0.1 * 2 ** min(said["tries"], 6)))  # as phones do: a server on its way up is let alone
        return said

    def once(self, draft: UUID, number: int) -> dict | None:
        token = self.ask("GET", "/field/me/", {})
        if not token or token.get("state") != "ready":
            return None
        body = json.dumps({"fields": {**self.fields, "name": f"工人{number}"}, "consent": True, "version": VERSION})
        cookie = {"X-CSRFToken": token["token"], "Content-Type": "application/json", "csrf": token["csrf"]}
        return self.ask("POST", f"/field/{draft}/send/", cookie, body)

    def ask(self, method: str, path: str, headers: dict[str, str], body: str | None = None) -> dict | None:
        line = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=15)
        csrf = headers.pop("csrf", "")
        try:
            line.request(method, path, body, {**headers, "Cookie": f"sessionid={self.session}; csrftoken={csrf}"})
            got = line.getresponse()
            found = json.loads(got.read())
            cookie = got.getheader("Set-Cookie") or ""
            return {**found, "csrf": cookie.partition("csrftoken=")[2].partition(";")[0]} if isinstance(found, dict) else None
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            line.close()


def run(size: int, seed: int) -> Figures:
    city.build_alone()
    people = list(Person.objects.filter(postings__role="grid_worker").order_by("username")[:PHONES])
    rng = Random(seed)
    drafts = [uuid4() for _number in range(size)]

    def decide(method: str, path: str) -> str:
        return rng.choices([*FATES, THROUGH], [*FATES.values(), 1 - sum(FATES.values())])[0]

    # The web is left first, also after Ctrl-C: then no phone tries on.
    with ThreadPoolExecutor(PHONES) as at_once, Web(seed, size) as web, LossyNetwork((HOST, web.port), decide) as network:
        say(f"{size:,} drafts from {len(people)} phones over a network that loses {sum(FATES.values()):.0%}, to a server that is killed")
        until = time.monotonic() + LONGEST + EACH * size
        phones = [Phone(person, network.url, until) for person in people]
        sendings = [at_once.submit(phones[number % PHONES].send, draft, number, web) for number, draft in enumerate(drafts)]
        said = sum((sending.result() for sending in sendings), Counter())
        kills, fell, met = web.kills, web.fell, dict(network.counted)
    say(f"accepted {said['accepted']:,} in {said['tries']:,} tries; {kills} kills; {met}")
    connection.close()  # the row of a request that was killed is gone by now, or never comes
    keys = [f"draft:{draft}" for draft in drafts]
    claims = Counter(Claim.objects.filter(source_key__in=keys).values_list("source_key", flat=True))
    workers = Counter(Claim.objects.values_list("worker_name", flat=True))
    return {
        "sent": size, "created": len(claims), "duplicate": sum(workers.values()) - len(workers), "lost": size - len(claims),
        "left": IntakeDraft.objects.count() + len(claims) - DraftReceipt.objects.count() + size - said["accepted"],
        "tries": said["tries"], "told_again": said["told_again"], "kills": kills, "fell": fell, "spared": int(kills == 0 or not met.get(UNANSWERED)), "network": met,
    }  # fmt: skip
