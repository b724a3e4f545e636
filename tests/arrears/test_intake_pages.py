"""Logging a claim in steps: nothing typed is lost, nothing is registered twice, nobody else sees a draft."""

import re
import shutil
import tempfile
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from unittest.mock import patch
from uuid import UUID, uuid4

from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import TransactionTestCase, override_settings
from django.urls import reverse

from arrears import drafts
from arrears.identity import make_id, mask_id
from arrears.intake import ClaimantFacts, ClaimFacts, RespondentFacts
from arrears.models import Claim, IntakeDraft
from arrears.privacy import VERSION
from grid.ids import uuid7
from grid.models import Posting, Region
from grid.refused import Refused
from grid.roles import COUNTY_OFFICER, GRID_WORKER
from tests.arrears.pages import HTMX, PagesTestCase
from tests.base import NOW, TODAY, Cast, make_person

NEW = reverse("claim_new")
ID_NUMBER = make_id("321399", date(1980, 1, 1), 1)


def rows(prefix: str, *forms: dict[str, str]) -> dict[str, str]:
    """The fields of a formset."""
    fields = {f"{prefix}-{index}-{name}": value for index, form in enumerate(forms) for name, value in form.items()}
    return {**fields, f"{prefix}-TOTAL_FORMS": str(len(forms)), f"{prefix}-INITIAL_FORMS": "0"}


WHO = {
    **rows("who", {"name": "李国庆", "phone": "138 1234 5678", "id_number": ID_NUMBER}, {"name": "赵大勇", "phone": "", "id_number": ""}),
    "worker_count": "12",
}  # fmt: skip
WHOM = rows(
    "whom",
    {"role": "foreman", "legal_name": "", "aliases": "孙老板", "credit_code": "", "contact": "", "phone": "", "address": ""},
    {"role": "general", "legal_name": "江苏中城建设集团有限公司", "aliases": "", "credit_code": "", "contact": "", "phone": "", "address": ""},
)
WHERE = {
    "region": "321322101", "site_name": "翰林雅苑二期", "site_address": "", "received_on": TODAY.isoformat(), "received_other": "",
    "channel": "patrol", "last_working_day": "2026-01-20", "work": "瓦工", "contract": "none",
}  # fmt: skip
LINE = {"worker": "0", "unit": "day", "rate": "320", "quantity": "68.5", "paid": "5,000元", "period_from": "2025-10-01", "period_to": "2025-12-31"}
LUMP = {"worker": "1", "unit": "lump", "rate": "1.2万", "quantity": "", "paid": "", "period_from": "", "period_to": ""}
MONEY = {**rows("money", LINE, LUMP), "typed_total": "30000"}
STORY = {"story": "约定每天 320 元，完工后一直拖延。", "request": "支付拖欠的工资"}
STEPS = {"who": WHO, "whom": WHOM, "where": WHERE, "money": MONEY, "story": STORY}


class IntakeTestCase(PagesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.sign_in(self.grid_worker)

    def begin(self, said: dict[str, str] | None = None) -> UUID:
        pk = uuid7()
        self.client.post(NEW, {**(WHO if said is None else said), "draft_id": str(pk)})
        return pk

    def step(self, pk: UUID, name: str) -> str:
        return reverse("draft_step", args=[pk, name])

    def check(self, pk: UUID) -> str:
        return reverse("draft_check", args=[pk])

    def fill(self, **changes: dict[str, str]) -> UUID:
        """A draft with every step right, or as changed."""
        pk = self.begin(changes.get("who"))
        for name in ("whom", "where", "money", "story"):
            self.client.post(self.step(pk, name), changes.get(name, STEPS[name]))
        return pk

    def submit(self, pk: UUID, **said):
        return self.client.post(self.check(pk), {"consent": "on", "kind": "photo", **said})


class WholeWayTest(IntakeTestCase):
    def test_five_steps_and_a_check_make_a_claim_with_everything_in_it(self) -> None:
        draft_id = re.search(r'name="draft_id" value="([^"]+)"', self.client.get(NEW).content.decode())[1]
        response = self.client.post(NEW, {**WHO, "draft_id": draft_id})
        for name, following in (("whom", "where"), ("where", "money"), ("money", "story")):
            self.assertRedirects(response, self.step(UUID(draft_id), name))
            response = self.client.post(response.url, STEPS[name])
            self.assertEqual(response.url, self.step(UUID(draft_id), following))
        response = self.client.post(response.url, STORY)
        self.assertRedirects(response, self.check(UUID(draft_id)))
        response = self.submit(UUID(draft_id))
        claim = Claim.objects.get()
        self.assertRedirects(response, reverse("claim_detail", args=[claim.pk]), fetch_redirect_response=False)
        self.assertIn(claim.public_number, str(list(get_messages(response.wsgi_request))[0]))
        self.assertEqual(
            (claim.handler, claim.region_id, claim.channel, claim.received_on, claim.worker_count, claim.typed_total, claim.claimed),
            (self.grid_worker, "321322101", "patrol", TODAY, 12, Decimal(30000), Decimal("28920.00")),
        )
        self.assertEqual((claim.site.name, claim.work, claim.contract, claim.last_working_day), ("翰林雅苑二期", "瓦工", "none", date(2026, 1, 20)))
        first, second = claim.claimants.all()
        self.assertEqual((first.name, first.phone, first.id_number()), ("李国庆", "13812345678", ID_NUMBER))
        self.assertEqual([(line.due, line.paid, line.unpaid) for line in first.lines.all()], [(21920, 5000, 16920)])
        self.assertEqual([(line.unit, line.due) for line in second.lines.all()], [("lump", 12000)])
        self.assertEqual([(r.role, r.legal_name, r.aliases) for r in claim.respondents.all()], [("foreman", "", "孙老板"), ("general", "江苏中城建设集团有限公司", "")])
        self.assertEqual(claim.events.get(kind="register").facts["privacy_notice"], VERSION)
        self.assertFalse(IntakeDraft.objects.exists())

    def test_the_check_page_shows_everything_and_what_will_be_missed(self) -> None:
        response = self.client.get(self.check(self.fill()))
        for words in ("138", mask_id(ID_NUMBER), "¥21,920.00", "¥28,920.00", "劳动者自述总额", "孙老板", "翰林雅苑二期", "江苏省宿迁市沭阳县陇集镇",
                      "没有电话：赵大勇", "没有身份证号：赵大勇", "法定名称不详：孙老板", VERSION, "完工后一直拖延"):  # fmt: skip
            self.assertContains(response, words)
        self.assertNotContains(response, ID_NUMBER)

    def test_a_worker_who_has_a_claim_already_is_pointed_out(self) -> None:
        known = self.make_claim(claimants=[ClaimantFacts("李国庆", id_number=ID_NUMBER)])
        self.assertContains(self.client.get(self.check(self.fill())), known.number)

    def test_a_missing_paper_may_be_promised_with_the_claim_if_the_worker_signs(self) -> None:
        pk = self.fill()
        said = {"papers": ["identity"], "due_on": (TODAY + timedelta(days=10)).isoformat()}
        self.assertContains(self.submit(pk, **said), "承诺须由劳动者本人签字")
        self.assertFalse(Claim.objects.exists())
        self.assertContains(self.client.get(self.submit(pk, **said, signed="on").url), "承诺补交：身份证明")
        self.assertEqual(Claim.objects.get().owed_papers.get().due_on, TODAY + timedelta(days=10))

    def test_without_the_workers_consent_nothing_is_registered(self) -> None:
        pk = self.fill()
        response = self.client.post(self.check(pk), {"kind": "photo"})
        self.assertContains(response, "还有内容需要改正")
        self.assertFalse(Claim.objects.exists())

    def test_a_rule_that_says_no_keeps_the_draft(self) -> None:
        pk = self.fill()
        with patch("arrears.drafts.register", side_effect=Refused("in_future", "收到日期不能晚于今天。")):
            self.assertContains(self.submit(pk), "收到日期不能晚于今天", status_code=409)
        self.assertTrue(IntakeDraft.objects.filter(pk=pk).exists())

    def test_an_unfinished_step_is_asked_for_before_the_check(self) -> None:
        pk = self.begin()
        response = self.client.get(self.check(pk))
        self.assertRedirects(response, self.step(pk, "whom") + "?then=check")
        response = self.client.post(response.url, WHOM)
        self.assertRedirects(response, self.check(pk), fetch_redirect_response=False)

    def test_files_chosen_at_the_end_are_kept_with_the_claim_and_a_bad_one_does_not_stop_it(self) -> None:
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        png, page = SimpleUploadedFile("欠条.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 9), SimpleUploadedFile("b.png", b"<html>")
        with override_settings(MEDIA_ROOT=folder):
            response = self.submit(self.fill(), files=[png, page], kind="iou")
        said = [str(message) for message in get_messages(response.wsgi_request)]
        self.assertEqual([row.title for row in Claim.objects.get().evidence.all()], ["欠条"])
        self.assertIn("没有保存“b.png”", said[-1])


class OnceTest(IntakeTestCase):
    def test_a_second_tap_leads_to_the_claim_of_the_first(self) -> None:
        pk = self.fill()
        first, second = self.submit(pk), self.submit(pk)
        self.assertEqual(Claim.objects.count(), 1)
        self.assertEqual(first.url, second.url)

    def test_the_back_button_after_submitting_leads_to_the_claim_too(self) -> None:
        pk = self.fill()
        url = self.submit(pk).url
        self.assertEqual(self.client.get(self.step(pk, "money")).url, url)
        self.assertEqual(self.client.post(self.step(pk, "money"), MONEY).url, url)
        self.assertEqual(self.client.post(NEW, {**WHO, "draft_id": str(pk)}).url, url)
        self.assertFalse(IntakeDraft.objects.exists())

    def test_the_first_step_sent_twice_is_one_draft(self) -> None:
        said = {**WHO, "draft_id": str(uuid7())}
        self.client.post(NEW, said)
        self.client.post(NEW, said)
        self.assertEqual(IntakeDraft.objects.count(), 1)

    def test_a_draft_id_of_somebody_else_or_none_makes_a_new_draft(self) -> None:
        theirs = drafts.keep(self.chief, uuid7(), "who", {}, "who", now=NOW)
        for proposed in (str(theirs.pk), "x", ""):
            self.client.post(NEW, {**WHO, "draft_id": proposed})
        self.assertEqual(IntakeDraft.objects.filter(person=self.grid_worker).count(), 3)
        theirs.refresh_from_db()
        self.assertEqual((theirs.person, theirs.typed()), (self.chief, {"who": {}}))


class AtOnceTest(Cast, TransactionTestCase):
    def test_two_taps_in_the_same_moment_register_one_claim(self) -> None:
        self.make_cast()
        draft = drafts.keep(self.grid_worker, uuid7(), "who", {}, "check", now=NOW)
        facts = ClaimFacts(
            region=self.regions["321322101"], received_on=TODAY, claimants=[ClaimantFacts("李建国")],
            respondents=[RespondentFacts(aliases="孙老板")], source_key=draft.source_key,
        )  # fmt: skip
        together, made = Barrier(2), []

        def tap() -> None:
            together.wait()
            try:
                made.append(drafts.submit(draft.pk, facts, self.grid_worker, now=NOW))
            finally:
                connections.close_all()

        taps = [Thread(target=tap) for _ in range(2)]
        [one.start() for one in taps]
        [one.join() for one in taps]
        self.assertEqual(Claim.objects.count(), 1)
        self.assertEqual(sum(claim is None for claim in made), 1)


class DraftTest(IntakeTestCase):
    def test_what_was_typed_is_kept_wrong_or_right_and_shown_again(self) -> None:
        pk = self.begin({**WHO, "who-0-phone": "1380000"})
        response = self.client.get(self.step(pk, "who"))
        self.assertContains(response, 'value="1380000"')
        self.assertContains(response, "还有内容需要改正")
        self.assertContains(response, 'value="赵大勇"')

    def test_it_outlives_signing_out(self) -> None:
        pk = self.fill()
        self.client.post(reverse("sign_out"))
        self.sign_in(self.grid_worker)
        self.assertContains(self.client.get(NEW), "李国庆")
        self.assertContains(self.client.get(self.step(pk, "money")), 'value="1.2万"')

    def test_a_page_saves_itself_while_it_is_being_filled(self) -> None:
        said = {**WHO, "draft_id": str(uuid7()), "who-1-name": "赵大", "save": "1"}
        self.assertContains(self.client.get(NEW), "hx-vals='{\"save\": \"1\"}'")
        self.assertEqual(self.client.post(NEW, said, **HTMX).status_code, 204)
        draft = IntakeDraft.objects.get()
        self.assertEqual((draft.step, draft.typed()["who"]["who-1-name"]), ("who", ["赵大"]))
        self.assertNotIn("save", draft.typed()["who"])
        self.assertEqual(self.client.post(self.step(draft.pk, "whom"), {**WHOM, "save": "1"}, **HTMX).status_code, 204)
        self.assertEqual(list(IntakeDraft.objects.get().typed()), ["who", "whom"])

    def test_a_save_that_comes_late_does_not_overwrite_what_was_sent_after_it(self) -> None:
        pk = self.begin()
        late = NOW - timedelta(seconds=1)
        drafts.keep(self.grid_worker, pk, "who", {"who-0-name": ["李"]}, "who", now=late)
        self.assertEqual(IntakeDraft.objects.get().typed()["who"]["who-0-name"], ["李国庆"])

    def test_nothing_readable_lies_in_the_database(self) -> None:
        self.begin()
        sealed = IntakeDraft.objects.get().sealed
        for secret in (ID_NUMBER, "李国庆", "13812345678"):
            self.assertNotIn(secret, sealed)

    def test_several_wait_in_a_list_the_newest_first_and_can_be_dropped(self) -> None:
        first, self.now = self.begin(), NOW + timedelta(hours=2)
        second = self.begin({**WHO, "who-0-name": "王芳"})
        response = self.client.get(NEW)
        self.assertEqual([row.title for row in response.context["waiting"]], ["王芳", "李国庆"])
        self.assertRedirects(self.client.post(reverse("draft_drop", args=[second])), NEW)
        self.assertEqual([draft.pk for draft in IntakeDraft.objects.all()], [first])

    def test_another_persons_draft_is_absent(self) -> None:
        pk = self.fill()
        self.sign_in(self.chief)
        for response in (
            self.client.get(self.step(pk, "who")), self.client.post(self.step(pk, "who"), WHO), self.client.get(self.check(pk)),
            self.submit(pk), self.client.post(reverse("draft_drop", args=[pk])),
        ):  # fmt: skip
            self.assertEqual(response.status_code, 404)
        self.assertEqual(IntakeDraft.objects.get().person, self.grid_worker)

    def test_today_stays_the_day_it_was_said_on(self) -> None:
        pk = self.fill()
        self.now = NOW + timedelta(days=1)
        self.sign_in(self.grid_worker)
        page = self.client.get(self.step(pk, "where"))
        self.assertEqual(page.context["step"].form["received_on"].value(), TODAY.isoformat())  # 昨天 by now
        self.now = NOW + timedelta(days=2)
        self.sign_in(self.grid_worker)
        form = self.client.get(self.step(pk, "where")).context["step"].form
        self.assertEqual((form["received_on"].value(), form["received_other"].value()), ("other", TODAY.isoformat()))
        self.submit(pk)
        self.assertEqual(Claim.objects.get().received_on, TODAY)


class StepTest(IntakeTestCase):
    def says(self, name: str, said: dict[str, str], *sentences: str) -> None:
        """The step is not left, and says what is wrong."""
        pk = self.begin()
        response = self.client.post(self.step(pk, name), said)
        self.assertEqual(response.status_code, 200)
        for sentence in sentences:
            self.assertContains(response, sentence)

    def test_a_worker_needs_a_name_and_right_numbers(self) -> None:
        wrong = ID_NUMBER[:-1] + ("0" if ID_NUMBER[-1] != "0" else "1")
        self.says("who", rows("who", {"name": "", "phone": "", "id_number": ""}), "请至少登记一名劳动者")
        self.says("who", rows("who", {"name": "", "phone": "13812345678", "id_number": ""}), "第 1 行，姓名：")
        self.says("who", rows("who", {"name": "李四", "phone": "1", "id_number": wrong}), "电话号码不正确", "身份证号校验不通过")

    def test_a_respondent_needs_some_name_and_a_right_code(self) -> None:
        empty = {"role": "employer", "legal_name": "", "aliases": "", "credit_code": "", "contact": "", "phone": "", "address": ""}
        self.says("whom", rows("whom", empty), "请至少登记一个被申请方")
        self.says("whom", rows("whom", {**empty, "contact": "孙志强"}), "名称和别名至少填写一项")
        self.says("whom", rows("whom", {**empty, "legal_name": "甲公司", "credit_code": "91321399000000011A"}), "统一社会信用代码校验不通过")

    def test_days_are_asked_for_and_cannot_lie_ahead(self) -> None:
        self.says("where", {**WHERE, "received_on": "other"}, "请填写日期")
        self.says("where", {**WHERE, "received_on": "other", "received_other": "2026-03-03"}, "收到日期不能晚于今天")
        self.says("where", {**WHERE, "last_working_day": "2026-03-03"}, "最后工作日不能晚于今天")
        self.says("where", {**WHERE, "received_on": ""}, "还有内容需要改正")

    def test_a_place_outside_the_posts_is_no_choice(self) -> None:
        self.says("where", {**WHERE, "region": "321322102"}, "还有内容需要改正")
        self.says("where", {**WHERE, "channel": "ledger"}, "还有内容需要改正")

    def test_amounts_are_checked_against_each_other(self) -> None:
        self.says("money", rows("money", {**LUMP, "worker": "0", "rate": ""}), "请至少填写一行")
        self.says("money", rows("money", {**LINE, "quantity": ""}), "请填写数量，或选“总额”")
        self.says("money", rows("money", {**LINE, "paid": "999999"}), "已付金额多于应付金额")
        self.says("money", rows("money", {**LINE, "rate": "99999999999"}), "金额太大")
        self.says("money", rows("money", {**LINE, "period_to": "2025-01-01"}), "结束日期早于开始日期")
        self.says("money", rows("money", {**LINE, "worker": "7"}), "还有内容需要改正")

    def test_a_typed_total_that_differs_is_shown_and_not_refused(self) -> None:
        pk = self.begin()
        response = self.client.post(self.step(pk, "money"), {**MONEY, "count": "1"})
        self.assertContains(response, "劳动者自述")
        self.assertContains(response, "¥28,920.00")
        self.assertEqual(self.client.post(self.step(pk, "money"), MONEY).status_code, 302)

    def test_htmx_counts_while_typing_and_keeps_what_was_typed(self) -> None:
        pk = self.begin()
        response = self.client.post(self.step(pk, "money"), {**MONEY, "count": "1"}, **HTMX)
        self.assertNotContains(response, "<form")
        self.assertContains(response, "¥28,920.00")
        self.assertContains(response, 'id="money-0-unpaid" hx-swap-oob="true"')
        self.assertIn("money", IntakeDraft.objects.get().typed())

    def test_another_row_keeps_the_page_and_what_was_typed(self) -> None:
        pk = self.begin()
        for name, said in (("who", WHO), ("whom", WHOM), ("money", MONEY)):
            response = self.client.post(self.step(pk, name), {**said, "more": "1"})
            step = response.context["step"]
            self.assertEqual((len(step.rows.forms), step.is_valid), (3, True), f"{name}: the empty row is no fault")

    def test_rows_end_somewhere_however_many_are_asked_for(self) -> None:
        pk = self.begin()
        response = self.client.post(self.step(pk, "who"), {**WHO, "who-TOTAL_FORMS": "100000", "more": "1"})
        self.assertLessEqual(len(response.context["step"].rows.forms), 200)

    def test_a_broken_form_is_shown_again_instead_of_failing(self) -> None:
        pk = self.begin()
        for said in ({}, {"who-TOTAL_FORMS": "x"}, {"who-TOTAL_FORMS": "-1", "more": "1"}):
            for name in STEPS:
                self.assertEqual(self.client.post(self.step(pk, name), said).status_code, 302 if name == "story" and "more" not in said else 200)

    def test_a_worker_fewer_than_the_lines_were_typed_for_is_noticed(self) -> None:
        pk = self.fill()
        self.client.post(self.step(pk, "who"), {**WHO, "who-1-name": ""})
        self.assertRedirects(self.client.get(self.check(pk)), self.step(pk, "money") + "?then=check")

    def test_nobodys_village_is_chosen_for_a_county_officer(self) -> None:
        Region.objects.create(
            code="321322101200", name="新河村", full_name="江苏省宿迁市沭阳县陇集镇新河村", level="village",
            parent_id="321322101", code_system="stats-2023",
        )  # fmt: skip
        pk = self.begin()
        form = self.client.get(self.step(pk, "where")).context["step"].form
        self.assertEqual(list(form.fields["region"].choices), [("321322101", "陇集镇"), ("321322101200", "\u3000新河村")])
        self.sign_in(self.county)
        pk = self.begin()
        form = self.client.get(self.step(pk, "where")).context["step"].form
        self.assertEqual([code for code, name in form.fields["region"].choices], ["", "321322101", "321322102"])
        self.assertEqual(form["channel"].value(), "window")

    def test_unknown_steps_are_absent_and_other_methods_not_allowed(self) -> None:
        pk = self.begin()
        self.assertEqual(self.client.get(self.step(pk, "dance")).status_code, 404)
        self.assertEqual(self.client.get(self.step(uuid4(), "who")).status_code, 404)
        for address in (NEW, self.step(pk, "who"), self.check(pk)):
            self.assertEqual(self.client.put(address).status_code, 405)
        self.assertEqual(self.client.get(reverse("draft_drop", args=[pk])).status_code, 405)

    def test_whose_post_cannot_log_claims_is_turned_away(self) -> None:
        pk = self.begin()
        for person in (self.city, self.mediator, self.partner, self.auditor, self.administrator, self.outsider):
            self.sign_in(person)
            for address in (NEW, self.step(pk, "who"), self.check(pk)):
                self.assertEqual(self.client.get(address).status_code, 404 if person == self.partner else 403)

    def test_who_loses_the_post_midway_is_told_when_submitting(self) -> None:
        pk = self.fill()
        Posting.objects.filter(person=self.grid_worker).delete()
        make_person("x", "甲", GRID_WORKER, "321322102")
        Posting.objects.create(person=self.grid_worker, role=COUNTY_OFFICER, region_id="321323", starts_on=date(2020, 1, 1))
        self.assertRedirects(self.submit(pk), self.step(pk, "where") + "?then=check")
        self.assertFalse(Claim.objects.exists())
