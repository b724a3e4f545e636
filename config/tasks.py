"""What the worker does for the house itself."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from config.pulse import KEYS, WATCHMAN, connect
from grid import rounds
from grid.days import SHANGHAI, day_of
from grid.notices import tell
from grid.tasklist import administrators

SILENT_FOR = timedelta(minutes=5)


@shared_task(ignore_result=True)
def see_watchman() -> bool:
    """Does the watchman live? Who watches him: while there is neither, nobody would say that the sweep has stopped.
    Told by the ordinary ways, once, and again each day."""
    now = timezone.now()
    with connect() as line:
        is_alive = bool(line.exists(KEYS[WATCHMAN]))
    seen = rounds.last(rounds.WATCHMAN)
    if is_alive or seen is None:
        rounds.end(rounds.WATCHMAN, now, {})
        return is_alive
    since = max(seen.ended_at, settings.STARTED_AT)
    silent = now - since
    if silent >= SILENT_FOR:
        tell(
            administrators(day_of(now)), "watchman_silent", key=f"watchman_silent:{since.isoformat()}:{silent.days}", now=now,
            facts={
                "since": since.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"), "minutes": int(silent.total_seconds() // 60),
                "logs": str(settings.DATA / "log"),
            },
        )  # fmt: skip
    return False
