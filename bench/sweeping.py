"""The sweep: 1 % of so many open claims due at once, beside the bare statement; its memory; and how long somebody
waits for a notice while rungs fall due all the time and beat keeps its real timetable."""

from django.db import connection
from django.utils import timezone

from bench import city, claims, floor, waiting
from bench.processes import ask
from bench.report import Figures, say

ROUNDS = (("sweep-1", "floor-1"), ("sweep-2", "floor-2"))


def run(size: int) -> Figures:
    now = timezone.now()
    city.build()
    claims.prepare(now)
    claims.fill(1, size // 10, now)
    tenth = swept("tenth")
    claims.fill(size // 10 + 1, size, now)
    sweeps, floors = [], []
    for ours, theirs in ROUNDS:
        sweeps.append(swept(ours))
        claims.wake(theirs)
        floors.append(floor.replay(ours, theirs))
    assert [done["rungs"] for done in sweeps] == [events for events, _seconds in floors], "the two did different things"
    rate = sum(done["rungs"] for done in sweeps) / sum(done["seconds"] for done in sweeps)
    bare = sum(events for events, _seconds in floors) / sum(seconds for _events, seconds in floors)
    return {
        "rows_per_s": round(rate),
        "floor_rows_per_s": round(bare),
        "ratio": round(rate / bare, 2),
        "peak_mb": round(max(done["peak_mb"] for done in sweeps), 1),
        "peak_mb_at_a_tenth": round(tenth["peak_mb"], 1),
        "rungs": sum(done["rungs"] for done in sweeps),
        **waiting.run("stream"),
    }


def swept(name: str) -> Figures:
    """Lets a set fall due and sweeps it in a process of its own."""
    clocks = claims.wake(name)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE arrears_watch")
    done = ask("bench.sweeper")
    say(f"{name}: {clocks:,} clocks, {done['rungs']:,} rungs in {done['seconds']:.2f} s, {done['peak_mb']:.0f} MB")
    return done
