"""What the columns of a file of work orders can mean, and how offices head them. Django-free.

The order counts: a head is taken by the first row whose words it holds. Words on the row without a name are known and
wanted for nothing: ID numbers and bank cards are not ours to keep.
"""

import re
from dataclasses import dataclass

from arrears.ledger.cells import narrow
from arrears.sheets import header
from arrears.sheets.header import Header
from arrears.sheets.table import Table


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


@dataclass(frozen=True)
class Column:
    name: str
    label: str
    words: tuple[str, ...]  # patterns, found anywhere in the head; ^ and $ bind them to its ends
    most: int = 0  # characters, of a text


COLUMNS = (
    Column("external_number", _("工单编号"), ("(?:工单|线索|诉求|受理|案件|投诉|举报|信件|事件|流水|办理单?|登记)(?:编号|单号|号码?)$", "^(?:编号|单号|流水号|工单)$"), 60),
    Column("answer_by", _("来源要求的期限"), ("(?:办结|办理|答复|回复|反馈|处理|处置)(?:的?截止|时限|期限|日期|限)", "截止", "期限", "时限", "到期", "要求.*(?:时间|日期|前)")),
    Column("received_on", _("收到日期"), ("(?:受理|来电|登记|创建|派单|派发|转办|交办|收到|接收|提交|反映|投诉|举报|下派|诉求)(?:时间|日期)", "^(?:日期|时间)$")),
    Column("contact_rule", _("联系方式要求"), ("联系方式要求", "联系要求", "是否保密", "保密")),
    Column("phone", _("电话"), ("手机", "电话", "联系方式", "来电号码", "主叫")),
    Column("people", _("几个人"), ("人数", "几人", "几个人", "涉及.*人")),
    Column("region_code", _("区划代码"), ("区划代码", "行政区划码", "地区代码", "区域代码")),
    Column("county", _("县（区）"), ("^(?:所属|承办|办理)?(?:区县|县区|县|区|县[（(]区[)）]|区[（(]县[)）]|县\\(市、?区\\))$", "所属区县", "所属县区")),
    Column("township", _("乡镇（街道）"), ("乡镇", "街道", "镇街", "属地", "辖区", "所属(?:区域|地区)", "^区域$")),
    Column("address", _("地址"), ("地址", "地点", "发生地", "事发地", "位置")),
    Column("amount", _("大约欠多少（元）"), ("金额", "数额", "欠薪额", "欠款额", "拖欠工资$", "欠多少")),
    Column("kind", _("哪种工作"), ("哪种工作", "行业", "是否.*(?:工程|建筑)", "(?:线索|工程|案件|领域)类[型别]")),
    Column("employer", _("谁欠钱"), ("被投诉", "被反映", "被举报", "被诉", "欠薪(?:单位|主体|企业|人)", "用人单位", "企业", "公司", "单位名称", "涉事单位", "谁欠"), 120),
    Column("place", _("在哪里干活"), ("工地", "项目", "工程名称", "哪里干活"), 120),
    Column("name", _("姓名"), ("姓名", "诉求人", "来电人", "反映人", "投诉人", "举报人", "联系人", "劳动者"), 60),
    Column("story", _("事情经过"), ("内容", "诉求", "描述", "事由", "经过", "摘要", "详情", "主要问题", "事项"), 4000),
)  # fmt: skip
BY_NAME = {column.name: column for column in COLUMNS}
WHAT_HAPPENED = ("story", "employer", "place", "address")  # one of them is needed
UNWANTED = re.compile("身份证|证件|银行|卡号|账号|帐号|序号|备注|签收|签名|性别|年龄|民族|满意|评价|坐席|工号|操作|承办单位|承办部门|主办|经办|办理(?:人|结果|情况|状态)|答复内容|回复内容|处理结果|状态|等级|次数")
_WORDS = [(column.name, rank, re.compile(word)) for column in COLUMNS for rank, word in enumerate(column.words)]


def meaning(head: str) -> tuple[str, int] | None:
    """The column a head names, and how well (0 is best); None if it is none of ours."""
    bare = re.sub(r"[\s:：*＊]|[（(](?:元|人民币|单位.*?|必填|选填|￥|¥)[)）]", "", narrow(head))
    if not bare or len(bare) > 30 or UNWANTED.search(bare):
        return None
    return next(((name, rank) for name, rank, word in _WORDS if word.search(bare)), None)


def columns_of(heads: tuple[str, ...]) -> dict[str, str]:
    return header.fields_of(heads, meaning)


def find_header(table: Table) -> Header:
    return header.find_header(table, meaning)


def order_tables(tables: list[Table]) -> list[int]:
    """Those whose header names what an order needs; if none does, the one that comes nearest."""
    found = [number for number, table in enumerate(tables) if not table.is_hidden and not lacking({*columns_of(find_header(table).heads).values()})]
    return found or [best_table(tables)]


def best_table(tables: list[Table]) -> int:
    """The one whose header names most columns, a visible one first."""
    return max(range(len(tables)), key=lambda number: (not tables[number].is_hidden, len(columns_of(find_header(tables[number]).heads)), -number))


def lacking(columns: set[str]) -> list[str]:
    """Labels of what a file cannot do without."""
    needed = [] if "external_number" in columns else [BY_NAME["external_number"].label]
    return needed + ([] if columns & {*WHAT_HAPPENED} else [BY_NAME["story"].label])
