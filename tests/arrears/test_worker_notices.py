"""What workers are told by text message, and how safely."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.test import override_settings
from django.urls import reverse

from arrears import casework, contacts, escalation, handover, referrals
from arrears.forms.steps import Setting, Who
from arrears.history import record
from arrears.intake import ClaimantFacts
from arrears.models import Claim, Event
from arrears.timing import suspending
from arrears.timing.pausing import GROUNDS
from arrears.worker.notices import tell_workers
from arrears.worker.words import DISCREET, MESSAGES, VISIT
from grid import outbox
from grid.kinds import KINDS
from grid.models import Leave, Notice, Task
from grid.models.notices import DROPPED, FAILED, SENT
from grid.refused import Refused
from grid.wordings import PLACE, of_code, preview
from mediation import hearings
from tests.arrears.pages import PagesTestCase
from tests.base import NOW, TODAY, CastTestCase
from tests.gateways import SmsGateway
from tests.mediation.base import MediationTestCase

SMS = override_settings(SMS_URL="https://sms.example/send", SMS_KEY="k", SMS_SECRET="s", SITE_URL="https://xinan.example")
LONGEST = 70  # Chinese characters of one message, places filled in with nothing


def worker(name: str = "李建国", phone: str = "13800000001", **more: Any) -> ClaimantFacts:
    return ClaimantFacts(name, phone, **more)


def sms() -> list[Notice]:
    return list(Notice.objects.filter(channel="sms", addressee_kind__in=("claimant", "discreet")).order_by("id"))


def kinds() -> list[str]:
    return [notice.kind for notice in sms()]


@SMS
class EventsTest(MediationTestCase):
    def advance(self, claim: Claim, move: str, **answers: Any) -> None:
        casework.advance(claim, move, None, now=NOW, **answers)

    def said(self, kind: str) -> dict[str, Any]:
        [notice] = [notice for notice in sms() if notice.kind == kind]
        return notice.facts

    def test_registering_says_the_query_number_and_where_to_follow_it(self) -> None:
        claim = self.make_claim()
        self.assertEqual(self.said("worker_registered"), {"query": claim.public_number, "url": "https://xinan.example/track/"})
        [notice] = sms()
        self.assertEqual((notice.region_code, notice.subject_id), (claim.region_id, claim.pk))

    def test_each_move_that_hands_over_or_ends_is_told_once(self) -> None:
        claim = self.make_claim()
        for move, answers in (
            ("accept", {}), ("escalate", {"reason": "r"}), ("hand_back", {"reason": "r"}), ("handle", {}), ("note", {"note": "n"}),
            ("settle", {"agreed_amount": Decimal(6000), "pay_by": date(2026, 4, 30), "terms": "t"}),
            ("record_payment", {"amount": Decimal(1000), "paid_on": TODAY, "method": "bank"}),
            ("breach", {"reason": "r"}), ("conclude", {"result": "insolvent", "reason": "r"}), ("reopen", {"reason": "r"}),
        ):  # fmt: skip
            self.advance(claim, move, **answers)
        self.assertEqual(kinds(), [
            "worker_registered", "worker_accepted", "worker_climbed", "worker_handed_back", "worker_settled", "worker_paid",
            "worker_breached", "worker_concluded", "worker_reopened",
        ])  # fmt: skip
        self.assertEqual(self.said("worker_settled")["amount"], "6,000.00")
        self.assertEqual(self.said("worker_settled")["pay_by"], "2026-04-30")
        self.assertEqual(self.said("worker_paid")["amount"], "1,000.00")
        self.assertEqual(self.said("worker_climbed")["level_msgid"], "县级")

    def test_every_ending_says_what_else_there_is(self) -> None:
        for move, answers, kind in (
            ("reject", {"ground": "out_of_scope", "reason": "r"}, "worker_rejected"),
            ("transfer", {"destination": "宿豫区大队", "reason": "r"}, "worker_transferred"),
            ("withdraw", {"reason": "r", "confirmed": True}, "worker_withdrawn"),
        ):
            with self.subTest(move):
                Notice.objects.all().delete()
                self.advance(self.make_claim(), move, **answers)
                self.assertIn(kind, kinds())

    def test_a_claim_that_climbs_by_itself_tells_its_workers(self) -> None:
        claim = self.make_claim(person=self.grid_worker)
        later = NOW + timedelta(days=40)
        escalation.sweep(later)
        claim.refresh_from_db()
        climbed = Event.objects.filter(claim=claim, kind="climbed").count()
        self.assertGreater(climbed, 0)
        self.assertEqual(kinds().count("worker_climbed"), climbed)
        escalation.sweep(later)
        self.assertEqual(kinds().count("worker_climbed"), climbed)

    def test_a_body_is_named_at_every_step_of_a_referral(self) -> None:
        claim = self.make_handled_claim()
        referral = referrals.refer(claim, self.city, now=NOW, kind="support", body=self.procuratorate, summary="s")
        for move, answers in (("receive", {}), ("accept", {}), ("begin", {}), ("conclude", {"outcome": "sued", "note": "n"})):
            referrals.advance(referral, move, self.partner, now=NOW, **answers)
        self.assertEqual(kinds()[2:], ["worker_referred", "worker_body_received", "worker_body_accepted", "worker_body_concluded"])
        self.assertEqual(self.said("worker_referred")["body"], "沭阳县人民检察院")

    def test_suspended_and_resumed(self) -> None:
        claim = self.make_handled_claim()
        suspending.suspend(claim, self.county, NOW, next(iter(GROUNDS)), TODAY + timedelta(days=10), "等待鉴定")
        suspending.resume(claim, self.county, NOW + timedelta(days=2))
        self.assertEqual(kinds()[-2:], ["worker_suspended", "worker_resumed"])
        self.assertEqual(self.said("worker_suspended")["until"], (TODAY + timedelta(days=10)).isoformat())

    def test_a_hearing_is_told_to_those_who_are_called_and_again_when_it_moves(self) -> None:
        claim = self.make_handled_claim(claimants=[worker(), worker("王芳", "13800000002")])
        called = claim.claimants.get(name="李建国")
        mediation = self.make_mediation("accepted", claim)
        Notice.objects.all().delete()
        self.make_move(mediation, "schedule", parties=[called.pk, claim.respondents.get().pk])
        self.make_move(mediation, "postpone")
        self.assertEqual([(row.kind, row.addressee_id) for row in sms()], [("worker_hearing", called.pk), ("worker_hearing_moved", called.pk)])
        self.assertEqual(self.said("worker_hearing")["room"], "第一调解室")
        self.assertIn("2026-03-03 14:00", self.said("worker_hearing_moved")["when"])

    def test_an_agreement_says_amount_and_day_once(self) -> None:
        self.make_mediation("agreed")
        self.assertEqual(kinds().count("worker_settled"), 1)
        self.assertEqual(self.said("worker_settled")["amount"], "8,000.00")
        self.assertEqual(self.said("worker_settled")["pay_by"], "2026-04-20")

    def test_no_move_that_changes_who_is_in_charge_is_silent(self) -> None:
        """Written by hand against docs/lifecycle.md: each of these puts the case into other hands, or out of them."""
        for kind in (
            "register", "reject", "assign", "escalate", "climbed", "hand_back", "handed_over", "merge", "transfer", "withdraw", "reopen",
            "suspend", "resume", "close", "conclude", "referral.send", "referral.receive", "referral.accept", "referral.decline",
            "referral.conclude", "referral.recall", "mediation.apply", "mediation.accept", "mediation.schedule", "mediation.postpone",
            "mediation.adjourn", "mediation.no_show", "mediation.undo", "mediation.fail", "mediation.reinstate",
        ):  # fmt: skip
            self.assertIn(kind, MESSAGES)

    def test_a_handler_is_named_to_nobody_but_that_there_is_one_is_told(self) -> None:
        claim = self.make_handled_claim()
        Notice.objects.all().delete()
        casework.advance(claim, "assign", self.chief, now=NOW, handler=self.grid_worker)
        self.assertEqual(kinds(), ["worker_assigned"])
        self.assertNotIn(self.grid_worker.full_name, str([notice.facts for notice in sms()]))

    def test_who_takes_over_the_work_of_somebody_who_left_is_told_of_each_case_once(self) -> None:
        claim = self.make_handled_claim()
        casework.advance(claim, "assign", self.chief, now=NOW, handler=self.grid_worker)
        Notice.objects.all().delete()
        handover.hand_over(self.grid_worker, [self.chief], self.chief, now=NOW, reason="调离")
        claim.refresh_from_db()
        self.assertEqual((claim.handler, kinds()), (self.chief, ["worker_assigned"]))

    def test_other_work_that_changes_hands_is_no_news_to_the_worker(self) -> None:
        claim = self.make_handled_claim()
        Notice.objects.all().delete()
        tell_workers(claim, record(claim, "handed_over", self.chief, now=NOW, what="order", to="章镇"))
        self.assertEqual(kinds(), [])

    def test_a_mediation_is_told_from_the_application_on(self) -> None:
        self.make_mediation("accepted")
        self.assertEqual(kinds()[-2:], ["worker_mediation_asked", "worker_mediation_begun"])

    def test_who_came_in_vain_hears_that_there_will_be_another_day(self) -> None:
        claim = self.make_handled_claim(claimants=[worker(), worker("王芳", "13800000002")])
        called = claim.claimants.get(name="李建国")
        mediation = self.make_mediation("accepted", claim)
        self.make_move(mediation, "schedule", parties=[called.pk, claim.respondents.get().pk])
        Notice.objects.all().delete()
        hearings.advance(mediation, "no_show", self.mediator, now=NOW + timedelta(days=1), absent=[claim.respondents.get().pk], called_by="phone", called_proof="通话两分钟")
        self.assertEqual([(row.kind, row.addressee_id) for row in sms()], [("worker_hearing_off", called.pk)])

    def test_a_hearing_called_off_by_mistake_is_called_again_and_one_that_is_over_is_not(self) -> None:
        mediation = self.make_mediation("scheduled")
        for later, expected in ((timedelta(0), ["worker_hearing_off", "worker_hearing"]), (timedelta(days=9), ["worker_hearing_off"])):
            Notice.objects.all().delete()
            hearings.advance(mediation, "adjourn", self.mediator, now=NOW, reason="r")
            hearings.advance(mediation, "undo", self.mediator, now=NOW + later, reason="登错了")
            self.assertEqual(kinds(), expected)

    def test_workers_of_a_merged_case_hear_of_the_one_that_goes_on_with_their_own_number(self) -> None:
        first, second, third = (self.make_claim(claimants=[worker(name, f"1380000000{n}")]) for n, name in enumerate("甲乙丙"))
        known = [(one.claimants.get().pk, one.public_number) for one in (first, second, third)]
        Notice.objects.all().delete()
        self.advance(first, "merge", merged_into=second, reason="r")
        self.assertEqual([(row.addressee_id, row.kind, row.facts["query"]) for row in sms()], [(known[0][0], "worker_merged", known[0][1])])
        self.advance(second, "merge", merged_into=third, reason="r")
        Notice.objects.all().delete()
        self.advance(third, "accept")
        told = {(row.addressee_id, row.facts["query"], row.subject_id) for row in sms()}
        self.assertEqual(told, {(pk, query, third.pk) for pk, query in known})

    def test_one_worker_of_two_merged_cases_is_told_once(self) -> None:
        first, second = self.make_claim(), self.make_claim()
        self.advance(first, "merge", merged_into=second, reason="r")
        Notice.objects.all().delete()
        self.advance(second, "accept")
        self.assertEqual(len(sms()), 1)

    def test_a_failed_mediation_says_that_it_goes_on(self) -> None:
        self.make_mediation("failed")
        self.assertEqual(kinds()[-1], "worker_no_agreement")

    def test_an_end_by_mistake_is_put_right_and_who_was_not_told_of_it_yet_is_not_told(self) -> None:
        mediation = self.make_mediation("failed")
        self.make_move(mediation, "reinstate")
        self.assertEqual(kinds()[-1], "worker_mediation_goes_on")
        self.assertEqual(set(Notice.objects.filter(kind="worker_no_agreement").values_list("state", flat=True)), {"dropped"})


class WordsTest(CastTestCase):
    def test_every_event_has_words_short_enough_with_the_way_to_follow_the_case(self) -> None:
        for message in MESSAGES.values():
            with self.subTest(message.kind):
                text = KINDS[message.kind].short
                self.assertLessEqual(len(PLACE.sub("", text)), LONGEST)
                self.assertLessEqual({"query", "url"}, set(PLACE.findall(text)))
                self.assertEqual(KINDS[message.kind].topic, "worker")

    def test_no_words_have_a_place_for_a_name_or_an_id_number(self) -> None:
        allowed = {"query", "url", "level", "body", "amount", "pay_by", "until", "result", "destination", "due", "when", "room", "what", "say"}
        for message in MESSAGES.values():
            self.assertLessEqual(set(PLACE.findall(KINDS[message.kind].short)), allowed)

    def test_every_preview_is_whole(self) -> None:
        for name in {message.kind for message in MESSAGES.values()}:
            self.assertNotIn("—", preview(name, of_code(KINDS[name]), "zh-hans").short)

    def test_discreet_words_name_neither_wages_nor_employer_nor_us(self) -> None:
        self.assertFalse(re.search("薪|工资|单位|投诉|案|http|%", KINDS[DISCREET].short))


@SMS
class SafelyTest(CastTestCase):
    def test_nobody_publishes_discreet_words_that_tell(self) -> None:
        own = of_code(KINDS[DISCREET])
        for changes in ({"short": "您的工资有新进展"}, {"short_en": "News of your wages"}, {"short": "", "title": "薪安有新进展"}):
            with self.subTest(changes), self.assertRaises(Refused) as caught:
                preview(DISCREET, replace(own, **changes), "zh-hans")
            self.assertEqual(caught.exception.code, "wording_tells")
        self.assertEqual(preview(DISCREET, replace(own, short="您问的事有消息了"), "zh-hans").short, "您问的事有消息了")

    def test_discreet_workers_get_the_same_neutral_words_for_everything(self) -> None:
        claim = self.make_claim(claimants=[worker(contact_rule="discreet")])
        casework.advance(claim, "accept", None, now=NOW)
        self.assertEqual([(row.kind, row.facts, row.addressee_kind) for row in sms()], [(DISCREET, {}, "discreet")] * 2)

    def test_a_safe_phone_is_used_instead(self) -> None:
        with SmsGateway() as gateway, override_settings(**gateway.settings):
            self.make_claim(claimants=[worker(safe_phone="13900000002")])
            while outbox.send_one(NOW):
                pass
        self.assertEqual([message["phone"] for message in gateway.messages], ["13900000002"])
        self.assertIn("查询号", gateway.messages[0]["text"])

    def test_who_wants_no_message_is_visited_once_a_case_and_day(self) -> None:
        claim = self.make_claim(person=self.grid_worker, claimants=[worker(contact_rule="none"), worker("王芳", "13800000002")])
        casework.advance(claim, "accept", None, now=NOW)
        [task] = Task.objects.filter(kind=VISIT)
        self.assertEqual((task.owner, task.subject_id, task.facts), (self.grid_worker, claim.pk, {"number": claim.number}))
        self.assertEqual({row.addressee_id for row in sms()}, {claim.claimants.get(name="王芳").pk})
        casework.advance(claim, "handle", None, now=NOW + timedelta(days=1))
        casework.advance(claim, "escalate", None, now=NOW + timedelta(days=1), reason="r")
        self.assertEqual(Task.objects.filter(kind=VISIT).count(), 2)

    def test_the_township_lead_visits_when_the_handler_is_away(self) -> None:
        Leave.objects.create(person=self.grid_worker, starts_on=TODAY, ends_on=TODAY)
        self.make_claim(person=self.grid_worker, claimants=[worker(contact_rule="none")])
        self.assertEqual(Task.objects.get(kind=VISIT).owner, self.chief)

    def test_of_two_workers_with_one_phone_the_stricter_is_heard(self) -> None:
        for rule, expected in (("discreet", [DISCREET]), ("none", [])):
            Notice.objects.all().delete()
            self.make_claim(claimants=[worker("甲"), worker("乙", contact_rule=rule)])
            self.assertEqual(kinds(), expected)

    def test_the_other_sides_own_phone_gets_nothing_and_the_worker_a_visit(self) -> None:
        """A foreman who had his own number written down for his crew."""
        claim = self.make_claim(person=self.grid_worker, claimants=[worker("甲"), worker("乙", "13800000002")])
        Notice.objects.all().delete()
        for phone in ("13800000001", "+86 138-0000-0001"):
            claim.respondents.update(phone=phone)
            casework.advance(claim, "note", None, now=NOW, note="n")
            tell_workers(claim, record(claim, "handed_over", None, now=NOW, what="claim"))
            self.assertEqual({row.addressee_id for row in sms()}, {claim.claimants.get(name="乙").pk})
        self.assertEqual(Task.objects.get(kind=VISIT).owner, self.grid_worker)
        claim.claimants.filter(name="甲").update(safe_phone="13900000009")
        Notice.objects.all().delete()
        casework.advance(claim, "accept", None, now=NOW)
        self.assertEqual(len(sms()), 2)

    def test_what_waits_for_a_phone_hears_the_strictest_who_uses_it_when_it_is_sent(self) -> None:
        for rule, phone, state in (("none", "13800000003", SENT), ("discreet", "13800000001", DROPPED), ("none", "13800000001", DROPPED)):
            Notice.objects.all().delete()
            claim = self.make_claim(claimants=[worker("甲"), worker("乙", "13800000002")])
            claim.claimants.filter(name="乙").update(contact_rule=rule, phone=phone)
            Notice.objects.exclude(addressee_id=claim.claimants.get(name="甲").pk).delete()
            with SmsGateway() as gateway, override_settings(**gateway.settings):
                while outbox.send_one(NOW):
                    pass
            self.assertEqual([row.state for row in sms()], [state], rule)

    def test_a_phone_that_turns_out_to_be_the_other_sides_is_not_written_to(self) -> None:
        claim = self.make_claim()
        claim.respondents.update(phone="13800000001")
        with SmsGateway() as gateway, override_settings(**gateway.settings):
            while outbox.send_one(NOW):
                pass
        self.assertEqual(([row.state for row in sms()], gateway.messages), ([DROPPED], []))

    def test_one_phone_gets_one_message(self) -> None:
        self.make_claim(claimants=[worker("甲"), worker("乙"), worker("丙", "13800000003")])
        self.assertEqual(len(sms()), 2)

    def test_landlines_and_missing_phones_get_none(self) -> None:
        claim = self.make_claim(claimants=[worker("甲", "0527-84350001"), worker("乙", "")])
        self.assertEqual(sms(), [])
        self.assertEqual([one.is_out_of_reach for one in claim.claimants.all()], [True, True])

    def test_telling_the_same_event_again_writes_nothing(self) -> None:
        claim = self.make_claim()
        event = claim.events.get()
        tell_workers(claim, event)
        self.assertEqual(len(sms()), 1)

    def test_many_workers_are_told_in_as_many_statements_as_three(self) -> None:
        counts = []
        for number in (3, 200):
            claim = self.make_claim(claimants=[worker(f"工人{n}", f"139{n:08d}") for n in range(number)])
            Notice.objects.all().delete()
            event = claim.events.get()
            with self.assertNumQueries(5):  # merged claims, the other side's phones, workers, wordings, the rows
                tell_workers(claim, event)
            counts.append(len(sms()))
        self.assertEqual(counts, [3, 200])

    @override_settings(SMS_URL="")
    def test_without_a_gateway_nothing_is_written_but_the_visit(self) -> None:
        self.make_claim(claimants=[worker(), worker("王芳", "13800000002", contact_rule="none")])
        self.assertEqual(sms(), [])
        self.assertEqual(Task.objects.filter(kind=VISIT).count(), 1)

    def test_a_failure_is_told_without_the_workers_name(self) -> None:
        claim = self.make_claim()
        with SmsGateway([{"code": "bad_number", "message": "no"}]) as gateway, override_settings(**gateway.settings):
            while outbox.send_one(NOW):
                pass
        self.assertEqual(sms()[0].state, FAILED)
        told = Task.objects.get(kind="delivery_failed").facts
        self.assertEqual(told["person"], f"{claim.number} 的劳动者")


@SMS
class ChangeTest(CastTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(person=cls.grid_worker)
        cls.one = cls.claim.claimants.get()

    def change(self, person: Any, **said: Any) -> None:
        kept = {"contact_rule": self.one.contact_rule, "phone": self.one.phone, "safe_phone": self.one.safe_phone}
        contacts.change(self.one, person, now=NOW, **{**kept, **said})

    def test_the_history_says_the_rule_and_no_number(self) -> None:
        self.change(self.grid_worker, contact_rule="discreet", safe_phone="13900000002")
        event = self.claim.events.get(kind="contact_changed")
        self.assertEqual(event.facts, {"worker": "李建国", "contact_rule": "discreet", "changed": ["contact_rule", "safe_phone"]})
        self.assertNotIn("13900000002", str(event.facts))

    def test_saving_the_same_again_is_no_event(self) -> None:
        self.change(self.grid_worker)
        self.assertFalse(self.claim.events.filter(kind="contact_changed").exists())

    def test_readers_may_not(self) -> None:
        for person in (self.auditor, self.chief_a2, self.partner):
            with self.assertRaises(Refused):
                self.change(person, contact_rule="none")

    def test_what_waits_follows_the_new_rule(self) -> None:
        self.change(self.grid_worker, contact_rule="discreet")
        with SmsGateway() as gateway, override_settings(**gateway.settings):
            casework.advance(self.claim, "accept", None, now=NOW)
            while outbox.send_one(NOW):
                pass
        self.assertEqual([(row.kind, row.state) for row in sms()], [("worker_registered", DROPPED), (DISCREET, SENT)])
        self.assertEqual([message["text"] for message in gateway.messages], [KINDS[DISCREET].short])
        self.assertEqual([message["sign"] for message in gateway.messages], [""])  # 薪安 would say what it is about


class ContactPageTest(PagesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(person=cls.grid_worker, claimants=[worker(contact_rule="discreet", safe_phone="13900000002")])
        cls.page = reverse("claim_detail", args=[cls.claim.pk])
        cls.contact = reverse("claimant_contact", args=[cls.claim.claimants.get().pk])

    def test_those_who_work_on_it_see_the_safe_phone_and_readers_its_mask(self) -> None:
        self.assertContains(self.client.get(self.page), 'href="tel:13900000002"')
        self.assertNotContains(self.client.get(self.page), 'href="tel:13800000001"')
        self.sign_in(self.auditor)
        page = self.client.get(self.page)
        self.assertContains(page, "139****0002")
        self.assertNotContains(page, "13900000002")
        self.assertContains(page, "联系时不提欠薪和单位")

    def test_changing_it_leads_back_and_the_history_shows_no_number(self) -> None:
        sent = {"phone": "13800000001", "contact_rule": "none", "safe_phone": "13900000003"}
        self.assertRedirects(self.client.post(self.contact, sent), self.page + "#claimants")
        self.sign_in(self.auditor)
        page = self.client.get(self.page)
        self.assertContains(page, "登记李建国的联系方式：不要发短信")
        self.assertNotContains(page, "13900000003")

    def test_what_was_typed_stays_when_it_is_wrong(self) -> None:
        page = self.client.post(self.contact, {"phone": "call me", "contact_rule": "open", "safe_phone": ""})
        self.assertContains(page, "还有内容需要改正")
        self.assertContains(page, 'value="call me"')

    def test_readers_and_strangers_do_not_reach_the_form(self) -> None:
        self.sign_in(self.auditor)
        self.assertEqual(self.client.get(self.contact).status_code, 403)
        for person in (self.chief_a2, self.partner, self.outsider):
            self.sign_in(person)
            self.assertEqual(self.client.get(self.contact).status_code, 404)

    def test_a_partner_is_given_the_safe_number_only_and_told_to_be_careful(self) -> None:
        for move in ("accept", "handle"):
            casework.advance(self.claim, move, None, now=NOW)
        referral = referrals.refer(self.claim, self.city, now=NOW, kind="support", body=self.procuratorate, summary="s")
        self.sign_in(self.partner)
        page = self.client.get(reverse("referral_detail", args=[referral.pk]))
        self.assertContains(page, "13900000002")
        self.assertNotContains(page, "13800000001")
        self.assertContains(page, "联系时不提欠薪和单位")

    def test_a_number_that_takes_no_messages_is_said(self) -> None:
        claim = self.make_claim(claimants=[worker(phone="0527-84350001")])
        self.assertContains(self.client.get(reverse("claim_detail", args=[claim.pk])), "短信无法送达")

    def test_a_number_of_the_other_side_is_said(self) -> None:
        claim = self.make_claim()
        page = reverse("claim_detail", args=[claim.pk])
        self.assertNotContains(self.client.get(page), "登记的是被申请方的电话")
        claim.respondents.update(phone="13800000001")
        self.assertContains(self.client.get(page), "登记的是被申请方的电话")

    def test_logging_a_claim_asks_how_it_is_safe(self) -> None:
        self.sign_in(self.grid_worker)
        self.assertContains(self.client.get(reverse("claim_new")), "怎样联系劳动者才安全？")
        who = {"who-TOTAL_FORMS": "1", "who-INITIAL_FORMS": "0", "who-0-name": "李建国", "who-0-phone": "13800000001", "worker_count": ""}
        for rule, expected in (("discreet", "discreet"), ("", "open")):
            step = Who(Setting(self.grid_worker, TODAY, {}), {name: [value] for name, value in {**who, "contact_rule": rule}.items()})
            self.assertTrue(step.is_valid)
            self.assertEqual(step.facts()["claimants"][0].contact_rule, expected)
