"""The words of the notices about claims and referrals. No personal data: the page behind checks who reads."""

from typing import Any

from arrears.models import Claim
from grid.notices import Kind, add_kinds
from grid.tasklist import TaskKind
from grid.tasklist import add_kinds as add_task_kinds

NATURAL_PERSONS = ("foreman", "investor")


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.notices translates it."""
    return text


# Facts for the preview of a wording: invented, with everything the words of a kind may name.
MOVED = {"number": "宿欠〔2026〕321322-00001", "by": "章镇", "move_msgid": "决定受理", "respondent": "宿迁宏远劳务有限公司"}
ARRIVED = {**MOVED, "due": "2026-03-09"}
CLOCK = {
    "number": "宿欠〔2026〕321322-00001", "due": "2026-03-09", "rule": "受理决定", "rule_en": "Acceptance decision",
    "article": "若干规定 第十八条", "article_en": "Provisions, art. 18", "rung_msgid": "时限届满", "level_msgid": "县级",
}  # fmt: skip
ORDER = {**MOVED, "order": "宿督〔2026〕00001", "due": "2026-03-09"}
INCIDENT = {**MOVED, "report": "首报", "report_en": "First report", "kind_msgid": "聚集或者可能聚集"}
EXTENSION = {**CLOCK, "by": "章镇", "length": 30, "unit_msgid": "个工作日", "verdict_msgid": "已批准"}

OBJECTION = {"number": "宿欠〔2026〕321322-00001", "due": "2026-03-09", "level_msgid": "县级"}
REPORT = {"number": "K7QF-03MX-9ZTR", "due": "2026-03-09", "level_msgid": "乡镇级"}
SERVING = {**REPORT, "number": "宿欠〔2026〕321322-00001", "method": "直接送达", "method_en": "In person"}

KINDS = (
    Kind("claim_moved", _("%(number)s：%(move)s"), _("%(by)s 对案件 %(number)s（被申请方：%(respondent)s）进行了“%(move)s”。"), sample=MOVED, label=_("案件有新进展")),
    Kind("claim_arrived", _("新登记案件 %(number)s"), _("%(by)s 登记了案件 %(number)s，被申请方：%(respondent)s，请在 %(due)s 前作出受理决定。"), sample=ARRIVED, label=_("新登记案件")),
    Kind("clock_near", _("%(number)s：%(rung)s"), _("案件 %(number)s 的“%(rule)s”应于 %(due)s 前完成（%(article)s）。"), "warn", topic="deadlines", is_statutory=True, short=_("案件%(number)s的“%(rule)s”应于%(due)s前完成，请登录系统办理。"), sample=CLOCK, label=_("办理期限将至或届满")),
    Kind("clock_late", _("%(number)s：%(rung)s"), _("案件 %(number)s 的“%(rule)s”应于 %(due)s 前完成，现已逾期（%(article)s）。"), "late", topic="deadlines", is_statutory=True, short=_("案件%(number)s的“%(rule)s”应于%(due)s前完成，现已逾期，请登录系统办理。"), sample=CLOCK, label=_("办理期限逾期")),
    Kind("target_late", _("%(number)s：%(rung)s"), _("案件 %(number)s 的“%(rule)s”应于 %(due)s 前完成，现已超过本市工作目标（%(article)s）。"), "late", topic="deadlines", is_statutory=True, short=_("案件%(number)s的“%(rule)s”应于%(due)s前完成，现已超过本市工作目标，请登录系统办理。"), sample=CLOCK, label=_("超过本市工作目标")),
    Kind("claim_climbed", _("%(number)s 已提级至%(level)s"), _("案件 %(number)s 的“%(rule)s”未在 %(due)s 前完成（%(article)s），系统已提级至%(level)s办理。"), "late", topic="deadlines", is_statutory=True, short=_("案件%(number)s的“%(rule)s”到期未办，已提级至%(level)s，请登录系统办理。"), sample=CLOCK, label=_("到期未办，案件提级")),
    Kind("rung_unacked", _("%(number)s：上一次提醒无人签收，提前督办"), _("案件 %(number)s 的“%(rule)s”期限为 %(due)s（%(article)s）。上一次提醒逾期无人签收，系统提前发出“%(rung)s”，请签收并督促办理。"), "late", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("无人签收，提前督办")),
    Kind("climbed_unacked", _("%(number)s 已提级至%(level)s"), _("案件 %(number)s 的“%(rule)s”未在 %(due)s 前完成（%(article)s），上一次提醒又逾期无人签收，系统已提前提级至%(level)s办理。"), "late", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("无人签收，提前提级")),
    Kind("right_near", _("%(number)s：%(rung)s"), _("案件 %(number)s 的“%(rule)s”至 %(due)s 届满（%(article)s），请提醒劳动者在此之前主张权利。"), "warn", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("劳动者的时效将过")),
    Kind("right_ends", _("%(number)s：%(rung)s"), _("案件 %(number)s 的“%(rule)s”至 %(due)s 届满（%(article)s），请立即联系劳动者，确认是否已主张权利。"), "late", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("劳动者的时效届满")),
    Kind("right_lost", _("%(number)s：%(rung)s"), _("案件 %(number)s 的“%(rule)s”至 %(due)s 届满（%(article)s），过期权利丧失，请今天就办。"), "late", topic="deadlines", is_statutory=True, short=_("案件%(number)s的“%(rule)s”至%(due)s届满，过期权利丧失，请登录系统办理。"), sample=CLOCK, label=_("错过就丧失的权利")),
    Kind("court_near", _("%(number)s：%(rung)s"), _("案件 %(number)s 的“%(rule)s”至 %(due)s 届满（%(article)s），请了解进展并登记。"), "warn", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("办理机关的期限将至")),
    Kind("court_late", _("%(number)s：%(rung)s"), _("案件 %(number)s 的“%(rule)s”应于 %(due)s 前完成（%(article)s），至今没有登记结果，请催办。"), "late", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("办理机关超过期限")),
    Kind("wait_over", _("%(number)s：%(rung)s"), _("案件 %(number)s 的“%(rule)s”至 %(due)s 届满（%(article)s），可以走下一步。"), "warn", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("等候期届满")),
    Kind("payment_near", _("%(number)s：%(rung)s"), _("案件 %(number)s 约定于 %(due)s 付款，请提醒付款方并核实到账情况。"), "warn", topic="deadlines", sample=CLOCK, label=_("约定付款日将至")),
    Kind("payment_late", _("%(number)s：%(rung)s"), _("案件 %(number)s 约定于 %(due)s 付款，尚未付清，请督促付款或登记违约。"), "late", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("约定款项逾期未付")),
    Kind("order_near", _("%(number)s：%(rung)s"), _("案件 %(number)s 的督办单应于 %(due)s 前回复。"), "warn", topic="orders", is_statutory=True, sample=CLOCK, label=_("督办单回复期限将至")),
    Kind("order_late", _("%(number)s：%(rung)s"), _("案件 %(number)s 的督办单应于 %(due)s 前回复，至今没有回复。"), "late", topic="orders", is_statutory=True, sample=CLOCK, label=_("督办单过了答复日未回复")),
    Kind("paper_near", _("%(number)s：%(rung)s"), _("案件 %(number)s 应交的材料于 %(due)s 到期（%(rule)s），请提醒对方。"), "warn", topic="deadlines", sample=CLOCK, label=_("材料将到交付日期")),
    Kind("paper_late", _("%(number)s：%(rung)s"), _("案件 %(number)s 应交的材料应于 %(due)s 前交到（%(rule)s），至今没有交到，请核实并作出处理。"), "late", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("材料逾期未交")),
    Kind("serving_near", _("%(number)s：请在 %(due)s 前送达文书"), _("案件 %(number)s 有一份文书应于 %(due)s 前送达（%(method)s）。"), "warn", topic="deadlines", is_statutory=True, sample=SERVING, label=_("文书送达的日期将至")),
    Kind("serving_late", _("%(number)s：文书没有按期送达"), _("案件 %(number)s 有一份文书应于 %(due)s 前送达，至今没有送达，现由%(level)s督促（%(method)s）。"), "late", topic="deadlines", is_statutory=True, short=_("案件%(number)s有文书应于%(due)s前送达，至今没有送达，请登录系统办理。"), sample=SERVING, label=_("文书没有按期送达")),
    Kind("source_near", _("%(number)s：%(rung)s"), _("案件 %(number)s 是别的单位转来的工单，应于 %(due)s 前答复该单位。"), "warn", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("答复来源单位的日期将至")),
    Kind("source_late", _("%(number)s：%(rung)s"), _("案件 %(number)s 是别的单位转来的工单，应于 %(due)s 前答复该单位，至今没有答复。"), "late", topic="deadlines", is_statutory=True, short=_("案件%(number)s应于%(due)s前答复来源单位，至今没有答复，请登录系统办理。"), sample=CLOCK, label=_("过了答复日未答复来源单位")),
    Kind("answer_near", _("移送 %(number)s：%(rung)s"), _("案件 %(number)s 的移送事项“%(rule)s”应于 %(due)s 前完成（%(article)s）。"), "warn", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("协同单位答复期限将至")),
    Kind("answer_late", _("移送 %(number)s：%(rung)s"), _("案件 %(number)s 的移送事项“%(rule)s”应于 %(due)s 前完成，现已过答复日（%(article)s）。"), "late", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("协同单位过了答复日未答复")),
    Kind("supply_near", _("移送 %(number)s：%(rung)s"), _("案件 %(number)s 的移送需要补充或补正，“%(rule)s”应于 %(due)s 前完成。"), "warn", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("移送补充或补正期限将至")),
    Kind("supply_late", _("移送 %(number)s：%(rung)s"), _("案件 %(number)s 的移送需要补充或补正，“%(rule)s”应于 %(due)s 前完成，至今没有办理，请补充、重新发出或者撤回。"), "late", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("移送过了补充或补正的日期")),
    Kind("ruling_near", _("移送 %(number)s：%(rung)s"), _("案件 %(number)s 由哪个单位办理有争议，请在 %(due)s 前裁定。"), "warn", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("争议裁定期限将至")),
    Kind("ruling_late", _("移送 %(number)s：%(rung)s"), _("案件 %(number)s 由哪个单位办理有争议，应于 %(due)s 前裁定，至今没有裁定。"), "late", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("过了裁定日未裁定")),
    Kind("reply_link", _("请答复移送 %(number)s"), _("有一件移送（案件 %(number)s）请贵单位答复。请打开链接，输入另行告知的验证码，查看材料并答复：%(url)s\n链接只能答复一次，%(day)s 前有效，请勿转发。"), "warn", topic="deadlines", is_statutory=True, short=_("请答复欠薪案件移送，打开链接并输入另行告知的验证码：%(url)s"), sample={"number": "宿欠〔2026〕321322-00001", "url": "https://xinan.example/reply/x/", "day": "2026-03-16"}, label=_("给协同单位的一次性链接")),
    Kind("reply_code", _("移送 %(number)s 的验证码"), _("案件 %(number)s 的移送，验证码是 %(code)s，请在打开链接后输入，不要告诉别人。"), "warn", by_mail=False, topic="deadlines", is_statutory=True, short=_("移送答复的验证码是%(code)s，请在打开链接后输入，不要告诉别人。"), sample={"number": "宿欠〔2026〕321322-00001", "code": "123456", "day": "2026-03-16"}, label=_("给协同单位的验证码")),
    Kind("reply_locked", _("移送 %(number)s 的链接被锁定"), _("案件 %(number)s 给协同单位的一次性链接因验证码多次输错被锁定，请核实后重新发送。"), "warn", sample={"number": "宿欠〔2026〕321322-00001"}, label=_("一次性链接被锁定")),
    Kind("referral_chased", _("请尽快办理移送 %(number)s"), _("%(by)s催办：案件 %(number)s 的移送应于 %(due)s 前答复，请尽快办理。"), "warn", topic="deadlines", is_statutory=True, sample=ARRIVED, label=_("催办移送")),
    Kind("order_issued", _("督办单 %(order)s：请于 %(due)s 前回复"), _("%(by)s就案件 %(number)s 下达督办单 %(order)s，请签收，并在 %(due)s 前回复办理情况。"), "warn", topic="orders", is_statutory=True, sample=ORDER, label=_("收到督办单")),
    Kind("order_sent_back", _("督办单 %(order)s 被退回，请于 %(due)s 前重新回复"), _("%(by)s审核后退回督办单 %(order)s（案件 %(number)s），请重新办理，并在 %(due)s 前回复。"), "warn", topic="orders", is_statutory=True, sample=ORDER, label=_("督办回复被退回")),
    Kind("order_lapsed", _("督办单 %(order)s 随案终结"), _("案件 %(number)s 已经结束，督办单 %(order)s 随案终结，不必再回复。"), topic="orders", sample=ORDER, label=_("督办单随案终结")),
    Kind("order_moved", _("督办单 %(order)s：%(move)s"), _("%(by)s 对案件 %(number)s 的督办单 %(order)s 进行了“%(move)s”。"), topic="orders", sample=ORDER, label=_("督办单有新进展")),
    Kind("nudged", _("催办：%(number)s"), _("%(by)s催办案件 %(number)s，请尽快办理，并记录办理情况。"), "warn", topic="orders", sample=ORDER, label=_("催办")),
    Kind("claim_woke", _("%(number)s 已恢复办理"), _("案件 %(number)s 中止期满或者事由消除，已恢复计算期限，最近一项应在 %(due)s 前完成。"), "warn", topic="deadlines", sample=CLOCK, label=_("中止的案件恢复办理")),
    Kind("extension_asked", _("%(number)s：申请延长期限"), _("%(by)s申请将案件 %(number)s 的“%(rule)s”（%(article)s）延长%(length)s%(unit)s，现届满日 %(due)s，请审批。"), "warn", topic="deadlines", sample=EXTENSION, label=_("申请延长期限")),
    Kind("extension_waits", _("%(number)s：延长申请等待审批"), _("%(by)s申请将案件 %(number)s 的“%(rule)s”（%(article)s）延长%(length)s%(unit)s，至今没有决定，现届满日 %(due)s，请审批。"), "warn", topic="deadlines", is_statutory=True, sample=EXTENSION, label=_("延长申请等待审批")),
    Kind("extension_decided", _("%(number)s：延长申请%(verdict)s"), _("%(by)s对案件 %(number)s 的“%(rule)s”延长申请作出决定：%(verdict)s，届满日为 %(due)s。"), topic="deadlines", sample=EXTENSION, label=_("延长申请的决定")),
    Kind("calendar_moved", _("%(year)s年放假安排：%(count)s件案件的期限已重新计算"), _("%(year)s年放假安排已经载入，您负责的%(count)s件案件的期限随之变更，请查看新的届满日。"), "warn", topic="deadlines", sample={"year": 2027, "count": 12}, label=_("放假安排载入，期限重新计算")),
    Kind("calendar_moved_answers", _("%(year)s年放假安排：%(count)s件移送的期限已重新计算"), _("%(year)s年放假安排已经载入，贵单位%(count)s件移送的期限随之变更，请查看新的届满日。"), "warn", topic="deadlines", sample={"year": 2027, "count": 12}, label=_("放假安排载入，移送期限重新计算")),
    Kind("work_handed_over", _("%(from)s的未办事项移交给您，共 %(n)s 件"), _("%(by)s把%(from)s的未办事项移交给您办理，共 %(n)s 件，请在工作台查看。"), "warn", sample={"by": "章镇", "from": "王格", "n": 12}, label=_("移交未办事项")),
    Kind("referral_moved", _("移送 %(number)s：%(move)s"), _("%(by)s 对案件 %(number)s 的%(kind)s移送进行了“%(move)s”。"), sample={**MOVED, "kind_msgid": "支持起诉"}, label=_("移送有新进展")),
    Kind("crime_reached", _("%(number)s：达到拒不支付劳动报酬罪的数额"), _("案件 %(number)s（被申请方：%(respondent)s）的欠薪达到拒不支付劳动报酬罪的数额标准。请对照四个要件，决定是否移送公安机关。"), "warn", topic="deadlines", is_statutory=True, sample=MOVED, label=_("达到拒不支付劳动报酬罪的数额")),
    Kind("proceeding_moved", _("%(number)s：%(what)s"), _("案件 %(number)s 的程序有新进展：%(what)s。"), sample={"number": "宿欠〔2026〕321322-00001", "what": "民事诉讼：已立案", "what_en": "Lawsuit: registered"}, label=_("程序有新进展")),
    Kind("hearing_soon", _("%(number)s：%(when)s 开庭"), _("案件 %(number)s（%(what)s）将于 %(when)s 在%(place)s开庭，请确认劳动者知道时间地点、带好证据。"), "warn", topic="deadlines", is_statutory=True, sample={"number": "宿欠〔2026〕321322-00001", "what": "民事诉讼", "what_en": "Lawsuit", "when": "2026-03-05 14:30", "place": "沭阳县人民法院第三法庭"}, label=_("快要开庭")),
    Kind("worker_said", _("%(number)s：%(what)s"), _("案件 %(number)s：%(what)s，请查看办理记录。"), topic="moves", sample={"number": "宿欠〔2026〕321322-00001", "what_msgid": "劳动者回答了提问"}, label=_("劳动者在网上说了话")),
    Kind("report_arrived", _("新的群众反映 %(number)s"), _("收到一条群众反映 %(number)s，请在 %(due)s 前登记为案件，或者说明理由答复。"), "warn", topic="deadlines", sample=REPORT, label=_("新的群众反映")),
    Kind("report_changed", _("工单内容有变化：%(number)s"), _("来源单位更新了反映 %(number)s 的内容，请核对以后在 %(due)s 前处理。"), "warn", topic="deadlines", sample=REPORT, label=_("等待处理的工单内容有变化")),
    Kind("order_changed", _("%(number)s：来源单位更新了工单"), _("%(source)s更新了工单 %(external)s 的内容，已记入案件 %(number)s，请查看。"), "warn", sample={"number": "宿欠〔2026〕321322-00001", "source": "12345 热线", "external": "GD20260302001"}, label=_("已登记的工单内容有变化")),
    Kind("report_near", _("群众反映 %(number)s：请在 %(due)s 前答复"), _("群众反映 %(number)s 应于 %(due)s 前登记为案件，或者说明理由答复。"), "warn", topic="deadlines", is_statutory=True, sample=REPORT, label=_("群众反映答复期限将至")),
    Kind("report_late", _("群众反映 %(number)s 过了答复日未答复"), _("群众反映 %(number)s 应于 %(due)s 前答复，至今没有人处理，现由%(level)s负责。"), "late", topic="deadlines", is_statutory=True, sample=REPORT, label=_("群众反映过了答复日未答复")),
    Kind("report_infected", _("群众反映 %(number)s：一个文件查出病毒"), _("群众反映 %(number)s 的一个文件查出病毒，已隔离，任何人不能打开。请联系反映人重新拍照再交。"), "warn", topic="deadlines", sample=REPORT, label=_("群众反映的文件查出病毒")),
    Kind("report_added", _("群众反映 %(number)s：反映人补充了材料"), _("群众反映 %(number)s 的反映人补充了材料或者说了话，请查看。"), topic="deadlines", sample=REPORT, label=_("反映人补充了材料")),
    Kind("objection_near", _("%(number)s：请在 %(due)s 前答复劳动者的异议"), _("案件 %(number)s 的劳动者对办理结果有异议，应于 %(due)s 前答复：重新办理，或者说明理由。"), "warn", topic="deadlines", is_statutory=True, sample=OBJECTION, label=_("异议答复期限将至")),
    Kind("objection_late", _("%(number)s：劳动者的异议已过答复日"), _("案件 %(number)s 的劳动者对办理结果有异议，应于 %(due)s 前答复，至今没有答复，现由%(level)s负责。"), "late", topic="deadlines", is_statutory=True, sample=OBJECTION, label=_("异议已过答复日")),
    Kind("mark_near", _("%(number)s：请在 %(due)s 前回看调解的低分评价"), _("案件 %(number)s 的一方给调解打了低分，应于 %(due)s 前由没有参加调解的上级回看，写明情况和处理（本市工作目标）。"), "warn", topic="deadlines", is_statutory=True, sample=OBJECTION, label=_("调解低分评价回看期限将至")),
    Kind("mark_late", _("%(number)s：调解的低分评价过期没有回看"), _("案件 %(number)s 的一方给调解打了低分，应于 %(due)s 前回看，至今没有回看，现由%(level)s负责。"), "late", topic="deadlines", is_statutory=True, sample=OBJECTION, label=_("调解低分评价过期没有回看")),
    Kind("opinion_near", _("%(number)s：请在 %(due)s 前提出支持起诉意见"), _("案件 %(number)s 的“%(rule)s”应于 %(due)s 前提出（%(article)s）。"), "warn", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("支持起诉意见期限将至")),
    Kind("opinion_late", _("%(number)s：支持起诉意见到期未提出"), _("案件 %(number)s 的“%(rule)s”应于 %(due)s 前提出，至今没有提出，现由%(level)s负责。"), "late", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("支持起诉意见到期未提出")),
    Kind("errand_near", _("%(number)s：%(rung)s"), _("案件 %(number)s 的“%(rule)s”应于 %(due)s 前完成。"), "warn", topic="deadlines", sample=CLOCK, label=_("补正或者查找被告的期限将至")),
    Kind("errand_late", _("%(number)s：%(rung)s"), _("案件 %(number)s 的“%(rule)s”应于 %(due)s 前完成，至今没有完成。"), "late", topic="deadlines", is_statutory=True, sample=CLOCK, label=_("补正或者查找被告逾期")),
    Kind("support_moved", _("%(number)s 支持起诉：%(move)s"), _("%(by)s 对案件 %(number)s 的支持起诉申请进行了“%(move)s”。"), sample=MOVED, label=_("支持起诉有新进展")),
    Kind("opinion_asked", _("%(number)s：请对支持起诉提出意见"), _("案件 %(number)s 申请支持起诉，请在 %(due)s 前提出意见。"), "warn", topic="deadlines", is_statutory=True, sample=ARRIVED, label=_("请提出支持起诉意见")),
    Kind("query_asked", _("%(number)s：请批准查询账户、房产、车辆"), _("案件 %(number)s 为查找被告申请查询账户、房产、车辆（保障农民工工资支付条例第四十条），请在 %(due)s 前批准或者不批准。"), "warn", topic="deadlines", is_statutory=True, sample=ARRIVED, label=_("请批准查询")),
    Kind("file_quarantined", _("%(number)s：一份证据查出病毒"), _("案件 %(number)s 的一份证据查出病毒，文件已隔离，任何人不能打开。请联系提交的人重新拍照或另存后再传。"), "warn", sample=MOVED, label=_("证据查出病毒")),
    Kind("incident_report", _("%(number)s：事件%(report)s（%(kind)s）"), _("案件 %(number)s 发生事件（%(kind)s），现报送%(report)s，请查看并指导处置。"), "late", is_statutory=True, short=_("案件%(number)s报送事件%(report)s，请登录系统查看。"), sample=INCIDENT, label=_("收到事件快报")),
    Kind("incident_late", _("%(number)s：事件%(report)s逾期未报"), _("案件 %(number)s 的事件（%(kind)s）应报送%(report)s，已经超过时限，请立即报送。"), "late", is_statutory=True, short=_("案件%(number)s的事件%(report)s逾期未报，请登录系统办理。"), sample=INCIDENT, label=_("事件快报逾期")),
    Kind("integrity_findings", _("数据自查发现 %(count)s 处问题"), _("系统每晚自查数据是否一致。本次有 %(kinds)s 项查出问题，共 %(count)s 处，明细和处理办法见您的工作台。"), "late", topic="system", is_statutory=True, sample={"kinds": 2, "count": 3}, label=_("数据自查发现问题")),
)  # fmt: skip


def facts_of(claim: Claim) -> dict[str, Any]:
    """A firm may be named in a mail; a foreman or an investor is a person and may not."""
    is_firm = claim.respondents.filter(legal_name=claim.respondent_name).exclude(role__in=NATURAL_PERSONS).exists()
    return {"number": claim.number, "respondent": claim.respondent_name if is_firm else "—"}


add_kinds(KINDS)

add_task_kinds((
    TaskKind(
        "serve_step", _("文书已送达，请登记程序：%(number)s"), _("案件 %(number)s 的“%(title)s”已于 %(day)s 送达。期限从这一天起算，请在这里登记这一步。"),
    ),
    TaskKind(
        "serve_next", _("送达文书：%(number)s"), _("案件 %(number)s 的“%(title)s”要送达，下一步：%(method)s。到了以后在这里拍照、登记，证明不齐的系统会说缺什么。"),
    ),
    TaskKind(
        "ruling_offered", _("两个单位都不接受：%(number)s"),
        _("案件 %(number)s 的%(kind)s移送，两个以上单位都说不属于本单位职责。请提请裁定由谁办理，不要再转第三家；确实移送错了的，另选单位或者自行办理。"),
    ),
))  # fmt: skip
