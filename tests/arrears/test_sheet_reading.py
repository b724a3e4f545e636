"""Files of every kind, and of no good kind, as tables: read whole or refused with one sentence."""

import io
import json
import zipfile
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arrears.ledger.files import BadFile
from arrears.sheets import apart, xlsx
from arrears.sheets.reading import read_file
from arrears.sheets.table import Merge, Table, pack, unpack
from tests.arrears import sheets

NAME = "工资表.xlsx"
SHEET = "xl/worksheets/sheet1.xml"


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in line.cells] for line in table.lines]


def refusal(data: bytes) -> str:
    with pytest.raises(BadFile) as bad:
        read_file(data, NAME)
    return str(bad.value.cause)


ROWS = [
    ["工资表", None, None, None],
    ["姓名", "身份证号", "日期", "应发"],
    ["张三", 321399198001010011, date(2025, 10, 1), ("=320*22", 7040)],
    [],
    ["李四", "321399198001010011", (45931, sheets.MONTH), ("=A1", "")],
]


def test_a_workbook_is_read_with_its_hidden_lines_merges_and_kinds_of_cells() -> None:
    (table,) = read_file(sheets.xlsx({"10月": ROWS}, hidden=[5], merges=[(1, 0, 1, 3)]), NAME)
    assert (table.name, table.is_hidden, table.merges) == ("10月", False, [Merge(1, 0, 1, 3)])
    assert [(line.number, line.is_hidden) for line in table.lines] == [(1, False), (2, False), (3, False), (5, True)]
    assert table.lines[2].cells == [("张三", ""), ("321399198001010000", "lost"), ("2025-10-01", ""), ("7040", "number")]
    assert table.lines[3].cells[2:] == [("2025-10", ""), ("=A1", "formula")]


def test_an_old_workbook_is_read_likewise() -> None:
    rows = [["工资表", None, None], ["姓名", "身份证号", "日期"], ["张三", 321399198001010011, date(2025, 10, 1)], [], ["李四", "x", (45931, sheets.MONTH)]]
    (table,) = read_file(sheets.xls(rows, hidden=[5], merges=[(1, 0, 1, 2)]), "工资表.xls")
    assert table.merges == [Merge(1, 0, 1, 2)]
    assert [(line.number, line.is_hidden) for line in table.lines] == [(1, False), (2, False), (3, False), (5, True)]
    assert table.lines[2].cells == [("张三", ""), ("321399198001010000", "lost"), ("2025-10-01", "")]
    assert table.lines[3].cells == [("李四", ""), ("x", ""), ("2025-10", "")]


def test_dates_of_a_workbook_of_1904_are_the_days_it_shows() -> None:
    (table,) = read_file(sheets.xlsx({"a": [["姓名", date(2025, 10, 1)]]}, is_1904=True), NAME)
    assert (table.is_1904, texts(table)) == (True, [["姓名", "2025-10-01"]])


def test_several_sheets_keep_their_order_and_the_hidden_one_says_so() -> None:
    tables = read_file(sheets.xlsx({"10月": [["a"]], "空": [], "底稿": [["b"]]}, hidden_sheets=["底稿"]), NAME)
    assert [(table.name, table.is_hidden) for table in tables] == [("10月", False), ("底稿", True)]


def test_prefixes_missing_references_and_rich_texts_are_read_too() -> None:
    """As WPS and report programs write them."""
    body = b"""<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>
      <x:row><x:c t="inlineStr"><x:is><x:r><x:t>\xe5\xbc\xa0</x:t></x:r><x:r><x:t>\xe4\xb8\x89</x:t></x:r></x:is></x:c><x:c><x:v>12</x:v></x:c></x:row>
      <x:row r="7"><x:c r="B7" t="str"><x:v>a_x000D_b</x:v></x:c><x:c r="C7" t="b"><x:v>1</x:v></x:c><x:c r="D7" t="e"><x:v>#REF!</x:v></x:c></x:row>
      </x:sheetData></x:worksheet>"""
    (table,) = read_file(sheets.with_part(sheets.xlsx({"a": [["x"]]}), SHEET, body), NAME)
    assert [(line.number, texts(Table("", [line]))[0]) for line in table.lines] == [(1, ["张三", "12"]), (7, ["", "a b", "1", "#REF!"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("gap", [",", "\t", ";", "|", "，", "  ", "　", " "])
def test_texts_in_every_encoding_and_with_every_divider(encoding: str, gap: str) -> None:
    text = f"姓名{gap}电话{gap}应发\r\n张三{gap}13800000001{gap}3500\r\n\r\n李四{gap}13800000002{gap}4000元\r\n"
    (table,) = read_file(text.encode(encoding), "工资表.txt")
    assert texts(table) == [["姓名", "电话", "应发"], ["张三", "13800000001", "3500"], ["李四", "13800000002", "4000元"]]


def test_quotes_and_what_keeps_a_number_a_text() -> None:
    (table,) = read_file('姓名,证号,金额\n"张\n三","=""0123""","3,500"\n李四,\'0124,"未完\n'.encode(), "a.csv")
    assert texts(table)[1][:2] != ["", ""]
    (table,) = read_file('姓名,证号,金额\n"张\n三","=""0123""","3,500"\n李四,\'0124,1\n'.encode(), "a.csv")
    assert texts(table) == [["姓名", "证号", "金额"], ["张 三", "0123", "3,500"], ["李四", "0124", "1"]]


def zip_of(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "没有内容"),
        (b"\n\n  \n", "没有内容"),
        (b"PK\x03\x04 not a zip", "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 not a workbook" + b"\0" * 600, "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "Word 文档"),
        (zip_of(word__document=b"<a/>"), "Word 文档"),
        (zip_of(readme=b"<a/>"), "压缩包"),
        (zip_of(xl__workbook=b"<workbook/>"), "已损坏"),
        (b"%PDF-1.7", "PDF"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页格式"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 9, "照片"),
        (b"\x00\x01\x02\x03" * 40, "编码"),
        (b"\xff\xfe\x00", "编码"),
    ],
)
def test_what_is_no_sheet_gets_a_sentence_that_says_what_to_do(data: bytes, sentence: str) -> None:
    assert sentence in refusal(data)


def sheet_xml(cells: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'.encode()


def hostile(content: bytes) -> bytes:
    return sheets.with_part(sheets.xlsx({"a": [["姓名"]]}), SHEET, content)


def test_a_zip_bomb_is_stopped_while_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_UNPACKED", 5_000_000)
    bomb = hostile(sheet_xml("<row><c t='inlineStr'><is><t>" + "0" * 20_000_000 + "</t></is></c></row>"))
    assert len(bomb) < 100_000
    assert "解开后太大" in refusal(bomb)


def test_a_wrong_size_in_the_directory_does_not_help_the_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_UNPACKED", 5_000_000)
    bomb = bytearray(hostile(sheet_xml(" " * 20_000_000)))
    size = (len(sheet_xml(" " * 20_000_000))).to_bytes(4, "little")
    assert bomb.count(size) == 2
    assert refusal(bytes(bomb.replace(size, (1000).to_bytes(4, "little"))))


def test_entities_are_refused_and_expanded_by_nobody() -> None:
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    bomb = sheet_xml("<row><c t='inlineStr'><is><t>&l9;</t></is></c></row>", f'<!DOCTYPE a [<!ENTITY l0 "lol">{laughs}]>')
    assert "XML 实体" in refusal(hostile(bomb))
    outside = sheet_xml("<row><c><v>&x;</v></c></row>", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>')
    assert "XML 实体" in refusal(hostile(outside))


def test_a_lone_cell_in_the_last_corner_costs_one_cell() -> None:
    (table,) = read_file(hostile(sheet_xml("<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='B1048576'><v>2</v></c></row>")), NAME)
    assert [line.number for line in table.lines] == [1, 1048576]
    assert "超过 200 列" in refusal(hostile(sheet_xml("<row r='1'><c r='XFD1'><v>1</v></c></row>")))


def test_too_many_lines_are_refused_and_empty_ones_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_LINES", 3)
    rows = "".join(f"<row r='{n}'><c><v>{n}</v></c></row>" for n in range(1, 5))
    assert "超过 3 行" in refusal(hostile(sheet_xml(rows)))
    blank = "".join(f"<row r='{n}'><c s='0'/></row>" for n in range(1, 50))
    assert "没有内容" in refusal(hostile(sheet_xml(blank)))


def test_merges_over_everything_take_no_time() -> None:
    merges = "<mergeCells>" + "<mergeCell ref='A1:XFD1048576'/>" * 3000 + "</mergeCells>"
    content = sheet_xml("<row r='1'><c t='inlineStr'><is><t>姓名</t></is></c></row>").replace(b"</worksheet>", merges.encode() + b"</worksheet>")
    (table,) = read_file(hostile(content), NAME)
    assert len(table.merges) == 3000


def test_external_links_formulas_and_macros_are_neither_followed_nor_run() -> None:
    rels = b'<Relationships xmlns="x"><Relationship Id="rId1" Type="worksheet" TargetMode="External" Target="http://127.0.0.1:9/worksheets/a.xml"/></Relationships>'
    assert "没有内容" in refusal(sheets.with_part(sheets.xlsx({"a": [["x"]]}), "xl/_rels/workbook.xml.rels", rels))
    (table,) = read_file(sheets.xlsx({"a": [[("=HYPERLINK(\"http://x\")", "点我"), ("=cmd|' /C calc'!A0", "")]]}), NAME)
    assert [cell.kind for cell in table.lines[0].cells] == ["", "formula"]


def test_a_part_that_is_outside_of_the_workbook_is_not_reached() -> None:
    rels = b'<Relationships xmlns="x"><Relationship Id="rId1" Target="../../../etc/worksheets/passwd"/></Relationships>'
    assert "没有内容" in refusal(sheets.with_part(sheets.xlsx({"a": [["x"]]}), "xl/_rels/workbook.xml.rels", rels))


def test_the_reader_works_in_a_process_of_its_own_and_its_refusals_come_back_whole() -> None:
    data = sheets.xlsx({"10月": ROWS}, hidden=[5], merges=[(1, 0, 1, 3)])
    assert apart.read_apart(data, NAME) == read_file(data, NAME)
    with pytest.raises(BadFile) as bad:
        apart.read_apart(b"%PDF-", NAME)
    assert str(bad.value.cause) == refusal(b"%PDF-")


def test_a_reader_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "PATIENCE", 0.001)
    with pytest.raises(BadFile, match="太复杂或已损坏"):
        apart.read_apart(sheets.xlsx({"a": [["x"]]}), NAME)


def test_tables_survive_json() -> None:
    tables = read_file(sheets.xlsx({"10月": ROWS}, hidden=[5], merges=[(1, 0, 1, 3)]), NAME)
    assert unpack(json.loads(json.dumps(pack(tables)))) == tables


def read_or_refuse(data: bytes) -> None:
    try:
        tables = read_file(data, NAME)
    except BadFile as bad:
        assert str(bad.cause)
    else:
        assert unpack(json.loads(json.dumps(pack(tables)))) == tables
        assert all(cell.text.isprintable() for table in tables for line in table.lines for cell in line.cells)


@pytest.mark.parametrize("encoding", ["U0F-8", "gb18030", "utf-16", "idna", "hex"])
def test_a_part_in_another_encoding_is_read_or_refused(encoding: str) -> None:
    part = sheets.part_of(GOOD["xlsx"], SHEET)
    read_or_refuse(sheets.with_part(GOOD["xlsx"], SHEET, part.replace(b"UTF-8", encoding.encode(), 1)))


@given(data=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refuse(data)


GOOD = {"xlsx": sheets.xlsx({"10月": ROWS}, hidden=[5]), "xls": sheets.xls([["姓名", "应发"], ["张三", 3500.5], ["李四", date(2025, 10, 1)]])}


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(kind=st.sampled_from(["xlsx", "xls"]), place=st.integers(0, 10_000), junk=st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_is_read_or_refused(kind: str, place: int, junk: bytes) -> None:
    good = GOOD[kind]
    place %= len(good)
    read_or_refuse(good[:place] + junk + good[place + len(junk) :])


@settings(max_examples=100, deadline=None)
@given(place=st.integers(0, 100_000), junk=st.text(alphabet="<>/&;'\" =0Ac:rv\n", min_size=1, max_size=6), name=st.sampled_from([SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"]))
def test_a_workbook_whose_insides_are_damaged_is_read_or_refused(place: int, junk: str, name: str) -> None:
    part = sheets.part_of(GOOD["xlsx"], name)
    place %= len(part)
    read_or_refuse(sheets.with_part(GOOD["xlsx"], name, part[:place] + junk.encode() + part[place + len(junk) :]))
