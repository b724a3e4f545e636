"""Cases that walk a road: arbitration, court, payment order, preservation, enforcement; see arrears/demo/stories.py. The day that
matters stands so many days from the present, so that something is always to be done soon. All are at home."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from arrears.demo.case import Case
from arrears.demo.chronicle import Chronicle, at
from arrears.demo.papers import png, scribble
from arrears.demo.stories import Story, begun
from arrears.evidence import add_evidence
from arrears.models import Evidence, Proceeding
from arrears.money import q
from arrears.papers import packets
from arrears.papers.issuing import issue
from arrears.proceedings import verbs
from arrears.situation.recording import Said, state_facts

COURT, TRIBUNAL = "沭阳县人民法院", "沭阳县劳动人事争议仲裁委员会"
COURT_ROOM, TRIBUNAL_ROOM = "沭阳县人民法院第六法庭", "沭阳县劳动人事争议仲裁院第二仲裁庭"
ONE_DAY = timedelta(days=1)


@dataclass
class Road:
    """A proceeding in the hands of its story."""

    case: Case
    proceeding: Proceeding

    def step(self, name: str, paper: str = "", **said: Any) -> None:
        """Recorded on the day it happens, with the paper that came."""
        if paper:
            said["paper"] = filed(self.case, paper)
        self.case.refresh()
        verbs.record_step(self.proceeding, name, self.case.officer(), on=self.case.day, now=self.case.clock, **said)

    def number(self, word: str) -> str:
        return f"（{self.case.day.year}）苏1322{word}{self.case.rng.randint(1000, 9999)}号"


OnRoad = Generator[datetime, None, Road]


def opened(case: Case, kind: str, step: str, paper: str, **said: Any) -> Road:
    said["paper"] = filed(case, paper)
    case.refresh()
    return Road(case, verbs.open_proceeding(case.claim, kind, step, case.officer(), on=case.day, now=case.clock, **said))


def filed(case: Case, title: str) -> Evidence:
    """What the court gave back, photographed."""
    upload = SimpleUploadedFile(f"IMG_{case.rng.randrange(10**4):04d}.png", png(scribble(case.rng)), "image/png")
    return add_evidence(case.claim, upload, case.worker(), now=case.clock, kind="other", title=title)


def write_paper(case: Case, form: str, answers: Mapping[str, Any]) -> None:
    case.refresh()
    issue(case.claim, form, case.officer(), now=case.clock, answers=answers)


def from_present(case: Case, days: int) -> datetime:
    """Some minute of the working day so many days from the present; never before the story stands."""
    calendar = case.chronicle.calendar
    day = calendar.back(case.chronicle.today + timedelta(days=days))
    return case.moment(max(day, calendar.add(case.day, 1)))


def hearing_in(case: Case, days: int) -> datetime:
    return at(case.chronicle.calendar.forward(case.chronicle.today + timedelta(days=days)), case.pick((time(9, 0), time(14, 30))))


def with_iou(case: Case) -> Story:
    """An IOU for wages opens the court without arbitration."""
    yield from begun(case, at=case.chronicle.inventor.home(), size=1, is_named=True)
    yield case.later(0)
    case.attach("iou")
    case.refresh()
    state_facts(case.claim, case.lead(), Said(["iou"]), now=case.clock)


# Arbitration


def arbitrated(case: Case) -> OnRoad:
    yield from begun(case, at=case.chronicle.inventor.home(), is_named=True)
    yield case.later(1)
    write_paper(case, "F-09", {"worker_address": "沭阳县沭城街道人民中路", "to_body": TRIBUNAL})
    road = opened(case, "arbitration", "applied", "仲裁申请收件回执", court=TRIBUNAL, amount=case.claim.unpaid)
    yield case.later(2, 3)
    road.step("accepted", "受理通知书", docket=road.number("劳人仲案").replace("苏1322", "沭"))
    return road


def to_be_arbitrated(case: Case, days: int) -> Story:
    """The tribunal hears it so many days from the present."""
    road = yield from arbitrated(case)
    yield case.later(2)
    road.step("hearing", "开庭通知书", hearing=hearing_in(case, days), place=TRIBUNAL_ROOM)


def awarded(case: Case, days: int) -> Story:
    """The award came so many days ago: whoever disagrees sues within fifteen."""
    road = yield from arbitrated(case)
    yield from_present(case, -days)
    road.step("awarded", "仲裁裁决书", amount=q(case.claim.unpaid * Decimal("0.9")), until=case.day + 10 * ONE_DAY)


# Court


def sued(case: Case, procedure: str = "simple") -> OnRoad:
    yield from with_iou(case)
    yield case.later(1)
    road = opened(case, "suit", "filed_direct", "起诉状收件回执", court=COURT, amount=case.claim.unpaid)
    yield case.later(3)
    road.step("docketed", "受理案件通知书", docket=road.number("民初"), procedure=procedure)
    return road


def to_be_tried(case: Case, days: int) -> Story:
    road = yield from sued(case)
    yield case.later(2)
    road.step("hearing", "传票", hearing=hearing_in(case, days), place=COURT_ROOM)


def judged(case: Case, days: int) -> Story:
    """In its time for appeal."""
    road = yield from sued(case)
    yield from_present(case, -days)
    road.step("judged", "民事判决书", amount=case.claim.unpaid, until=case.day + 10 * ONE_DAY)


def enforced(case: Case) -> Story:
    """A small claim, judged once for all; the court enforces, and part of the money has come."""
    road = yield from sued(case, "small")
    yield case.later(8, 10)
    road.step("judged_small", "民事判决书", amount=case.claim.unpaid, until=case.day + 10 * ONE_DAY)
    yield case.later(9)
    write_paper(
        case, "F-25",
        {
            "title_kind": "judgment", "title_number": road.proceeding.docket_number or road.number("民初"), "effective_on": case.day - 12 * ONE_DAY,
            "perform_by": case.day - 2 * ONE_DAY, "to_body": COURT, "property": "对方名下苏N牌照货车一辆", "title_amount": case.claim.unpaid,
        },
    )  # fmt: skip
    road.step("enforced")
    after = opened(case, "enforcement", "applied", "执行申请收件回执", court=COURT, amount=case.claim.unpaid)
    yield case.later(3)
    after.step("docketed", "执行立案通知书", docket=road.number("执"))
    yield case.later(4)
    after.step("paid", "执行款到账凭证", amount=q(case.refresh().unpaid / 2))


def ordered(case: Case, is_issued: bool = True) -> Story:
    """A payment order; once it is issued it has to reach the other side within thirty days."""
    yield from begun(case, at=case.chronicle.inventor.home(), size=1, is_named=True)
    yield case.later(1)
    road = opened(case, "payment_order", "applied_30", "支付令申请收件回执", court=COURT, amount=case.claim.unpaid)
    yield case.later(3)
    road.step("accepted", "受理通知书", docket=road.number("民督"))
    if is_issued:
        yield case.later(5)
        road.step("issued", "支付令", amount=case.claim.unpaid)


def frozen(case: Case, days: int) -> Story:
    """Frozen before any suit, so many days ago: after thirty the property is free again."""
    yield from with_iou(case)
    yield from_present(case, -days - 2)
    road = opened(case, "preservation", "pre_suit", "保全申请收件回执", court=COURT, amount=case.claim.unpaid)
    yield case.later(1)
    road.step("ruled_pre", "财产保全裁定书", docket=road.number("财保"), amount=case.claim.unpaid)


def secured(case: Case, days: int) -> Story:
    """Frozen before the suit, and the judgment came so many days ago: three months to ask for enforcement, else the property is
    free again. The day is more than a month away."""
    yield from with_iou(case)
    yield case.later(1)
    kept = opened(case, "preservation", "pre_suit", "保全申请收件回执", court=COURT, amount=case.claim.unpaid)
    yield case.later(1)
    kept.step("ruled_pre", "财产保全裁定书", docket=kept.number("财保"), amount=case.claim.unpaid)
    yield case.later(1)
    road = opened(case, "suit", "filed_direct", "起诉状收件回执", court=COURT, amount=case.claim.unpaid)
    yield case.later(2)
    road.step("docketed", "受理案件通知书", docket=road.number("民初"), procedure="small")
    yield from_present(case, -days)
    road.step("judged_small", "民事判决书", amount=case.claim.unpaid, until=case.day + 10 * ONE_DAY)


def ask_packet(chronicle: Chronicle) -> None:
    """For a suit, asked for a moment ago: it is made when the system runs."""
    suit = Proceeding.objects.open().filter(kind="suit", state="docketed").select_related("claim").order_by("opened_at").first()
    if suit is not None:
        wish = packets.Wish("suit", ("L-04", "F-20"), [row.pk for row in suit.claim.evidence.all()])
        packets.ask(suit.claim, wish, {}, chronicle.present(chronicle.named("xianan")), now=chronicle.now, send=lambda: None)


# Story, how many, and how many working days ago they began, from–to.
PROCEEDED = (
    (partial(to_be_arbitrated, days=2), 1, 11, 11),
    (partial(to_be_arbitrated, days=6), 1, 11, 11),
    (partial(awarded, days=10), 1, 34, 34),
    (partial(to_be_tried, days=4), 2, 11, 12),
    (partial(judged, days=8), 1, 36, 36),
    (enforced, 1, 50, 50),
    (partial(ordered, is_issued=False), 1, 8, 8),
    (ordered, 1, 24, 24),
    (partial(frozen, days=6), 1, 16, 16),
    (partial(frozen, days=23), 1, 28, 28),
    (partial(secured, days=54), 1, 48, 48),
)
