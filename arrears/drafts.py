"""The verbs of a draft: keeping what was typed, registering it once, dropping it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.intake import ClaimFacts, Tell, nobody_listens, register
from arrears.models import Claim, IntakeDraft
from grid.models import Person

Typed = Mapping[str, list[str]]  # the fields of one step, as they were sent


def keep(person: Person, draft_id: UUID, name: str, typed: Typed, goes_on_at: str, *, now: datetime) -> IntakeDraft:
    """Writes down what was typed in the step `name`, in the draft of that id: sent twice, it is still one draft.
    A request that began before the last one written is late (a page saves itself while it is being sent), and
    changes nothing."""
    with transaction.atomic():
        fresh = {"sealed": "", "step": goes_on_at, "updated_at": now}
        draft, _is_new = IntakeDraft.objects.select_for_update().get_or_create(pk=draft_id, person=person, defaults=fresh)
        if draft.updated_at <= now:
            draft.put({**draft.typed(), name: typed})
            draft.step, draft.updated_at = goes_on_at, now
            draft.save(update_fields=["sealed", "step", "updated_at"])
    return draft


ROAD = "road"  # stands among the steps of a draft that is filled in another way than worker by worker


def take_road(draft: IntakeDraft, road: str, *, now: datetime) -> None:
    """"sheet": by a wage sheet; "": worker by worker. What was typed on the other road stays."""
    with transaction.atomic():
        draft = IntakeDraft.objects.select_for_update().get(pk=draft.pk)
        typed = {name: fields for name, fields in draft.typed().items() if name != ROAD}
        draft.put({**typed, ROAD: {ROAD: [road]}} if road else typed)
        draft.updated_at = max(draft.updated_at, now)
        draft.save(update_fields=["sealed", "updated_at"])


def submit(
    draft_id: UUID, facts: ClaimFacts, person: Person, *, now: datetime, told: Tell = nobody_listens,
    also: Callable[[Claim], None] = lambda claim: None,
) -> Claim | None:  # fmt: skip
    """Registers the claim, does what belongs to it (`also`) and drops the draft. The draft's row is the lock: of two
    taps the second finds it gone, and gets None. Raises Refused as intake.register does, and keeps the draft."""
    with transaction.atomic():
        draft = IntakeDraft.objects.select_for_update().filter(pk=draft_id, person=person).first()
        if draft is None:
            return None
        claim = register(facts, person, now=now, told=told)
        also(claim)
        draft.delete()
    return claim


def drop(draft: IntakeDraft) -> None:
    draft.delete()
