"""A template somebody brings: every fault by name and place, and nothing that would silently go missing."""

import io
import time
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Inches
from PIL import Image

from arrears.papers.marks import TemplateFault
from arrears.papers.markup import template_of
from arrears.papers.uploads import accept
from tests.arrears.test_paper_word import FACTS, TEXT


def saved(document: docx.document.Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def faults(data: bytes) -> list[str]:
    with pytest.raises(TemplateFault) as fault:
        accept(data, FACTS)
    return fault.value.faults


def code(data: bytes) -> str:
    with pytest.raises(TemplateFault) as fault:
        accept(data, FACTS)
    return fault.value.code


def with_part(name: str, content: bytes, of: bytes | None = None) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(of or template_of(TEXT))) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part))
        new.writestr(name, content)
    return file.getvalue()


def part_of(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def test_the_builtin_text_is_taken_back_without_a_word() -> None:
    accepted = accept(template_of(TEXT), FACTS)
    assert accepted.warnings == [] and accepted.gaps == ["申请人.住址"]


def test_every_unknown_field_is_told_also_in_branches_nobody_takes() -> None:
    text = "# 题\n\n{{ 姓 }}\n\n{% if 人数 > 99 %}\n{{ 申请人.姓民 }}\n{% endif %}\n\n{% for 项 in 空 %}\n{{ 项.什么 }}{{ 不是 }}\n{% endfor %}"
    with pytest.raises(TemplateFault) as fault:
        accept(template_of(text), {**FACTS, "空": []})
    assert [told.split("，")[0].rstrip("。") for told in fault.value.faults] == [
        "第2段：没有字段“姓”", "第4段：没有字段“申请人.姓民”", "第7段：没有字段“不是”",
    ]  # fmt: skip


def test_a_font_that_the_pdf_replaces_is_said() -> None:
    document = docx.Document(io.BytesIO(template_of(TEXT)))
    document.paragraphs[1].runs[0].font.name = "汉仪旗黑"
    assert accept(saved(document), FACTS).warnings == [
        "模板用了系统没有的字体：汉仪旗黑。PDF 里以宋体或者黑体代替，Word 文件不变。"
    ]


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PNG")
    file.seek(0)
    return file


def test_a_picture_is_refused_and_not_lost() -> None:
    document = docx.Document(io.BytesIO(template_of(TEXT)))
    document.add_picture(picture(), Inches(1))
    assert code(saved(document)) == "template_embedded"


@pytest.mark.parametrize(
    ("xml", "what"),
    [
        ("<w:r {0}><w:pict/></w:r>", "图片或文本框"),
        ("<w:fldSimple {0} w:instr='INCLUDETEXT \"/etc/passwd\"'/>", "域（自动内容）"),
        ("<w:ins {0}><w:r><w:t>甲</w:t></w:r></w:ins>", "修订"),
        ("<w:hyperlink {0}><w:r><w:t>甲</w:t></w:r></w:hyperlink>", "超链接"),
        ("<w:sdt {0}/>", "内容控件"),
        ("<w:r {0}><w:footnoteReference w:id='1'/></w:r>", "脚注"),
    ],
)
def test_what_the_pdf_cannot_carry_is_named_with_its_place(xml: str, what: str) -> None:
    document = docx.Document(io.BytesIO(template_of(TEXT)))
    document.paragraphs[1]._p.append(parse_xml(xml.format(nsdecls("w"))))
    (told,) = faults(saved(document))
    assert told.startswith("第2段：") and what in told and "不会印到 PDF 上" in told


def test_numbers_that_word_counts_are_refused() -> None:
    document = docx.Document(io.BytesIO(template_of(TEXT)))
    document.paragraphs[2]._p.get_or_add_pPr().append(OxmlElement("w:numPr"))
    assert "自动编号" in faults(saved(document))[0]


def test_words_at_the_head_or_foot_of_the_page_are_refused() -> None:
    document = docx.Document(io.BytesIO(template_of(TEXT)))
    document.sections[0].header.paragraphs[0].text = "沭阳县人社局"
    assert faults(saved(document))[0].startswith("页眉：")


def test_a_table_within_a_table_is_refused() -> None:
    document = docx.Document(io.BytesIO(template_of(TEXT)))
    document.tables[0].rows[0].cells[0].add_table(1, 1)
    assert any("表格里的表格" in told for told in faults(saved(document)))


def test_macros_bombs_links_and_declarations_are_refused() -> None:
    assert code(with_part("word/vbaProject.bin", b"x")) == "file_macro"
    assert code(with_part("word/embeddings/oleObject1.bin", b"x")) == "template_embedded"
    assert code(with_part("word/big.xml", bytes(20 * 1024 * 1024))) in ("file_bomb", "template_large")
    link = b'<Relationships><Relationship TargetMode="External" Target="http://203.0.113.1/x"/></Relationships>'
    assert code(with_part("word/_rels/settings.xml.rels", link)) == "template_external"
    text = part_of(template_of(TEXT), "word/document.xml")
    laughing = text.replace(b"<w:document", b'<!DOCTYPE a [<!ENTITY x "x">]><w:document', 1)
    assert code(with_part("word/document.xml", laughing)) == "template_unsafe"
    assert code(with_part("word/document.xml", b"<w:document")) == "template_broken"


def test_what_is_no_word_file_is_refused() -> None:
    assert code(b"%PDF-1.7 ...") == "not_docx"
    assert code(b"") == "file_empty"
    assert code(b"\x00" * (3 * 1024 * 1024)) == "template_large"


def test_the_worst_file_that_is_let_in_costs_seconds_at_most() -> None:
    text = part_of(template_of(TEXT), "word/document.xml")
    many = b"<w:p><w:r><w:t>" + b"{{" * 2000 + b"</w:t></w:r></w:p>"
    stuffed = text.replace(b"<w:sectPr", many * 300 + b"<w:sectPr", 1)
    begun = time.monotonic()
    assert "花括号没有配对" in faults(with_part("word/document.xml", stuffed))[0]
    assert time.monotonic() - begun < 10
