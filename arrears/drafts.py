"""The verbs of a draft: keeping what was typed, registering it once, dropping it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from arrears.intake import ClaimFacts, register
from arrears.models import Claim, IntakeDraft
from grid.models import Person


def keep(person: Person, draft_id: UUID, typed: dict[str, Any], step: str, *, now: datetime) -> IntakeDraft:
    """Writes down what was typed, in the draft of that id: sent twice, it is still one draft."""
    fresh = IntakeDraft(pk=draft_id, person=person)
    fresh.put(typed)
    return IntakeDraft.objects.update_or_create(
        pk=draft_id, person=person, defaults={"sealed": fresh.sealed, "step": step, "updated_at": now}
    )[0]


def submit(draft_id: UUID, facts: ClaimFacts, person: Person, *, now: datetime) -> Claim | None:
    """Registers the claim and drops the draft. The draft's row is the lock: of two taps the second finds it gone,
    and gets None. Raises Refused as intake.register does, and keeps the draft."""
    with transaction.atomic():
        draft = IntakeDraft.objects.select_for_update().filter(pk=draft_id, person=person).first()
        if draft is None:
            return None
        claim = register(facts, person, now=now)
        draft.delete()
    return claim


def drop(draft: IntakeDraft) -> None:
    draft.delete()
