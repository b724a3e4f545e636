"""The pages of papers and packets: what is asked, shown before it is issued, handed out and to whom."""

from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arrears.models import Claim, Evidence, Packet, Paper, PaperTemplate
from arrears.papers.issuing import issue
from arrears.papers.markup import template_of
from arrears.papers.packets import make_next
from grid.days import SHANGHAI
from grid.models import AccessLog
from tests.arrears.papers.office import APPLICATION, OfficeTestCase
from tests.arrears.papers.scenes import answers_of
from tests.arrears.papers.test_packets import typed
from tests.base import NOW


class TestPaperPages(OfficeTestCase):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.chief)
        self.new = reverse("paper_new", args=[self.one.pk, "F-16"])

    def test_the_claim_leads_to_its_papers(self):
        self.assertContains(self.client.get(reverse("claim_detail", args=[self.one.pk])), reverse("claim_documents", args=[self.one.pk]))
        page = self.client.get(reverse("claim_documents", args=[self.one.pk]))
        self.assertContains(page, self.new)
        self.assertContains(page, reverse("packet_new", args=[self.one.pk]) + "?kind=support")

    def test_it_is_looked_at_before_it_is_issued_and_says_what_is_missing(self):
        self.assertContains(self.client.get(self.new), "为什么难以自己起诉")
        page = self.client.post(self.new, {**typed("F-16"), "worker_address": "", "do": "look"})
        self.assertContains(page, "申请人：钱建国")
        self.assertContains(page, "有 1 处不详")
        self.assertNotContains(page, self.one.claimants.get().id_number())
        self.assertFalse(Paper.objects.exists())

    def test_a_preview_as_pdf_has_no_number_and_no_whole_id_number(self):
        answer = self.client.post(self.new, {**typed("F-16"), "do": "pdf"})
        self.assertEqual(answer["Content-Type"], "application/pdf")
        self.assertTrue(answer["Content-Disposition"].startswith("attachment"))
        self.assertFalse(Paper.objects.exists())
        self.assertFalse(AccessLog.objects.filter(act="reveal").exists())

    def test_a_lacking_answer_is_said_at_its_field(self):
        page = self.client.post(self.new, {**typed("F-16"), "why_not_alone": "", "do": "issue"})
        self.assertContains(page, "还有内容需要改正", status_code=422)
        self.assertFalse(Paper.objects.exists())

    def test_issued_looked_at_and_downloaded(self):
        answer = self.client.post(self.new, {**typed("F-16"), "do": "issue"})
        paper = Paper.objects.get()
        self.assertRedirects(answer, reverse("paper_detail", args=[paper.pk]))
        self.assertContains(self.client.get(reverse("paper_detail", args=[paper.pk])), paper.facts_sha256)
        for kind in ("docx", "pdf"):
            file = self.client.get(reverse(f"paper_{kind}", args=[paper.pk]))
            self.assertTrue(file["Content-Disposition"].startswith("attachment"))
            self.assertEqual((file["X-Content-Type-Options"], file["Cache-Control"]), ("nosniff", "private, no-store"))
            self.assertEqual(len(b"".join(file.streaming_content)), getattr(paper, f"{kind}_size"))
        self.assertEqual(AccessLog.objects.filter(act="download", subject="paper", subject_id=paper.pk, person=self.chief).count(), 2)

    def test_made_anew_and_withdrawn(self):
        paper = issue(self.one, "F-16", self.chief, now=NOW, answers=answers_of("F-16"))
        again = self.client.get(f"{self.new}?replaces={paper.pk}")
        self.assertContains(again, "文化程度不高")
        self.client.post(f"{self.new}?replaces={paper.pk}", {**typed("F-16"), "replaces": str(paper.pk), "do": "issue"})
        newer = Paper.objects.get(replaces=paper)
        self.assertContains(self.client.get(reverse("paper_detail", args=[paper.pk])), newer.number)
        self.assertContains(self.client.post(reverse("paper_detail", args=[newer.pk]), {"reason": ""}), "还有内容需要改正")
        self.client.post(reverse("paper_detail", args=[newer.pk]), {"reason": "写错了"})
        self.assertContains(self.client.get(reverse("paper_detail", args=[newer.pk])), "这份文书已经撤销")

    def test_a_moment_that_was_typed_is_there_when_it_is_made_anew(self):
        (self.folder / "F-26.txt").write_text("# 快报\n\n{{ 填写.发生时间 }}", encoding="utf-8")
        paper = issue(self.one, "F-26", self.chief, now=NOW, answers=answers_of("F-26", happened_at=datetime(2026, 3, 1, 23, 30, tzinfo=SHANGHAI)))
        again = self.client.get(reverse("paper_new", args=[self.one.pk, "F-26"]) + f"?replaces={paper.pk}")
        self.assertContains(again, 'value="2026-03-01T23:30"')

    def test_a_paper_of_hundreds_is_left_to_the_task(self):
        Claim.objects.filter(pk=self.one.pk).update(worker_count=400)
        page = self.client.post(self.new, {**typed("F-16"), "do": "issue"})
        self.assertContains(page, "本案有 400 人", status_code=409)
        self.assertFalse(Paper.objects.exists())

    def test_out_of_sight_is_not_there(self):
        paper = issue(self.one, "F-16", self.chief, now=NOW, answers=answers_of("F-16"))
        addresses = [reverse("paper_detail", args=[paper.pk]), reverse("paper_pdf", args=[paper.pk]), reverse("claim_documents", args=[self.one.pk]), self.new]
        for person in (self.chief_a2, self.county_b, self.partner, self.outsider):
            self.client.force_login(person)
            for address in addresses:
                self.assertEqual(self.client.get(address).status_code, 404, address)

    def test_whoever_only_reads_may_download_and_not_make(self):
        paper = issue(self.one, "F-16", self.chief, now=NOW, answers=answers_of("F-16"))
        self.client.force_login(self.auditor)
        self.assertEqual(self.client.get(reverse("paper_pdf", args=[paper.pk])).status_code, 200)
        self.assertEqual(self.client.post(self.new, {**typed("F-16"), "do": "issue"}).status_code, 409)

    def test_the_list_costs_the_same_with_three_and_with_twelve(self):
        counts = []
        for count in (3, 12):
            while Paper.objects.count() < count:
                issue(self.one, "F-20", self.chief, now=NOW, answers={})
            with CaptureQueriesContext(connection) as found:
                self.client.get(reverse("claim_documents", args=[self.one.pk]))
            counts.append(len(found))
        self.assertEqual(*counts)


class TestPacketPages(OfficeTestCase):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.county)
        self.new = reverse("packet_new", args=[self.one.pk]) + "?kind=support"

    def asked(self, **more) -> Packet:
        answers = {f"ask-{name}": value for name, value in typed("F-16", "F-20", "L-02").items()}
        self.client.post(self.new, {"papers": ["F-16", "F-20", "L-02"], **answers, **more})
        return Packet.objects.get()

    def test_what_belongs_to_the_kind_is_chosen_already(self):
        page = self.client.get(self.new)
        self.assertContains(page, 'value="F-16" id="id_papers_0" checked')
        self.assertContains(page, "工资欠条")
        self.assertEqual(self.client.get(reverse("packet_new", args=[self.one.pk]) + "?kind=nothing").status_code, 409)

    def test_asked_for_watched_and_taken_home(self):
        packet = self.asked(evidence=[])
        page = reverse("packet_detail", args=[packet.pk])
        self.assertContains(self.client.get(page), 'hx-trigger="every 1s"')
        self.assertContains(self.client.get(page, headers={"HX-Request": "true"}), "正在制作")
        self.assertEqual(self.client.get(reverse("packet_zip", args=[packet.pk])).status_code, 404)
        make_next(NOW)
        self.assertEqual(self.client.get(page, headers={"HX-Request": "true"})["HX-Refresh"], "true")
        self.assertContains(self.client.get(page), "全卷 PDF")
        for kind in ("zip", "pdf"):
            file = self.client.get(reverse(f"packet_{kind}", args=[packet.pk]))
            self.assertTrue(file["Content-Disposition"].startswith("attachment"))
            self.assertEqual(file["X-Content-Type-Options"], "nosniff")
            list(file.streaming_content)
        self.assertEqual(AccessLog.objects.filter(act="download", subject="packet", person=self.county).count(), 2)

    def test_a_failed_one_says_why_and_is_tried_again(self):
        packet = self.asked()
        (self.folder / "F-20.txt").write_text("# 题\n\n{{ 工资.欠 }}", encoding="utf-8")
        make_next(NOW)
        page = reverse("packet_detail", args=[packet.pk])
        self.assertContains(self.client.get(page), "没有字段“工资.欠”")
        (self.folder / "F-20.txt").write_text("# 题\n\n好了", encoding="utf-8")
        self.client.post(page)
        make_next(NOW)
        self.assertContains(self.client.get(page), "全卷 PDF")

    def test_what_was_typed_for_a_failed_one_is_there_when_it_is_changed(self):
        evidence = Evidence.objects.filter(claim=self.one)[:1]
        packet = self.asked(**{"ask-tried": "三次上门都没有要到", "evidence": [row.pk for row in evidence], "papers": ["F-16", "L-02"], "watermark": "仅供办案"})
        (self.folder / "F-16.txt").write_text("# 题\n\n{{ 工资.欠 }}", encoding="utf-8")
        make_next(NOW)
        page = self.client.get(reverse("packet_detail", args=[packet.pk]))
        again = f"{self.new}&again={packet.pk}"
        self.assertContains(page, again.replace("&", "&amp;"))
        form = self.client.get(again).context["form"]
        self.assertEqual(form["ask-tried"].value(), "三次上门都没有要到")
        self.assertEqual((form["papers"].value(), form["evidence"].value(), form["watermark"].value()), (["F-16", "L-02"], [str(row.pk) for row in evidence], "仅供办案"))
        for wrong in ("x", self.one.pk):
            self.assertEqual(self.client.get(f"{self.new}&again={wrong}").status_code, 404)

    def test_a_wrong_answer_is_said_with_everything_that_was_typed(self):
        (self.folder / "F-25.txt").write_text("# 强制执行申请书\n\n{{ 填写.财产线索 }}", encoding="utf-8")
        answers = {f"ask-{name}": value for name, value in typed("F-25").items()} | {"ask-effective_on": "2026-12-01", "ask-property": "苏N12345 号车"}
        page = self.client.post(reverse("packet_new", args=[self.one.pk]) + "?kind=enforcement", {"papers": ["F-25"], **answers})
        self.assertContains(page, "生效日期还没有到", status_code=409)
        self.assertContains(page, "苏N12345 号车", status_code=409)
        self.assertFalse(Packet.objects.exists())

    def test_out_of_sight_is_not_there(self):
        packet = self.asked()
        make_next(NOW)
        for person in (self.chief_a2, self.county_b, self.partner, self.outsider):
            self.client.force_login(person)
            for name in ("packet_detail", "packet_zip", "packet_pdf"):
                self.assertEqual(self.client.get(reverse(name, args=[packet.pk])).status_code, 404)


class TestTemplatePages(OfficeTestCase):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.administrator)
        self.page = reverse("template_detail", args=["F-16"])

    def upload(self, docx: bytes, note: str = "按本县格式"):
        return self.client.post(self.page, {"docx": SimpleUploadedFile("x.docx", docx), "note": note})

    def test_taken_home_changed_brought_back_and_published(self):
        home = self.client.get(reverse("template_file", args=["F-16", 0]))
        self.assertEqual(home.content, template_of(APPLICATION))
        self.assertContains(self.client.get(self.page), "{{ 申请人.姓名 }}")
        self.assertRedirects(self.upload(template_of(APPLICATION.replace("产地", "现住"))), self.page)
        row = PaperTemplate.objects.get()
        self.assertEqual((row.version, row.is_published), (1, False))
        before = issue(self.one, "F-16", self.chief, now=NOW, answers=answers_of("F-16"))
        self.client.post(reverse("template_act", args=["F-16", 1, "publish"]))
        after = issue(self.one, "F-16", self.chief, now=NOW, answers=answers_of("F-16"))
        self.assertEqual((before.template_version, after.template_version), (0, 1))
        self.client.post(reverse("template_act", args=["F-16", 1, "retire"]))
        self.assertEqual(issue(self.one, "F-16", self.chief, now=NOW, answers=answers_of("F-16")).template_version, 0)

    def test_every_fault_is_named_and_nothing_kept(self):
        page = self.upload(template_of("# 题\n\n{{ 申请人.姓 }}\n\n| {{ 金 }} |"))
        self.assertContains(page, "第2段：没有字段“申请人.姓”", status_code=409)
        self.assertContains(page, "第1个表格第1行第1格：没有字段“金”", status_code=409)
        self.assertFalse(PaperTemplate.objects.exists())

    def test_previewed_with_the_example_and_with_no_strange_claim(self):
        self.assertEqual(self.client.get(reverse("template_preview", args=["F-16", 0]))["Content-Type"], "application/pdf")
        strange = self.client.get(reverse("template_preview", args=["F-16", 0]), {"claim": self.one.number}, follow=True)
        self.assertContains(strange, "您的辖区内没有这个案号的案件")

    def test_for_others_these_pages_are_not_there(self):
        for person in (self.county, self.city, self.chief, self.partner, self.auditor):
            self.client.force_login(person)
            for address in (self.page, reverse("template_list"), reverse("template_file", args=["F-16", 0])):
                self.assertEqual(self.client.get(address).status_code, 404)
