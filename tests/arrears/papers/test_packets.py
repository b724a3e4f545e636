"""A packet is one ZIP and one PDF, made by the task: whole or not at all."""

import io
import shutil
import subprocess
import zipfile
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document
from PIL import Image
from pypdf import PdfReader, PdfWriter

from arrears.casework import advance
from arrears.evidence import add_evidence
from arrears.long_work import MOST_TRIES
from arrears.models import Event, Evidence, Packet, Paper, Referral
from arrears.papers.archive import LIST
from arrears.papers.assembling import Whole
from arrears.papers.keeping import path_of, put
from arrears.papers.packets import Wish, ask, make_next
from arrears.partners import links, supplements
from arrears.partners.frozen import is_supplement_intact
from arrears.redaction import upload_redacted
from arrears.referrals import refer
from arrears.tasks import make_packets
from grid.refused import Refused
from tests.arrears.papers.office import OfficeTestCase
from tests.arrears.papers.scenes import answers_of
from tests.base import NOW


def typed(*forms: str) -> dict[str, str]:
    answers = {name: value for form in forms for name, value in answers_of(form).items()}
    return {name: str(value.date() if hasattr(value, "hour") else value) for name, value in answers.items()}


def picture(colour: str = "red", size: tuple[int, int] = (900, 1600)) -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return SimpleUploadedFile("IMG_1.jpg", file.getvalue())


def scanned(pages: int) -> SimpleUploadedFile:
    writer, file = PdfWriter(), io.BytesIO()
    for _page in range(pages):
        writer.add_blank_page(595, 842)
    writer.write(file)
    return SimpleUploadedFile("合同.pdf", file.getvalue())


class TestPackets(OfficeTestCase):
    def add(self, upload: SimpleUploadedFile, kind: str, title: str) -> Evidence:
        return add_evidence(self.one, upload, self.chief, now=NOW, kind=kind, title=title)

    def ask(self, claim=None, forms=("F-16", "F-20", "L-02"), evidence=(), **wish) -> Packet:
        chosen = Wish("support", forms, [row.pk for row in evidence], **wish)
        return ask(claim or self.one, chosen, typed(*forms), self.chief, now=NOW, send=lambda: None)

    def made(self, *arguments, **wish) -> Packet:
        packet = self.ask(*arguments, **wish)
        self.assertTrue(make_next(NOW))
        packet.refresh_from_db()
        self.assertEqual((packet.state, packet.refused), ("made", ""))
        return packet

    def test_one_pdf_with_cover_contents_bookmarks_and_running_numbers(self):
        evidence = [
            self.add(picture(), "photo", "工地照片"), self.add(scanned(3), "contract", "劳务合同"),
            self.add(SimpleUploadedFile("a.mp3", b"\xff\xfb\x90\x00" + bytes(413) + b"\xff\xfb\x90\x00" + bytes(413)), "voice", "催要工资录音"),
        ]  # fmt: skip
        packet = self.made(evidence=evidence)
        reader = PdfReader(path_of(packet, "pdf"))
        pages = [page.extract_text() for page in reader.pages]
        self.assertEqual(len(pages), packet.pages)
        self.assertTrue(all(f"{number} / {len(pages)}" in page for number, page in enumerate(pages, 1)))
        self.assertIn("支持起诉材料", pages[0])
        self.assertIn(self.one.number, pages[0])
        at = {item.title: reader.get_destination_page_number(item) + 1 for item in flat(reader.outline)}
        contents = pages[1].replace(" ", "")
        titles = [*(paper.title for paper in packet.papers.all()), "工地照片", "劳务合同", "催要工资录音"]
        for title in titles:
            self.assertRegex(contents, rf"{title}[^\n]*\n?{at[title]}")
        self.assertIn("申请人：钱建国", pages[at["支持起诉申请书"] - 1])
        self.assertIn("证据1　工地照片", pages[at["工地照片"] - 1])
        self.assertEqual(at["催要工资录音"] - at["劳务合同"], 3)
        listing = pages[at["证据清单"] - 1].replace("\n", "").replace(" ", "")
        for row in evidence:
            self.assertIn(row.sha256, listing)
        self.assertIn("不能打印", listing)

    def test_the_zip_holds_everything_as_it_came_and_proves_it(self):
        photo = self.add(picture(), "photo", "工地/照片<1>")
        packet = self.made(evidence=[photo])
        with zipfile.ZipFile(path_of(packet, "zip")) as archive:
            self.assertIsNone(archive.testzip())
            names = archive.namelist()
            self.assertEqual(archive.read("02-证据/01-工地_照片_1_.jpg"), Path(photo.file.path).read_bytes())
            self.assertEqual(archive.read("00-全卷.pdf"), path_of(packet, "pdf").read_bytes())
            for line in archive.read(LIST).decode().splitlines():
                digest, name = line.split("  ")
                self.assertEqual(sha256(archive.read(name)).hexdigest(), digest)
        self.assertEqual(len([name for name in names if name.endswith(".docx")]), 3)
        self.assertEqual(sha256(path_of(packet, "zip").read_bytes()).hexdigest(), packet.zip_sha256)
        self.assertEqual(packet.documents, 4)

    def test_gaps_stand_red_on_the_cover(self):
        packet = self.ask()
        packet.put_answers({**typed("F-16", "F-20", "L-02"), "worker_address": ""})
        packet.save()
        make_next(NOW)
        packet.refresh_from_db()
        self.assertEqual([(gap["form"], gap["field"]) for gap in packet.gaps], [("F-16", "申请人.住址")])
        cover = PdfReader(path_of(packet, "pdf")).pages[0]
        self.assertIn("尚缺 1 项", cover.extract_text())
        self.assertIn(b"0.7019608 0.14901961 0.11764706", cover.get_contents().get_data())

    def test_papers_of_a_packet_are_issued_with_it(self):
        packet = self.made()
        papers = [link.paper for link in packet.packetpaper_set.select_related("paper")]
        self.assertEqual([paper.form for paper in papers], ["F-16", "F-20", "L-02"])
        self.assertEqual([paper.number for paper in papers], packet.numbers)
        self.assertTrue(all(path_of(paper, kind).is_file() for paper in papers for kind in ("docx", "pdf")))
        kinds = list(Event.objects.filter(claim=self.one).order_by("seq").values_list("kind", flat=True))[-5:]
        self.assertEqual(kinds, ["id_numbers_used", "issue_paper", "issue_paper", "issue_paper", "packet_made"])

    def test_one_suit_of_many_has_annexes_and_an_authority_from_each(self):
        many = self.make_full(12)
        packet = self.made(many)
        forms = [link.paper.form for link in packet.packetpaper_set.select_related("paper")]
        self.assertEqual(forms, ["F-16", "F-20", *["L-02"] * 12])
        self.assertIn("钱建国等12人", PdfReader(path_of(packet, "pdf")).pages[0].extract_text().replace("\n", "").replace(" ", ""))
        first = packet.packetpaper_set.first().paper
        printed = "".join(page.extract_text() for page in PdfReader(path_of(first, "pdf")).pages)
        for worker in many.claimants.all():
            self.assertIn(worker.name, printed)

    def test_one_set_each_says_only_what_concerns_the_worker(self):
        many = self.make_full(3)
        packet = self.made(many, each=True)
        self.assertEqual(packet.documents, 9)
        for link in packet.packetpaper_set.select_related("paper__worker").filter(paper__form="F-16"):
            self.assertIn(link.paper.worker.name, PdfReader(path_of(link.paper, "pdf")).pages[0].extract_text())

    def test_for_whom_it_was_made_is_printed_across_every_page(self):
        packet = self.made(evidence=[self.add(scanned(2), "contract", "合同")], watermark="仅供沭阳县人民检察院")
        pages = [page.extract_text() for page in PdfReader(path_of(packet, "pdf")).pages]
        self.assertTrue(all("仅供沭阳县人民检察院" in page for page in pages))

    def test_what_goes_with_a_referral_is_covered_and_marked_in_the_pdf_and_in_the_zip(self):
        photo, contract = self.add(picture("red"), "photo", "工地照片"), self.add(scanned(2), "contract", "合同")
        upload_redacted(photo, picture("blue"), self.chief, now=NOW)
        advance(self.one, "handle", self.chief, now=NOW)
        referral = refer(self.one, self.county, now=NOW, kind="support", body=self.procuratorate, summary="请支持起诉")
        wish = Wish("support", ("F-16", "F-20", "L-02"), [photo.pk, contract.pk])  # neither covered nor marked, as far as whoever asks thinks
        packet = ask(self.one, wish, typed(*wish.forms), self.county, now=NOW, send=lambda: None, referral=referral)
        make_next(NOW)
        packet.refresh_from_db()
        self.assertEqual(packet.refused, "")
        mark = f"仅供{self.procuratorate.name}办案使用"
        pages = [page.extract_text() for page in PdfReader(path_of(packet, "pdf")).pages]
        self.assertTrue(all(mark in page for page in pages))
        with zipfile.ZipFile(path_of(packet, "zip")) as archive:
            names = archive.namelist()
            for name in [name for name in names if name.endswith(".pdf")]:
                for page in PdfReader(io.BytesIO(archive.read(name))).pages:
                    self.assertIn(mark, page.extract_text(), name)
            for name in [name for name in names if name.endswith(".docx")]:
                self.assertIn(mark, Document(io.BytesIO(archive.read(name))).sections[-1].footer.paragraphs[0].text, name)
            shown = Image.open(io.BytesIO(archive.read("02-证据/01-工地照片.jpg"))).convert("RGB")
        (_least_red, red), _green, (_least_blue, blue) = shown.resize((30, 30)).getextrema()
        self.assertLess(red, 200)  # the covered copy
        self.assertGreater(blue, 200)
        self.assertGreater(len(shown.getcolors(maxcolors=1 << 24)), 100)  # and not plain any more
        paper = packet.papers.get(form="F-16")
        self.assertNotIn(mark, "".join(page.extract_text() for page in PdfReader(path_of(paper, "pdf")).pages))  # the paper itself is as it was issued

    def test_what_goes_with_a_referral_about_some_of_the_workers_speaks_of_nobody_else(self):
        many = self.make_full(3)
        advance(many, "handle", self.chief, now=NOW)
        first, second, left_out = many.claimants.all()
        referral = refer(many, self.county, now=NOW, kind="support", body=self.procuratorate, summary="请支持起诉", only={first.pk, second.pk})
        packet = ask(many, Wish("support", ("F-16", "L-02")), typed("F-16", "L-02"), self.county, now=NOW, send=lambda: None, referral=referral)
        make_next(NOW)
        packet.refresh_from_db()
        self.assertEqual((packet.refused, packet.documents), ("", 3))
        printed = "".join(page.extract_text() for page in PdfReader(path_of(packet, "pdf")).pages)
        self.assertIn(f"{first.name}等2人被申请方", printed.replace("\n", "").replace(" ", ""))
        self.assertIn(second.name, printed)
        self.assertNotIn(left_out.name, printed)

    def test_a_picture_that_cannot_be_read_is_a_gap_on_the_cover_and_lies_in_the_zip(self):
        broken, sound = self.add(picture(), "photo", "现场照片"), self.add(picture("blue"), "photo", "完好的照片")
        Path(broken.file.path).write_bytes(Path(broken.file.path).read_bytes()[:300])
        packet = self.made(evidence=[broken, sound])
        self.assertEqual(packet.gaps, [{"form": "", "title": "现场照片", "field": "证据.内容"}])
        pages = [page.extract_text().replace("\n", "") for page in PdfReader(path_of(packet, "pdf")).pages]
        self.assertIn("尚缺 1 项", pages[0])
        self.assertIn("现场照片：文件打不开", pages[0])
        self.assertEqual(len([page for page in pages if "这张图片打不开" in page]), 2)  # in the list of evidence, and where it should be
        with zipfile.ZipFile(path_of(packet, "zip")) as archive:
            self.assertEqual(len(archive.read("02-证据/01-现场照片.jpg")), 300)
        self.client.force_login(self.chief)
        self.assertContains(self.client.get(reverse("packet_detail", args=[packet.pk])), "文件打不开，看不到内容")

    def test_a_pdf_that_cannot_be_read_is_listed_and_lies_in_the_zip(self):
        locked = PdfWriter()
        locked.add_blank_page(10, 10)
        locked.encrypt("secret")
        file = io.BytesIO()
        locked.write(file)
        row = self.add(SimpleUploadedFile("b.pdf", file.getvalue()), "other", "有密码的文件")
        packet = self.made(evidence=[row])
        self.assertEqual([gap["title"] for gap in packet.gaps], ["有密码的文件"])
        self.assertTrue(any("有密码" in page.extract_text() and row.sha256[:20] in page.extract_text() for page in PdfReader(path_of(packet, "pdf")).pages))
        with zipfile.ZipFile(path_of(packet, "zip")) as archive:
            self.assertIn("02-证据/01-有密码的文件.pdf", archive.namelist())

    def test_nothing_a_foreign_page_could_do_comes_along(self):
        writer, file = PdfWriter(), io.BytesIO()
        writer.add_blank_page(595, 842)
        writer.add_uri(0, "http://203.0.113.1/", [0, 0, 100, 100])
        writer.write(file)
        packet = self.made(evidence=[self.add(SimpleUploadedFile("c.pdf", file.getvalue()), "other", "合同")])
        whole = path_of(packet, "pdf").read_bytes()
        self.assertNotIn(b"203.0.113.1", whole)
        self.assertNotIn("/Annots", PdfReader(io.BytesIO(whole)).pages[-1])

    def refusal(self, **wish) -> str:
        with self.assertRaises(Refused) as refusal:
            self.ask(**wish)
        return refusal.exception.code

    def test_what_cannot_be_asked_for(self):
        self.assertEqual(self.refusal(forms=()), "nothing_chosen")
        other = self.make_claim()
        strange = add_evidence(other, picture("blue"), self.chief, now=NOW, kind="photo")
        self.assertEqual(self.refusal(evidence=[strange]), "not_of_claim")
        self.ask()
        self.assertEqual(self.refusal(), "under_way")

    def test_answers_are_judged_before_anything_begins(self):
        forms = ("F-16", "F-20", "L-02")
        for lacking in ({"why_not_alone": ""}, {"voluntary": ""}):
            with self.assertRaises(Refused) as refusal:
                ask(self.one, Wish("support", forms), typed(*forms) | lacking, self.chief, now=NOW, send=lambda: None)
            self.assertEqual(refusal.exception.code, "bad_answers")
        with self.assertRaises(Refused) as refusal:  # each by itself is a day
            ask(self.one, Wish("enforcement", ("F-25",)), typed("F-25") | {"effective_on": "2026-12-01"}, self.chief, now=NOW, send=lambda: None)
        self.assertIn("生效日期还没有到", refusal.exception.message)
        self.assertFalse(Packet.objects.exists())

    def test_a_sum_typed_for_all_is_not_put_into_each_ones_set(self):
        many = self.make_full(3)
        for each in (True, False):
            wish = Wish("enforcement", ("F-25",), each=each)
            if not each:
                ask(many, wish, typed("F-25"), self.chief, now=NOW, send=lambda: None)
                continue
            with self.assertRaises(Refused) as refusal:
                ask(many, wish, typed("F-25"), self.chief, now=NOW, send=lambda: None)
            self.assertEqual(refusal.exception.code, "sum_of_all")

    def test_when_the_time_of_the_task_is_up_it_ends_and_the_packet_waits_for_the_next(self):
        packet = self.ask()
        with patch("arrears.papers.assembling.finish", side_effect=SoftTimeLimitExceeded), self.assertRaises(SoftTimeLimitExceeded):
            make_next(NOW)
        packet.refresh_from_db()
        self.assertEqual((packet.state, packet.tries, self.files()), ("asked", 1, []))
        self.assertTrue(make_next(NOW))
        packet.refresh_from_db()
        self.assertEqual(packet.state, "made")

    def test_each_packet_has_a_task_of_its_own(self):
        first = self.ask()
        second = ask(self.one, Wish("suit", ("F-20",)), {}, self.chief, now=NOW, send=lambda: None)
        with patch.object(make_packets, "delay") as sent:
            self.assertEqual([make_packets(), Packet.objects.filter(state="made").count(), sent.call_count], [1, 1, 1])
            self.assertEqual([make_packets(), sent.call_count], [1, 2])
            self.assertEqual([make_packets(), sent.call_count], [0, 2])  # nobody is sent for nothing
        self.assertEqual({packet.pk for packet in Packet.objects.filter(state="made")}, {first.pk, second.pk})

    def test_what_cannot_even_be_prepared_is_said_and_not_tried_for_ever(self):
        packet = self.ask()
        with patch("arrears.papers.packets.take_numbers", side_effect=ValueError):
            self.assertTrue(make_next(NOW))
        packet.refresh_from_db()
        self.assertEqual((packet.state, packet.tries), ("failed", 1))

    def test_files_of_whoever_was_killed_before_the_rows_were_written_do_not_stay(self):
        """Killed between the files and the commit: the transaction is undone and nobody tidies up."""
        packet = self.ask()
        with patch("arrears.papers.packets.kept", left_behind), patch.object(Whole, "write", side_effect=SystemExit), self.assertRaises(SystemExit):
            make_next(NOW)
        self.assertEqual((len(self.files()), Paper.objects.count()), (8, 0))  # three papers as Word and PDF, the whole as PDF and ZIP
        self.assertTrue(make_next(NOW))
        packet.refresh_from_db()
        self.assertEqual((packet.state, len(self.files()), Paper.objects.count()), ("made", 8, 3))

    def test_nor_when_it_is_given_up(self):
        packet = self.ask()
        for _try in range(MOST_TRIES):
            with patch("arrears.papers.packets.kept", left_behind), patch.object(Whole, "write", side_effect=SystemExit), self.assertRaises(SystemExit):
                make_next(NOW)
        later = NOW.replace(month=NOW.month + 1)
        self.assertTrue(make_next(later))
        packet.refresh_from_db()
        self.assertEqual((packet.state, self.files()), ("failed", []))

    def test_a_file_that_is_moved_is_forced_to_the_disk_before_and_its_name_after(self):
        forced = []
        with patch("arrears.papers.keeping.force", side_effect=lambda path: forced.append(path.name)):
            self.made()
        for name in ("whole.pdf", "whole.zip"):
            self.assertEqual(forced[forced.index(name) + 1], f"{NOW:%m}")

    def test_a_fault_is_said_and_nothing_is_left(self):
        (self.folder / "F-20.txt").write_text("# 题\n\n{{ 工资.欠 }}", encoding="utf-8")
        packet = self.ask()
        self.assertTrue(make_next(NOW))
        packet.refresh_from_db()
        self.assertEqual(packet.state, "failed")
        self.assertIn("没有字段“工资.欠”", packet.refused)
        self.assertEqual((self.files(), Paper.objects.count()), ([], 0))
        self.assertFalse(Event.objects.filter(kind__in=("issue_paper", "packet_made", "id_numbers_used")).exists())
        self.assertFalse(make_next(NOW))

    def test_libreoffice_reads_the_papers(self):
        """By hand: soffice --headless --convert-to pdf FILE.docx"""
        soffice = shutil.which("soffice")
        if not soffice:
            self.skipTest("LibreOffice is not installed (Debian: libreoffice-writer)")
        packet = self.made()
        for link in packet.packetpaper_set.select_related("paper"):
            command = [soffice, f"-env:UserInstallation=file://{self.folder}/profile", "--headless", "--convert-to", "pdf", "--outdir", str(self.folder)]
            subprocess.run([*command, str(path_of(link.paper, "docx"))], check=True, timeout=120, capture_output=True)
            whole = "".join(page.extract_text() for page in PdfReader(self.folder / f"{link.paper.pk}.pdf").pages)
            self.assertIn(link.paper.number, whole.replace("\n", ""))


@contextmanager
def left_behind(files):
    """As keeping.kept, but killed: what was put stays."""
    for place, content in files.items():
        put(content, place)
    yield


def flat(outline) -> list:
    found = []
    for item in outline:
        found += flat(item) if isinstance(item, list) else [item]
    return found


class TestWhole(OfficeTestCase):
    def test_what_does_not_agree_is_refused_and_nothing_is_left(self):
        (self.folder / "F-16.txt").write_text("# 支持起诉申请书\n\n被拖欠工资共计9,999.99元（大写：人民币壹元整）。依照《民事诉讼法》第十五条。", encoding="utf-8")
        packet = ask(self.one, Wish("support", ("F-16",)), typed("F-16"), self.chief, now=NOW, send=lambda: None)
        make_next(NOW)
        packet.refresh_from_db()
        self.assertEqual(packet.state, "failed")
        self.assertIn("不一致", packet.refused)
        self.assertIn("9,999.99", packet.refused)
        self.assertEqual((self.files(), Paper.objects.count()), ([], 0))

    def test_a_partner_body_has_the_packet_of_its_referral_until_it_is_recalled(self):
        advance(self.one, "handle", self.chief, now=NOW)
        given = {"kind": "support", "body": self.procuratorate, "summary": "请支持起诉"}
        referral = refer(self.one, self.county, now=NOW, **given)
        packet = ask(self.one, Wish("support", ("F-20",)), {}, self.county, now=NOW, send=lambda: None, referral=referral)
        page = reverse("packet_detail", args=[packet.pk])
        self.client.force_login(self.partner)
        self.assertEqual(self.client.get(page).status_code, 404)  # not before it is made
        make_next(NOW)
        self.assertEqual(self.client.get(page).status_code, 200)
        self.assertContains(self.client.get(reverse("referral_detail", args=[referral.pk])), page)
        file = self.client.get(reverse("packet_pdf", args=[packet.pk]))
        self.assertTrue(b"".join(file.streaming_content).startswith(b"%PDF"))
        self.assertEqual(self.client.get(reverse("paper_pdf", args=[packet.papers.get().pk])).status_code, 404)
        self.holder_of_a_link_takes_it(referral, packet)
        self.body_fetches_it_by_api(referral, packet)
        Referral.objects.filter(pk=referral.pk).update(state="recalled")
        for name in ("packet_detail", "packet_zip", "packet_pdf"):
            self.assertEqual(self.client.get(reverse(name, args=[packet.pk])).status_code, 404)

    def made_of(self, **said) -> Packet:
        packet = ask(self.one, Wish("support", ("F-20",), **said), {}, self.county, now=NOW, send=lambda: None)
        self.assertTrue(make_next(NOW))
        return packet

    def test_one_made_before_the_referral_goes_along_later_with_its_fingerprint(self):
        advance(self.one, "handle", self.chief, now=NOW)
        inside, for_others = (self.made_of(**said) for said in ({}, {"redacted": True, "watermark": "仅供沭阳县人民检察院办案使用"}))
        referral = refer(self.one, self.county, now=NOW, kind="support", body=self.procuratorate, summary="请支持起诉")
        page = reverse("referral_supplement", args=[referral.pk])
        self.client.force_login(self.county)
        self.assertNotContains(self.client.get(page), str(inside.pk))
        with self.assertRaises(Refused) as refused:
            supplements.send(referral, self.county, now=NOW, note="", packets=[Packet.objects.get(pk=inside.pk)])
        self.assertEqual((refused.exception.code, referral.supplements.count()), ("packet_inside", 0))
        self.assertRedirects(self.client.post(page, {"packets": [str(for_others.pk)], "note": ""}), reverse("referral_detail", args=[referral.pk]))
        sent, for_others = referral.supplements.get(), Packet.objects.get(pk=for_others.pk)
        self.assertEqual(for_others.referral, referral)
        self.assertEqual([(file["kind"], file["sha256"]) for file in sent.files], [("packet", for_others.pdf_sha256)])
        self.assertTrue(is_supplement_intact(sent))
        self.client.force_login(self.partner)
        self.assertContains(self.client.get(reverse("referral_detail", args=[referral.pk])), reverse("packet_detail", args=[for_others.pk]))
        self.assertEqual(self.client.get(reverse("packet_pdf", args=[for_others.pk])).status_code, 200)
        self.assertEqual(self.client.get(reverse("packet_pdf", args=[inside.pk])).status_code, 404)

    def body_fetches_it_by_api(self, referral: Referral, packet: Packet) -> None:
        """The same files, with nothing of how it was made; another packet of the claim, and one it could ask for, are not there."""
        other = ask(self.one, Wish("support", ("F-20",)), {}, self.county, now=NOW, send=lambda: None)
        make_next(NOW)
        rows = self.client.get("/api/v1/packets/", {"referral": str(referral.pk)}).json()["results"]
        self.assertEqual([row["id"] for row in self.client.get("/api/v1/packets/").json()["results"]], [str(packet.pk)])
        self.assertEqual([(row["id"], row["claim"], row["asked_by"], row["papers"]) for row in rows], [(str(packet.pk), None, None, [])])
        self.assertEqual(rows[0]["pdf_sha256"], sha256(b"".join(self.client.get(f"/api/v1/packets/{packet.pk}/pdf/").streaming_content)).hexdigest())
        self.assertEqual(self.client.get(f"/api/v1/packets/{packet.pk}/zip/").status_code, 200)
        for url in (f"/api/v1/packets/{other.pk}/", f"/api/v1/packets/{other.pk}/pdf/"):
            self.assertEqual(self.client.get(url).status_code, 404, url)
        self.assertEqual(self.client.post(f"/api/v1/packets/{packet.pk}/again/").status_code, 404)
        wish = {"claim": str(self.one.pk), "kind": "support", "forms": ["F-20"]}
        self.assertEqual(self.client.post("/api/v1/packets/", wish, "application/json").status_code, 404)

    def holder_of_a_link_takes_it(self, referral: Referral, packet: Packet) -> None:
        """A body without accounts has it too: with the code, no other packet, and it is written down."""
        with patch("django.utils.timezone.now", return_value=NOW):
            link, visitor = links.issue(referral, self.county, now=NOW, name="王检", post="科长"), Client()
            token = links.token_of(link)
            url = reverse("reply_packet_pdf", args=[token, packet.pk])
            self.assertRedirects(visitor.get(url), reverse("reply", args=[token]))  # not before the code
            visitor.post(reverse("reply", args=[token]), {"code": links.code_of(link)})
            self.assertContains(visitor.get(reverse("reply", args=[token])), url)
            self.assertTrue(b"".join(visitor.get(url).streaming_content).startswith(b"%PDF"))
            other = ask(self.one, Wish("support", ("F-20",)), {}, self.county, now=NOW, send=lambda: None)
            make_next(NOW)
            self.assertEqual(visitor.get(reverse("reply_packet_pdf", args=[token, other.pk])).status_code, 404)
        self.assertEqual(Event.objects.get(kind="reply", facts__cause="packet").facts["title"], packet.title)
