"""What becomes of a case. A story acts, yields until when it waits, and acts again; where the present cuts it off is
the state it stands in. The table at the end says how many of each there are and how long ago they began.
"""

from collections.abc import Generator
from datetime import datetime, timedelta
from decimal import Decimal

from arrears.demo import words
from arrears.demo.case import Case
from arrears.demo.cases import GROUP_SIZES
from arrears.money import q

Story = Generator[datetime, None, None]


# Beginnings


def logged(case: Case) -> Story:
    """Logged, and nobody has done anything since: the clock runs, and in the end the case climbs by itself."""
    case.register()
    if case.rng.random() < 0.4:
        yield case.later(0)
        case.attach(case.pick(("attendance", "iou", "chat", "photo")))


def logged_at_home(case: Case) -> Story:
    case.register(at=case.chronicle.inventor.home())
    yield case.later(0)
    case.attach("attendance")


def right_running_out(case: Case) -> Story:
    """The worker came late: the year for arbitration ends in two or three weeks."""
    case.register(last_day=case.day - timedelta(days=case.rng.randint(335, 348)))
    yield case.later(1, 2)
    case.do("accept", conditions=True)


def taken_up(case: Case, **invented: object) -> Story:
    case.register(**invented)
    if case.rng.random() < 0.35:
        yield case.later(0)
        case.attach(
            case.pick(("attendance", "iou", "contract", "wage_sheet")),
            case.pick(("chat", "transfer", "photo", "voice")),
        )
    yield case.later(1, 3)
    case.do("accept", conditions=True)


def begun(case: Case, **invented: object) -> Story:
    yield from taken_up(case, **invented)
    yield case.later(1, 2)
    case.do("handle")


def looked_into(case: Case, **invented: object) -> Story:
    """Somebody has asked around, now and then after being given the case, and settled on an amount."""
    yield from begun(case, **invented)
    if case.rng.random() < 0.5:
        yield case.later(1, 2)
        case.do("assign", handler=case.pick((case.worker(), case.lead())))
    yield case.later(1, 4)
    case.do("note", case.worker(), note=case.pick(words.NOTES))
    if case.rng.random() < 0.15:
        case.look_up(words.LOOK_UP_REASON)
    yield case.later(2, 4)
    share = case.pick((1, 1, 1, Decimal("0.9"), Decimal("0.8")))
    case.do("verify", verified_amount=q(case.refresh().claimed * share), basis=case.pick(words.VERIFY_BASIS))


def investigated(case: Case) -> Story:
    """Goes on and on: notes now and then, an ID number looked up, until a limit ends it."""
    size = case.pick(GROUP_SIZES) if case.rng.random() < 0.18 else 0
    yield from looked_into(case, size=size)
    while True:
        yield case.later(7, 14)
        case.do("note", case.worker(), note=case.pick(words.NOTES))


def escalated(case: Case) -> Story:
    yield from begun(case, size=case.pick(GROUP_SIZES))
    yield case.later(2, 3)
    case.do("escalate", reason=case.pick(words.ESCALATE_REASONS))
    yield case.later(2, 3)
    case.do("note", case.officer(), note=case.pick(words.NOTES))


def handed_back(case: Case) -> Story:
    yield from begun(case)
    yield case.later(1, 2)
    case.do("escalate", reason=case.pick(words.ESCALATE_REASONS))
    yield case.later(1, 2)
    case.do("hand_back", reason=case.pick(words.HAND_BACK_REASONS))


# Money comes, or not


def settled(case: Case, weeks: int) -> Story:
    """Agreed to pay within so many weeks."""
    yield from looked_into(case)
    yield case.later(2, 5)
    pay_by = case.chronicle.calendar.forward(case.day + timedelta(weeks=weeks))
    case.do("settle", agreed_amount=case.refresh().owed, pay_by=pay_by, terms=case.pick(words.SETTLE_TERMS))


def half_paid(case: Case) -> Story:
    """One payment has come, the other is awaited, and in the end overdue."""
    yield from settled(case, weeks=case.pick((1, 2, 3, 4)))
    yield case.later(2, 4)
    case.pay(q(case.refresh().owed / 2))


def paid(case: Case) -> Story:
    yield from half_paid(case)
    yield case.later(2, 5)
    case.pay(case.refresh().unpaid, case.pick(("bank", "account", "deposit")))


def closed(case: Case) -> Story:
    yield from paid(case)
    yield case.later(1, 4)
    case.do("close", result=case.pick(("paid_in_full", "paid_in_full", "advanced")), note=case.pick(words.CLOSE_NOTES))


def broken(case: Case) -> Story:
    """The promise was not kept; the case is taken up again."""
    yield from settled(case, weeks=1)
    yield case.later(8, 9)
    case.do("breach", reason=case.pick(words.BREACH_REASONS))


def reopened(case: Case) -> Story:
    yield from closed(case)
    yield case.later(6, 8)
    case.do("reopen", case.officer(), reason=case.pick(words.REOPEN_REASONS))


# Other ends


def rejected(case: Case) -> Story:
    case.register()
    yield case.later(2, 4)
    ground = case.pick(sorted(words.REJECT_REASONS))
    case.do("reject", case.officer(), ground=ground, reason=words.REJECT_REASONS[ground])


def withdrawn(case: Case) -> Story:
    yield from taken_up(case)
    yield case.later(1, 6)
    case.do("withdraw", case.worker(), reason=case.pick(words.WITHDRAW_REASONS), confirmed=True)


def transferred(case: Case) -> Story:
    case.register()
    yield case.later(1, 3)
    case.do("transfer", destination=case.pick(words.TRANSFERS), reason="用人单位和施工地均不在本辖区。")


def concluded(case: Case) -> Story:
    yield from looked_into(case)
    yield case.later(8, 15)
    result = case.pick(sorted(words.CONCLUDE_REASONS))
    case.do("conclude", case.officer(), result=result, reason=words.CONCLUDE_REASONS[result])


def merged(case: Case) -> Story:
    """Workmates come one after the other; the second case joins the first."""
    yield from taken_up(case)
    first = case.claim
    yield case.later(1, 2)
    case.number = next(case.chronicle.numbers)
    case.register(like=case.facts)
    yield case.later(1, 2)
    case.do("merge", merged_into=first, reason="同一工地、同一班组，合并办理。")


# Story, how many, and how many working days ago they began, from–to; spread evenly over that time.
STORIES = (
    (logged, 16, 0, 2),
    (logged_at_home, 4, 0, 4),
    (logged, 12, 3, 5),
    (logged, 8, 6, 8),
    (logged, 3, 9, 12),
    (right_running_out, 4, 3, 9),
    (taken_up, 10, 2, 5),
    (taken_up, 6, 8, 12),
    (investigated, 28, 6, 50),
    (investigated, 9, 52, 61),
    (investigated, 4, 63, 68),
    (escalated, 5, 9, 40),
    (handed_back, 3, 8, 30),
    (half_paid, 10, 16, 38),
    (paid, 9, 18, 26),
    (closed, 34, 36, 105),
    (broken, 4, 24, 45),
    (reopened, 3, 42, 60),
    (rejected, 8, 5, 90),
    (withdrawn, 7, 8, 90),
    (transferred, 4, 6, 70),
    (concluded, 8, 35, 100),
    (merged, 5, 8, 60),
)
