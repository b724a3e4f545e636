"""Where a task goes and how long it may take; and that no message outlives its turn or is given out twice."""

import pytest
from celery.schedules import crontab
from django.conf import settings

from config.celery import app
from config.queues import OTHERS, QUEUES, TASKS, VISIBILITY, WORKERS, emptied_by
from config.serve import list_children

OURS = ("grid.", "arrears.", "mediation.", "config.")
DAY = 24 * 3600


def test_every_task_stands_in_the_table_and_nothing_else_does() -> None:
    app.loader.import_default_modules()
    assert TASKS.keys() == {name for name in app.tasks if name.startswith(OURS)}
    assert set(TASKS.values()) <= QUEUES.keys()


@pytest.mark.parametrize("name", TASKS)
def test_a_task_goes_to_its_queue_with_the_limits_of_that(name: str) -> None:
    queue, task = QUEUES[TASKS[name]], app.tasks[name]
    assert app.amqp.router.route({}, name)["queue"].name == queue.name
    assert (task.soft_time_limit, task.time_limit) == (queue.soft_limit, queue.hard_limit)
    assert task.acks_late and task.reject_on_worker_lost and task.ignore_result


def test_a_task_nobody_listed_holds_up_no_alarm() -> None:
    assert app.amqp.router.route({}, "arrears.tasks.new")["queue"].name == OTHERS
    assert OTHERS not in emptied_by("worker")


def test_no_task_may_take_longer_than_its_message_is_waited_for() -> None:
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] == VISIBILITY
    assert max(queue.hard_limit for queue in QUEUES.values()) < VISIBILITY
    assert all(queue.soft_limit < queue.hard_limit for queue in QUEUES.values())
    assert app.conf.worker_prefetch_multiplier == 1


@pytest.mark.parametrize("name", app.conf.beat_schedule)
def test_what_beat_sends_expires_before_its_next_turn(name: str) -> None:
    entry = app.conf.beat_schedule[name]
    turn = DAY if isinstance(entry["schedule"], crontab) else entry["schedule"]
    assert 0 < entry["options"]["expires"] < turn
    assert entry["task"] in TASKS


def test_nothing_shares_a_worker_with_the_sweep() -> None:
    assert emptied_by(QUEUES["sweep"].worker) == ["sweep"]


@pytest.mark.parametrize("name", [name for name, entry in app.conf.beat_schedule.items() if name in ("sweep", "deliver")])
def test_tasks_that_hang_until_they_are_killed_leave_a_process_for_the_next(name: str) -> None:
    entry = app.conf.beat_schedule[name]
    queue = QUEUES[TASKS[entry["task"]]]
    assert WORKERS[queue.worker] >= queue.hard_limit / entry["schedule"]


def test_a_long_report_leaves_a_process_for_a_document() -> None:
    nightly = [TASKS[entry["task"]] for entry in app.conf.beat_schedule.values()].count("reports")
    assert WORKERS[QUEUES["documents"].worker] > nightly


def test_the_sweep_comes_twice_before_a_minute_is_over() -> None:
    assert 2 * app.conf.beat_schedule["sweep"]["schedule"] <= 60


def test_each_queue_is_emptied_by_one_child(tmp_path) -> None:
    children = {child.name: child.command for child in list_children(make_logs(tmp_path), "127.0.0.1", 8000)}
    assert {worker: children[worker][-1].split(",") for worker in WORKERS} == {worker: emptied_by(worker) for worker in WORKERS}
    assert sorted(queue for worker in WORKERS for queue in emptied_by(worker)) == sorted(QUEUES)


def make_logs(data):
    (data / "log").mkdir()
    return data
