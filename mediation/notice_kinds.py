"""The words of the notices about mediations. No personal data: the page behind checks who reads."""

from grid.notices import Kind, add_kinds
from grid.tasklist import TaskKind
from grid.tasklist import add_kinds as add_task_kinds


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.notices translates it."""
    return text


HEARING = {
    "number": "宿欠〔2026〕321322-00001", "by": "条和", "move_msgid": "受理调解", "respondent": "宿迁宏远劳务有限公司",
    "when": "2026-03-12 09:30", "was": "2026-03-11 09:30", "room": "第一调解室", "mediator": "条和",
}  # fmt: skip

KINDS = (
    Kind("mediation_moved", _("调解 %(number)s：%(move)s"), _("%(by)s 对案件 %(number)s（被申请方：%(respondent)s）的调解进行了“%(move)s”。"), topic="hearings", sample=HEARING, label=_("调解有新进展")),
    Kind("hearing_scheduled", _("调解会 %(when)s：%(number)s"), _("%(by)s 为案件 %(number)s 安排了调解会，时间：%(when)s，地点：%(room)s，调解员：%(mediator)s。"), topic="hearings", sample=HEARING, label=_("安排调解会")),
    Kind("hearing_moved", _("调解会改期 %(when)s：%(number)s"), _("%(by)s 将案件 %(number)s 的调解会由 %(was)s 改到 %(when)s，地点：%(room)s，调解员：%(mediator)s。"), "warn", topic="hearings", sample=HEARING, label=_("调解会改期")),
    Kind("hearing_on_site", _("现场调解：%(number)s"), _("%(by)s 正在现场为案件 %(number)s（被申请方：%(respondent)s）开调解会，地点：%(room)s。"), topic="hearings", sample=HEARING, label=_("现场调解")),
    Kind("instalment_missed", _("分期逾期未付：%(number)s"), _("案件 %(number)s（被申请方：%(respondent)s）的调解协议第 %(part)s 期应于 %(due)s 前付清，还差 %(left)s 元；现在到期应付共 %(due_now)s 元。请今天联系付款方；不付的，打开这里一次确认，就做好申请执行、支付令或者起诉的文书。"), "late", topic="deadlines", sample={**HEARING, "part": "2", "due": "2026-04-20", "left": "5,000.00", "due_now": "5,000.00"}, label=_("调解协议的分期逾期")),
    Kind("hearing_way_changed", _("调解会的地点或会议链接有变：%(number)s"), _("案件 %(number)s 定于 %(when)s 在%(room)s开的调解会，地址或会议链接改了。短信、邮件能通知到的当事人已经通知，其余的请另行通知。"), "warn", topic="hearings", sample=HEARING, label=_("调解会的地点或会议链接有变")),
    Kind("hearing_in_the_way", _("调解会需要改期：%(number)s"), _("案件 %(number)s 定于 %(when)s 在%(room)s开的调解会遇到情况：%(why)s。请改期，或者另选调解员、调解室，并通知当事人。"), "warn", topic="hearings", sample={**HEARING, "why_msgid": "调解员请假"}, label=_("调解会遇到情况，需要改期")),
    Kind("dates_said", _("当事人填写了不方便的日期：%(number)s"), _("案件 %(number)s 的一位当事人自己填写了来不了的日期，安排调解会时请避开。"), topic="hearings", sample=HEARING, label=_("当事人填写了不方便的日期")),
    Kind("hearing_near", _("调解会快到了 %(when)s：%(number)s"), _("案件 %(number)s（被申请方：%(respondent)s）的调解会：%(when)s，%(room)s。还没有送达书面通知的当事人：%(without)s 人。"), topic="hearings", sample={**HEARING, "without": 1}, label=_("提醒调解会")),
    Kind("recusal_asked", _("回避待决定：%(number)s"), _("案件 %(number)s 有人申请调解员 %(mediator)s 回避，请尽快决定；决定以前不能安排其主持。"), "warn", topic="hearings", sample=HEARING, label=_("申请回避")),
    Kind("recusal_decided", _("回避已决定：%(number)s"), _("案件 %(number)s 中调解员 %(mediator)s 的回避已有决定：%(state)s。"), topic="hearings", sample={**HEARING, "state_msgid": "已回避"}, label=_("回避的决定")),
    Kind("recusal_to_move", _("已回避，请另派调解员：%(number)s"), _("案件 %(number)s 的调解员 %(mediator)s 已决定回避，但调解或待开的调解会仍在其名下。请改期并另选调解员，或者另行指派。"), "warn", topic="hearings", sample=HEARING, label=_("回避后另派调解员")),
)  # fmt: skip

BEGINS = "begins"
CALL = {
    "number": "宿欠〔2026〕321322-00001", "when": "2026-03-12 09:30–11:00", "place": "县调解一室", "please_msgid": "请派能作主的人到场",
    "paper_msgid": "本消息只作提醒，书面通知另行送达", "url": "https://xinan.example/called/K7QF03MX9ZTR/",
}  # fmt: skip


def to_party(name: str, title: str, text: str, label: str, *, is_call: bool = True) -> Kind:
    """To whoever has no account: a respondent, or who stands in for a party (mediation.party_notices)."""
    return Kind(name, title, text, by_mail=False, topic="hearings", short=text, sample=CALL, moment=BEGINS, is_call=is_call, label=label)


PARTY_KINDS = (
    to_party("party_hearing", _("调解会通知：%(number)s"), _("欠薪案件%(number)s定于%(when)s在%(place)s开调解会，%(please)s。%(paper)s。详情和确认：%(url)s"), _("给被申请方、代理人：调解会通知")),
    to_party("party_hearing_moved", _("调解会改期：%(number)s"), _("欠薪案件%(number)s的调解会改到%(when)s在%(place)s开，原来的时间作废，%(please)s。%(paper)s。详情和确认：%(url)s"), _("给被申请方、代理人：调解会改期"), is_call=False),
    to_party("party_hearing_way", _("调解会地点或会议链接有变：%(number)s"), _("欠薪案件%(number)s在%(when)s的调解会，地点或会议链接有变，时间不变。新的请看：%(url)s"), _("给被申请方、代理人：地点或会议链接有变")),
    to_party("party_hearing_near", _("调解会提醒：%(number)s"), _("提醒：欠薪案件%(number)s的调解会%(when)s在%(place)s开，%(please)s。来不了请提前打电话给调解员。详情：%(url)s"), _("给被申请方、代理人：调解会提醒")),
    to_party("party_hearing_off", _("调解会取消：%(number)s"), _("欠薪案件%(number)s原定%(when)s的调解会不开了，不用到场；另有安排会再通知。详情：%(url)s"), _("给被申请方、代理人：调解会取消"), is_call=False),
    Kind(
        "party_mark", _("请评价调解：%(number)s"), _("欠薪案件%(number)s的调解已经结束，请说说办得怎么样：%(url)s 调解员和对方都看不到您说了什么。"), by_mail=False, topic="hearings",
        short=_("欠薪案件%(number)s的调解已经结束，请说说办得怎么样：%(url)s 调解员和对方都看不到您说了什么。"), sample={**CALL, "url": "https://xinan.example/opinion/K7QF03MX9ZTR/"},
        label=_("给被申请方：请评价调解"),
    ),
)  # fmt: skip

add_kinds((*KINDS, *PARTY_KINDS))
add_task_kinds((
    TaskKind("hearing_to_move", _("请改期调解会：%(number)s"), _("案件 %(number)s 定于 %(when)s 在%(room)s开的调解会遇到情况：%(why)s。请改期，或者另选调解员、调解室，并通知当事人。")),
    TaskKind("hearing_to_notice", _("请重新通知当事人开会：%(number)s"), _("案件 %(number)s 的调解会改了时间或者地点，原来的书面通知已经作废。请给各方重新制作通知并送达。")),
    TaskKind("party_unreached", _("请另行通知当事人开会：%(number)s"), _("案件 %(number)s 在 %(when)s 的调解会，有被申请方短信、邮件通知不到：没有手机号，号码不对，或者对方不让发。请打电话或者当面告知，或者补登记联系方式；书面通知照常依法送达。")),
    TaskKind("dates_unanswered", _("当事人没有填写不方便的日期：%(number)s"), _("案件 %(number)s 有当事人到 %(day)s 截止也没有填写哪些日子来不了。没有回答不等于都方便：请打电话问一问再排；问不到的，按法定期限照常安排并依法通知。")),
    TaskKind("hearing_to_call", _("请补送开会通知：%(number)s"), _("案件 %(number)s 的调解会上，有当事人没有通知到，不算缺席。请查明联系方式和地址，重新安排调解会，依法送达书面通知并登记证明。")),
    TaskKind("hearing_off_to_tell", _("请告知当事人不开会了：%(number)s"), _("案件 %(number)s 的调解已经终结，已经送达通知的调解会不开了。请打电话告知收到通知的当事人，免得白跑。")),
    TaskKind("mark_low", _("请回看调解的低分评价：%(number)s"), _("案件 %(number)s 的一方给调解打了 %(stars)s 分。请了解情况，写明查到了什么、怎样处理；调解员本人不能回看。")),
    TaskKind("mark_to_ask", _("请询问被申请方对调解的评价：%(number)s"), _("案件 %(number)s 的调解已经结束。请把评价链接发给被申请方，或者打电话询问后记录；请不要由调解员本人问。")),
    TaskKind("pursuit_to_file", _("请到法院递交%(paper)s：%(number)s"), _("案件 %(number)s 的调解协议逾期未付，已制作%(paper)s（%(number_of_paper)s），请求 %(due_now)s 元。请让劳动者核对、签名，交到法院，再在这里登记这一步；对方付清的，这件待办自动了结。")),
    TaskKind("recusal_undecided", _("请决定回避申请：%(number)s"), _("案件 %(number)s 有一份回避申请等您决定。决定以前，这位调解员不能受理、主持本案，也不能登记结果；调解期限照常计算。")),
))  # fmt: skip
