"""The queues, who empties them and how long a task of each may take. Which task goes where is the second table.

Three workers, so that nothing holds up the sweep: `worker` does that alone, `courier` talks to other people's servers,
which may be slow or dead, `papers` makes what may take minutes.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Queue:
    """Limits in seconds: at the first a task is told to end, at the second its process is killed."""

    name: str
    worker: str
    soft_limit: int
    hard_limit: int


QUEUES = {
    queue.name: queue
    for queue in (
        Queue("sweep", "worker", 50, 60),
        Queue("deliver", "courier", 50, 60),
        Queue("documents", "papers", 240, 300),
        Queue("reports", "papers", 1500, 1800),
    )
}
# Worker → how many processes. Of a task that hangs until it is killed, so many are under way when the next one comes.
WORKERS = {"worker": 2, "courier": 4, "papers": 5}
TASKS = {
    "arrears.tasks.sweep": "sweep",
    "arrears.tasks.check_integrity": "reports",
    "arrears.tasks.register_sheets": "reports",
    "arrears.tasks.make_packets": "documents",
    "arrears.tasks.import_orders": "reports",
    "arrears.tasks.scan_files": "documents",
    "arrears.tasks.forget_words": "documents",
    "mediation.tasks.watch_instalments": "deliver",
    "arrears.tasks.recount_years": "reports",
    "mediation.tasks.end_online_stays": "documents",
    "grid.tasks.deliver": "deliver",
    "mediation.tasks.remind": "documents",
    "mediation.tasks.watch_marks": "documents",
    "arrears.tasks.return_changes": "deliver",
    "grid.tasks.digests": "deliver",
    "config.tasks.see_watchman": "deliver",
}
OTHERS = "reports"  # a task that stands in no row harms nobody there
# A task that is not acknowledged for so long is given out again; shorter than a task may take, it would run twice.
VISIBILITY = 300 + max(queue.hard_limit for queue in QUEUES.values())


def emptied_by(worker: str) -> list[str]:
    return [queue.name for queue in QUEUES.values() if queue.worker == worker]


def limits(task: str) -> dict[str, int]:
    queue = QUEUES[TASKS.get(task, OTHERS)]
    return {"soft_time_limit": queue.soft_limit, "time_limit": queue.hard_limit}
