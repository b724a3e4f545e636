"""The draft of an agreement: kept while it is written, refused when it is stale, and signed."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arrears.intake import ClaimantFacts, LineFacts
from arrears.models import Claim, Evidence
from grid.refused import Refused
from mediation.drafting import verbs
from mediation.drafting.case import words_of
from mediation.drafting.scans import attach
from mediation.drafting.terms import read
from mediation.models import Agreement, AgreementDraft, Mediation, Share
from tests.base import NOW, TODAY
from tests.mediation.base import MediationTestCase
from tests.mediation.test_pages import PageTestCase

SIGNED = {"signed_by_parties": True, "signed_by_mediator": True, "sealed": True}


def told(**changes: Any) -> dict[str, Any]:
    return {
        "total": "8000", "manner": "bank", "payee": "本人工资卡", "terms": "分两期支付工资。", "default_clause": "余款全部到期。", "accelerates": True, "signer": "李四",
        "signer_post": "legal", "plan": [["2026-03-20", "3000"], ["2026-04-20", "5000"]], **changes,
    }  # fmt: skip


class DraftTest(MediationTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.mediation = cls.make_mediation("held")

    def refused(self, act: Any) -> str:
        with self.assertRaises(Refused) as caught:
            act()
        return caught.exception.code

    def save(self, version: int = 0, person: Any = None, mediation: Mediation | None = None, **changes: Any) -> AgreementDraft:
        return verbs.keep(mediation or self.mediation, told(**changes), person or self.mediator, now=NOW, version=version)

    def sign(self, version: int = 1, mediation: Mediation | None = None, **changes: Any) -> Agreement:
        return verbs.sign(mediation or self.mediation, self.mediator, now=NOW, version=version, effective_on=TODAY, **{**SIGNED, **changes}).agreement

    def test_it_is_kept_as_typed_and_its_beginning_stands_in_the_history_once(self) -> None:
        draft = self.save(total="八千左右")
        self.assertEqual((draft.version, draft.told["total"], draft.edited_by), (1, "八千左右", self.mediator))
        self.assertEqual(self.save(1).version, 2)
        self.assertEqual([event.facts["move"] for event in self.mediation.claim.events.filter(kind="mediation", facts__move="draft")], ["draft"])

    def test_a_stale_page_writes_nothing(self) -> None:
        self.save()
        self.save(1, person=self.county, total="7000")
        self.assertEqual(self.refused(lambda: self.save(1, total="1")), "stale")
        self.assertEqual(self.refused(lambda: self.save(0, total="1")), "stale")  # a page from before there was a draft
        self.assertEqual(AgreementDraft.objects.get().told["total"], "7000")

    def test_it_can_be_written_before_the_hearing_and_not_after_the_end(self) -> None:
        early = self.make_mediation("accepted", self.make_other_claim())
        self.save(mediation=early)
        self.make_move(early, "fail")
        self.assertEqual(self.refused(lambda: self.save(1, mediation=early)), "wrong_state")

    def test_a_grid_worker_and_another_county_do_not_write_it(self) -> None:
        for person in (self.grid_worker, self.auditor, self.county_b):
            self.assertEqual(self.refused(lambda person=person: self.save(person=person)), "not_your_role")

    def test_signing_makes_the_agreement_of_it(self) -> None:
        self.save()
        agreement = self.sign()
        self.assertEqual((agreement.total, agreement.payee, agreement.accelerates), (Decimal("8000.00"), "本人工资卡", True))
        self.assertEqual([(row.due_on, row.amount) for row in agreement.instalments.all()], [(date(2026, 3, 20), Decimal("3000")), (date(2026, 4, 20), Decimal("5000"))])
        self.assertEqual([(share.claimant.name, share.amount) for share in agreement.shares.all()], [(self.mediation.claim.worker_name, Decimal("8000.00"))])
        self.assertEqual([(row.role, row.name, row.post) for row in agreement.signatures.all()][1], ("respondent", "李四", "legal"))
        self.assertEqual(Claim.objects.get().stage, "settled")

    def test_a_fault_a_stale_version_and_a_missing_seal_refuse_the_signing(self) -> None:
        self.assertEqual(self.refused(self.sign), "no_draft")
        self.save(payee="")
        self.assertEqual(self.refused(self.sign), "payee_missing")
        self.save(1)
        self.assertEqual(self.refused(self.sign), "stale")
        self.assertEqual(self.refused(lambda: self.sign(2, sealed=False)), "not_signed")
        self.assertFalse(Agreement.objects.exists())
        self.sign(2)

    def test_less_than_was_verified_is_signed_with_its_reason(self) -> None:
        Claim.objects.update(verified=Decimal("9000"))
        self.mediation.claim.refresh_from_db()
        self.save()
        self.assertEqual(self.refused(self.sign), "less_than_verified")
        self.save(1, less_reason="劳动者同意不计加班费")
        self.assertEqual(self.sign(2).less_reason, "劳动者同意不计加班费")

    def test_the_agreement_recorded_from_paper_needs_the_reason_too(self) -> None:
        Claim.objects.update(verified=Decimal("9000"))
        self.mediation.claim.refresh_from_db()
        self.assertEqual(self.refused(lambda: self.make_move(self.mediation, "agree")), "less_than_verified")
        self.make_move(self.mediation, "agree", less_reason="劳动者同意不计加班费")

    def test_a_scan_becomes_evidence_and_every_signature_on_paper_names_it(self) -> None:
        self.save()
        agreement = self.sign()
        scan = attach(agreement, SimpleUploadedFile("协议.pdf", b"%PDF-1.4\n%%EOF\n"), self.mediator, now=NOW)
        self.assertEqual(set(agreement.signatures.values_list("scan", flat=True)), {scan.pk})
        self.assertEqual(Evidence.objects.get().title, f"调解协议书 {agreement.number}（签署件）")
        with self.assertRaises(Refused):
            attach(agreement, SimpleUploadedFile("协议.pdf", b"%PDF-1.4\n1%%EOF\n"), self.county_b, now=NOW)


class GroupTest(MediationTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        people = [ClaimantFacts(name, lines=[LineFacts(rate=Decimal(rate))]) for name, rate in (("张三", "5000"), ("李四", "2000"), ("王五", "1000"))]
        cls.mediation = cls.make_mediation("held", cls.make_handled_claim(claimants=people))
        cls.ids = [str(pk) for pk in cls.mediation.claim.claimants.order_by("id").values_list("pk", flat=True)]

    def shares(self, *rows: tuple[str, str]) -> dict[str, list[str]]:
        return {pk: list(row) for pk, row in zip(self.ids, rows, strict=True)}

    def test_each_gets_their_own_sum_and_together_it_is_the_total(self) -> None:
        shares = self.shares(("5000", "person"), ("2000", "glass"), ("1000", "person"))
        verbs.keep(self.mediation, told(shares=shares), self.mediator, now=NOW, version=0)
        verbs.sign(self.mediation, self.mediator, now=NOW, version=1, effective_on=TODAY, **SIGNED)
        self.assertEqual(list(Share.objects.order_by("-amount").values_list("claimant__name", "amount", "consent")), [
            ("张三", Decimal("5000"), "person"), ("李四", Decimal("2000"), "glass"), ("王五", Decimal("1000"), "person"),
        ])  # fmt: skip

    def test_the_clauses_name_the_first_and_how_many(self) -> None:
        words = words_of(self.mediation.claim, read(told()))
        self.assertEqual((words["申请人"], words["总额"], words["大写"]), ("张三等3名劳动者", "8,000.00元", "捌仟元整"))

    def test_the_road_without_a_draft_is_shut_to_a_group(self) -> None:
        with self.assertRaises(Refused) as caught:
            self.make_move(self.mediation, "agree")
        self.assertEqual(caught.exception.code, "share_missing")
        self.assertIn("张三、李四、王五", caught.exception.message)


class DraftPageTest(PageTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.day1, cls.day2 = ((cls.today + timedelta(days=days)).isoformat() for days in (10, 40))

    def answers(self, **changes: Any) -> dict[str, Any]:
        return {
            "version": "0", "total": "8,000.00", "manner": "bank", "payee": "本人工资卡", "terms": "分两期支付工资。", "default_clause": "余款全部到期。", "accelerates": "on",
            "signer": "李四", "signer_post": "legal", "due-0": self.day1, "amount-0": "3000", "due-1": self.day2, "amount-1": "5000", "do": "save", **changes,
        }  # fmt: skip

    def page(self, mediation: Mediation) -> str:
        return reverse("mediation_draft", args=[mediation.pk])

    def test_whoever_sees_the_mediation_sees_it_and_only_those_who_sit_write_it(self) -> None:
        mediation = self.open_mediation("held")
        seen = self.seen_by(self.page(mediation))
        self.assertEqual({name for name, code in seen.items() if code == 200}, {"grid_worker", "chief", "county", "city", "mediator", "auditor"})
        self.assertEqual({code for code in seen.values() if code != 200}, {404})
        self.sign_in(self.grid_worker)
        self.assertEqual(self.client.post(self.page(mediation), self.answers()).status_code, 409)
        self.assertEqual(self.client.put(self.page(mediation)).status_code, 405)

    def test_a_fresh_one_is_filled_from_the_facts(self) -> None:
        mediation = self.open_mediation("held")
        Claim.objects.filter(pk=mediation.claim_id).update(claimed=Decimal("8000"))
        self.sign_in(self.mediator)
        page = self.client.get(self.page(mediation))
        self.assertContains(page, "公司0于＿＿＿＿前一次性支付工人0劳动报酬8,000.00元（大写：人民币捌仟元整）")
        self.assertContains(page, "请至少填写一期付款。")
        self.assertNotContains(page, "已签字，登记签署")

    def test_what_nobody_has_filled_in_yet_is_no_mistake_until_it_is_saved_like_that(self) -> None:
        mediation = self.open_mediation("held")
        self.sign_in(self.mediator)
        page = self.client.get(self.page(mediation))
        self.assertContains(page, "还要填写")
        self.assertNotContains(page, "必须改正")
        saved = self.client.post(self.page(mediation), self.answers(payee=""), follow=True)
        self.assertContains(saved, "必须改正")
        self.assertNotContains(saved, "还要填写")

    def test_saved_checked_signed(self) -> None:
        mediation = self.open_mediation("held")
        self.sign_in(self.mediator)
        answer = self.client.post(self.page(mediation), self.answers(), follow=True)
        self.assertContains(answer, "已签字，登记签署")
        sign = self.client.get(self.url(mediation, "agree"))
        self.assertContains(sign, "将登记的协议")
        said = {"version": sign.context["form"]["version"].value(), "effective_on": self.today.isoformat(), "how": "paper", "signed_by_parties": "on", "signed_by_mediator": "on"}
        self.assertContains(self.client.post(self.url(mediation, "agree"), said), "缺少这一项")
        answer = self.client.post(self.url(mediation, "agree"), {**said, "sealed": "on"}, follow=True)
        self.assertContains(answer, "本人工资卡")
        self.assertEqual(Agreement.objects.get().total, Decimal("8000.00"))

    def test_two_who_write_at_once_lose_nothing(self) -> None:
        mediation = self.open_mediation("held")
        self.sign_in(self.county)
        self.client.post(self.page(mediation), self.answers(payee="现金，工地门口"))
        self.sign_in(self.mediator)
        stale = self.client.post(self.page(mediation), self.answers(terms="我写的内容"))
        self.assertContains(stale, "您填的都还在下面", status_code=409)
        self.assertContains(stale, "我写的内容", status_code=409)
        self.assertContains(stale, "现金，工地门口", status_code=409)  # theirs, beside mine
        again = stale.context["page"].form["version"].value()
        self.assertEqual(self.client.post(self.page(mediation), self.answers(terms="我写的内容", version=again)).status_code, 302)
        self.assertEqual(AgreementDraft.objects.get().told["terms"], "我写的内容")

    def test_the_page_saves_by_itself_and_stops_when_it_is_stale(self) -> None:
        mediation = self.open_mediation("held")
        self.sign_in(self.mediator)
        answer = self.client.post(self.page(mediation), self.answers(do="auto", total="还没谈好"))
        self.assertEqual((answer.status_code, answer.json()["version"]), (200, 1))
        answer = self.client.post(self.page(mediation), self.answers(do="auto"))
        self.assertEqual(answer.status_code, 409)
        self.assertIn("刚刚保存过", answer.json()["said"])
        self.assertEqual(AgreementDraft.objects.get().told["total"], "还没谈好")

    def test_clauses_a_plan_and_shares_are_written_on_request(self) -> None:
        mediation = self.open_mediation("held")
        self.sign_in(self.mediator)
        self.client.post(self.page(mediation), self.answers(do="plan", every="weekly", weeks="2", first=self.day1, count="3", total="100"))
        draft = AgreementDraft.objects.get()
        self.assertEqual([amount for _day, amount in draft.told["plan"]], ["33.34", "33.33", "33.33"])
        self.client.post(self.page(mediation), self.answers(do="clauses", version="1", clauses=["plan", "speedup"], accelerates=""))
        draft.refresh_from_db()
        self.assertIn("第2期于", draft.told["terms"])
        self.assertTrue(draft.told["accelerates"])
        answer = self.client.post(self.page(mediation), self.answers(do="plan", version="2", count=""))
        self.assertContains(answer, "请先填写协议支付总额、第一次付款日和分几期", status_code=409)
        self.assertContains(answer, "分两期支付工资。", status_code=409)

    def test_nonsense_is_kept_and_named(self) -> None:
        mediation = self.open_mediation("held")
        self.sign_in(self.mediator)
        answer = self.client.post(self.page(mediation), self.answers(**{"version": "x", "total": "八千多", "due-0": "下月", "signer_post": "king", "every": "never", "weeks": "-1"}), follow=True)
        self.assertContains(answer, "看不懂协议支付总额")
        self.assertContains(answer, "第1期没有写明付款日期")
        self.assertContains(answer, 'value="下月"')

    def test_as_many_queries_for_three_workers_as_for_thirty(self) -> None:
        counts = []
        for many in (3, 30):
            claim = self.make_handled_claim(claimants=[ClaimantFacts(f"工{n}", lines=[LineFacts(rate=Decimal("100"))]) for n in range(many)])
            mediation = self.make_mediation("accepted", claim)
            self.sign_in(self.mediator)
            with CaptureQueriesContext(connection) as seen:
                self.client.get(self.page(mediation))
            counts.append(len(seen))
        self.assertEqual(*counts)
