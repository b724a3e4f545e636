"""The history of a mediation in plain words, for the timeline of its claim and for the worker."""

from django.utils.translation import gettext_noop as _

from arrears.telling import Telling, add_tellings
from arrears.worker.track_words import add_happened
from mediation.lifecycle import FAIL_GROUNDS, MEDIATION
from mediation.pursuing.table import PAPERS

TELLINGS = {
    "mediation.apply": Telling(_("申请调解，%(applied_on)s 收到"), "mediation", "info"),
    "mediation.accept": Telling(_("受理调解申请，调解员%(mediator)s"), "mediation", "brand"),
    "mediation.schedule": Telling(_("安排调解会：%(when)s，%(room)s，调解员%(mediator)s"), "calendar", "info"),
    "mediation.postpone": Telling(_("调解会由 %(was)s 改到 %(when)s，%(room)s"), "calendar", "warn"),
    "mediation.convert": Telling(_("调解会换到%(room)s，时间仍是 %(when)s：%(reason)s"), "calendar", "info"),
    "mediation.join": Telling(_("与另一场调解会合并：%(when)s，%(room)s，调解员%(mediator)s"), "calendar", "info"),
    "mediation.on_site": Telling(_("在现场开调解会：%(when)s，%(room)s，调解员%(mediator)s"), "place", "brand"),
    "mediation.reminded": Telling(_("提醒调解会：%(when)s"), "bell", "muted"),
    "mediation.present": Telling(_("调解会到场登记：%(who)s"), "people", "muted"),
    "mediation.rights_read": Telling(_("调解会上宣读了权利义务"), "legal", "muted"),
    "mediation.minutes_closed": Telling(_("调解笔录定稿"), "file", "info"),
    "mediation.minutes_corrected": Telling(_("调解笔录更正为第 %(version)s 版：%(reason)s"), "edit", "warn"),
    "mediation.signed": Telling(_("%(who)s在调解笔录上签名"), "agree", "good"),
    "mediation.sign_refused": Telling(_("%(who)s拒绝在调解笔录上签名：%(reason)s，见证人%(witness)s"), "warning", "warn"),
    "mediation.way_changed": Telling(_("%(when)s 的调解会，%(room)s的地址或会议链接改了"), "calendar", "warn"),
    "mediation.unsuited": Telling(_("%(who)s说这些日子不方便开会：%(days)s"), "calendar", "muted"),
    "mediation.party_contact": Telling(_("登记了怎样通知%(who)s开会"), "phone", "muted"),
    "mediation.party_stopped": Telling(_("%(who)s不要再收到开会的短信、邮件，要另行通知"), "warning", "warn"),
    "mediation.suits_again": Telling(_("删除%(who)s不方便开会的日期：%(days)s"), "calendar", "muted"),
    "mediation.recusal_asked": Telling(_("有人申请调解员%(mediator)s回避：%(reason)s"), "warning", "warn"),
    "mediation.recusal_granted": Telling(_("调解员%(mediator)s回避：%(reason)s"), "warning", "warn"),
    "mediation.recusal_denied": Telling(_("调解员%(mediator)s不予回避：%(reason)s"), "check", "muted"),
    "mediation.online_watched": Telling(_("%(who)s进入网上调解室监督席"), "eye", "info"),
    "mediation.online_unwatched": Telling(_("%(who)s离开网上调解室监督席（%(came)s 进入）"), "eye", "muted"),
    "mediation.online_recording_lost": Telling(_("网上调解会的录制没有保存完整，文件缺失或者变短"), "warning", "bad"),
    "mediation.online_recording_removed": Telling(_("网上调解会的录制满 %(days)s 天，文件已删除；指纹留存 SHA-256 %(sha256)s"), "close", "muted"),
    "mediation.online_recorded": Telling(_("网上调解会录制已保存，SHA-256 %(sha256)s"), "file", "info"),
    "mediation.draft": Telling(_("起草调解协议"), "edit", "muted"),
    "mediation.missed": Telling(_("调解协议第 %(part)s 期（%(due)s）没有付清，还差 %(left)s 元"), "warning", "bad"),
    "mediation.mark_asked": Telling(_("请双方评价调解"), "message", "muted"),
    "mediation.mark_given": Telling(_("收到一份对调解的评价"), "message", "muted"),
    "mediation.mark_changed": Telling(_("更正了一份对调解的评价"), "message", "muted"),
    "mediation.mark_looked_at": Telling(_("上级回看了一份对调解的评价"), "check", "info"),
    "mediation.pursued": Telling(_("调解协议逾期未付，制作%(way)s %(number)s，请求 %(due_now)s 元，%(due)s 前交到法院"), "legal", "bad", {"way": dict(PAPERS)}),
    "mediation.hold": Telling(_("已开调解会"), "mediation", "info"),
    "mediation.adjourn": Telling(_("调解会休会，择期再开"), "paused", "warn"),
    "mediation.no_show": Telling(_("调解会有人缺席：%(absent)s"), "warning", "bad"),
    "mediation.begun_before": Telling(_("%(was)s 的调解会有人签到以后又改动，当时的到场登记已留存：%(who)s"), "history", "warn"),
    "mediation.undo": Telling(_("更正误登的调解会结果，恢复为已排期"), "undo", "muted"),
    "mediation.fail": Telling(_("调解未成：%(ground)s"), "close", "muted", {"ground": dict(FAIL_GROUNDS)}),
    "mediation.reinstate": Telling(_("更正误登的终结，调解继续（%(state)s）"), "undo", "warn", {"state": dict(MEDIATION.choices)}),
    "agreement": Telling(_("达成调解协议 %(number)s：支付 %(total)s，%(effective_on)s 生效"), "agree", "good"),
}

add_tellings(TELLINGS)
# The worker's own page tells these; the rest of a mediation the mediator says in person.
add_happened({
    "mediation.apply": _("申请调解"),
    "mediation.accept": _("调解申请已受理"),
    "mediation.schedule": _("安排了调解会"),
    "mediation.postpone": _("调解会改期"),
    "mediation.convert": _("调解会换了方式"),
    "mediation.join": _("安排了调解会"),
    "mediation.on_site": _("在现场开了调解会"),
    "mediation.way_changed": _("调解会的地点或会议链接有变"),
    "mediation.hold": _("开了调解会"),
    "mediation.fail": _("调解没有成功"),
    "mediation.reinstate": _("更正：调解没有结束，继续办理"),
    "agreement": _("达成调解协议"),
    "mediation.missed": _("协议约定的钱到期没有付"),
    "mediation.pursued": _("对方没有按协议付款，准备交到法院的文书"),
})
