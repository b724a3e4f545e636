"""Claims with everything on record, so that every fact of a paper has something to say. All invented."""

from datetime import date
from decimal import Decimal as D
from hashlib import sha256

from arrears import casework
from arrears.groups.representing import authorise, choose
from arrears.identity import make_credit_code, make_id
from arrears.intake import ClaimantFacts, LineFacts, RespondentFacts
from arrears.models import Claim, Evidence, Interruption
from arrears.models.owed import Owed
from arrears.papers.forms import FORMS
from arrears.situation.of_claim import rows
from arrears.situation.recording import Said, state_facts
from tests.base import NOW, CastTestCase

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
LABOUR, GENERAL, OWNER, FOREMAN = "宿迁宏远劳务有限公司", "沭阳安居建设集团有限公司", "沭阳城投置业有限公司", "老周"
# One answer to every question, each as its form gives it.
ANSWERS = {
    "text": "经核实情况属实。", "line": "陇集镇人民路1号", "confirm": True, "date": date(2026, 2, 20), "datetime": NOW,
}  # fmt: skip
AHEAD = date(2026, 3, 9)


def number_of(place: int) -> str:
    return make_id("321399", date(1970 + place % 30, 1 + place % 12, 1 + place % 28), place * 2 + 1)


def answers_of(form_id: str, **more) -> dict:
    """What an officer could answer to everything this paper asks."""
    found = {}
    for ask in FORMS[form_id].asks:
        found[ask.name] = ask.choices[0][0] if ask.choices else ANSWERS.get(ask.kind, "")
    for name in ("due_on", "order_due_on", "pay_by", "correct_by", "promise_by"):
        if name in found:
            found[name] = AHEAD
    own = {
        "rate": "50", "party": "", "officers": "冼安（32130001）、章镇（32130002）", "to_body": "", "order_number": "沭人社监令〔2026〕3号",
        "title_number": "（2026）苏1322民初1号", "title_amount": D("5000.00"), "more_requests": "", "witnesses": "王大有，住陇集镇人民路2号", "questions": "你在哪个工地干活？\n谁招你来的？",
        "produce": "", "agent": "易法，沭阳县法律援助中心，0527-80000001", "supporter": "", "ordered_act": "支付拖欠的工资",
        "breached": "《保障农民工工资支付条例》第三条第一款", "why_not_alone": "文化程度不高，不会写诉状，也负担不起律师费。", "document": "劳动保障监察限期改正指令书",
    }  # fmt: skip
    return {**found, **{name: value for name, value in own.items() if name in found}, **more}


class PapersTestCase(CastTestCase):
    """`one`: a worker of a labour company on a site, with everything on record. `many`: a claim of several."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.one = cls.make_full(1)

    @classmethod
    def make_full(cls, workers: int) -> Claim:
        people = [
            ClaimantFacts(
                SURNAMES[place % 20] + ("建国" if place < 20 else "国强"), f"138{place:08}", number_of(place),
                [
                    LineFacts(D("200"), D("21.5"), "day", D("1000"), date(2025, 11, 1), date(2025, 11, 30)),
                    LineFacts(D("4300.10") + place, D(1), "month", D(0), date(2025, 12, 1), date(2025, 12, 31)),
                ],
            )
            for place in range(1, workers + 1)
        ]  # fmt: skip
        claim = cls.make_claim(
            claimants=people, respondents=[
                RespondentFacts(LABOUR, role="labour", credit_code=make_credit_code("321399", 1), contact="王强", phone="0527-84350001", address="沭阳县人民路1号"),
                RespondentFacts(GENERAL, role="general", credit_code=make_credit_code("321399", 2), contact="李总", phone="0527-84350002", address="沭阳县台州路2号"),
                RespondentFacts(OWNER, role="owner", credit_code=make_credit_code("321399", 3), contact="张董", phone="0527-84350003", address="沭阳县北京路3号"),
                RespondentFacts(aliases=FOREMAN, role="foreman", phone="13899999999"),
            ],
            site_name="陇集镇安置房二期", site_address="陇集镇人民路", work="瓦工", contract="none", request="要求支付拖欠的工资",
            last_working_day=date(2025, 12, 31), person=cls.grid_worker,
        )  # fmt: skip
        casework.advance(claim, "accept", cls.chief, now=NOW, conditions=True)
        claim = rows().get(pk=claim.pk)
        state_facts(claim, cls.chief, Said(["construction", "owner_unpaid"], D("50000")), now=NOW)
        for place, (kind, title) in enumerate([("iou", "工资欠条"), ("attendance", "考勤表照片"), ("chat", "与老周的微信聊天记录")]):
            digest = sha256(f"{claim.pk}{place}".encode()).hexdigest()
            Evidence.objects.create(
                claim=claim, kind=kind, title=title, original_name="a.pdf", file="x", extension="pdf", mime="application/pdf", size=1,
                sha256=digest, added_by=cls.grid_worker, added_at=NOW, scan="clean",
            )  # fmt: skip
        Owed.objects.create(claim=claim, side="notice", paper="wage_sheet", employer=LABOUR, due_on=date(2026, 2, 27), made_at=NOW)
        Interruption.objects.create(claim=claim, kind="relief", happened_on=date(2026, 3, 2), proof="向陇集镇投诉", recorded_at=NOW)
        return rows().get(pk=claim.pk)

    @classmethod
    def group(cls, workers: int = 12) -> Claim:
        """With three representatives; all the others gave the first of them authority."""
        claim = cls.make_full(workers)
        people = list(claim.claimants.all())
        chosen, others = people[:3], people[3:]
        choose(claim, cls.chief, [worker.pk for worker in chosen], date(2026, 3, 1), now=NOW)
        row = claim.representatives.get(claimant=chosen[0])
        authorise(claim, cls.chief, row.pk, [worker.pk for worker in others], "special", date(2026, 3, 1), now=NOW)
        return rows().get(pk=claim.pk)
