"""The words of the notices about claims and referrals. No personal data: the page behind checks who reads."""

from typing import Any

from arrears.models import Claim
from grid.notices import Kind, add_kinds

NATURAL_PERSONS = ("foreman", "investor")


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.notices translates it."""
    return text


KINDS = (
    Kind("claim_moved", _("%(number)s：%(move)s"), _("%(by)s 对案件 %(number)s（被申请方：%(respondent)s）进行了“%(move)s”。")),
    Kind("claim_arrived", _("新登记案件 %(number)s"), _("%(by)s 登记了案件 %(number)s，被申请方：%(respondent)s，请在 %(due)s 前作出受理决定。")),
    Kind("clock_near", _("%(number)s：%(rung)s"), _("案件 %(number)s 的“%(rule)s”应于 %(due)s 前完成（%(article)s）。"), "warn"),
    Kind("clock_late", _("%(number)s：%(rung)s"), _("案件 %(number)s 的“%(rule)s”应于 %(due)s 前完成，现已逾期（%(article)s）。"), "late"),
    Kind("claim_climbed", _("%(number)s 已提级至%(level)s"), _("案件 %(number)s 的“%(rule)s”未在 %(due)s 前完成（%(article)s），系统已提级至%(level)s办理。"), "late"),
    Kind("right_near", _("%(number)s：%(rung)s"), _("案件 %(number)s 的“%(rule)s”至 %(due)s 届满（%(article)s），请提醒劳动者在此之前主张权利。"), "warn"),
    Kind("right_ends", _("%(number)s：%(rung)s"), _("案件 %(number)s 的“%(rule)s”至 %(due)s 届满（%(article)s），请立即联系劳动者，确认是否已主张权利。"), "late"),
    Kind("payment_near", _("%(number)s：%(rung)s"), _("案件 %(number)s 约定于 %(due)s 付款，请提醒付款方并核实到账情况。"), "warn"),
    Kind("payment_late", _("%(number)s：%(rung)s"), _("案件 %(number)s 约定于 %(due)s 付款，尚未付清，请督促付款或登记违约。"), "late"),
    Kind("order_near", _("%(number)s：%(rung)s"), _("案件 %(number)s 的督办单应于 %(due)s 前回复。"), "warn"),
    Kind("order_late", _("%(number)s：%(rung)s"), _("案件 %(number)s 的督办单应于 %(due)s 前回复，至今没有回复。"), "late"),
    Kind("answer_near", _("移送 %(number)s：%(rung)s"), _("案件 %(number)s 的移送事项“%(rule)s”应于 %(due)s 前完成（%(article)s）。"), "warn"),
    Kind("answer_late", _("移送 %(number)s：%(rung)s"), _("案件 %(number)s 的移送事项“%(rule)s”应于 %(due)s 前完成，现已逾期（%(article)s）。"), "late"),
    Kind("order_issued", _("督办单 %(order)s：请于 %(due)s 前回复"), _("%(by)s就案件 %(number)s 下达督办单 %(order)s，请签收，并在 %(due)s 前回复办理情况。"), "warn"),
    Kind("order_sent_back", _("督办单 %(order)s 被退回，请于 %(due)s 前重新回复"), _("%(by)s审核后退回督办单 %(order)s（案件 %(number)s），请重新办理，并在 %(due)s 前回复。"), "warn"),
    Kind("order_lapsed", _("督办单 %(order)s 随案终结"), _("案件 %(number)s 已经结束，督办单 %(order)s 随案终结，不必再回复。")),
    Kind("order_moved", _("督办单 %(order)s：%(move)s"), _("%(by)s 对案件 %(number)s 的督办单 %(order)s 进行了“%(move)s”。")),
    Kind("nudged", _("催办：%(number)s"), _("%(by)s催办案件 %(number)s，请尽快办理，并记录办理情况。"), "warn"),
    Kind("referral_moved", _("移送 %(number)s：%(move)s"), _("%(by)s 对案件 %(number)s 的%(kind)s移送进行了“%(move)s”。")),
)  # fmt: skip


def facts_of(claim: Claim) -> dict[str, Any]:
    """A firm may be named in a mail; a foreman or an investor is a person and may not."""
    is_firm = claim.respondents.filter(legal_name=claim.respondent_name).exclude(role__in=NATURAL_PERSONS).exists()
    return {"number": claim.number, "respondent": claim.respondent_name if is_firm else "—"}


add_kinds(KINDS)
