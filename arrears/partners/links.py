"""一次性链接和验证码: a body without accounts sees one referral and answers it once.

Token and code are digests of the row's id under the index key of grid.vault, which is not in the database: whoever reads the
database can neither open a link nor try all codes. The message with the link is put together at the moment of sending, so no
row of the outbox keeps it. The code goes another way. A few wrong codes lock the link for good; an answer uses it up, and
what is owed next gets a link of its own with the same code, on the same way. When the referral ends, so does the link.
"""

import base64
import hashlib
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from arrears.history import hold, record
from arrears.models import Claim, Referral, ReplyLink
from arrears.models.links import EMAIL, HAND, SMS, TOLD
from arrears.partners.answering import may_record
from arrears.permits import require
from grid.addressees import Addressee, Contact, add_addressee
from grid.channels import is_set_up
from grid.days import day_of
from grid.models import Notice, Person
from grid.notices import rows_to, tell
from grid.refused import Refused
from grid.vault import blind_index

TOKENS, CODES = "arrears.partners.links.token", "arrears.partners.links.code"
DIGITS, TRIES = 6, 5
SHORTEST, USUAL, LONGEST = 1, 14, 60  # days
LINK_TO, CODE_TO = "reply_link", "reply_code"  # grid.addressees
# Moves that do not answer anything yet: the link goes on.
OWES = ("sent", "received", "accepted", "in_progress")  # the body is to do something
NO_ANSWER = ("receive", "take", "begin")


def token_of(link: ReplyLink) -> str:
    digest = bytes.fromhex(blind_index(str(link.pk), TOKENS))
    return base64.urlsafe_b64encode(digest[:24]).decode()


def code_of(link: ReplyLink) -> str:
    return f"{int(blind_index(str(link.code_of_id or link.pk), CODES), 16) % 10**DIGITS:0{DIGITS}d}"


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def path_of(link: ReplyLink) -> str:
    return reverse("reply", args=[token_of(link)])


def find(token: str) -> ReplyLink | None:
    rows = ReplyLink.objects.select_related("referral__claim__region", "referral__body", "referral__sent_by", "referral__followed_by")
    return rows.filter(token_hash=hashed(token)).first()


# Making, revoking


def issue(
    referral: Referral, person: Person, *, now: datetime, name: str, post: str, phone: str = "", email: str = "", way: str = HAND,
    code_way: str = TOLD, days: int = USUAL,
) -> ReplyLink:  # fmt: skip
    """A new link; one that was still open is of no use from now on. Raises Refused: not_your_role, wrong_state, no_address,
    one_way, bad_days."""
    require(may_record(referral, person, day_of(now)))
    check(way, code_way, phone, email, days)
    with transaction.atomic():
        hold(referral.claim)
        end_open(referral, now)
        link = make(referral, now, person, timedelta(days=days), name=name, post=post, phone=phone, email=email, way=way, code_way=code_way)
        note(link, person, now, "issued", to=link_to(link))
        send_out(link, now, with_code=code_way == SMS)
    return link


def check(way: str, code_way: str, phone: str, email: str, days: int) -> None:
    if way == EMAIL and not email or SMS in (way, code_way) and not phone:
        raise Refused("no_address", _("这样发送需要对方的邮箱或者手机号，请补填，或者选择由您转交。"))
    if SMS in (way, code_way) and not is_set_up(SMS):
        raise Refused("no_sms", _("短信没有开通，请选择其他方式。"))
    if way == SMS and code_way == SMS:
        raise Refused("one_way", _("链接和验证码不能都用短信发送：手机丢了，两样就都丢了。"))
    if not SHORTEST <= days <= LONGEST:
        raise Refused("bad_days", _("有效期应在 %(first)s 到 %(last)s 天之间。") % {"first": SHORTEST, "last": LONGEST})


def make(referral: Referral, now: datetime, person: Person | None, lasts: timedelta, **to: Any) -> ReplyLink:
    link = ReplyLink(referral=referral, made_by=person, made_at=now, expires_at=now + lasts, **to)
    link.token_hash, link.code_hash = hashed(token_of(link)), blind_index(f"{link.pk}:{code_of(link)}", CODES)
    link.save(force_insert=True)
    return link


def end_open(referral: Referral, now: datetime) -> int:
    return referral.links.filter(used_at=None, revoked_at=None).update(revoked_at=now)


def end_with(referral: Referral, now: datetime) -> int:
    """The referral has ended. The link runs out, nobody revokes it: what a ruling gives back is carried on."""
    return referral.links.filter(used_at=None, revoked_at=None, expires_at__gt=now).update(expires_at=now)


def revoke(link: ReplyLink, person: Person, *, now: datetime) -> None:
    """Raises Refused: not_your_role, wrong_state, link_ended."""
    require(may_record(link.referral, person, day_of(now)))
    with transaction.atomic():
        hold(link.referral.claim)
        if not ReplyLink.objects.filter(pk=link.pk, used_at=None, revoked_at=None).update(revoked_at=now):
            raise Refused("link_ended", _("这个链接已经用过或者作废。"))
        note(link, person, now, "revoked")


def carry_on(referral: Referral, now: datetime) -> ReplyLink | None:
    """What the body owes next, while it answers by link: a new one on the same way, with the code it has."""
    if not referral.is_open:
        end_with(referral, now)
        return None
    last = referral.links.first()
    if last is None or last.way == HAND or last.is_live(now) or last.wrong_tries >= TRIES or referral.state not in OWES:
        return None
    if last.revoked_at:  # somebody did not want it to go on
        return None
    lasts = max(timedelta(days=USUAL), (referral.answer_by or day_of(now)) - day_of(now) + timedelta(days=7))
    end_open(referral, now)
    to = {name: getattr(last, name) for name in ("name", "post", "phone", "email", "way", "code_way")}
    link = make(referral, now, last.made_by, min(lasts, timedelta(days=120)), code_of_id=last.code_of_id or last.pk, **to)
    note(link, None, now, "issued", to=link_to(link))
    send_out(link, now, with_code=False)
    return link


def note(link: ReplyLink, person: Person | None, now: datetime, cause: str, **facts: Any) -> None:
    record(
        link.referral.claim, "reply", person, now=now, cause=cause, referral=str(link.referral_id), body=link.referral.body.name, **facts
    )


def link_to(link: ReplyLink) -> str:
    return f"{link.name}（{link.post}）"


# Telling


def send_out(link: ReplyLink, now: datetime, *, with_code: bool) -> None:
    to = []
    if link.way in (EMAIL, SMS):
        to.append((Addressee(LINK_TO, link.pk, (link.way,)), "reply_link"))
    if with_code:
        to.append((Addressee(CODE_TO, link.pk, (SMS,)), "reply_code"))
    for addressee, kind in to:
        Notice.objects.bulk_create(notices_of(link, addressee, kind, f"{kind}:{link.pk}:{now.timestamp()}", now, link.referral.claim), ignore_conflicts=True)


def notices_of(link: ReplyLink, addressee: Addressee, kind: str, key: str, now: datetime, claim: Claim) -> list[Notice]:
    facts = {"number": claim.number, "day": day_of(link.expires_at).isoformat()}
    return rows_to([addressee], kind, key=key, now=now, subject_id=claim.pk, facts=facts, region_code=claim.region_id)


def written_to(referrals: Collection[Any], now: datetime) -> dict[Any, ReplyLink]:
    """By referral, the link whose holder can be reminded: one that is of use, and was sent."""
    rows = ReplyLink.objects.filter(referral__in=referrals, used_at=None, revoked_at=None, expires_at__gt=now).exclude(way=HAND) if referrals else ()
    return {link.referral_id: link for link in rows}


def reminder(link: ReplyLink, claim: Claim, key: str, now: datetime) -> list[Notice]:
    """The same link again, on its own way; not yet written."""
    return notices_of(link, Addressee(LINK_TO, link.pk, (link.way,)), "reply_link", key, now, claim)


def reached(kind: str) -> Callable[[UUID], Contact | None]:
    """Asked at the moment of sending: only while the link can still be used."""

    def contact(pk: UUID) -> Contact | None:
        link = ReplyLink.objects.select_related("referral__body").filter(pk=pk).first()
        if link is None:
            return None
        said = {"url": settings.SITE_URL.rstrip("/") + path_of(link)} if kind == LINK_TO else {"code": code_of(link)}
        is_open = not (link.revoked_at or link.used_at) and link.referral.is_open
        return Contact(link.pk, str(link.referral.body), link.email, link.phone, may_be_told=is_open, said=said)

    return contact


add_addressee(LINK_TO, reached(LINK_TO))
add_addressee(CODE_TO, reached(CODE_TO))


# Opening


def open_with(link: ReplyLink, code: str, *, now: datetime) -> bool:
    """Is it the code? Each try is counted before it is made, so that many at once cannot slip through together. Raises
    Refused: link_locked."""
    counted = ReplyLink.objects.filter(pk=link.pk, wrong_tries__lt=TRIES).update(wrong_tries=F("wrong_tries") + 1)
    if not counted:
        raise locked()
    plain = "".join(filter(str.isdigit, code))
    if constant_time_compare(blind_index(f"{link.pk}:{plain}", CODES), link.code_hash):
        ReplyLink.objects.filter(pk=link.pk).update(wrong_tries=0)
        if ReplyLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=now):
            note(link, None, now, "opened", to=link_to(link))
        return True
    link.refresh_from_db(fields=["wrong_tries"])
    if link.wrong_tries >= TRIES:
        lock(link, now)
        raise locked()
    return False


def locked() -> Refused:
    return Refused("link_locked", _("验证码输错的次数太多，这个链接已经锁定。请联系移送单位重新发送。"))


def lock(link: ReplyLink, now: datetime) -> None:
    """Whoever follows the referral makes a new one."""
    ReplyLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now)
    note(link, None, now, "locked", to=link_to(link))
    referral = link.referral
    owner = referral.followed_by or referral.sent_by
    tell(
        [owner] if owner else [], "reply_locked", key=f"reply_locked:{link.pk}", now=now, facts={"number": referral.claim.number},
        path=f"/referrals/{referral.pk}/", subject_id=referral.claim_id, region_code=referral.claim.region_id,
    )  # fmt: skip


def use(link: ReplyLink, now: datetime) -> None:
    """Within the transaction of the answer. Raises Refused: link_ended."""
    if not ReplyLink.objects.filter(pk=link.pk, used_at=None, revoked_at=None, expires_at__gt=now).update(used_at=now):
        raise Refused("link_ended", _("这个链接已经用过、过期或者作废，请联系移送单位重新发送。"))
