"""Scheduling and postponing: the form with the day's occupancy of the rooms beside it."""

from datetime import date, time
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from mediation import sittings, together
from mediation.day import DayPlan, plan_of
from mediation.forms import ConvertForm, JoinForm, SittingForm
from mediation.models import Hearing, Room
from mediation.models.hearings import RoomQuerySet
from mediation.parties import MOST_CALLED, Party, parties_of
from mediation.placing import last_hearing, sitting_of
from mediation.views.asked import Asked, people_for, typed

GIVEN = ("day", "starts", "ends", "room", "mediator")
MOST_JOINABLE = 20
STARTS, ENDS = time(9, 0), time(10, 30)


def sitting(asked: Asked) -> HttpResponse:
    rooms, parties = Room.objects.for_claim(asked.mediation.claim), parties_of(asked.mediation.claim)
    brought = {"rooms": rooms, "mediators": people_for(asked.mediation.claim, asked.today), "parties": parties, "is_many": asked.mediation.claim.worker_count > MOST_CALLED, "joined": joined(asked)}
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


def joined(asked: Asked) -> int:
    """How many cases are heard together with this one."""
    return len(together.others(asked.mediation)) if "together" in asked.move.asks_by_name else 0


def suggested(asked: Asked, rooms: RoomQuerySet, parties: list[Party]) -> dict[str, Any]:
    """For a postponement the hearing as it stands; else the next working day with everybody called."""
    last = last_hearing(asked.mediation)
    given = {name: asked.request.GET[name] for name in GIVEN if name in asked.request.GET}  # where it was dragged to
    if last is not None and last.is_live:
        return {"day": last.starts_at.date(), "starts": last.starts_at.time(), "ends": last.ends_at.time(),
                "room": last.room_id, "mediator": last.mediator_id, "version": last.version, **given}  # fmt: skip
    return {
        "day": calendar_now().add(asked.today, 1), "starts": STARTS, "ends": ENDS, "room": rooms.first(),
        "mediator": asked.mediation.mediator_id, "parties": [str(party.pk) for party in parties],
        **given,
    }  # fmt: skip


def convert(asked: Asked) -> HttpResponse:
    """The same time in a room of the other kind."""
    last = last_hearing(asked.mediation)
    rooms = Room.objects.for_claim(asked.mediation.claim)
    if last is not None:
        rooms = rooms.exclude(medium=last.room.medium)
    form = ConvertForm(asked.data, rooms=rooms, initial={"version": last and last.version})
    empty = "" if rooms else _("本县（区）还没有另一种方式的调解室，请先在“调解室”页面添加。")
    return answered(asked, form, last, empty)


def join(asked: Asked) -> HttpResponse:
    last = last_hearing(asked.mediation)
    rows = joinable(asked)
    form = JoinForm(asked.data, hearings=rows, initial={"version": last.version if last and last.is_live else None})
    return answered(asked, form, last, "" if rows else _("现在没有可以合并的调解会。"))


def joinable(asked: Asked) -> list[tuple[Hearing, str]]:
    """Hearings to come of cases in sight that share the firm, soonest first."""
    keys = [party.key for party in parties_of(asked.mediation.claim)]
    rows = Hearing.objects.visible_to(asked.person, asked.today).live().exclude(mediation=asked.mediation)
    rows = rows.filter(span__startswith__gt=asked.now, attendances__party_key__in=keys, room__in=Room.objects.for_claim(asked.mediation.claim))
    return [
        (row, f"{sittings.when(row.starts_at, row.ends_at)} · {row.room.name} · {row.mediator.full_name} · {row.mediation.claim.number}")
        for row in rows.for_list().distinct()[:MOST_JOINABLE]
    ]


def answered(asked: Asked, form: Form, last: Hearing | None, empty: str) -> HttpResponse:
    refusal = asked.refusal()
    if not refusal and form.is_valid():
        refusal = asked.attempt(**form.cleaned_data)
        if not refusal:
            return asked.back()
    context = asked.context(form=form, refusal=refusal, last=last, empty=empty)
    return render(asked.request, "mediation/sitting/small.html", context, status=409 if refusal else 200)


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
    for sentence in sittings.remarks(sitting_of(asked.mediation, answers), asked.mediation, called):
        messages.warning(asked.request, sentence)
