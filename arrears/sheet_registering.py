"""A wage sheet becomes one claim: at once if it is short, by a task if it is long. Either way in one transaction, so
that whatever dies in between leaves the draft as it was and half a claim never exists (arrears.long_work).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from arrears import drafts, long_work
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
SORRY = gettext_lazy("登记没有成功，请稍后再试；多次不成功请联系系统管理员。")
NOT_AS_IT_IS = frozenset({"file_macro", "file_type", "file_active", "file_large", "file_damaged", "file_locked", "file_bomb", "file_archive", "file_empty"})


def ask(draft: IntakeDraft, extra: dict[str, str], *, now: datetime, send: Callable[[], Any]) -> None:
    """Asks for the registration; `send` hints at it once that is written."""
    with transaction.atomic():
        asked = WageSheet.objects.filter(draft=draft, asked_at=None) | WageSheet.objects.filter(draft=draft).exclude(refused="")
        if asked.update(asked_at=now, extra=extra, refused="", tries=0):
            transaction.on_commit(send)


def register_next(now: datetime) -> bool:
    return long_work.take_next(waiting, lambda row: whole(row.draft, row, now), refuse, lambda row: row.draft.person.language, SORRY)


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
    long_work.say(draft.pk, 1, 10)
    facts = steps.facts(draft.source_key, row.extra)
    people = len(facts.claimants)
    claim = submit(draft.pk, facts, person, now=now, told=lambda done: long_work.say(draft.pk, people + 8 * done, 10 * people))
    long_work.say(draft.pk, 1, 1)
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
