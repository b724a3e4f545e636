"""A draft written on a phone arrives: once or five times, whole or with its answer lost on the way back.

Its id is the key. The row of the draft is the lock, the receipt says what became of it: the same words again get the
same answer; other words under the same id are a conflict, which a person decides, field by field.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from arrears import drafts
from arrears.drafts import Typed
from arrears.field.forgetting import fingerprint
from arrears.field.shape import cleaned, differing, laid_over, taken_out
from arrears.intake import ClaimFacts
from arrears.models import Claim, DraftReceipt, IntakeDraft
from arrears.privacy import TEXTS
from grid.days import SHANGHAI
from grid.models import Person
from grid.refused import Refused

ASTRAY = timedelta(minutes=10)  # from here on a phone's clock is wrong enough to be written down


class Reader(Protocol):
    """What reads the steps (the forms of intake): either facts, or what is wrong with them, by the phone's fields."""

    def __call__(self, person: Person, today: date, typed: Mapping[str, Typed], key: str, extra: dict[str, str]) -> ClaimFacts: ...


class Wrong(Exception):
    """The forms of intake refuse it; `errors` by field of the phone, "" for what belongs to none."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("wrong")
        self.errors = errors


@dataclass(frozen=True)
class Parcel:
    """What the phone sends. `base`: the version of the server's draft it knew; `decided`: the version its person has
    just seen beside their own. `only_keep`: not to be registered yet, somebody goes on at a desk."""

    id: UUID
    fields: Mapping[str, str]
    base: str = ""
    decided: str = ""
    only_keep: bool = False
    version: str = ""  # of the notice that was read out
    written_at: datetime | None = None
    sent_at: datetime | None = None

    @classmethod
    def of(cls, pk: UUID, said: Mapping[str, Any]) -> "Parcel":
        fields = said.get("fields")
        text = {name: said[name] for name in ("base", "decided", "version") if isinstance(said.get(name), str)}
        return cls(
            pk, cleaned(fields if isinstance(fields, dict) else {}), only_keep=said.get("only_keep") is True,
            written_at=instant(said.get("written_at")), sent_at=instant(said.get("sent_at")), **text,
        )  # fmt: skip

    def extra(self, now: datetime) -> dict[str, str]:
        """Said on the first event: under which notice, when by the phone's clock, and how far that was astray. Raises Wrong: nothing
        is registered under a text that is not kept here."""
        if self.version not in TEXTS:
            raise Wrong({"consent": [_("系统里没有当时宣读的这一版告知（%(version)s）。请联网更新页面，再宣读一遍并重新勾选。") % {"version": self.version[:20] or "—"}]})
        said = {"privacy_notice": self.version, "way": "phone"}
        if self.written_at:
            said["written_at"] = self.written_at.astimezone(SHANGHAI).isoformat(timespec="minutes")
        if self.sent_at and abs(self.sent_at - now) > ASTRAY:
            said["phone_clock_minutes"] = str(round((self.sent_at - now).total_seconds() / 60))
        return said


def instant(said: Any) -> datetime | None:
    try:
        found = parse_datetime(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


@dataclass(frozen=True)
class Answer:
    """`state`: registered (the claim is there; `is_new` whether just now), kept, conflict."""

    state: str
    claim: Claim | None = None
    is_new: bool = False
    version: str = ""
    theirs: Mapping[str, str] = field(default_factory=dict)
    differ: list[str] = field(default_factory=list)


def receive(parcel: Parcel, person: Person, read: Reader, *, now: datetime) -> Answer:
    """Raises Refused (as intake.register, and other_person, words_gone) and Wrong; then nothing was changed."""
    try:
        with transaction.atomic():
            return settle(parcel, lock(parcel.id, person, now), person, read, now)
    except IntegrityError as error:  # somebody else's draft of that id
        raise Refused("other_person", _("这份草稿是另一个人写的，不能由您提交。")) from error


def lock(pk: UUID, person: Person, now: datetime) -> IntakeDraft:
    """The draft's row, made if need be. Who waits here for another sending of the same draft finds its receipt."""
    fresh = {"sealed": "", "step": "who", "updated_at": now}
    return IntakeDraft.objects.select_for_update().get_or_create(pk=pk, person=person, defaults=fresh)[0]


def settle(parcel: Parcel, draft: IntakeDraft, person: Person, read: Reader, now: datetime) -> Answer:
    receipt = DraftReceipt.objects.select_related("claim").filter(pk=parcel.id).first()
    if receipt:
        draft.delete()  # made a moment ago, to wait in line
        return registered_before(receipt, parcel, person)
    if draft.sealed and (conflict := changed_on_both_sides(draft, parcel)):
        return conflict
    typed = laid_over(parcel.fields, draft.typed())
    if parcel.only_keep:
        return keep(draft, typed, now)
    facts = read(person, now.astimezone(SHANGHAI).date(), typed, draft.source_key, parcel.extra(now))
    draft.put(typed)
    draft.save(update_fields=["sealed"])
    claim = drafts.submit(draft.pk, facts, person, now=now)
    assert claim is not None, "the draft is locked and there"
    return Answer("registered", claim, is_new=True)


def registered_before(receipt: DraftReceipt, parcel: Parcel, person: Person) -> Answer:
    if receipt.person_id != person.pk:
        raise Refused("other_person", _("这份草稿是另一个人写的，不能由您提交。"))
    if receipt.is_forgotten:
        return registered_long_ago(receipt, parcel)
    theirs = taken_out(receipt.typed())
    if differ := differing(parcel.fields, theirs):
        return Answer("conflict", receipt.claim, theirs=theirs, differ=differ)
    return Answer("registered", receipt.claim)


def registered_long_ago(receipt: DraftReceipt, parcel: Parcel) -> Answer:
    """The words are gone: the same ones are known by their fingerprint, others cannot be put beside anything."""
    if receipt.said == fingerprint(parcel.fields):
        return Answer("registered", receipt.claim)
    said = {"day": receipt.received_at.astimezone(SHANGHAI).date(), "number": receipt.claim.number}
    raise Refused(
        "words_gone",
        _("这份草稿 %(day)s 已登记为 %(number)s，登记时的原文已按保存期限清除，不能逐项对照，也不会重复登记。请到案件页面核对、补充，再删除手机上的草稿。") % said,
    )


def changed_on_both_sides(draft: IntakeDraft, parcel: Parcel) -> Answer | None:
    version = version_of(draft)
    if version in (parcel.base, parcel.decided):
        return None
    theirs = taken_out(draft.typed())
    differ = differing(parcel.fields, theirs)
    return Answer("conflict", version=version, theirs=theirs, differ=differ) if differ else None


def keep(draft: IntakeDraft, typed: Mapping[str, Typed], now: datetime) -> Answer:
    draft.put(dict(typed))
    draft.step, draft.updated_at = "who", now
    draft.save(update_fields=["sealed", "step", "updated_at"])
    return Answer("kept", version=version_of(draft))


def version_of(draft: IntakeDraft) -> str:
    return draft.updated_at.astimezone(SHANGHAI).isoformat()
