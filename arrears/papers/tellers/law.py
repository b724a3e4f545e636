"""时效、途径、法定数额、文书、填写: what the law says of the claim today, and what the officer answered."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override

from arrears.limitation.limits import ARBITRATION, CIVIL, INSPECTION
from arrears.models import Clock
from arrears.papers.asks import ASKS, WORD
from arrears.papers.facts import Scene, add_facts
from arrears.papers.fields import LIST, Field
from arrears.papers.record import Record
from arrears.papers.tellers.people import f
from arrears.papers.wording import article_of, day, lines_of, moment, sentence, version_of
from arrears.routes import doors
from arrears.sums.answers import Answer, Asked, reckon
from arrears.sums.book import figures_now
from arrears.sums.kinds import in_force
from arrears.sums.of_claim import bars_of, workers_of
from grid.days import SHANGHAI

MANY_LINES = ("more_requests", "questions", "produce", "witnesses")  # answers that are typed one a line


def running(record: Record, rule_id: str) -> Clock | None:
    return next((clock for clock in record.claim.clocks.all() if clock.rule_id == rule_id and clock.ended_on is None), None)


HOW = {"demand": "劳动者向对方主张权利", "relief": "向有关部门请求权利救济", "consent": "对方同意支付"}


def limits(scene: Scene) -> dict[str, Any]:
    record = scene.record
    ends = {name: clock.due_on if (clock := running(record, rule)) else None for name, rule in (("仲裁", ARBITRATION), ("监察", INSPECTION), ("诉讼", CIVIL))}
    rows = record.once("中断", lambda: list(record.claim.interruptions.filter(withdrawn_at=None)))
    return {
        "仲裁届满日": ends["仲裁"], "监察届满日": ends["监察"], "诉讼届满日": ends["诉讼"], "说明": said_of(scene, ends["仲裁"]),
        "中断": [{"日期": row.happened_on, "方式": HOW[row.kind], "凭据": row.proof} for row in rows],
    }  # fmt: skip


def said_of(scene: Scene, ends_on: date | None) -> str:
    claim = scene.claim
    if "still_employed" in scene.record.situation.said:
        return "劳动者仍在职，拖欠劳动报酬的仲裁时效不受一年限制（《劳动争议调解仲裁法》第二十七条第四款）"
    if claim.last_working_day and ends_on:
        return f"最后工作日为{day(claim.last_working_day)}，仲裁时效至{day(ends_on)}届满（《劳动争议调解仲裁法》第二十七条）"
    return ""


def roads(scene: Scene) -> list[dict[str, Any]]:
    record = scene.record
    return record.once("途径", lambda: [
        {"序号": place, "名称": door.road.name, "条文": article_of(door.road), "怎么办": door.road.act}
        for place, door in enumerate(doors(record.situation).open, 1)
    ])  # fmt: skip


def figures(scene: Scene) -> list[dict[str, Any]]:
    """What the sums come to, and whether they are provisional (arrears.sums)."""
    return scene.record.once("法定数额", lambda: reckoned(scene.record))


def reckoned(record: Record) -> list[dict[str, Any]]:
    known = figures_now()
    asked = Asked(workers_of(record.claim, record.only), record.today, bars=bars_of(record.situation))
    with override(settings.LANGUAGE_CODE):
        return [figure_row(answer) for answer in reckon(asked, lambda kind: in_force(kind, record.claim.region_id, record.today, known))]


def figure_row(answer: Answer) -> dict[str, Any]:
    return {
        "名称": answer.sum.name, "结论": answer.verdict.text(gettext) if answer.verdict else "", "条文": article_of(answer.sum),
        "暂定": bool(answer.doubts or answer.missing), "数额": [{"名称": line.label.text(gettext), "金额": line.amount} for line in answer.lines],
    }  # fmt: skip


def paper(scene: Scene) -> dict[str, Any]:
    """编号 and 版本 are given when the paper is issued."""
    form = scene.form
    return {
        "名称": form.name, "编号": "", "版本": 1, "条文": article_of(form), "法律版本": version_of(form.law), "未核实": not form.verified,
    }  # fmt: skip


def answers(scene: Scene) -> dict[str, Any]:
    """Every question by its Chinese name; what was not asked is empty. What was told at length ends with its full stop, a short
    answer without one: the paper's own sentence goes on."""
    return {word: said(name, scene.answers.get(name)) for name, word in WORD.items()}


def said(name: str, value: Any) -> Any:
    ask = ASKS[name]
    if name in MANY_LINES:
        return lines_of(value or "")
    if value is None or value == "":
        return None if ask.kind in ("date", "datetime") else ""
    if ask.choices:
        return dict(ask.choices)[value]
    if isinstance(value, datetime):
        return moment(value.astimezone(SHANGHAI))
    if isinstance(value, (date, Decimal, bool)):
        return value
    return sentence(str(value)) if ask.kind == "text" else str(value).strip().rstrip("。；;，,")


# The points of the courts' element form, and by which words a further claim belongs to one of them.
ELEMENTS = {
    "双倍工资": ("双倍工资", "二倍工资", "两倍工资"), "加班费": ("加班",), "年休假": ("年休假", "带薪休假"), "社会保险": ("社会保险", "社保", "养老保险"),
    "经济补偿": ("经济补偿",), "赔偿金": ("违法解除", "赔偿金"),
}  # fmt: skip


def elements(scene: Scene) -> dict[str, str]:
    """■有 with what is claimed, or ■无; and why the dispute comes to court without arbitration, where it may."""
    wanted = lines_of(scene.answers.get("more_requests") or "")
    found = {name: "；".join(line for line in wanted if any(word in line for word in marks)) for name, marks in ELEMENTS.items()}
    said = scene.record.situation.said
    why = [text for facts, text in WITHOUT_ARBITRATION if facts[0] in said and not said & set(facts[1:])]
    return {name: f"■有　□无　{text}" if text else "□有　■无" for name, text in found.items()} | {"仲裁": why[0] if why else ""}


# The first that holds, and does not meet what bars it.
WITHOUT_ARBITRATION = (
    (("arb_refused",), "仲裁委员会不予受理或者逾期没有决定（裁决），依照《劳动争议调解仲裁法》第二十九条、第四十三条第一款起诉"),
    (("agreement_late",), "没有经过仲裁：调解协议只涉及支付拖欠的工资，对方没有按期履行，依照《关于审理劳动争议案件适用法律问题的解释（一）》第五十一条第二款直接起诉"),
    (("iou", "more_than_wages", "no_employer"), "没有经过仲裁：以工资欠条为证据，不涉及劳动关系的其他争议，依照《关于审理劳动争议案件适用法律问题的解释（一）》第十五条直接起诉"),
    (("no_employer",), "没有经过仲裁：给个人提供劳务，没有用人单位，不属于劳动争议"),
)  # fmt: skip
KINDS = {"date": "date", "money": "amount", "confirm": "yes_no"}


def answer_field(name: str, word: str) -> Field:
    ask = ASKS[name]
    return Field(f"填写.{word}", ask.label, ask.label, "", LIST if name in MANY_LINES else KINDS.get(ask.kind, "text"))


def bundle(scene: Scene) -> dict[str, Any]:
    """Filled by whoever binds the packet."""
    return {"名称": "", "页数": None, "目录": []}


add_facts("今天", lambda scene: scene.today, [Field("今天", "制作文书的日期", "the day the paper is made", "2026年3月2日", "date")])
add_facts("文书", paper, [
    f("文书.名称", "文书名称", "name of the paper", "民事起诉状（追索劳动报酬）"), f("文书.编号", "文书编号（正式制作时生成）", "its number, given when issued", "沭人社监令〔2026〕3号"),
    f("文书.版本", "第几版", "version", "1", "number"), f("文书.条文", "依据的条文", "article it rests on", "《民事诉讼法》第一百二十四条"),
    f("文书.法律版本", "依据的法律是哪一版", "which version of the law", "2023年修正，2024年1月1日起施行"), f("文书.未核实", "依据是不是未核实", "basis unverified?", "否", "yes_no"),
])  # fmt: skip
add_facts("填写", answers, [answer_field(name, word) for name, word in WORD.items()])
add_facts("要素", elements, [
    *(f(f"要素.{name}", f"要素式起诉状：{name}，有无请求", f"element form: is it claimed? ({number})", "□有　■无") for number, name in enumerate(ELEMENTS, 1)),
    f("要素.仲裁", "为什么可以不经仲裁起诉", "why without arbitration", "没有经过仲裁：以工资欠条为证据，不涉及劳动关系的其他争议"),
])  # fmt: skip
add_facts("时效", limits, [
    f("时效.仲裁届满日", "仲裁时效届满日", "arbitration limit ends", "2027年1月20日", "date"), f("时效.监察届满日", "监察两年时效届满日", "inspection limit ends", "", "date"),
    f("时效.诉讼届满日", "三年诉讼时效届满日", "general limit ends", "", "date"), f("时效.说明", "时效的说明", "the limit in a sentence", "最后工作日为2026年1月20日，仲裁时效至2027年1月20日届满"),
    f("时效.中断", "时效中断", "interruptions", kind=LIST), f("时效.中断.日期", "日期", "on", "2026年3月2日", "date"), f("时效.中断.方式", "怎样中断", "how", "向有关部门请求权利救济"),
    f("时效.中断.凭据", "凭什么证明", "proof", "本系统办理记录"),
])  # fmt: skip
add_facts("途径", roads, [
    f("途径", "可以走的路，先后有序", "roads that are open, best first", kind=LIST), f("途径.序号", "序号", "number", "1", "number"), f("途径.名称", "名称", "name", "申请劳动仲裁"),
    f("途径.条文", "依据", "basis", "《劳动争议调解仲裁法》第五条、第四十三条、第五十三条"), f("途径.怎么办", "怎么办", "what to do", "向干活的地方或者单位所在地的仲裁委员会申请。"),
])  # fmt: skip
add_facts("法定数额", figures, [
    f("法定数额", "法定数额的计算结果", "what the legal sums come to", kind=LIST), f("法定数额.名称", "算什么", "what", "案件受理费"), f("法定数额.结论", "结论", "verdict", "按件交，不看数额"),
    f("法定数额.条文", "依据", "basis", "《诉讼费用交纳办法》第十三条第四项"), f("法定数额.暂定", "是不是暂定（数额未核实或者可能已有新标准）", "provisional?", "否", "yes_no"),
    f("法定数额.数额", "各项数额", "amounts", kind=LIST), f("法定数额.数额.名称", "名称", "name", "每件"), f("法定数额.数额.金额", "金额", "amount", "10.00元", "amount"),
])  # fmt: skip
add_facts("卷宗", bundle, [
    f("卷宗.名称", "成套材料的名称（成套时填写）", "name of the packet", "支持起诉材料"), f("卷宗.页数", "总页数", "pages in all", "24", "number"), f("卷宗.目录", "目录", "contents", kind=LIST),
    f("卷宗.目录.序号", "序号", "number", "1", "number"), f("卷宗.目录.名称", "名称", "name", "民事起诉状"), f("卷宗.目录.编号", "文书编号", "number of the paper", ""), f("卷宗.目录.页码", "页码", "pages", "3—6"),
])  # fmt: skip
