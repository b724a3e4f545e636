"""What workers of the demo city say by themselves: reports from outside, answers, ratings, objections; see stories.py."""

from collections.abc import Generator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from arrears.demo.case import Case
from arrears.demo.papers import paper
from arrears.demo.stories import Story, closed, taken_up, withdrawn
from arrears.demo.words import GIVEN, NICKNAMES, SITES, SURNAMES
from arrears.models import Objection, Question, Report
from arrears.models.reports import NONE, OTHERS, OWN
from arrears.objections import answering
from arrears.objections.objecting import objects
from arrears.ratings import verbs as ratings
from arrears.reports import deciding
from arrears.reports.receiving import Said, receive
from arrears.worker import questions
from grid.models import Person
from grid.roles import COUNTY

Reported = Generator[datetime, None, Report]

TOLD = (
    "干了两个月，老板说下个月给，下个月又说下个月。", "一共四个人，走的时候说年底结清，现在电话不接。", "工资少发了三千，问会计，会计说找工头。",
)  # fmt: skip
REACHES = {
    OWN: "", OTHERS: "老乡的手机，白天打，找本人", NONE: "工地宿舍 2 号楼 3 层，晚上七点以后在",
}  # fmt: skip
DECLINES = (
    "您说的是货款，不是工资，我们管不了。可以向法院起诉，需要帮助请打 12348。", "同一件事您上个月已经反映过，正在办理，请用原来的查询号查进展。",
)  # fmt: skip
QUESTIONS = ("工资是谁答应给您的，当时怎么说的？", "您手里有没有记工本或者聊天记录？有的话请拍照发来。")
HEARD = "工头口头答应的，记工本在老乡那里，明天拍照发来。"
OBJECTIONS = ("说是付清了，我只收到一半。", "我没有同意撤回，是工头替我签的字。")
UPHELD = "银行流水和您本人签的收条都核对过，约定的数额已经全部到账。对数额还有不同意见的，可以申请劳动仲裁。"
REOPENED = "经查，收条上的签字不是您本人的。案件重新办理，工作人员会联系您。"
RATED = {5: "很快，谢谢。", 4: "", 3: "时间长了一点。", 2: "打了几次电话没有人接。", 1: "说好一周给答复，等了一个月。"}
STARS = (5, 5, 5, 4, 4, 4, 5, 3, 2, 5, 4, 1)
FINDING = "经办人外出时没有转接电话，已经和劳动者当面道歉，并明确了代班办法。"


# Reports


def reported(case: Case, reach: str = OWN) -> Reported:
    """At home, with a picture now and then."""
    name = case.pick(SURNAMES) + case.pick(GIVEN)
    is_site = case.rng.random() < 0.7
    said = Said(
        region=case.chronicle.inventor.home(), kind="construction" if is_site else "other", name=name,
        phone="" if reach == NONE else f"1990009{case.number % 10000:04d}", reach=reach, reach_note=REACHES[reach],
        contact_rule="discreet" if reach == OTHERS else "open", employer=case.pick(NICKNAMES),
        place=f"{case.pick(SITES)}项目" if is_site else "集镇上的饭店", amount=Decimal(case.rng.randrange(2000, 20000, 500)),
        people=case.pick((None, None, 3, 4)), story=case.pick(TOLD),
    )  # fmt: skip
    uploads = [paper(case.rng, "iou", None)[1]] if case.rng.random() < 0.4 else []
    yield from ()
    return receive(said, now=case.clock, once=f"demo:{case.number}", uploads=uploads)


def waits(case: Case, reach: str = OWN) -> Story:
    """Nobody has answered yet; after its day it climbs."""
    yield from reported(case, reach)


def taken(case: Case, reach: str = OWN) -> Story:
    report = yield from reported(case, reach)
    yield case.later(1)
    case.claim = deciding.accept(report, official(case, report), now=case.clock)
    yield case.later(1, 2)
    case.do("accept", conditions=True)


def turned_down(case: Case) -> Story:
    report = yield from reported(case)
    yield case.later(1)
    deciding.decline(report, official(case, report), now=case.clock, reason=case.pick(DECLINES))


def joined(case: Case) -> Story:
    """A workmate of somebody whose claim is open."""
    yield from taken_up(case, at=case.chronicle.inventor.home())
    report = yield from reported(case)
    yield case.later(1)
    deciding.join(report, official(case, report), now=case.clock, claim=case.refresh())


def official(case: Case, report: Report) -> Person:
    return case.chronicle.present(case.chronicle.cast.workers[report.township_code])


# Questions


def asked(case: Case, answered: str = "") -> Story:
    """Three days to answer: on the own page ("page"), by telephone ("phone"), or not at all."""
    yield from taken_up(case, at=case.chronicle.inventor.home())
    yield case.later(1)
    case.do("ask", case.worker(), question=case.pick(QUESTIONS), answer_by=case.day + timedelta(days=3))
    question = Question.objects.get(claim=case.claim)
    if answered:
        yield case.later(1)
    if answered == "page":
        questions.answer(case.claim, question.pk, HEARD, now=case.clock)
    elif answered == "phone":
        questions.answer_heard(question, case.worker(), now=case.clock, text=HEARD, how="phone")


# After the end


def rated(case: Case, is_looked_at: bool = True) -> Story:
    yield from closed(case)
    yield case.later(1, 3)
    stars = STARS[case.number % len(STARS)]
    rating = ratings.rate(case.claim, stars, RATED[stars], now=case.clock)
    if rating.is_low and is_looked_at:
        yield case.later(2, 3)
        answerer = superior(case, ratings.may_look, rating)
        if answerer:
            ratings.look(rating, answerer, now=case.clock, finding=FINDING)


def objected(case: Case, verdict: str = "", ending: Any = closed) -> Story:
    yield from ending(case)
    yield case.later(1, 2)
    objects(case.claim, case.pick(OBJECTIONS), now=case.clock)
    if verdict:
        yield case.later(1, 2)
        objection = Objection.objects.select_related("claim").get(claim=case.claim)
        answerer = superior(case, answering.may_answer, objection)
        if answerer:
            answering.answer(objection, answerer, now=case.clock, verdict=verdict, reply={"upheld": UPHELD, "reopened": REOPENED}[verdict])


def superior(case: Case, may: Any, row: Any) -> Person | None:
    """The first of county and city who may."""
    roster = case.chronicle.roster()
    people = [*roster.leads(COUNTY, case.claim.region_id), *roster.leads("city", case.claim.region_id)]
    return next((one for person in people if may(row, one := case.chronicle.present(person), case.day)), None)


# Story, how many, and how many working days ago they began, from–to.
SAID = (
    (waits, 2, 0, 1),
    (partial(waits, reach=NONE), 1, 1, 1),
    (waits, 1, 9, 9),
    (taken, 3, 4, 12),
    (partial(taken, reach=OTHERS), 1, 6, 6),
    (turned_down, 2, 5, 9),
    (joined, 1, 7, 7),
    (asked, 2, 5, 9),
    (partial(asked, answered="page"), 2, 7, 14),
    (partial(asked, answered="phone"), 1, 9, 9),
    (rated, 12, 40, 120),
    (partial(rated, is_looked_at=False), 2, 38, 44),
    (partial(objected, ending=withdrawn), 1, 10, 10),
    (partial(objected, verdict="upheld"), 2, 42, 60),
    (partial(objected, verdict="reopened"), 1, 44, 44),
)


def doors() -> list[tuple[str, str, str]]:
    """For whoever tries the worker's own page: which case, its number, and the secret."""
    found: list[tuple[str, str, str]] = []
    for question in Question.objects.filter(state="open").select_related("claim").order_by("pk")[:1]:
        found.append(("被提问的案件", question.claim.public_number, question.claim.claimants.first().phone[-4:]))
    for objection in Objection.objects.select_related("claim").order_by("-received_on", "pk")[:1]:
        found.append(("有异议的案件", objection.claim.public_number, objection.claim.claimants.first().phone[-4:]))
    for report in Report.objects.filter(state="waiting").exclude(phone="").order_by("pk")[:1]:
        found.append(("等待处理的反映", report.public_number, report.phone[-4:]))
    return found
