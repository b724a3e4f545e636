"""From a complete claim of so many workers to a finished packet: every paper that goes to whoever supports a suit, evidence, one
PDF and one ZIP. One worker: one set; more: one suit with annexes and an authority from each. In seconds and memory of the
process that made it."""

from bench import city
from bench.processes import ask
from bench.report import Figures


def run(size: int) -> Figures:
    city.build()
    return ask("bench.packeter", env={"BENCH_WORKERS": str(size)})
