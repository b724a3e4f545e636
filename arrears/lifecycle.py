"""The lifecycles of a claim and of a referral, each one table. Django-free; read by a lawyer.

A claim has a stage and, apart from it, a level (township, county, city) that says who is in charge:
escalating changes the level, never the stage. To add a move: one row here, one expected line in
tests/arrears/test_lifecycle.py, then `manage.py write_docs`.
"""

from arrears.moves import ASLEEP, AWAKE, ORDINARY, SENSITIVE, Ask, Lifecycle, Move, State
from arrears.timing.grounds import CHOICES as SUSPENSION_GROUNDS
from grid.roles import CITY_SUPERVISOR, COUNTY_OFFICER, GRID_WORKER, MEDIATOR, PARTNER, TOWNSHIP_CHIEF


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


REASON = Ask("reason", _("理由"), "text")
NOTE = Ask("note", _("说明"), "text", is_required=False)

REJECT_GROUNDS = (
    ("time_barred", _("超过两年查处时效（劳动保障监察条例第二十条）")),
    ("no_respondent", _("被投诉人不明确，补正后仍无法确定")),
    ("out_of_scope", _("不属于劳动保障监察事项")),
    ("in_proceedings", _("已进入调解、仲裁或诉讼程序（条例第二十一条）")),
)
RESULTS = (
    ("paid_in_full", _("全部清偿")),
    ("paid_in_part", _("部分清偿，劳动者放弃其余部分")),
    ("advanced", _("由总承包单位先行清偿")),
)
JUDGED = "judged"
ENDINGS = (
    ("unfounded", _("经查不存在欠薪")),
    (JUDGED, _("已由仲裁或法院裁判并移送执行")),
    ("insolvent", _("用人单位破产，已指引申报债权")),
    ("not_found", _("用人单位无法查找，已指引其他途径")),
    ("worker_unreachable", _("劳动者失去联系")),
)
PROMISED_METHODS = (  # of an agreement
    ("bank", _("银行转账")),
    ("account", _("农民工工资专用账户代发")),
    ("deposit", _("动用工资保证金")),
    ("cash", _("现金并签收")),
    ("emergency_fund", _("应急周转金垫付")),
)
PAY_METHODS = (*PROMISED_METHODS, ("enforced", _("法院执行款")))
EVIDENCE_KINDS = (
    ("contract", _("劳动合同或用工协议")),
    ("attendance", _("考勤记录")),
    ("wage_sheet", _("工资表或工资条")),
    ("iou", _("工资欠条或结算单")),
    ("transfer", _("转账或收款记录")),
    ("chat", _("聊天记录")),
    ("photo", _("现场照片")),
    ("voice", _("录音")),
    ("identity", _("身份证明")),
    ("signature", _("劳动者签名")),
    ("firm_sign", _("用工一方签名")),
    ("other_sign", _("代理人、调解员和其他人签名")),
    ("document", _("法律文书和回执")),
    ("other", _("其他材料")),
)
SIGNATURES = ("signature", "firm_sign", "other_sign")  # by whose hand; what stands under our own papers proves nothing by itself

SENSITIVE_GROUNDS = (
    ("gathering", _("聚集或者可能聚集")),
    ("threat", _("扬言采取极端行为")),
    ("many", _("涉及三十人以上")),
    ("media", _("媒体或者网络关注")),
    ("hardship", _("劳动者生活特别困难")),
)

OFFICE = (TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR)
TOWNSHIP = (GRID_WORKER, TOWNSHIP_CHIEF)
CASEWORKERS = (GRID_WORKER, TOWNSHIP_CHIEF, COUNTY_OFFICER)
EVERY_HAND = (GRID_WORKER, TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR, MEDIATOR)
OPEN = ("registered", "accepted", "handling", "settled", "paid")
UNPAID = ("accepted", "handling", "settled")
UNSETTLED = ("registered", "accepted", "handling")

CLAIM = Lifecycle(
    name="claim",
    label=_("欠薪案件"),
    initial="registered",
    states=(
        State("registered", _("已登记"), "info"),
        State("accepted", _("已受理"), "info"),
        State("handling", _("办理中"), "info"),
        State("settled", _("已达成清偿"), "good"),
        State("paid", _("已清偿"), "good"),
        State("closed", _("已办结"), "muted", is_final=True),
        State("rejected", _("不予受理"), "bad", is_final=True),
        State("transferred", _("移送管辖"), "muted", is_final=True),
        State("withdrawn", _("已撤回"), "muted", is_final=True),
        State("merged", _("已并案"), "muted", is_final=True),
    ),
    moves=(
        Move(
            "register", _("登记案件"), (), "registered", CASEWORKERS,
            starts=("JC-ACCEPT", "CASE-WHOLE-60", "ARB-LIMIT-1Y", "JC-LIMIT-2Y"), tells=("level",), is_own_page=True,
        ),
        Move(
            "accept", _("受理"), ("registered",), "accepted", OFFICE,
            asks=(
                Ask("conditions", _("属于本机构管辖，被申请方明确，未超过两年时效（若干规定第十八条）"), "confirm"),
                NOTE,
            ),
            starts=("JC-INVEST", "HANDLE-START-3"), stops=("JC-ACCEPT", "JC-LIMIT-2Y"), tells=("handler",), tone="primary",
            when=AWAKE, hint=_("受理当日即为立案之日，六十个工作日的调查期限由此起算。"),
        ),
        Move(
            "reject", _("决定不予受理"), ("registered",), "rejected", (COUNTY_OFFICER, CITY_SUPERVISOR),
            asks=(Ask("ground", _("不予受理的依据"), "choice", REJECT_GROUNDS), REASON),
            stops=("*",), guards=("nothing_pending", "parts_ended", "proceedings_ended"), tells=("handler",), tone="danger",
            when=AWAKE, hint=_("须以书面形式告知投诉人并说明理由和其他途径。"),
        ),
        Move(
            "handle", _("开始办理"), ("accepted",), "handling", (*CASEWORKERS, CITY_SUPERVISOR),
            asks=(NOTE,), stops=("HANDLE-START-3",), tone="primary", when=AWAKE,
        ),
        Move(
            "verify", _("核定金额"), ("accepted", "handling"), None, OFFICE,
            asks=(Ask("verified_amount", _("核定欠薪金额（元）"), "money"), Ask("basis", _("核定依据"), "text")), when=AWAKE,
        ),
        Move(
            "settle", _("登记清偿方案"), ("handling",), "settled", (TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR, MEDIATOR),
            asks=(
                Ask("agreed_amount", _("约定清偿金额（元）"), "money"),
                Ask("pay_by", _("约定付清日期"), "date"),
                Ask("terms", _("清偿方式和约定内容"), "text"),
            ),
            starts=("AGREED-PAY",), stops=("JC-INVEST",), tells=("handler",), tone="primary",
            when=AWAKE, hint=_("经调解达成协议的，请在调解页面登记协议，此处会自动更新。"),
        ),
        Move(
            "breach", _("登记违约，恢复办理"), ("settled",), "handling", (*OFFICE, MEDIATOR),
            asks=(REASON,), starts=("JC-INVEST",), stops=("AGREED-PAY",), tells=("handler", "level"), tone="danger", when=AWAKE,
        ),
        Move(
            "record_payment", _("登记付款"), UNPAID, None, EVERY_HAND,
            asks=(
                Ask("amount", _("付款金额（元）"), "money"),
                Ask("paid_on", _("付款日期"), "date"),
                Ask("method", _("付款方式"), "choice", PAY_METHODS),
                NOTE,
            ),
            reach="any", hint=_("付款达到应付总额时，案件自动转为已清偿。"),
        ),
        Move(
            "confirm_paid", _("确认清偿"), UNPAID, "paid", (*OFFICE, MEDIATOR),
            asks=(NOTE,), guards=("paid_in_full",), starts=("CLOSE-5",), stops=("AGREED-PAY", "JC-INVEST", "HANDLE-START-3"),
            tells=("handler",), tone="primary", when=AWAKE,
        ),
        Move(
            "close", _("办结"), ("paid",), "closed", OFFICE,
            asks=(Ask("result", _("办理结果"), "choice", RESULTS), Ask("note", _("结案说明"), "text")),
            stops=("*",), guards=("nothing_pending", "parts_ended", "proceedings_ended"), tells=("handler",), tone="primary", when=AWAKE,
        ),
        Move(
            "conclude", _("终止办理"), ("handling",), "closed", (COUNTY_OFFICER, CITY_SUPERVISOR),
            asks=(Ask("result", _("终止原因"), "choice", ENDINGS), REASON),
            stops=("*",), guards=("nothing_pending", "parts_ended", "proceedings_ended", "nobody_left_out"), tells=("handler",), tone="danger",
            when=AWAKE, hint=_("未全部清偿而结束办理的，须由县级以上决定并说明理由。"),
        ),
        Move(
            "transfer", _("移送有管辖权的单位"), UNSETTLED, "transferred", OFFICE,
            asks=(Ask("destination", _("接收单位"), "line"), REASON),
            stops=("*",), guards=("nothing_pending", "parts_ended", "proceedings_ended"), tells=("handler",), tone="danger",
            when=AWAKE, hint=_("首问负责：移送后仍须将接收单位和结果告知劳动者（条例第十条）。"),
        ),
        Move(
            "withdraw", _("撤回"), UNSETTLED, "withdrawn", CASEWORKERS,
            asks=(Ask("reason", _("劳动者撤回的理由"), "text"), Ask("confirmed", _("已由劳动者本人签字确认"), "confirm")),
            stops=("*",), guards=("nothing_pending", "parts_ended", "proceedings_ended"), tells=("handler",), reach="any", tone="danger",
        ),
        Move(
            "merge", _("并案"), UNSETTLED, "merged", OFFICE,
            asks=(Ask("merged_into", _("并入案件"), "claim"), REASON),
            stops=("*",), guards=("nothing_pending", "support_ended", "parts_ended", "merge_target"), tells=("handler",), tone="danger",
            hint=_("劳动者、工资明细、付款和证据一并转入；全案时限和劳动者的仲裁时效在并入的案件上继续，从两件中较早的一件起算。"),
        ),
        Move(
            "split", _("拆案"), UNSETTLED, None, OFFICE,
            guards=("nothing_pending", "support_ended"), tells=("handler",), when=AWAKE, is_own_page=True,
            hint=_("选出的劳动者另立一案，有自己的案号；各项时限仍从最初收到之日起算，证据两案都有。"),
        ),
        Move(
            "reopen", _("重新办理"), ("closed", "rejected", "withdrawn", "transferred"), "accepted",
            (COUNTY_OFFICER, CITY_SUPERVISOR),
            asks=(REASON,), starts=("JC-INVEST", "HANDLE-START-3"),
            # Not JC-LIMIT-2Y: a case that is accepted again is a complaint that came (条例第二十条), whenever it ended.
            resumes=("CASE-WHOLE-60", "ARB-LIMIT-1Y"),
            tells=("handler", "level"),
            hint=_("重新办理的案件另起时限，全案时限仍从最初收到之日计算。"),
        ),
        Move(
            "assign", _("指派经办人"), OPEN, None, OFFICE,
            asks=(Ask("handler", _("经办人"), "person"), NOTE), tells=("handler",),
        ),
        Move(
            "mark_sensitive", _("列为敏感案件"), OPEN, None, OFFICE,
            asks=(Ask("ground", _("列为敏感案件的情形"), "choice", SENSITIVE_GROUNDS), REASON),
            tells=("handler", "level"), when=ORDINARY, hint=_("本市对敏感案件另有督办规则的，各时限从下一级起按其督办。"),
        ),
        Move(
            "unmark_sensitive", _("解除敏感案件"), OPEN, None, OFFICE,
            asks=(REASON,), tells=("handler", "level"), when=SENSITIVE,
        ),
        Move(
            "suspend", _("中止办理"), ("accepted", "handling"), None, (COUNTY_OFFICER, CITY_SUPERVISOR),
            asks=(
                Ask("ground", _("中止事由"), "choice", SUSPENSION_GROUNDS),
                Ask("planned_end", _("预计恢复日期"), "date", hint=_("到这一天自动恢复；事由提前消除的，可以随时恢复。")),
                Ask("reason", _("具体情况和依据材料"), "text"),
            ),
            tells=("handler", "level"), when=AWAKE,
            hint=_("中止期间办案期限不计算、不督办；劳动者的时效、协同单位的期限和调解照常计算。"),
        ),
        Move(
            "resume", _("恢复办理"), ("accepted", "handling"), None, (COUNTY_OFFICER, CITY_SUPERVISOR),
            asks=(NOTE,), tone="primary", when=ASLEEP,
            hint=_("办案期限从今天起继续计算，届满日按实际中止的天数顺延。"),
        ),
        Move(
            "escalate", _("提级办理"), OPEN, None, CASEWORKERS,
            asks=(REASON,), guards=("not_top",), tells=("level",),
        ),
        Move(
            "hand_back", _("退回下级办理"), OPEN, None, (COUNTY_OFFICER, CITY_SUPERVISOR),
            asks=(REASON,), guards=("not_bottom",), tells=("level",),
        ),
        Move(
            "refer", _("移送协同单位（支持起诉）"), UNPAID, None, (COUNTY_OFFICER, CITY_SUPERVISOR),
            tells=("body",), is_own_page=True, when=AWAKE,
        ),
        Move(
            "support", _("支持起诉"), ("registered", *UNPAID), None, (*CASEWORKERS, CITY_SUPERVISOR), reach="any", is_own_page=True, when=AWAKE,
            hint=_("劳动者难以单独起诉的，请检察院、工会、法律援助机构或者人社部门支持起诉；劳动者仍是原告。"),
        ),
        Move(
            "mediate", _("申请调解"), UNSETTLED, None, (*EVERY_HAND,),
            reach="any", is_own_page=True, when=AWAKE,
        ),
        Move(
            "complete", _("补充登记"), OPEN, None, EVERY_HAND, reach="any", is_own_page=True,
            hint=_("登记时没有问到的，以后随时补；写错的可以更正，更正前的内容留在办理记录里。"),
        ),
        Move(
            "issue_paper", _("制作文书"), OPEN, None, EVERY_HAND, reach="any", is_own_page=True,
        ),
        Move(
            "state_facts", _("登记情形"), OPEN, None, EVERY_HAND, reach="any", is_own_page=True,
        ),
        Move(
            "add_workers", _("补登劳动者"), UNSETTLED, None, (*CASEWORKERS, CITY_SUPERVISOR),
            tells=("handler",), reach="any", is_own_page=True,
        ),
        Move(
            "proceed", _("登记程序"), OPEN, None, EVERY_HAND, reach="any", is_own_page=True,
            hint=_("仲裁、起诉、支付令、保全、执行、移送公安等：登记走到了哪一步，期限由此计算。"),
        ),
        Move(
            "serve", _("送达文书"), (*OPEN, "closed", "rejected", "withdrawn", "transferred"), None, EVERY_HAND, reach="any", is_own_page=True,
            hint=_("直接、留置、电子、邮寄等各种送达，每一次都有证明；送不到的，系统提醒下一种合法的方式。"),
        ),
        Move(
            "represent", _("推举代表人和授权"), OPEN, None, EVERY_HAND, reach="any", is_own_page=True,
        ),
        Move(
            "gather", _("纳入集体案件"), OPEN, None, OFFICE,
            asks=(Ask("part_of", _("牵头案件"), "claim"), REASON), guards=("may_be_part",), tells=("handler",),
            hint=_("本案照常由现在的经办人办理，各项时限不变；牵头案件在所有子案结束前不能结束。"),
        ),
        Move(
            "ungather", _("移出集体案件"), OPEN, None, OFFICE,
            asks=(REASON,), guards=("is_part",), tells=("handler",),
        ),
        Move(
            "tell_apart", _("判定不是重复"), OPEN, None, EVERY_HAND, reach="any", is_own_page=True,
        ),
        Move(
            "interrupt", _("登记时效中断"), OPEN, None, EVERY_HAND, reach="any", is_own_page=True,
        ),
        Move(
            "add_evidence", _("添加证据"), OPEN, None, EVERY_HAND, reach="any", is_own_page=True,
        ),
        Move(
            "note", _("记录办理情况"), OPEN, None, EVERY_HAND,
            asks=(Ask("note", _("办理情况"), "text"),), reach="any",
        ),
        Move(
            "ask", _("向劳动者提问"), OPEN, None, EVERY_HAND,
            asks=(Ask("question", _("想问劳动者的话"), "text"), Ask("answer_by", _("请在哪天前回答"), "date")), reach="any",
            hint=_("用大白话写。劳动者会收到短信，在查询页面上看到问题并回答；单位的人可能看到他的手机，不要写敏感的话。"),
        ),
    ),
)

REFERRAL_KINDS = (
    ("support", _("支持起诉")),
    ("inspection", _("劳动保障监察")),
    ("arbitration", _("劳动仲裁")),
    ("legal_aid", _("法律援助")),
    ("payment_order", _("支付令")),
    ("confirmation", _("司法确认")),
    ("preservation", _("财产保全")),
    ("enforcement", _("强制执行")),
    ("criminal", _("移送公安")),
    ("sector", _("行业主管部门")),
)
# Who is competent for what is referred. 支持起诉: 民事诉讼法 第十五条 lets bodies and social groups support a suit.
BODIES_FOR = {
    "support": ("procuratorate", "court", "union", "legal_aid", "inspection", "housing", "transport", "water"),
    "inspection": ("inspection",),
    "arbitration": ("arbitration",),
    "legal_aid": ("legal_aid", "union"),
    "payment_order": ("court",),
    "confirmation": ("court", "arbitration"),
    "preservation": ("court", "arbitration"),
    "enforcement": ("court",),
    "criminal": ("police", "procuratorate"),
    "sector": ("housing", "transport", "water"),
}
assert BODIES_FOR.keys() == dict(REFERRAL_KINDS).keys(), "a kind of referral has no competent body"
OUTCOMES = (
    ("sued", _("已支持起诉，法院立案")),
    ("paid", _("办理期间已清偿")),
    ("mediated", _("诉前和解")),
    ("judged", _("已裁判")),
    ("aided", _("已指派法律援助")),
    ("no_action", _("经审查不作处理")),
)
DECLINE_GROUNDS = (
    ("not_ours", _("不属于本单位职责")),
    ("evidence", _("证据不足，需补充")),
    ("can_sue", _("劳动者具备自行起诉能力")),
    ("no_request", _("劳动者未提出申请")),
    ("other", _("其他")),
)
# Of the body, of the sender, of whoever rules.
REFERRAL_CLOCKS = (
    "REF-RECEIVE-2", "REF-ANSWER-5", "REF-CONCLUDE-60", "REF-SUPPLEMENT-2", "REF-SUPPLY", "REF-CORRECT-5", "REF-RULING-5", "REF-RULING-3",
)  # fmt: skip
BODYS_OWN = ("REF-RECEIVE-2", "REF-ANSWER-5", "REF-CONCLUDE-60", "REF-SUPPLEMENT-2")  # clocks the body owes
SENDERS = (COUNTY_OFFICER, CITY_SUPERVISOR)
# Of these who rules on which says arrears.partners.arbiters; so it says by which of these clocks.
ARBITERS = (CITY_SUPERVISOR, COUNTY_OFFICER, MEDIATOR)
RULINGS = ("rule_takes", "rule_other", "rule_stands")
RULING_RULES = ("REF-RULING-5", "REF-RULING-3")
RULING = Ask("reason", _("裁定理由"), "text")

REFERRAL = Lifecycle(
    name="referral",
    label=_("移送"),
    initial="drafted",
    states=(
        State("drafted", _("草拟"), "plain"),
        State("sent", _("已发出"), "info"),
        State("received", _("已签收"), "info"),
        State("queried", _("待补充材料"), "warn"),
        State("returned", _("退回补正"), "warn"),
        State("accepted", _("已接受"), "good"),
        State("in_progress", _("办理中"), "info"),
        State("disputed", _("待裁定"), "warn"),
        State("concluded", _("已办结"), "muted", is_final=True),
        State("declined", _("未接受"), "bad", is_final=True),
        State("passed_on", _("裁定转由其他单位办理"), "muted", is_final=True),
        State("recalled", _("已撤回"), "muted", is_final=True),
    ),
    moves=(
        Move("draft", _("草拟移送"), (), "drafted", SENDERS, is_own_page=True),
        Move("send", _("发出"), ("drafted",), "sent", SENDERS, starts=("REF-RECEIVE-2",), tells=("body",), tone="primary"),
        Move(
            "receive", _("签收"), ("sent",), "received", (PARTNER,),
            starts=("REF-ANSWER-5",), stops=("REF-RECEIVE-2", "REF-SUPPLEMENT-2"), tells=("sender",), tone="primary",
        ),
        Move(
            "accept", _("接受"), ("received", "queried"), "accepted", (PARTNER,),
            asks=(NOTE,), starts=("REF-CONCLUDE-60",), stops=("REF-ANSWER-5", "REF-SUPPLY"), tells=("sender",), tone="primary",
        ),
        Move(
            "ask_more", _("要求补充材料"), ("received",), "queried", (PARTNER,),
            asks=(
                Ask("wanted", _("需要补充什么"), "text", hint=_("写明缺什么、用来证明什么，移送人照此收集。")),
                Ask("supply_by", _("请在哪天前补充"), "date"),
            ),
            starts=("REF-SUPPLY",), stops=("REF-ANSWER-5",), guards=("day_ahead",), tells=("sender",),
            hint=_("等待补充期间答复期限不计算；补充材料送达后重新计算。等不到的，也可以直接接受或者不接受。"),
        ),
        Move(
            "ask_further", _("办理中要求补充材料"), ("accepted", "in_progress"), None, (PARTNER,),
            asks=(Ask("wanted", _("需要补充什么"), "text"), Ask("supply_by", _("请在哪天前补充"), "date")),
            starts=("REF-SUPPLY",), guards=("day_ahead",), tells=("sender",),
            hint=_("已经接受的事项，反馈结果的期限照常计算，不因补充材料顺延。"),
        ),
        Move(
            "return", _("退回补正"), ("received", "queried"), "returned", (PARTNER,),
            asks=(Ask("wanted", _("需要补正什么"), "text"),),
            starts=("REF-CORRECT-5",), stops=("REF-ANSWER-5", "REF-SUPPLY", "REF-SUPPLEMENT-2"), tells=("sender",),
            hint=_("移送材料不合要求、暂时不能办理的用这一项；补正后重新发出，重新签收和答复。不属于本单位的请选“不接受”。"),
        ),
        Move(
            "decline", _("不接受"), ("received", "queried"), "declined", (PARTNER,),
            asks=(Ask("ground", _("不接受的原因"), "choice", DECLINE_GROUNDS), REASON),
            stops=REFERRAL_CLOCKS, guards=("not_ruled",), tells=("sender",), tone="danger",
        ),
        Move("begin", _("开始办理"), ("accepted",), "in_progress", (PARTNER,), asks=(NOTE,), tells=("sender",)),
        Move(
            "conclude", _("反馈结果"), ("accepted", "in_progress"), "concluded", (PARTNER,),
            asks=(
                Ask("outcome", _("办理结果"), "choice", OUTCOMES),
                Ask("docket_number", _("案号（如有）"), "line", is_required=False),
                Ask("note", _("结果说明"), "text"),
            ),
            stops=REFERRAL_CLOCKS, tells=("sender",), tone="primary",
        ),
        Move(
            "take", _("签收补充材料"), ("received", "queried", "accepted", "in_progress"), None, (PARTNER,),
            stops=("REF-SUPPLEMENT-2",), guards=("to_take",), tells=("sender",), tone="primary",
        ),
        Move(
            "narrow", _("部分劳动者撤回申请"), ("sent", "received", "queried", "returned", "accepted", "in_progress", "disputed"), None, (),
            tells=("body", "sender"), is_automatic=True,
        ),
        Move(
            "supply", _("补充材料"), ("queried",), "received", SENDERS,
            starts=("REF-ANSWER-5", "REF-SUPPLEMENT-2"), stops=("REF-SUPPLY",), guards=("claim_goes_on",), tells=("body",), tone="primary",
            is_own_page=True,
        ),
        Move(
            "supplement", _("发送补充材料"), ("sent", "received", "accepted", "in_progress"), None, SENDERS,
            starts=("REF-SUPPLEMENT-2",), stops=("REF-SUPPLY",), guards=("claim_goes_on",), tells=("body",), is_own_page=True,
        ),
        Move(
            "resend", _("补正后重新发出"), ("returned",), "sent", SENDERS,
            starts=("REF-RECEIVE-2",), stops=("REF-CORRECT-5",), guards=("claim_goes_on",), tells=("body",), tone="primary", is_own_page=True,
        ),
        Move(
            "dispute", _("提请裁定由谁办理"), ("sent", "received", "declined"), "disputed", SENDERS,
            asks=(REASON,), starts=("REF-RULING-5",), stops=REFERRAL_CLOCKS, guards=("claim_goes_on", "may_dispute"),
            tells=("body", "arbiter"),
            hint=_("协同单位以“不属于本单位职责”为由不接受，或者催告到头仍不答复的，可以提请裁定；裁定对双方有约束力。"),
        ),
        Move(
            "rule_takes", _("裁定由该单位办理"), ("disputed",), "accepted", ARBITERS,
            asks=(RULING,), starts=("REF-CONCLUDE-60",), stops=RULING_RULES,
            tells=("body", "sender"), tone="primary",
        ),
        Move(
            "rule_other", _("裁定由其他单位办理"), ("disputed",), "passed_on", ARBITERS,
            asks=(Ask("other_body", _("由哪个单位办理"), "body"), RULING), stops=RULING_RULES,
            guards=("another_body",), tells=("body", "sender"),
            hint=_("系统同时把同样的材料移送给该单位；该单位不能再以不属于本单位职责为由不接受。"),
        ),
        Move(
            "rule_stands", _("裁定不由该单位办理"), ("disputed",), "declined", ARBITERS,
            asks=(RULING,), stops=RULING_RULES, tells=("body", "sender"), tone="danger",
            hint=_("移送单位自行办理，或者另选单位。"),
        ),
        Move(
            "recall", _("撤回移送"),
            ("drafted", "sent", "received", "queried", "returned", "accepted", "in_progress", "disputed"), "recalled", SENDERS,
            asks=(REASON,), stops=REFERRAL_CLOCKS, tells=("body",), tone="danger",
        ),
    ),
)

SUPERVISORS = (COUNTY_OFFICER, CITY_SUPERVISOR)
ORDER_OPEN = ("issued", "received", "replied", "sent_back")
ORDER_CLOCKS = ("ORDER-REPLY",)

ORDER = Lifecycle(
    name="order",
    label=_("督办单"),
    initial="issued",
    states=(
        State("issued", _("待签收"), "warn"),
        State("received", _("已签收，待回复"), "info"),
        State("replied", _("已回复，待审核"), "info"),
        State("sent_back", _("退回重办"), "bad"),
        State("accepted", _("已办结"), "good", is_final=True),
        State("withdrawn", _("已撤销"), "muted", is_final=True),
        State("lapsed", _("随案终结"), "muted", is_final=True),
    ),
    moves=(
        Move(
            "issue", _("下达督办单"), (), "issued", SUPERVISORS,
            asks=(
                Ask("level", _("承办层级"), "choice"), Ask("demand", _("督办要求"), "text"),
                Ask("reply_by", _("回复期限"), "date"),
            ),
            starts=ORDER_CLOCKS, tells=("level",), tone="primary", is_own_page=True,
        ),
        Move("receive", _("签收"), ("issued",), "received", OFFICE, tells=("issuer",), tone="primary"),
        Move(
            "reply", _("回复"), ("issued", "received", "sent_back"), "replied", OFFICE,
            asks=(Ask("reply", _("办理情况"), "text"),), stops=ORDER_CLOCKS, tells=("issuer",), tone="primary",
            hint=_("写明已采取的措施、目前结果；未按期完成的，写明原因和下一步安排。"),
        ),
        Move(
            "accept", _("认可办结"), ("replied",), "accepted", SUPERVISORS,
            asks=(Ask("verdict", _("审核意见"), "text", is_required=False),), tells=("level",), tone="primary",
        ),
        Move(
            "send_back", _("退回重办"), ("replied",), "sent_back", SUPERVISORS,
            asks=(Ask("verdict", _("审核意见"), "text"), Ask("reply_by", _("新的回复期限"), "date")),
            starts=ORDER_CLOCKS, tells=("level",), guards=("claim_goes_on", "reply_in_future"), tone="danger",
        ),
        Move(
            "withdraw", _("撤销督办"), ORDER_OPEN, "withdrawn", SUPERVISORS,
            asks=(REASON,), stops=ORDER_CLOCKS, tells=("level",), tone="danger",
        ),
        Move(
            "lapse", _("随案终结"), ORDER_OPEN, "lapsed", (), stops=ORDER_CLOCKS, tells=("issuer",), is_automatic=True,
        ),
    ),
)
