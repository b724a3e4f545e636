"""案件、工程、劳动关系、证据、承办、管辖: what happened, how it is proved, who deals with it."""

from typing import Any

from arrears.lifecycle import EVIDENCE_KINDS
from arrears.owed.table import STATES
from arrears.papers.facts import Scene, add_facts
from arrears.papers.fields import LIST, Field
from arrears.papers.forms import WORDS
from arrears.papers.record import Record
from arrears.papers.tellers.people import f
from arrears.papers.wording import day, sentence
from arrears.situation.facts import TICKS
from grid.roles import CITY, TOWNSHIP

CHANNEL_NAMES = {
    "patrol": "网格巡查", "window": "窗口来访", "phone": "来电", "hotline": "12345热线", "letter": "来信", "online": "网上", "referred": "其他单位转来",
    "ledger": "历史台账导入",
}  # fmt: skip
CONTRACT_NAMES = {"contract": "已订立书面劳动合同", "written": "已订立用工书面协议", "none": "没有书面约定", "unknown": ""}
# What each kind of evidence is called in a list, and what it can prove.
PROVES = {
    "contract": "双方的用工关系、岗位和报酬标准", "attendance": "出勤天数和工作量", "wage_sheet": "报酬标准、应发和实发数额", "iou": "拖欠工资的事实和数额",
    "transfer": "已经支付的数额和付款人", "chat": "用工经过、催要工资和对方承认的情况", "photo": "劳动者在现场工作的事实", "voice": "用工和催要工资的经过",
    "identity": "当事人的身份", "signature": "", "firm_sign": "", "other_sign": "", "document": "仲裁、诉讼和行政程序的进展和结果", "other": "与本案有关的其他事实",
}  # fmt: skip
KIND_NAMES = {
    "contract": "劳动合同或者用工协议", "attendance": "考勤记录", "wage_sheet": "工资表或者工资条", "iou": "工资欠条或者结算单", "transfer": "转账或者收款记录",
    "chat": "聊天记录", "photo": "现场照片", "voice": "录音", "identity": "身份证明", "signature": "劳动者签名", "firm_sign": "用工一方签名",
    "other_sign": "代理人、调解员和其他人签名", "document": "法律文书和回执", "other": "其他材料",
}  # fmt: skip
assert PROVES.keys() == KIND_NAMES.keys() == dict(EVIDENCE_KINDS).keys()
STATE_NAMES = {"open": "待提供", "kept": "已提供", "broken": "逾期未提供", "refused": "拒不提供", "waived": "免予提供", "lapsed": "随案终结"}
assert STATE_NAMES.keys() == dict(STATES).keys()


def case(scene: Scene) -> dict[str, Any]:
    claim, record = scene.claim, scene.record
    money = record.money
    return {
        "案号": claim.number, "地区": claim.region.full_name, "市": record.places["city"], "县": record.places["county"],
        "乡镇": record.places["township"], "来源": CHANNEL_NAMES[claim.channel], "收到日期": claim.received_on, "登记日期": claim.registered_at,
        "登记人": str(claim.registered_by) if claim.registered_by else "",
        "人数": len(record.workers) if record.is_part else max(claim.worker_count, len(record.workers)),
        "多人": len(record.workers) > 1, "集体": claim.is_collective and not record.is_part, "期间起": money.first, "期间止": money.last,
        "期间": period(record), "事实经过": sentence(claim.story), "诉求": sentence(claim.request),
    }  # fmt: skip


def period(record: Record) -> str:
    money = record.money
    return f"{day(money.first)}至{day(money.last)}" if money.first and money.last else ""


def site(scene: Scene) -> dict[str, Any]:
    found = scene.claim.site
    name = found.name if found else ""
    called = name if not name or name.endswith(("项目", "工程")) else f"{name}项目"
    return {"有": found is not None, "名称": name, "称谓": called, "地址": found.address if found else ""}


def relation(scene: Scene) -> dict[str, Any]:
    claim, record = scene.claim, scene.record
    said = record.situation.said
    return {
        "岗位": claim.work, "书面约定": CONTRACT_NAMES[claim.contract], "最后工作日": claim.last_working_day, "仍在职": "still_employed" in said,
        "报酬标准": rates(record), "无用人单位": "no_employer" in said, "工程建设领域": "construction" in said,
    }  # fmt: skip


# What of the situation decides what a paper says.
SAID = {
    "工资欠条": "iou", "不止工资": "more_than_wages", "协议到期未付": "agreement_late", "仲裁未受理": "arb_refused", "下落不明": "debtor_missing",
    "无用人单位": "no_employer", "责令后未付": "ordered_unpaid", "已有生效文书": "title", "超过退休年龄": "retired", "数额有争议": "quantity_dispute",
}  # fmt: skip
assert set(SAID.values()) <= TICKS.keys()


def situation(scene: Scene) -> dict[str, bool]:
    said = scene.record.situation.said
    return {word: fact in said for word, fact in SAID.items()}


def rates(record: Record) -> str:
    """每月4,000.00元；of several workers only where it is one and the same."""
    units = {"month": "每月", "day": "每天", "hour": "每小时", "piece": "每件"}
    found = {f"{units[line.unit]}{line.rate:,.2f}元" for line in record.lines if line.unit in units}
    return found.pop() if len(found) == 1 else "见工资明细" if found else ""


def evidence(scene: Scene) -> list[dict[str, Any]]:
    """页数, 起始页 and 止页 are filled by whoever binds the packet."""
    record = scene.record
    return record.once("证据", lambda: [
        {
            "序号": place, "名称": paper.title or KIND_NAMES[paper.kind], "类型": KIND_NAMES[paper.kind], "来源": source_of(record, paper),
            "证明": PROVES[paper.kind], "日期": paper.added_at, "页数": None, "页码": "", "编号": paper.sha256[:8],
        }
        for place, paper in enumerate(record.evidence, 1)
    ])  # fmt: skip


def source_of(record: Record, paper: Any) -> str:
    if any(row.came_as_id == paper.pk for row in record.notices):
        return "用人单位按举证通知提供"
    return "劳动者提供" if paper.added_by_id else "劳动者自行提交"


def kept_back(scene: Scene) -> list[dict[str, Any]]:
    """What the employer was told to produce and has not: 保障农民工工资支付条例 第五十条."""
    rows = [row for row in scene.record.notices if row.state in ("open", "broken", "refused")]
    return [
        {
            "序号": place, "材料": KIND_NAMES[row.paper], "单位": row.employer, "最迟日期": row.due_on,
            "情况": "逾期未提供" if row.is_late(scene.today) else STATE_NAMES[row.state],
        }
        for place, row in enumerate(rows, 1)
    ]  # fmt: skip


def in_charge(scene: Scene) -> dict[str, Any]:
    claim = scene.claim
    return {"单位": unit_of(scene), "承办人": str(claim.handler) if claim.handler else "", "电话": claim.handler.phone if claim.handler else ""}


def unit_of(scene: Scene) -> str:
    record, level = scene.record, scene.claim.level
    if level == TOWNSHIP:
        name = record.places["township"]
        return f"{name}办事处" if name.endswith("街道") else f"{name}人民政府"
    return body_of(record, "LABOUR-DEPARTMENT", city=level == CITY)


# Which partner bodies are known by name, and what they are called otherwise.
BODIES = {
    "法院": ("court", "COURT"), "仲裁委员会": ("arbitration", "ARBITRATION"), "检察院": ("procuratorate", "PROCURATORATE"), "公安机关": ("police", "POLICE"),
    "法律援助机构": ("legal_aid", "LEGAL-AID"), "人社部门": ("", "LABOUR-DEPARTMENT"), "人民政府": ("", "GOVERNMENT"), "调解组织": ("", "MEDIATION"),
}  # fmt: skip
# To whom a paper goes, if nobody says otherwise.
GOES_TO = {
    "F-09": "仲裁委员会", "F-10": "调解组织", "F-13": "法院", "F-14": "法院", "F-28": "仲裁委员会", "F-15": "法院", "F-16": "检察院", "F-18": "法院", "F-19": "公安机关",
    "F-23": "法院", "F-24": "法律援助机构", "F-25": "法院", "L-02": "法院",
}  # fmt: skip


def body_of(record: Record, word: str, *, kind: str = "", city: bool = False) -> str:
    place = {"county": record.places["city"] if city else record.places["county"], "township": record.places["township"]}
    return record.bodies.get(kind) or WORDS[word].value % place


def competent(scene: Scene) -> dict[str, str]:
    record = scene.record
    return record.once("管辖", lambda: {name: body_of(record, word, kind=kind) for name, (kind, word) in BODIES.items()})


def goes_to(scene: Scene) -> str:
    return scene.answers.get("to_body") or competent(scene).get(GOES_TO.get(scene.form.id, ""), "")


def words(scene: Scene) -> dict[str, str]:
    return {"支持起诉书名称": WORDS["SUPPORT-TITLE"].value, "领导小组": scene.record.places["county"] + WORDS["LEADING-GROUP"].value}


def copies(scene: Scene) -> int:
    """调解仲裁法 第二十八条: as many copies as there are respondents."""
    return len(scene.record.sued)


add_facts("案件", case, [
    f("案件.案号", "案号", "case number", "沭阳〔2026〕0001号"), f("案件.地区", "所属地区全称", "place in full", "江苏省宿迁市沭阳县陇集镇"),
    f("案件.市", "市", "city", "宿迁市"), f("案件.县", "县（区）", "county", "沭阳县"), f("案件.乡镇", "乡镇（街道）", "township", "陇集镇"),
    f("案件.来源", "案件来源", "how it came", "窗口来访"), f("案件.收到日期", "收到日期", "received on", "2026年3月2日", "date"),
    f("案件.登记日期", "登记日期", "logged on", "2026年3月2日", "date"), f("案件.登记人", "登记人", "logged by", "王格"),
    f("案件.人数", "涉及人数", "how many workers", "8", "number"), f("案件.多人", "是不是多名劳动者", "several workers?", "否", "yes_no"),
    f("案件.集体", "是不是十人以上的集体争议", "ten workers or more?", "否", "yes_no"), f("案件.期间起", "欠薪期间起", "arrears from", "2025年11月1日", "date"),
    f("案件.期间止", "欠薪期间止", "arrears to", "2025年12月31日", "date"), f("案件.期间", "欠薪期间", "period of the arrears", "2025年11月1日至2025年12月31日"),
    f("案件.事实经过", "事实经过（劳动者的陈述）", "what happened, as the worker tells it", "在工地做瓦工，完工后未付工资。"), f("案件.诉求", "劳动者的诉求", "what the worker wants", "要求支付工资。"),
])  # fmt: skip
add_facts("工程", site, [
    f("工程.有", "有没有登记工程", "is a site recorded?", "是", "yes_no"), f("工程.名称", "工程项目名称", "name of the project", "陇集镇安置房二期"),
    f("工程.称谓", "写进正文的称谓，以“项目”“工程”结尾", "as the text calls it", "陇集镇安置房二期项目"), f("工程.地址", "工程地址", "address of the site", "陇集镇人民路"),
])  # fmt: skip
add_facts("劳动关系", relation, [
    f("劳动关系.岗位", "岗位、工种", "post", "瓦工"), f("劳动关系.书面约定", "书面约定", "written agreement", "没有书面约定"),
    f("劳动关系.最后工作日", "最后工作日", "last working day", "2026年1月20日", "date"), f("劳动关系.仍在职", "是不是仍在职", "still employed?", "否", "yes_no"),
    f("劳动关系.报酬标准", "约定的报酬标准", "agreed rate", "每月4,000.00元"), f("劳动关系.无用人单位", "是不是给个人干活", "work for an individual?", "否", "yes_no"),
    f("劳动关系.工程建设领域", "是不是工程建设领域", "construction?", "是", "yes_no"),
])  # fmt: skip
add_facts("情形", situation, [Field(f"情形.{word}", TICKS[fact].label, TICKS[fact].label_en, "否", "yes_no") for word, fact in SAID.items()])
add_facts("证据", evidence, [
    f("证据", "证据，一份一行", "evidence, one paper a row", kind=LIST), f("证据.序号", "序号", "number", "1", "number"), f("证据.名称", "名称", "name", "工资欠条"),
    f("证据.类型", "类型", "kind", "工资欠条或者结算单"), f("证据.来源", "来源", "source", "劳动者提供"), f("证据.证明", "证明的事实", "what it proves", "拖欠工资的事实和数额"),
    f("证据.日期", "登记日期", "added on", "2026年3月2日", "date"), f("证据.页数", "页数（成套时填写）", "pages, filled in the packet", "2", "number"),
    f("证据.页码", "起止页码（成套时填写）", "pages in the packet", "12—13"), f("证据.编号", "文件校验码前八位", "first eight of its hash", "3f2a9c01"),
])  # fmt: skip
add_facts("未提供", kept_back, [
    f("未提供", "用人单位应当提供而没有提供的证据", "what the employer must produce and has not", kind=LIST), f("未提供.序号", "序号", "number", "1", "number"),
    f("未提供.材料", "材料", "paper", "工资表或者工资条"), f("未提供.单位", "应当提供的单位", "who must", "宿迁宏远劳务有限公司"),
    f("未提供.最迟日期", "最迟提供日期", "due on", "2026年3月16日", "date"), f("未提供.情况", "情况", "how it stands", "逾期未提供"),
])  # fmt: skip
add_facts("承办", in_charge, [
    f("承办.单位", "承办单位", "office in charge", "陇集镇人民政府"), f("承办.承办人", "承办人", "officer in charge", "章镇"), f("承办.电话", "承办人电话", "the officer's phone", "0527-83550001"),
])  # fmt: skip
add_facts("管辖", competent, [
    f("管辖.法院", "有管辖权的人民法院", "competent court", "沭阳县人民法院"), f("管辖.仲裁委员会", "劳动人事争议仲裁委员会", "arbitration commission", "沭阳县劳动人事争议仲裁委员会"),
    f("管辖.检察院", "人民检察院", "procuratorate", "沭阳县人民检察院"), f("管辖.公安机关", "公安机关", "police", "沭阳县公安局"),
    f("管辖.法律援助机构", "法律援助机构", "legal aid body", "沭阳县法律援助中心"), f("管辖.人社部门", "人力资源和社会保障部门", "labour department", "沭阳县人力资源和社会保障局"),
    f("管辖.人民政府", "人民政府", "county government", "沭阳县人民政府"), f("管辖.调解组织", "调解组织", "mediation body", "陇集镇劳动争议调解中心"),
])  # fmt: skip
add_facts("受理机关", goes_to, [f("受理机关", "文书提交给哪个机关", "to whom the paper goes", "沭阳县人民法院")])
add_facts("用语", words, [
    f("用语.支持起诉书名称", "支持起诉文书的名称（本地叫法）", "what the support instrument is called here", "支持起诉书"),
    f("用语.领导小组", "领导小组的名称（本地叫法）", "what the leading group is called here", "沭阳县就业促进和劳动保护工作领导小组"),
])  # fmt: skip
add_facts("副本份数", copies, [f("副本份数", "副本份数：被申请人的人数", "copies: one for each respondent", "2", "number")])
