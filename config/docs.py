"""The documentation pages that are printed from tables."""

from collections.abc import Callable, Iterable

from arrears.deadlines import RULES, Rule
from arrears.ladders import LADDERS, Rung, family_of
from arrears.ladders.rungs import seat_phrase
from arrears.lifecycle import CLAIM, ORDER, REFERRAL
from arrears.moves import ASLEEP, AWAKE, Lifecycle, Move
from arrears.support.lifecycle import SUPPORT
from arrears.timing.grounds import GROUNDS, Ground
from grid.roles import LEVEL_LABELS, ROLES
from mediation.lifecycle import MEDIATION

GENERATED = "<!-- Printed by `manage.py write_docs` from the tables in the code. Do not edit. -->"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(heads)
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(cell or "–" for cell in row) + " |" for row in rows])


def states(names: Iterable[str], lifecycle: Lifecycle) -> str:
    return "、".join(lifecycle.state(name).label for name in names)


def who(move: Move) -> str:
    if move.is_automatic:
        return "（系统自动）"
    return "、".join(ROLES[role].label for role in move.roles) + ("" if move.reach == "in_charge" else "（不限层级）")


def move_row(move: Move, lifecycle: Lifecycle) -> list[str]:
    target = "（新建）" if not move.sources else "（不变）"
    return [
        f"{move.label} `{move.name}`",
        states(move.sources, lifecycle),
        lifecycle.state(move.target).label if move.target else target,
        who(move),
        "、".join(ask.label + ("" if ask.is_required else "（选填）") for ask in move.asks),
        "、".join((*move.starts, *(f"{rule}（续计）" for rule in move.resumes))),
        "、".join(move.stops).replace("*", "全部"),
        "、".join((*move.guards, *WHEN.get(move.when, ()))),
    ]


WHEN = {AWAKE: ("中止期间不可",), ASLEEP: ("仅中止期间",)}


def lifecycle_page() -> str:
    heads = ("操作", "从", "到", "谁可以", "须填写", "起算", "终止", "条件")
    parts = [GENERATED, "", "# 五张流程表", ""]
    for lifecycle in (CLAIM, REFERRAL, ORDER, SUPPORT, MEDIATION):
        parts += [f"## {lifecycle.label} `{lifecycle.name}`", ""]
        parts += ["状态：" + "、".join(f"{s.label} `{s.name}`" + ("（终）" if s.is_final else "") for s in lifecycle.states)]
        parts += ["", table(heads, (move_row(move, lifecycle) for move in lifecycle.moves)), ""]
    return "\n".join(parts)


def rule_row(rule: Rule) -> list[str]:
    length = "按约定" if rule.length is None else str(rule.length)
    verified = "已核实" if rule.verified else "未核实"
    return [f"`{rule.id}`", rule.name, f"{rule.law} {rule.article}".strip(), length, rule.unit, rule.roll, rule.kind,
            family_of(rule.id), rule.target_of and f"`{rule.target_of}`", extension_of(rule), verified]  # fmt: skip


def extension_of(rule: Rule) -> str:
    """30 × 1，县级: how long, how often, and from which level here."""
    if not rule.extension:
        return ""
    level = LEVEL_LABELS[rule.extension.level] if rule.extension.level else f"{rule.extension.by}，凭文书登记"
    return f"{rule.extension.length} × {rule.extension.times}，{level}"


def ground_row(ground: Ground) -> list[str]:
    return [f"`{ground.name}`", ground.label, ground.article, "已核实" if ground.verified else "未核实", str(ground.max_days),
            LEVEL_LABELS[ground.level], ground.compare]  # fmt: skip


LADDER_NOTE = (
    "系统自带的阶梯。管理员发布新版本以后，按新版本办理；各时限从下一级起适用新版本，已经发出的不变。"
    "“签收”是收到提醒后须在几个工作日内签收，逾期无人签收的，下一级提前发出（提级不早于到期次日）；"
    "“督办单回复”是该级同时下达督办单，须在几个工作日内回复。"
)


def rung_row(ladder: str, rung: Rung) -> list[str]:
    when = f"{rung.share:.0%}" if rung.share is not None else f"{rung.working_days:+d} 个工作日"
    acts = ["是" if rung.climbs else "", *(f"{days} 个工作日" if days else "" for days in (rung.ack_days, rung.order_days))]
    return [ladder, rung.label, when, "、".join(seat_phrase(seat).text() for seat in rung.tells), *acts]


def deadlines_page() -> str:
    rules = table(
        ("规则", "名称", "依据", "长度", "单位", "顺延", "性质", "阶梯", "目标属于", "可延长", "核实"), map(rule_row, RULES.values())
    )
    grounds = table(("事由", "名称", "依据", "核实", "一次最多（日）", "决定层级", "比照"), map(ground_row, GROUNDS.values()))
    rungs = table(
        ("阶梯", "督办级", "何时", "通知谁", "提级", "签收", "督办单回复"),
        (rung_row(name, rung) for name, ladder in LADDERS.items() for rung in ladder),
    )
    return "\n".join([GENERATED, "", "# 时限规则", "", rules, "", "# 中止事由", "", grounds, "", "# 督办阶梯（第 0 版）", "", LADDER_NOTE, "", rungs, ""])


PAGES: dict[str, Callable[[], str]] = {"lifecycle.md": lifecycle_page, "deadlines.md": deadlines_page}
