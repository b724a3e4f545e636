"""One page for every move: asks what the table asks, makes the move, and says why it cannot."""

from decimal import Decimal
from unittest.mock import patch

from django.contrib.messages import get_messages
from django.test import SimpleTestCase
from django.urls import reverse

from arrears import casework
from arrears.forms.moves import FIELDS, MoveForm
from arrears.lifecycle import CLAIM
from arrears.models import Claim
from grid.models import Posting
from tests.arrears.pages import HTMX, PagesTestCase
from tests.base import NOW


class EveryFormTest(SimpleTestCase):
    def test_every_ask_of_the_table_has_a_field(self) -> None:
        for move in CLAIM.moves:
            with self.subTest(move=move.name):
                brought = {"person": [], "claim": Claim.objects.none()}
                form = MoveForm(move, brought=brought)
                self.assertEqual(list(form.fields), [ask.name for ask in move.asks])
                self.assertEqual([field.required for field in form.fields.values()], [ask.is_required for ask in move.asks])

    def test_the_kinds_of_asks_are_known(self) -> None:
        self.assertLessEqual({ask.kind for move in CLAIM.moves for ask in move.asks}, FIELDS.keys())


class MoveTest(PagesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(person=cls.grid_worker)

    def address(self, name: str, claim: Claim | None = None) -> str:
        return reverse("claim_move", args=[(claim or self.claim).pk, name])

    def post(self, name: str, said: dict[str, str] | None = None, **extra: str):
        return self.client.post(self.address(name), said or {}, **extra)

    def handling(self) -> None:
        for name, said in (("accept", {"conditions": True}), ("handle", {})):
            casework.advance(self.claim, name, self.chief, now=NOW, **said)

    def stage(self) -> str:
        return Claim.objects.get(pk=self.claim.pk).stage

    def test_the_form_asks_what_the_table_asks(self) -> None:
        response = self.client.get(self.address("accept"))
        for words in ("受理", "属于本机构管辖", "受理当日即为立案之日", "宿欠〔2026〕321322-00001"):
            self.assertContains(response, words)

    def test_the_move_is_made_and_leads_back_to_the_claim_with_a_word(self) -> None:
        response = self.post("accept", {"conditions": "on", "note": "材料齐全"})
        self.assertRedirects(response, reverse("claim_detail", args=[self.claim.pk]), fetch_redirect_response=False)
        self.assertEqual([str(message) for message in get_messages(response.wsgi_request)], ["已完成：受理"])
        self.assertEqual(self.stage(), "accepted")

    def test_what_is_missing_is_said_and_nothing_moves(self) -> None:
        response = self.post("accept", {"note": "材料齐全"})
        self.assertContains(response, "还有内容需要改正")
        self.assertContains(response, "材料齐全")
        self.assertEqual(self.stage(), "registered")

    def test_money_is_read_as_people_write_it(self) -> None:
        self.handling()
        self.post("verify", {"verified_amount": "１．６万元", "basis": "考勤表"})
        self.assertEqual(Claim.objects.get(pk=self.claim.pk).verified, Decimal("16000.00"))
        for typed in ("一万二", "0", "-5", "12.345", ""):
            with self.subTest(typed=typed):
                self.assertContains(self.post("verify", {"verified_amount": typed, "basis": "考勤表"}), "还有内容需要改正")

    def test_dates_and_choices_that_are_not_there_are_refused_by_the_form(self) -> None:
        self.handling()
        for said in ({"paid_on": "2026-02-30"}, {"method": "gold"}, {"amount": "abc"}):
            answers = {"amount": "100", "paid_on": "2026-03-01", "method": "bank", **said}
            with self.subTest(said=said):
                self.assertEqual(self.post("record_payment", answers).status_code, 200)
        self.assertEqual(self.claim.payments.count(), 0)

    def test_a_rule_that_says_no_is_shown_with_409_and_keeps_what_was_typed(self) -> None:
        self.handling()
        response = self.post("record_payment", {"amount": "100", "paid_on": "2026-03-05", "method": "bank", "note": "口头承诺"})
        self.assertContains(response, "付款日期不能晚于今天", status_code=409)
        self.assertContains(response, "口头承诺", status_code=409)

    def test_who_may_not_make_the_move_is_told_why(self) -> None:
        for person, name, sentence in (
            (self.grid_worker, "accept", "您的岗位不能进行这项操作"),
            (self.auditor, "note", "您的岗位不能进行这项操作"),
            (self.chief, "close", "案件当前阶段不能进行这项操作"),
        ):
            with self.subTest(person=person, move=name):
                self.sign_in(person)
                page = self.client.get(self.address(name))
                self.assertContains(page, sentence, status_code=409)
                self.assertNotContains(page, "data-once", status_code=409)  # no form that can only be refused
                self.assertContains(self.post(name, {"note": "x", "conditions": "on"}), sentence, status_code=409)
        casework.advance(self.claim, "escalate", self.chief, now=NOW, reason="需要协调")
        self.sign_in(self.chief)
        self.assertContains(self.post("accept", {"conditions": "on"}), "案件已由县级办理", status_code=409)

    def test_somebody_else_was_first(self) -> None:
        with patch("arrears.views.moves.casework.advance", side_effect=casework.Refused("stale", "该案件刚刚已被他人处理")):
            self.assertContains(self.post("accept", {"conditions": "on"}), "刚刚已被他人处理", status_code=409)

    def test_the_claim_is_assigned_to_somebody_who_covers_its_region(self) -> None:
        response = self.client.get(self.address("assign"))
        self.assertContains(response, "王格（陇集镇 网格员）")
        self.assertContains(response, "冼安（沭阳县 县（区）专员）")
        for person in (self.chief_a2, self.county_b, self.auditor):
            self.assertNotContains(response, person.full_name)
            self.assertEqual(self.post("assign", {"handler": str(person.pk)}).status_code, 200)
        self.post("assign", {"handler": str(self.chief.pk)})
        self.assertEqual(Claim.objects.get(pk=self.claim.pk).handler, self.chief)

    def test_who_left_their_post_is_not_offered(self) -> None:
        Posting.objects.filter(person=self.grid_worker).update(ends_on="2026-03-01")
        self.assertNotContains(self.client.get(self.address("assign")), "王格（")

    def test_a_claim_is_merged_into_one_found_by_its_number_or_part_of_it(self) -> None:
        target, far = self.make_claim(), self.make_claim(region="321323101")
        for typed, sentence in (
            ("宿欠〔2026〕999999-00001", "您的辖区内没有这个案号的案件"),
            (far.number, "您的辖区内没有这个案号的案件"),
            (self.claim.number, "您的辖区内没有这个案号的案件"),
        ):
            self.assertContains(self.post("merge", {"merged_into": typed, "reason": "重复"}), sentence)
        self.make_claim()
        self.assertContains(self.post("merge", {"merged_into": "321322", "reason": "重复"}), "有多件案件与此相符")
        self.post("merge", {"merged_into": "321322-00002", "reason": "重复"})
        self.assertEqual(Claim.objects.get(pk=self.claim.pk).merged_into, target)

    def test_htmx_gets_the_form_alone_and_after_the_move_goes_to_the_claim(self) -> None:
        form = self.client.get(self.address("accept"), **HTMX)
        self.assertNotContains(form, "<html")
        self.assertContains(form, 'hx-post="')
        wrong = self.post("accept", **HTMX)
        self.assertNotContains(wrong, "<html")
        done = self.post("accept", {"conditions": "on"}, **HTMX)
        self.assertEqual((done.status_code, done["HX-Redirect"]), (200, reverse("claim_detail", args=[self.claim.pk])))

    def test_unknown_moves_and_those_with_a_page_of_their_own_are_absent(self) -> None:
        for name in ("dance", "register", "refer", "mediate", "add_evidence"):
            self.assertEqual(self.client.get(self.address(name)).status_code, 404)
            self.assertEqual(self.post(name).status_code, 404)

    def test_out_of_scope_is_absent(self) -> None:
        for person in (self.chief_a2, self.county_b, self.partner, self.administrator, self.outsider):
            self.sign_in(person)
            self.assertEqual(self.client.get(self.address("note")).status_code, 404)
            self.assertEqual(self.post("note", {"note": "x"}).status_code, 404)

    def test_another_method_is_not_allowed(self) -> None:
        self.assertEqual(self.client.put(self.address("note")).status_code, 405)
        self.assertEqual(self.client.delete(self.address("note")).status_code, 405)

    def test_who_is_not_signed_in_is_sent_to_sign_in(self) -> None:
        self.client.logout()
        self.assertEqual(self.post("note", {"note": "x"}).status_code, 302)
        self.assertEqual(self.claim.events.filter(kind="note").count(), 0)

    def test_a_form_inside_a_page_whose_session_has_ended_sends_the_page_to_sign_in(self) -> None:
        self.client.logout()
        page = reverse("claim_detail", args=[self.claim.pk])
        response = self.client.get(self.address("note"), **HTMX, HTTP_HX_CURRENT_URL=f"http://testserver{page}")
        self.assertEqual((response.status_code, response["HX-Redirect"]), (200, f"{reverse('sign_in')}?next={page}"))

    def test_a_poll_whose_session_has_ended_stops_and_takes_nobody_away(self) -> None:
        self.client.logout()
        response = self.client.get(reverse("inbox_unread"), **HTMX, HTTP_X_POLL="1")
        self.assertEqual((response.status_code, response.headers.get("HX-Redirect"), response.content), (286, None, b""))
