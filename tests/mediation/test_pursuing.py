"""A missed instalment, and the one press that makes the right paper for what is due, hands on the next step and tells the worker."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal as D
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse

from arrears import casework
from arrears.evidence import add_evidence
from arrears.models import Claim, Claimant, Event, Paper, Respondent
from arrears.papers.blocks import text_of
from arrears.papers.making import Maker
from arrears.proceedings import verbs as proceedings
from grid.days import SHANGHAI
from grid.models import Notice, Task
from grid.refused import Refused
from mediation.drafting import verbs as drafts
from mediation.models import Agreement, Instalment
from mediation.pursuing.finding import Pursuit
from mediation.pursuing.verbs import Pressed, press
from mediation.watching import tell_missed
from tests.base import NOW, TODAY
from tests.mediation.base import MediationTestCase
from tests.mediation.test_drafts import SIGNED, told

LATE = datetime.combine(date(2026, 3, 21), time(10), SHANGHAI)  # a Saturday, the day after the first instalment
SAID = {"no_counter_debt": True, "no_preservation": True}
SMS = override_settings(SMS_URL="https://sms.example/send", SMS_KEY="k", SMS_SECRET="s", SITE_URL="https://xinan.example")


def clock(day: date) -> datetime:
    return datetime.combine(day, time(10), SHANGHAI)


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("IOU.pdf", b"%PDF-1.4\n%%EOF\n")


class PursuingTest(MediationTestCase):
    """3,000.00 by 20 March and 5,000.00 by 20 April, without acceleration."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.mediation = cls.make_mediation("agreed")
        cls.claim, cls.agreement = cls.mediation.claim, cls.mediation.agreement
        cls.evidence = add_evidence(cls.claim, scan(), cls.county, now=NOW, kind="wage_sheet", title="工资表")

    def press(self, now: datetime = LATE, person: Any = None, typed: Any = SAID, **more: Any) -> Pressed:
        agreement = Agreement.objects.select_related("mediation__claim", "mediation__mediator").get(pk=self.agreement.pk)
        return press(agreement, person or self.county, now=now, typed=typed, **more)

    def refused(self, **more: Any) -> Refused:
        with self.assertRaises(Refused) as caught:
            self.press(**more)
        return caught.exception

    def pay(self, amount: str) -> None:
        casework.advance(Claim.objects.get(pk=self.claim.pk), "record_payment", self.county, now=LATE, amount=D(amount), paid_on=LATE.date(), method="bank")

    def asks(self, paper: Paper) -> D:
        return D(paper.told()["facts"]["金额"]["请求"])

    def test_an_unconfirmed_agreement_makes_the_payment_order_for_what_is_due_and_no_more(self) -> None:
        made = self.press()
        self.assertEqual((made.paper.form, made.paper.about_id, self.asks(made.paper)), ("F-14", self.agreement.pk, D("3000.00")))
        self.assertEqual(made.paper.told()["answers"]["debt_due_on"], "2026-03-20")
        self.assertEqual(made.due_on, date(2026, 3, 25))  # three working days after a Saturday
        task = Task.objects.get(kind="pursuit_to_file")
        self.assertEqual((task.owner, task.due_on), (self.mediator, date(2026, 3, 25)))
        self.assertEqual(task.path, reverse("proceeding_open", args=[self.claim.pk, "payment_order", "applied_16"]))
        event = Event.objects.get(facts__move="pursued")
        self.assertEqual((event.facts["way"], event.facts["due_now"], event.facts["number"]), ("order", "3,000.00", made.paper.number))

    def test_a_payment_order_by_the_agreement_asks_for_what_is_due_wherever_it_is_made(self) -> None:
        """Also from the list of papers, or in a packet, where nothing says which agreement."""
        answers = {**SAID, "debt_due_on": date(2026, 3, 20)}
        asked = lambda day: Maker(self.claim, day).draft("F-14", answers).facts["金额"]["请求"]  # noqa: E731
        self.assertEqual([asked(LATE.date()), asked(date(2026, 4, 21))], [D("3000.00"), D("8000.00")])

    def test_the_handler_takes_it_to_the_court_where_there_is_one(self) -> None:
        casework.advance(self.claim, "assign", self.county, now=NOW, handler=self.county)
        self.press()
        self.assertEqual(Task.objects.get(kind="pursuit_to_file").owner, self.county)

    @SMS
    def test_pressed_twice_it_makes_one_paper_one_task_and_one_message(self) -> None:
        first, second = self.press(), self.press()
        self.assertEqual((first.is_new, second.is_new, first.paper.pk), (True, False, second.paper.pk))
        self.assertEqual([Paper.objects.count(), Task.objects.filter(kind="pursuit_to_file").count(), Event.objects.filter(facts__move="pursued").count()], [1, 1, 1])
        self.assertEqual(Notice.objects.filter(kind="worker_pursued").count(), 1)

    def test_of_one_that_was_paid_in_part_the_rest_is_asked_for(self) -> None:
        self.pay("1000.01")
        self.assertEqual(self.asks(self.press().paper), D("1999.99"))

    def test_when_the_sum_has_changed_the_press_makes_the_next_version(self) -> None:
        first = self.press()
        self.pay("500")
        second = self.press()
        self.assertEqual((second.paper.replaces, second.paper.version, self.asks(second.paper)), (first.paper, 2, D("2500.00")))
        self.assertIn("2,500.00", str(Task.objects.get(kind="pursuit_to_file").facts))

    def test_on_the_day_itself_nothing_is_late_and_a_day_later_it_is(self) -> None:
        self.assertEqual(self.refused(now=LATE - timedelta(days=1)).code, "nothing_late")
        self.assertEqual(self.press(now=LATE).paper.form, "F-14")

    def test_what_was_paid_meanwhile_is_refused_with_a_sentence_and_settles_the_task(self) -> None:
        self.press()
        self.pay("3000")
        self.assertIsNotNone(Task.objects.get(kind="pursuit_to_file").done_at)
        self.assertIn("到期的都付清了", self.refused().message)

    def test_a_claim_that_ends_settles_the_task(self) -> None:
        self.press()
        casework.advance(self.claim, "breach", self.chief, now=LATE, reason="没有付")
        self.assertIsNone(Task.objects.get(kind="pursuit_to_file").done_at)  # handled again: it is to be filed still
        casework.advance(Claim.objects.get(pk=self.claim.pk), "withdraw", self.county, now=LATE, reason="本人撤回")
        self.assertIsNotNone(Task.objects.get(kind="pursuit_to_file").done_at)

    def test_a_payment_taken_back_makes_it_late_again(self) -> None:
        self.pay("3000")
        self.pay("-3000")
        self.assertEqual(self.asks(self.press().paper), D("3000.00"))

    def test_what_is_missing_is_named_and_nothing_is_made(self) -> None:
        refused = self.refused(typed={})
        self.assertEqual(refused.code, "facts_missing")
        self.assertIn("没有申请诉前财产保全", refused.message)
        self.assertEqual((Paper.objects.count(), Task.objects.filter(kind="pursuit_to_file").count()), (0, 0))
        suit = self.refused(way="suit")
        self.assertEqual(suit.code, "facts_missing")
        self.assertIn("、", suit.message)  # age, address and more, which the statement of claim must say

    def test_the_suit_on_the_agreement_asks_for_what_is_due_and_says_why(self) -> None:
        Respondent.objects.filter(claim=self.claim).update(address="沭阳县迎宾大道1号", contact="王总")
        Claimant.objects.filter(claim=self.claim).update(id_masked="321***********001X")
        found = Pursuit(self.agreement, self.claim, LATE.date(), "suit")
        self.assertEqual([ask.name for ask in found.missing], ["worker_address"])
        self.assertEqual([gap.field for gap in found.gaps if gap.field not in ("申请人.性别", "申请人.年龄")], [])
        text = text_of(found.maker.draft("F-15", {"worker_address": "陇集镇人民路1号"}, about_id=self.agreement.pk).blocks)
        self.assertIn("合计3,000.00元（大写：人民币叁仟元整），为调解协议现已到期未付的数额", text)
        self.assertIn("约定支付8,000.00元，此后已付0.00元；现已到期未付3,000.00元", text)
        self.assertNotIn("5,000.00元", text.replace("（5,000.00元）", ""))

    def test_where_a_payment_order_goes_on_the_suit_is_proposed(self) -> None:
        proceedings.open_proceeding(self.claim, "payment_order", "applied_16", self.county, on=LATE.date(), now=LATE, court="沭阳县人民法院", amount=D(3000), paper=self.evidence)
        found = Pursuit(self.agreement, self.claim, LATE.date())
        self.assertEqual((found.way.name, found.form.id), ("suit", "F-15"))
        self.assertIn("支付令", self.refused(way="order").message)

    def test_the_step_at_the_court_settles_the_task(self) -> None:
        self.press()
        proceedings.open_proceeding(self.claim, "payment_order", "applied_16", self.county, on=LATE.date(), now=LATE, court="沭阳县人民法院", amount=D(3000), paper=self.evidence)
        self.assertIsNotNone(Task.objects.get(kind="pursuit_to_file").done_at)

    def confirm(self) -> None:
        said = {"court": "沭阳县人民法院", "paper": self.evidence, "docket": "（2026）苏1322民特5号", "amount": D(8000), "until": date(2026, 4, 20)}
        row = proceedings.open_proceeding(self.claim, "confirmation", "applied", self.county, on=TODAY, now=NOW, **said)
        for name in ("accepted", "confirmed"):
            proceedings.record_step(row, name, self.county, on=TODAY, now=NOW, **said)

    def test_a_confirmed_agreement_is_enforced_for_what_is_due_once_property_is_named(self) -> None:
        self.confirm()
        self.assertEqual((self.refused().code, self.refused(way="order").code), ("facts_missing", "unknown_way"))
        made = self.press(typed={"property": "被执行人在沭阳农商行有账户"})
        answers = made.paper.told()["answers"]
        self.assertEqual((made.paper.form, answers["title_kind"], D(answers["title_amount"]), answers["perform_by"]), ("F-25", "confirmation", D("3000.00"), "2026-03-20"))
        self.assertEqual(Task.objects.get(kind="pursuit_to_file").path, reverse("proceeding_open", args=[self.claim.pk, "enforcement", "applied"]))
        self.assertFalse(self.press(typed={"property": "另一处"}).is_new)

    def test_an_order_of_the_court_is_enforced_for_what_is_left_of_it(self) -> None:
        """Whatever has fallen due of the agreement since: the order grants no more than it says."""
        said = {"court": "沭阳县人民法院", "paper": self.evidence, "docket": "（2026）苏1322民督7号", "amount": D(3000)}
        row = proceedings.open_proceeding(self.claim, "payment_order", "applied_16", self.county, on=date(2026, 3, 23), now=clock(date(2026, 3, 23)), **said)
        for name, day in (("accepted", date(2026, 3, 24)), ("issued", date(2026, 3, 25)), ("served", date(2026, 3, 26)), ("enforceable", date(2026, 4, 13))):
            proceedings.record_step(row, name, self.county, on=day, now=clock(day), **said)
        casework.advance(Claim.objects.get(pk=self.claim.pk), "record_payment", self.county, now=clock(date(2026, 4, 14)), amount=D(500), paid_on=date(2026, 4, 14), method="bank")
        found = Pursuit(self.agreement, self.claim, date(2026, 4, 22))
        self.assertEqual((found.way.name, found.asked, found.due_now), ("enforce", D("2500.00"), D("7500.00")))
        self.assertEqual({ask.name for ask in found.missing}, {"property", "perform_by"})
        made = self.press(now=clock(date(2026, 4, 22)), typed={"property": "农商行账户", "perform_by": "2026-04-10"})
        self.assertEqual((made.paper.told()["answers"]["title_kind"], D(made.paper.told()["answers"]["title_amount"])), ("order", D("2500.00")))

    def test_who_may_issue_no_paper_and_an_ended_claim_are_refused(self) -> None:
        self.assertEqual(self.refused(person=self.auditor).code, "not_your_role")
        Claim.objects.filter(pk=self.claim.pk).update(stage="closed")
        self.assertIn(self.refused().code, ("wrong_state", "claim_over"))

    def test_the_alert_leads_to_the_press(self) -> None:
        tell_missed(LATE)
        paths = set(Notice.objects.filter(kind="instalment_missed").values_list("path", flat=True))
        self.assertEqual(paths, {reverse("agreement_pursue", args=[self.mediation.pk])})


class AcceleratedTest(MediationTestCase):
    def test_with_one_missed_the_rest_is_asked_for_too(self) -> None:
        mediation = self.make_mediation("held")
        drafts.keep(mediation, told(), self.mediator, now=NOW, version=0)
        agreement = drafts.sign(mediation, self.mediator, now=NOW, version=1, effective_on=TODAY, **SIGNED).agreement
        add_evidence(mediation.claim, scan(), self.county, now=NOW, kind="wage_sheet", title="工资表")
        paper = press(agreement, self.county, now=LATE, typed=SAID).paper
        facts = paper.told()["facts"]
        self.assertEqual((D(facts["金额"]["请求"]), facts["协议"]["提前到期"], D(facts["协议"]["已到期"])), (D("8000.00"), True, D("8000.00")))


class PursuePageTest(MediationTestCase):
    """Views ask the clock: the first instalment is long past by then, and the second too."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.mediation = cls.make_mediation("agreed")
        cls.claim, cls.agreement = cls.mediation.claim, cls.mediation.agreement
        add_evidence(cls.claim, scan(), cls.county, now=NOW, kind="wage_sheet", title="工资表")

    @property
    def page(self) -> str:
        return reverse("agreement_pursue", args=[self.mediation.pk])

    def setUp(self) -> None:
        self.client.force_login(self.county)

    def test_it_shows_what_will_be_made_and_makes_it_with_one_press(self) -> None:
        self.assertContains(self.client.get(self.page), "8,000.00")
        answer = self.client.post(self.page, {"way": "order", "no_counter_debt": "on", "no_preservation": "on"})
        paper = Paper.objects.get()
        self.assertRedirects(answer, reverse("paper_detail", args=[paper.pk]))
        again = self.client.post(self.page, {"way": "order", "no_counter_debt": "on", "no_preservation": "on"}, follow=True)
        self.assertContains(again, "没有重复制作")
        self.assertEqual(Paper.objects.count(), 1)

    def test_the_page_of_the_mediation_leads_there_whoever_may_press(self) -> None:
        detail = reverse("mediation_detail", args=[self.mediation.pk])
        for person, leads in ((self.county, True), (self.mediator, True), (self.auditor, False)):
            with self.subTest(person.username):
                self.client.force_login(person)
                shown = self.client.get(detail)
                self.assertContains(shown, "逾期未付清")
                self.assertEqual(self.page in shown.content.decode(), leads)

    def test_what_is_missing_is_asked_again_and_what_was_typed_stays(self) -> None:
        answer = self.client.post(self.page, {"way": "order", "no_counter_debt": "on"})
        self.assertContains(answer, "checked", status_code=422)
        self.assertFalse(Paper.objects.exists())

    def test_the_suit_says_what_the_claim_lacks_and_leads_there(self) -> None:
        answer = self.client.get(self.page, {"way": "suit"})
        self.assertContains(answer, "案件里还缺")
        self.assertContains(answer, reverse("claim_complete", args=[self.claim.pk]))
        self.assertNotContains(answer, "制作并列入待办")

    def test_paid_a_strange_way_other_counties_and_bad_methods(self) -> None:
        self.assertContains(self.client.get(self.page, {"way": "duel"}), "没有这条路", status_code=409)
        self.assertEqual(self.client.delete(self.page).status_code, 405)
        Instalment.objects.all().delete()
        Claim.objects.update(paid=8000)
        self.assertContains(self.client.post(self.page, {}), "付清", status_code=409)
        self.client.force_login(self.county_b)
        self.assertEqual(self.client.get(self.page).status_code, 404)

    def test_the_api_says_what_is_missing_and_presses_once(self) -> None:
        path = f"/api/v1/mediations/{self.mediation.pk}/pursuit/"
        found = self.client.get(path).json()
        self.assertEqual((found["way"], found["asked"], [row["name"] for row in found["missing"]]), ("order", "8000.00", ["no_counter_debt", "no_preservation"]))
        self.assertEqual(self.client.post(path, {}, content_type="application/json").json()["code"], "facts_missing")
        body = {"answers": {"no_counter_debt": "true", "no_preservation": "true"}}
        codes = [self.client.post(path, body, content_type="application/json").status_code for _turn in range(2)]
        self.assertEqual((codes, Paper.objects.count()), ([201, 200], 1))
        self.assertEqual(self.client.get(path, {"way": "duel"}).status_code, 400)
        self.client.force_login(self.county_b)
        self.assertEqual(self.client.get(path).status_code, 404)

    def test_a_signed_scan_comes_by_the_api_once_and_only_from_who_may(self) -> None:
        path = f"/api/v1/mediations/{self.mediation.pk}/scan/"
        send = lambda content, name="签署件.pdf": self.client.post(path, {"scan": SimpleUploadedFile(name, content)})  # noqa: E731
        kept = send(b"%PDF-1.4\n1\n%%EOF\n")
        self.assertEqual(kept.status_code, 201)
        self.assertEqual(set(self.agreement.signatures.filter(how="paper").values_list("scan", flat=True)), {Claim.objects.get().evidence.get(sha256=kept.json()["sha256"]).pk})
        self.assertEqual(send(b"%PDF-1.4\n1\n%%EOF\n").json()["id"], kept.json()["id"])
        self.assertEqual(send(b"%PDF-1.4\n2\n%%EOF\n").json()["version"], 2)
        self.assertEqual(send(b"\x7fELF\x00\x01\x02\xff", "a.exe").status_code, 409)
        self.assertEqual(self.client.post(path, {}).status_code, 400)
        self.client.force_login(self.auditor)
        self.assertEqual(send(b"%PDF-1.4\n3\n%%EOF\n").json()["code"], "not_your_role")
        self.client.force_login(self.county_b)
        self.assertEqual(send(b"%PDF-1.4\n3\n%%EOF\n").status_code, 404)
