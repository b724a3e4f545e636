"""What this room tells papers of a claim: the application for support to sue, its conditions, and what each level thought."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import override

from arrears.models import Claim, SupportCase
from arrears.papers.about import add_about
from arrears.papers.facts import Scene, add_facts
from arrears.papers.fields import LIST, Field
from arrears.papers.told import add_told
from arrears.support.lifecycle import SHAPES, VERDICTS
from arrears.support.standing import checks_of, mediated_of
from arrears.support.table import KINDS, REASONS, SUPPORTERS
from grid.days import day_of
from grid.roles import LEVEL_LABELS

HOUSE = "zh-hans"
NOTHING: dict[str, Any] = {
    "有": False, "状态": "", "申请日期": None, "申请人数": 0, "请求合计": None, "方式": "", "难以单独起诉的情形": "", "难以单独起诉的原因": "", "调解日期": None,
    "调解结果": "", "没有调解的原因": "", "申请人": [], "条件": [], "意见": [], "支持单位": [],
}  # fmt: skip


def newest(scene: Scene) -> SupportCase | None:
    """The case the paper is about, or the last one of the claim."""
    found = SupportCase.objects.filter(claim=scene.claim.pk).order_by("-opened_at", "-id")
    return (scene.about_id and found.filter(pk=scene.about_id).first()) or found.first()


def support(scene: Scene) -> dict[str, Any]:
    """Read once for all papers of a packet."""
    return scene.record.once(f"support {scene.about_id or ''}", lambda: read(scene))


def read(scene: Scene) -> dict[str, Any]:
    case = newest(scene)
    if case is None:
        return NOTHING
    with override(HOUSE):
        return told(case, scene)


def told(case: SupportCase, scene: Scene) -> dict[str, Any]:
    case.claim = scene.claim
    found, only, known = case.applicants.select_related("claimant", "via__claimant"), scene.record.only, mediated_of(scene.claim)
    applicants = list(found.filter(claimant=only) if only else found)
    return {
        "有": True, "状态": str(case.status.label), "申请日期": day_of(case.applied_at) if case.applied_at else None, "申请人数": len(applicants),
        "请求合计": sum(row.amount for row in applicants) if applicants else None, "方式": dict(SHAPES)[case.shape],
        "难以单独起诉的情形": "、".join(REASONS[one].name for one in case.reasons if one in REASONS), "难以单独起诉的原因": case.why,
        "调解日期": known.on if known else case.mediated_on, "调解结果": known.result if known else case.mediated, "没有调解的原因": case.why_not_mediated,
        "申请人": [
            {"序号": number, "姓名": row.claimant.name, "金额": row.amount, "签字": f"由代表人{row.via.claimant.name}签字" if row.via else "本人签字",
             "签字日期": row.signed_on, "批次": row.batch}
            for number, row in enumerate(applicants, 1)
        ],
        "条件": [
            {"名称": one.condition.name, "满足": one.is_met, "说明": one.says.text(), "依据": one.condition.citation(), "未核实": not one.condition.verified}
            for one in checks_of(case)
        ],
        "意见": [
            {"层级": LEVEL_LABELS[row.level], "结论": dict(VERDICTS)[row.verdict], "内容": row.text, "签名": str(row.by or ""), "岗位": row.post,
             "日期": day_of(row.at)}
            for row in case.opinions.select_related("by")
        ],
        "支持单位": [
            {"名称": row.body.name, "种类": SUPPORTERS[row.supporter].name, "方式": KINDS[SUPPORTERS[row.supporter].kind], "理由": row.why,
             "依据": SUPPORTERS[row.supporter].citation()}
            for row in case.supporters.select_related("body") if row.supporter in SUPPORTERS
        ],
    }  # fmt: skip


def f(path: str, meaning: str, english: str, example: str = "", kind: str = "text") -> Field:
    return Field(path, meaning, english, example, kind)


add_facts("支持起诉", support, [
    f("支持起诉.有", "有没有支持起诉申请", "is there an application for support to sue?", "是", "yes_no"),
    f("支持起诉.状态", "申请办到哪一步", "its state", "待县级意见"),
    f("支持起诉.申请日期", "提交申请的日期", "applied on", "2026年3月2日", "date"), f("支持起诉.申请人数", "申请人数", "number of applicants", "2", "number"),
    f("支持起诉.请求合计", "申请人请求的合计", "claimed by the applicants in all", "8,000.00元", "amount"), f("支持起诉.方式", "怎样起诉", "one joint suit or each separately", "每人分别起诉"),
    f("支持起诉.难以单独起诉的情形", "本人难以单独起诉的情形", "which reasons he cannot sue alone", "不识字或者不会写诉状"),
    f("支持起诉.难以单独起诉的原因", "本人难以单独起诉的具体情况", "why he cannot sue alone", "不识字，在外地务工。"),
    f("支持起诉.调解日期", "调解的日期", "mediated on", "2026年3月1日", "date"), f("支持起诉.调解结果", "调解的结果", "result of the mediation", "对方拒绝。"),
    f("支持起诉.没有调解的原因", "没有调解的原因", "why there was no mediation", "对方失联。"),
    f("支持起诉.申请人", "申请人名单", "applicants", kind=LIST), f("支持起诉.申请人.序号", "序号", "number", "1", "number"), f("支持起诉.申请人.姓名", "姓名", "name", "李建国"),
    f("支持起诉.申请人.金额", "请求金额", "amount", "8,000.00元", "amount"), f("支持起诉.申请人.签字", "由谁签字", "who signed", "本人签字"),
    f("支持起诉.申请人.签字日期", "签字日期", "signed on", "2026年3月2日", "date"), f("支持起诉.申请人.批次", "第几次补报，0 为随申请", "0 with the application, later supplements", "0", "number"),
    f("支持起诉.条件", "条件审查", "conditions", kind=LIST), f("支持起诉.条件.名称", "条件", "condition", "有初步证据"), f("支持起诉.条件.满足", "是否满足", "is it met?", "是", "yes_no"),
    f("支持起诉.条件.说明", "凭什么，或者缺什么", "from where, or what is missing", "在案：工资欠条或结算单"), f("支持起诉.条件.依据", "依据", "basis", "民事诉讼法 第一百二十二条第二项"),
    f("支持起诉.条件.未核实", "依据是否未核实", "is the basis unverified?", "否", "yes_no"),
    f("支持起诉.意见", "各级意见", "opinions of the levels", kind=LIST), f("支持起诉.意见.层级", "层级", "level", "县级"), f("支持起诉.意见.结论", "同意、不同意或者退回补正", "verdict", "同意"),
    f("支持起诉.意见.内容", "意见内容", "its words", "同意支持起诉。"), f("支持起诉.意见.签名", "提出意见的人", "who gave it", "冼安"), f("支持起诉.意见.岗位", "岗位", "post", "沭阳县 县（区）专员"),
    f("支持起诉.意见.日期", "提出意见的日期", "given on", "2026年3月5日", "date"),
    f("支持起诉.支持单位", "支持单位", "supporters", kind=LIST), f("支持起诉.支持单位.名称", "单位名称", "name", "沭阳县人民检察院"), f("支持起诉.支持单位.种类", "主体种类", "kind", "人民检察院"),
    f("支持起诉.支持单位.方式", "支持起诉还是法律援助", "support or legal aid", "支持起诉"), f("支持起诉.支持单位.理由", "为什么选它", "why it was chosen", "可以协助取证。"),
    f("支持起诉.支持单位.依据", "依据", "basis", "民事诉讼法 第十五条"),
])  # fmt: skip


# What the papers of support to sue ask (arrears.papers.asks), as far as the case says it: nobody tells it twice.
def answers_of(case: SupportCase, form_id: str) -> dict[str, Any]:
    with override(HOUSE):
        return {name: value for name, value in ANSWERS.get(form_id, lambda case: {})(case).items() if value}


def of_application(case: SupportCase) -> dict[str, Any]:
    return {"why_not_alone": why_of(case), "tried": case.mediated or case.why_not_mediated, "voluntary": case.applicants.exclude(paper=None).exists()}


def of_review(case: SupportCase) -> dict[str, Any]:
    return {**of_supporter(case), "opinion": last_words(case, "township")}


def of_instrument(case: SupportCase) -> dict[str, Any]:
    return {**of_supporter(case), "opinion": last_words(case, "county")}


ANSWERS = {"F-16": of_application, "F-17": of_review, "F-18": of_instrument}
# As the questions of the papers call the kinds of supporter.
ASKED_AS = {
    "hrss": "hrss", "procuratorate": "procuratorate", "union": "union", "union_contract": "union", "legal_aid": "legal_aid", "organ": "other",
}  # fmt: skip


def why_of(case: SupportCase) -> str:
    reasons = "、".join(REASONS[one].name for one in case.reasons if one in REASONS)
    return "。".join(filter(None, (reasons, case.why.rstrip("。")))) + "。" if reasons or case.why else ""


def of_supporter(case: SupportCase) -> dict[str, Any]:
    rows = list(case.supporters.select_related("body"))
    first = next((row for row in rows if row.supporter != "legal_aid"), rows[0] if rows else None)
    if first is None:
        return {}
    has_aid = any(row.supporter == "legal_aid" for row in rows)
    return {
        "supporter_kind": ASKED_AS.get(first.supporter, ""), "supporter": first.body.name, "supporter_why": first.why, "with_aid": "yes" if has_aid else "no",
    }  # fmt: skip


def last_words(case: SupportCase, level: str) -> str:
    row = case.opinions.filter(level=level).order_by("-at").first() or case.opinions.order_by("-at").first()
    return row.text if row else ""


def told_of_claim(claim: Claim, form_ids: Iterable[str], about_id: UUID | None = None) -> dict[str, Any]:
    """Answers to what these papers ask, of the newest application; of a question that several ask, the last one's."""
    case = SupportCase.objects.filter(claim=claim).order_by("-opened_at", "-id").first() if ANSWERS.keys() & set(form_ids) else None
    return {name: value for form_id in form_ids if case for name, value in answers_of(case, form_id).items()}


add_told(told_of_claim)
add_about(lambda claim, pk: SupportCase.objects.filter(claim=claim, pk=pk).exists())
