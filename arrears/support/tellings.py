"""The history of support cases and searches in plain words: for officials, for the worker, and by SMS."""

from django.utils.functional import lazy
from django.utils.translation import get_language

from arrears.support.lifecycle import OUTCOMES
from arrears.support.table import REASONS, WAYS
from arrears.telling import LABELS, Telling, add_tellings
from arrears.worker.track_words import add_happened
from arrears.worker.words import Message, add_messages, kind
from grid.notices import add_kinds


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


def named(table: str, row_id: str) -> str:
    return TABLES[table][row_id].text("name", get_language() or "")


TABLES = {"ways": WAYS, "reasons": REASONS}
WAY = {"search_way": {row_id: lazy(named, str)("ways", row_id) for row_id in WAYS}}
LABELS["why_alone"] = {row_id: lazy(named, str)("reasons", row_id) for row_id in REASONS}
add_tellings({
    "support": Telling(_("支持起诉"), "agree", "info"),
    "support.open": Telling(_("开始办理支持起诉"), "agree", "info"),
    "support.prepare": Telling(_("填写支持起诉的条件"), "edit", "muted"),
    "support.choose_workers": Telling(_("申请支持起诉的劳动者：%(applicants)s，请求 %(total)s"), "people", "info"),
    "support.leave_out": Telling(_("不再申请支持起诉：%(applicants)s"), "people", "muted"),
    "support.leave": Telling(_("劳动者撤回支持起诉申请：%(applicants)s"), "undo", "muted"),
    "support.join": Telling(_("补充加入支持起诉：%(applicants)s，请求 %(total)s"), "plus", "info"),
    "support.choose": Telling(_("选%(body)s支持起诉"), "check", "info"),
    "support.drop": Telling(_("不再请%(body)s支持起诉"), "undo", "muted"),
    "support.apply": Telling(_("提交支持起诉申请，等待乡镇意见"), "agree", "info"),
    "support.pass_up": Telling(_("乡镇意见：同意支持起诉，报县级"), "check", "good"),
    "support.object_up": Telling(_("乡镇意见：不同意支持起诉，报县级决定"), "close", "warn"),
    "support.agree": Telling(_("县级意见：同意支持起诉"), "check", "good"),
    "support.ask_city": Telling(_("县级意见：同意支持起诉，报市级"), "check", "good"),
    "support.approve": Telling(_("市级意见：同意支持起诉"), "check", "good"),
    "support.refuse": Telling(_("不同意支持起诉"), "close", "bad"),
    "support.send_back": Telling(_("退回补正支持起诉申请，最迟 %(complete_by)s 补齐"), "undo", "warn"),
    "support.hand_over": Telling(_("支持起诉申请送支持单位"), "referral", "good"),
    "support.adopt": Telling(_("%(body)s已有在办的移送，支持起诉申请作为补充材料送去"), "attach", "info"),
    "support.adopt_later": Telling(_("%(body)s已有在办的移送，正在等补充材料，支持起诉申请随补充材料一起送"), "attach", "warn"),
    "support.conclude": Telling(_("支持起诉办结：%(outcome)s"), "done", "good", {"outcome": dict(OUTCOMES)}),
    "support.withdraw": Telling(_("劳动者撤回支持起诉申请"), "undo", "muted"),
    "support.lapse": Telling(_("案件结束，支持起诉申请随案终结"), "agree", "muted"),
    "opinion_climbed": Telling(_("“%(rule)s”应于 %(due)s 前提出，到期未提出，转由%(to_level)s提出"), "escalate", "bad"),
    "search": Telling(_("查找被告"), "search", "info"),
    "search.start": Telling(_("开始查找被告：%(who)s"), "search", "info"),
    "search.lead": Telling(_("补充查找被告的线索"), "search", "muted"),
    "search.ask": Telling(_("%(search_way)s：申请市级批准"), "search", "warn", WAY),
    "search.way": Telling(_("查找被告：%(search_way)s"), "search", "info", WAY),
    "search.allow": Telling(_("市级批准：%(search_way)s"), "check", "good", WAY),
    "search.deny": Telling(_("市级未批准：%(search_way)s"), "close", "bad", WAY),
    "search.tried": Telling(_("%(search_way)s，结果：%(result_of)s"), "search", "info", WAY),
    "search.found": Telling(_("查明被告是%(who)s"), "done", "good"),
    "search.given_up": Telling(_("停止查找被告"), "close", "warn"),
    "search.revealed": Telling(_("为查询查看了完整账号"), "eye"),
    "search.goes_over": Telling(_("案件合并，查找被告在案件 %(target)s 继续"), "search", "info"),
    "search.goes_on": Telling(_("接着查找案件 %(merged)s 的被告"), "search", "info"),
    "search.lapse": Telling(_("案件结束，不再查找被告"), "search", "muted"),
})  # fmt: skip
add_happened({
    "support.apply": _("您的支持起诉申请已经提交"),
    "support.pass_up": _("乡镇同意支持起诉，报给县里"),
    "support.object_up": _("乡镇把意见报给县里，由县里决定"),
    "support.ask_city": _("县里同意支持起诉，报给市里"),
    "support.agree": _("同意支持您起诉"),
    "support.approve": _("同意支持您起诉"),
    "support.refuse": _("没有同意支持起诉，您仍然可以自己起诉"),
    "support.send_back": _("申请要补材料，工作人员会找您"),
    "support.conclude": _("支持起诉这件事已经办完"),
    "support.withdraw": _("按您的意思撤回了支持起诉申请"),
    "opinion_climbed": _("超过期限没有提出意见，转由上级提出"),
    "search.start": _("开始帮您查对方是谁"),
    "search.found": _("查清了对方是谁"),
})  # fmt: skip
add_kinds((
    kind("worker_support_applied", _("支持起诉申请已提交"), _("您的支持起诉申请已提交，逐级提出意见，您随时可以撤回。查询号%(query)s，%(url)s")),
    kind("worker_support_agreed", _("同意支持起诉"), _("已同意支持您起诉，材料送支持单位，您仍是原告。查询号%(query)s，查进展：%(url)s")),
    kind("worker_support_refused", _("没有同意支持起诉"), _("没有同意支持起诉，理由请查询。您可自己起诉，援助打12348。查询号%(query)s，%(url)s")),
    kind("worker_support_returned", _("支持起诉申请要补材料"), _("您的支持起诉申请要补材料，工作人员会联系您。查询号%(query)s，查进展：%(url)s")),
    kind("worker_support_withdrawn", _("支持起诉申请已撤回"), _("您的支持起诉申请已撤回；如不是您的意思，请马上联系我们。查询号%(query)s，%(url)s")),
))  # fmt: skip
add_messages({
    "support.apply": Message("worker_support_applied"),
    "support.agree": Message("worker_support_agreed"),
    "support.approve": Message("worker_support_agreed"),
    "support.refuse": Message("worker_support_refused"),
    "support.send_back": Message("worker_support_returned"),
    "support.leave": Message("worker_support_withdrawn"),
    "support.withdraw": Message("worker_support_withdrawn"),
})  # fmt: skip
