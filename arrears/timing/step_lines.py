"""The count of a clock's day as lines of its page: the steps of arrears.reasons, a run of days that rest as one line, and
the last day once, with what it is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from arrears.phrases import Phrase
from arrears.reasons import STEPS, Step


@dataclass(frozen=True)
class StepLine:
    text: str
    tone: str
    count: int | None
    is_day_off: bool
    is_paused: bool


LOOKS = {"start": "muted", "event": "muted", "skipped": "muted", "rolled": "warn", "rolled_back": "warn",
         "provisional": "provisional", "due": "bad", "due_back": "bad", "due_fixed": "bad", "strict": "bad",
         "paused": "info", "paused_run": "info", "made_up": "info"}  # fmt: skip
OFF, PAUSED = ("skipped", "rolled", "rolled_back"), ("paused", "paused_run")
# Several days in a row of one kind.
RUNS = {
    "skipped": STEPS["paused_run"],
    "paused": STEPS["paused_run"],
    "rolled": _("%(first)s至%(day)s：%(cause)s，顺延（民法典第二百零三条）"),
    "rolled_back": _("%(first)s至%(day)s：%(cause)s，提前"),
}
# The last day of the count, on which the limit ends.
LAST = {
    ("counted", "due"): _("%(day)s %(weekday)s：%(cause)s，第%(count)s个工作日，期限届满"),
    ("counted_back", "due_back"): _("%(day)s %(weekday)s：%(cause)s，倒数第%(count)s个工作日，应在当日或者此前完成"),
    ("day", "due"): _("%(day)s %(weekday)s：%(cause)s，第%(count)s日，期限届满"),
    ("day", "due_fixed"): _("%(day)s %(weekday)s：第%(count)s日，期限届满，遇节假日不顺延"),
    ("given", "due"): _("%(day)s %(weekday)s：约定的日期，期限届满"),
    ("given", "due_fixed"): _("%(day)s %(weekday)s：约定的日期，期限届满，遇节假日不顺延"),
    ("stated", "due_fixed"): _("%(day)s %(weekday)s：写明的日期，期限届满，遇节假日不顺延"),
}


def lines_of(steps: Sequence[Step]) -> list[StepLine]:
    return [line_of(step) for step in ended(run_together(steps))]


def run_together(steps: Iterable[Step]) -> Iterator[Step]:
    for kind, run in groupby(steps, key=lambda step: step.kind):
        days = list(run)
        yield from [as_run(days)] if kind in RUNS and len(days) > 1 else days


def as_run(days: Sequence[Step]) -> Step:
    """The causes in their order, each once: 周末、国庆节放假."""
    first, last = days[0].phrase.values, days[-1].phrase.values
    causes = list({str(step.phrase.values["cause"]): step.phrase.values["cause"] for step in days}.values())
    said = {"first": first["day"], "day": last["day"], "cause": listed(causes), "count": len(days)}
    return Step(days[0].kind, Phrase(RUNS[days[0].kind], said), days[-1].day)


def listed(causes: Sequence[object]) -> object:
    if len(causes) == 1:
        return causes[0]
    return Phrase(_("%(first)s、%(second)s"), {"first": causes[0], "second": listed(causes[1:])})


def ended(steps: Iterable[Step]) -> Iterator[Step]:
    waiting: Step | None = None
    for step in steps:
        said = waiting and waiting.day == step.day and LAST.get((waiting.kind, step.kind))
        if said:
            values = {**waiting.phrase.values, **step.phrase.values, "count": waiting.count}
            waiting = Step(step.kind, Phrase(said, values), step.day, waiting.count)
            continue
        if waiting:
            yield waiting
        waiting = step
    if waiting:
        yield waiting


def line_of(step: Step) -> StepLine:
    is_paused = step.kind in PAUSED
    return StepLine(
        step.text(gettext), LOOKS.get(step.kind, "plain"), None if is_paused else step.count, step.kind in OFF, is_paused
    )
