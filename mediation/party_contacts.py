"""Who is written to about a hearing, beside the workers: respondents, and whoever stands in for a party. What is set here, what they
may say themselves. All verbs raise Refused."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arrears.history import hold, record
from arrears.identity import check_phone, digits, is_mobile, mask_phone
from arrears.invalid import Invalid
from arrears.models import Claim, Claimant, Event, Respondent
from grid.models import Person
from grid.refused import Refused
from mediation.models import Attendance, HearingLink, Mediation, PartyContact
from mediation.models.contacts import AGENT, SELF
from mediation.parties import RESPONDENT, WORKER, Party
from mediation.suits import require_may

CONTACT_SET, STOPPED = gettext_noop("登记通知方式"), gettext_noop("对方不要再发短信、邮件")


@dataclass(frozen=True)
class Reader:
    """Of one party that was called: who is written to, and where."""

    attendance: Attendance
    capacity: str
    name: str
    phone: str = ""  # a mobile one
    email: str = ""
    language: str = "zh-hans"
    may_write: bool = True

    @property
    def channels(self) -> tuple[str, ...]:
        if not self.may_write:
            return ()
        return tuple(channel for channel, address in (("sms", self.phone), ("email", self.email)) if address)

    @property
    def addresses(self) -> str:
        """As somebody of the house may read them."""
        return " · ".join(filter(None, (mask_phone(self.phone), self.email)))


def readers_of(mediation: Mediation, attendances: Iterable[Attendance]) -> list[Reader]:
    """Respondents, then who stands in for a party, in the order of the parties. Three queries, however many there are."""
    rows = list(attendances)
    known = {(row.party_id, row.capacity): row for row in mediation.party_contacts.filter(party_id__in=[one.party_id for one in rows])}
    phones = dict(Respondent.objects.filter(pk__in=[one.party_id for one in rows if one.party_kind == RESPONDENT]).values_list("pk", "phone"))
    workers = numbers_of_workers(mediation.claim, {number for phone in phones.values() if (number := mobile(phone))})
    found = []
    for one in rows:
        if one.party_kind == RESPONDENT:
            said, phone = known.get((one.party_id, SELF)), mobile(phones.get(one.party_id, ""))
            phone = "" if phone in workers else phone  # whoever logged the case wrote a worker's own number there
            found.append(reader_of(one, SELF, said, phone))
        if agent := known.get((one.party_id, AGENT)):
            found.append(reader_of(one, AGENT, agent, ""))
    return found


def reader_of(attendance: Attendance, capacity: str, said: PartyContact | None, phone: str) -> Reader:
    if said is None:
        return Reader(attendance, capacity, attendance.name, phone)
    return Reader(attendance, capacity, said.name or attendance.name, said.phone or phone, said.email, said.language, said.may_write)


def mobile(phone: str) -> str:
    """Eleven digits, or "" for what no text message reaches."""
    number = digits(phone)
    return number if is_mobile(number) else ""


def numbers_of_workers(claim: Claim, among: Collection[str]) -> set[str]:
    if not among:
        return set()
    rows = Claimant.objects.filter(Q(phone__in=among) | Q(safe_phone__in=among), claim=claim)
    return {number for pair in rows.values_list("phone", "safe_phone") for number in pair if number in among}


def set_contact(
    mediation: Mediation, party: Party, capacity: str, person: Person, *, now: datetime, version: int, name: str = "", phone: str = "", email: str = "",
    language: str = "zh-hans", may_write: bool = True,
) -> tuple[PartyContact, Event]:  # fmt: skip
    """`version` 0: there was none. With the event that says so. The addresses that led to who was told before are dead. Raises Refused: worker_own, no_name,
    no_mobile, bad_email, no_address, other_side, stale."""
    require_may(mediation, person, now)
    if party.kind == WORKER and capacity == SELF:
        raise Refused("worker_own", _("劳动者本人的电话和能不能发短信，请在案件页修改；这里只登记代理人。"))
    facts = {"name": name.strip()[:60], "phone": checked_mobile(phone), "email": checked_email(email), "language": language, "may_write": may_write}
    if capacity == AGENT and not facts["name"]:
        raise Refused("no_name", _("请写明代理人的姓名。"))
    if capacity == AGENT and may_write and not (facts["phone"] or facts["email"]):
        raise Refused("no_address", _("请填写代理人的手机号或者电子邮箱，至少一样；都没有的，请取消勾选“可以发短信、邮件”，另行通知。"))
    check_side(mediation.claim, party, facts["phone"])
    key = {"mediation": mediation, "party_id": party.pk, "capacity": capacity}
    stale = Refused("stale", _("刚刚已被他人改动，请刷新后再填写。"))
    with transaction.atomic():
        hold(mediation.claim)
        if version:
            if not PartyContact.objects.filter(**key, version=version).update(**facts, stopped_at=None, version=F("version") + 1):
                raise stale
        else:
            try:
                with transaction.atomic():
                    PartyContact.objects.create(**key, **facts)
            except IntegrityError as error:
                raise stale from error
        HearingLink.objects.filter(hearing__mediation=mediation, attendance__party_id=party.pk, sent_to=capacity).delete()
        event = record(mediation.claim, "mediation", person, now=now, move="party_contact", move_msgid=CONTACT_SET, mediation=str(mediation.pk), who=party.name)
    return PartyContact.objects.get(**key), event


def checked_mobile(phone: str) -> str:
    if not phone.strip():
        return ""
    try:
        number = check_phone(phone)
    except Invalid:
        number = ""
    if not is_mobile(number):
        raise Refused("no_mobile", _("请填写 11 位手机号：短信发不到固定电话。没有手机的请留空，填邮箱或者另行通知。"))
    return number


def checked_email(email: str) -> str:
    if not email.strip():
        return ""
    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise Refused("bad_email", _("电子邮箱不正确，例如 name@example.com。")) from error
    return email.strip()[:120]


def check_side(claim: Claim, party: Party, phone: str) -> None:
    """What goes to one side must not be read on the other's telephone."""
    if not phone:
        return
    if party.kind == RESPONDENT and numbers_of_workers(claim, {phone}):
        raise Refused("other_side", _("这是本案劳动者的手机号，不能用来通知被申请方，请核对。"))
    if party.kind == WORKER and any(mobile(one) == phone for one in claim.respondents.values_list("phone", flat=True)):
        raise Refused("other_side", _("这是被申请方的手机号，不能用来通知劳动者一方，请核对。"))


def stop(link: HearingLink, *, now: datetime) -> None:
    """They said, on the page a message led them to, that none is to come any more. The written notice goes on."""
    mediation, attendance = link.hearing.mediation, link.attendance
    key: dict[str, Any] = {"mediation": mediation, "party_id": attendance.party_id, "capacity": link.sent_to}
    with transaction.atomic():
        hold(mediation.claim)
        PartyContact.objects.get_or_create(**key)
        if PartyContact.objects.filter(**key, may_write=True).update(may_write=False, stopped_at=now, version=F("version") + 1):
            record(mediation.claim, "mediation", None, now=now, move="party_stopped", move_msgid=STOPPED, mediation=str(mediation.pk), who=attendance.name)


def has_stopped(link: HearingLink) -> bool:
    return PartyContact.objects.filter(
        mediation=link.hearing.mediation_id, party_id=link.attendance.party_id, capacity=link.sent_to, may_write=False
    ).exists()


def reader_for(link: HearingLink) -> Reader | None:
    """Who is reached through the link today."""
    rows = readers_of(link.hearing.mediation, [link.attendance])
    return next((row for row in rows if row.capacity == link.sent_to), None)


def contacts_by_party(mediation: Mediation) -> dict[UUID, list[PartyContact]]:
    found: dict[UUID, list[PartyContact]] = {}
    for row in mediation.party_contacts.all():
        found.setdefault(row.party_id, []).append(row)
    return found
