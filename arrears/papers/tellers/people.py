"""申请人、代表人、被申请人、责任人: who asks, for whom, of whom, and who must pay by which article."""

from collections.abc import Iterator
from typing import Any

from arrears.groups.law import SCOPES
from arrears.identity import age, birth_date, sex
from arrears.liability import DUTIES, SUCCESSOR, Liable
from arrears.models import Claimant, Respondent
from arrears.models.parties import CHAIN_ROLES
from arrears.papers.facts import Scene, add_facts
from arrears.papers.fields import LIST, Field
from arrears.papers.record import Money, Record
from arrears.papers.wording import article_of, bare, day, listed, ordinal, version_of
from arrears.rules.tables import CONFIDENCES

SEXES = {"male": "男", "female": "女"}
HIDDEN = "＊＊"  # in a preview, of what the masked number does not show
ROLE_NAMES = {"owner": "建设单位", "general": "施工总承包单位", "sub": "分包单位", "labour": "劳务公司", "foreman": "包工头",
              "dispatch": "劳务派遣单位", "employer": "用人单位", "investor": "出资人", SUCCESSOR: "承继的单位"}  # fmt: skip
assert ROLE_NAMES.keys() >= dict(CHAIN_ROLES).keys()
PERSONS = ("foreman", "investor")
TO_FIND = "名称待查明"
DUTY_SAID = {
    "direct": "直接支付", "first": "先行清偿", "pays": "承担清偿责任", "joint": "承担连带清偿责任", "advance": "先行垫付",
    "investor": "作为出资人清偿", "successor": "作为承继单位清偿", "contract": "按约定支付",
}  # fmt: skip
assert DUTY_SAID.keys() == DUTIES.keys()
SCOPE_NAMES = {"general": "一般授权", "special": "特别授权"}
assert SCOPE_NAMES.keys() == dict(SCOPES).keys()


def from_number(record: Record, worker: Claimant) -> dict[str, Any]:
    """Sex, age and day of birth of a whole number; in a preview it is not opened, and they are filled in when issued."""
    number = (record.numbers or {}).get(worker.pk, "")
    if number:
        return {"性别": SEXES[sex(number)], "年龄": age(number, record.today), "出生日期": day(birth_date(number))}
    hidden = HIDDEN if worker.id_masked and record.numbers is None else ""
    return {"性别": hidden, "年龄": hidden or None, "出生日期": hidden}


def person(scene: Scene, place: int, worker: Claimant) -> dict[str, Any]:
    record, lines = scene.record, scene.record.lines_of(worker)
    money, authority = Money.of(lines), record.authorities.get(worker.pk) if record.representatives else None
    return {
        "序号": place, "姓名": worker.name, **from_number(record, worker), "身份证号": record.number_of(worker), "电话": worker.reached_at,
        "职业": scene.claim.work or "务工人员", "工作单位": workplace(record), "期间起": money.first, "期间止": money.last,
        "应付": money.due, "已付": money.paid, "欠付": money.unpaid,
        "委托代表人": authority.representative.claimant.name if authority else "", "授权": SCOPE_NAMES[authority.scope] if authority else "",
    }  # fmt: skip


def workplace(record: Record) -> str:
    """By whom the worker was taken on, as far as it is known."""
    hired = [row for row in record.respondents if row.role not in ("owner", "general", "investor")] or record.respondents
    return name_of(hired[0]) if hired else ""


def everybody(scene: Scene) -> list[dict[str, Any]]:
    record = scene.record
    return record.once("全部申请人", lambda: [person(scene, place, worker) for place, worker, _lines in record.each()])


def applicant(scene: Scene) -> dict[str, Any]:
    """Whose paper it is: the one worker; of several the first representative, else the first of them."""
    record, people = scene.record, everybody(scene)
    wanted = scene.worker.pk if scene.worker else record.representatives[0].claimant_id if record.representatives else None
    row = next((row for worker, row in zip(record.workers, people, strict=True) if worker.pk == wanted), people[0] if people else {})
    several = len(people) > 1 and scene.worker is None
    lines = record.lines_of(scene.worker) if scene.worker else record.lines
    return {
        **{field: row.get(field, "") for field in PERSON_FIELDS}, "住址": scene.answers.get("worker_address") or "",
        "多人": several, "人数": len(people) if scene.worker is None else 1,
        "称谓": f"{row.get('姓名', '')}等{len(people)}人" if several else row.get("姓名", ""), "明细": line_rows(record, lines),
    }  # fmt: skip


def line_rows(record: Record, lines: list[Any]) -> list[dict[str, Any]]:
    wanted = {line.pk for line in lines}
    return [row for row, line in zip(record.once("行", lambda: all_lines(record)), record.lines, strict=True) if line.pk in wanted]


def all_lines(record: Record) -> list[dict[str, Any]]:
    return list(_lines(record))


UNIT_NAMES = {"month": "月", "day": "天", "hour": "小时", "piece": "件", "lump": "总额"}


def _lines(record: Record) -> Iterator[dict[str, Any]]:
    names = {worker.pk: worker.name for worker in record.workers}
    for place, line in enumerate(record.lines, 1):
        yield {
            "序号": place, "姓名": names[line.claimant_id], "期间起": line.period_from, "期间止": line.period_to,
            "计酬单位": UNIT_NAMES[line.unit], "单价": line.rate, "数量": line.quantity,
            "算式": f"{line.rate:,.2f}×{bare(line.quantity)}{UNIT_NAMES[line.unit]}" if line.unit != "lump" else "总额", "应付": line.due, "已付": line.paid, "欠付": line.unpaid,
        }  # fmt: skip


def representatives(scene: Scene) -> list[dict[str, Any]]:
    record = scene.record
    given = [authority.representative_id for authority in record.authorities.values()] if record.representatives else []
    places = {worker.pk: row for worker, row in zip(record.workers, everybody(scene), strict=True)}
    return [
        {
            "序号": place, **{name: places.get(row.claimant_id, {}).get(name, "") for name in ("姓名", "性别", "年龄", "身份证号", "电话")},
            "推选日期": row.chosen_on, "授权人数": given.count(row.pk),
        }
        for place, row in enumerate(record.representatives, 1)
    ]  # fmt: skip


def name_of(row: Respondent) -> str:
    return row.legal_name or f"{row.aliases}（{TO_FIND if row.role not in PERSONS else '真实姓名待查明'}）"


def respondent(record: Record, place: int, row: Respondent) -> dict[str, Any]:
    is_person = row.role in PERSONS
    return {
        "序号": place, "序": ordinal(place), "名称": name_of(row), "角色": ROLE_NAMES[row.role], "是个人": is_person,
        "证件名称": "公民身份号码" if is_person else "统一社会信用代码", "证件号": row.credit_code, "地址": row.address, "负责人": row.contact,
        "负责人职务": "本人" if is_person else "法定代表人（负责人）", "电话": row.phone, "线索": row.aliases if row.legal_name else "",
        "应当支付": row in record.sued and any(party.role == row.role for party in record.liability.parties),
    }  # fmt: skip


def respondents(scene: Scene) -> list[dict[str, Any]]:
    """The other side: who must pay."""
    record = scene.record
    return record.once("全部被申请人", lambda: [respondent(record, place, row) for place, row in enumerate(record.sued, 1)])


def others(scene: Scene) -> list[dict[str, Any]]:
    record = scene.record
    return record.once("其他单位", lambda: [respondent(record, place, row) for place, row in enumerate(rest(record), 1)])


def rest(record: Record) -> list[Respondent]:
    return [row for row in record.respondents if row not in record.sued]


def addressed(scene: Scene) -> dict[str, Any]:
    """To whom the paper goes: the party that was chosen, else who must pay first."""
    record, wanted = scene.record, str(scene.answers.get("party") or "")
    chosen = [row for row in record.respondents if str(row.pk) == wanted] or record.sued
    found = respondent(record, 1, chosen[0]) if chosen else dict.fromkeys(RESPONDENT_FIELDS, "")
    return {field: found[field] for field in RESPONDENT_FIELDS}


def payers(scene: Scene) -> list[dict[str, Any]]:
    record = scene.record
    return record.once("责任人", lambda: [payer(record, party) for party in record.liability.parties])


def payer(record: Record, party: Liable) -> dict[str, Any]:
    """Papers cite what was checked, nothing else."""
    names = listed(name_of(row) for row in record.respondents if row.role == party.role) or TO_FIND
    checked = [rule for rule in party.rules if rule.verified]
    return {
        "序号": party.order, "序": ordinal(party.order), "名称": names, "角色": ROLE_NAMES[party.role], "责任": DUTY_SAID[party.duty],
        "已知": any(row.legal_name for row in record.respondents if row.role == party.role), "有限额": party.is_capped, "限额": party.cap, "金额": party.amount, "可追偿": party.may_recover,
        "条文": listed(dict.fromkeys(article_of(rule) for rule in checked)), "未核实": not checked,
        "版本": "；".join(dict.fromkeys(f"《{rule.law}》：{version_of(rule.law)}" for rule in checked)),
        "依据": [
            {"理由": rule.ground.rstrip("。"), "条文": article_of(rule), "核对程度": CONFIDENCES[rule.confidence], "未核实": not rule.verified}
            for rule in party.rules
        ],
    }  # fmt: skip


PERSON_FIELDS = (
    "姓名", "性别", "年龄", "出生日期", "身份证号", "电话", "职业", "工作单位", "期间起", "期间止", "应付", "已付", "欠付", "委托代表人", "授权",
)  # fmt: skip
RESPONDENT_FIELDS = ("名称", "角色", "是个人", "证件名称", "证件号", "地址", "负责人", "负责人职务", "电话", "线索", "应当支付")


def f(path: str, meaning: str, english: str, example: str = "", kind: str = "text") -> Field:
    return Field(path, meaning, english, example, kind)


def person_fields(root: str, *, of: str = "", of_en: str = "") -> list[Field]:
    return [
        f(f"{root}.姓名", f"{of}姓名", f"{of_en}name", "李建国"), f(f"{root}.性别", f"{of}性别（由身份证号得出）", f"{of_en}sex, from the ID number", "男"),
        f(f"{root}.年龄", f"{of}年龄（周岁，由身份证号得出）", f"{of_en}age, from the ID number", "46", "number"),
        f(f"{root}.身份证号", f"{of}身份证号；预览时遮盖", f"{of_en}ID number, masked in previews", "321399198001010011"),
        f(f"{root}.电话", f"{of}联系电话", f"{of_en}phone", "13800000001"),
    ]  # fmt: skip


def more_person_fields(root: str) -> list[Field]:
    return [
        f(f"{root}.出生日期", "出生日期（由身份证号得出）", "day of birth, from the ID number", "1980年1月1日"), f(f"{root}.职业", "职业、工种", "occupation", "瓦工"),
        f(f"{root}.工作单位", "招用的单位或者个人", "by whom taken on", "宿迁宏远劳务有限公司"),
        f(f"{root}.期间起", "欠薪期间起", "arrears from", "2025年11月1日", "date"), f(f"{root}.期间止", "欠薪期间止", "arrears to", "2025年12月31日", "date"),
        f(f"{root}.应付", "应付工资", "wages due", "8,000.00元", "amount"), f(f"{root}.已付", "登记前已付", "paid before", "0.00元", "amount"),
        f(f"{root}.欠付", "欠付工资", "wages owed", "8,000.00元", "amount"),
        f(f"{root}.委托代表人", "授权给哪一名代表人", "whom they let represent them", "李建国"), f(f"{root}.授权", "授权范围", "extent of authority", "一般授权"),
    ]  # fmt: skip


def respondent_fields(root: str) -> list[Field]:
    return [
        f(f"{root}.名称", "名称；不知道的写别名并注明待查", "name, or the alias, to be found out", "宿迁宏远劳务有限公司"),
        f(f"{root}.角色", "在用工链条中的角色", "role in the chain", "劳务公司"), f(f"{root}.是个人", "是不是个人", "is it a person?", "否", "yes_no"),
        f(f"{root}.证件名称", "证件叫什么", "what its code is called", "统一社会信用代码"), f(f"{root}.证件号", "统一社会信用代码或者身份号码", "credit code or ID number", "91321399000000001X"),
        f(f"{root}.地址", "地址", "address", "沭阳县人民路1号"), f(f"{root}.负责人", "法定代表人或者负责人", "legal representative or person in charge", "王强"),
        f(f"{root}.负责人职务", "负责人的职务", "post of the person in charge", "法定代表人（负责人）"), f(f"{root}.电话", "电话", "phone", "0527-84350001"),
        f(f"{root}.线索", "别名、绰号、车牌等线索", "aliases and leads", "老王"), f(f"{root}.应当支付", "是不是应当支付的人", "must it pay?", "是", "yes_no"),
    ]  # fmt: skip


LINE_FIELDS = (
    ("序号", "序号", "number", "1", "number"), ("姓名", "劳动者", "worker", "李建国", "text"), ("期间起", "期间起", "from", "2025年11月1日", "date"),
    ("期间止", "期间止", "to", "2025年12月31日", "date"), ("计酬单位", "计酬单位（月、天、小时、件、总额）", "unit of pay", "月", "text"),
    ("单价", "单价", "rate", "4,000.00元", "amount"), ("数量", "数量", "quantity", "2", "number"),
    ("算式", "单价×数量", "rate × quantity", "4,000.00×2月", "text"), ("应付", "应付", "due", "8,000.00元", "amount"),
    ("已付", "已付", "paid", "0.00元", "amount"), ("欠付", "欠付", "owed", "8,000.00元", "amount"),
)  # fmt: skip


def line_fields(root: str) -> list[Field]:
    return [Field(f"{root}.{name}", meaning, english, example, kind) for name, meaning, english, example, kind in LINE_FIELDS]


add_facts("申请人", applicant, [
    *person_fields("申请人"), *more_person_fields("申请人"), f("申请人.住址", "住址（制作时填写）", "address, asked when issued", "沭阳县陇集镇1号"),
    f("申请人.多人", "是不是多名劳动者共同的文书", "several workers together?", "否", "yes_no"), f("申请人.人数", "人数", "how many", "1", "number"),
    f("申请人.称谓", "写进正文的称谓", "as the text calls them", "李建国等8人"), f("申请人.明细", "文书所涉及的工资明细", "lines of wages", kind=LIST), *line_fields("申请人.明细"),
])  # fmt: skip
add_facts("全部申请人", everybody, [
    f("全部申请人", "全部劳动者，一人一行", "all workers", kind=LIST), f("全部申请人.序号", "序号", "number", "1", "number"), *person_fields("全部申请人"),
    *more_person_fields("全部申请人"),
])  # fmt: skip
add_facts("代表人", representatives, [
    f("代表人", "推选的代表人", "representatives", kind=LIST), f("代表人.序号", "序号", "number", "1", "number"), *person_fields("代表人"),
    f("代表人.推选日期", "推选日期", "chosen on", "2026年3月1日", "date"), f("代表人.授权人数", "授权给他的人数", "by how many authorised", "7", "number"),
])  # fmt: skip
add_facts("被申请人", addressed, respondent_fields("被申请人"))
add_facts("全部被申请人", respondents, [
    f("全部被申请人", "应当支付的单位和个人，按先后", "who must pay, in order", kind=LIST), f("全部被申请人.序号", "序号", "number", "1", "number"),
    f("全部被申请人.序", "中文序号", "Chinese number", "一"), *respondent_fields("全部被申请人"),
])  # fmt: skip
add_facts("其他单位", others, [
    f("其他单位", "用工链条中其他的单位和个人", "others in the chain", kind=LIST), f("其他单位.序号", "序号", "number", "1", "number"),
    f("其他单位.序", "中文序号", "Chinese number", "一"), *respondent_fields("其他单位"),
])  # fmt: skip
add_facts("责任人", payers, [
    f("责任人", "依法应当支付的人，按先后", "who must pay by law, in order", kind=LIST), f("责任人.序号", "序号", "number", "1", "number"),
    f("责任人.序", "中文序号", "Chinese number", "一"), f("责任人.名称", "名称", "name", "沭阳建设集团有限公司"), f("责任人.角色", "角色", "role", "施工总承包单位"),
    f("责任人.责任", "怎样负责", "duty", "先行清偿"), f("责任人.已知", "知不知道是谁", "is it known who?", "是", "yes_no"),
    f("责任人.有限额", "是否以未结清的工程款为限", "capped by the unsettled project money?", "否", "yes_no"), f("责任人.限额", "限额", "cap", "", "amount"),
    f("责任人.金额", "最多负责的金额", "the most they owe", "8,000.00元", "amount"), f("责任人.可追偿", "支付后可不可以追偿", "may recover?", "是", "yes_no"),
    f("责任人.未核实", "依据是不是都未核实（未核实的条文不写进文书）", "grounds unverified? Papers do not cite those", "否", "yes_no"),
    f("责任人.条文", "依据的条文（只有核对过的）", "articles that were checked", "《保障农民工工资支付条例》第三十条第三款"), f("责任人.版本", "条文的版本", "versions of the law", "国务院令第724号，2020年5月1日起施行"),
    f("责任人.依据", "逐项理由和条文", "grounds", kind=LIST), f("责任人.依据.理由", "理由", "ground", "分包单位拖欠工资的，由施工总承包单位先行清偿"),
    f("责任人.依据.条文", "条文", "article", "《保障农民工工资支付条例》第三十条第三款"), f("责任人.依据.核对程度", "核对程度", "how far checked", "已通读条文"),
    f("责任人.依据.未核实", "是不是未核实", "unverified?", "否", "yes_no"),
])  # fmt: skip
