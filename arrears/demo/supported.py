"""Workers who cannot well sue alone: applications for support at every step, and a defendant known by a nickname; see
arrears/demo/stories.py. Most are at home, where people sign in first."""

from collections.abc import Generator
from datetime import datetime
from functools import partial

from arrears.demo.case import Case
from arrears.demo.stories import Story, begun
from arrears.models import Search, SupportCase
from arrears.papers.issuing import issue
from arrears.support import searching, supporting, verbs
from grid.roles import CITY, COUNTY, TOWNSHIP

WHY = (
    ("literacy", "不识字，不会写诉状。"),
    ("away", "在外地务工，来回一趟要误工，请不起假。"),
    ("evidence", "考勤和工资表都在对方手里，本人拿不到。"),
    ("age", "年近七十，行动不便，子女都在外地。"),
)
TOLD_APART = "住址、电话已由网格员上门核实，工商登记的法定代表人就是本人。"
MEDIATED = ("对方承认欠款，但称没有钱，没有达成协议。", "对方没有到场。", "对方否认欠款，调解不成。")
OPINIONS = {
    TOWNSHIP: ("经核实情况属实，本人确实难以自己起诉，同意支持。", "欠条在案，数额清楚，同意支持起诉。"),
    COUNTY: ("条件齐备，请检察院支持起诉，同时申请法律援助。", "同意支持起诉。"),
}
FOUND = "申请人按约提供了劳动，被申请人出具欠条确认欠付，经催要和调解仍未支付。"
Applied = Generator[datetime, None, SupportCase]


def opened(case: Case) -> Applied:
    """Somebody has begun it; the worker has not signed yet."""
    yield from begun(case, at=case.chronicle.inventor.home(), is_named=True)
    yield case.later(1, 2)
    case.attach("iou")
    case.refresh()
    made = verbs.begin(case.claim, case.worker(), now=case.clock)
    reason, why = case.pick(WHY)
    return verbs.prepare(
        made, case.worker(), now=case.clock, reasons=[reason], why=why, told_apart=TOLD_APART, mediated_on=case.day, mediated=case.pick(MEDIATED)
    )


def applied(case: Case, with_paper: bool = False) -> Applied:
    made = yield from opened(case)
    yield case.later(0)
    case.attach("signature")
    paper = case.claim.evidence.filter(kind="signature").last()
    everybody = [worker.pk for worker in case.claim.claimants.filter(same_as=None) if verbs.unpaid_of(case.claim, [worker]).get(worker.pk)]
    if with_paper:
        issue(case.claim, "F-16", case.worker(), now=case.clock, answers={"why_not_alone": made.why, "voluntary": True})
    verbs.apply_for(made, case.worker(), everybody, now=case.clock, signed_on=case.day, paper=paper)
    return verbs.advance(made, "apply", case.worker(), now=case.clock, note="")


def passed_up(case: Case) -> Applied:
    made = yield from applied(case)
    yield case.later(1, 2)
    return verbs.advance(made, "pass_up", case.answers(TOWNSHIP, case.claim.region_id), now=case.clock, opinion=case.pick(OPINIONS[TOWNSHIP]))


def before_the_city(case: Case) -> Story:
    """The county agrees and asks the city, which has not answered."""
    made = yield from passed_up(case)
    yield case.later(1)
    verbs.advance(made, "ask_city", case.officer(), now=case.clock, opinion=OPINIONS[COUNTY][1])


def refused(case: Case) -> Story:
    made = yield from passed_up(case)
    yield case.later(1)
    verbs.advance(made, "refuse", case.officer(), now=case.clock, reason="本人有固定代理律师，能够自己起诉；法律援助的申请另行转交。")


def sent_back(case: Case) -> Story:
    made = yield from passed_up(case)
    yield case.later(1)
    verbs.advance(made, "send_back", case.officer(), now=case.clock, lacking="欠条只有照片，请补原件或者劳动者的书面说明。", complete_by=case.working_day(5))


def supported(case: Case, with_paper: bool = False) -> Story:
    """Approved, and with the procuratorate and legal aid."""
    made = yield from passed_up(case)
    yield case.later(1, 2)
    for kind, why in (("procuratorate", "可以协助查明事实、收集证据。"), ("legal_aid", "免费指派律师代理。")):
        body = case.chronicle.cast.bodies[case.claim.county_code, kind]
        supporting.choose(made, case.officer(), kind, body, why, now=case.clock)
    move, person = ("ask_city", case.officer()) if verbs.is_for_city(made) else ("agree", case.officer())
    made = verbs.advance(made, move, person, now=case.clock, opinion=case.pick(OPINIONS[COUNTY]))
    if made.state == "city":
        yield case.later(1, 2)
        made = verbs.advance(made, "approve", case.answers(CITY, case.claim.region_id), now=case.clock, opinion="同意支持起诉。")
    yield case.later(1, 2)
    row = made.supporters.select_related("referral__claim", "referral__body").get(body__kind="procuratorate")
    case.answer(row.referral, "receive")
    yield case.later(1, 2)
    case.answer(row.referral, "accept", note="")
    if with_paper:
        case.refresh()
        issue(
            case.claim, "F-18", case.officer(), now=case.clock,
            answers={"supporter_kind": "procuratorate", "supporter": str(row.body), "found": FOUND, "opinion": "符合支持起诉的条件，支持起诉。", "attends": "yes"},
        )  # fmt: skip


def looked_for(case: Case) -> Generator[datetime, None, Search]:
    """Known by a nickname; the query of accounts waits for the city."""
    yield from begun(case, at=case.chronicle.inventor.home())
    yield case.later(1)
    case.refresh()
    row = case.claim.respondents.first()
    row.aliases, row.legal_name, row.credit_code, row.employer = row.aliases or "老王", "", "", None
    row.save(update_fields=["aliases", "legal_name", "credit_code", "employer"])
    search = searching.start(
        row, case.worker(), now=case.clock, nickname=row.aliases, site="工地东门外的板房", known_by="瓦工班的工友", account="6222020000000008901"
    )
    way = searching.begin_way(search, case.worker(), "people", "问工友和材料商他的真名。", now=case.clock)
    yield case.later(1)
    searching.tried(way, case.worker(), now=case.clock, tried_on=case.day, result="工友只知道姓王，沭阳口音，没有人见过身份证。")
    searching.begin_way(search, case.worker(), "bank", "查收款账号的户名。", now=case.clock)
    return search


SUPPORTED = (
    (opened, 2, 5, 7),
    (applied, 2, 6, 8),
    (partial(applied, with_paper=True), 1, 8, 8),
    (passed_up, 2, 8, 10),
    (sent_back, 1, 11, 11),
    (before_the_city, 1, 11, 11),
    (refused, 1, 16, 16),
    (supported, 3, 14, 26),
    (partial(supported, with_paper=True), 1, 20, 20),
    (looked_for, 2, 5, 7),
)
