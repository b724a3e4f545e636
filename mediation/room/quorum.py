"""Can this hearing be held with those who are here, and if not, what may be done? Django-free.

A mediation rests on the will of both sides, so nothing is decided over the head of whoever is not there. `Way.move` is the move of the
mediation's table that does it; "" has no move of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from arrears.phrases import Phrase

WORKER, RESPONDENT = "worker", "respondent"
CAME, LATE, ABSENT, UNCALLED = "came", "late", "absent", "uncalled"
AWAY = (ABSENT, UNCALLED)  # who was never reached did not come either, but that is not their default
SELF, LEGAL, AGENT = "self", "legal", "agent"
SPECIAL = "special"


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


# How somebody was called; more than this is in the proof.
CALLS = (
    ("paper", _("书面通知")), ("phone", _("电话")), ("message", _("短信、微信")), ("in_person", _("当面告知")), ("link", _("通知链接，对方已打开")),
)  # fmt: skip


@dataclass(frozen=True)
class Seat:
    """A party that was called: which side, what became of it (None: nothing said yet), who speaks for it with which authority.
    `speaker`: the agent's name. `spoken_by`, `scope`: of a worker who is away, a representative who is here, and how far they may go."""

    side: str
    name: str
    state: str | None = None
    by: str = SELF
    authority: str = ""
    speaker: str = ""
    spoken_by: str = ""
    scope: str = ""

    @property
    def is_here(self) -> bool:
        return self.state in (CAME, LATE)

    @property
    def may_agree(self) -> bool:
        return self.is_here and (self.by != AGENT or self.authority == SPECIAL)


@dataclass(frozen=True)
class Way:
    text: str
    move: str = ""


@dataclass(frozen=True)
class Quorum:
    missing: tuple[Phrase, ...]  # why it cannot be held: one sentence each
    ways: tuple[Way, ...]  # what may be done then
    notes: tuple[Phrase, ...] = ()  # it can be held, but this is worth knowing

    @property
    def is_there(self) -> bool:
        return not self.missing


NO_MEDIATOR = _("调解员还没有签到。")
NOT_SAID = _("还没有登记是否到场：%(names)s。")
NO_WORKER = _("申请人一方没有人到场。")
NO_RESPONDENT = _("被申请方一方没有人到场。")
NO_AUTHORITY = _("%(names)s的代理人没有特别授权：可以陈述，但不能代为达成协议，协议须由本人签名或者补办授权。")
NOT_CALLED = _("%(names)s没有通知到：不算缺席，要补送通知。")
SOME_AWAY = _("%(names)s没有到场：可以和到场的人先谈，但没有到场的人不受约束。")
SPOKEN_FOR = _("%(names)s没有到场，由到场的代表人代表；有特别授权，代表人可以代为达成协议。")
HEARD_FOR = _("%(names)s没有到场，到场的代表人只有一般授权：可以代为陈述、领取文书，达成协议须由本人签名。")
FOR_BOTH = _("%(names)s同时代理双方：代表一方和另一方达成协议，须双方都同意（民法典第一百六十八条，未核实）；请问清并记入笔录，最好其中一方另派人。")
FOR_SEVERAL = _("%(names)s同时代理几名劳动者：分同一笔钱时利益可能不一致，请分别问清各人的意思并记入笔录（民法典第一百六十八条，未核实）。")

WAYS_OF_MEDIATOR = (
    Way(_("调解员签到以后再开始。"),),
    Way(_("调解员来不了的，改期，并可另选调解员。"), "postpone"),
)
WAYS_OF_WORKER = (
    Way(_("打电话问清原因；有正当理由的休会，择期再开。"), "adjourn"),
    Way(_("本人来不了的，可以委托别人，也可以改为线上参加。"), "convert"),
    Way(_("登记缺席，写明怎样通知的、有什么证明。不能因此当作撤回申请，撤回须由本人说。"), "no_show"),
)
WAYS_OF_RESPONDENT = (
    Way(_("打电话催一次，说明不来的后果；愿意来的休会或者改期。"), "adjourn"),
    Way(_("登记缺席，写明怎样通知的、有什么证明，再定一次时间。"), "no_show"),
    Way(_("明确不同意调解或者再次不来的，终结调解，告知劳动者可以依法申请劳动仲裁。"), "fail"),
)
# Nobody is in default who was never called: the service is made good first.
WAYS_OF_UNCALLED = (
    Way(_("没有通知到的，休会，依法补送书面通知以后再定时间；系统会记下这件待办。"), "adjourn"),
)


def quorum(has_mediator: bool, seats: Sequence[Seat]) -> Quorum:
    missing: list[Phrase] = []
    ways: list[Way] = []
    unsaid = [seat.name for seat in seats if seat.state is None]
    if not has_mediator:
        missing.append(Phrase(NO_MEDIATOR))
        ways += WAYS_OF_MEDIATOR
    if unsaid:
        missing.append(Phrase(NOT_SAID, {"names": unsaid}))
    for side, sentence, possible in ((WORKER, NO_WORKER, WAYS_OF_WORKER), (RESPONDENT, NO_RESPONDENT, WAYS_OF_RESPONDENT)):
        called = [seat for seat in seats if seat.side == side]
        waits = any(seat.state is None for seat in called)
        if not any(seat.is_here for seat in called) and not waits:
            missing.append(Phrase(sentence))
            ways += ways_of(called, possible)
    if uncalled := [seat.name for seat in seats if seat.state == UNCALLED]:
        missing += [Phrase(NOT_CALLED, {"names": uncalled})] if missing else []
    return Quorum(tuple(missing), tuple(ways), notes_of(seats) if not missing else ())


def ways_of(called: Sequence[Seat], possible: tuple[Way, ...]) -> tuple[Way, ...]:
    """Of a side of which nobody is here."""
    uncalled = [seat.state == UNCALLED for seat in called]
    if uncalled and all(uncalled):
        return WAYS_OF_UNCALLED
    return (*WAYS_OF_UNCALLED, *possible) if any(uncalled) else possible


def notes_of(seats: Sequence[Seat]) -> tuple[Phrase, ...]:
    found = []
    away = [seat for seat in seats if seat.state in AWAY]
    for sentence, some in (
        (SOME_AWAY, [seat.name for seat in away if not seat.spoken_by]),
        (SPOKEN_FOR, [seat.name for seat in away if seat.spoken_by and seat.scope == SPECIAL]),
        (HEARD_FOR, [seat.name for seat in away if seat.spoken_by and seat.scope != SPECIAL]),
        (FOR_BOTH, [name for name, parties in spoken_for(seats).items() if len({seat.side for seat in parties}) > 1]),
        (FOR_SEVERAL, [name for name, parties in spoken_for(seats).items() if sum(seat.side == WORKER for seat in parties) > 1]),
    ):
        if some:
            found.append(Phrase(sentence, {"names": some}))
    if uncalled := [seat.name for seat in seats if seat.state == UNCALLED]:
        found.append(Phrase(NOT_CALLED, {"names": uncalled}))
    if weak := [seat.name for seat in seats if seat.is_here and not seat.may_agree]:
        found.append(Phrase(NO_AUTHORITY, {"names": weak}))
    return tuple(found)


def spoken_for(seats: Sequence[Seat]) -> dict[str, list[Seat]]:
    """By the name of each agent who is here, the parties they speak for."""
    found: dict[str, list[Seat]] = {}
    for seat in seats:
        if seat.is_here and seat.by == AGENT and seat.speaker:
            found.setdefault("".join(seat.speaker.split()), []).append(seat)
    return found
