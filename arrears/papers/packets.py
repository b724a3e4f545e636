"""材料包: asked for on a page, made by a task. The row says what is asked; files and papers come with one last transaction, so
that whoever is killed in between leaves neither half a packet nor a changed claim (arrears.long_work).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from arrears import long_work
from arrears.history import record
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Packet, Referral
from arrears.models.papers import ASKED, FAILED, MADE
from arrears.papers.about import refuse_strange, workers_of
from arrears.papers.answering import cleaned
from arrears.papers.assembling import assembled, clear, take_numbers
from arrears.papers.book import form_of
from arrears.papers.forms import PACKETS, Form
from arrears.papers.issuing import MOVE
from arrears.papers.keeping import kept, path_of
from arrears.papers.making import Maker, refuse_faults
from arrears.permits import find, may, require
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

SORRY = gettext_lazy("材料包没有做成，请稍后再试；多次不成功请联系系统管理员。")
MOST_EVIDENCE = 300


@dataclass(frozen=True)
class Wish:
    """What goes into a packet. `each`: one set for each worker instead of one suit of all. `redacted`: covered copies where there
    are some. `watermark`: for whom it was made, printed across every page of it and of what lies in its ZIP. `about`: what of the
    claim its papers are about (arrears.papers.about)."""

    kind: str
    forms: Sequence[str]
    evidence: Sequence[UUID] = ()
    each: bool = False
    redacted: bool = False
    watermark: str = ""
    about: UUID | None = None  # the proceeding whose papers they are

    def plan(self) -> dict[str, Any]:
        return {
            "forms": list(self.forms), "evidence": [str(pk) for pk in self.evidence], "each": self.each,
            "redacted": self.redacted, "watermark": self.watermark,
            "about": str(self.about) if self.about else None,
        }  # fmt: skip

    def of_referral(self, referral: Referral, day: date) -> "Wish":
        """What leaves the house with a referral leaves it as evidence of a referral does (arrears.partners.watermarks), and speaks of
        no worker the referral is not about."""
        watermark = self.watermark or f"仅供{referral.body.name}办案使用 {day:%Y-%m-%d}"
        is_beyond = referral.only is not None and not workers_of(referral.pk) >= (workers_of(self.about) or {None})
        return replace(self, redacted=True, watermark=watermark, about=referral.pk if is_beyond else self.about)


def ask(
    claim: Claim, wish: Wish, answers: Mapping[str, str], person: Person, *, now: datetime, send: Callable[[], Any],
    referral: Referral | None = None,
) -> Packet:  # fmt: skip
    """Asks for a packet; `send` hints at it once that is written. `answers` as typed: the task reads them as the form would.
    Raises Refused: as casework.advance, unknown_packet, unknown_form, nothing_chosen, not_of_claim, bad_answers, sum_of_all, under_way."""
    require(may(find(CLAIM, MOVE), claim, person, day_of(now)))
    kind = PACKETS.get(wish.kind)
    if kind is None:
        raise Refused("unknown_packet", _("没有这种材料包。"))
    forms = [form_of(form) for form in wish.forms]
    if not wish.forms and not wish.evidence:
        raise Refused("nothing_chosen", _("请至少选择一份文书或者证据。"))
    if len(wish.evidence) > MOST_EVIDENCE:
        raise Refused("too_much", _("一个材料包最多放 %(most)s 份证据。") % {"most": MOST_EVIDENCE})
    if claim.evidence.filter(pk__in=wish.evidence).count() != len(set(wish.evidence)) or (referral and referral.claim_id != claim.pk):
        raise Refused("not_of_claim", _("所选的材料不在本案，请刷新后重新选择。"))
    refuse_strange(claim, wish.about)
    if referral:
        wish = wish.of_referral(referral, day_of(now))
    judge(claim, forms, answers, wish, day_of(now))
    with transaction.atomic():
        Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
        if Packet.objects.filter(claim=claim, kind=kind.id, state=ASKED).exists():
            raise Refused("under_way", _("同样的材料包正在制作，请等它完成。"))
        packet = Packet(
            claim=claim, kind=kind.id, title=kind.name, referral=referral, plan=wish.plan(), asked_by=person, asked_at=now
        )
        packet.put_answers(dict(answers))
        packet.save(force_insert=True)
        transaction.on_commit(send)
    return packet


def judge(claim: Claim, forms: Sequence[Form], answers: Mapping[str, str], wish: Wish, today: date) -> None:
    """What the task would refuse of the answers is said while whoever typed them still has them before them.
    Raises Refused: bad_answers, sum_of_all."""
    maker = Maker(claim, today)
    for form in forms:
        record = maker.record(form)
        refuse_faults(form, cleaned(form, answers, record), today)
        if wish.each and len(record.everybody) > 1 and any(ask.kind == "money" for ask in form.asks):
            raise Refused(
                "sum_of_all",
                _("“%(paper)s”里填的金额是全体劳动者的，不能每人一套都写。请改为一案一套，或者不选这份文书。") % {"paper": form.name},
            )


def again(packet: Packet, person: Person, *, now: datetime, send: Callable[[], Any]) -> None:
    """Tries one that failed once more. Raises Refused: as casework.advance, stale."""
    require(may(find(CLAIM, MOVE), packet.claim, person, day_of(now)))
    with transaction.atomic():
        if not Packet.objects.filter(pk=packet.pk, state=FAILED).update(state=ASKED, refused="", tries=0, asked_by=person):
            raise Refused("stale", _("这个材料包刚刚已经重新制作。"))
        transaction.on_commit(send)


def make_next(now: datetime) -> bool:
    return long_work.take_next(
        waiting, lambda packet: make(packet, now), lambda packet, sentence: fail(packet, sentence, now), lambda packet: packet.asked_by.language, SORRY,
        prepare=lambda packet: take_numbers(packet, now),
    )  # fmt: skip


def waiting() -> QuerySet[Packet]:
    found = Packet.objects.filter(state=ASKED).select_related("claim", "asked_by", "referral__body")
    return found.select_for_update(skip_locked=True, of=("self",))


def fail(packet: Packet, sentence: str, now: datetime) -> None:
    if Packet.objects.filter(pk=packet.pk, state=ASKED).update(state=FAILED, refused=sentence):
        clear(packet, now)


def make(packet: Packet, now: datetime) -> None:
    """Everything is rendered first; then files, papers and the row come together, the row last."""
    require(may(find(CLAIM, MOVE), packet.claim, packet.asked_by, day_of(now)))
    with assembled(packet, now, lambda done, of: long_work.say(packet.pk, done, of)) as whole, kept(whole.files):
        whole.write(now)
        Packet.objects.filter(pk=packet.pk).update(
            state=MADE, made_at=now, gaps=whole.gaps, documents=whole.documents, pages=whole.pages,
            zip_sha256=whole.zip_sha256, zip_size=whole.zip_size, pdf_sha256=whole.pdf_sha256, pdf_size=whole.pdf_size,
        )  # fmt: skip
        record(packet.claim, "packet_made", packet.asked_by, now=now, packet=packet.kind, documents=whole.documents, sha256=whole.zip_sha256)


def files_are_there(packet: Packet) -> bool:
    return all(path_of(packet, kind).is_file() for kind in ("zip", "pdf"))
