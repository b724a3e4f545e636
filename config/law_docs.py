"""The printed tables of law: who must pay, which roads there are, what papers they need, what is reckoned. Written to be read by a lawyer."""

from collections.abc import Callable, Iterable

from arrears.completing.fields import named
from arrears.incidents.table import MANY, REPORTS
from arrears.liability import DUTIES, LIABILITY, LiabilityRule
from arrears.lifecycle import EVIDENCE_KINDS
from arrears.models.parties import CHAIN_ROLES
from arrears.owed.needs import BRING, NEEDS, Need
from arrears.owed.table import BLOCKS, PRESUMPTIONS
from arrears.proceedings.table import ASKS, EXCLUSIONS, HARD, Exclusion, StepRow
from arrears.proceedings.table import KINDS as KINDS_OF_PROCEEDING
from arrears.routes import ROADS, TRAPS, Road, Trap
from arrears.rules.tables import CONFIDENCES, Cited
from arrears.situation.facts import KNOWN, TICKS, Provision
from arrears.sums.kinds import BANDS, KINDS, PLACES, PUBLISHED, SUMS, UNITS
from config.docs import GENERATED, table
from config.paper_docs import papers_page
from grid.roles import LEVEL_LABELS

ROLES = {**{name: str(label) for name, label in CHAIN_ROLES}, "lender": "被借用名义的单位", "successor": "承继的单位"}
KIND_NAMES = dict(EVIDENCE_KINDS)
EFFECTS = {"shut": "不能走", "last": "排在最后", "warn": "提醒"}


def fact(name: str) -> str:
    return TICKS[name].label if name in TICKS else KNOWN[name]


def when(row: Provision) -> str:
    parts = [
        ("", "、".join(map(fact, row.when))), ("任一：", "、".join(map(fact, row.any))), ("除非：", "、".join(map(fact, row.unless))),
    ]  # fmt: skip
    return "；".join(head + words for head, words in parts if words) or "总是"


def basis(row: Cited) -> str:
    return f"{row.citation()}（{CONFIDENCES[row.confidence]}）"


def liability_row(rule: LiabilityRule) -> list[str]:
    duty = DUTIES.get(rule.duty, "提示")
    limits = ["以未结清的工程款为限"] if rule.cap else []
    return [
        f"`{rule.id}`", when(rule), "、".join(ROLES[role] for role in rule.who), duty,
        "；".join([*limits, *(["可以追偿"] if rule.recourse else [])]), rule.ground, basis(rule),
    ]  # fmt: skip


def liability_page() -> str:
    heads = ("规则", "适用情形", "由谁承担", "责任", "限制", "理由", "依据和核对程度")
    says = table(("规则", "后果", "依据和核对程度"), ([f"`{row.id}`", row.says, basis(row)] for row in PRESUMPTIONS.values()))
    intro = "由谁承担：取案件中已有的第一个角色；都没有的，取第一个，名称待查。核对程度“未核实”的，页面上同样注明。"
    return "\n".join([GENERATED, "", "# 谁来付", "", intro, "", table(heads, map(liability_row, LIABILITY.values())), "", "# 用人单位不提供证据的后果", "", says, ""])


def road_row(road: Road) -> list[str]:
    usual, most = road.days
    days = f"约 {usual} 日" + (f"，最长 {most} 日" if most != usual else "") if usual else ""
    return [f"`{road.id}`", road.name, when(road), "；".join(filter(None, (days, road.time))), road.cost, road.act, basis(road)]


def trap_row(trap: Trap) -> list[str]:
    return [f"`{trap.id}`", "、".join(ROADS[road].name for road in trap.roads), EFFECTS[trap.effect], when(trap), trap.why, basis(trap)]


def need_row(need: Need) -> list[str]:
    papers = [*(KIND_NAMES[kind] for kind in need.kinds), *map(fact, need.facts)]
    filled = ["登记：" + "、".join(dict.fromkeys(map(named, need.fields)))] if need.fields else []
    return [need.name, "、".join(ROADS[road].name for road in need.roads), "、".join([*papers, *filled]), BRING[need.bring]]


def roads_page() -> str:
    roads = table(("路", "名称", "何时可以走", "多久", "花钱", "怎么办", "依据和核对程度"), map(road_row, ROADS.values()))
    traps = table(("规则", "哪条路", "效果", "情形", "为什么", "依据和核对程度"), map(trap_row, TRAPS.values()))
    needs = table(("材料", "哪些路需要", "任有一种即可", "谁提供"), map(need_row, NEEDS.values()))
    blocks = table(("承诺失信的材料", "不能进行"), ([KIND_NAMES[paper], "、".join(f"`{move}`" for move in moves)] for paper, moves in BLOCKS.items()))
    reports = table(
        ("报告", "小时", "自", "报给", "来源", "核对程度"),
        ([row.name, str(row.hours), row.starts, levels(row.to), row.source, CONFIDENCES[row.confidence]] for row in REPORTS.values()),
    )
    many = f"涉及 {MANY.workers} 人以上的案件自动列为敏感案件（{MANY.source}，{CONFIDENCES[MANY.confidence]}）。"
    parts = (
        ("# 走哪条路", roads), ("# 走不通的和要小心的", traps), ("# 每条路需要的材料和登记内容（办案清单，不是法律规定）", needs),
        ("# 告知承诺没有兑现的后果（本市规则）", blocks), ("# 事件快报（本市规则）", f"{many}\n\n{reports}"),
    )  # fmt: skip
    return "\n".join([GENERATED, "", *(line for head, body in parts for line in (head, "", body, ""))])


def levels(names: Iterable[str]) -> str:
    return "、".join(LEVEL_LABELS[name] for name in names)


def figures_page() -> str:
    sums = table(("算什么", "用到的数额", "须知", "依据和核对程度"), ([row.name, "、".join(KINDS[name].name for name in row.figures), row.note, basis(row)] for row in SUMS.values()))
    kinds = table(
        ("数额", "单位", "适用", "多久提示更新", "依据和核对程度"),
        ([row.name, UNITS[row.unit], PLACES[row.place], f"{row.stale_after} 个月" if row.stale_after else "不提示", basis(row)] for row in KINDS.values()),
    )
    known = table(
        ("数额", "地区", "数值", "起用", "出处", "核对程度"),
        ([KINDS[row.kind].name, row.region or "全国", f"{row.amount:f}", row.since.isoformat(), row.source, CONFIDENCES[row.confidence]] for row in PUBLISHED),
    )
    bands = table(("超过（元）", "此前合计（元）", "超过部分"), ([f"{row.over:f}", f"{row.base:f}", f"{row.rate:.2%}"] for row in BANDS))
    parts = (("# 算一算", sums), ("# 法定数额", kinds), ("# 随程序提供的公布值", known), ("# 财产案件受理费分段（未核实）", bands))
    return "\n".join([GENERATED, "", *(line for head, body in parts for line in (head, "", body, ""))])


WHO = {"any": "经办人员", "office": "乡镇以上负责人", "county": "县级以上", "city": "市级"}
AGAINST = {"refuse": "不能开始", "warn": "提醒"}


def step_row(row: StepRow) -> list[str]:
    names = KINDS_OF_PROCEEDING[row.kind].steps
    after = "、".join(names[name].done if name else "（开始）" for name in row.after) or "（开始）"
    asked = "、".join(ASKS[one.name] + ("" if one.is_required else "（可不填）") for one in row.asked)
    clocks = "；".join(filter(None, (
        "起算 " + "、".join(f"`{start}`" for start in row.starts) if row.starts else "",
        "终止 " + ("全部" if "*" in row.stops else "、".join(f"`{rule}`" for rule in row.stops)) if row.stops else "",
        "遵守 " + "、".join(f"`{rule}`" for rule in row.meets) if row.meets else "",
        "等待 " + "、".join(f"`{rule}`" for rule in row.waits) if row.waits else "",
        f"`{row.auto}` 届满自动登记" if row.auto else "",
    )))  # fmt: skip
    return [row.name, after, row.done + ("（结束）" if row.ends else ""), WHO[row.by], asked, clocks, row.form, basis(row)]


def exclusion_row(row: Exclusion) -> list[str]:
    return [
        f"`{row.id}`", "、".join(f"`{name}`" for name in row.opens), "、".join(f"`{name}`" for name in row.beside), when(row),
        AGAINST[row.effect], row.why, basis(row),
    ]  # fmt: skip


def proceedings_page() -> str:
    heads = ("步骤", "在什么之后", "登记后", "谁登记", "要填什么", "期限", "文书", "依据和核对程度")
    parts = [(f"# {kind.name}", table(heads, map(step_row, kind.steps.values()))) for kind in KINDS_OF_PROCEEDING.values()]
    parts.append(("# 相互排斥", table(("规则", "要开始的", "同时有", "情形", "效果", "为什么", "依据和核对程度"), map(exclusion_row, EXCLUSIONS.values()))))
    parts.append(("# 错过就丧失的权利", table(("期限", "失去什么", "今天要做"), ([f"`{row.rule}`", row.lost, row.today] for row in HARD.values()))))
    return "\n".join([GENERATED, "", *(line for head, body in parts for line in (head, "", body, ""))])


LAW_PAGES: dict[str, Callable[[], str]] = {"liability.md": liability_page, "roads.md": roads_page, "figures.md": figures_page, "proceedings.md": proceedings_page, "papers.md": papers_page}
