"""A wage sheet becomes one claim: at once if it is short, by a task if it is long. Either way in one transaction, so
that whatever dies in between leaves the draft as it was and half a claim never exists.

The row says what is asked for (`asked_at`), the queue only hints at it: beat asks every minute for what is left.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from arrears import drafts
from arrears.evidence import add_evidence
from arrears.forms.steps import Setting, Steps
from arrears.intake import ClaimFacts, Tell, nobody_listens
from arrears.models import Claim, IntakeDraft, WageSheet
from arrears.sheet_files import copy_of
from arrears.sheet_kept import Kept, checked
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

LONG_FROM = 300  # workers; fewer are registered while the page waits
MOST_TRIES = 3  # a sheet that kills whoever registers it is not tried for ever
NOT_AS_IT_IS = frozenset({"file_macro", "file_type", "file_active", "file_large", "file_damaged", "file_locked", "file_bomb", "file_archive", "file_empty"})

logger = logging.getLogger(__name__)


def ask(draft: IntakeDraft, extra: dict[str, str], *, now: datetime, send: Callable[[], Any]) -> None:
    """Asks for the registration; `send` hints at it once that is written."""
    with transaction.atomic():
        asked = WageSheet.objects.filter(draft=draft, asked_at=None) | WageSheet.objects.filter(draft=draft).exclude(refused="")
        if asked.update(asked_at=now, extra=extra, refused="", tries=0):
            transaction.on_commit(send)


def register_next(now: datetime) -> bool:
    """One of those asked for; whether there was one. Raises nothing: what goes wrong is said to whoever asked."""
    with transaction.atomic():
        row = waiting().order_by("asked_at").first()
        if row is None:
            return False
        if row.tries >= MOST_TRIES:
            refuse(row, _("登记没有成功，请稍后再试；多次不成功请联系系统管理员。"))
            return True
        WageSheet.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
    try:
        with transaction.atomic():
            row = waiting().filter(pk=row.pk).first()  # another worker may have it by now
            if row is not None:
                with translation.override(row.draft.person.language):
                    whole(row.draft, row, now)
    except Refused as refusal:
        refuse(row, refusal.message)
    except Exception:
        logger.exception("wage sheet of draft %s", row.pk)
        refuse(row, _("登记没有成功，请稍后再试；多次不成功请联系系统管理员。"))
    return True


def waiting() -> QuerySet[WageSheet]:
    found = WageSheet.objects.filter(asked_at__isnull=False, refused="").select_related("draft__person")
    return found.defer("original", "tables").select_for_update(skip_locked=True, of=("self",))


def refuse(row: WageSheet, sentence: str) -> None:
    WageSheet.objects.filter(pk=row.pk).update(refused=sentence)


def whole(draft: IntakeDraft, row: WageSheet, now: datetime) -> Claim | None:
    person, today = draft.person, day_of(now)
    kept = Kept(row, today)
    setting = Setting(person, today, draft.typed(), kept if kept.is_fresh else checked(row, today))
    steps = Steps.of(setting)
    if steps.unready:
        raise Refused("unready", _("还有没填完的步骤：%(step)s。") % {"step": steps.unready[0].label})
    say(draft, 1, 10)
    facts = steps.facts(draft.source_key, row.extra)
    people = len(facts.claimants)
    claim = submit(draft.pk, facts, person, now=now, told=lambda done: say(draft, people + 8 * done, 10 * people))
    say(draft, 1, 1)
    return claim


def submit(
    draft_id: UUID, facts: ClaimFacts, person: Person, *, now: datetime, told: Tell = nobody_listens
) -> Claim | None:
    """As drafts.submit, with the sheet as the claim's first evidence."""
    return drafts.submit(draft_id, facts, person, now=now, told=told, also=lambda claim: keep_original(claim, draft_id, person, now))


def keep_original(claim: Claim, draft_id: UUID, person: Person, now: datetime) -> None:
    """The file as it came is the evidence; of one that evidence does not take (macros), the cells that were read."""
    row = WageSheet.objects.get(pk=draft_id)
    title = _("工资表原件")
    try:
        with transaction.atomic():
            add_evidence(claim, SimpleUploadedFile(row.name, row.original_bytes()), person, now=now, kind="wage_sheet", title=title)
    except Refused as refusal:
        if refusal.code not in NOT_AS_IT_IS:
            raise
        made = SimpleUploadedFile(f"{row.name}.xlsx", copy_of(Kept(row, day_of(now)).tables))
        add_evidence(claim, made, person, now=now, kind="wage_sheet", title=_("工资表（系统读出的副本）"))


def say(draft: IntakeDraft, done: int, of: int) -> None:
    """A hint for whoever watches; the truth is the row."""
    try:
        cache.set(f"sheet:{draft.pk}", (done, of), 600)
    except RedisError:
        logger.warning("nobody hears how far a wage sheet is")


def percent(draft_id: object) -> int:
    try:
        done, of = cache.get(f"sheet:{draft_id}") or (0, 1)
    except RedisError:
        return 0
    return min(99, 100 * done // max(of, 1))
