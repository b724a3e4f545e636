"""A file of work orders is imported by the worker that bin/serve starts, which is killed in the middle again and again, while the
same office sends some of the same orders by the API. Whoever asked for it asks again when they are told that it did not succeed.

Afterwards every order of the file is there once as the file says it, each change stands once in the history of its claim, and its
source is told of each once: nothing `lost`, `doubled`, `untold`, and after each kill nothing of the file was there (`half`).
"""

import os
import signal
import subprocess
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from threading import Event as Flag
from threading import Thread

import xlsxwriter
from django.conf import settings
from django.db import connection
from django.utils import timezone

from arrears import long_work
from arrears.models import Claim, Event, OrderSheet, Report, ReportEvent, Returned, Source
from arrears.reports import deciding
from arrears.sources import importing, sheets, taking
from arrears.sources.lines import GOOD
from arrears.sources.orders import WorkOrder
from arrears.sources.places import Places
from bench import city
from bench.processes import kill, start
from bench.report import Figures, say
from config.celery import app
from config.queues import QUEUES, TASKS
from config.serve import list_children
from grid.days import day_of
from grid.models import Notice, Person, Region

FAULTS = ("lost", "doubled", "untold", "half", "unfinished", "spared")
TASK = "arrears.tasks.import_orders"
KILLS = 4  # one more than long_work.MOST_TRIES: somebody has to ask again
LONGEST, EACH = 180.0, 0.2  # seconds for all of it, and more for every order
HEADS = ("工单编号", "诉求人", "联系电话", "所属区县", "乡镇（街道）", "事发地址", "被投诉单位", "诉求内容", "办结时限")
KNOWN, SAME = 4, 8  # every so-manieth order is known before; of those every second says the same
BY_API = 40  # every so-manieth of the file comes by the API as well


class Office:
    """It has sent some of the orders before; most of those are claims by now."""

    def __init__(self, size: int) -> None:
        self.now, self.size = timezone.now(), size
        self.person = Person.objects.filter(postings__role="city_supervisor").order_by("username").first()
        self.source = Source.objects.create(
            code="hotline", name="热线", region=Region.objects.get(pk=city.CITY), return_way="pull", created_at=self.now,
        )  # fmt: skip
        posts = Person.objects.filter(postings__role="grid_worker").order_by("username").prefetch_related("postings__region__parent")
        self.workers = list(posts[:20])
        self.numbers = [f"GD{number:06d}" for number in range(size)]
        self.known = self.numbers[::KNOWN]
        self.same = self.numbers[::SAME]

    def file(self, *, before: bool) -> bytes:
        """As it is sent, or those orders of it that came before, as they came."""
        made = BytesIO()
        with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
            page = book.add_worksheet("工单")
            page.write_row(0, 0, HEADS)
            for place, number in enumerate(self.known if before else self.numbers, 1):
                is_new = not before and number in set(self.known) - set(self.same)
                page.write_row(place, 0, self.row(number, "又催了一次，还是没有给钱。" if is_new else "干了三个月没有给钱。"))
        return made.getvalue()

    def row(self, number: str, story: str) -> list[str]:
        place = int(number[2:])
        township = self.workers[place % len(self.workers)].postings.all()[0].region
        until = (day_of(self.now) + timedelta(days=15)).isoformat()
        return [number, "李建国", f"139{place:08d}", township.parent.name, township.name, f"{place}号工地", "孙老板", story, until]

    def put(self, data: bytes) -> OrderSheet:
        return sheets.put(self.source, self.person, data, "工单.xlsx", now=timezone.now())

    def send_before(self) -> None:
        """Every second of what is known is a claim, with a day its source was promised."""
        sheets.bring_in(sheets.Kept(self.put(self.file(before=True)), day_of(self.now)), self.person, now=timezone.now())
        for report in Report.objects.select_related("region").order_by("external_number"):
            if int(report.external_number[2:]) // KNOWN % 4 < 2:
                deciding.accept(report, self.workers[int(report.external_number[2:]) % len(self.workers)], now=timezone.now())

    def orders(self, row: OrderSheet) -> list[WorkOrder]:
        return [line.order() for line in sheets.Kept(row, day_of(self.now)).having(GOOD)]


class Worker:
    """Of the queue on which files are imported, as bin/serve starts it."""

    def __init__(self) -> None:
        name = QUEUES[TASKS[TASK]].worker
        self.command = next(child for child in list_children(Path(settings.DATA), "127.0.0.1", 0) if child.name == name).command
        self.log = (Path(settings.DATA) / "log/faults-orders.log").open("a+")
        self.process = self.begin()

    def begin(self) -> subprocess.Popen:
        return start(command=self.command, stdout=self.log, stderr=self.log)

    def kill(self) -> bool:
        """Whether it was alive to be killed."""
        was_alive = self.process.poll() is None
        kill(self.process)
        return was_alive

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()


def run(size: int, seed: int) -> Figures:
    city.build_alone()
    office, rng = Office(size), Random(seed)
    say(f"{len(office.known):,} orders that are known, half of them claims")
    office.send_before()
    row = office.put(office.file(before=False))
    orders = office.orders(row)
    until = time.monotonic() + LONGEST + EACH * size
    over, answers = Flag(), Counter[str]()
    api = Thread(target=send_by_api, args=(office, orders[1::BY_API], over, answers), daemon=True)
    kills = half = asked_again = 0
    say(f"{size:,} orders in one file; its worker is killed {KILLS} times")
    with Worker() as worker:
        importing.ask(row, now=timezone.now(), send=lambda: None)
        end = rng.uniform(10, 80)  # percent done when it is killed
        hint = 0.0
        while time.monotonic() < until:
            row = OrderSheet.objects.defer("tables", "answers").get(pk=row.pk)
            if row.is_done:
                break
            if row.refused:  # as whoever reads the sentence does
                asked_again += 1
                say(f"refused after {row.tries} tries: {row.refused}")
                importing.ask(row, now=timezone.now(), send=lambda: None)
            if time.monotonic() > hint:  # beat sends it every minute; here every second
                app.send_task(TASK, queue=TASKS[TASK])
                hint = time.monotonic() + 1
            if kills < KILLS and row.is_under_way and long_work.percent(row.pk) >= end:
                kills += worker.kill()
                half += written_by(office, answers)
                say(f"killed at {long_work.percent(row.pk)} %")
                long_work.say(row.pk, 0, 1)
                end = rng.uniform(10, 80)
                if kills == 1:
                    api.start()
                worker.process = worker.begin()
            time.sleep(0.01)
        over.set()
        if api.ident:
            api.join(30)
    return figures(office, orders, row, kills=kills, half=half, asked_again=asked_again, by_api=dict(answers), unfinished=int(not row.is_done))


def send_by_api(office: Office, orders: list[WorkOrder], over: Flag, answers: Counter[str]) -> None:
    """What the API calls for each order; it waits where the file has the same one in hand."""
    try:
        for order in orders:
            if over.wait(0.2):
                break
            answers[taking.take(office.source, order, Places.of(office.source.region), now=timezone.now()).result] += 1
    finally:
        connection.close()


def written_by(office: Office, answers: Counter[str]) -> int:
    """Of the file, once the database has given up what the killed worker was at: only what came by the API may be there."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        more = Report.objects.count() - len(office.known) - answers["created"]
        if more in (0, 1):  # one may have come by the API this moment
            return 0
        time.sleep(0.1)
    return more


def figures(office: Office, orders: list[WorkOrder], row: OrderSheet, *, kills: int, unfinished: int, **more: object) -> Figures:
    there = {report.external_number: report for report in Report.objects.filter(source=office.source)}
    lost = sum(order.external_number not in there or there[order.external_number].fingerprint != order.told.fingerprint for order in orders)
    changed = set(office.known) - set(office.same)
    updates = Counter(ReportEvent.objects.filter(kind="updated").values_list("report__external_number", flat=True))
    arrivals = Counter(ReportEvent.objects.filter(kind="received").values_list("report__external_number", flat=True))
    told = Counter(Returned.objects.filter(state="received").values_list("report__external_number", flat=True))
    on_claims = Counter(Event.objects.filter(kind="source_updated").values_list("facts__external", flat=True))
    claimed = {number for number in changed if number in there and there[number].claim_id}
    expected = (
        (updates, changed), (arrivals, set(office.numbers)), (told, set(office.numbers)), (on_claims, claimed),
    )  # fmt: skip
    called = set(Notice.objects.filter(kind="report_arrived").values_list("subject_id", flat=True))
    return {
        "orders": len(orders), "reports": len(there), "claims": Claim.objects.count(), "updates_on_claims": len(on_claims), "kills": kills,
        "lost": lost + sum(len(wanted - found.keys()) for found, wanted in expected),
        "doubled": sum(sum(found.values()) - len(found.keys() & wanted) for found, wanted in expected),
        "untold": sum(report.pk not in called for report in there.values()),
        "result": row.result or {}, "unfinished": unfinished, "spared": int(kills < KILLS), **more,
    }  # fmt: skip
