"""A wage sheet of so many workers on the whole real road: read, shown, its wrong lines left out, registered as one claim
by the task. In seconds, and in memory of the process that did it and of the one that read the file."""

from django.core.management import call_command

from bench import city
from bench.processes import ask
from bench.report import Figures


def run(size: int) -> Figures:
    city.build()
    call_command("collectstatic", verbosity=0, interactive=False)
    done = ask("bench.sheeter", env={"BENCH_LINES": str(size)})
    assert done["imported"] + done["refused"] == size, "a line went missing"
    return done
