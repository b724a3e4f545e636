"""Pages of what came under an agreement: who sees them, recording by hand, a bank's file, the proof."""

from datetime import timedelta
from decimal import Decimal as D

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from arrears.models import Claim, Payment
from mediation import hearings
from mediation.models import Mediation
from tests.mediation.test_pages import IN_SCOPE, PageTestCase


class PayingPageTest(PageTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        made = cls("test_whoever_sees_the_mediation_sees_its_payments").open_mediation("held")
        plan = [(cls.today + timedelta(days=10), D("3000")), (cls.today + timedelta(days=40), D("5000"))]
        hearings.advance(
            made, "agree", cls.mediator, now=cls.now, total=D("8000"), effective_on=cls.today, manner="bank", terms="分两期。", instalments=plan,
            signed_by_parties=True, signed_by_mediator=True, sealed=True,
        )  # fmt: skip
        cls.mediation = Mediation.objects.get(pk=made.pk)

    def page(self, name: str = "mediation_payments") -> str:
        return reverse(name, args=[self.mediation.pk])

    def file(self, *lines: str) -> SimpleUploadedFile:
        return SimpleUploadedFile("流水.csv", "\n".join(("户名,收款账号,金额,交易日期,摘要", *lines)).encode())

    def upload(self, *lines: str) -> str:
        """Where the lines are looked at."""
        return self.client.post(self.page("payments_import"), {"file": self.file(*lines)}).headers["Location"]

    def test_whoever_sees_the_mediation_sees_its_payments(self) -> None:
        seen = self.seen_by(self.page())
        self.assertEqual({name for name, code in seen.items() if code == 200}, IN_SCOPE)
        self.assertEqual({code for code in seen.values() if code != 200}, {404})

    def test_a_mediation_without_an_agreement_has_no_such_page(self) -> None:
        self.sign_in(self.county)
        other = self.open_mediation("accepted", number=3)
        self.assertEqual(self.client.get(reverse("mediation_payments", args=[other.pk])).status_code, 404)

    def test_a_payment_is_recorded_shown_and_proved(self) -> None:
        self.sign_in(self.county)
        answer = self.client.post(self.page(), {"amount": "1,000.50", "paid_on": self.today.isoformat(), "method": "bank"}, follow=True)
        self.assertContains(answer, "6,999.50")
        payment = Payment.objects.get()
        proof = self.client.get(reverse("payment_proof", args=[payment.pk]))
        self.assertContains(proof, f"{self.mediation.claim.number}-付1")
        self.assertContains(proof, "1,000.50")
        self.sign_in(self.county_b)
        self.assertEqual(self.client.get(reverse("payment_proof", args=[payment.pk])).status_code, 404)

    def test_bad_input_is_answered_with_a_sentence_and_stays(self) -> None:
        self.sign_in(self.county)
        good = {"amount": "1.00", "paid_on": self.today.isoformat(), "method": "bank"}
        for name, value in (
            ("amount", "-5"), ("amount", "0"), ("amount", "一堆"), ("amount", "1e9"), ("amount", "0.001"), ("amount", "999999999999999"), ("amount", "NaN"), ("paid_on", "昨天"),
            ("paid_on", "2026-02-30"), ("paid_on", ""), ("method", "magic"), ("note", "长" * 201),
        ):  # fmt: skip
            answer = self.client.post(self.page(), {**good, name: value})
            self.assertEqual(answer.status_code, 422, (name, value))
            self.assertIn(name, answer.context["form"].errors)
            self.assertContains(answer, value[:20] or "name=", status_code=422)
        for value in ("0001-01-01", "9999-12-31"):
            self.assertEqual(self.client.post(self.page(), {**good, "paid_on": value}).status_code, 409)
        self.assertFalse(Payment.objects.exists())

    def test_a_payment_of_tomorrow_is_refused_and_what_was_typed_stays(self) -> None:
        self.sign_in(self.county)
        tomorrow = (self.today + timedelta(days=1)).isoformat()
        answer = self.client.post(self.page(), {"amount": "12.34", "paid_on": tomorrow, "method": "bank"})
        self.assertContains(answer, "付款日期不能晚于今天", status_code=409)
        self.assertContains(answer, "12.34", status_code=409)
        self.assertFalse(Payment.objects.exists())

    def test_a_bank_file_is_shown_first_taken_once_and_never_again(self) -> None:
        self.sign_in(self.county)
        day = self.today.isoformat()
        address = self.upload(f"工人0,6228480000001234,3000.00,{day},工资", f"无名氏,1,5,{day},", f"工人0,6228480000001234,3000.00,{day},工资", "工人0,1,abc,2026-01-01,")
        shown = self.client.get(address)
        self.assertContains(shown, "可以登记 2 笔")  # two equal lines of one file are two payments
        self.assertContains(shown, "···1234")
        self.assertNotContains(shown, "6228480000001234")
        self.assertContains(shown, "协议里没有叫这个名字的劳动者")
        self.assertFalse(Payment.objects.exists())
        self.client.post(address)
        self.client.post(address)  # the same page sent twice
        self.assertEqual(Claim.objects.get(pk=self.mediation.claim_id).paid, D("6000.00"))
        again = self.client.get(self.upload(f"工人0,6228480000001234,3000.00,{day},工资"))
        self.assertContains(again, "已经登记过")
        self.assertNotContains(again, "登记可以登记的")

    def test_lines_looked_at_for_one_agreement_are_no_others_and_never_everybodys(self) -> None:
        self.sign_in(self.county)
        address = self.upload(f"工人0,6228480000001234,3000.00,{self.today.isoformat()},工资")
        other = self.open_mediation("held", number=5)
        hearings.advance(
            other, "agree", self.mediator, now=self.now, total=D("8000"), effective_on=self.today, manner="bank", terms="一次付清。",
            instalments=[(self.today + timedelta(days=10), D("8000"))], signed_by_parties=True, signed_by_mediator=True, sealed=True,
        )  # fmt: skip
        elsewhere = address.replace(str(self.mediation.pk), str(other.pk))
        self.assertContains(self.client.post(elsewhere, follow=True), "已经过期")
        self.mediation.agreement.shares.all().delete()
        self.assertContains(self.client.post(address), "没有可以登记的行", status_code=409)
        self.assertFalse(Payment.objects.exists())

    def test_an_old_address_an_empty_file_and_no_post_are_answered(self) -> None:
        self.sign_in(self.county)
        self.assertContains(self.client.post(f"{self.page('payments_import')}?file=x", follow=True), "已经过期")
        self.assertContains(self.client.post(self.page("payments_import"), {"file": SimpleUploadedFile("a.csv", "甲,乙\n1,2".encode())}), "没有找到", status_code=409)
        self.assertEqual(self.client.post(self.page("payments_import"), {}).status_code, 422)
        self.sign_in(self.auditor)
        self.assertEqual(self.client.post(self.page("payments_import"), {}).status_code, 409)

    def test_the_scan_is_brought_later(self) -> None:
        self.sign_in(self.mediator)
        detail = reverse("mediation_detail", args=[self.mediation.pk])
        self.assertContains(self.client.get(detail), "上传签署件")
        self.client.post(self.page("agreement_scan"), {"scan": SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n")})
        self.assertNotContains(self.client.get(detail), "上传签署件")
        self.assertEqual(self.client.get(self.page("agreement_scan")).status_code, 405)
