"""What people do every afternoon beside their cases: they sign for alerts, answer supervision orders and judge answers."""

from collections.abc import Iterator
from datetime import datetime, time
from random import Random

from arrears.models import Order
from arrears.simulation import measured
from arrears.simulation.year import Year, at
from arrears.supervision import orders
from grid import alerts
from grid.days import day_of
from grid.models import Notice
from grid.roles import above

AFTERNOON = time(15, 30)


def afternoons(year: Year, rng: Random) -> Iterator[datetime]:
    while True:
        today = day_of(year.clock)
        if year.calendar.is_working(today):
            sign(year, rng)
            answer(year, rng)
        yield at(year.calendar.add(today, 1), AFTERNOON)


def sign(year: Year, rng: Random) -> None:
    waiting = Notice.objects.filter(ack_by__gt=year.clock, acknowledged_at=None, channel="in_app").exclude(recipient=None)
    here = year.roster()
    for notice in waiting.select_related("recipient").order_by("id"):
        if rng.random() < measured.ACKNOWLEDGES and here.on_duty(notice.recipient_id, notice.region_code):
            year.may(alerts.acknowledge, notice, notice.recipient, year.clock, "已知悉。")


def answer(year: Year, rng: Random) -> None:
    for order in Order.objects.filter(state__in=("issued", "received", "sent_back", "replied")).select_related("claim").order_by("id"):
        if rng.random() >= measured.ANSWERS_ORDER:
            continue
        is_answered = order.state == "replied"
        people = year.roster().answerable(order.from_level if is_answered else order.level, order.claim.region_id)[1]
        move, said = ("accept", {"verdict": "同意办结。"}) if is_answered else ("reply", {"reply": "正在督促单位付款。"})
        if people and above(order.level):
            year.may(orders.advance, order, move, people[0], now=year.clock, **said)
            year.looked([order.claim_id])
