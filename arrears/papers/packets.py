"""材料包: asked for on a page, made by a task. The row says what is asked; files and papers come with one last transaction, so
that whoever is killed in between leaves neither half a packet nor a changed claim.

The queue only hints: beat asks every minute for what is left.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from arrears.history import record
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Packet, Referral
from arrears.models.papers import ASKED, FAILED, MADE
from arrears.papers.assembling import assembled, take_numbers
from arrears.papers.book import form_of
from arrears.papers.forms import PACKETS
from arrears.papers.issuing import MOVE
from arrears.papers.keeping import kept, path_of
from arrears.permits import find, may, require
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

MOST_TRIES = 3  # a packet that kills whoever makes it is not tried for ever
MOST_EVIDENCE = 300

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wish:
    """What goes into a packet. `each`: one set for each worker instead of one suit of all. `redacted`: covered copies where there
    are some. `watermark`: for whom it was made, printed across every page."""

    kind: str
    forms: Sequence[str]
    evidence: Sequence[UUID] = ()
    each: bool = False
    redacted: bool = False
    watermark: str = ""

    def plan(self) -> dict[str, Any]:
        return {
            "forms": list(self.forms), "evidence": [str(pk) for pk in self.evidence], "each": self.each,
            "redacted": self.redacted, "watermark": self.watermark,
        }  # fmt: skip


def ask(
    claim: Claim, wish: Wish, answers: Mapping[str, str], person: Person, *, now: datetime, send: Callable[[], Any],
    referral: Referral | None = None,
) -> Packet:  # fmt: skip
    """Asks for a packet; `send` hints at it once that is written. `answers` as typed: the task reads them as the form would.
    Raises Refused: as casework.advance, unknown_packet, unknown_form, nothing_chosen, not_of_claim, under_way."""
    require(may(find(CLAIM, MOVE), claim, person, day_of(now)))
    kind = PACKETS.get(wish.kind)
    if kind is None:
        raise Refused("unknown_packet", _("没有这种材料包。"))
    for form in wish.forms:
        form_of(form)
    if not wish.forms and not wish.evidence:
        raise Refused("nothing_chosen", _("请至少选择一份文书或者证据。"))
    if len(wish.evidence) > MOST_EVIDENCE:
        raise Refused("too_much", _("一个材料包最多放 %(most)s 份证据。") % {"most": MOST_EVIDENCE})
    if claim.evidence.filter(pk__in=wish.evidence).count() != len(set(wish.evidence)) or (referral and referral.claim_id != claim.pk):
        raise Refused("not_of_claim", _("所选的材料不在本案，请刷新后重新选择。"))
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


def again(packet: Packet, person: Person, *, now: datetime, send: Callable[[], Any]) -> None:
    """Tries one that failed once more. Raises Refused: as casework.advance, stale."""
    require(may(find(CLAIM, MOVE), packet.claim, person, day_of(now)))
    with transaction.atomic():
        if not Packet.objects.filter(pk=packet.pk, state=FAILED).update(state=ASKED, refused="", tries=0, asked_by=person):
            raise Refused("stale", _("这个材料包刚刚已经重新制作。"))
        transaction.on_commit(send)


def make_next(now: datetime) -> bool:
    """One of those asked for; whether there was one. Raises nothing: what goes wrong is said to whoever asked."""
    with transaction.atomic():
        packet = waiting().order_by("asked_at").first()
        if packet is None:
            return False
        if packet.tries >= MOST_TRIES:
            fail(packet, _("材料包没有做成，请稍后再试；多次不成功请联系系统管理员。"))
            return True
        Packet.objects.filter(pk=packet.pk).update(tries=F("tries") + 1)
        take_numbers(packet, now)
    with translation.override(packet.asked_by.language):
        try:
            with transaction.atomic():
                held = waiting().filter(pk=packet.pk).first()  # another worker may have it by now
                if held is not None:
                    make(held, now)
        except Refused as refusal:
            fail(packet, refusal.message)
        except Exception:
            logger.exception("packet %s", packet.pk)
            fail(packet, _("材料包没有做成，请稍后再试；多次不成功请联系系统管理员。"))
    return True


def waiting() -> QuerySet[Packet]:
    found = Packet.objects.filter(state=ASKED).select_related("claim", "asked_by", "referral__body")
    return found.select_for_update(skip_locked=True, of=("self",))


def fail(packet: Packet, sentence: str) -> None:
    Packet.objects.filter(pk=packet.pk, state=ASKED).update(state=FAILED, refused=sentence)


def make(packet: Packet, now: datetime) -> None:
    """Everything is rendered first; then files, papers and the row come together, the row last."""
    require(may(find(CLAIM, MOVE), packet.claim, packet.asked_by, day_of(now)))
    with assembled(packet, now, lambda done, of: say(packet, done, of)) as whole, kept(whole.files):
        whole.write(now)
        Packet.objects.filter(pk=packet.pk).update(
            state=MADE, made_at=now, gaps=whole.gaps, documents=whole.documents, pages=whole.pages,
            zip_sha256=whole.zip_sha256, zip_size=whole.zip_size, pdf_sha256=whole.pdf_sha256, pdf_size=whole.pdf_size,
        )  # fmt: skip
        record(packet.claim, "packet_made", packet.asked_by, now=now, packet=packet.kind, documents=whole.documents, sha256=whole.zip_sha256)


def say(packet: Packet, done: int, of: int) -> None:
    """A hint for whoever watches; the truth is the row."""
    try:
        cache.set(f"packet:{packet.pk}", (done, of), 600)
    except RedisError:
        logger.warning("nobody hears how far a packet is")


def percent(packet_id: object) -> int:
    try:
        done, of = cache.get(f"packet:{packet_id}") or (0, 1)
    except RedisError:
        return 0
    return min(99, 100 * done // max(of, 1))


def files_are_there(packet: Packet) -> bool:
    return all(path_of(packet, kind).is_file() for kind in ("zip", "pdf"))
