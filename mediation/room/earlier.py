"""People were already checked in when the hearing got another time or place: it begins anew, and what was said at the door stays on record.

Once minutes are closed a hearing is not moved any more: they and the names under them are of this sitting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from grid.models import Person
from grid.refused import Refused
from mediation.models import EarlierSitting, Hearing, HearingRecord, Presence
from mediation.models.room import BY, CALLS, CAPACITIES, PAPERS, STATES

WORDS = ("capacity", "name", "state", "by", "stands_in", "authority", "paper", "last_four", "why", "called_by", "called_proof", "credential")
CAPACITY, WHO, PAPER, CALL, STATE = map(dict, (CAPACITIES, BY, PAPERS, CALLS, STATES))


@dataclass(frozen=True)
class Begun:
    """A hearing as it stood before the move."""

    starts_at: datetime
    ends_at: datetime
    place: str
    mediator: str
    people: tuple[Presence, ...]


def begun(hearing: Hearing) -> Begun:
    """To be read before the hearing is moved. Raises Refused: minutes_closed."""
    if hearing.minutes_versions.exists():
        raise Refused("minutes_closed", _("这场调解会的笔录已经定稿，不能再改时间或者地点：请先登记结果（已开会，或者休会），再安排下一次。"))
    place = "，".join(filter(None, (hearing.room.name, hearing.room.address)))
    people = tuple(hearing.presences.select_related("checked_by", "entered_by"))
    return Begun(hearing.starts_at, hearing.ends_at, place, str(hearing.mediator), people)


def begin_anew(hearing: Hearing, was: Begun, person: Person | None, now: datetime) -> EarlierSitting | None:
    """Whoever had checked in has to come again, and is read to again; what was written goes on. Called inside the transaction of the move."""
    record = HearingRecord.objects.select_related("rights_by").filter(hearing=hearing).first()
    was_read = record is not None and record.rights_at is not None
    if not was.people and not was_read:
        return None
    said: dict[str, Any] = {"people": [words_of(one) for one in was.people]}
    if record is not None and was_read:
        said |= {"rights_version": record.rights_version, "rights_text": record.rights_text, "rights_at": record.rights_at, "rights_by": str(record.rights_by)}
        HearingRecord.objects.filter(hearing=hearing).update(rights_version="", rights_text="", rights_at=None, rights_by=None)
    kept = EarlierSitting.objects.create(
        hearing=hearing, starts_at=was.starts_at, ends_at=was.ends_at, place=was.place[:300], mediator=was.mediator, moved_by=person, moved_at=now, **said
    )
    hearing.presences.all().delete()
    return kept


def words_of(one: Presence) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in WORDS}, "at": one.at.isoformat() if one.at else None, "entered_by": str(one.entered_by),
        "checked_by": str(one.checked_by or ""), "checked_at": one.checked_at.isoformat() if one.checked_at else None,
    }  # fmt: skip


def told_of(one: Mapping[str, Any]) -> dict[str, Any]:
    """Of a kept presence, as a page shows it."""
    said = [f"{WHO[one['by']]} {one['stands_in']}"] if one["stands_in"] else []
    if one["paper"]:
        said.append(f"{PAPER[one['paper']]}{' ****' + one['last_four'] if one['last_four'] else ''}")
    if one["called_by"]:
        said.append(f"{CALL[one['called_by']]} {one['called_proof']}")
    return {
        "name": one["name"], "capacity": CAPACITY[one["capacity"]], "state": STATE[one["state"]], "at": parse_datetime(one["at"]) if one["at"] else None,
        "said": "；".join(filter(None, (*said, one.get("credential"), one["why"]))),
    }  # fmt: skip
