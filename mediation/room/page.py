"""What the room's page shows, gathered in a fixed number of queries. Templates neither query nor decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext

from arrears.completing.verbs import MOVE as COMPLETE
from arrears.lifecycle import CLAIM
from arrears.models import Authority
from arrears.permits import find, may
from grid.days import day_of
from grid.models import Person
from mediation.forms.room import CameForm, OtherForm
from mediation.lifecycle import LIVE
from mediation.models import Attendance, Hearing, HearingLink, HearingRecord, Minutes, MinutesSignature, Presence
from mediation.models.hearings import HearingQuerySet
from mediation.parties import RESPONDENT, WORKER
from mediation.permits import mediation_moves_for
from mediation.room.calling import Called, calls, may_call
from mediation.room.earlier import told_of
from mediation.room.notes import SECTIONS
from mediation.room.quorum import SELF, UNCALLED, Quorum, Seat, quorum
from mediation.room.rights import RIGHTS
from mediation.room.signing import Hand, hands
from mediation.room.verbs import MEDIATOR, may_work
from mediation.suits import may_note

TURN = ("present", "rights", "notes", "sign", "result")  # the order in which a hearing goes


@dataclass(frozen=True)
class Door:
    """A party that was called, what is known of it, and the form that says more."""

    attendance: Attendance
    presence: Presence | None
    form: forms.Form

    @property
    def tone(self) -> str:
        if self.presence is None:
            return "muted"
        return "good" if self.presence.is_here else "warn" if self.presence.state == UNCALLED else "bad"


class RoomPage:
    """`hearing` was fetched with `rows()`. `typed`: the form that was refused, by the id of whom it is about, with what was typed."""

    def __init__(self, hearing: Hearing, person: Person, now: datetime, typed: Mapping[str, forms.Form] | None = None) -> None:
        self.hearing, self.person, self.now, self.typed = hearing, person, now, typed or {}
        self.mediation, self.claim = hearing.mediation, hearing.mediation.claim

    @staticmethod
    def rows() -> HearingQuerySet:
        return Hearing.objects.select_related(
            "room", "room__region", "mediator", "mediation", "mediation__claim", "mediation__claim__region", "mediation__mediator", "record",
            "record__notes_by", "record__rights_by",
        )  # fmt: skip

    @property
    def today(self) -> date:
        return day_of(self.now)

    @cached_property
    def may_work(self) -> bool:
        return may_work(self.hearing, self.person, self.today)

    @property
    def is_open(self) -> bool:
        """Can somebody still check in, and the minutes be written?"""
        return self.may_work and self.hearing.state == LIVE

    @cached_property
    def record(self) -> HearingRecord | None:
        return getattr(self.hearing, "record", None)

    # Who is here

    @cached_property
    def presences(self) -> list[Presence]:
        return list(self.hearing.presences.select_related("checked_by", "beside"))

    @cached_property
    def attendances(self) -> list[Attendance]:
        return list(self.hearing.attendances.all())

    @cached_property
    def doors(self) -> list[Door]:
        said = {one.attendance_id: one for one in self.presences}
        return [
            Door(
                one.attendance, known := said.get(one.attendance.pk),
                self.typed.get(str(one.attendance.pk)) or CameForm(one.attendance, known, auto_id=f"id_{number}_%s", called=one.proof),
            )
            for number, one in enumerate(self.calls)
        ]  # fmt: skip

    @cached_property
    def calls(self) -> list[Called]:
        return calls(self.hearing, self.attendances, get_language() or "")

    @cached_property
    def may_call(self) -> bool:
        """Written notices are made for a hearing that is to come."""
        return self.hearing.is_live and self.hearing.starts_at > self.now and bool(may_call(self.hearing, self.person, self.today))

    @cached_property
    def may_complete(self) -> bool:
        """What the case lacks is filled in on its own page."""
        return bool(may(find(CLAIM, COMPLETE), self.mediation.claim, self.person, self.today))

    @cached_property
    def may_link(self) -> bool:
        return self.hearing.is_live and self.hearing.ends_at > self.now and may_note(self.mediation, self.person, self.today)

    @cached_property
    def observers(self) -> list[HearingLink]:
        return list(self.hearing.links.filter(attendance=None))

    @property
    def uncalled(self) -> int:
        return sum(one.notice is None for one in self.calls)

    @property
    def sides(self) -> list[tuple[str, list[Door]]]:
        names = ((WORKER, gettext("申请人")), (RESPONDENT, gettext("被申请方")))
        return [(label, found) for side, label in names if (found := [door for door in self.doors if door.attendance.party_kind == side])]

    @property
    def mediator_is_here(self) -> bool:
        return any(one.capacity == MEDIATOR for one in self.presences)

    @property
    def may_sign_in(self) -> bool:
        return self.is_open and not self.mediator_is_here and self.hearing.mediator_id == self.person.pk

    @property
    def others(self) -> list[Presence]:
        return [one for one in self.presences if one.attendance_id is None and one.capacity != MEDIATOR]

    @cached_property
    def earlier(self) -> list[dict[str, Any]]:
        """What was said at the door before the hearing got another time or place, in the reader's words."""
        rows = self.hearing.earlier_sittings.select_related("moved_by")
        return [{"kept": row, "people": [told_of(one) for one in row.people]} for row in rows]

    @property
    def other_form(self) -> forms.Form:
        return self.typed.get("other") or OtherForm(self.attendances, auto_id="id_other_%s")

    @cached_property
    def quorum(self) -> Quorum:
        said = {one.attendance_id: one for one in self.presences}
        seats = []
        for one in self.attendances:
            known, (spoken_by, scope) = said.get(one.pk), self.spoken_for.get(one.party_id, ("", ""))
            seats.append(
                Seat(one.party_kind, one.name, known.state, known.by, known.authority, known.stands_in, spoken_by, scope)
                if known else Seat(one.party_kind, one.name)
            )  # fmt: skip
        return quorum(self.mediator_is_here, seats)

    @cached_property
    def spoken_for(self) -> dict[Any, tuple[str, str]]:
        """Of workers who did not come, who is here to represent them and how far: with an authority that holds on the day of the hearing."""
        kinds = {one.pk: one for one in self.attendances if one.party_kind == WORKER}
        away = {kinds[row.attendance_id].party_id for row in self.presences if row.attendance_id in kinds and not row.is_here}
        here = {kinds[row.attendance_id].party_id for row in self.presences if row.attendance_id in kinds and row.is_here and row.by == SELF}
        if not away or not here:
            return {}
        given = Authority.objects.filter(Authority.holds_on(day_of(self.hearing.starts_at)), claimant__in=away, representative__claimant__in=here, representative__ended_at=None)
        rows = given.order_by("scope").values_list("claimant", "representative__claimant__name", "scope")  # general, then special
        return {worker: (name, scope) for worker, name, scope in rows}

    @cached_property
    def missing(self) -> list[str]:
        return [one.text(gettext) for one in self.quorum.missing]

    @property
    def remarks(self) -> list[str]:
        return [one.text(gettext) for one in self.quorum.notes]

    @cached_property
    def ways(self) -> list[tuple[str, str]]:
        """What may be done when somebody is missing, with the move that does it, if this person may make it now."""
        known = {move.name for move in mediation_moves_for(self.mediation, self.person, self.today)} if self.is_open else set()
        return [(gettext(way.text), way.move if way.move in known else "") for way in self.quorum.ways]

    # What is read, written and signed

    @property
    def rights(self) -> Sequence[Any]:
        return RIGHTS

    @cached_property
    def versions(self) -> list[Minutes]:
        return list(self.hearing.minutes_versions.select_related("frozen_by").order_by("-number"))

    @property
    def minutes(self) -> Minutes | None:
        return self.versions[0] if self.versions else None

    @property
    def written(self) -> list[tuple[str, str]]:
        notes = self.record.notes if self.record else {}
        return [(gettext(section.label), notes[section.name]) for section in SECTIONS if notes.get(section.name)]

    @cached_property
    def hands(self) -> list[Hand]:
        if self.minutes is None:
            return []
        signatures = MinutesSignature.objects.filter(minutes__hearing=self.hearing).select_related("taken_by", "evidence")
        return hands(self.hearing, self.minutes, self.presences, list(signatures))

    @cached_property
    def door_changed(self) -> bool:
        """Since the newest minutes were closed: what they say of who was here is no longer so."""
        return self.minutes is not None and any(one.entered_at > self.minutes.frozen_at for one in self.presences)

    @property
    def left_to_sign(self) -> int:
        return sum(not hand.is_done and not hand.is_refusal for hand in self.hands)

    @cached_property
    def results(self) -> list[str]:
        """Moves that say what became of the hearing, as this person may make them."""
        known = [move.name for move in mediation_moves_for(self.mediation, self.person, self.today)]
        return [name for name in ("hold", "no_show", "adjourn", "agree", "undo", "fail") if name in known]

    @property
    def turn(self) -> str:
        """What comes next, for the button that stays at hand on a phone."""
        if self.hearing.state != LIVE:
            return "sign" if self.left_to_sign and self.may_work else "result"
        if self.quorum.missing and not self.versions:
            return "present"
        if self.record is None or self.record.rights_at is None:
            return "rights"
        return "notes" if self.minutes is None else "sign" if self.left_to_sign else "result"
