"""The chains of steps.toml as values: kinds of proceeding, their steps, what excludes what, and what is lost with a day.
Django-free; read and corrected like the other tables of law (XINAN_RULES)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from arrears.lifecycle import REFERRAL_KINDS
from arrears.rules import RULES
from arrears.rules.tables import BadRules, LawRow, column_faults, own_file, read_section, refuse
from arrears.situation.facts import TICKS, Provision, unknown_facts
from grid.roles import BODY_KINDS, CITY_SUPERVISOR, COUNTY_OFFICER, GRID_WORKER, MEDIATOR, TOWNSHIP_CHIEF


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


REFUSE, WARN = "refuse", "warn"
EVERY = "*"
FOLLOW = "PROC-FOLLOW-30"  # runs while nothing else is awaited, so that no proceeding is forgotten
REFERRAL = "referral."
# Who records a step: 条例第四十条 leaves the query of accounts to the city.
BY: Mapping[str, tuple[str, ...]] = {
    "any": (GRID_WORKER, TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR, MEDIATOR),
    "office": (TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR),
    "county": (COUNTY_OFFICER, CITY_SUPERVISOR),
    "city": (CITY_SUPERVISOR,),
}
# What may be asked with a step, beside its day and a note.
ASKS: Mapping[str, str] = {
    "docket": _("案号、文号"),
    "court": _("办理的法院或者机关"),
    "amount": _("金额（元）"),
    "paper": _("回执或者文书（案卷里的证据）"),
    "hearing": _("开庭时间和地点"),
    "until": _("文书写明的履行或者支付期限"),
    "other_on": _("对方收到的日期"),
    "procedure": _("审理程序"),
    "reason": _("理由"),
    "lawyer": _("指派的律师和联系方式"),
    "four": _("四个要件"),
}
PROCEDURES = (("simple", _("简易程序")), ("small", _("小额诉讼程序")), ("ordinary", _("普通程序")))
# 刑法第二百七十六条之一.
FOUR = (
    ("evades", _("转移财产、逃匿，或者有能力而不支付")),
    ("amount", _("数额较大（达到本省标准）")),
    ("ordered", _("已经政府有关部门责令支付")),
    ("unpaid", _("责令的期限已过仍不支付")),
)
DAYS = ("until", "other_on", "hearing")  # asks a clock may be counted from


@dataclass(frozen=True)
class Start:
    """ENF-2Y:until, CIV-SIMPLE-3M?simple, PRE-ENFORCE-3M!preserved: a rule, from which day, for which procedure, and only
    while something of that kind is preserved."""

    rule: str
    day: str = ""
    procedure: str = ""
    if_preserved: bool = False

    @classmethod
    def of(cls, written: str) -> "Start":
        written, _mark, kept = written.partition("!")
        written, _mark, procedure = written.partition("?")
        rule, _mark, day = written.partition(":")
        return cls(rule, day, procedure, bool(kept))


@dataclass(frozen=True)
class Asked:
    name: str
    is_required: bool

    @property
    def label(self) -> str:
        return ASKS[self.name]


@dataclass(frozen=True, kw_only=True)
class StepRow(LawRow):
    """One step of a chain; `id` is KIND.STEP."""

    name: str
    name_en: str
    done: str
    done_en: str
    plain: str
    plain_en: str
    after: tuple[str, ...] = ()
    opened_as: tuple[str, ...] = ()  # only of proceedings that were opened by one of these steps
    stays: bool = False
    ends: bool = False
    lets_close: bool = False
    bars: bool = False
    takes_payment: bool = False
    by: str = "any"
    asks: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    meets: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()  # steps that must have been recorded
    ends_other: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    shows_late: tuple[str, ...] = ()
    auto: str = ""
    auto_own: bool = False  # the other side's receipt does not matter
    auto_on: str = "next"  # next: the day after the limit ends; due: that day itself
    form: str = ""

    @property
    def kind(self) -> str:
        return self.id.partition(".")[0]

    @property
    def step(self) -> str:
        return self.id.partition(".")[2]

    @property
    def opens(self) -> bool:
        return not self.after or "" in self.after

    @property
    def outlives(self) -> bool:
        """May it be entered when the claim has ended? Then nobody answers for a day that it begins."""
        return self.lets_close or (self.ends and not self.starts)

    @property
    def roles(self) -> tuple[str, ...]:
        return BY[self.by]

    @property
    def asked(self) -> tuple[Asked, ...]:
        return tuple(Asked(name.rstrip("?"), not name.endswith("?")) for name in self.asks)

    @property
    def begins(self) -> tuple[Start, ...]:
        return tuple(Start.of(written) for written in self.starts)


@dataclass(frozen=True, kw_only=True)
class KindRow(LawRow):
    rank: int
    name: str
    name_en: str
    referral: str = ""
    once: bool = False
    bodies: tuple[str, ...] = ()  # kinds of grid.roles.BODY_KINDS that are proposed


@dataclass(frozen=True, kw_only=True)
class Kind(KindRow):
    """A kind of proceeding with its steps, by their names."""

    steps: Mapping[str, StepRow]

    @property
    def openings(self) -> tuple[StepRow, ...]:
        return tuple(step for step in self.steps.values() if step.opens)

    def after(self, state: str, opened_as: str) -> list[StepRow]:
        """The steps the table allows from here, in its order."""
        return [
            step for step in self.steps.values()
            if state in step.after and (not step.opened_as or opened_as in step.opened_as)
        ]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Exclusion(Provision):
    """Why something cannot be opened now, or is to be opened with care. It opens again once the condition no longer holds."""

    opens: tuple[str, ...]
    effect: str
    why: str
    why_en: str
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hard:
    """A limit with which a right is lost: what is lost, what to do today, what the worker is told (an SMS)."""

    rule: str
    lost: str
    lost_en: str
    today: str
    today_en: str
    worker: str
    worker_en: str

    def text(self, column: str, language: str = "zh-hans") -> str:
        return str(getattr(self, f"{column}_en" if language.startswith("en") else column))


@dataclass(frozen=True)
class Combined:
    id: str
    name: str
    name_en: str
    order: tuple[str, ...]
    source: str
    source_en: str
    active: str = "no"

    def text(self, column: str, language: str = "zh-hans") -> str:
        return str(getattr(self, f"{column}_en" if language.startswith("en") else column))


TABLE = Path(__file__).with_name("steps.toml")
OF_KIND = ("law", "article", "article_en", "confidence")  # a step without them rests on what its kind rests on


def load(table: Path = TABLE, override: Path | None = None) -> dict[str, Kind]:
    """Raises BadRules."""
    rows = read_section("proceedings", table, override=override)
    kinds = {row_id: KindRow.of("proceeding", row_id, row) for row_id, row in rows.items()}
    steps: dict[str, dict[str, StepRow]] = {kind: {} for kind in kinds}
    for row_id, row in read_section("steps", table, override=override).items():
        kind = kinds.get(row_id.partition(".")[0])
        if kind is None:
            raise BadRules(f"step {row_id}: there is no such proceeding")
        own = row.keys() & {"law", "article", "article_en"}
        inherited = {name: getattr(kind, name) for name in OF_KIND if not (own and name == "confidence")}
        made = StepRow.of("step", row_id, {"confidence": kind.confidence, **inherited, **row})
        steps[kind.id][made.step] = made
    found = {
        row.id: Kind(**{one.name: getattr(row, one.name) for one in fields(row)}, steps=steps[row.id])
        for row in sorted(kinds.values(), key=lambda row: row.rank)
    }  # fmt: skip
    for kind in found.values():
        refuse(f"proceeding {kind.id}", kind_faults(kind, found))
    return found


def kind_faults(kind: Kind, kinds: Mapping[str, Kind]) -> Iterator[str]:
    if kind.referral and kind.referral not in dict(REFERRAL_KINDS):
        yield f"there is no referral {kind.referral}"
    yield from (f"there is no kind of body {name}" for name in kind.bodies if name not in BODY_KINDS)
    if not kind.openings:
        yield "no step opens it"
    if not any(step.ends for step in kind.steps.values()):
        yield "no step ends it"
    for step in kind.steps.values():
        yield from (f"{step.step}: {fault}" for fault in step_faults(step, kind, kinds))


def step_faults(step: StepRow, kind: Kind, kinds: Mapping[str, Kind]) -> Iterator[str]:
    for name in (*step.after, *step.needs, *step.opened_as):
        if name and name not in kind.steps:
            yield f"there is no step {name}"
    for other in step.ends_other:
        of, _dot, name = other.partition(".")
        if of not in kinds or name not in kinds[of].steps:
            yield f"there is no step {other}"
    if step.by not in BY:
        yield f"by {step.by} is unknown ({', '.join(BY)})"
    yield from (f"ask {asked.name} is unknown" for asked in step.asked if asked.name not in ASKS)
    rules = (*(start.rule for start in step.begins), *step.stops, *step.meets, *step.waits, *([step.auto] if step.auto else ()))
    yield from (f"there is no rule {rule}" for rule in rules if rule not in RULES and rule != EVERY)
    asked = {one.name for one in step.asked}
    for start in step.begins:
        if start.day and (start.day not in DAYS or (start.day not in asked and start.day != "until")):
            yield f"{start.rule} is counted from {start.day}, which is not asked"
        if start.procedure and (start.procedure not in dict(PROCEDURES) or "procedure" not in asked):
            yield f"{start.rule}: procedure {start.procedure} is not asked"
    if step.stays and (step.ends or step.opens):
        yield "what only notes something neither opens nor ends"
    if step.takes_payment and "amount" not in asked:
        yield "a payment needs its amount"
    yield from unknown_facts((*step.facts, *step.shows, *step.shows_late), TICKS)


def load_exclusions(kinds: Mapping[str, Kind], table: Path = TABLE, override: Path | None = None) -> dict[str, Exclusion]:
    rows = {row_id: Exclusion.of("exclusion", row_id, row) for row_id, row in read_section("exclusions", table, override=override).items()}
    for row in rows.values():
        refuse(f"exclusion {row.id}", exclusion_faults(row, kinds))
    return rows


def exclusion_faults(row: Exclusion, kinds: Mapping[str, Kind]) -> Iterator[str]:
    if row.effect not in (REFUSE, WARN):
        yield f"effect {row.effect} is unknown ({REFUSE}, {WARN})"
    if row.effect == REFUSE and row.confidence == "K":
        yield "what nobody has checked refuses nothing"
    for name in (*row.opens, *row.beside):
        kind, _dot, step = name.partition(".")
        if name.startswith(REFERRAL):
            if step not in dict(REFERRAL_KINDS):
                yield f"there is no {name}"
        elif kind not in kinds or (step and step not in kinds[kind].steps):
            yield f"there is no {name}"


def load_hard(table: Path = TABLE, override: Path | None = None) -> dict[str, Hard]:
    rows = read_section("hard", table, override=override)
    for rule, row in rows.items():
        refuse(f"hard {rule}", column_faults(row, Hard, given={"rule"}))
        refuse(f"hard {rule}", [] if rule in RULES else ["there is no such rule"])
    return {rule: Hard(rule=rule, **row) for rule, row in rows.items()}


def load_combined(kinds: Mapping[str, Kind], table: Path = TABLE, override: Path | None = None) -> dict[str, Combined]:
    rows = read_section("combined", table, override=override)
    for row_id, row in rows.items():
        refuse(f"combined {row_id}", column_faults(row, Combined, given={"id"}))
        refuse(f"combined {row_id}", [f"there is no proceeding {kind}" for kind in row["order"] if kind not in kinds])
    return {row_id: Combined(**{**row, "id": row_id, "order": tuple(row["order"])}) for row_id, row in rows.items()}


KINDS: Mapping[str, Kind] = load(override=own_file())
EXCLUSIONS: Mapping[str, Exclusion] = load_exclusions(KINDS, override=own_file())
HARD: Mapping[str, Hard] = load_hard(override=own_file())
COMBINED: Mapping[str, Combined] = load_combined(KINDS, override=own_file())


def find_step(kind: str, name: str) -> StepRow | None:
    return KINDS[kind].steps.get(name) if kind in KINDS else None


def opening_that_ends(row: StepRow) -> StepRow | None:
    """The one road whose beginning takes this step of another by itself: who has applied for enforcement enters the enforcement,
    and the suit ends with it."""
    found = [step for kind in KINDS.values() for step in kind.openings if row.id in step.ends_other]
    return found[0] if len(found) == 1 else None


def opened_by_referral(referral_kind: str) -> Kind | None:
    return next((kind for kind in KINDS.values() if kind.referral == referral_kind), None)


def excluding(opening: str, said: Iterable[str], beside: Iterable[str] = ()) -> list[Exclusion]:
    """What stands against opening KIND.STEP (or referral.KIND) while `said` holds and `beside` (KIND.STATE) is open."""
    facts, open_now = frozenset(said), set(beside)
    kinds = {one.partition(".")[0] for one in open_now}
    kind = opening if opening.startswith(REFERRAL) else opening.partition(".")[0]
    found = []
    for row in EXCLUSIONS.values():
        if not {opening, kind} & set(row.opens):
            continue
        others = set(row.beside) - ({kind} if len(row.beside) > 1 else set())
        if row.beside and not (others & (open_now | kinds)):
            continue
        if row.condition.holds(facts):
            found.append(row)
    return found


def rules_of_steps() -> set[str]:
    """Every rule a step starts: each must have a ladder and somebody answerable."""
    return {start.rule for kind in KINDS.values() for step in kind.steps.values() for start in step.begins}

