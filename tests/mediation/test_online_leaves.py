"""A PDF in the online room, page by page: who leads, who follows, and what a hostile file can do (nothing)."""

import fcntl
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader, PdfWriter

from arrears.papers.blocks import Paragraph, Words
from arrears.papers.pdf import Foot, typeset
from mediation.models import OnlineShown
from mediation.online import leaves
from tests.mediation.test_online import Browser
from tests.mediation.test_online_kept import PNG, KeptTestCase

# A page whose Chinese is set in a font that every Chinese reader has and the file does not bring along.
BARE_FONT = (
    b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    b"<< /Length 44 >>\nstream\nBT /F1 36 Tf 20 120 Td <6B20676100205DE58D44> Tj ET\nendstream",
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 7 0 R >>",
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 752 /Descent -271 /CapHeight 737 /StemV 58 >>",
)  # fmt: skip


def written(pages: int = 3, **size: Any) -> bytes:
    sheet = PdfReader(BytesIO(typeset([Paragraph([Words("工资欠条。" * 30)])], Foot("欠条", date(2026, 3, 2)))))
    writer, out = PdfWriter(), BytesIO()
    for _page in range(pages):
        writer.add_page(sheet.pages[0])
    if size:
        writer.add_blank_page(**size)
    writer.write(out)
    return out.getvalue()


def locked() -> bytes:
    writer, out = PdfWriter(clone_from=PdfReader(BytesIO(written()))), BytesIO()
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def made_of(objects: tuple[bytes, ...]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, table, len(objects) + 1, len(out),
    )  # fmt: skip


class LeavesTest(KeptTestCase):
    def show(self, browser: Browser, content: bytes, name: str = "欠条.pdf") -> Any:
        return browser.client.post(reverse("online_show", args=[self.hearing.pk]), {"file": SimpleUploadedFile(name, content)})

    def leaf(self, browser: Browser, page: int, client: Client | None = None) -> Any:
        shown = OnlineShown.objects.get()
        return (client or browser.client).get(reverse("online_leaf", args=[self.hearing.pk, shown.pk, page]))

    def test_each_page_is_a_picture_for_those_in_the_room_and_gone_when_it_is_taken_down(self) -> None:
        host, guest = self.meet()
        waiting = self.invited(name="等候的人")
        self.assertEqual(self.show(host, written(3)).status_code, 200)
        said = guest.turn()["shown"]
        self.assertEqual((said["kind"], said["pages"], said["page"], said["lacks_faces"]), ("pdf", 3, 1, False))
        answer = self.leaf(guest, 2)
        drawn = Image.open(BytesIO(b"".join(answer.streaming_content)))
        self.assertEqual((answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]), (200, "image/png", "nosniff"))
        self.assertEqual(drawn.size, (1200, 1697))
        self.assertLess(drawn.convert("L").getextrema()[0], 80, "there are letters on it")
        self.assertEqual([self.leaf(guest, page).status_code for page in (0, 4)], [404, 404])
        self.assertEqual((self.leaf(waiting, 2).status_code, self.leaf(guest, 2, Client()).status_code), (404, 404))
        place = Path(OnlineShown.objects.get().file.path)
        self.assertEqual((leaves.place_of(OnlineShown.objects.get(), 2).stat().st_mode & 0o777), 0o600)
        with self.captureOnCommitCallbacks(execute=True):
            host.ask("act", act="take_down")
        self.assertEqual(list(place.parent.glob(f"{place.name}*")), [])

    def test_the_mediator_and_whoever_shows_turn_the_page_for_everybody(self) -> None:
        host, guest = self.meet()
        other = self.invited(name="另一位")
        host.let_in(other)
        other.turn()
        self.assertEqual(host.ask("act", act="turn_page", page="1").json()["code"], "nothing_shown")
        self.show(guest, written(3))
        self.assertEqual(host.ask("act", act="turn_page", page="3").status_code, 200)
        self.assertEqual([one.turn()["shown"]["page"] for one in (host, guest, other)], [3, 3, 3])
        self.assertEqual(guest.ask("act", act="turn_page", page="2").status_code, 200)
        self.assertEqual(other.turn()["shown"]["page"], 2)
        self.assertEqual(other.ask("act", act="turn_page", page="1").json()["code"], "not_yours")
        for page in ("0", "4", "", "x", "-1", "²", "99999999999"):
            self.assertEqual(host.ask("act", act="turn_page", page=page).json()["code"], "no_such_page", page)
        self.assertEqual(other.turn()["shown"]["page"], 2)
        self.show(host, PNG, "考勤.png")
        self.assertEqual(host.ask("act", act="turn_page", page="1").json()["code"], "no_such_page")  # a picture has no pages

    def test_what_is_locked_broken_empty_or_too_long_is_refused_with_what_to_do(self) -> None:
        host, guest = self.meet()
        self.show(host, PNG, "考勤.png")
        for content in (locked(), written(2)[:300], b"%PDF-1.7\n" + b"x" * 500, made_of((b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"))):
            answer = self.show(guest, content)
            self.assertEqual((answer.status_code, answer.json()["code"]), (409, "pdf_unreadable"), content[:60])
            self.assertIn("请去掉密码、另存或者拆分后再试", answer.json()["message"])
        folder = Path(OnlineShown.objects.get().file.path).parent
        self.assertEqual(guest.turn()["shown"]["title"], "考勤")  # what was shown before stays
        self.assertEqual(len(list(folder.glob(f"{OnlineShown.objects.get().pk}*"))), 1)

    def test_a_page_of_any_size_comes_out_as_a_picture_of_bounded_size(self) -> None:
        host, _guest = self.meet()
        self.show(host, written(1, width=14400, height=3))
        drawn = Image.open(BytesIO(b"".join(self.leaf(host, 2).streaming_content)))
        self.assertLessEqual(max(drawn.size), 1700)

    def test_letters_whose_font_is_not_in_the_file_are_said_to_be_missing(self) -> None:
        host, guest = self.meet()
        self.assertEqual(self.show(host, made_of(BARE_FONT)).status_code, 200)
        self.assertTrue(guest.turn()["shown"]["lacks_faces"])

    def test_while_somebody_has_it_drawn_the_others_ask_again_and_what_cannot_be_drawn_is_said(self) -> None:
        host, guest = self.meet()
        self.show(host, written(1))
        shown = OnlineShown.objects.get()
        with open(f"{shown.file.path}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            answer = self.leaf(guest, 1)
            self.assertEqual((answer.status_code, answer["Retry-After"]), (202, "1"))
        Path(shown.file.path).write_bytes(b"%PDF-1.7 broken after it was counted")
        self.assertEqual(self.leaf(guest, 1).status_code, 422)
        self.assertEqual(list(Path(shown.file.path).parent.glob(f"{shown.pk}*.half")), [])
