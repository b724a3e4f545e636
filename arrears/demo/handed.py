"""What becomes of a case that is handed to another body; see arrears/demo/stories.py."""

from collections.abc import Generator
from datetime import datetime

from arrears import referrals
from arrears.demo import words
from arrears.demo.case import Case
from arrears.demo.stories import Story, begun, looked_into
from arrears.models import Referral, ReplyLink
from arrears.partners import links, supplements
from grid.models import Body
from grid.roles import CITY

WithReferral = Generator[datetime, None, Referral]


def referred(case: Case, kind: str, body: str) -> WithReferral:
    yield from looked_into(case)
    yield case.later(1, 3)
    case.attach("iou", "transfer")
    return case.refer(kind, body, words.SUMMARIES[kind])


def received(case: Case, kind: str, body: str) -> WithReferral:
    referral = yield from referred(case, kind, body)
    yield case.later(1)
    return case.answer(referral, "receive")


def accepted(case: Case, kind: str, body: str) -> WithReferral:
    referral = yield from received(case, kind, body)
    yield case.later(2, 4)
    case.answer(referral, "accept", note="")
    yield case.later(3, 5)
    return case.answer(referral, "begin", note="")


def answered(case: Case, kind: str, body: str) -> Story:
    referral = yield from accepted(case, kind, body)
    yield case.later(8, 18)
    outcome = case.pick(sorted(words.CONCLUSIONS))
    docket = f"（{case.day.year}）苏{case.claim.county_code[2:]}民初{case.rng.randint(100, 999)}号"
    case.answer(
        referral, "conclude", outcome=outcome, docket_number=docket if outcome in ("sued", "judged") else "",
        note=words.CONCLUSIONS[outcome],
    )  # fmt: skip


def declined(case: Case, kind: str, body: str) -> Story:
    referral = yield from received(case, kind, body)
    yield case.later(2, 3)
    ground = case.pick(sorted(words.DECLINE_REASONS))
    case.answer(referral, "decline", ground=ground, reason=words.DECLINE_REASONS[ground])


def recalled(case: Case, kind: str, body: str) -> Story:
    referral = yield from received(case, kind, body)
    yield case.later(1)
    case.answer(referral, "recall", case.officer(), reason=case.pick(words.RECALL_REASONS))


def queried(case: Case, kind: str, body: str) -> WithReferral:
    referral = yield from received(case, kind, body)
    yield case.later(1, 2)
    return case.answer(referral, "ask_more", wanted=case.pick(words.WANTED), supply_by=case.working_day(8))


def supplied(case: Case, kind: str, body: str) -> Story:
    """What was asked for came, and the body has accepted."""
    referral = yield from queried(case, kind, body)
    yield case.later(2, 3)
    case.attach("attendance")
    supplements.send(referral, case.officer(), now=case.clock, note=case.pick(words.SUPPLIED), evidence=list(case.claim.evidence.all()))
    referral.refresh_from_db()
    yield case.later(2, 3)
    case.answer(referral, "take")
    case.answer(referral, "accept", note="")


def returned(case: Case, kind: str, body: str) -> Story:
    referral = yield from received(case, kind, body)
    yield case.later(1, 2)
    case.answer(referral, "return", wanted=case.pick(words.WANTED))


def disputed(case: Case, kind: str, body: str) -> WithReferral:
    referral = yield from received(case, kind, body)
    yield case.later(2, 3)
    case.answer(referral, "decline", ground="not_ours", reason=words.DECLINE_REASONS["not_ours"])
    yield case.later(1)
    return case.answer(referral, "dispute", case.officer(), reason=words.DISPUTED)


def ruled(case: Case, kind: str, body: str) -> Story:
    referral = yield from disputed(case, "support", "procuratorate")
    yield case.later(2, 3)
    union = case.chronicle.cast.bodies[case.claim.county_code, "union"]
    case.answer(referral, "rule_other", case.lead(CITY), other_body=union, reason=words.RULED)


def by_link(case: Case) -> Story:
    """To a body where nobody has an account: it answers through a link, and has not done so yet."""
    yield from begun(case, at=case.chronicle.inventor.home())
    yield case.later(1)
    case.refresh()
    body, _is_new = Body.objects.get_or_create(name="沭阳县劳动人事争议仲裁委员会", kind="arbitration", region_id=case.claim.county_code)
    referral = referrals.refer(
        case.claim, case.officer(), now=case.clock, kind="arbitration", body=body, summary="劳动者申请仲裁，请予立案审查。",
        evidence=list(case.claim.evidence.all()),
    )  # fmt: skip
    yield case.later(0)
    links.issue(referral, case.officer(), now=case.clock, name="周立案", post="立案庭书记员", days=30)


def open_links() -> list[tuple[str, str, str]]:
    """For whoever tries to answer without an account: whose link, its address, and the code."""
    rows = ReplyLink.objects.filter(used_at=None, revoked_at=None).select_related("referral__body").order_by("-made_at")
    return [(link.referral.body.name, links.path_of(link), links.code_of(link)) for link in rows[:1]]


SUPPORT, AID, ORDER = ("support", "procuratorate"), ("legal_aid", "legal_aid"), ("payment_order", "court")
FREEZE, UNION, SECTOR = ("preservation", "court"), ("legal_aid", "union"), ("sector", "housing")
EVERY_WAY = (SUPPORT, SUPPORT, AID, ORDER, SUPPORT, FREEZE, UNION, SECTOR)

# Story, how many, and how many working days ago they began, from–to; each goes another of EVERY_WAY.
REFERRAL_STORIES = (
    (referred, 5, 10, 14),
    (referred, 2, 18, 20),  # nobody has signed for them
    (received, 5, 13, 18),
    (received, 2, 24, 26),  # the answer is overdue
    (accepted, 9, 20, 45),
    (answered, 8, 45, 80),
    (declined, 4, 24, 60),
    (recalled, 2, 26, 40),
)
# The same, told last: the cases above keep their numbers.
ASKING_STORIES = (
    (queried, 2, 15, 17),
    (supplied, 2, 24, 30),
    (returned, 2, 15, 17),
    (disputed, 2, 17, 19),
    (ruled, 2, 26, 30),
)
BY_LINK = ((by_link, 1, 8, 8),)
