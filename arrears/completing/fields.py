"""What the record of a claim consists of beside the papers, field by field. Django-free.

The short intake asks for a few of them; `is_wanted` are those somebody will ask for sooner or later, on whatever road. Which
road needs which stands in arrears/owed/needs.toml, by these names.
"""

from dataclasses import dataclass


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


WORKER, RESPONDENT, LINE, CLAIM = "worker", "respondent", "line", "claim"


@dataclass(frozen=True)
class Field:
    """`of`: whose it is, one of the four; `column`: where it stands there. `is_secret`: what stood there before is not
    written into the history. `empty`: the value that says that nobody knows."""

    name: str
    label: str
    of: str
    column: str
    is_wanted: bool = False
    is_secret: bool = False
    empty: str = ""


ALL = (
    Field("worker_phone", _("电话"), WORKER, "phone", is_wanted=True, is_secret=True),
    Field("worker_id_number", _("身份证号"), WORKER, "id_number", is_wanted=True, is_secret=True),
    Field("worker_name", _("姓名"), WORKER, "name"),
    Field("respondent_legal_name", _("名称"), RESPONDENT, "legal_name", is_wanted=True),
    Field("respondent_address", _("地址"), RESPONDENT, "address", is_wanted=True),
    Field("respondent_phone", _("联系电话"), RESPONDENT, "phone", is_wanted=True, is_secret=True),
    Field("respondent_credit_code", _("统一社会信用代码"), RESPONDENT, "credit_code"),
    Field("respondent_contact", _("联系人"), RESPONDENT, "contact"),
    Field("respondent_aliases", _("别名、绰号、车牌等线索"), RESPONDENT, "aliases"),
    Field("respondent_role", _("在用工链条中的角色"), RESPONDENT, "role"),
    Field("last_working_day", _("最后工作日"), CLAIM, "last_working_day", is_wanted=True),
    Field("site_name", _("工程项目（工地）名称"), CLAIM, "site_name"),
    Field("site_address", _("工地地址"), CLAIM, "site_address"),
    Field("work", _("工种或岗位"), CLAIM, "work", is_wanted=True),
    Field("contract", _("有无书面约定"), CLAIM, "contract", is_wanted=True, empty="unknown"),
    Field("line_period_from", _("从"), LINE, "period_from", is_wanted=True),
    Field("line_period_to", _("到"), LINE, "period_to", is_wanted=True),
    Field("line_unit", _("计酬方式"), LINE, "unit"),
    Field("line_rate", _("单价或总额（元）"), LINE, "rate"),
    Field("line_quantity", _("数量"), LINE, "quantity"),
    Field("line_paid", _("已付（元）"), LINE, "paid"),
    Field("story", _("事实经过"), CLAIM, "story", is_wanted=True),
    Field("request", _("诉求"), CLAIM, "request"),
)
FIELDS = {field.name: field for field in ALL}
AMOUNTS = ("line_unit", "line_rate", "line_quantity", "line_paid")
# How a list names them, where the label alone would not say what it is of.
NAMES = {
    "worker_phone": _("劳动者的电话"), "worker_id_number": _("劳动者的身份证号"), "worker_name": _("劳动者的姓名"),
    "respondent_legal_name": _("被申请方的法定名称"), "respondent_address": _("被申请方的地址"),
    "respondent_phone": _("被申请方的电话"), "respondent_credit_code": _("被申请方的信用代码"),
    "respondent_contact": _("被申请方的联系人"), "respondent_aliases": _("被申请方的别名"),
    "respondent_role": _("被申请方的角色"), "line_period_from": _("欠薪期间"), "line_period_to": _("欠薪期间"),
    "line_unit": _("计酬方式"), "line_rate": _("单价或总额"), "line_quantity": _("数量"), "line_paid": _("已付金额"),
}  # fmt: skip
assert NAMES.keys() <= FIELDS.keys()


def named(name: str) -> str:
    """The msgid of how a list names the field."""
    return NAMES.get(name) or FIELDS[name].label
