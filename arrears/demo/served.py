"""Papers on their way to somebody (送达), from one that nobody has taken up to one that was left at the door, and what follows
where wages stay unpaid after that: the order that was served, and the report to the police. See arrears/demo/stories.py."""

from collections.abc import Generator
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from arrears.demo.case import Case
from arrears.demo.cases import GROUP_SIZES
from arrears.demo.papers import png, scribble
from arrears.demo.proceeded import filed
from arrears.demo.stories import Story, begun
from arrears.models import Attempt, Paper, Service
from arrears.papers.issuing import issue
from arrears.proceedings import verbs as proceedings
from arrears.proceedings.table import FOUR
from arrears.serving import receipt
from arrears.serving import verbs as serving
from arrears.serving.verbs import Said
from grid import tasklist

ORDER = {
    "ordered_act": "在改正期限内足额支付拖欠的劳动报酬，并将支付凭证报送本机关。", "breached": "《保障农民工工资支付条例》第三条第一款",
}  # fmt: skip
GATE = "单位登记住所门口"
ToServe = Generator[datetime, None, Service]


def photo(case: Case) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"IMG_{case.rng.randrange(10**4):04d}.png", png(scribble(case.rng)), "image/png")


def issued(case: Case, form: str = "F-05", size: int = 0) -> ToServe:
    """A notice to produce papers, or an order to pay; whoever made it has it served."""
    yield from begun(case, at=case.chronicle.inventor.home(), size=size, is_named=True)
    yield case.later(1)
    case.refresh()
    to = case.claim.respondents.exclude(legal_name="").first() or case.claim.respondents.first()
    due = case.working_day(5)
    answers = {"party": str(to.pk), "due_on": due, "produce": "工资表、考勤表、劳动合同"} if form == "F-05" else {"party": str(to.pk), "order_due_on": due, **ORDER}
    paper: Paper = issue(case.claim, form, case.officer(), now=case.clock, answers=answers)
    return serving.issue(
        case.claim, case.officer(), now=case.clock, what="order" if form == "F-06" else "notice", title=f"{paper.title}（{paper.number}）", made_on=case.day,
        respondent=to, server=case.worker(), paper=paper,
    )


def tried(case: Case, service: Service, method: str, said: Said, reason: str = "") -> Attempt:
    case.refresh()
    return serving.attempt(service, case.worker(), now=case.clock, method=method, said=said, reason=reason)


def unserved(case: Case) -> Story:
    """Nobody has gone there yet; after some days it is late."""
    yield from issued(case)


def nobody_there(case: Case) -> Generator[datetime, None, Service]:
    service = yield from issued(case)
    yield case.later(1)
    tried(case, service, "direct", Said(case.day, place=GATE, note="大门锁着，敲门没有人应。"), "absent")
    return service


def posted(case: Case) -> Story:
    """By registered post; the slip has not come back."""
    service = yield from nobody_there(case)
    yield case.later(1)
    tried(case, service, "post", Said(case.day, tracking=f"XA{case.rng.randrange(10**9):09d}32", note="寄到登记住所。"))


def announced(case: Case) -> Story:
    """The slip came back: moved away, and nobody knows where to. It hangs at the gate and stands in the paper for thirty days."""
    service = yield from nobody_there(case)
    yield case.later(1)
    sent = tried(case, service, "post", Said(case.day, tracking=f"XA{case.rng.randrange(10**9):09d}32"))
    yield case.later(4)
    case.refresh()
    serving.settle(sent, case.worker(), now=case.clock, said=Said(case.day, note="退回，批注“原址查无此人”。"), reason="moved")
    yield case.later(1)
    case.refresh()
    tried(
        case, service, "notice",
        Said(
            case.day, published_in="《宿迁日报》和单位门口公告栏", note="直接送达、邮寄送达都没有成功，门卫说搬走了，去向不明。",
            files={"publication": [photo(case)]},
        ),
    )  # fmt: skip


def handed(case: Case) -> Story:
    service = yield from issued(case)
    yield case.later(1)
    tried(case, service, "direct", Said(case.day, place="单位前台", received_by="前台文员（收发）", files={"receipt": [photo(case)]}))


def left_at_the_door(case: Case, size: int = 0) -> Generator[datetime, None, Service]:
    """The order to pay was refused and left, with a witness and pictures; the receipt is printed."""
    service = yield from issued(case, "F-06", size)
    yield case.later(1)
    tried(case, service, "direct", Said(case.day, place=GATE, note="负责人看了文书，拒绝签收。"), "refused")
    yield case.later(0)
    tried(
        case, service, "leaving",
        Said(
            case.day, place=GATE, witness="社区网格员（见证）", note="负责人拒收，说明后留置，全程拍照。", files={"receipt": [photo(case)], "recording": [photo(case)]},
        ),
    )  # fmt: skip
    case.refresh()
    service.refresh_from_db()
    receipt.print_receipt(service, case.officer(), now=case.clock)
    return service


def reported_to_police(case: Case) -> Story:
    """Many workers, over the amount of the crime; the order is served, its days are over, nothing is paid."""
    service = yield from left_at_the_door(case, GROUP_SIZES[-1])
    yield case.later(1)
    paper = Paper.objects.get(pk=service.paper_id)
    until = case.chronicle.calendar.add(paper.issued_at.date(), 5)
    case.refresh()
    proceedings.open_proceeding(
        case.claim, "admin", "ordered", case.officer(), on=case.day, now=case.clock, docket=paper.number, amount=case.claim.unpaid, until=until,
        paper=filed(case, "限期改正指令书送达回证"),
    )  # fmt: skip
    tasklist.settle(f"serve-step:{service.pk}", case.clock)
    yield case.moment(case.chronicle.calendar.add(until, 2))
    case.refresh()
    proceedings.open_proceeding(
        case.claim, "criminal", "reported", case.officer(), on=case.day, now=case.clock, amount=case.claim.unpaid, four=[name for name, _label in FOUR],
        paper=filed(case, "涉嫌拒不支付劳动报酬案件调查报告"),
    )  # fmt: skip


# Story, how many, and how many working days ago they began, from–to.
SERVED = (
    (unserved, 1, 6, 6),
    (unserved, 1, 18, 18),
    (nobody_there, 1, 7, 7),
    (posted, 1, 9, 9),
    (announced, 1, 18, 18),
    (handed, 1, 12, 12),
    (left_at_the_door, 1, 10, 10),
    (reported_to_police, 1, 14, 14),
)
