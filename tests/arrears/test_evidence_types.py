"""What a file is, by its bytes. Heads are written by hand after the formats' own descriptions."""

import io
import zipfile

import pytest

from arrears import office_files
from arrears.evidence_types import ACCEPT, ACCEPTED, KINDS, sniff
from arrears.invalid import Invalid

MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)  # MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes
AAC_FRAME = b"\xff\xf1\x50\x80\x01\x7f\xfc" + bytes(4)  # ADTS, 11 bytes
OGG_PAGE = b"OggS\x00\x02" + bytes(20) + b"\x01\x13"

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def ftyp(brand: bytes) -> bytes:
    return b"\x00\x00\x00\x18ftyp" + brand + b"\x00\x00\x00\x00isom" + bytes(40)


def office(main_type: str, parts: dict[str, bytes] | None = None) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="{main_type}"/></Types>')
        for name, content in (parts or {"word/document.xml": b"<w:document/>"}).items():
            archive.writestr(name, content)
    return file.getvalue()


def ole(*names: str) -> bytes:
    entries = b""
    for name in names:
        encoded = name.encode("utf-16-le") + b"\x00\x00"
        entries += encoded.ljust(64, b"\x00") + len(encoded).to_bytes(2, "little") + b"\x02" + bytes(61)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\x00") + entries


SAMPLES = [
    ("jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"),
    ("jpg", b"\xff\xd8\xff\xe1\x12\x34Exif\x00"),
    ("png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17)),
    ("webp", b"RIFF\x24\x00\x00\x00WEBPVP8 "),
    ("gif", b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + bytes(6) + b"!\xf9\x04"),
    ("gif", b"GIF87a\x01\x00\x01\x00\x00\x00\x00,"),
    ("heic", ftyp(b"heic")),
    ("heic", ftyp(b"mif1")),
    ("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    ("docx", office(WORD)),
    ("docx", office(WORD, {"word/document2.xml": b"<w:document/>"})),
    ("xlsx", office(EXCEL, {"xl/workbook.xml": b"<workbook/>"})),
    ("doc", ole("Root Entry", "WordDocument", "1Table")),
    ("xls", ole("Root Entry", "Workbook")),
    ("txt", "老板欠我三个月工资，共 12,500 元。\r\n".encode()),
    ("txt", "老板欠我三个月工资。".encode("gb18030")),
    ("txt", "\ufeff今天 😀 说好了".encode()),
    ("txt", "老板".encode("utf-16")),
    ("txt", "<张三> 14:02 什么时候发工资？".encode()),
    ("mp3", b"ID3\x03\x00\x00\x00\x00\x0f\x76" + bytes(20)),
    ("mp3", MP3_FRAME * 2),
    ("m4a", ftyp(b"M4A ")),
    ("aac", AAC_FRAME * 2),
    ("wav", b"RIFF\x24\x08\x00\x00WAVEfmt "),
    ("ogg", OGG_PAGE + b"OpusHead\x01\x01"),
    ("ogg", OGG_PAGE + b"\x01vorbis"),
    ("amr", b"#!AMR\n<\x91\x17"),
    ("amr", b"#!AMR-WB\n\x44\x11"),
    ("mp4", ftyp(b"isom")),
    ("mp4", ftyp(b"mp42")),
    ("mov", ftyp(b"qt  ")),
    ("3gp", ftyp(b"3gp4")),
    ("webm", b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm"),
]


@pytest.mark.parametrize(("ext", "data"), SAMPLES)
def test_a_file_is_known_by_its_bytes(ext: str, data: bytes) -> None:
    file = io.BytesIO(data)
    file.seek(3)
    assert sniff(file) is KINDS[ext]
    assert file.tell() == 0, "the caller stores it next"


def test_every_kind_has_a_sample_a_type_and_a_place_in_the_refusal() -> None:
    assert {ext for ext, _ in SAMPLES} == set(KINDS)
    for ext, kind in KINDS.items():
        assert ext in ACCEPTED and f".{ext}" in ACCEPT.split(",")
        assert kind.mime.startswith(("image/", "audio/", "video/", "application/", "text/plain"))


REFUSED = [
    ("nothing", b"", "file_empty"),
    ("HTML", b"<!DOCTYPE html><title>x</title>", "file_active"),
    ("HTML after blanks", b"\n\n  <html>", "file_active"),
    ("HTML with a mark in front", b"\xef\xbb\xbf<div onclick=x>", "file_active"),
    ("HTML in UTF-16", "<script>alert(1)</script>".encode("utf-16"), "file_active"),
    ("HTML further down", b"wages\n<ScRiPt>alert(1)</script>", "file_active"),
    ("SVG", b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "file_active"),
    ("XML", b'<?xml version="1.0"?><x/>', "file_active"),
    ("PHP", b"<?php system($_GET[0]);", "file_active"),
    ("shell", b"#!/bin/sh\nrm -rf /\n", "file_active"),
    ("shell under an AMR name", b"#!AMR/../../bin/sh\n", "file_active"),
    ("GIF that is a page", b"GIF89a<script>alert(1)</script>", "file_active"),
    ("GIF that is a script", b"GIF89a/*\x00\x00*/=1;alert(1)", "file_type"),
    ("PDF that is a page", b"%PDF-1.4\n<html><script>alert(1)</script>", "file_active"),
    ("JPEG that is PHP", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00<?php eval($_GET[0]);", "file_active"),
    ("program of Windows", b"MZ\x90\x00\x03\x00\x00\x00\x04\x00", "file_type"),
    ("program of Linux", b"\x7fELF\x02\x01\x01\x00", "file_type"),
    ("ZIP", office("nothing/known"), "file_archive"),
    ("RAR", b"Rar!\x1a\x07\x01\x00", "file_archive"),
    ("7z", b"7z\xbc\xaf\x27\x1c\x00\x04", "file_archive"),
    ("gzip", b"\x1f\x8b\x08\x00\x00\x00", "file_archive"),
    ("installer in a compound file", ole("Root Entry", "SummaryInformation"), "file_type"),
    ("doc with macros", ole("Root Entry", "WordDocument", "Macros", "VBA"), "file_macro"),
    ("doc with a program in it", ole("Root Entry", "WordDocument", "\x01Ole10Native"), "file_macro"),
    ("docx behind a password", ole("Root Entry", "EncryptionInfo", "EncryptedPackage"), "file_locked"),
    ("docm", office(WORD.replace("document.main", "document.macroEnabled.main")), "file_macro"),
    ("docx with macros", office(WORD, {"word/vbaProject.bin": b"x"}), "file_macro"),
    ("docx with a program", office(WORD, {"word/embeddings/setup.EXE": b"x"}), "file_macro"),
    ("docx that climbs out", office(WORD, {"../../etc/cron.d/x": b"x"}), "file_macro"),
    ("docx cut short", office(WORD)[:-30], "file_damaged"),
    ("docx with something behind it", office(WORD) + b"<script>alert(1)</script>", "file_damaged"),
    ("two archives in one", office("x/y") + office(WORD), "file_damaged"),
    ("AVIF", ftyp(b"avif"), "file_type"),
    ("Matroska", b"\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82\x88matroska", "file_type"),
    ("one frame of nothing", b"\xff\xfb\x90\x00" + bytes(500), "file_type"),
    ("bytes", bytes(range(256)), "file_type"),
    ("WeChat's own voice format", b"\x02#!SILK_V3\x0c\x00", "file_type"),
]


@pytest.mark.parametrize(("data", "code"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_everything_else_is_refused(data: bytes, code: str) -> None:
    file = io.BytesIO(data)
    with pytest.raises(Invalid) as refusal:
        sniff(file)
    assert refusal.value.code == code
    assert refusal.value.sentence.endswith("。")
    assert file.tell() == 0


def test_an_archive_that_unpacks_without_end_is_refused() -> None:
    with pytest.raises(Invalid, match="异常庞大"):
        sniff(io.BytesIO(office(WORD, {"word/document.xml": bytes(12 * 1024 * 1024)})))


def test_an_archive_of_countless_parts_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(office_files, "MOST_PARTS", 3)
    with pytest.raises(Invalid, match="异常庞大"):
        sniff(io.BytesIO(office(WORD, {f"word/{number}.xml": b"x" for number in range(4)})))


def test_long_text_is_not_evidence() -> None:
    with pytest.raises(Invalid, match="只接受"):
        sniff(io.BytesIO(b"a" * (2 * 1024 * 1024 + 1)))
