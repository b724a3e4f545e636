"""What is written about an order: its number, the facts of its events, whom its notices tell, the words of a rung."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from arrears.models import Claim, Clock, Order, OrderCounter
from arrears.numbering import next_in
from grid.duty import Roster
from grid.models import Notice, Person
from grid.notices import Ways, rows_for
from grid.roles import LEVELS

# Kinds of notice a move speaks with; the others name the move.
WORDS = {"send_back": "order_sent_back", "lapse": "order_lapsed"}


def next_numbers(city_code: str, year: int, count: int) -> list[str]:
    """A run of order numbers, 宿督〔2026〕00042."""
    return [f"{settings.ORDER_PREFIX}〔{year}〕{number:05d}" for number in next_in(OrderCounter, "city_code", city_code, year, count)]


def event_facts(order: Order, move: str, **answers: Any) -> dict[str, Any]:
    """Which order, what was done with it, what was said. `level` would be the claim's own."""
    return {"move": move, "order": str(order.pk), "order_number": order.number, "order_level": order.level, **answers}


def notice_facts(order: Order, by: Person | None) -> dict[str, str]:
    return {
        "number": order.claim.number, "order": order.number, "due": order.reply_by.isoformat(), "by": str(by or ""),
    }  # fmt: skip


def first_notices(
    order: Order, roster: Roster, issuer: Person | None, now: datetime, ways: Ways | None = None
) -> list[Notice]:
    """Who answers for the addressed level is told, and who has the claim in hand. Unsaved."""
    claim = order.claim
    people = [*reached(order, roster), roster.on_duty(claim.handler_id, claim.region_id)]
    return rows_for(
        [one for one in people if one and one != issuer], "order_issued", key=f"order:{order.pk}:issue", now=now,
        facts=notice_facts(order, issuer), path=page_of(order), subject_id=claim.pk, region_code=claim.region_id,
        ways=ways,
    )  # fmt: skip


def page_of(order: Order) -> str:
    return f"/orders/{order.pk}/"


def reached(order: Order, roster: Roster) -> list[Person]:
    """Who answers for the addressed level; where everybody below the issuer is away, also those who are to reply when
    they are back: it waits for them in their inbox."""
    seat = roster.seat(order.level, order.claim.region_id)
    between = LEVELS[LEVELS.index(order.level) : LEVELS.index(order.from_level)]
    if seat.people and seat.level in between:
        return seat.people
    away = [person for level in between for person in roster.holding(level, order.claim.region_id)]
    return list({person.pk: person for person in (*seat.people, *away)}.values())


def addressed(order: Order, roster: Roster) -> list[Person]:
    """Who answers for the addressed level today, and who signed for it."""
    people = roster.answerable(order.level, order.claim.region_id)[1]
    signed = roster.on_duty(order.in_hand_of_id, order.claim.region_id)
    return [*people, signed] if signed else people


def issuers(order: Order, roster: Roster) -> list[Person]:
    """Who issued it, while they are here; else who answers for their level."""
    person = roster.on_duty(order.issued_by_id, order.claim.region_id)
    return [person] if person else roster.answerable(order.from_level, order.claim.region_id)[1]


TOLD: dict[str, Callable[[Order, Roster], list[Person]]] = {"level": addressed, "issuer": issuers}


def demand_of_rung(clock: Clock, claim: Claim, due_on: date, reply_by: date) -> str:
    """An order is a document of the house: its words are fixed when it is issued, in the house's language."""
    with override(settings.LANGUAGE_CODE):
        return _(
            "案件 %(number)s 的“%(rule)s”应于 %(due)s 前完成（%(article)s），尚未完成。请立即办理，"
            "并在 %(reply_by)s 前回复办理情况、未按期完成的原因和下一步安排。"
        ) % {
            "number": claim.number, "rule": clock.rule.name, "due": due_on, "article": clock.rule.citation(),
            "reply_by": reply_by,
        }  # fmt: skip
