"""What this room tells papers of a claim: whether mediation was tried and how it ended, what was agreed, the minutes of a hearing and
who signed them; and what a notice of a hearing would ask."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from arrears.lifecycle import PROMISED_METHODS
from arrears.models import Claim
from arrears.papers.about import add_about, add_due
from arrears.papers.facts import Scene, add_facts
from arrears.papers.fields import LIST, Field
from arrears.papers.tellers.case import competent
from arrears.papers.tellers.people import everybody
from arrears.papers.told import add_told
from arrears.papers.wording import day, sentence
from mediation.drafting.terms import Terms
from mediation.drafting.terms import read as read_draft
from mediation.lifecycle import FAIL_GROUNDS, MEDIATION
from mediation.models import Agreement, AgreementDraft, Hearing, Mediation, Minutes, MinutesSignature, Presence
from mediation.models.room import CAPACITIES
from mediation.outstanding import agreement_in_force, standing_of
from mediation.room.signing import hands
from mediation.room.writing import moment

ENDED = {"agreed": "达成调解协议", "failed": "调解不成", "withdrawn": "申请人撤回调解申请"}
GROUND_NAMES = dict(FAIL_GROUNDS)
MANNERS = {
    "bank": "银行转账", "account": "农民工工资专用账户代发", "deposit": "动用工资保证金", "cash": "现金并签收", "emergency_fund": "应急周转金垫付",
}  # fmt: skip
assert MANNERS.keys() == dict(PROMISED_METHODS).keys()


def mediations(scene: Scene) -> list[Mediation]:
    """Oldest first."""
    found = scene.claim.mediations.select_related("mediator").order_by("applied_at", "id")
    return scene.record.once("mediations", lambda: list(found))


def agreement(scene: Scene) -> Agreement | None:
    """The one the paper is about, or the newest."""
    return scene.record.once(f"agreement {scene.about_id or ''}", lambda: named(scene))


def named(scene: Scene) -> Agreement | None:
    newest = Agreement.objects.filter(mediation__claim=scene.claim.pk).order_by("-effective_on", "-id")
    found = newest.select_related("mediation__mediator").prefetch_related("instalments", "shares")
    return (scene.about_id and found.filter(pk=scene.about_id).first()) or found.first()


def tried(scene: Scene) -> dict[str, Any]:
    rows = mediations(scene)
    last = rows[-1] if rows else None
    return {
        "有": bool(rows), "次数": len(rows), "申请日期": last.applied_on if last else None, "结束日期": last.ended_on if last else None,
        "调解员": str(last.mediator) if last and last.mediator else "", "结果": result_of(last) if last else "", "经过": "".join(map(told, rows)),
    }  # fmt: skip


def result_of(row: Mediation) -> str:
    return "正在调解" if row.is_open else ENDED.get(row.state, str(row.status.label))


def told(row: Mediation) -> str:
    ended = f"，{day(row.ended_on)}{result_of(row)}" if row.ended_on else f"，{result_of(row)}"
    return sentence(f"{day(row.applied_on)}申请调解{ended}")


def draft(scene: Scene) -> Terms | None:
    """What is being written for a mediation that goes on: the paper that is to be signed."""
    found = AgreementDraft.objects.filter(mediation__claim=scene.claim.pk, mediation__state__in=MEDIATION.open_states)
    row = scene.record.once("draft", lambda: found.select_related("mediation__mediator").first())
    return read_draft(row.told) if row else None


EMPTY = {
    "有": False, "拟定": False, "编号": "", "生效日期": None, "总额": None, "此前已付": None, "此后已付": None, "支付方式": "", "收款": "", "内容": "", "违约条款": "", "履行": [], "各人": [],
    "调解员": "", "已到期": None, "提前到期": False,
}  # fmt: skip


def agreed(scene: Scene) -> dict[str, Any]:
    """The agreement. Before it is signed its draft; of a later mediation only the paper that is to be signed knows the draft: what
    goes to a court rests on what was signed."""
    body, found = competent(scene)["调解组织"], agreement(scene)
    if found is not None and not (scene.form.id == "F-12" and scene.about_id is None and draft(scene)):
        shares = {share.claimant_id: share.amount for share in found.shares.all()}
        return {
            "有": True, "拟定": False, "编号": found.number, "生效日期": found.effective_on, "总额": found.total, "此前已付": found.paid_before,
            "此后已付": scene.claim.paid - found.paid_before if scene.record.only is None else None, "支付方式": MANNERS[found.manner],
            "收款": found.payee, "内容": sentence(found.terms), "违约条款": sentence(found.default_clause),
            "履行": parts((part.due_on, part.amount) for part in found.instalments.all()), "各人": each(scene, shares),
            "调解员": str(found.mediation.mediator or ""), "调解组织": body, **fallen_due(scene, found),
        }  # fmt: skip
    terms = draft(scene)
    if terms is None:
        return {**EMPTY, "调解组织": body}
    shares = {UUID(worker): share.amount for worker, share in terms.shares.items() if share.amount is not None}
    return {
        **EMPTY, "拟定": True, "总额": terms.total, "此前已付": scene.claim.paid, "支付方式": MANNERS.get(terms.manner, ""), "收款": terms.payee,
        "内容": sentence(terms.terms), "违约条款": sentence(terms.default_clause), "履行": parts(terms.plan), "各人": each(scene, shares), "调解组织": body,
    }  # fmt: skip


def fallen_due(scene: Scene, found: Agreement) -> dict[str, Any]:
    """Only a paper that is about the agreement, or goes by it, asks for what it has made due."""
    due = scene.record.fallen_due
    if due is None:
        return {"已到期": None, "提前到期": False}
    return {"已到期": due, "提前到期": standing_of(found, scene.record.claim, scene.today).has_fallen_due}


def parts(plan: Iterable[tuple[date, Decimal]]) -> list[dict[str, Any]]:
    return [{"期次": number, "日期": due_on, "金额": amount} for number, (due_on, amount) in enumerate(plan, 1)]


def each(scene: Scene, shares: Mapping[UUID, Decimal]) -> list[dict[str, Any]]:
    """Of several workers what each gets; those without a sum stand there with a gap."""
    people = list(zip(scene.record.workers, everybody(scene), strict=True))
    if len(people) < 2 or not shares:
        return []
    return [
        {"序号": row["序号"], "姓名": row["姓名"], "身份证号": row["身份证号"], "欠付": row["欠付"], "金额": shares.get(worker.pk)} for worker, row in people
    ]


def minutes_of(scene: Scene) -> Minutes | None:
    """The newest version: of the hearing it is about, else of the last that has any."""
    found = Minutes.objects.filter(hearing__mediation__claim=scene.claim.pk).select_related("hearing__mediation")
    if scene.about_id and found.filter(hearing=scene.about_id).exists():
        found = found.filter(hearing=scene.about_id)
    return scene.record.once(f"minutes:{scene.about_id or ''}", lambda: found.order_by("-hearing__span", "-number").first())


def minuted(scene: Scene) -> dict[str, Any]:
    found = minutes_of(scene)
    if found is None:
        return {"有": False, "版本": None, "定稿时间": "", "指纹": "", "行": [], "签名": []}
    presences, signatures = list(Presence.objects.filter(hearing=found.hearing)), list(MinutesSignature.objects.filter(minutes__hearing=found.hearing))
    return {
        "有": True, "版本": found.number, "定稿时间": moment(found.frozen_at), "指纹": found.sha256,
        "行": [{"文": line} for page in found.pages for line in page["text"].split("\n") if line.strip()],
        "签名": [signed(hand, len(found.pages)) for hand in hands(found.hearing, found, presences, signatures)],
    }  # fmt: skip


def signed(hand: Any, pages: int) -> dict[str, str]:
    under, names = hand.signature, [str(n) for n in range(1, pages + 1) if n not in hand.unsigned]
    state = "已签名" if hand.is_done else "没有签名"
    if under is not None:
        state = f"拒绝签名：{under.refused_because}（见证人{under.witness}）" if under.is_refusal else f"{moment(under.signed_at)}在屏幕上签名"
    return {"姓名": hand.presence.signs_as, "身份": str(CAPACITY[hand.presence.capacity]), "情况": state, "页": f"第{'、'.join(names)}页" if names else "无"}


CAPACITY = {"mediator": "调解员", "worker": "申请人", "respondent": "被申请方", "interpreter": "翻译", "witness": "证人", "guardian": "监护人、法定代理人", "support": "协助残疾当事人的人"}
assert CAPACITY.keys() <= dict(CAPACITIES).keys()


def told_of_hearing(claim: Claim, form_ids: Iterable[str], about_id: UUID | None = None) -> dict[str, Any]:
    """F-11 names the hearing to come, if there is one."""
    if "F-11" not in set(form_ids):
        return {}
    mediation = claim.mediations.open().select_related("mediator").first()
    if mediation is None:
        return {}
    hearing = Hearing.objects.live().select_related("room", "mediator").filter(mediation=mediation).first()
    return answers_of(mediation, hearing)


def answers_of(mediation: Mediation, hearing: Hearing | None) -> dict[str, Any]:
    said = {"accepted": "accepted", "received_on": mediation.applied_on, "mediator": str((hearing.mediator if hearing else mediation.mediator) or "")}
    if hearing is None:
        return said
    return {**said, "session_at": hearing.starts_at, "session_place": "，".join(filter(None, (hearing.room.name, hearing.room.address)))}


add_told(told_of_hearing)


def f(path: str, meaning: str, english: str, example: str = "", kind: str = "text") -> Field:
    return Field(path, meaning, english, example, kind)


add_facts("调解", tried, [
    f("调解.有", "调解过没有", "was mediation tried?", "是", "yes_no"), f("调解.次数", "调解次数", "how often", "1", "number"),
    f("调解.申请日期", "最近一次申请调解的日期", "last applied for on", "2026年3月2日", "date"), f("调解.结束日期", "最近一次结束的日期", "last ended on", "2026年3月12日", "date"),
    f("调解.调解员", "调解员", "mediator", "条和"), f("调解.结果", "最近一次的结果", "last result", "调解不成"),
    f("调解.经过", "历次调解的经过", "every mediation in a sentence", "2026年3月2日申请调解，2026年3月12日调解不成。"),
])  # fmt: skip
add_facts("协议", agreed, [
    f("协议.有", "有没有调解协议", "is there an agreement?", "是", "yes_no"), f("协议.拟定", "协议还没有签署，正在起草", "is it a draft still?", "否", "yes_no"), f("协议.编号", "调解协议编号", "number of the agreement", "陇调〔2026〕5号"),
    f("协议.生效日期", "协议生效日期", "in effect since", "2026年3月12日", "date"), f("协议.总额", "协议支付总额", "sum agreed", "8,000.00元", "amount"),
    f("协议.此前已付", "协议以前已付", "paid before", "0.00元", "amount"), f("协议.此后已付", "协议以后已付", "paid since", "0.00元", "amount"), f("协议.支付方式", "支付方式", "manner of payment", "银行转账"),
    f("协议.收款", "收款账户或者领取方式", "account or place of payment", "劳动者本人工资卡"),
    f("协议.内容", "协议内容", "terms", "分两期付清。"), f("协议.违约条款", "违约责任", "default clause", "逾期的，全部到期。"), f("协议.履行", "各期付款", "instalments", kind=LIST),
    f("协议.履行.期次", "第几期", "number", "1", "number"), f("协议.履行.日期", "付款日期", "due on", "2026年4月1日", "date"), f("协议.履行.金额", "金额", "amount", "4,000.00元", "amount"),
    f("协议.各人", "多名劳动者各自的数额", "each worker's sum", kind=LIST), f("协议.各人.序号", "序号", "number", "1", "number"), f("协议.各人.姓名", "姓名", "name", "李建国"),
    f("协议.各人.身份证号", "身份证号", "ID number", "321399198001010011"), f("协议.各人.欠付", "本人被欠", "owed to them", "5,000.00元", "amount"), f("协议.各人.金额", "协议支付给本人", "agreed for them", "5,000.00元", "amount"),
    f("协议.已到期", "为一期逾期制作的文书：按协议现已到期未付", "of a paper made because an instalment was missed: what the agreement has made due", "5,000.00元", "amount"),
    f("协议.提前到期", "按协议约定，一期逾期，余款已全部到期", "has the rest fallen due because one instalment was missed?", "是", "yes_no"),
    f("协议.调解员", "主持调解的调解员", "mediator", "条和"), f("协议.调解组织", "调解组织", "mediation body", "陇集镇劳动争议调解中心"),
])  # fmt: skip
add_facts("笔录", minuted, [
    f("笔录.有", "有没有定稿的笔录", "are there closed minutes?", "是", "yes_no"), f("笔录.版本", "第几版", "version", "1", "number"),
    f("笔录.定稿时间", "定稿的时间", "closed at", "2026-03-12 11:20"), f("笔录.指纹", "全文指纹", "fingerprint of the whole", "9f86d081884c7d65"),
    f("笔录.行", "笔录的文字，一行一项", "the text, line by line", kind=LIST), f("笔录.行.文", "一行文字", "one line", "申请人称：欠两个月工资。"),
    f("笔录.签名", "签名人", "who signs", kind=LIST), f("笔录.签名.姓名", "签名人", "name", "李建国"), f("笔录.签名.身份", "身份", "capacity", "申请人"),
    f("笔录.签名.情况", "签了没有，什么时候", "whether and when", "2026-03-12 11:30在屏幕上签名"), f("笔录.签名.页", "签在哪几页", "pages signed", "第1、2页"),
])  # fmt: skip


def told_of_agreement(claim: Claim, form_ids: Iterable[str], about_id: UUID | None = None) -> dict[str, Any]:
    """For a payment order the day on which what is missing first fell due."""
    found = (agreement_about(claim, about_id) or agreement_in_force(claim)) if "F-14" in form_ids else None
    part = standing_of(found, claim, date.max).next_part if found else None
    return {"debt_due_on": part.due_on} if part else {}


def agreement_about(claim: Claim, about_id: UUID | None) -> Agreement | None:
    return Agreement.objects.filter(mediation__claim=claim, pk=about_id).prefetch_related("instalments").first() if about_id else None


def due_of_agreement(claim: Claim, about_id: UUID | None, today: date, by_agreement: bool) -> Decimal | None:
    """Once an instalment was missed: with the rest, if the agreement says so. Before that, and of anything else, nothing."""
    found = agreement_about(claim, about_id) or (agreement_in_force(claim) if by_agreement else None)
    return standing_of(found, claim, today).due_now or None if found else None


add_told(told_of_agreement)
add_due(due_of_agreement)
add_about(lambda claim, pk: Agreement.objects.filter(mediation__claim=claim, pk=pk).exists())
add_about(lambda claim, pk: Hearing.objects.filter(mediation__claim=claim, pk=pk).exists())
