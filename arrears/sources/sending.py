"""Pushes changes to the offices that take them: claim a row, commit, talk, settle; as grid.outbox does, with its ladders.

At least once, with the row's id as key. The changes of one order go out one after the other, in their order. While an
office cannot be reached one row tries and the others wait, uncharged; a person is told when that has lasted.
"""

import hmac
import json
import logging
import time
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from arrears.models import Returned, Source
from arrears.models.sources import FAILED, SENDING, SENT, WAITS, WEBHOOK
from arrears.sources import web
from arrears.sources.keeping import check_keeps, write_record
from arrears.sources.payload import payloads_of, stamp
from grid import tasklist
from grid.channels.message import SendError
from grid.circuits import PROBE_TAKES
from grid.circuits import RETRY_AFTER as ASKED_AGAIN
from grid.days import day_of
from grid.duty import Roster
from grid.ids import uuid7
from grid.models import Person
from grid.outbox import RETRY_AFTER, STUCK_AFTER
from grid.vault import CannotOpen

TELL_AT = 4  # failures one after the other: some twenty minutes

logger = logging.getLogger(__name__)


def _(text: str) -> str:
    """Marks a text for the catalogues; grid.tasklist translates it."""
    return text


tasklist.add_kinds((
    tasklist.TaskKind(
        "source_down", _("工单来源“%(source)s”的回传不通"),
        _("往“%(source)s”推送办理状态连续失败（%(error)s）。变更都留着，接通后会按次序补发。请核对地址和密钥，并联系对方的技术人员。"),
    ),
    tasklist.TaskKind(
        "source_refused", _("“%(source)s”没有收下工单 %(number)s 的状态"),
        _("“%(source)s”拒收工单 %(number)s 的办理状态（%(error)s），系统不再重试。请联系对方查明原因，然后在来源页面上重新回传。"),
    ),
))  # fmt: skip


def send_one(now: datetime) -> bool:
    """One step: the change that has waited longest. False when none is due."""
    row = claim_next(now)
    if row is None:
        return False
    try:
        post(row.source, body_of(row), str(row.pk))
    except SendError as error:
        if error.of_channel:
            blame_source(row, now, error)
        else:
            put_back(row, now, str(error), permanent=error.permanent)
    except Exception as error:  # whatever is wrong with this one, the others go out
        logger.exception("change %s could not be sent", row.pk)
        put_back(row, now, f"{type(error).__name__}: {error}")
    else:
        settle(row, standing=SENT, sent_at=now, error="")
        if row.source.failures:
            Source.objects.filter(pk=row.source_id).update(failures=0, retry_at=None, last_error="")
    return True


def claim_next(now: datetime) -> Returned | None:
    """Marks the oldest due row as being sent; committed before it is sent."""
    earlier = Returned.objects.filter(report=OuterRef("report"), way=WEBHOOK, standing__in=(WAITS, SENDING), id__lt=OuterRef("id"))
    due = Returned.objects.filter(standing=WAITS, way=WEBHOOK, next_try_at__lte=now).filter(~Exists(earlier)).order_by("next_try_at", "id")
    due = due.select_related("source", "report", "claim").select_for_update(skip_locked=True, of=("self",), no_key=True)
    resting = Q()
    while True:
        with transaction.atomic():
            row = due.filter(Q(source__retry_at=None) | Q(source__retry_at__lte=now)).exclude(resting).first()
            if row is None:
                return None
            if row.source.failures and not take_probe(row.source, now):
                resting |= Q(source=row.source_id)
                continue
            row.standing, row.claimed_at, row.attempts = SENDING, now, row.attempts + 1
            row.save(update_fields=["standing", "claimed_at", "attempts"])
            return row


def take_probe(source: Source, now: datetime) -> bool:
    """Whoever gets it may try one row."""
    waiting = Source.objects.filter(Q(retry_at=None) | Q(retry_at__lte=now), pk=source.pk, failures__gt=0)
    return bool(waiting.update(retry_at=now + PROBE_TAKES))


def body_of(row: Returned) -> bytes:
    return json.dumps(payloads_of([row])[0], ensure_ascii=False, sort_keys=True).encode()


def post(source: Source, body: bytes, key: str) -> None:
    """Raises SendError."""
    try:
        url, secret = source.url(), source.secret()
    except CannotOpen:
        raise SendError(gettext("推送地址或者密钥已经无法读取，请重新填写。"), of_channel=True) from None
    if not url or not web.is_allowed(url):  # asked again: CHANNEL_HOSTS may have been taken back
        raise SendError(gettext("推送地址不在允许的范围内。"), of_channel=True)
    web.post(url, body, signed(body, secret, key))


def signed(body: bytes, secret: str, key: str) -> dict[str, str]:
    """The receiver works the same out over what it got, byte by byte, and refuses a time-stamp that is minutes old."""
    stamp = str(int(time.time()))
    return {"X-Xinan-Timestamp": stamp, "X-Xinan-Signature": f"sha256={signature(secret, stamp, body)}", "Idempotency-Key": key}


def signature(secret: str, stamp: str, body: bytes) -> str:
    return hmac.digest(secret.encode(), stamp.encode() + b"\n" + body, "sha256").hex()


def settle(row: Returned, **changes: Any) -> bool:
    """Only the claim's holder settles it: one that was released in the meantime is somebody else's."""
    mine = Returned.objects.filter(pk=row.pk, standing=SENDING, claimed_at=row.claimed_at)
    return bool(mine.update(claimed_at=None, **changes))


def blame_source(row: Returned, now: datetime, error: SendError) -> None:
    with transaction.atomic():
        source = Source.objects.select_for_update(no_key=True).get(pk=row.source_id)
        source.failures = min(source.failures + 1, 9999)
        source.last_error = str(error)[:300]
        source.retry_at = now + max(ASKED_AGAIN[min(source.failures, len(ASKED_AGAIN)) - 1], error.wait)
        source.save(update_fields=["failures", "last_error", "retry_at"])
        settle(row, standing=WAITS, next_try_at=source.retry_at, attempts=row.attempts - 1, error=source.last_error)
        if source.failures == TELL_AT:
            hand_over(source, "source_down", f"source-down:{source.pk}", now, error=source.last_error)


def put_back(row: Returned, now: datetime, error: str, *, permanent: bool = False) -> None:
    """Queues it for a later try, or gives it up and makes that somebody's work."""
    error = error[:300]
    if not permanent and row.attempts <= len(RETRY_AFTER):
        settle(row, standing=WAITS, next_try_at=now + RETRY_AFTER[row.attempts - 1], error=error)
        return
    with transaction.atomic():
        if settle(row, standing=FAILED, error=error):
            number = row.report.external_number
            hand_over(row.source, "source_refused", f"source-refused:{row.report_id}", now, error=error, number=number)


def hand_over(source: Source, kind: str, key: str, now: datetime, **facts: str) -> None:
    """Whoever set it up, if they still administer here, else another administrator."""
    owner = owner_of(source, now)
    if owner is None:
        logger.error("nobody is there to be told that %s takes nothing", source.code)
        return
    tasklist.add(
        owner, kind, key=f"{key}:{owner.pk}", now=now, facts={"source": source.name, **facts}, path=f"/sources/{source.pk}/",
        subject_id=source.pk, region_code=source.region_id,
    )  # fmt: skip


def owner_of(source: Source, now: datetime) -> Person | None:
    people = [*Roster.around(source.region_id, day_of(now)).administrators(source.region_id), *tasklist.administrators(day_of(now))]
    return next((person for person in people if person.pk == source.created_by_id), next(iter(people), None))


def release_stuck(now: datetime) -> int:
    """Takes back what dead workers had claimed; how many. A row that kills its worker runs out of tries, too."""
    stuck = list(Returned.objects.filter(standing=SENDING, claimed_at__lt=now - STUCK_AFTER).select_related("source", "report")[:1000])
    for row in stuck:
        if row.attempts > len(RETRY_AFTER):
            put_back(row, now, "never settled", permanent=True)
        else:
            settle(row, standing=WAITS, next_try_at=now)
    return len(stuck)


def send_again(source: Source, person: Person, *, now: datetime) -> int:
    """What the office refused before, and what waits because it could not be reached; how many. Raises Refused."""
    check_keeps(person, now)
    with transaction.atomic():
        held = Source.objects.select_for_update(no_key=True).get(pk=source.pk)
        held.failures, held.retry_at = 0, None
        held.save(update_fields=["failures", "retry_at"])
        failed = Returned.objects.filter(source=source, standing=FAILED, way=WEBHOOK).update(standing=WAITS, attempts=0, next_try_at=now, error="")
        waiting = Returned.objects.filter(source=source, standing=WAITS, way=WEBHOOK, next_try_at__gt=now).update(next_try_at=now)
        if failed + waiting:
            write_record(source, "sent_again", person, now=now, count=failed + waiting)
    return failed + waiting


def try_out(source: Source, person: Person, *, now: datetime) -> None:
    """Posts a change of no order at once. Raises Refused; SendError: what the other side said."""
    check_keeps(person, now)
    key = str(uuid7())
    body = {"id": key, "source": source.code, "external_number": "", "state": "test", "state_text": "测试", "at": stamp(now)}
    write_record(source, "tried", person, now=now)
    post(source, json.dumps(body, ensure_ascii=False, sort_keys=True).encode(), key)
