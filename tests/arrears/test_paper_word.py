"""A text becomes a Word template, the template a filled paper, the paper blocks; every fault says where it stands."""

import io
import time
import zipfile
from datetime import date
from decimal import Decimal

import docx
import pytest

from arrears.papers.blocks import Paragraph, Table, blocks_of, text_of
from arrears.papers.marks import TemplateFault
from arrears.papers.markup import template_of
from arrears.papers.word import fill

TEXT = """# 支持起诉申请书

!申请人：{{ 申请人.姓名 }}，住 {{ 申请人.住址 }}，电话 {{ 申请人.电话|默认("无") }}。

自{{ 起|日期 }}起被欠{{ 金额|元 }}（人民币{{ 金额|大写 }}）。
{% if 人数 > 1 %}共{{ 人数 }}人。{% else %}只有一人。{% endif %}

## 工资明细

| 序号 | 姓名 | 金额 |
|--:|----|-----:|
{% for 项 in 明细 %}
| {{ loop.index }} | {{ 项.姓名 }} | {{ 项.金额|元 }} |
{% endfor %}
| 合计 | {{ 金额|元 }} |

{% if 说明 %}
说明：{{ 说明 }}
{% endif %}

> 申请人（签名）：
> {{ 今天|日期 }}
"""
FACTS = {
    "申请人": {"姓名": "张三<&>", "住址": "", "电话": None}, "起": date(2026, 3, 1), "金额": Decimal("3500.5"), "人数": 2,
    "明细": [{"姓名": "张三", "金额": Decimal(3000)}, {"姓名": "李四", "金额": Decimal("500.50")}], "说明": None, "今天": date(2026, 11, 29),
}  # fmt: skip


def lines(text: str, **facts: object) -> list[str]:
    return text_of(blocks_of(fill(template_of(text), {**FACTS, **facts}).docx)).splitlines()


def fault_of(text: str) -> str:
    with pytest.raises(TemplateFault) as fault:
        fill(template_of(text), FACTS)
    return fault.value.message


def test_a_paper_says_its_facts_in_the_chinese_way() -> None:
    assert lines(TEXT) == [
        "支持起诉申请书",
        "申请人：张三<&>，住 不详，电话 无。",
        "自2026年3月1日起被欠3,500.50元（人民币叁仟伍佰元零伍角）。共2人。",
        "工资明细",
        "序号\t姓名\t金额",
        "1\t张三\t3,000.00元",
        "2\t李四\t500.50元",
        "合计\t3,500.50元",
        "",
        "申请人（签名）：",
        "2026年11月29日",
    ]


def test_what_is_empty_is_a_gap_and_what_has_a_default_is_none() -> None:
    assert fill(template_of(TEXT), FACTS).gaps == ["申请人.住址"]
    assert fill(template_of(TEXT), {**FACTS, "申请人": {"姓名": "张三", "住址": "陇集镇", "电话": ""}}).gaps == []


def test_a_gap_in_a_list_is_told_once() -> None:
    people = [{"姓名": None, "金额": Decimal(1)}, {"姓名": "", "金额": Decimal(2)}]
    assert fill(template_of(TEXT), {**FACTS, "明细": people}).gaps == ["申请人.住址", "明细.姓名"]


def test_the_else_branch_and_an_empty_list() -> None:
    said = lines(TEXT, 人数=1, 明细=[], 说明="第一行\n第二行")
    assert "自2026年3月1日起被欠3,500.50元（人民币叁仟伍佰元零伍角）。只有一人。" in said
    assert said[4:7] == ["序号\t姓名\t金额", "合计\t3,500.50元", ""]
    assert said[7:9] == ["说明：第一行", "第二行"]


def test_the_same_facts_give_the_same_bytes() -> None:
    first = fill(template_of(TEXT), FACTS).docx
    time.sleep(2.1)  # a ZIP keeps time in steps of two seconds
    template_of.cache_clear()
    assert fill(template_of(TEXT), FACTS).docx == first


def test_the_word_file_opens_again_with_head_and_styles() -> None:
    filled = fill(template_of(TEXT), FACTS).docx
    document = docx.Document(io.BytesIO(filled))
    assert document.paragraphs[0].style.name == "Title"
    assert [cell.text for cell in document.tables[0].rows[2].cells] == ["2", "李四", "500.50元"]
    assert "tblHeader" in document.tables[0].rows[0]._tr.xml
    with zipfile.ZipFile(io.BytesIO(filled)) as archive:
        assert b"{{" not in archive.read("word/document.xml") and b"{%" not in archive.read("word/document.xml")


def test_blocks_carry_levels_sides_indents_and_the_head_of_a_table() -> None:
    blocks = blocks_of(fill(template_of(TEXT), FACTS).docx)
    title, flush, para = blocks[0], blocks[1], blocks[2]
    assert isinstance(title, Paragraph) and isinstance(flush, Paragraph) and isinstance(para, Paragraph)
    assert (title.level, title.align) == (1, "center")
    assert (flush.indent, para.indent) == (0, 2)
    table = next(block for block in blocks if isinstance(block, Table))
    assert table.head == 1 and table.has_lines and len(table.widths) == 3
    assert table.rows[1][2].paragraphs[0].align == "right"
    assert [(cell.at, cell.columns) for cell in table.rows[-1]] == [(0, 1), (1, 2)]
    assert blocks[-1].align == "right"


def test_marks_that_word_cut_into_runs_are_read_as_one() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for piece in ("申请人{", "{ 申请", "人.姓", "名 }", "}，", "{% if 人数 ", "== 2 %}二人{% endif ", "%}"):
        paragraph.add_run(piece)
    paragraph.runs[1].bold = True
    saved = io.BytesIO()
    document.save(saved)
    blocks = blocks_of(fill(saved.getvalue(), FACTS).docx)
    assert text_of(blocks) == "申请人张三<&>，二人"


def test_a_page_break_and_nested_loops() -> None:
    text = "# 甲\n\n===\n\n{% for 项 in 明细 %}\n{% if loop.first %}\n第一位{{ 项.姓名 }}\n{% else %}\n又{{ 项.姓名 }}\n{% endif %}\n{% endfor %}\n"
    assert lines(text) == ["甲", "第一位张三", "又李四"]
    assert [block.kind for block in blocks_of(fill(template_of(text), FACTS).docx)][:2] == ["paragraph", "break"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{ 申请人.姓 }}", "第2段：没有字段“申请人.姓”，最接近的是“申请人.姓名”。"),
        ("| 甲 | {{ 金 }} |", "第1个表格第1行第2格：没有字段“金”，最接近的是“金额”。"),
        ("{% for 项 in 明细 %}\n{{ 项.名字 }}\n{% endfor %}", "第3段：没有字段“项.名字”"),
        ("{% for 项 in 明细 %}\n{{ 项.姓名 }}", "第2段：for 没有 endfor。"),
        ("{% endif %}", "第2段：endif 前面没有与它配对的 if。"),
        ("{{ 申请人 }}", "第2段：“申请人”有下级字段"),
        ("{{ 明细.姓名 }}", "第2段：“明细”是一个列表"),
        ("{% for 项 in 金额 %}\n甲\n{% endfor %}", "第2段：“金额”不是列表"),
        ("{{ 申请人.姓名|元 }}", "第2段：“申请人.姓名”不能用过滤器“元”。"),
        ("{{ 金额|钱 }}", "第2段：没有过滤器“钱”。"),
        ("{{ 金额", "第2段：花括号没有配对"),
    ],
)  # fmt: skip
def test_a_fault_names_field_place_and_the_nearest_field(text: str, sentence: str) -> None:
    assert sentence in fault_of("# 题\n\n" + text)


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ ''.__class__.__mro__ }}x{{ 申请人.__class__ }}", "{{ 申请人.keys() }}", "{{ 申请人['__class__'] }}", "{{ 9**9**9 }}", "{{ 'a' * 999999999 }}",
        "{% include '/etc/passwd' %}", "{% set x = 1 %}", "{% macro a() %}", "{{ range(999999) }}", "{{ self.__init__ }}", "{{ 金额.as_tuple }}",
        "{{ 金额|attr('real') }}", "{{ cycler }}", "{{ " + "(" * 190 + "1" + ")" * 190 + " }}", "{{ " + "a" * 500 + " }}", "{% import 'os' %}",
    ],
)  # fmt: skip
def test_nothing_of_a_template_is_ever_run(hostile: str) -> None:
    with pytest.raises(TemplateFault):
        fill(template_of("# 题\n\n" + hostile), FACTS)


def test_loops_that_would_never_end_are_stopped() -> None:
    many = [{"姓名": "张三", "金额": Decimal(1)}] * 1000
    begun = time.monotonic()
    loops = "{% for 甲 in 明细 %}{% for 乙 in 明细 %}{% for 丙 in 明细 %}{{ 丙.姓名 }}{% endfor %}{% endfor %}{% endfor %}"
    with pytest.raises(TemplateFault) as fault:
        fill(template_of("# 题\n\n" + loops), {**FACTS, "明细": many})
    assert fault.value.code == "template_large"
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("| 甲 |\n|---|\n{% for 项 in 明细 %}\n| {{ 项.姓名 }} |\n{% endfor %}\n\n后文", [["甲", "张三", "李四"]]),
        ("| 甲 |\n{% if 人数 > 1 %}\n| 乙 |\n{% else %}\n| 丙 |\n{% endif %}\n\n后文", [["甲", "乙"]]),
        ("{% if 人数 > 9 %}\n| 甲 |\n| 乙 |\n{% endif %}\n后文", []),
        ("{% for 项 in 明细 %}\n| {{ 项.姓名 }} |\n{% endfor %}", [["张三", "李四"]]),
        ("{% for 项 in 明细 %}\n{{ 项.姓名 }}：\n| {{ 项.金额|元 }} |\n{% endfor %}", [["3,000.00元"], ["500.50元"]]),
        ("| 甲 |\n\n| 乙 |", [["甲"], ["乙"]]),
    ],
)  # fmt: skip
def test_rows_tables_and_what_stands_around_them(text: str, tables: list[list[str]]) -> None:
    blocks = blocks_of(fill(template_of("# 题\n\n" + text), FACTS).docx)
    assert [[row[0].text for row in block.rows] for block in blocks if isinstance(block, Table)] == tables


def test_a_value_is_never_read_as_a_mark_nor_as_xml() -> None:
    name = "{{ 金额 }}<w:t>\x00\x0b{% for %}"
    assert lines("# 题\n\n{{ 申请人.姓名 }}", 申请人={"姓名": name})[1] == "{{ 金额 }}<w:t>{% for %}"
