"""送达回证 (F-22) of a paper that is to be served, or was: filled from what is known, to be signed, or as the record of it."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from arrears.lifecycle import CLAIM
from arrears.models import Attempt, Paper, Service
from arrears.models.serving import REACHED
from arrears.papers.asks import SERVED_BY
from arrears.papers.issuing import MOVE, issue
from arrears.permits import Denied, find, may
from arrears.serving.clock import tried
from arrears.serving.hands import services_of
from arrears.serving.lawful import next_way
from arrears.serving.table import METHODS, REFUSED
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

FORM = "F-22"
PRINTED = {
    "direct": "person", "leaving": "left", "post": "post", "electronic": "electronic", "posting": "posted", "notice": "notice", "entrusted": "other",
    "transfer": "other",
}  # fmt: skip
assert PRINTED.keys() == METHODS.keys() and set(PRINTED.values()) <= dict(SERVED_BY).keys(), "a way of serving the receipt cannot name"


def may_print(service: Service, person: Person, today: date) -> Denied | bool:
    """The form is for parties of the other side; workers sign where they receive."""
    if not (allowed := may(find(CLAIM, MOVE), service.claim, person, today)) and service.pk not in services_of(person, today):
        return allowed
    return True if service.respondent_id else Denied("not_for_workers", _("送达回证的格式是给被申请方的；送给劳动者的，请用收件登记并拍下签字。"))


def print_receipt(service: Service, person: Person, *, now: datetime) -> Paper:
    """Raises Refused: not_for_workers, and as papers.issuing.issue."""
    if service.respondent is None:
        raise Refused("not_for_workers", _("送达回证的格式是给被申请方的；送给劳动者的，请用收件登记并拍下签字。"))
    attempts = list(service.attempts.all())
    done = next((one for one in attempts if one.state == REACHED), None)
    way = service.method or next_way(tried(service)).id
    answers = {
        "party": str(service.respondent_id), "document": service.title, "served_by": PRINTED[way], "served_at": place_of(service, done),
        "served_on": service.deemed_on, "refused": "yes" if any(one.reason == REFUSED for one in attempts) else "no", "witness": told(attempts),
    }  # fmt: skip
    in_hand = service.pk in services_of(person, day_of(now))
    return issue(service.claim, FORM, person, now=now, answers=answers, about_id=service.pk, in_hand=in_hand)


def place_of(service: Service, done: Attempt | None) -> str:
    assert service.respondent is not None
    known = (done.place, done.tracking, done.unit, done.published_in) if done else ()
    return next((text for text in (*known, service.e_address, service.respondent.address) if text), _("不详"))


def told(attempts: list[Attempt]) -> str:
    """What was written of refusals and witnesses."""
    return "；".join(filter(None, (text for one in attempts for text in (one.note, one.witness and _("见证人：%(name)s") % {"name": one.witness}))))
