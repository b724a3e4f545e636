"""bin/faults NAME|all [--size N] [--seed N] [--json FILE]. Ends with 1 if something was lost or cannot be explained."""

import argparse
import os
import sys
from functools import partial

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
django.setup()

from bench.faults import drafts, escalation, orders, slot  # noqa: E402
from bench.report import Bench, report  # noqa: E402

FAULTS = {
    "escalation": (10_000, "so many rungs fall due while worker, beat, Valkey and PostgreSQL are killed", escalation.run, escalation.FAULTS),
    "slot": (1_000, "so many officers want one room and one mediator at one time, over many connections", slot.run, slot.FAULTS),
    "drafts": (300, "so many drafts are sent over a network that loses requests and answers, to a web server that is killed", drafts.run, drafts.FAULTS),
    "orders": (2_000, "so many work orders of one file are imported by a worker that is killed in the middle, while some come by the API too", orders.run, orders.FAULTS),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/faults", description="Kills the parts of a system of its own and counts what it lost.")
    parser.add_argument("name", choices=[*FAULTS, "all"])
    parser.add_argument("--size", type=int, help="how many clocks, drafts, orders or tries")
    parser.add_argument("--seed", type=int, default=1, help="of the kills: same seed, same victims in the same order")
    parser.add_argument("--json", metavar="FILE", help="writes the figures there as one JSON object")
    asked = parser.parse_args()
    chosen = FAULTS if asked.name == "all" else {asked.name: FAULTS[asked.name]}
    benches = [Bench(name, size, what, partial(run, seed=asked.seed)) for name, (size, what, run, _bad) in chosen.items()]
    done = report(benches, asked.size, asked.json)
    return int(any(figures[bad] for figures in done for bad in FAULTS[figures["name"]][3]))


if __name__ == "__main__":
    sys.exit(main())
