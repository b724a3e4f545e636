"""A long file of work orders is imported by a task, in one transaction: whatever dies in between leaves the file as it was, and
no order comes twice. The row says what is asked for (`asked_at`), the queue only hints at it, as for wage sheets
(arrears.sheet_registering); what came out stays on it until the next file.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from arrears import long_work
from arrears.models import OrderSheet
from arrears.sources.sheets import Kept, bring_in
from grid.days import day_of

SORRY = gettext_lazy("导入没有成功，请稍后再试；多次不成功请联系系统管理员。")


def ask(row: OrderSheet, *, now: datetime, send: Callable[[], Any]) -> None:
    """Asks for the import; `send` hints at it once that is written."""
    with transaction.atomic():
        fresh = OrderSheet.objects.filter(pk=row.pk, asked_at=None) | OrderSheet.objects.filter(pk=row.pk).exclude(refused="")
        if fresh.update(asked_at=now, refused="", tries=0):
            transaction.on_commit(send)


def import_next(now: datetime) -> bool:
    return long_work.take_next(waiting, lambda row: whole(row, now), refuse, lambda row: row.person.language, SORRY)


def waiting() -> QuerySet[OrderSheet]:
    found = OrderSheet.objects.filter(asked_at__isnull=False, refused="", result__isnull=True).select_related("person", "source__region")
    return found.defer("tables").select_for_update(skip_locked=True, of=("self",))


def refuse(row: OrderSheet, sentence: str) -> None:
    OrderSheet.objects.filter(pk=row.pk).update(refused=sentence)


def whole(row: OrderSheet, now: datetime) -> None:
    counts = bring_in(Kept(row, day_of(now)), row.person, now=now, told=lambda done, of: say(row, done, of), end=lambda _row: None)
    OrderSheet.objects.filter(pk=row.pk).update(result=counts, tables="", answers="")


def say(row: OrderSheet, done: int, of: int) -> None:
    if done % 10 == 0 or done == of:
        long_work.say(row.pk, done, of)
