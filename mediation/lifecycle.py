"""The lifecycle of a mediation, one table. Django-free; read by a lawyer.

To add a move: one row here, one expected word in tests/mediation/test_lifecycle.py, then `manage.py write_docs`.
Roles: the mediation is the mediator's, whatever level the claim has climbed to, so every move has reach "any".
"""

from datetime import time

from arrears.lifecycle import PROMISED_METHODS
from arrears.moves import Ask, Lifecycle, Move, State
from grid.roles import CITY_SUPERVISOR, COUNTY_OFFICER, GRID_WORKER, MEDIATOR, TOWNSHIP_CHIEF
from mediation.room.quorum import CALLS


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


# When a hearing may be held, and for how long.
OPENS, CLOSES = time(7, 0), time(21, 0)
MAX_HOURS = 4

FAIL_GROUNDS = (
    ("no_agreement", _("经调解未达成一致")),
    ("refused", _("一方不同意调解")),
    ("unreachable", _("被申请方无法联系或拒不到场")),
    ("withdrawn", _("申请人撤回调解申请")),
    ("time_up", _("自收到申请之日起十五日内未达成协议（调解仲裁法第十四条）")),
    ("elsewhere", _("已另行解决，无需继续调解")),
)

REASON = Ask("reason", _("理由"), "text")
NOTE = Ask("note", _("说明"), "text", is_required=False)
ANYWAY = Ask("anyway", _("双方当事人已同意（非工作日、通知期不足或不方便的时间）"), "confirm", is_required=False)
SESSION = (
    Ask("room", _("调解室"), "room"),
    Ask("mediator", _("调解员"), "person"),
    Ask("starts_at", _("开始时间"), "datetime"),
    Ask("ends_at", _("结束时间"), "datetime"),
    ANYWAY,
)
TOGETHER = Ask("together", _("合并开的各案一起改"), "confirm", is_required=False)  # else this one leaves them
VERSION = Ask("version", _("所见版本"), "version", is_required=False)  # of the hearing, as the page showed it

# How long a hearing on the spot is expected to take, in minutes: for so long its mediator is taken.
LENGTHS = (("30", _("半小时")), ("60", _("一小时")), ("120", _("两小时")), ("180", _("三小时")))

# Who holds hearings and records agreements; the city supervisor arranges and ends, but does not sit in.
SITTING = (MEDIATOR, TOWNSHIP_CHIEF, COUNTY_OFFICER)
ARRANGING = (*SITTING, CITY_SUPERVISOR)
APPLYING = (GRID_WORKER, TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR, MEDIATOR)
CLOCKS = ("MED-15", "MED-ARRANGE-5")

# Of those who did not come and of whom the room does not say it yet: how they were called. Nobody is absent without it.
CALLED = (
    Ask("called_by", _("怎样通知的"), "choice", CALLS, is_required=False, hint=_("会场已经登记的、系统里有送达记录的不用填。")),
    Ask("called_proof", _("通知的证明"), "line", is_required=False, hint=_("例如：送达回证、3月1日 9:20 通话两分钟、短信截图。没有通知到的不算缺席：在会场登记，再休会、补送通知。")),
)

# What became of one sitting. Only a live one occupies its room, mediator and parties.
LIVE = "scheduled"
HEARING_STATES = {
    state.name: state
    for state in (
        State(LIVE, _("待开"), "info"),
        State("held", _("已开"), "good", is_final=True),
        State("adjourned", _("休会"), "warn", is_final=True),
        State("no_show", _("有人缺席"), "bad", is_final=True),
        State("cancelled", _("已取消"), "muted", is_final=True),
    )
}
# What a move makes of the mediation's last sitting.
SITTING_BECOMES = {"hold": "held", "adjourn": "adjourned", "no_show": "no_show", "undo": LIVE, "fail": "cancelled"}

MEDIATION = Lifecycle(
    name="mediation",
    label=_("调解"),
    initial="applied",
    states=(
        State("applied", _("已申请"), "info"),
        State("accepted", _("已受理"), "info"),
        State("scheduled", _("已排期"), "info"),
        State("held", _("已开调解会"), "warn"),
        State("adjourned", _("择期再开"), "warn"),
        State("no_show", _("有人缺席"), "bad"),
        State("agreed", _("已达成协议"), "good", is_final=True),
        State("failed", _("调解未成"), "muted", is_final=True),
    ),
    moves=(
        Move(
            "apply", _("申请调解"), (), "applied", APPLYING,
            asks=(
                Ask("applied_on", _("收到申请日期"), "date"),
                Ask("request", _("调解请求和理由"), "text"),
                Ask("is_oral", _("口头申请，已当场记录并由申请人确认（调解仲裁法第十二条）"), "confirm", is_required=False),
                Ask("mediator", _("建议调解员"), "person", is_required=False),
            ),
            starts=("MED-15",), tells=("mediator", "level"), reach="any", is_own_page=True,
        ),
        Move(
            "accept", _("受理调解申请"), ("applied",), "accepted", ARRANGING,
            asks=(Ask("mediator", _("调解员"), "person"), NOTE),
            starts=("MED-ARRANGE-5",), tells=("mediator", "handler"), reach="any", tone="primary",
            hint=_("受理后应在五个工作日内安排调解会。"),
        ),
        Move(
            "schedule", _("安排调解会"), ("accepted", "adjourned", "no_show"), "scheduled", ARRANGING,
            asks=(*SESSION, Ask("parties", _("通知到场的当事人"), "people")),
            stops=("MED-ARRANGE-5",), tells=("mediator", "handler"), reach="any", tone="primary", is_own_page=True,
        ),
        Move(
            "postpone", _("改期"), ("scheduled",), "scheduled", ARRANGING,
            asks=(*SESSION, TOGETHER, REASON, VERSION),
            tells=("mediator", "handler"), reach="any", is_own_page=True,
        ),
        Move(
            "convert", _("改为线上或到场"), ("scheduled",), "scheduled", ARRANGING,
            asks=(Ask("room", _("调解室"), "room"), REASON, VERSION),
            tells=("mediator", "handler"), reach="any", is_own_page=True,
            hint=_("时间不变，只换开会的方式；合并开的各案一起换。"),
        ),
        Move(
            "join", _("与另一场合并开会"), ("accepted", "scheduled", "adjourned", "no_show"), "scheduled", ARRANGING,
            asks=(Ask("hearing", _("并入哪一场"), "hearing"), ANYWAY, REASON, VERSION),
            stops=("MED-ARRANGE-5",), tells=("mediator", "handler"), reach="any", is_own_page=True,
            hint=_("同一时间、同一调解室、同一调解员，各案分别登记结果；要分开时用“改期”。"),
        ),
        Move(
            "on_site", _("现场开会（110、工地）"), ("applied", "accepted", "scheduled", "adjourned", "no_show"), "scheduled", SITTING,
            asks=(Ask("place", _("地点"), "line"), Ask("length", _("大约多久"), "choice", LENGTHS)),
            stops=("MED-ARRANGE-5",), tells=("mediator", "handler"), reach="any",
            hint=_("现在就在现场开，调解员是您本人；还没有受理的同时受理，已经排期的改为现在。双方都在场、同意当场调解的才用。"),
        ),
        Move(
            "hold", _("登记已开会"), ("scheduled",), "held", SITTING,
            asks=(
                Ask("minutes", _("调解情况"), "text"),
                Ask("absent", _("未到场的当事人"), "people", is_required=False), *CALLED,
            ),
            guards=("not_recused",), tells=("handler",), reach="any", tone="primary",
        ),
        Move(
            "adjourn", _("休会，择期再开"), ("scheduled", "held"), "adjourned", SITTING,
            asks=(REASON,), starts=("MED-ARRANGE-5",), tells=("mediator", "handler"), reach="any",
            hint=_("已定好新时间的，请直接用“改期”。"),
        ),
        Move(
            "no_show", _("登记缺席"), ("scheduled",), "no_show", SITTING,
            asks=(Ask("absent", _("未到场的当事人"), "people"), *CALLED, NOTE),
            starts=("MED-ARRANGE-5",), tells=("mediator", "handler"), reach="any",
        ),
        Move(
            "undo", _("更正误登结果"), ("held", "adjourned", "no_show"), "scheduled", ARRANGING,
            asks=(REASON,), stops=("MED-ARRANGE-5",), tells=("mediator", "handler"), reach="any",
            hint=_("恢复为“已排期”，期限照原来的算，原登记保留在办理记录中。协议登记后不能这样更正，有误的双方另签补充协议；终结登记错了的，用“更正误登的终结”。"),
        ),
        Move(
            "agree", _("登记调解协议"), ("held",), "agreed", SITTING,
            asks=(
                Ask("total", _("协议支付总额（元）"), "money"),
                Ask("effective_on", _("协议生效日期"), "date"),
                Ask("manner", _("支付方式"), "choice", PROMISED_METHODS),
                Ask("terms", _("协议内容"), "text"),
                Ask("default_clause", _("违约责任"), "text", is_required=False),
                Ask("accelerates", _("约定了一期逾期、余款全部到期"), "confirm", is_required=False),
                Ask("payee", _("收款账户或者领取方式"), "text", is_required=False),
                Ask("less_reason", _("少于核定数额的理由"), "text", is_required=False),
                Ask("instalments", _("分期付款"), "instalments"),
                Ask("signed_by_parties", _("双方当事人已签名或盖章"), "confirm"),
                Ask("signed_by_mediator", _("调解员已签名"), "confirm"),
                Ask("sealed", _("已加盖调解组织印章"), "confirm"),
            ),
            starts=("MED-CONFIRM-30", "MED-ARBREVIEW-15"), stops=CLOCKS, guards=("three_signatures", "plan_adds_up", "for_each_worker", "claim_in_hand", "not_recused"),
            tells=("handler", "level"), reach="any", tone="primary", is_own_page=True,
            hint=_("协议经双方签名、调解员签名并加盖印章后生效（调解仲裁法第十四条第二款）。"),
        ),
        Move(
            "fail", _("终结调解（未达成协议）"),
            ("applied", "accepted", "scheduled", "held", "adjourned", "no_show"), "failed", ARRANGING,
            asks=(Ask("ground", _("未成的原因"), "choice", FAIL_GROUNDS), REASON),
            stops=CLOCKS, tells=("mediator", "handler", "level"), reach="any", tone="danger",
            hint=_("应告知劳动者可以依法申请劳动仲裁。"),
        ),
        Move(
            "reinstate", _("更正误登的终结"), ("failed",), "adjourned", ARRANGING,
            asks=(REASON,), starts=("MED-ARRANGE-5",), resumes=("MED-15",), guards=("ended_lately", "claim_goes_on"),
            tells=("mediator", "handler", "level"), reach="any",
            hint=_("只用于登记错了：调解接着办，十五日仍从收到申请之日起算。开过会的恢复为“已开调解会”，其余的重新安排开会。双方后来又愿意调解的，请重新申请。"),
        ),
    ),
)
