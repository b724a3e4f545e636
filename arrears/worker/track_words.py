"""The case in the words of the worker's own page: where it stands, what comes next, what happened.

Nothing internal is told: no names, no notes, no reminders among officials. A kind of event without a row is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _

from arrears.proceedings.table import KINDS as PROCEEDINGS
from arrears.proceedings.table import StepRow


@dataclass(frozen=True)
class Standing:
    """A stage: what it means, and what comes next."""

    now: str
    next: str


OTHER_WAYS = _("您仍然可以申请劳动仲裁或者向法院起诉，需要法律援助请打 12348。")

STANDINGS = {
    "registered": Standing(_("您的投诉已经登记，正在等待决定是否受理。"), _("决定受理后，工作人员开始调查；不受理的，会书面告诉您理由和其他途径。")),
    "accepted": Standing(_("您的投诉已经受理。"), _("工作人员会核实欠薪的事实和金额，并联系用人单位。")),
    "handling": Standing(_("您的投诉正在办理。"), _("能谈成的，会约定付款的日期；谈不成的，会依法处理，或者帮助您申请仲裁、起诉。")),
    "settled": Standing(_("已经约定了付款。"), _("到了约定的日期没有收到钱，请告诉我们，也可以在这里催办。")),
    "paid": Standing(_("登记的欠薪已经付清。"), _("核对后办结。您没有收到钱的，请马上告诉我们。")),
    "closed": Standing(_("您的投诉已经办结。"), OTHER_WAYS),
    "rejected": Standing(_("您的投诉没有受理，理由见书面通知。"), OTHER_WAYS),
    "transferred": Standing(_("您的投诉已经移送其他单位办理。"), _("接收单位和结果会告诉您；没有消息的，请联系登记的乡镇（街道）。")),
    "withdrawn": Standing(_("您的投诉已经按申请撤回。"), _("如果不是您的意思，请马上联系登记的乡镇（街道）。")),
    "merged": Standing(_("您的投诉已经和同类案件合并办理，您的权利不受影响。"), _("进展请向登记的乡镇（街道）了解。")),
}  # fmt: skip

# By kind of event, as in telling.py: "referral.send" is for that move of a referral alone. The apps above add theirs.
HAPPENED: dict[str, str] = {
    "register": _("登记了您的投诉"),
    "accept": _("决定受理"),
    "reject": _("决定不予受理"),
    "handle": _("开始办理"),
    "verify": _("核实了欠薪金额"),
    "settle": _("约定了付款"),
    "breach": _("对方没有按约定付款，恢复办理"),
    "record_payment": _("登记了一笔付款"),
    "confirm_paid": _("欠薪付清"),
    "close": _("办结"),
    "conclude": _("终止办理"),
    "transfer": _("移送其他单位"),
    "withdraw": _("按申请撤回"),
    "merge": _("和同类案件合并办理"),
    "add_workers": _("有劳动者加入本案一起办理"),
    "split_off": _("从原来的案件分出，单独办理"),
    "reopen": _("重新办理"),
    "escalate": _("转由上级负责"),
    "climbed": _("超过期限，自动转由上级负责"),
    "hand_back": _("转回下级继续办理"),
    "suspend": _("案件中止办理"),
    "resume": _("恢复办理"),
    "referral.send": _("移送协同单位协助办理"),
    "referral.accept": _("协同单位开始办理"),
    "referral.decline": _("协同单位退回，由我们继续办理"),
    "referral.ask_more": _("协同单位要求补充材料"),
    "referral.ask_further": _("协同单位要求补充材料"),
    "referral.supply": _("补充材料已送交协同单位"),
    "referral.supplement": _("补充材料已送交协同单位"),
    "referral.return": _("协同单位要求补正材料"),
    "referral.resend": _("补正后重新移送协同单位"),
    "referral.dispute": _("请上级裁定由哪个单位办理"),
    "referral.rule_takes": _("上级裁定由该单位办理"),
    "referral.rule_other": _("上级裁定改由另一单位办理"),
    "referral.rule_stands": _("上级裁定不由该单位办理，由我们继续办理"),
    "referral.conclude": _("协同单位反馈了结果"),
    "order.issue": _("上级下达督办单，要求限期办理"),
    "order.reply": _("承办单位向上级回复了办理情况"),
    "nudged.worker": _("您催办了一次"),
    "nudged": _("上级催办"),
    "ask": _("工作人员向您提问"),
    "answered": _("您回答了提问"),
    "answered.heard": _("工作人员记下了您的回答"),
    "ask_reminded": _("提醒您回答提问"),
    "ask_extended": _("给您多几天回答提问"),
    "ask_dropped": _("上次的提问不用再回答"),
    "wants_to_withdraw": _("您提出想撤回"),
    "rated": _("您作了评价"),
    "objected": _("您对办理结果提出异议，已交给上级"),
    "objection_climbed": _("您的异议超过期限没有答复，转由更上一级答复"),
    "objection_answered": _("上级答复了您的异议"),
}


def step_words(row: StepRow) -> str:
    """Written in both languages in the table, so that no catalogue has to know them."""
    return row.text("plain", get_language() or "")


HAPPENED |= {
    f"proceeding.{step.id}": lazy(step_words, str)(step) for kind in PROCEEDINGS.values() for step in kind.steps.values()
}  # fmt: skip


def add_happened(words: Mapping[str, str]) -> None:
    HAPPENED.update(words)


def words_of(kind: str, move: str | None) -> str | None:
    return HAPPENED.get(f"{kind}.{move}") or HAPPENED.get(kind)
