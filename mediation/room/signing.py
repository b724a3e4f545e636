"""Signatures under minutes: on the glass, bound to the pages that were shown; or that somebody would not sign, why, and who saw it.

A signature names the fingerprint of each page and of the whole. Whoever looks later sees page by page what was signed: a page that was
corrected afterwards is not, until it is signed again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arrears.evidence import keep, look_at
from arrears.evidence_types import IMAGE
from arrears.history import hold, record
from arrears.models import Evidence
from grid.days import SHANGHAI
from grid.models import Person
from grid.refused import Refused
from mediation.models import Hearing, Minutes, MinutesSignature, Presence
from mediation.room import pages
from mediation.room.people import ROLES
from mediation.room.quorum import RESPONDENT, SELF, WORKER
from mediation.room.verbs import MEDIATOR, latest, require_work

SIGNED, NOT_SIGNED = gettext_noop("在笔录上签名"), gettext_noop("拒绝在笔录上签名")
SIGNS = ("worker", "respondent", *(name for name, role in ROLES.items() if role.signs), MEDIATOR)  # who is here as one of these puts their name under the minutes


def sign(minutes: Minutes, presence: Presence, person: Person, *, now: datetime, seen: str, picture: UploadedFile) -> MinutesSignature:
    """`seen`: the fingerprint of the whole, as the page on which the name was written showed it. Raises Refused: not_your_role, not_here,
    not_the_mediator, others_first, stale, door_changed, signed_already, no_picture, and as evidence.keep."""
    require_work(minutes.hearing, person, now)
    check(minutes, presence, person, seen)
    check_turn(minutes, presence)
    if look_at(picture).family != IMAGE:
        raise Refused("no_picture", _("签名应当是图片：请在框里签名，或者拍下纸上的签名。"))
    row = keep_picture(minutes, presence, picture, person, now)
    with transaction.atomic():
        hold(minutes.hearing.mediation.claim)
        check(minutes, presence, person, seen)
        check_turn(minutes, presence)
        made = MinutesSignature.objects.create(
            minutes=minutes, presence=presence, name=presence.signs_as, capacity=presence.capacity, sha256=minutes.sha256, pages=minutes.fingerprints,
            evidence=row, signed_at=now, taken_by=person,
        )  # fmt: skip
        write(made, "signed", SIGNED, person, now)
    return made


def refuse(minutes: Minutes, presence: Presence, person: Person, *, now: datetime, seen: str, because: str, witness: str) -> MinutesSignature:
    """Raises Refused: not_your_role, not_here, stale, signed_already, no_reason, no_witness."""
    require_work(minutes.hearing, person, now)
    if not because.strip():
        raise Refused("no_reason", _("请写明拒签的原因；对方不说的，写“没有说明原因”。"))
    if not witness.strip():
        raise Refused("no_witness", _("请写明在场见证人的姓名。"))
    if witness.strip() in {presence.name, presence.stands_in, str(minutes.hearing.mediator)} - {""}:
        raise Refused("no_witness", _("见证人不能是拒签的人自己，也不能是调解员：请写另一位在场的人。"))
    with transaction.atomic():
        hold(minutes.hearing.mediation.claim)
        check(minutes, presence, person, seen)
        made = MinutesSignature.objects.create(
            minutes=minutes, presence=presence, name=presence.signs_as, capacity=presence.capacity, sha256=minutes.sha256, pages=minutes.fingerprints,
            refused_because=because.strip()[:300], witness=witness.strip()[:60], signed_at=now, taken_by=person,
        )  # fmt: skip
        write(made, "sign_refused", NOT_SIGNED, person, now, reason=made.refused_because, witness=made.witness)
    return made


def check(minutes: Minutes, presence: Presence, person: Person, seen: str) -> None:
    last = latest(minutes.hearing)
    if last is None or last.pk != minutes.pk or seen != minutes.sha256:
        raise Refused("stale", _("笔录已有新的版本，签名要签在最新的一版上。请刷新后核对内容，再签名。"))
    if minutes.hearing.presences.filter(entered_at__gt=minutes.frozen_at).exists():
        raise Refused("door_changed", _("定稿以后到场登记有改动，笔录里的到场人员对不上了：请先更正笔录，再签名。"))
    presence = Presence.objects.filter(pk=presence.pk, hearing=minutes.hearing_id).first() or not_here()
    if not presence.is_here or presence.capacity not in SIGNS:
        not_here()
    if presence.capacity == MEDIATOR and minutes.hearing.mediator_id != person.pk:
        raise Refused("not_the_mediator", _("调解员的签名由 %(name)s 本人登录后签。") % {"name": minutes.hearing.mediator})
    if minutes.signatures.filter(presence=presence, refused_because="").exists():
        raise Refused("signed_already", _("%(name)s已经在这一版笔录上签过名。") % {"name": presence.signs_as})


def check_turn(minutes: Minutes, presence: Presence) -> None:
    """The mediator's name is the last: it attests every other one, and who would not sign."""
    if presence.capacity != MEDIATOR:
        return
    rows = hands(minutes.hearing, minutes, list(minutes.hearing.presences.all()), list(MinutesSignature.objects.filter(minutes__hearing=minutes.hearing)))
    if left := [one.presence.signs_as for one in rows if one.presence.pk != presence.pk and not one.is_done and not one.is_refusal]:
        raise Refused("others_first", _("调解员最后签：%(names)s还没有签名，也没有登记拒签。") % {"names": _("、").join(left)})


def not_here() -> Any:
    raise Refused("not_here", _("没有到场的人不能签名，请先登记到场。"))


def keep_picture(minutes: Minutes, presence: Presence, picture: UploadedFile, person: Person, now: datetime) -> Evidence:
    """Kept before the signature is written down, so that a refusal does not lose it. The same picture twice is refused: nobody writes
    their name twice to the last dot."""
    told = {
        "name": presence.signs_as, "when": f"{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", "number": minutes.number, "hash": minutes.short,
    }  # fmt: skip
    title = _("%(name)s在调解笔录第%(number)s版上签名，%(when)s，指纹%(hash)s") % told
    row = keep(minutes.hearing.mediation.claim, picture, person, now=now, kind=kind_of(presence), title=title)
    if row.is_quarantined:
        raise Refused("file_quarantined", _("文件查出病毒，已隔离，请另拍一份。"))
    return row


def kind_of(presence: Presence) -> str:
    """By whose hand it is: a firm's name under minutes is nobody's wage claim."""
    if presence.capacity == RESPONDENT:
        return "firm_sign"
    return "signature" if presence.capacity == WORKER and presence.by == SELF else "other_sign"


def write(made: MinutesSignature, move: str, words: str, person: Person, now: datetime, **facts: Any) -> None:
    hearing = made.minutes.hearing
    record(
        hearing.mediation.claim, "mediation", person, now=now, move=move, move_msgid=words, mediation=str(hearing.mediation_id), hearing=str(hearing.pk),
        who=made.name, sha256=made.sha256, **facts,
    )  # fmt: skip


# What is signed


@dataclass(frozen=True)
class Hand:
    """Somebody whose name belongs under the minutes, and how far it stands there."""

    presence: Presence
    signature: MinutesSignature | None  # of the newest version, if there is one
    unsigned: tuple[int, ...]  # numbers of the pages not signed as they are now

    @property
    def is_done(self) -> bool:
        return not self.unsigned

    @property
    def is_refusal(self) -> bool:
        return self.signature is not None and self.signature.is_refusal


def hands(hearing: Hearing, minutes: Minutes, presences: Sequence[Presence], signatures: Sequence[MinutesSignature]) -> list[Hand]:
    """`signatures`: under every version of the hearing's minutes."""
    found = []
    for presence in sorted(presences, key=lambda one: one.capacity == MEDIATOR):  # he signs last
        if not presence.is_here or presence.capacity not in SIGNS:
            continue
        theirs = [one for one in signatures if one.presence_id == presence.pk]
        signed = {page for one in theirs if not one.is_refusal for page in one.pages}
        newest = [one for one in theirs if one.minutes_id == minutes.pk]
        under = next((one for one in newest if not one.is_refusal), newest[-1] if newest else None)
        found.append(Hand(presence, under, tuple(pages.unsigned(minutes.fingerprints, signed))))
    return found
