"""A paper is issued whole or not at all, never changes again, and is told in the history."""

import io
import json
from datetime import timedelta
from hashlib import sha256

import docx
from pypdf import PdfReader

from arrears.models import Event, Paper
from arrears.papers.issuing import issue, reissue, withdraw
from arrears.papers.keeping import path_of
from arrears.papers.making import canonical
from arrears.papers.marks import TemplateFault
from grid.models import AccessLog
from grid.refused import Refused
from tests.arrears.papers.office import OfficeTestCase
from tests.arrears.papers.scenes import answers_of
from tests.base import NOW

NUMBER = "宿欠文〔2026〕321322-00001"


class TestIssuing(OfficeTestCase):
    def issue(self, form="F-16", person=None, **more) -> Paper:
        return issue(self.one, form, person or self.chief, now=NOW, answers=answers_of(form), **more)

    def refused(self, code: str, *arguments, **more) -> str:
        with self.assertRaises(Refused) as refusal:
            self.issue(*arguments, **more)
        self.assertEqual(refusal.exception.code, code)
        return refusal.exception.message

    def words(self, paper: Paper) -> str:
        return "".join(page.extract_text() for page in PdfReader(path_of(paper, "pdf")).pages).replace("\n", "")

    def test_pdf_word_file_and_facts_say_the_same(self):
        paper = self.issue()
        printed = self.words(paper)
        document = docx.Document(io.BytesIO(path_of(paper, "docx").read_bytes()))
        written = "".join(paragraph.text for paragraph in document.paragraphs)
        number = self.one.claimants.get().id_number()
        for said in ("申请人：钱建国", f"公民身份号码{number}", "7,601.10元", "人民币柒仟陆佰零壹元壹角", "宿迁宏远劳务有限公司", NUMBER):
            self.assertIn(said, printed)
            self.assertIn(said, written)
        self.assertEqual(paper.told()["facts"]["金额"]["尚欠"], "7601.10")

    def test_number_and_fingerprint_of_the_facts_stand_at_the_foot(self):
        paper = self.issue()
        self.assertEqual(paper.number, NUMBER)
        self.assertEqual(paper.facts_sha256, sha256(canonical(paper.told())).hexdigest())
        self.assertIn(f"事实校验码 {paper.facts_sha256[:16]}", self.words(paper))
        footer = docx.Document(io.BytesIO(path_of(paper, "docx").read_bytes())).sections[0].footer
        self.assertIn(paper.facts_sha256[:16], footer.paragraphs[0].text)

    def test_what_lies_on_the_disk_has_the_fingerprints_of_the_row(self):
        paper = self.issue()
        for kind in ("docx", "pdf"):
            content = path_of(paper, kind).read_bytes()
            self.assertEqual(sha256(content).hexdigest(), getattr(paper, f"{kind}_sha256"))
            self.assertEqual(len(content), getattr(paper, f"{kind}_size"))
            self.assertEqual(path_of(paper, kind).stat().st_mode & 0o777, 0o600)
        self.assertEqual(paper.pages, 1)

    def test_nothing_personal_lies_open_in_the_database(self):
        paper = self.issue()
        row = json.dumps(Paper.objects.filter(pk=paper.pk).values().get(), default=str, ensure_ascii=False)
        self.assertNotIn("钱建国", row)
        self.assertNotIn(self.one.claimants.get().id_number(), row)
        said = json.dumps(list(Event.objects.filter(claim=self.one).values_list("facts", flat=True)), default=str, ensure_ascii=False)
        self.assertNotIn(self.one.claimants.get().id_number(), said)

    def test_an_empty_field_is_printed_as_unknown_and_kept_as_a_gap(self):
        paper = issue(self.one, "F-16", self.chief, now=NOW, answers={**answers_of("F-16"), "worker_address": ""})
        self.assertIn("产地：不详", self.words(paper))
        self.assertEqual(paper.gaps, ["申请人.住址"])
        self.assertEqual(self.issue().gaps, [])

    def test_it_is_told_in_the_history_and_whole_id_numbers_are_logged(self):
        paper = self.issue("L-02")
        event = Event.objects.get(claim=self.one, kind="issue_paper")
        self.assertEqual((event.facts["number"], event.facts["paper"]), (paper.number, "L-02"))
        self.assertTrue(AccessLog.objects.filter(person=self.chief, act="reveal", subject="claim", subject_id=self.one.pk).exists())

    def test_numbers_follow_each_other(self):
        self.assertEqual([self.issue().number[-5:] for _ in range(3)], ["00001", "00002", "00003"])

    def test_whoever_only_reads_or_is_from_elsewhere_issues_nothing(self):
        for person in (self.auditor, self.chief_a2, self.partner, self.administrator):
            self.refused("not_your_role", person=person)
        self.assertEqual(self.files(), [])
        self.assertTrue(self.issue(person=self.grid_worker))

    def test_a_broken_template_leaves_nothing_behind(self):
        (self.folder / "F-16.txt").write_text("# 题\n\n{{ 申请人.姓 }}", encoding="utf-8")
        with self.assertRaises(TemplateFault) as fault:
            self.issue()
        self.assertIn("第2段：没有字段“申请人.姓”，最接近的是“申请人.姓名”", fault.exception.message)
        self.assertEqual((self.files(), Paper.objects.count()), ([], 0))
        self.assertFalse(Event.objects.filter(kind="issue_paper").exists())

    def test_an_unknown_form_and_lacking_answers(self):
        with self.assertRaises(Refused) as refusal:
            issue(self.one, "F-99", self.chief, now=NOW, answers={})
        self.assertEqual(refusal.exception.code, "unknown_form")
        many = self.make_full(2)
        with self.assertRaises(Refused) as refusal:
            issue(many, "L-02", self.chief, now=NOW, answers=answers_of("L-02"))
        self.assertEqual(refusal.exception.code, "whose_paper")
        worker = many.claimants.first()
        paper = issue(many, "L-02", self.chief, now=NOW, answers=answers_of("L-02"), worker=worker)
        self.assertEqual(paper.title, f"授权委托书（{worker.name}）")
        self.assertIn(worker.name, self.words(paper))

    def test_a_new_version_leaves_the_old_one_as_it_was(self):
        first = self.issue()
        before = path_of(first, "pdf").read_bytes()
        second = reissue(first, self.chief, now=NOW + timedelta(hours=1), answers=answers_of("F-16"))
        self.assertEqual((second.version, second.replaces, second.number[-5:]), (2, first, "00002"))
        self.assertEqual(path_of(first, "pdf").read_bytes(), before)
        self.assertEqual(list(Paper.objects.current()), [second])
        first.refresh_from_db()
        with self.assertRaises(Refused) as refusal:
            reissue(first, self.chief, now=NOW, answers=answers_of("F-16"))
        self.assertEqual(refusal.exception.code, "replaced_already")

    def test_one_is_withdrawn_with_a_reason_and_stays(self):
        paper = self.issue()
        with self.assertRaises(Refused) as refusal:
            withdraw(paper, self.chief, now=NOW, reason=" ")
        self.assertEqual(refusal.exception.code, "no_reason")
        withdraw(paper, self.chief, now=NOW, reason="写错了被申请人")
        self.assertTrue(path_of(paper, "pdf").exists())
        self.assertEqual(list(Paper.objects.current()), [])
        with self.assertRaises(Refused) as refusal:
            reissue(paper, self.chief, now=NOW, answers=answers_of("F-16"))
        self.assertEqual(refusal.exception.code, "withdrawn_already")
