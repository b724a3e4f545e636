"""Which states of a report, and afterwards of its claim, its source is told, as one table. Django-free.

`STATES`: names are stable, for programs. `OF_REPORT` and `OF_CLAIM`: the kind of event that brings the state about; a
referral's is "referral.MOVE". What undoes a state is a state of its own, so that it is told like any other.
"""

from collections.abc import Callable, Mapping
from typing import Any

from arrears.lifecycle import ENDINGS, REJECT_GROUNDS, RESULTS


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


STATES = [
    ("received", _("已收到")),
    ("routed", _("已转交承办的乡镇（街道）")),
    ("registered", _("已登记为案件")),
    ("joined", _("已并入在办案件")),
    ("declined", _("不登记为案件")),
    ("reconsidered", _("撤销“不登记”，重新处理")),
    ("accepted", _("已受理")),
    ("rejected", _("不予受理")),
    ("handling", _("办理中")),
    ("answered", _("承办单位答复")),
    ("referred", _("已移送协同单位")),
    ("referral_recalled", _("移送已撤回，继续办理")),
    ("referral_declined", _("协同单位退回，继续办理")),
    ("referral_concluded", _("协同单位已办结")),
    ("suspended", _("中止办理")),
    ("resumed", _("恢复办理")),
    ("settled", _("已达成清偿方案")),
    ("breached", _("对方未按约付款，恢复办理")),
    ("paid", _("已清偿")),
    ("closed", _("已办结")),
    ("concluded", _("终止办理")),
    ("transferred", _("已移送有管辖权的单位")),
    ("withdrawn", _("劳动者撤回")),
    ("merged", _("已并入另一案件")),
    ("split", _("已另立案件")),
    ("reopened", _("重新办理")),
]
LABELS = dict(STATES)

OF_REPORT: Mapping[str, str] = {
    "received": "received", "routed": "routed", "accepted": "registered", "joined": "joined", "declined": "declined",
    "reopened": "reconsidered", "split": "split", "answered": "answered",
}  # fmt: skip
OF_CLAIM: Mapping[str, str] = {
    "accept": "accepted", "reject": "rejected", "handle": "handling", "suspend": "suspended", "resume": "resumed",
    "settle": "settled", "breach": "breached", "confirm_paid": "paid", "close": "closed", "conclude": "concluded",
    "transfer": "transferred", "withdraw": "withdrawn", "merge": "merged", "reopen": "reopened",
    "referral.send": "referred", "referral.recall": "referral_recalled", "referral.decline": "referral_declined",
    "referral.conclude": "referral_concluded", "referral.rule_takes": "referred",
}  # fmt: skip
# The state of a claim as it stands, by its stage.
OF_STAGE: Mapping[str, str] = {
    "registered": "registered", "accepted": "accepted", "handling": "handling", "settled": "settled", "paid": "paid",
    "closed": "closed", "rejected": "rejected", "transferred": "transferred", "withdrawn": "withdrawn", "merged": "merged",
}  # fmt: skip
assert {*OF_REPORT.values(), *OF_CLAIM.values(), *OF_STAGE.values()} == LABELS.keys(), "a state nothing brings about, or none"

# What is told beside the state: from the facts of the event, and nothing else of them. Words of officials only where the
# law has them written for the complainant (reasons for not taking a matter up).
TOLD: Mapping[str, tuple[str, ...]] = {
    "registered": ("claim",), "joined": ("claim",), "split": ("claim",), "answered": ("text",), "declined": ("reason",), "routed": ("to",),
    "rejected": ("ground", "reason"), "closed": ("result",), "concluded": ("result", "reason"), "transferred": ("destination",),
    "referred": ("body",), "referral_recalled": ("body",), "referral_declined": ("body",), "referral_concluded": ("body",),
    "merged": ("merged_into",), "suspended": ("planned_end",),
}  # fmt: skip
WORDS: Mapping[str, Mapping[str, str]] = {"ground": dict(REJECT_GROUNDS), "result": dict((*RESULTS, *ENDINGS))}
# How each of them is said in the one line for people.
SAID: Mapping[str, str] = {
    "claim": _("案号 %(value)s"), "text": _("办理情况：%(value)s"), "merged_into": _("案号 %(value)s"), "reason": _("理由：%(value)s"), "to": _("承办：%(value)s"),
    "ground": _("依据：%(value)s"), "result": _("结果：%(value)s"), "destination": _("接收单位：%(value)s"),
    "body": _("协同单位：%(value)s"), "planned_end": _("预计 %(value)s 恢复"),
}  # fmt: skip


def told_of(state: str, facts: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(facts[name]) for name in TOLD.get(state, ()) if facts.get(name)}


def note_of(told: Mapping[str, str], translate: Callable[[str], str], gap: str = "；") -> str:
    """案号 …；理由：…"""
    values = {name: translate(WORDS[name].get(value, value)) if name in WORDS else value for name, value in told.items()}
    return gap.join(translate(SAID[name]) % {"value": value} for name, value in values.items())
