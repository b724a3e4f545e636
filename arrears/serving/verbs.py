"""The verbs of serving: a paper is to be served, an attempt and what came of it, what is known of the receiver, no longer needed.

Files are evidence of the claim before the attempt is written down, so that a refusal loses none. An attempt that failed asks, as
a task with a day, for the next way the law allows. Whoever serves in person is not stopped by what is still under way by post.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.deadlines import NoCalendar
from arrears.evidence import keep, look_at, sha256_of
from arrears.history import hold, record
from arrears.lifecycle import CLAIM
from arrears.models import Attempt, Claim, Claimant, Evidence, Paper, Proof, Respondent, Service
from arrears.models.serving import DROPPED, FAILED, OVERTAKEN, REACHED, SENT, WAITING
from arrears.one_by_one import one_by_one
from arrears.permits import Denied, find, may, require
from arrears.serving.clock import begin, due_day, in_effect, path_of, tried
from arrears.serving.hands import services_of
from arrears.serving.issued import check_issued
from arrears.serving.lawful import next_way, why_not
from arrears.serving.table import (
    CLAIMANT,
    FILES,
    METHODS,
    NEEDS,
    NOTICE,
    REASONS,
    RESPONDENT,
    SERVED,
    Method,
    deemed_on,
)
from arrears.worker.passing import hand_over, in_charge
from grid import tasklist
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.refused import Refused

MOVE = "serve"
TASK = "serve_next"
NEXT_WITHIN = 2  # working days after an attempt that failed
LONGEST_NOTE = 500

# Called inside the transaction in which a paper is served, or is no longer to be: whoever has a step that begins with it.
ON_SERVED: list[Callable[[Service, datetime], None]] = []


def add_on_served(step: Callable[[Service, datetime], None]) -> None:
    if step not in ON_SERVED:
        ON_SERVED.append(step)


@dataclass(frozen=True)
class Said:
    """What somebody says of an attempt: words, and files by what they show."""

    on: date
    at: time | None = None
    place: str = ""
    received_by: str = ""
    witness: str = ""
    tracking: str = ""
    unit: str = ""
    published_in: str = ""
    system_at: datetime | None = None
    note: str = ""
    files: Mapping[str, Sequence[UploadedFile]] = field(default_factory=dict)
    known: Mapping[str, Sequence[Evidence]] = field(default_factory=dict)  # evidence of the claim that shows it already

    def has(self, need: str) -> bool:
        return bool(self.files.get(need) or self.known.get(need)) if need in FILES else bool(getattr(self, need))


def may_serve(claim: Claim, person: Person, today: date) -> Denied | bool:
    return may(find(CLAIM, MOVE), claim, person, today)


def may_act(service: Service, person: Person, today: date) -> Denied | bool:
    if not (allowed := may_serve(service.claim, person, today)) and service.pk not in services_of(person, today):
        return allowed
    return True if service.is_waiting else served_already()


def served_already() -> Denied:
    return Denied("served_already", _("这份文书已经送达，或者不再送达。"))


def issue(
    claim: Claim, person: Person, *, now: datetime, what: str, title: str, made_on: date, respondent: Respondent | None = None,
    claimant: Claimant | None = None, serve_by: date | None = None, server: Person | None = None, paper: Paper | None = None,
    in_hand: bool = False,
) -> Service:  # fmt: skip
    """A paper is to be served. `in_hand`: the caller has asked whether it is this person's work (arrears.serving.hands). Raises Refused: as casework.advance, unknown_paper, no_title, wrong_receiver, not_of_claim, in_future, day_past,
    no_calendar, not_here; of a paper that was issued here: those of check_issued."""
    today = day_of(now)
    with transaction.atomic():
        claim = hold(claim)
        require(in_hand or may_serve(claim, person, today))
        check_paper(claim, what, title, made_on, respondent, claimant, today)
        if paper:
            check_issued(paper, claim, respondent, claimant)
        server = server or person
        if not (in_hand and server == person) and not may_serve(claim, server, today):
            raise Refused("not_here", _("所选的送达人在本案没有岗位，请换一位。"))
        limit = limit_of(what, made_on)
        if serve_by and serve_by < today:
            raise Refused("day_past", _("最迟送达日期不能早于今天。"))
        service = Service(
            claim=claim, what=what, title=title.strip()[:120], made_on=made_on, respondent=respondent, claimant=claimant, server=server,
            level=claim.level, serve_by=min(serve_by or limit, limit) if SERVED[what].rule else serve_by or limit, paper=paper, made_by=person, made_at=now,
        )  # fmt: skip
        lay_out(service, made_on, person, now)
        if server != person:
            ask(service, [server], now, min(service.due_on, calendar_now().add(today, NEXT_WITHIN)))
    return service


def lay_out(service: Service, since: date, person: Person | None, now: datetime) -> None:
    begin(service, since, service.serve_by, now)
    service.save(force_insert=True)
    write(service, "issue", person, now, due=service.serve_by.isoformat())


def bring(
    claim: Claim, person: Person | None, *, now: datetime, what: str, title: str, made_on: date, respondent: Respondent | None = None,
    claimant: Claimant | None = None, in_hand: bool = False,
) -> Service:  # fmt: skip
    """What another verb brings about and has to reach somebody: whoever may do that need not be allowed to serve. The claim is held. Whoever
    serves papers of it has it in hand (`in_hand`: it is this person's work), else whoever is in charge; its day counts from today."""
    today = day_of(now)
    service = Service(
        claim=claim, what=what, title=title.strip()[:120], made_on=made_on, respondent=respondent, claimant=claimant, level=claim.level,
        server=person if person and (in_hand or may_serve(claim, person, today)) else None, serve_by=limit_of(what, today), made_by=person, made_at=now,
    )  # fmt: skip
    lay_out(service, today, person, now)
    return service


def limit_of(what: str, made_on: date) -> date:
    try:
        return due_day(what, made_on, calendar_now())
    except NoCalendar as error:  # a slip in the year
        raise Refused("no_calendar", error.phrase.text(_)) from error


def check_paper(
    claim: Claim, what: str, title: str, made_on: date, respondent: Respondent | None, claimant: Claimant | None, today: date
) -> None:
    if what not in SERVED:
        raise Refused("unknown_paper", _("请选择要送达的文书。"))
    if not title.strip():
        raise Refused("no_title", _("请写明文书的名称和文号。"))
    kind = RESPONDENT if respondent else CLAIMANT
    if (respondent is None) == (claimant is None) or kind not in SERVED[what].whom:
        raise Refused("wrong_receiver", _("这种文书不送给所选的人，请另选受送达人。"))
    known = claim.respondents.filter(pk=respondent.pk) if respondent else claim.claimants.filter(pk=claimant.pk, same_as=None)
    if not known.exists():
        raise Refused("not_of_claim", _("所选的受送达人不在本案，请刷新后重新选择。"))
    if made_on > today:
        raise Refused("in_future", _("日期不能晚于今天。"))


def write(service: Service, move: str, person: Person | None, now: datetime, **facts: Any) -> None:
    record(service.claim, "service", person, now=now, move=move, title=service.title, receiver=service.receiver, service=str(service.pk), **facts)


# An attempt


def attempt(
    service: Service, person: Person, *, now: datetime, method: str, said: Said, reason: str = "",
) -> Attempt:  # fmt: skip
    """`reason`: why it failed; "": it was done, or sent. Raises Refused: as casework.advance, served_already, unknown_way,
    way_closed, unproved, in_future, too_early, under_way, file_quarantined, and as evidence.keep."""
    today = day_of(now)
    require(may_act(service, person, today))
    way = METHODS.get(method)
    if way is None:
        raise Refused("unknown_way", _("请选择送达方式。"))
    check_day(service, said, now)
    if (no := why_not(way, tried(service), get_language() or "")) is not None:
        raise Refused("way_closed", no.text(_))
    check_reason(reason)
    if not reason:
        check_proved(way, way.at_once, said)
    kept = keep_files(service.claim, said, person, now)
    with transaction.atomic():
        service = held(service, person, now)
        if (no := why_not(way, tried(service), get_language() or "")) is not None:
            raise Refused("way_closed", no.text(_))
        if service.attempts.filter(method=method, state=SENT).exists():
            raise Refused("under_way", _("这种方式已经发出，请先登记它的结果。"))
        made = Attempt(
            service=service, method=method, state=FAILED if reason else SENT if way.waits else REACHED, reason=reason, by=person, recorded_at=now,
            check_on=None if reason or not way.waits else check_day_of(way, said.on), **words_of(said),
        )  # fmt: skip
        made.save(force_insert=True)
        add_proofs(made, kept)
        settle_task(service, now)
        if reason:
            fail(service, made, person, now)
        elif way.waits:
            send(service, made, person, now)
        else:
            reach(service, made, counts_from(way, said), person, now)
    return made


def settle(made: Attempt, person: Person, *, now: datetime, said: Said, reason: str = "") -> Attempt:
    """What came of one that was sent. Raises Refused: as `attempt`, settled_already, takes_effect_itself."""
    service, way = made.service, made.way
    require(may_act(service, person, day_of(now)))
    check_day(service, said, now)
    if said.on < made.on:
        raise Refused("too_early", _("结果的日期不能早于发出的日期。"))
    check_reason(reason)
    if not reason and way.deemed == NOTICE:
        raise Refused("takes_effect_itself", _("公告期满自动视为送达，不用登记。公告有误的，登记没有送到。"))
    if not reason:
        check_proved(way, way.proof, said)
    kept = keep_files(service.claim, said, person, now)
    with transaction.atomic():
        service = held(service, person, now)
        made = Attempt.objects.select_for_update().get(pk=made.pk)
        if made.state != SENT:
            raise Refused("settled_already", _("这一次送达已经有结果。"))
        made.service, made.reason, made.settled_at = service, reason, now
        made.state = FAILED if reason else REACHED
        for name in ("received_by", "system_at", "witness"):
            setattr(made, name, getattr(said, name) or getattr(made, name))
        made.note = "；".join(filter(None, (made.note, said.note)))[:LONGEST_NOTE]
        made.save(update_fields=["reason", "settled_at", "state", "received_by", "system_at", "witness", "note"])
        add_proofs(made, kept)
        settle_task(service, now)
        if reason:
            fail(service, made, person, now)
        else:
            reach(service, made, counts_from(way, said), person, now)
    return made


def take_effect(now: datetime) -> int:
    """Announcements whose day has come; how many."""
    return one_by_one(in_effect(now), lambda pk: take_effect_of(pk, now))


def take_effect_of(pk: UUID, now: datetime) -> bool:
    with transaction.atomic():
        claim = hold(Claim.objects.get(services__attempts=pk))
        made = Attempt.objects.select_for_update(of=("self",)).select_related("service").filter(pk=pk, state=SENT, service__state=WAITING).first()
        if made is None or made.check_on is None or made.check_on > day_of(now):
            return False
        made.service.claim, made.state, made.settled_at = claim, REACHED, now
        made.save(update_fields=["state", "settled_at"])
        reach(made.service, made, made.on, None, now)
    return True


def held(service: Service, person: Person | None, now: datetime, *, in_hand: bool = False) -> Service:
    claim = hold(service.claim)
    found = Service.objects.select_for_update(of=("self",)).select_related("respondent", "claimant").get(pk=service.pk)
    if found.claim_id != claim.pk:
        raise Refused("stale", _("案件刚刚并入或者拆出，请刷新后再登记。"))
    found.claim = claim
    if not in_hand:
        assert person is not None
        require(may_act(found, person, day_of(now)))
    elif not found.is_waiting:
        require(served_already())
    return found


def check_day(service: Service, said: Said, now: datetime) -> None:
    if said.on > day_of(now) or (said.system_at and said.system_at > now):
        raise Refused("in_future", _("日期不能晚于今天。"))
    if said.on < service.made_on:
        raise Refused("too_early", _("送达的日期不能早于文书的日期 %(day)s。") % {"day": service.made_on})


def check_reason(reason: str) -> None:
    if reason and reason not in dict(REASONS):
        raise Refused("no_reason", _("请选择没有送到的原因。"))


def check_proved(way: Method, sets: Sequence[str], said: Said) -> None:
    """One of the sets is whole; what the nearest one lacks is named."""
    lacks = [[need for need in one.split("+") if not said.has(need)] for one in sets]
    if lacks and all(lacks):
        missing = _("、").join(_(NEEDS[need]) for need in min(lacks, key=len))
        raise Refused("unproved", _("%(method)s还缺证明：%(missing)s。") % {"method": way.text("name", get_language() or ""), "missing": missing})


def check_day_of(way: Method, on: date) -> date:
    return deemed_on(way, on, calendar_now()) if way.deemed == NOTICE else calendar_now().add(on, way.check_days)


def counts_from(way: Method, said: Said) -> date:
    return day_of(said.system_at) if said.system_at and way.deemed == "arrived" else said.on


def words_of(said: Said) -> dict[str, Any]:
    cut = {name: getattr(said, name).strip()[: Attempt._meta.get_field(name).max_length] for name in WORDS}
    return {"on": said.on, "at": said.at, "system_at": said.system_at, **cut}


WORDS = ("place", "received_by", "witness", "tracking", "unit", "published_in", "note")


def keep_files(claim: Claim, said: Said, person: Person, now: datetime) -> list[tuple[str, Evidence]]:
    """Each as evidence of the claim, by what it shows; one that is there already is that one."""
    for files in said.files.values():
        for upload in files:
            look_at(upload)  # all of them before the first is kept
    kept = [(kind, row) for kind, rows in said.known.items() for row in rows if row.claim_id == claim.pk]
    for kind in FILES:
        for upload in said.files.get(kind, ()):
            known = Evidence.objects.filter(claim=claim, sha256=sha256_of(upload)).first()
            row = known or keep(claim, upload, person, now=now, kind="other", title=_("送达证明：%(what)s") % {"what": _(NEEDS[kind])})
            if row.is_quarantined:
                raise Refused("file_quarantined", _("文件查出病毒，已隔离，请另拍一份。"))
            kept.append((kind, row))
    return kept


def add_proofs(made: Attempt, kept: Sequence[tuple[str, Evidence]]) -> None:
    Proof.objects.bulk_create([Proof(attempt=made, kind=kind, evidence=row) for kind, row in kept], ignore_conflicts=True)


# What follows


def fail(service: Service, made: Attempt, person: Person, now: datetime) -> None:
    """The next way, as a task of whoever serves, with a day; its ladder begins anew."""
    today, calendar = day_of(now), calendar_now()
    way = next_way(tried(service))
    begin(service, today, calendar.add(today, NEXT_WITHIN), now)
    service.save(update_fields=["received_on", "due_on", "rung", "next_at"])
    write(
        service, "failed", person, now, serve_way=made.method, failed_for=made.reason, next_way=way.id, note=made.note, happened_on=made.on,
        attempt=str(made.pk),
    )  # fmt: skip
    ask(service, servers(service, now), now, service.due_on, way)


def send(service: Service, made: Attempt, person: Person, now: datetime) -> None:
    assert made.check_on is not None
    begin(service, made.on, made.check_on, now)
    service.save(update_fields=["received_on", "due_on", "rung", "next_at"])
    write(service, "sent", person, now, serve_way=made.method, happened_on=made.on, note=made.note, check_on=made.check_on.isoformat(), attempt=str(made.pk))


def reach(service: Service, made: Attempt, since: date, person: Person | None, now: datetime) -> None:
    made.deemed_on = deemed_on(made.way, since, calendar_now())
    made.save(update_fields=["deemed_on"])
    service.attempts.filter(state=SENT).exclude(pk=made.pk).update(state=OVERTAKEN, settled_at=now)
    service.state, service.method, service.deemed_on, service.next_at = REACHED, made.method, made.deemed_on, None
    service.save(update_fields=["state", "method", "deemed_on", "next_at"])
    tasklist.settle(key_of(service), now)
    write(service, "served", person, now, serve_way=made.method, deemed=made.deemed_on.isoformat(), happened_on=made.deemed_on, note=made.note, attempt=str(made.pk))
    for step in ON_SERVED:
        step(service, now)


def servers(service: Service, now: datetime) -> list[Person]:
    """Whoever serves it, or does their work today; else whoever is in charge of the claim."""
    one = Roster.around(service.claim.region_id, day_of(now)).at_work(service.server_id, service.claim.region_id)
    return [one] if one else in_charge(service.claim, now)


def ask(service: Service, people: list[Person], now: datetime, due_on: date, way: Method | None = None) -> None:
    way = way or next_way(tried(service))
    hand_over(
        service.claim, TASK, key_of(service), people, now, path=path_of(service), due_on=due_on, title=service.title, method=way.name, method_en=way.name_en
    )


def settle_task(service: Service, now: datetime) -> None:
    tasklist.settle(key_of(service), now)


def key_of(service: Service) -> str:
    return f"serve:{service.pk}"


# What is known of the receiver


def consent(service: Service, person: Person, *, now: datetime, address: str, paper: UploadedFile) -> Service:
    """The receiver agreed, in writing, to be served at this electronic address. Raises Refused."""
    require(may_act(service, person, day_of(now)))
    if not address.strip():
        raise Refused("no_address", _("请写明电子送达的地址：手机号、微信号或者邮箱。"))
    ((_kind, row),) = keep_files(service.claim, Said(day_of(now), files={"receipt": [paper]}), person, now)
    with transaction.atomic():
        service = held(service, person, now)
        service.e_address, service.consent = address.strip()[:120], row
        service.save(update_fields=["e_address", "consent"])
        write(service, "consent", person, now, sha256=row.sha256)
    return service


def mark(service: Service, person: Person, *, now: datetime, as_what: str, note: str) -> Service:
    """`as_what`: fled or held. Raises Refused: no_reason."""
    assert as_what in ("fled", "held")
    if not note.strip():
        raise Refused("no_reason", _("请写明依据：问过谁、去过哪里、什么材料。"))
    with transaction.atomic():
        service = held(service, person, now)
        setattr(service, f"is_{as_what}", True)
        service.save(update_fields=[f"is_{as_what}"])
        write(service, as_what, person, now, note=note.strip())
    return service


def drop(service: Service, person: Person | None, *, now: datetime, reason: str, in_hand: bool = False) -> Service:
    """Nobody serves it any more. `in_hand` as of issue. Raises Refused: no_reason."""
    if not reason.strip():
        raise Refused("no_reason", _("请写明理由。"))
    with transaction.atomic():
        service = held(service, person, now, in_hand=in_hand)
        service.state, service.next_at, service.note = DROPPED, None, reason.strip()[:300]
        service.save(update_fields=["state", "next_at", "note"])
        service.attempts.filter(state=SENT).update(state=OVERTAKEN, settled_at=now)
        settle_task(service, now)
        write(service, "dropped", person, now, reason=reason.strip())
        for step in ON_SERVED:
            step(service, now)
    return service
