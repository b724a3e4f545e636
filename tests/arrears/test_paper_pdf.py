"""What is printed is what the Word file says; no character is lost on the way, and LibreOffice can read the Word file."""

import io
import shutil
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader

from arrears.papers import fonts
from arrears.papers.blocks import blocks_of
from arrears.papers.markup import template_of
from arrears.papers.pdf import Foot, typeset
from arrears.papers.word import fill
from grid.refused import Refused
from tests.arrears.test_paper_word import FACTS, TEXT

FOOT = Foot("支持起诉申请书", date(2026, 11, 29), "宿文〔2026〕321322-00001 事实校验 0123456789abcdef")


def printed(text: str, **facts: object) -> bytes:
    return typeset(blocks_of(fill(template_of(text), {**FACTS, **facts}).docx), FOOT)


def words(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_the_pdf_says_what_the_facts_say() -> None:
    (page,) = words(printed(TEXT))
    for said in ("支持起诉申请书", "张三<&>", "不详", "2026年3月1日", "3,500.50元", "叁仟伍佰元零伍角", "500.50元", "2026年11月29日"):
        assert said in page.replace("\n", "")
    assert "宿文〔2026〕321322-00001 事实校验 0123456789abcdef" in page
    assert "第 1 页 共 1 页" in page


def test_an_annex_of_eighty_repeats_its_head_and_counts_its_pages() -> None:
    people = [{"姓名": f"工人{n:03}", "金额": Decimal(n)} for n in range(1, 81)]
    pages = words(printed(TEXT, 明细=people))
    assert len(pages) >= 3
    assert all("序号" in page for page in pages[:3])
    whole = "".join(pages)
    assert all(f"工人{n:03}" in whole for n in range(1, 81))
    assert f"第 {len(pages)} 页 共 {len(pages)} 页" in pages[-1]


CLOSING = "最后一段。\n\n此致\n\n!沭阳县人民法院\n\n> 申请人（签名、捺印）：\n> 【盖章处】\n> {{ 今天|日期 }}"


def test_who_signs_the_seal_and_the_day_stand_on_one_page_with_the_words_before_wherever_the_page_ends() -> None:
    numbers = []
    for lines in range(24, 44):
        pages = words(printed("# 题\n\n" + "\n\n".join(f"第{n}段。" for n in range(lines)) + "\n\n" + CLOSING))
        said = [[word in page.replace("\n", "") for word in ("最后一段", "此致", "沭阳县人民法院", "申请人（签名", "盖章处", "2026年11月29日")] for page in pages]
        assert all(len(set(page)) == 1 for page in said), (lines, said)
        numbers.append(len(pages))
    assert {1, 2} <= set(numbers)  # the page did end in between


def test_word_keeps_them_together_too() -> None:
    document = Document(io.BytesIO(template_of(f"# 题\n\n{{% if 甲 %}}\n第一段。\n{{% endif %}}\n\n{CLOSING}\n\n!附：证据。")))
    kept = {paragraph.text for paragraph in document.paragraphs if paragraph.paragraph_format.keep_with_next}
    assert kept == {"最后一段。", "此致", "沭阳县人民法院", "申请人（签名、捺印）：", "【盖章处】"}


def test_the_same_paper_gives_the_same_bytes_and_headings_are_bookmarks() -> None:
    pdf = printed(TEXT)
    assert printed(TEXT) == pdf
    top, inside = PdfReader(io.BytesIO(pdf)).outline[:2]
    assert top.title == "支持起诉申请书" and inside[0].title == "工资明细"


def test_markup_of_the_typesetter_in_a_name_is_only_text() -> None:
    name = '#read("/etc/passwd") $x$ *粗* "引" \\'
    assert name in words(printed("# 题\n\n{{ 申请人.姓名 }}", 申请人={"姓名": name}))[0].replace("\n", "")


def test_a_rare_character_is_found_before_it_is_printed_as_a_box(settings, tmp_path: Path) -> None:
    settings.PAPER_FONTS = str(tmp_path)
    fonts.others.cache_clear()
    fonts.fonts.cache_clear()
    try:
        with pytest.raises(Refused) as refusal:
            printed("# 题\n\n{{ 申请人.姓名 }}", 申请人={"姓名": "𠮷田"})
    finally:
        fonts.others.cache_clear()
        fonts.fonts.cache_clear()
    assert refusal.value.code == "no_glyph"
    assert "“𠮷”（U+20BB7）" in refusal.value.message and str(tmp_path) in refusal.value.message


def test_a_rare_character_is_set_in_a_font_of_the_machine() -> None:
    if not any(0x20BB7 in fonts.covered(file) for file in fonts.others()):
        pytest.skip("no font of this machine has 𠮷 (Debian: fonts-noto-cjk)")
    assert "𠮷田" in words(printed("# 题\n\n{{ 申请人.姓名 }}", 申请人={"姓名": "𠮷田"}))[0]


def test_a_font_file_that_is_no_font_has_no_characters(tmp_path: Path) -> None:
    (tmp_path / "broken.otf").write_bytes(b"ttcf" + bytes(3))
    assert fonts.covered(tmp_path / "broken.otf") == frozenset()


def test_bundled_faces_have_the_characters_of_papers() -> None:
    assert fonts.faces_for("〔〕①壹贰叁肆伍陆柒捌玖拾佰仟万亿元整年月日、，。：；“”（）【】《》—…·×％℃□■√") == []


def test_libreoffice_reads_the_word_file(tmp_path: Path) -> None:
    """By hand: soffice --headless --convert-to pdf FILE.docx"""
    soffice = shutil.which("soffice")
    if not soffice:
        pytest.skip("LibreOffice is not installed (Debian: libreoffice-writer)")
    (tmp_path / "paper.docx").write_bytes(fill(template_of(TEXT), FACTS).docx)
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [soffice, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "paper.docx")]
    subprocess.run(command, check=True, timeout=120, capture_output=True)
    whole = "".join(words((tmp_path / "paper.pdf").read_bytes())).replace("\n", "").replace(" ", "")
    for said in ("支持起诉申请书", "张三<&>", "3,500.50元", "李四", "2026年11月29日"):
        assert said in whole
