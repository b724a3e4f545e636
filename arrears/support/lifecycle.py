"""The lifecycle of a support case 支持起诉, one table. Django-free; read by a lawyer.

The township's opinion is advice: whether it agrees or not, the county decides, so that nobody is turned away at the first
door. The city has the last word where the table of the city (support.toml, practice) or the county asks for it. What is
returned for completion begins with the township again: an opinion was given on facts that have changed since.
"""

from arrears.lifecycle import NOTE, REASON
from arrears.moves import Ask, Lifecycle, Move, State
from grid.roles import CITY, CITY_SUPERVISOR, COUNTY, COUNTY_OFFICER, GRID_WORKER, TOWNSHIP, TOWNSHIP_CHIEF


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


HANDS = (GRID_WORKER, TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR)
LEADERS = (TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR)
DECIDERS = (COUNTY_OFFICER, CITY_SUPERVISOR)
# State in which an opinion is waited for → the level that gives it.
OPINION_OF = {"applied": TOWNSHIP, "county": COUNTY, "city": CITY}
RULE_OF = {"applied": "SUPPORT-TOWNSHIP-3", "county": "SUPPORT-COUNTY-3", "city": "SUPPORT-CITY-5"}
OPINION_RULES = tuple(RULE_OF.values())
COMPLETE = "SUPPORT-COMPLETE"
CLOCKS = (*OPINION_RULES, COMPLETE)
WAITING = tuple(OPINION_OF)
OPEN = ("draft", "applied", "county", "city", "returned", "approved", "handed_over")
AGREE, DISAGREE, RETURN = "agree", "disagree", "return"
VERDICTS = (
    (AGREE, _("同意")),
    (DISAGREE, _("不同意")),
    (RETURN, _("退回补正")),
)
OUTCOMES = (
    ("paid", _("已付清")),
    ("settled", _("调解或者和解")),
    ("judged", _("已裁判")),
    ("suing", _("法院已立案，转入诉讼程序")),
    ("unsupported", _("各支持单位均未支持，劳动者自行起诉")),
    ("other", _("其他")),
)
ONE, MANY = "one", "many"
SHAPES = (
    (ONE, _("一件共同诉讼，由代表人参加")),
    (MANY, _("每人分别起诉")),
)
OPINION = Ask("opinion", _("意见"), "text")

SUPPORT = Lifecycle(
    name="support",
    label=_("支持起诉"),
    initial="draft",
    states=(
        State("draft", _("准备中"), "plain"),
        State("applied", _("待乡镇意见"), "info"),
        State("county", _("待县级意见"), "info"),
        State("city", _("待市级意见"), "info"),
        State("returned", _("退回补正"), "warn"),
        State("approved", _("同意支持"), "good"),
        State("handed_over", _("已送支持单位"), "good"),
        State("concluded", _("已办结"), "muted", is_final=True),
        State("refused", _("不同意支持"), "bad", is_final=True),
        State("withdrawn", _("劳动者撤回"), "muted", is_final=True),
        State("lapsed", _("随案终结"), "muted", is_final=True),
    ),
    moves=(
        Move("open", _("开始支持起诉"), (), "draft", HANDS, tells=("handler",), is_own_page=True),
        Move(
            "prepare", _("填写条件"), ("draft", "returned"), None, HANDS, is_own_page=True,
            hint=_("案卷里已有的自动打勾；没有的在这里说明。"),
        ),
        Move(
            "choose_workers", _("选申请人和签字"), ("draft", "returned"), None, HANDS, is_own_page=True,
            hint=_("不愿意申请的劳动者不选，他们的案件照常办理。"),
        ),
        Move(
            "join", _("补报后来的劳动者"), ("applied", "county", "city", "approved", "handed_over"), None, HANDS, is_own_page=True,
            hint=_("后来愿意申请的，作为补充加入；已送出的支持单位会收到补充说明。"),
        ),
        Move(
            "leave", _("部分劳动者撤回"), ("applied", "county", "city", "approved", "handed_over"), None, HANDS, is_own_page=True, tone="danger",
            hint=_("只撤回所选的人，其他人的申请照常办理；已送出的支持单位马上知道。"),
        ),
        Move(
            "apply", _("提交申请"), ("draft", "returned"), "applied", HANDS, asks=(NOTE,), guards=("conditions_met",),
            starts=("SUPPORT-TOWNSHIP-3",), stops=(COMPLETE,), tells=("level",), tone="primary",
        ),
        Move(
            "pass_up", _("同意，报县级"), ("applied",), "county", LEADERS, asks=(OPINION,), guards=("conditions_met",),
            starts=("SUPPORT-COUNTY-3",), stops=("SUPPORT-TOWNSHIP-3",), tells=("level", "handler"), tone="primary",
        ),
        Move(
            "object_up", _("不同意，报县级决定"), ("applied",), "county", LEADERS, asks=(REASON,),
            starts=("SUPPORT-COUNTY-3",), stops=("SUPPORT-TOWNSHIP-3",), tells=("level", "handler"), tone="danger",
            hint=_("乡镇的意见供县级参考，不会因此终止申请。"),
        ),
        Move(
            "choose", _("选支持单位"), ("applied", "county", "city", "approved", "handed_over"), None, DECIDERS, is_own_page=True,
            hint=_("可以选一个或者几个，各写明理由。已经送出的申请，新选的单位马上送出。"),
        ),
        Move(
            "agree", _("同意支持起诉"), ("county",), "approved", DECIDERS, asks=(OPINION,),
            guards=("conditions_met", "city_not_needed", "supporters_chosen", "claim_goes_on"),
            stops=("SUPPORT-COUNTY-3",), tells=("handler",), tone="primary",
        ),
        Move(
            "ask_city", _("同意，报市级"), ("county",), "city", DECIDERS, asks=(OPINION,), guards=("conditions_met",),
            starts=("SUPPORT-CITY-5",), stops=("SUPPORT-COUNTY-3",), tells=("level", "handler"), tone="primary",
        ),
        Move(
            "approve", _("同意支持起诉"), ("city",), "approved", (CITY_SUPERVISOR,), asks=(OPINION,),
            guards=("conditions_met", "supporters_chosen", "claim_goes_on"), stops=("SUPPORT-CITY-5",), tells=("handler",), tone="primary",
        ),
        Move(
            "refuse", _("不同意支持"), ("county", "city"), "refused", DECIDERS, asks=(REASON,), stops=CLOCKS, tells=("handler",),
            tone="danger", hint=_("劳动者会看到理由。他仍然可以自己起诉，也可以打 12348 申请法律援助。"),
        ),
        Move(
            "send_back", _("退回补正"), WAITING, "returned", LEADERS,
            asks=(Ask("lacking", _("缺什么"), "text"), Ask("complete_by", _("最迟哪天补齐"), "date")),
            guards=("day_to_come",), starts=(COMPLETE,), stops=OPINION_RULES, tells=("handler",), tone="danger",
        ),
        Move(
            "hand_over", _("送支持单位"), ("approved",), "handed_over", DECIDERS, guards=("supporters_chosen", "claim_goes_on"),
            tells=("handler",), tone="primary",
        ),
        Move(
            "conclude", _("办结支持起诉"), ("handed_over",), "concluded", DECIDERS,
            asks=(Ask("outcome", _("结果"), "choice", OUTCOMES), Ask("note", _("结果说明"), "text")),
            guards=("answers_are_in",), stops=CLOCKS, tells=("handler",), tone="primary",
        ),
        Move(
            "withdraw", _("劳动者撤回申请"), OPEN, "withdrawn", HANDS,
            asks=(Ask("reason", _("劳动者撤回的理由"), "text"), Ask("confirmed", _("已由劳动者本人签字确认"), "confirm")),
            stops=CLOCKS, tells=("level", "handler"), tone="danger",
            hint=_("劳动者随时可以撤回；送出的移送一并撤回，案件照常办理。"),
        ),
        Move("lapse", _("随案终结"), OPEN, "lapsed", (), stops=CLOCKS, is_automatic=True),
    ),
)
OPINION_MOVES = frozenset({"pass_up", "object_up", "agree", "ask_city", "approve", "refuse", "send_back"})
VERDICT_OF = {
    "pass_up": AGREE, "agree": AGREE, "ask_city": AGREE, "approve": AGREE, "object_up": DISAGREE, "refuse": DISAGREE, "send_back": RETURN,
}  # fmt: skip
assert VERDICT_OF.keys() == OPINION_MOVES


# 查找被告: a task of its own, with leads, and ways that were tried.
FIND_RULE, QUERY_RULE = "FIND-RESPONDENT-15", "SUPPORT-QUERY-3"
SEARCHING, FOUND, GIVEN_UP = "searching", "found", "given_up"
SEARCH_STATES = (
    (SEARCHING, _("正在查找")),
    (FOUND, _("已查明")),
    (GIVEN_UP, _("查不到，已停止")),
)
ASKED, ALLOWED, DENIED, TRIED = "asked", "allowed", "denied", "tried"
WAY_STATES = (
    (ASKED, _("待市级批准")),
    (ALLOWED, _("正在查")),
    (DENIED, _("市级未批准")),
    (TRIED, _("已查")),
)
