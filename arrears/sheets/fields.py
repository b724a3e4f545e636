"""What the columns of a wage sheet can mean, and how their heads are usually worded. Django-free.

The order counts: a head is taken by the first row whose words it holds, and of two columns with one meaning the one
whose words stand further left is taken. Words on the row without a name are known and wanted for nothing: bank
cards and home addresses are not ours to keep.
"""

import re
from dataclasses import dataclass

TEXT, ID, PHONE, PERIOD, DAY, MONEY, QUANTITY = "text", "id", "phone", "period", "day", "money", "quantity"


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


@dataclass(frozen=True)
class Field:
    name: str
    label: str
    kind: str
    words: tuple[str, ...]  # patterns, found anywhere in the head; ^ and $ bind them to its ends
    unit: str = ""  # of arrears.models.claims.UNITS


UNWANTED = (
    "序号", "编号", "签字", "签名", "签章", "备注", "说明", "开户", "银行", "卡号", "账号", "帐号", "性别", "年龄", "民族", "住址", "籍贯", "家庭",
    "扣", "社保", "公积金", "个税", "所得税", "实发", "实领", "日期$",
)  # fmt: skip
FIELDS = (
    Field("id_number", _("身份证号"), ID, ("身份证", "身份号码", "证件号")),
    Field("phone", _("电话"), PHONE, ("手机", "电话", "联系方式")),
    Field("name", _("姓名"), TEXT, ("姓名", "名字", "^(?:工人|民工|农民工|劳动者|员工|人员)$", "领款人", "收款人")),
    Field("period_from", _("从哪天"), DAY, ("开始", "起始", "进场", "入场", "入职", "到岗", "开工", "上工", "^从$", "^起$")),
    Field("period_to", _("到哪天"), DAY, ("结束", "截止", "截至", "退场", "离场", "离职", "离岗", "^到$", "^止$")),
    Field("period", _("月份或起止"), PERIOD, ("月份", "期间", "年月", "起止", "时间段", "工作时间", "所属月", "工资月", "务工时间")),
    Field("owed", _("拖欠金额"), MONEY, ("拖欠", "欠薪", "欠付", "欠发", "尚欠", "下欠", "未付", "未发", "未支付", "欠款", "余欠", "欠", "剩余")),
    Field("paid", _("已付"), MONEY, ("已付", "已发", "已支付", "已领", "已借", "预支", "借支", "预借", "生活费", "支付金额")),
    Field("rate_day", _("日工资"), MONEY, ("日工资", "日薪", "日工价", "元/天", "元/日", "元/工日", "每天", "天工价", "点工价"), "day"),
    Field("rate_hour", _("小时工资"), MONEY, ("小时工资", "时薪", "元/小时", "每小时"), "hour"),
    Field("rate_month", _("月工资（每月）"), MONEY, ("月工资标准", "月薪", "元/月", "每月"), "month"),
    Field("rate_piece", _("计件单价"), MONEY, ("计件单价", "单价", "工价", "元/件", "元/平"), "piece"),
    Field("days", _("天数"), QUANTITY, ("天数", "工日", "出勤", "工数", "出工", "^天$", "^工$", "考勤"), "day"),
    Field("hours", _("小时数"), QUANTITY, ("小时", "工时"), "hour"),
    Field("months", _("月数"), QUANTITY, ("月数", "几个月"), "month"),
    Field("pieces", _("件数或工程量"), QUANTITY, ("件数", "数量", "工程量", "工作量", "平方"), "piece"),
    Field("due", _("应付"), MONEY, (
        "应发", "应付", "应得", "应领", "应支付", "工资总额", "总工资", "工资合计", "合计金额", "总金额", "总额", "^合计$", "工资", "金额", "合计",
        "劳务费", "报酬",
    )),
)  # fmt: skip
BY_NAME = {field.name: field for field in FIELDS}
MONEY_FIELDS = tuple(field.name for field in FIELDS if field.kind == MONEY)
RATES = {field.unit: (field.name, other.name) for field in FIELDS for other in FIELDS if field.kind == MONEY and other.kind == QUANTITY and field.unit == other.unit}
# The same person's everywhere in a merged block; an amount stands only once.
SPREAD = frozenset({"name", "id_number", "phone"})

_WORDS = [(field, rank, re.compile(word)) for field in FIELDS for rank, word in enumerate(field.words)]
_UNWANTED = re.compile("|".join(UNWANTED))


def meaning(head: str) -> tuple[str, int] | None:
    """The field a column's head names, and how well (0 is best); None if it is none of ours."""
    bare = re.sub(r"[\s:：*＊]|[（(](?:元|人民币|单位.*?|必填|选填|￥|¥)[)）]", "", head)
    if not bare or len(bare) > 30:
        return None
    found = next(((field.name, rank) for field, rank, word in _WORDS if field.kind in (ID, PHONE) and word.search(bare)), None)
    if found:
        return found
    if _UNWANTED.search(bare) and not re.search("欠|开始|结束|进场|退场|入职|离职|起|截", bare):
        return None
    return next(((field.name, rank) for field, rank, word in _WORDS if word.search(bare)), None)
