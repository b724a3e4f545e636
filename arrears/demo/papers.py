"""Evidence that looks like what a phone sends: small, real files, drawn anew for every case."""

import io
import math
import struct
import wave
import zlib
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from arrears.models import Claim

WIDTH, HEIGHT = 420, 594
PAPER, INK, RULE = 0xF2, 0x30, 0xB8
MARGIN = 36
TITLES = {
    "contract": "劳务用工协议", "attendance": "记工本照片", "wage_sheet": "工资表", "iou": "工资欠条", "transfer": "转账记录截图",
    "signature": "签字的支持起诉申请书", "chat": "与带班的聊天记录", "photo": "施工现场照片", "voice": "催要工资的通话录音",
}  # fmt: skip


def paper(rng: Random, kind: str, claim: Claim) -> tuple[str, SimpleUploadedFile]:
    """Its title and the file."""
    title = TITLES[kind]
    if kind == "voice":
        return title, SimpleUploadedFile("录音.wav", tone(rng), "audio/wav")
    if kind in ("contract", "wage_sheet"):
        return title, SimpleUploadedFile(f"{title}.pdf", pdf(sheet(title, claim)), "application/pdf")
    return title, SimpleUploadedFile(f"IMG_{rng.randrange(10**4):04d}.png", png(scribble(rng)), "image/png")


def scribble(rng: Random) -> list[bytes]:
    """A ruled page with something written on most of its lines, as rows of grey."""
    blank, edge = bytes([PAPER]) * WIDTH, bytes([PAPER]) * MARGIN
    rows = [blank] * HEIGHT
    strokes = [bytes(rng.choices((INK, PAPER), (2, 3), k=12)) + bytes([PAPER]) * 3 for _ in range(24)]
    for top in range(MARGIN, HEIGHT - MARGIN, 26):
        rows[top + 20] = edge + bytes([RULE]) * (WIDTH - 2 * MARGIN) + edge
        length = rng.randint(0, 22)
        for y in range(top + 4, top + 17, 2):
            rows[y] = rows[y + 1] = (edge + b"".join(rng.choices(strokes, k=length))).ljust(WIDTH, edge[:1])
    return rows


def png(rows: list[bytes]) -> bytes:
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def sheet(title: str, claim: Claim) -> list[str]:
    lines = [title, "", f"用人单位：{claim.respondent_name}", f"工种：{claim.work}", f"劳动者：{claim.worker_name}", ""]
    lines += [
        f"{line.period_from} 至 {line.period_to}　{line.quantity} × {line.rate} = {line.due} 元"
        for line in claim.lines.all()[:18]
    ]
    return [*lines, "", f"合计未付：{claim.claimed} 元", "", "（演示材料，人物和单位均为虚构）"]


def pdf(lines: list[str]) -> bytes:
    """One page in the reader's own Chinese font, which keeps the file small."""
    shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj T*\n" for line in lines)
    content = f"BT /F1 12 Tf 20 TL 60 780 Td\n{shown}ET".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 7 0 R >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        b"/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    )
    return _assemble(objects)


def _assemble(objects: tuple[bytes, ...]) -> bytes:
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def tone(rng: Random) -> bytes:
    """A second that fades."""
    out, turn = io.BytesIO(), rng.randint(180, 260) / 8000 * math.tau
    with wave.open(out, "wb") as file:
        file.setparams((1, 1, 8000, 0, "NONE", ""))
        file.writeframes(bytes(128 + int((100 - i // 80) * math.sin(i * turn)) for i in range(8000)))
    return out.getvalue()
