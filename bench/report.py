"""How a bench or a fault test is called, and how its figures are shown."""

import json
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Figures = dict[str, Any]


@dataclass(frozen=True)
class Bench:
    name: str
    size: int  # unless another is asked for
    what: str
    run: Callable[[int], Figures]


def say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {words}", flush=True)


def report(benches: Sequence[Bench], size: int | None, file: str | None) -> list[Figures]:
    """Runs them, prints a table each, and writes one JSON object: the only one's, or all of them by name."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))  # unwinds: what was begun is ended
    done = []
    for bench in benches:
        asked = size or bench.size
        say(f"{bench.name}: {bench.what}; size {asked:,}")
        begun = time.monotonic()
        done.append({"name": bench.name, "size": asked, **bench.run(asked)})
        say(f"{bench.name} took {time.monotonic() - begun:.0f} s")
        print(table(done[-1]), flush=True)
    if file:
        whole = done[0] if len(done) == 1 else {"name": "all", **{figures["name"]: figures for figures in done}}
        Path(file).write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return done


def table(figures: Figures) -> str:
    wide = max(map(len, figures))
    return "\n".join(f"  {name:<{wide}}  {shown(value)}" for name, value in figures.items())


def shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
