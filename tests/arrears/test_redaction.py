"""Versions and redacted copies: the original stays, others are shown the copy."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from arrears import casework, redaction, referrals
from arrears.models import Event, Evidence, RedactedCopy
from arrears.redaction import Box
from grid.refused import Refused
from tests.arrears.test_evidence import PDF, EvidenceTestCase, upload


def photo(extension: str = "JPEG", size: tuple[int, int] = (200, 100), turned: bool = False) -> bytes:
    """White, with the place and the make of the camera in its metadata."""
    written, exif = BytesIO(), Image.Exif()
    exif[0x010F], exif[0x8825] = "HUAWEI", {1: "N", 2: (33.0, 58.0, 0.0)}
    if turned:
        exif[0x0112] = 6  # to be turned right by a quarter
    Image.new("RGB", size, "white").save(written, extension, exif=exif)
    return written.getvalue()


class RedactionTestCase(EvidenceTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.paper = self.add(upload("欠条.jpg", photo()))

    def draw(self, *boxes: Box, paper: Evidence | None = None, person=None) -> Image.Image:
        copy = redaction.draw_over(paper or self.paper, boxes, person or self.grid_worker, now=self.now)
        return Image.open(copy.file.path)

    def refused(self, code: str, verb, *args, **said) -> None:
        with self.assertRaises(Refused) as caught:
            verb(*args, now=self.now, **said)
        self.assertEqual(caught.exception.code, code)


class DrawTest(RedactionTestCase):
    def test_what_is_covered_is_black_the_rest_stays_and_the_metadata_is_gone(self) -> None:
        picture = self.draw(Box(10, 20, 25, 30), Box(90, 90, 50, 50))
        self.assertEqual(picture.size, (200, 100))
        for place, shade in (((21, 21), 0), ((68, 48), 0), ((199, 99), 0), ((10, 10), 255), ((100, 60), 255)):
            self.assertAlmostEqual(picture.getpixel(place)[0], shade, delta=12, msg=place)
        self.assertEqual(dict(picture.getexif()), {})
        self.assertNotIn(b"HUAWEI", RedactedCopy.objects.get().file.open().read())
        self.assertIn(b"HUAWEI", self.paper.file.open().read(), "the original is as it came")

    def test_a_photo_taken_upright_is_covered_where_it_is_seen(self) -> None:
        paper = self.add(upload("竖.jpg", photo(turned=True)))
        picture = self.draw(Box(0, 0, 100, 10), paper=paper)
        self.assertEqual(picture.size, (100, 200))
        self.assertLess(picture.getpixel((50, 5))[0], 12)
        self.assertGreater(picture.getpixel((50, 100))[0], 240)

    def test_png_and_webp_too_and_nothing_else(self) -> None:
        for extension in ("PNG", "WEBP"):
            paper = self.add(upload("x", photo(extension)))
            self.assertLess(self.draw(Box(0, 0, 50, 50), paper=paper).getpixel((10, 10))[0], 12)
        self.refused("not_drawable", redaction.draw_over, self.add(upload("a.pdf", PDF)), [Box(0, 0, 1, 1)], self.grid_worker)

    def test_no_rectangle_and_a_broken_picture_are_refused(self) -> None:
        self.refused("nothing_covered", redaction.draw_over, self.paper, [], self.grid_worker)
        broken = self.add(upload("坏.jpg", photo()[:400]))
        self.refused("picture_broken", redaction.draw_over, broken, [Box(0, 0, 1, 1)], self.grid_worker)

    def test_a_picture_of_too_many_points_is_refused_unread(self) -> None:
        huge = self.add(upload("大.png", photo("PNG", (9000, 7000))))
        self.refused("picture_broken", redaction.draw_over, huge, [Box(0, 0, 1, 1)], self.grid_worker)

    def test_the_original_is_no_redacted_copy_of_itself(self) -> None:
        self.refused("not_redacted", redaction.upload_redacted, self.paper, upload("遮.jpg", photo()), self.grid_worker)
        redaction.upload_redacted(self.paper, upload("遮.pdf", PDF), self.grid_worker, now=self.now)
        self.assertEqual(Event.objects.get(kind="redacted").facts["title"], "欠条")

    def test_a_reader_makes_none(self) -> None:
        self.refused("not_your_role", redaction.draw_over, self.paper, [Box(0, 0, 1, 1)], self.auditor)
        self.refused("not_your_role", redaction.upload_redacted, self.paper, upload("遮.pdf", PDF), self.auditor)
        self.assertFalse(RedactedCopy.objects.exists())


class ShownTest(RedactionTestCase):
    def setUp(self) -> None:
        super().setUp()
        casework.advance(self.claim, "accept", self.chief, now=self.now, conditions=True)
        referrals.refer(
            self.claim, self.county, now=self.now, kind="support", body=self.procuratorate, summary="请支持", evidence=[self.paper]
        )

    def bytes_for(self, person) -> bytes:
        self.sign_in(person)
        return b"".join(self.client.get(reverse("evidence_file", args=[self.paper.pk])).streaming_content)

    def test_a_body_sees_the_newest_copy_and_the_office_the_original(self) -> None:
        marked = Image.open(BytesIO(self.bytes_for(self.partner)))  # with who got it all over: tests/arrears/test_reply_links.py
        self.assertEqual(marked.size, Image.open(BytesIO(photo())).size)
        redaction.upload_redacted(self.paper, upload("一.pdf", PDF + b"1"), self.grid_worker, now=self.now)
        newest = redaction.upload_redacted(self.paper, upload("二.pdf", PDF + b"2"), self.grid_worker, now=self.now)
        self.assertEqual(self.bytes_for(self.partner), PDF + b"2")
        self.assertEqual(self.bytes_for(self.chief), photo())
        copy = reverse("evidence_redacted", args=[self.paper.pk, newest.pk])
        self.assertEqual(b"".join(self.client.get(copy).streaming_content), PDF + b"2")

    def test_a_body_reaches_neither_the_page_of_the_paper_nor_its_copies(self) -> None:
        copy = redaction.upload_redacted(self.paper, upload("一.pdf", PDF), self.grid_worker, now=self.now)
        addresses = [
            reverse("evidence_detail", args=[self.paper.pk]), reverse("evidence_redact", args=[self.paper.pk]),
            reverse("evidence_redacted", args=[self.paper.pk, copy.pk]),
        ]  # fmt: skip
        for person, status in ((self.chief, 200), (self.partner, 404), (self.chief_a2, 404), (self.county_b, 404)):
            self.sign_in(person)
            self.assertEqual({self.client.get(address).status_code for address in addresses}, {status}, person)


class PageTest(RedactionTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.sign_in(self.grid_worker)
        self.address = reverse("evidence_redact", args=[self.paper.pk])

    def test_rectangles_typed_as_lines_make_a_copy(self) -> None:
        response = self.client.post(self.address, {"boxes": "10 20 30 5\n\n50，50，10，10"}, follow=True)
        self.assertContains(response, "遮盖件已保存")
        self.assertContains(response, "在图上遮盖")
        self.assertTrue(RedactedCopy.objects.get().is_drawn)

    def test_a_file_made_elsewhere_is_taken(self) -> None:
        self.client.post(self.address, {"boxes": "", "file": upload("遮.pdf", PDF)})
        self.assertFalse(RedactedCopy.objects.get().is_drawn)

    def test_wrong_lines_are_named_and_kept(self) -> None:
        for lines in ("10 20 30", "10 20 30 x", "10 20 0 5", "101 0 5 5", "nan 0 5 5", "0 0 inf 5"):
            with self.subTest(lines):
                response = self.client.post(self.address, {"boxes": f"1 1 1 1\n{lines}"})
                self.assertContains(response, "第 2 行应是左、上、宽、高四个 0 到 100 的数")
                self.assertContains(response, lines)
        self.assertContains(self.client.post(self.address, {"boxes": ""}), "请在图上框出要遮盖的部分")
        self.assertContains(self.client.post(self.address, {"boxes": "1 1 1 1\n" * 61}), "一次最多遮盖 60 块")

    def test_a_recording_offers_only_the_upload(self) -> None:
        paper = self.add(SimpleUploadedFile("a.txt", "聊天记录".encode()))
        response = self.client.get(reverse("evidence_redact", args=[paper.pk]))
        self.assertNotContains(response, "data-redact=")
        self.assertContains(response, "上传遮盖好的文件")

    def test_a_reader_is_told_that_they_may_not(self) -> None:
        self.sign_in(self.auditor)
        self.assertContains(self.client.post(self.address, {"boxes": "1 1 1 1"}), "您的岗位不能进行这项操作", status_code=409)
        self.assertEqual(self.client.put(self.address).status_code, 405)


class VersionTest(RedactionTestCase):
    def test_a_better_scan_is_the_next_version_and_the_earlier_stay(self) -> None:
        second = self.add(upload("b.pdf", PDF), replaces=self.paper)
        third = self.add(upload("c.pdf", PDF + b"3"), replaces=second, title="清晰的欠条")
        self.assertEqual([row.version for row in Evidence.objects.all()], [1, 2, 3])
        event = Event.objects.filter(kind="add_evidence").first()
        self.assertEqual((event.facts["cause"], event.facts["version"]), ("version", 3))
        page = self.client.get(reverse("claim_detail", args=[self.claim.pk]))
        self.assertContains(page, "第 3 版，查看各版和遮盖")
        self.assertContains(page, "替换原件，为第3版")
        for row in (self.paper, third):
            self.assertEqual([row.version for row in self.client.get(reverse("evidence_detail", args=[row.pk])).context["page"].versions], [3, 2, 1])

    def test_the_page_of_a_paper_leads_to_its_next_version(self) -> None:
        self.sign_in(self.grid_worker)
        page = self.client.get(reverse("evidence_detail", args=[self.paper.pk]))
        address = f"{reverse('evidence_add', args=[self.claim.pk])}?replaces={self.paper.pk}&kind=iou"
        self.assertContains(page, address.replace("&", "&amp;"))
        self.assertEqual(str(self.client.get(address).context["form"]["replaces"].value()), str(self.paper.pk))

    def test_thirty_papers_cost_what_three_cost(self) -> None:
        address = reverse("claim_detail", args=[self.claim.pk])
        for number in range(2):
            self.add(upload(f"{number}.pdf", PDF + b"%d" % number))
        few = self.queries(address)
        for number in range(2, 29):
            self.add(upload(f"{number}.pdf", PDF + b"%d" % number))
        self.assertEqual(self.queries(address), few)


class CarriedTest(RedactionTestCase):
    def test_a_claim_that_takes_in_another_takes_its_redacted_copies_too(self) -> None:
        redaction.upload_redacted(self.paper, upload("一.pdf", PDF), self.grid_worker, now=self.now)
        target = self.make_claim()
        casework.advance(self.claim, "merge", self.county, now=self.now, merged_into=target, reason="同一工地")
        self.assertEqual([copy.sha256 for copy in target.evidence.get().redacted.all()], [RedactedCopy.objects.first().sha256])
