"""What the officer is asked when a paper is issued, beyond what the record of the claim knows. Django-free.

`ASKS` is the question; `WORD` is how the texts of the papers call its answer: {{ 填写.责令事项 }}.
"""

from collections.abc import Mapping

from arrears.moves import Ask


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


YES_NO = (("yes", _("是")), ("no", _("否")))
INSPECTED = (("yes", _("符合")), ("no", _("不符合")), ("unknown", _("未查清")))
ACCEPTED = (("accepted", _("受理")), ("refused", _("不受理")))
ANSWERS_OF_F02 = (
    ("refuse", _("不予受理")),
    ("correct", _("补正后再受理")),
    ("redirect", _("移送或者指引到有权处理的单位")),
)
GROUNDS_OF_F02 = (
    ("limit", _("违法行为终了已满二年，且没有发现、举报、投诉")),
    ("unclear", _("被投诉人不明确")),
    ("scope", _("不属于劳动保障监察职权范围")),
    ("place", _("不属于本机关管辖")),
    ("procedure", _("应当或者已经通过调解、仲裁、诉讼程序办理")),
)
STAGES_OF_F07 = (("notice", _("事先告知书")), ("decision", _("决定书")))
KINDS_OF_F07 = (("handling", _("行政处理")), ("penalty", _("行政处罚")))
SUPPORTERS = (
    ("procuratorate", _("人民检察院")),
    ("hrss", _("人力资源和社会保障部门")),
    ("union", _("工会")),
    ("legal_aid", _("法律援助机构")),
    ("other", _("其他机关、社会团体、企业事业单位")),
)
KINDS_OF_F23 = (
    ("before", _("诉前财产保全")),
    ("during", _("诉讼财产保全")),
    ("arbitration", _("仲裁财产保全")),
    ("advance", _("先予执行")),
)
SECURITY = (("waive", _("请求不要求提供担保")), ("property", _("以本人财产担保")), ("person", _("由第三人保证")), ("insurer", _("由保险机构出具保函")))
TITLES = (
    ("judgment", _("民事判决书")),
    ("mediation", _("民事调解书")),
    ("award", _("仲裁裁决书")),
    ("arbitral_mediation", _("仲裁调解书")),
    ("order", _("支付令")),
    ("confirmation", _("司法确认裁定书")),
    ("administrative", _("行政处理决定书")),
)
SERVED_BY = (
    ("person", _("直接送达")),
    ("left", _("留置送达")),
    ("post", _("邮寄送达")),
    ("electronic", _("电子送达")),
    ("posted", _("在住所地、经营场所张贴并拍照录像")),
    ("notice", _("公告送达")),
    ("other", _("委托或者转交送达")),
)
AID_STAGES = (("arbitration", _("劳动仲裁")), ("suit", _("诉讼")), ("enforcement", _("强制执行")), ("mediation", _("调解、和解")))
AUTHORITIES = (
    ("ordinary", _("一般代理：代为立案、举证、参加调解和庭审、签收文书")),
    ("special", _("特别授权：代为承认、放弃、变更请求，进行和解，提起反诉或者上诉")),
)
REFUSED = (("no", _("没有拒收")), ("yes", _("拒绝签收")))

# The names of questions, as the texts of the papers call their answers.
QUESTIONS: tuple[tuple[str, Ask], ...] = (
    # parties and places
    ("对象", Ask("party", _("发给哪一个当事人"), "choice", hint=_("默认是第一顺位的责任人。"))),
    ("住址", Ask("worker_address", _("劳动者的住址"), "line", is_required=False)),
    ("送达地址", Ask("service_address", _("确认的送达地址和收件人"), "line", is_required=False)),
    ("电子送达", Ask("e_service", _("是否同意电子送达"), "choice", YES_NO, is_required=False)),
    ("受理机关", Ask("to_body", _("提交给哪个机关"), "line", is_required=False, hint=_("留空的，按本县（区）的对应机关写。"))),
    ("两名人员", Ask("officers", _("两名办案人员的姓名和证件号"), "line", hint=_("劳动保障监察须有两名以上监察员，写明监察证号。"))),
    # F-02
    ("答复", Ask("answer", _("怎样答复"), "choice", ANSWERS_OF_F02)),
    ("不予受理理由", Ask("ground", _("理由"), "choice", GROUNDS_OF_F02)),
    ("理由说明", Ask("ground_note", _("事实和理由"), "text")),
    ("移送单位", Ask("redirect_to", _("移送、指引到哪个单位"), "line", is_required=False)),
    ("补正期限", Ask("correct_by", _("最迟补正日期"), "date", is_required=False)),
    # F-03
    ("涉嫌违法行为", Ask("breach", _("涉嫌的违法行为和条款"), "text")),
    ("批准人", Ask("approver", _("批准人"), "line")),
    ("立案日期", Ask("filed_on", _("立案日期"), "date", hint=_("受理当日立案；六十个工作日的调查期限从这一天起算。"))),
    # F-04
    ("被询问人", Ask("asked_person", _("被询问人姓名、证件号"), "line")),
    ("被询问人职务", Ask("asked_post", _("被询问人的职务、电话"), "line", is_required=False)),
    ("询问地点", Ask("place", _("地点"), "line")),
    ("开始时间", Ask("starts_at", _("开始时间"), "datetime")),
    ("结束时间", Ask("ends_at", _("结束时间"), "datetime", is_required=False)),
    ("询问内容", Ask("questions", _("要问的问题，一行一个"), "text", is_required=False)),
    ("录音录像编号", Ask("recording", _("录音录像编号"), "line", is_required=False)),
    # F-05, F-06
    ("最迟日期", Ask("due_on", _("最迟提供日期"), "date")),
    ("材料", Ask("produce", _("还要提供的其他材料"), "text", is_required=False)),
    ("责令事项", Ask("ordered_act", _("责令做什么"), "text")),
    ("违反条款", Ask("breached", _("违反的法律条款"), "line", hint=_("写明法规名称和条、款、项。"))),
    ("改正期限", Ask("order_due_on", _("最迟改正日期"), "date", hint=_("法律没有规定长短；少于三日或者多于十五日的会提醒。"))),
    # F-07, F-08
    ("步骤", Ask("step", _("告知还是决定"), "choice", STAGES_OF_F07)),
    ("处理种类", Ask("act_kind", _("处理还是处罚"), "choice", KINDS_OF_F07)),
    ("查明事实", Ask("found", _("查明的事实和证据"), "text")),
    ("处理内容", Ask("content", _("处理、处罚的内容和法律依据"), "text")),
    ("听证", Ask("hearing", _("是否属于可以要求听证的"), "choice", YES_NO)),
    ("履行期限", Ask("pay_by", _("履行（付款）的最后日期"), "date", is_required=False)),
    ("责令文书号", Ask("order_number", _("责令支付文书的文号"), "line")),
    ("责令到期日", Ask("order_expired_on", _("责令支付的期限届满日"), "date")),
    ("加付比例", Ask("rate", _("加付比例（50 到 100，%）"), "line")),
    # F-09 to F-15
    ("其他请求", Ask("more_requests", _("工资以外的其他请求，一行一个"), "text", is_required=False)),
    ("证人", Ask("witnesses", _("证人姓名和住所"), "text", is_required=False)),
    ("受理结果", Ask("accepted", _("受理还是不受理"), "choice", ACCEPTED)),
    ("受理日期", Ask("received_on", _("收到申请的日期"), "date", hint=_("十五日的调解期限从这一天起算。"))),
    ("调解员", Ask("mediator", _("调解员"), "line", is_required=False)),
    ("调解时间", Ask("session_at", _("调解时间"), "datetime", is_required=False)),
    ("调解地点", Ask("session_place", _("调解地点"), "line", is_required=False)),
    ("不受理原因", Ask("why_refused", _("不受理的原因和其他途径"), "text", is_required=False)),
    ("协议内容", Ask("terms", _("协议内容（履行方式、期限、账户、违约条款）"), "text", is_required=False)),
    ("到期日", Ask("debt_due_on", _("债务到期日"), "date")),
    ("没有其他债务", Ask("no_counter_debt", _("申请人说明：没有对待给付义务，双方没有别的债务纠纷"), "confirm")),
    ("没有诉前保全", Ask("no_preservation", _("申请人说明：没有申请诉前财产保全"), "confirm")),
    ("仲裁情况", Ask("arbitration", _("仲裁的经过和结果"), "text", is_required=False)),
    # F-16 to F-18
    ("不能独立起诉的原因", Ask("why_not_alone", _("为什么难以自己起诉"), "text")),
    ("已经主张", Ask("tried", _("以前怎样要过这笔钱"), "text", is_required=False)),
    ("自愿申请", Ask("voluntary", _("劳动者自愿申请，已经知道仍由自己做原告"), "confirm")),
    ("支持单位种类", Ask("supporter_kind", _("由谁支持起诉"), "choice", SUPPORTERS)),
    ("支持单位", Ask("supporter", _("支持起诉单位的名称"), "line", is_required=False)),
    ("选择理由", Ask("supporter_why", _("选择这个单位的理由"), "text", is_required=False)),
    ("是否法律援助", Ask("with_aid", _("是否同时申请法律援助"), "choice", YES_NO)),
    ("审查意见", Ask("opinion", _("意见"), "text")),
    ("出庭", Ask("attends", _("是否派员出席庭审"), "choice", YES_NO)),
    # F-19
    ("报告人员", Ask("reporters", _("提出移送报告的两名人员"), "line")),
    ("报告日期", Ask("reported_on", _("提出移送报告的日期"), "date")),
    ("批准日期", Ask("approved_on", _("负责人批准的日期"), "date", hint=_("报告之日起三日内决定，批准后二十四小时内移送。"))),
    ("责令情况", Ask("ordered", _("责令支付的文书、送达日期和方式、到期仍未支付的情况"), "text")),
    ("物品清单", Ask("items", _("涉案物品、检验报告和鉴定意见"), "text", is_required=False)),
    # F-22
    ("送达文书", Ask("document", _("送达的文书名称和编号"), "line")),
    ("送达方式", Ask("served_by", _("送达方式"), "choice", SERVED_BY)),
    ("送达地点", Ask("served_at", _("送达地点（地址、号码、邮箱或者快递单号）"), "line")),
    ("送达日期", Ask("served_on", _("收到日期"), "date", is_required=False)),
    ("是否拒收", Ask("refused", _("有没有拒收"), "choice", REFUSED, is_required=False)),
    ("见证", Ask("witness", _("拒收的原因、见证人、照片或者录像"), "text", is_required=False)),
    # F-23 to F-25
    ("保全种类", Ask("preserve_kind", _("申请哪一种"), "choice", KINDS_OF_F23)),
    ("财产线索", Ask("property", _("财产或者财产线索"), "text")),
    ("担保", Ask("security", _("担保"), "choice", SECURITY)),
    ("紧急理由", Ask("urgency", _("为什么要保全（先予执行）"), "text")),
    ("援助事项", Ask("aid_stage", _("申请援助的事项"), "choice", AID_STAGES)),
    ("生效文书种类", Ask("title_kind", _("凭哪一种生效文书"), "choice", TITLES)),
    ("生效文书号", Ask("title_number", _("生效文书的文号"), "line")),
    ("执行金额", Ask("title_amount", _("申请执行的金额"), "money", hint=_("生效文书确定的金额，减去此后已经付的。"))),
    ("生效日期", Ask("effective_on", _("生效日期"), "date")),
    ("应当履行日", Ask("perform_by", _("最后履行日"), "date", hint=_("申请执行的二年从这一天的次日起算。"))),
    ("催告日期", Ask("urged_on", _("催告书送达日期（行政决定）"), "date", is_required=False)),
    # F-26, F-27
    ("发生时间", Ask("happened_at", _("发生时间"), "datetime")),
    ("发生地点", Ask("happened_place", _("发生地点"), "line")),
    ("现场人数", Ask("people", _("现场人数"), "line")),
    ("群众诉求", Ask("demand", _("群众要什么，情绪怎样"), "text")),
    ("媒体", Ask("media", _("有没有媒体、网络传播"), "line", is_required=False)),
    ("已采取措施", Ask("steps", _("已采取的措施"), "text")),
    ("报告经过", Ask("reports", _("几时向谁报告"), "text")),
    ("巡查日期", Ask("visited_on", _("巡查日期"), "date")),
    ("合同", Ask("check_contract", _("订立劳动合同或者用工书面协议"), "choice", INSPECTED)),
    ("实名", Ask("check_names", _("实名登记"), "choice", INSPECTED)),
    ("专户", Ask("check_account", _("工资专用账户"), "choice", INSPECTED)),
    ("保证金", Ask("check_deposit", _("工资保证金"), "choice", INSPECTED)),
    ("告示牌", Ask("check_board", _("维权信息告示牌"), "choice", INSPECTED)),
    ("工资表", Ask("check_sheets", _("按月考核、工资表本人签字"), "choice", INSPECTED)),
    ("劳资专管员", Ask("check_officer", _("劳资专管员"), "choice", INSPECTED)),
    ("支付担保", Ask("check_guarantee", _("建设单位工程款支付担保"), "choice", INSPECTED)),
    ("检查说明", Ask("check_note", _("发现的问题、整改要求、照片编号"), "text", is_required=False)),
    # F-21, L-02
    ("约定付款日", Ask("promise_by", _("约定的付款日期"), "date", is_required=False)),
    ("保证人", Ask("guarantor", _("保证人姓名和证件号"), "line", is_required=False)),
    ("受托人", Ask("agent", _("受托人姓名、单位、证件号和电话"), "line")),
    ("代理权限", Ask("authority", _("代理权限"), "choice", AUTHORITIES)),
    ("代理程序", Ask("proceeding", _("代理哪个程序"), "line", is_required=False)),
)  # fmt: skip
ASKS: Mapping[str, Ask] = {ask.name: ask for _word, ask in QUESTIONS}
WORD: Mapping[str, str] = {ask.name: word for word, ask in QUESTIONS}
assert len(ASKS) == len(QUESTIONS) == len(set(WORD.values())), "two questions have one name"
