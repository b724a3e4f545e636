"""A long file of work orders is imported by a task, in one transaction: whatever dies in between leaves the file as it was, and
no order comes twice. The row says what is asked for (`asked_at`), the queue only hints at it, as for wage sheets
(arrears.sheet_registering); what came out stays on it until the next file.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from arrears.models import OrderSheet
from arrears.sources.sheets import Kept, bring_in
from grid.days import day_of
from grid.refused import Refused

MOST_TRIES = 3  # a file that kills whoever imports it is not tried for ever

logger = logging.getLogger(__name__)


def ask(row: OrderSheet, *, now: datetime, send: Callable[[], Any]) -> None:
    """Asks for the import; `send` hints at it once that is written."""
    with transaction.atomic():
        fresh = OrderSheet.objects.filter(pk=row.pk, asked_at=None) | OrderSheet.objects.filter(pk=row.pk).exclude(refused="")
        if fresh.update(asked_at=now, refused="", tries=0):
            transaction.on_commit(send)


def import_next(now: datetime) -> bool:
    """One of those asked for; whether there was one. Raises nothing: what goes wrong is said to whoever asked."""
    with transaction.atomic():
        row = waiting().order_by("asked_at").first()
        if row is None:
            return False
        if row.tries >= MOST_TRIES:
            refuse(row, _("导入没有成功，请稍后再试；多次不成功请联系系统管理员。"))
            return True
        OrderSheet.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
    try:
        with transaction.atomic():
            row = waiting().filter(pk=row.pk).first()  # another worker may have it by now
            if row is not None:
                with translation.override(row.person.language):
                    whole(row, now)
    except Refused as refusal:
        refuse(row, refusal.message)
    except Exception:
        logger.exception("work orders of %s", row.pk)
        refuse(row, _("导入没有成功，请稍后再试；多次不成功请联系系统管理员。"))
    return True


def waiting() -> QuerySet[OrderSheet]:
    found = OrderSheet.objects.filter(asked_at__isnull=False, refused="", result__isnull=True).select_related("person", "source__region")
    return found.defer("tables").select_for_update(skip_locked=True, of=("self",))


def refuse(row: OrderSheet, sentence: str) -> None:
    OrderSheet.objects.filter(pk=row.pk).update(refused=sentence)


def whole(row: OrderSheet, now: datetime) -> None:
    counts = bring_in(Kept(row, day_of(now)), row.person, now=now, told=lambda done, of: say(row, done, of), end=lambda _row: None)
    OrderSheet.objects.filter(pk=row.pk).update(result=counts, tables="", answers="")


def say(row: OrderSheet, done: int, of: int) -> None:
    """A hint for whoever watches; the truth is the row."""
    if done % 10 and done != of:
        return
    try:
        cache.set(f"orders:{row.pk}", (done, of), 600)
    except RedisError:
        logger.warning("nobody hears how far a file of work orders is")


def percent(row: OrderSheet) -> int:
    try:
        done, of = cache.get(f"orders:{row.pk}") or (0, 1)
    except RedisError:
        return 0
    return min(99, 100 * done // max(of, 1))
