"""What becomes of a case that goes to mediation; see arrears/demo/stories.py. The table at the end counts them."""

from collections.abc import Callable, Generator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from arrears.demo import words
from arrears.demo.case import Case
from arrears.demo.chronicle import at
from arrears.demo.stories import begun
from arrears.money import q, shares
from mediation import hearings, recusing
from mediation.demo import opinions
from mediation.demo.room import sit
from mediation.demo.rooms import Rooms, Table
from mediation.drafting import dues, verbs
from mediation.drafting.case import in_proportion, workers_of
from mediation.drafting.clauses import usual_for
from mediation.drafting.filling import by_clauses
from mediation.models import AgreementDraft
from mediation.parties import parties_of

WRITING = timedelta(minutes=15)  # from the end of a hearing until its outcome is written down
MINUTES = (
    "双方对工日和单价没有异议，用人单位提出分期。",
    "单位承认欠薪，希望减少部分金额，劳动者不同意减少。",
    "核对了记工本和转账记录，形成一致的数额。",
)
APPLICATIONS = ("请求调解，尽快付清工资。", "愿意分期，但要写清楚每期日期。", "希望总包单位到场一起谈。")
PAYEE = "劳动者本人工资卡，账号见附表"
LESS = "双方核对考勤后，劳动者自愿让步，只求早日拿到工资。"
CHALLENGES = (
    ("respondent", "dealings", "调解员曾任申请人同村的村干部，担心不公。"),
    ("mediator", "relative", "单位的会计是我的表弟。"),
)
FAILURES = {
    "no_agreement": "双方对数额分歧较大，已告知可以申请劳动仲裁。", "refused": "用人单位明确表示不接受调解。",
    "unreachable": "两次通知，被申请方均未到场。",
}  # fmt: skip

Plan = list[tuple[date, Decimal]]
Story = Generator[datetime, None, None]
AtTable = Generator[datetime, None, Table]


def applied(case: Case, rooms: Rooms, **invented: Any) -> AtTable:
    yield from begun(case, **invented)
    yield case.later(1, 2)
    mediator = case.pick(case.chronicle.cast.mediators[case.claim.county_code])
    mediation = hearings.apply(
        case.refresh(), case.worker(), now=case.clock, applied_on=case.day, request=case.pick(APPLICATIONS),
        is_oral=case.rng.random() < 0.4, mediator=mediator,
    )  # fmt: skip
    return Table(case, rooms, mediation, mediator)


def accepted(case: Case, rooms: Rooms, **invented: Any) -> AtTable:
    table = yield from applied(case, rooms, **invented)
    yield case.later(1)
    table.do("accept", mediator=table.mediator, note="")
    return table


def to_be_heard(case: Case, rooms: Rooms, days_ahead: int) -> AtTable:
    """Has a hearing so many days from the present."""
    table = yield from accepted(case, rooms)
    yield case.later(1)
    table.set_hearing(case.chronicle.today + timedelta(days=days_ahead))
    return table


def postponed(case: Case, rooms: Rooms) -> Story:
    table = yield from to_be_heard(case, rooms, days_ahead=2)
    yield case.later(0)
    table.set_hearing(case.chronicle.today + timedelta(days=4), "postpone", reason="用人单位负责人出差，申请改期。")


def online(case: Case, rooms: Rooms, days_ahead: int) -> Story:
    """The firm sits in another province: they meet on screens."""
    table = yield from accepted(case, rooms, at=case.chronicle.inventor.home())
    yield case.later(1)
    table.set_hearing(case.chronicle.today + timedelta(days=days_ahead), is_online=True)


def challenged(case: Case, rooms: Rooms, is_granted: bool) -> Story:
    """A party does not want this mediator: somebody else sits, or nobody has decided yet."""
    table = yield from accepted(case, rooms, at=case.chronicle.inventor.home())
    yield case.later(1)
    case.refresh()
    asked_by, ground, reason = CHALLENGES[is_granted]
    recusal = recusing.ask(table.mediation, table.mediator, case.officer(), now=case.clock, asked_by=asked_by, ground=ground, reason=reason)
    if is_granted:
        yield case.later(1)
        recusing.decide(recusal, case.officer(), now=case.clock, is_granted=True, answer="情况属实，另行指定调解员。")
        table.mediator = next(one for one in case.chronicle.cast.mediators[case.claim.county_code] if one != table.mediator)
        table.set_hearing(case.chronicle.today + timedelta(days=2))


def heard(case: Case, rooms: Rooms, **invented: Any) -> AtTable:
    table = yield from accepted(case, rooms, **invented)
    yield case.later(1)
    yield table.set_hearing(case.chronicle.calendar.add(case.day, 3)) + WRITING
    minutes = case.pick(MINUTES)
    sit(table, minutes)
    table.do("hold", minutes=minutes, absent=())
    return table


def adjourned(case: Case, rooms: Rooms) -> Story:
    table = yield from heard(case, rooms)
    table.do("adjourn", reason="用人单位需回去核对账目，约定补齐考勤后再开。")


def missed(case: Case, rooms: Rooms) -> Story:
    """The firm did not come."""
    table = yield from accepted(case, rooms)
    yield case.later(1)
    yield table.set_hearing(case.chronicle.calendar.add(case.day, 2)) + WRITING
    firms = [party.pk for party in parties_of(case.refresh()) if party.kind == "respondent"]
    sit(table, "被申请方没有到场，申请人同意另定时间。", firms)
    table.do("no_show", absent=firms, note="电话通知后仍未到场。")


def written(case: Case, table: Table, first: int) -> tuple[AgreementDraft, Plan]:
    """A draft in so many parts, the first so many days from now, with everybody's share."""
    claim = case.refresh()
    total = q(claim.unpaid * case.pick((1, 1, Decimal("0.9"))))
    parts = case.pick((1, 2, 3))
    amounts = shares(total, [Decimal(1)] * parts)
    days = [dues.rolled(case.day + timedelta(days=first + 15 * number), case.chronicle.calendar) for number in range(parts)]
    plan = list(zip(days, amounts, strict=True))
    workers = workers_of(claim)
    said: dict[str, Any] = {
        "total": f"{total:.2f}", "manner": "bank", "payee": PAYEE, "signer": "赵经理", "signer_post": "legal", "clauses": usual_for(parts),
        "less_reason": LESS if total < claim.unpaid else "", "plan": [[day.isoformat(), f"{amount:.2f}"] for day, amount in plan],
        "shares": {worker.id: [f"{amount:.2f}", "person"] for worker, amount in zip(workers, in_proportion(total, workers), strict=True)},
    }  # fmt: skip
    said |= by_clauses(claim, said, {}, case.chronicle.calendar)
    mediator = case.chronicle.present(table.mediator)
    return verbs.keep(table.mediation, said, mediator, now=case.clock, version=0), plan


def drafted(case: Case, rooms: Rooms) -> Story:
    """Agreed upon, not signed yet: the firm wants to read it once more."""
    table = yield from heard(case, rooms)
    written(case, table, first=10)


def agreed(case: Case, rooms: Rooms, first: int = 7, **invented: Any) -> Generator[datetime, None, Plan]:
    """In instalments, the first so many days after the agreement."""
    table = yield from heard(case, rooms, **invented)
    yield case.later(0)
    draft, plan = written(case, table, first)
    case.refresh()
    signed = {"signed_by_parties": True, "signed_by_mediator": True, "sealed": True}
    verbs.sign(table.mediation, case.chronicle.present(table.mediator), now=case.clock, version=draft.version, effective_on=case.day, **signed)
    opinions.hand_over(table)
    if (day := case.working_day(2)) < plan[0][0]:
        yield at(day, opinions.ASKED_AT)
        case.refresh()
        opinions.say(table)
        opinions.look(table)
    return plan


def performed(case: Case, rooms: Rooms, until: int = 3, **invented: Any) -> Story:
    """Pays on time, at least the first few instalments; when all have come, the case is closed."""
    plan = yield from agreed(case, rooms, **invented)
    for due_on, amount in plan[:until]:
        yield case.moment(due_on)
        case.pay(amount, note="按调解协议分期付款")
    if case.refresh().stage == "paid":
        yield case.later(1, 3)
        case.do("close", result="paid_in_full", note=case.pick(words.CLOSE_NOTES))


def at_home(case: Case, rooms: Rooms, ends: Callable[..., Story], **told: Any) -> Story:
    """Where whoever tries the system signs in: their desks have agreements and what becomes of them."""
    yield from ends(case, rooms, at=case.chronicle.inventor.home(), **told)


def failed(case: Case, rooms: Rooms) -> Story:
    table = yield from heard(case, rooms)
    ground = case.pick(sorted(FAILURES))
    table.do("fail", ground=ground, reason=FAILURES[ground])
    yield case.later(2, 4)
    case.refresh()
    opinions.say(table)
    opinions.look(table)
    case.refer("legal_aid", "legal_aid", words.SUMMARIES["legal_aid"])


# Story, how many, working days ago from–to, and what else it is told.
MEDIATIONS: tuple[tuple[Callable[..., Story], int, int, int, dict[str, Any]], ...] = (
    (applied, 5, 5, 8, {}),
    (accepted, 4, 6, 9, {}),
    (to_be_heard, 6, 8, 11, {"days_ahead": 0}),
    (to_be_heard, 4, 8, 11, {"days_ahead": 1}),
    (to_be_heard, 6, 8, 11, {"days_ahead": 3}),
    (postponed, 2, 8, 10, {}),
    (heard, 3, 11, 14, {}),
    (adjourned, 2, 11, 14, {}),
    (missed, 3, 10, 13, {}),
    (agreed, 5, 16, 24, {}),
    (agreed, 3, 26, 32, {"first": 5}),
    (performed, 4, 24, 36, {"until": 1}),
    (performed, 6, 40, 70, {}),
    (failed, 4, 18, 30, {}),
)
# The same, told last: the cases above keep their numbers.
LATER_MEDIATIONS: tuple[tuple[Callable[..., Story], int, int, int, dict[str, Any]], ...] = (
    (online, 2, 10, 12, {"days_ahead": 2}),
    (challenged, 1, 9, 9, {"is_granted": False}),
    (challenged, 1, 12, 12, {"is_granted": True}),
    (drafted, 2, 11, 13, {}),
    (at_home, 2, 16, 22, {"ends": agreed}),
    (at_home, 2, 26, 32, {"ends": agreed, "first": 5}),
    (at_home, 2, 24, 36, {"ends": performed, "until": 1}),
    (at_home, 3, 40, 60, {"ends": performed}),
)
