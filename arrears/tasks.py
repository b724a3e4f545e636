"""What the worker does for the case. Every task may run twice, late or in parallel."""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from time import monotonic

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from arrears import escalation, integrity, scanning, sheet_registering, year_loading
from arrears.field.forgetting import forget_due
from arrears.incidents import verbs as incidents
from arrears.ladders.align import realign
from arrears.objections import clock as objections
from arrears.owed.verbs import break_due
from arrears.papers import packets
from arrears.proceedings import hearings
from arrears.proceedings import verbs as proceedings
from arrears.reports.clock import call_due
from arrears.serving import clock as serving_clock
from arrears.serving import verbs as serving
from arrears.sources import importing, promised, sending
from arrears.timing import extension_reminders, suspending
from arrears.worker import questions, unreached
from grid import rounds

AT_ONCE = 5000  # clocks for which posts, calendar and ladders are read once; the time is looked at between
PATIENCE = 30  # seconds; the task's limit is 50 and another one comes twice a minute

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def sweep() -> int:
    """Fires all rungs that are due, as long as the time lasts; how many. The rest waits for the next turn.

    Then promises of papers whose day has passed are broken, claims of many workers made sensitive, late reports of
    incidents called about, claims whose suspension ends today wake and clocks are set on their right ladder, and what
    that has made due is fired, too; last, whoever is to tell workers whom no message reaches is asked. In this order, so
    that nothing that may take long keeps back what is due; and only a turn that came
    through all of it has ended (the watchman listens for that)."""
    begun, counts = monotonic(), Counter(rungs=0)
    fire_due(begun, counts)
    prepare("broken", break_due)
    prepare("reports", call_due)
    prepare("objections", objections.call_due)
    prepare("public notices in effect", serving.take_effect)
    prepare("papers to serve", serving_clock.call_due)
    prepare("proceedings moved on", proceedings.advance_due)
    prepare("hearings reminded of", hearings.remind_due)
    prepare("workers reminded of questions", questions.remind_due)
    prepare("sensitive", incidents.mark_many)
    prepare("incident reports late", incidents.remind_late)
    if prepare("woken", suspending.wake_due) + prepare("realigned", realign):
        fire_due(begun, counts)
    prepare("asked to tell workers", unreached.ask)
    prepare("reminded of requests for more time", extension_reminders.remind_due)
    rounds.end(rounds.SWEEP, timezone.now(), {**counts, "seconds": round(monotonic() - begun, 3)})
    return counts["rungs"]


def fire_due(begun: float, counts: Counter[str]) -> None:
    """At least once, however late it is."""
    while True:
        done = escalation.sweep(timezone.now(), limit=AT_ONCE, in_detail=False)
        counts.update(done.counts)
        if done.counts["clocks"]:
            logger.info("sweep %s %s", dict(done.counts), dict(done.not_escalated))
        if done.counts["clocks"] < AT_ONCE or monotonic() > begun + PATIENCE:
            return


def prepare(name: str, step: Callable[[datetime], int]) -> int:
    """Whatever is wrong with it, the sweep goes on; only the end of the task's time is that of the sweep."""
    try:
        count = step(timezone.now())
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        logger.exception("%s failed, the sweep goes on", name)
        return 0
    if count:
        logger.info("%s %d", name, count)
    return count


@shared_task(ignore_result=True)
def recount_years() -> int:
    """Counts what calendar years changed that were loaded and are not counted yet; how many years. One that was stopped
    goes on where it was."""
    counted = year_loading.finish_all(timezone.now)
    for year, counts in counted.items():
        logger.info("calendar %d %s", year, counts)
    return len(counted)


@shared_task(ignore_result=True)
def check_integrity() -> int:
    """Asks every check; how much was found. Administrators are told once a day. Days promised to a source that no clock pursues are
    pursued from here on: those of a claim that is older than such clocks, and any that got lost."""
    now = timezone.now()
    prepare("clocks begun for days promised to sources", promised.begin_lost)
    results = integrity.run(now)
    total = integrity.keep(results, timezone.now())
    logger.info("check_integrity %d", total)
    integrity.tell_administrators(results, now)
    return total


@shared_task(ignore_result=True)
def scan_files() -> int:
    """Has what waits for the virus scanner scanned, oldest first, as long as the scanner answers; how many."""
    begun, done = monotonic(), 0
    while monotonic() < begun + PATIENCE and scanning.scan_next(timezone.now()):
        done += 1
    if done:
        logger.info("scan_files %d", done)
    return done


@shared_task(ignore_result=True)
def forget_words() -> int:
    """Every night: what drafts were registered with goes after its time; how many."""
    begun, done = monotonic(), 0
    while monotonic() < begun + PATIENCE and (some := forget_due(timezone.now())):
        done += some
    logger.info("forget_words %d", done)
    return done


@shared_task(ignore_result=True)
def register_sheets() -> int:
    """Makes claims of all wage sheets that are asked for; sent when one is, and every minute for what was lost."""
    done = 0
    while sheet_registering.register_next(timezone.now()):
        done += 1
    return done


@shared_task(ignore_result=True)
def make_packets() -> int:
    """Makes one of the packets that are asked for, so that each has the whole time of a task, and sends for the next; sent when one
    is asked for, and every minute for what was lost."""
    done = packets.make_next(timezone.now())
    if done:
        make_packets.delay()
    return int(done)


@shared_task(ignore_result=True)
def import_orders() -> int:
    """Imports all long files of work orders that are asked for; sent when one is, and every minute for what was lost."""
    done = 0
    while importing.import_next(timezone.now()):
        done += 1
    return done


@shared_task(ignore_result=True)
def return_changes(limit: int = 200) -> int:
    """Pushes to other offices what became of their work orders, oldest first; how many were tried."""
    begun, done = monotonic(), 0
    sending.release_stuck(timezone.now())
    while done < limit and monotonic() < begun + PATIENCE and sending.send_one(timezone.now()):
        done += 1
    if done:
        logger.info("return_changes %d", done)
    return done
