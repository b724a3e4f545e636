"""Cases somebody has asked about to the end: who is behind whom, which papers are promised or demanded, what was completed
later, and two gatherings; see arrears/demo/stories.py. Most are at home, where people sign in first.
"""

from datetime import timedelta
from decimal import Decimal
from functools import partial

from django.core.files.uploadedfile import SimpleUploadedFile

from arrears.completing.slots import Record
from arrears.completing.verbs import Word, complete
from arrears.demo import words
from arrears.demo.case import Case
from arrears.demo.cases import GROUP_SIZES
from arrears.demo.papers import png, scribble
from arrears.demo.stories import Story, begun, taken_up
from arrears.incidents import verbs as incidents
from arrears.models import Incident, Owed
from arrears.money import q
from arrears.owed import verbs as owed
from arrears.owed.signing import sign_with
from arrears.situation.recording import Said, state_facts

OWNER = "宿迁新城建设投资有限公司"
REFUSALS = ("称考勤表已经遗失。", "称工资表在总公司，不愿提供。")
ADDRESSES = ("沭阳县沭城街道南京路18号", "沭阳县沭城街道北京中路266号", "宿迁市宿城区发展大道9号")
FIRST_STEPS = "网格员和派出所已到场，劝导人员到信访接待室，已联系总包单位负责人。"
NEXT_STEPS = ("总包单位承诺三日内先付一半，多数人员已离开。", "用人单位负责人到场，双方正在核对工资表。")
LAST_STEPS = "工资已由总包单位先行垫付，人员全部离开，未再聚集。"


def chain_asked(case: Case) -> Story:
    """The situation asked to the end: who must pay in which order, and which road is best."""
    yield from begun(case, at=case.chronicle.inventor.home())
    yield case.later(0)
    case.refresh()
    named = set(case.claim.respondents.values_list("role", flat=True))
    if case.claim.site_id:
        said = Said(
            ["general_gave_unqualified", "owner_unpaid"], unsettled=q(case.claim.claimed * Decimal(3)),
            names={} if "owner" in named else {"owner": OWNER},
        )  # fmt: skip
    else:
        said = Said(["small_business"])
    state_facts(case.claim, case.lead(), said, now=case.clock)


def completed_later(case: Case) -> Story:
    """Where the firm is to be found was learnt a day after the short intake."""
    case.register(at=case.chronicle.inventor.home(), size=1)
    yield case.later(1)
    case.refresh()
    asked = [slot for slot in Record(case.claim).slots if slot.field.name == "respondent_address" and slot.is_blank]
    complete(case.claim, case.worker(), [Word(slot.field.name, slot.pk, case.pick(ADDRESSES), slot.value) for slot in asked], now=case.clock)


def promised(case: Case, fate: str) -> Story:
    """The worker signed to bring a paper; "kept", "broken", or still open at the present."""
    yield from taken_up(case, at=case.chronicle.inventor.home(), size=1)
    yield case.later(0)
    there = set(case.refresh().evidence.values_list("kind", flat=True))
    paper = next(kind for kind in ("iou", "contract", "attendance") if kind not in there)
    row = owed.promise(case.claim, paper, case.working_day(6), case.worker(), now=case.clock)
    sheet = SimpleUploadedFile("承诺书.png", png(scribble(case.rng)), "image/png")
    sign_with([row], sheet, case.worker(), now=case.clock)
    if fate == "kept":
        yield case.later(3)
        case.attach(paper)
    elif fate == "broken":
        yield case.later(8)
        owed.break_due(case.clock)


def told_to_produce(case: Case, refuses: bool) -> Story:
    """The employer is told to produce what he holds; he refuses, or the day is still to come."""
    yield from begun(case, at=case.chronicle.inventor.home())
    yield case.later(0)
    case.refresh()
    row: Owed = owed.notify(case.claim, "wage_sheet", case.claim.respondent_name, case.working_day(5), case.lead(), now=case.clock)
    if refuses:
        yield case.later(2)
        case.refresh()
        owed.refuse(row, case.lead(), now=case.clock, note=case.pick(REFUSALS))


def gathered(case: Case, is_over: bool) -> Story:
    """People came to the gate. One such incident is reported on to the end, of the other the next report is owed."""
    case.register(at=case.chronicle.inventor.home(), size=GROUP_SIZES[4])
    yield case.later(1)
    case.refresh()
    place = f"{case.claim.site.name}门口" if case.claim.site_id else f"{case.claim.region.name}便民服务中心"
    incident: Incident = incidents.open_incident(
        case.claim, case.worker(), now=case.clock, kind="gathering", happened_at=case.clock - timedelta(minutes=25), place=place,
        people=case.claim.worker_count, steps=FIRST_STEPS, demand=words.REQUESTS[0],
    )  # fmt: skip
    yield case.later(0)
    incidents.follow_up(incident, case.lead(), now=case.clock, people=6, steps=NEXT_STEPS[is_over], has_ended=is_over)
    if is_over:
        yield case.later(1)
        incidents.finish(incident, case.lead(), now=case.clock, people=0, steps=LAST_STEPS)


# Story, how many, and how many working days ago they began, from–to.
ASKED = (
    (chain_asked, 5, 5, 16),
    (completed_later, 2, 2, 4),
    (partial(promised, fate="open"), 2, 3, 4),
    (partial(promised, fate="kept"), 2, 8, 14),
    (partial(promised, fate="broken"), 1, 14, 14),
    (partial(told_to_produce, refuses=False), 1, 4, 4),
    (partial(told_to_produce, refuses=True), 2, 8, 12),
    (partial(gathered, is_over=False), 1, 3, 3),
    (partial(gathered, is_over=True), 1, 15, 15),
)
