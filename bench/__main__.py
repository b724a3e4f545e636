"""bin/bench NAME|all [--size N] [--json FILE]"""

import argparse
import os

import django

# Before the settings are read: a bench that sends mail says where to.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
django.setup()

from bench import checking, delivering, duplicating, intake, packeting, sheeting, slotting, sweeping  # noqa: E402
from bench.report import Bench, report  # noqa: E402

BENCHES = {
    bench.name: bench
    for bench in (
        Bench("sweep", 1_000_000, "rungs fired per second with 1 % of so many open claims due at once", sweeping.run),
        Bench("intake", 1, "fields, bytes, Lighthouse and axe on intake and public pages; so many looks at each", intake.run),
        Bench("deliver", 2_000, "messages handed to a mail server on this machine per second", delivering.run),
        Bench("sheet", 10_000, "seconds from a wage sheet of so many workers to one registered claim", sheeting.run),
        Bench("packet", 1, "seconds from a complete claim of so many workers to a finished packet", packeting.run),
        Bench("duplicates", 100_000, "milliseconds until likely duplicates are shown while somebody types", duplicating.run),
        Bench("slots", 90, "milliseconds to find the best times for a hearing among 60 rooms, 40 mediators and so many days", slotting.run),
        Bench("integrity", 100_000, "seconds that every check of integrity takes with so many open claims", checking.run),
    )
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measures the system on servers of its own.")
    parser.add_argument("name", choices=[*BENCHES, "all"], help="; ".join(f"{b.name}: {b.what}" for b in BENCHES.values()))
    parser.add_argument("--size", type=int, help="how much there is; each bench has its own default")
    parser.add_argument("--json", metavar="FILE", help="writes the figures there as one JSON object")
    asked = parser.parse_args()
    report([BENCHES[asked.name]] if asked.name != "all" else [*BENCHES.values()], asked.size, asked.json)


if __name__ == "__main__":
    main()
