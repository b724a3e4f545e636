"""Scheduling and postponing: the form with the day's occupancy of the rooms beside it."""

from datetime import date, time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date

from arrears.calendars import calendar_now
from mediation import sittings
from mediation.day import DayPlan, plan_of
from mediation.forms import SittingForm
from mediation.hearings import last_hearing, sitting_of
from mediation.models import Hearing, Room
from mediation.models.hearings import RoomQuerySet
from mediation.parties import MOST_CALLED, Party, parties_of
from mediation.views.asked import Asked, people_for, typed

STARTS, ENDS = time(9, 0), time(10, 30)


def sitting(asked: Asked) -> HttpResponse:
    rooms, parties = Room.objects.for_claim(asked.mediation.claim), parties_of(asked.mediation.claim)
    brought = {"rooms": rooms, "mediators": people_for(asked.mediation.claim, asked.today), "parties": parties, "is_many": asked.mediation.claim.worker_count > MOST_CALLED}
    form = SittingForm(asked.move, asked.data, initial=suggested(asked, rooms, parties), **brought)
    if asked.request.htmx and asked.data is None:
        return render(asked.request, "mediation/sitting/_occupancy.html", asked.context(plan=plan(asked, rooms, form)))
    if asked.data is not None and "look" in asked.data:
        form = SittingForm(asked.move, initial=typed(asked.data, form), **brought)
    refusal = asked.refusal()
    if not refusal and form.is_valid():
        refusal = asked.attempt(**form.answers())
        if not refusal:
            remark(asked, form, len(parties))
            return asked.back()
    context = asked.context(form=form, refusal=refusal, plan=plan(asked, rooms, form), last=last_hearing(asked.mediation))
    return render(asked.request, "mediation/sitting/page.html", context, status=409 if refusal else 200)


def suggested(asked: Asked, rooms: RoomQuerySet, parties: list[Party]) -> dict[str, Any]:
    """For a postponement the hearing as it stands; else the next working day with everybody called."""
    last = last_hearing(asked.mediation)
    if last is not None and last.is_live:
        return {"day": last.starts_at.date(), "starts": last.starts_at.time(), "ends": last.ends_at.time(),
                "room": last.room_id, "mediator": last.mediator_id}  # fmt: skip
    return {
        "day": calendar_now().add(asked.today, 1), "starts": STARTS, "ends": ENDS, "room": rooms.first(),
        "mediator": asked.mediation.mediator_id, "parties": [str(party.pk) for party in parties],
    }  # fmt: skip


def plan(asked: Asked, rooms: RoomQuerySet, form: SittingForm) -> DayPlan:
    return plan_of(day_of_form(asked, form), rooms, Hearing.objects.visible_to(asked.person, asked.today))


def day_of_form(asked: Asked, form: SittingForm) -> date:
    """The day the reader looks at, however far the form has come; unreadable: today."""
    day = asked.request.GET.get("day") or form["day"].value()
    try:
        return (day if isinstance(day, date) else parse_date(str(day))) or asked.today
    except ValueError:
        return asked.today


def remark(asked: Asked, form: SittingForm, everybody: int) -> None:
    """The hearing stands; what is odd about it is said."""
    answers = form.answers()
    called = len(answers["parties"]) if "parties" in answers else everybody
    for sentence in sittings.remarks(sitting_of(answers), asked.mediation, called, calendar_now()):
        messages.warning(asked.request, sentence)
