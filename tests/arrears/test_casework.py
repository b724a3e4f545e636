"""The verbs of a claim: each refusal beside its success."""

from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, Thread

from django.db import DatabaseError, connections, transaction
from django.test import TransactionTestCase

from arrears import casework, intake, referrals
from arrears.intake import ClaimantFacts, LineFacts, RespondentFacts
from arrears.models import Claim, Clock, Event, Watch
from grid.models import AccessLog, Body, Notice, Posting, Region
from grid.refused import Refused
from grid.roles import COUNTY_OFFICER
from tests.base import NOW, TODAY, Cast, CastTestCase, make_person

DAY = timedelta(days=1)


class Refusing:
    def refused(self, code: str, verb, *args, **kwargs) -> None:
        with self.assertRaises(Refused) as caught:
            verb(*args, **kwargs)
        self.assertEqual(caught.exception.code, code)
        self.assertTrue(caught.exception.message)


class Registering(Refusing, CastTestCase):
    def test_a_claim_gets_a_number_lines_clocks_a_handler_and_its_chief_is_told(self) -> None:
        claim = self.make_claim(person=self.grid_worker)
        claim.refresh_from_db()
        self.assertEqual(claim.number, "宿欠〔2026〕321322-00001")
        self.assertRegex(claim.public_number, r"^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$")
        self.assertEqual((claim.claimed, claim.handler, claim.level), (Decimal("8000.00"), self.grid_worker, "township"))
        # Five working days after Monday 2 March; the year from the last working day.
        self.assertEqual(claim.clocks.get(rule_id="JC-ACCEPT").due_on, date(2026, 3, 9))
        self.assertEqual(claim.clocks.get(rule_id="ARB-LIMIT-1Y").natural_on, date(2027, 1, 20))
        self.assertEqual(claim.due_on, date(2026, 3, 5))  # the city's target; the limit is 9 March
        told = Notice.objects.filter(subject_id=claim.pk, channel="in_app").values_list("recipient__username", flat=True)
        self.assertEqual(list(told), ["zhangzhen"])

    def test_numbers_follow_each_other_in_a_county_and_a_year(self) -> None:
        numbers = [self.make_claim().number[-5:] for _ in range(2)] + [self.make_claim(region="321323101").number[-5:]]
        self.assertEqual(numbers, ["00001", "00002", "00001"])

    def test_clocks_run_from_the_day_of_receipt_not_of_typing(self) -> None:
        claim = self.make_claim(received_on=TODAY - 3 * DAY)  # Friday 27 February; Saturday 28 is a make-up day
        self.assertEqual(claim.clocks.get(rule_id="JC-ACCEPT").due_on, date(2026, 3, 5))

    def test_a_typed_total_that_differs_is_kept_beside_the_computed_one(self) -> None:
        claim = self.make_claim(typed_total=Decimal("9000"))
        self.assertTrue(claim.typed_total_differs)
        self.assertEqual(claim.claimed, Decimal("8000.00"))

    def test_lines_add_up_to_the_cent(self) -> None:
        lines = [LineFacts(Decimal("33.33"), Decimal("3.5"), "day"), LineFacts(Decimal("0.10"), Decimal(3), "piece", Decimal("0.05"))]
        claim = self.make_claim(claimants=[ClaimantFacts("张三", lines=lines), ClaimantFacts("李四", lines=lines)])
        # 116.655 → 116.66, and 0.30 − 0.05
        self.assertEqual(claim.claimed, Decimal("233.82"))
        self.assertEqual(claim.worker_count, 2)

    def test_the_same_draft_twice_is_one_claim(self) -> None:
        first = self.make_claim(source_key="draft:1")
        self.assertEqual(self.make_claim(source_key="draft:1").pk, first.pk)
        self.assertEqual(Claim.objects.count(), 1)

    def test_refusals(self) -> None:
        self.refused("not_your_role", self.make_claim, person=self.partner)
        self.refused("not_your_role", self.make_claim, person=self.outsider)
        self.refused("out_of_region", self.make_claim, person=self.grid_worker, region="321322102")
        self.refused("no_township", self.make_claim, region="321322")
        self.refused("in_future", self.make_claim, received_on=TODAY + DAY)
        self.refused("nobody", self.make_claim, claimants=[])
        self.refused("no_respondent", self.make_claim, respondents=[])
        self.assertEqual((Claim.objects.count(), Event.objects.count()), (0, 0))

    def test_employers_and_sites_are_shared_between_claims_but_foremen_are_not(self) -> None:
        chain = [RespondentFacts("宏远劳务", role="labour"), RespondentFacts("老王", role="foreman")]
        one, two = (self.make_claim(site_name="学府花园", respondents=chain) for _ in range(2))
        self.assertEqual(one.site, two.site)
        self.assertEqual(one.respondents.get(role="labour").employer, two.respondents.get(role="labour").employer)
        self.assertIsNone(one.respondents.get(role="foreman").employer)


class Advancing(Refusing, CastTestCase):
    def setUp(self) -> None:
        self.claim = self.make_claim(person=self.grid_worker)

    def go(self, move: str, person, **answers) -> Claim:
        return casework.advance(self.claim, move, person, now=NOW, **answers)

    def test_accepting_stops_one_clock_and_starts_the_next(self) -> None:
        self.go("accept", self.chief, conditions=True)
        ended = self.claim.clocks.get(rule_id="JC-ACCEPT")
        self.assertEqual((ended.ended_on, ended.was_met), (TODAY, True))
        self.assertFalse(Watch.objects.filter(clock=ended).exists())
        self.assertEqual(self.claim.clocks.get(rule_id="JC-INVEST").started_on, TODAY)
        event = self.claim.events.first()
        self.assertEqual((event.kind, event.actor, event.actor_post, event.stage), ("accept", self.chief, "陇集镇 乡镇（街道）网格长", "accepted"))

    def test_roles_states_levels_and_strangers_are_refused(self) -> None:
        self.refused("not_your_role", self.go, "accept", self.grid_worker)
        self.refused("not_your_role", self.go, "accept", self.county_b)
        self.refused("not_your_role", self.go, "note", self.auditor, note="x")
        self.refused("wrong_state", self.go, "close", self.chief, result="paid_in_full", note="x")
        self.refused("unknown_move", self.go, "explode", self.chief)
        self.refused("unknown_move", self.go, "register", self.chief)
        self.go("escalate", self.chief, reason="老板失联")
        self.assertEqual((self.claim.level, self.claim.handler), ("county", None))
        self.refused("not_in_charge", self.go, "accept", self.chief)
        self.go("note", self.grid_worker, note="又到现场看了一次")
        self.go("accept", self.county)

    def test_a_claim_climbs_to_the_city_and_comes_back_down_to_the_township(self) -> None:
        self.go("escalate", self.chief, reason="x")
        self.go("escalate", self.county, reason="x")
        self.assertEqual(self.claim.level, "city")
        self.refused("not_in_charge", self.go, "escalate", self.county, reason="x")
        self.go("hand_back", self.city, reason="x")
        self.go("hand_back", self.county, reason="x")
        self.refused("bottom_level", self.go, "hand_back", self.county, reason="x")

    def test_two_officers_at_once_and_only_the_first_wins(self) -> None:
        other = Claim.objects.get(pk=self.claim.pk)
        self.go("accept", self.chief)
        self.refused("stale", casework.advance, other, "accept", self.county, now=NOW)
        self.assertEqual(self.claim.events.filter(kind="accept").count(), 1)

    def test_payments_add_up_and_the_last_one_settles_the_claim(self) -> None:
        self.go("accept", self.chief)
        pay = {"paid_on": TODAY, "method": "bank"}
        self.refused("payment_in_future", self.go, "record_payment", self.chief, amount=Decimal(1), paid_on=TODAY + DAY, method="bank")
        self.go("record_payment", self.grid_worker, amount=Decimal("7999.99"), **pay)
        self.assertEqual((self.claim.stage, self.claim.unpaid), ("accepted", Decimal("0.01")))
        self.refused("not_paid_in_full", self.go, "confirm_paid", self.chief)
        self.go("record_payment", self.mediator, amount=Decimal("0.01"), **pay)
        self.claim.refresh_from_db()
        self.assertEqual((self.claim.stage, self.claim.paid), ("paid", Decimal("8000.00")))
        self.assertEqual([clock.rule_id for clock in self.claim.clocks.running() if clock.rule_id == "CLOSE-5"], ["CLOSE-5"])
        self.go("close", self.chief, result="paid_in_full", note="已全部付清")
        self.assertEqual((self.claim.closed_on, Clock.objects.running().count(), Watch.objects.count()), (TODAY, 0, 0))

    def test_what_is_owed_follows_verified_and_agreed(self) -> None:
        self.go("accept", self.chief)
        self.go("verify", self.chief, verified_amount=Decimal("7000"), basis="工资表")
        self.assertEqual(self.claim.owed, Decimal("7000"))
        self.go("handle", self.chief)
        self.go("settle", self.chief, agreed_amount=Decimal("6500"), pay_by=date(2026, 4, 30), terms="一次付清")
        self.assertEqual((self.claim.owed, self.claim.due_on), (Decimal("6500"), date(2026, 4, 30)))
        self.go("breach", self.chief, reason="到期未付")
        self.assertTrue(self.claim.clocks.running().filter(rule_id="JC-INVEST").exists())

    def test_reopening_starts_fresh_clocks_and_the_whole_case_clock_is_never_reset(self) -> None:
        started = self.claim.clocks.get(rule_id="CASE-WHOLE-60").started_on
        self.go("withdraw", self.grid_worker, reason="和解", confirmed=True)
        self.assertEqual(self.claim.stage, "withdrawn")
        self.refused("not_your_role", self.go, "reopen", self.chief, reason="x")
        casework.advance(self.claim, "reopen", self.county, now=NOW + 10 * DAY, reason="老板反悔")
        self.assertEqual(self.claim.clocks.running().get(rule_id="JC-INVEST").started_on, TODAY + 10 * DAY)
        self.assertEqual(self.claim.clocks.running().get(rule_id="CASE-WHOLE-60").started_on, started)
        self.assertIsNone(self.claim.closed_on)

    def test_a_case_that_is_accepted_again_is_within_inspections_two_years_for_good(self) -> None:
        self.go("reject", self.county, ground="out_of_scope", reason="不属于本机关管辖")
        casework.advance(self.claim, "reopen", self.county, now=NOW + 10 * DAY, reason="复查后受理")
        running = set(self.claim.clocks.running().values_list("rule_id", flat=True))
        self.assertIn("ARB-LIMIT-1Y", running)
        self.assertNotIn("JC-LIMIT-2Y", running)

    def test_what_ends_a_clock_without_doing_what_it_called_for_does_not_meet_it(self) -> None:
        self.go("accept", self.chief, conditions=True)
        self.go("handle", self.chief)
        self.go("settle", self.chief, agreed_amount=Decimal(8000), pay_by=TODAY + 30 * DAY, terms="一次付清")
        self.go("breach", self.chief, reason="明确表示不付")
        self.assertEqual(dict(self.claim.clocks.exclude(ended_on=None).values_list("rule_id", "was_met")), {
            "JC-ACCEPT": True, "JC-ACCEPT-3": True, "HANDLE-START-3": True, "JC-INVEST": True, "JC-INVEST-30": True,
            "AGREED-PAY": False, "JC-LIMIT-2Y": True,
        })  # fmt: skip
        self.go("withdraw", self.grid_worker, reason="和解", confirmed=True)
        self.assertFalse(self.claim.clocks.filter(ended_on=TODAY, rule_id="CASE-WHOLE-60").get().was_met)

    def test_merging_needs_an_open_target_that_is_not_itself(self) -> None:
        target = self.make_claim()
        self.refused("merge_into_itself", self.go, "merge", self.chief, merged_into=self.claim, reason="x")
        self.go("merge", self.chief, merged_into=target, reason="同一工地")
        self.assertEqual((self.claim.stage, self.claim.merged_into), ("merged", target))
        another = self.make_claim()
        self.refused("merge_target_closed", casework.advance, another, "merge", self.chief, now=NOW, merged_into=self.claim, reason="x")

    def test_an_id_number_is_shown_only_with_a_reason_that_is_logged(self) -> None:
        worker = self.claim.claimants.get()
        worker.put_id_number("11010519491231002X")
        worker.save(update_fields=["id_sealed", "id_index", "id_masked"])
        self.assertNotIn("19491231", worker.id_sealed + worker.id_masked)
        self.refused("reason_needed", casework.reveal_id_number, worker, self.chief, " 看 ", now=NOW)
        self.assertFalse(AccessLog.objects.exists())
        self.assertEqual(casework.reveal_id_number(worker, self.chief, "制作仲裁申请书", now=NOW), "11010519491231002X")
        self.assertEqual(AccessLog.objects.get().reason, "制作仲裁申请书")

    def test_nobody_is_told_twice_and_the_doer_is_not_told(self) -> None:
        Notice.objects.all().delete()
        self.go("accept", self.chief)
        self.assertEqual(list(Notice.objects.filter(channel="in_app").values_list("recipient", flat=True)), [self.grid_worker.pk])

    def test_history_cannot_be_changed_or_deleted(self) -> None:
        for act in (lambda: Event.objects.update(kind="x"), lambda: Event.objects.all().delete()):
            with self.assertRaisesMessage(DatabaseError, "append-only"), transaction.atomic():
                act()


class Referring(Refusing, CastTestCase):
    def setUp(self) -> None:
        self.claim = self.make_claim(person=self.grid_worker)
        casework.advance(self.claim, "accept", self.county, now=NOW)

    def refer(self, person=None, **what):
        what = {"kind": "support", "body": self.procuratorate, "summary": "请支持起诉", **what}
        return referrals.refer(self.claim, person or self.county, now=NOW, **what)

    def test_every_step_has_an_answer_by_date_and_the_sender_hears_of_it(self) -> None:
        referral = self.refer()
        self.assertEqual((referral.state, referral.answer_by), ("sent", date(2026, 3, 4)))
        referrals.advance(referral, "receive", self.partner, now=NOW)
        self.assertEqual(referral.answer_by, date(2026, 3, 9))
        referrals.advance(referral, "accept", self.partner, now=NOW)
        self.assertEqual(referral.answer_by, date(2026, 5, 6))  # 60 days end on 1 May, rolled over the holiday
        referrals.advance(referral, "conclude", self.partner, now=NOW, outcome="sued", note="已立案", docket_number="（2026）苏1322民初1号")
        self.assertEqual((referral.state, referral.answer_by, referral.outcome), ("concluded", None, "sued"))
        heard = Notice.objects.filter(kind="referral_moved", recipient=self.county, channel="in_app").count()
        self.assertEqual(heard, 3)

    def test_refusals(self) -> None:
        self.refused("not_your_role", self.refer, self.chief)
        self.refused("not_your_role", self.refer, self.county_b)
        referral = self.refer()
        self.refused("already_referred", self.refer)
        self.refused("not_your_role", referrals.advance, referral, "receive", self.county, now=NOW)
        self.refused("wrong_state", referrals.advance, referral, "accept", self.partner, now=NOW)
        self.refused("referral_open", casework.advance, self.claim, "transfer", self.county, now=NOW, destination="x", reason="x")
        self.refused("not_competent", self.refer, kind="criminal", body=self.court)
        far = Body.objects.create(name="泗阳县人民法院", kind="court", region_id="321323")
        self.refused("body_elsewhere", self.refer, kind="enforcement", body=far)
        self.procuratorate.is_active = False
        self.refused("body_inactive", self.refer, kind="criminal")

    def test_a_decline_keeps_its_reason_and_a_recall_silences_the_body(self) -> None:
        one = referrals.advance(self.refer(), "receive", self.partner, now=NOW)
        referrals.advance(one, "decline", self.partner, now=NOW, ground="evidence", reason="缺工资欠条")
        self.assertEqual((one.state, one.ground, one.note), ("declined", "evidence", "缺工资欠条"))
        two = referrals.advance(self.refer(), "recall", self.county, now=NOW, reason="已付清")
        self.assertEqual((two.state, Clock.objects.running().filter(about_id=two.pk).count()), ("recalled", 0))

    def test_the_body_sees_the_frozen_facts_and_not_the_claim(self) -> None:
        referral = self.refer()
        visible = type(referral).objects.visible_to(self.partner, TODAY)
        self.assertEqual(list(visible), [referral])
        self.assertFalse(Claim.objects.visible_to(self.partner, TODAY).exists())
        self.assertEqual(referral.shared["claimed"], "8000.00")
        self.assertEqual(referral.shared["claimants"][0]["name"], "李建国")

    def test_another_body_sees_nothing(self) -> None:
        self.refer()
        judge = make_person("faguan", "法官", "partner", body=self.court)
        self.assertFalse(self.claim.referrals.model.objects.visible_to(judge, TODAY).exists())


class AtTheSameTime(Cast, TransactionTestCase):
    """Two real connections."""

    def both(self, act) -> list[object]:
        gate, results = Barrier(2), []

        def run() -> None:
            gate.wait()
            try:
                results.append(act())
            except Refused as refusal:
                results.append(refusal.code)
            finally:
                connections.close_all()

        threads = [Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        return results

    def test_two_claims_logged_at_once_get_two_numbers(self) -> None:
        self.make_cast()
        claims = self.both(self.make_claim)
        self.assertEqual(sorted(claim.number[-5:] for claim in claims), ["00001", "00002"])

    def test_two_payments_at_once_add_up(self) -> None:
        self.make_cast()
        claim = casework.advance(self.make_claim(), "accept", self.chief, now=NOW)
        self.both(
            lambda: casework.advance(
                Claim.objects.get(pk=claim.pk), "record_payment", self.chief, now=NOW,
                amount=Decimal("4000"), paid_on=TODAY, method="bank",
            )
        )  # fmt: skip
        claim.refresh_from_db()
        self.assertEqual((claim.paid, claim.stage), (Decimal("8000.00"), "paid"))


class Seeing(CastTestCase):
    def test_each_person_sees_exactly_their_own_region(self) -> None:
        here, there = self.make_claim(), self.make_claim(region="321323101")
        sees = {name: set(Claim.objects.visible_to(person, TODAY)) for name, person in self.everybody().items()}
        both, none = {here, there}, set()
        self.assertEqual(
            sees,
            {
                "grid_worker": {here}, "chief": {here}, "chief_a2": none, "county": {here}, "county_b": {there},
                "city": both, "mediator": {here}, "partner": none, "auditor": both, "administrator": none, "outsider": none,
            },
        )  # fmt: skip

    def test_a_posting_that_ended_yesterday_sees_nothing_today(self) -> None:
        self.make_claim()
        Posting.objects.filter(person=self.county).update(ends_on=TODAY - DAY)
        self.assertFalse(Claim.objects.visible_to(self.county, TODAY).exists())

    def test_a_village_grid_worker_sees_only_that_village(self) -> None:
        village = Region.objects.create(
            code="321322101001", name="陇集居委会", level="village", parent=self.regions["321322101"], code_system="stats-2023",
            full_name="江苏省宿迁市沭阳县陇集镇陇集居委会",
        )  # fmt: skip
        person = make_person("cunli", "村里", "grid_worker", village.code)
        inside = self.make_claim(region=village.code, person=person)
        self.make_claim()
        self.assertEqual(list(Claim.objects.visible_to(person, TODAY)), [inside])

    def test_a_posting_in_two_counties_sees_both(self) -> None:
        claims = {self.make_claim(), self.make_claim(region="321323101")}
        Posting.objects.create(person=self.county, role=COUNTY_OFFICER, region_id="321323", starts_on=TODAY)
        self.county.__dict__.pop("_scope", None)
        self.assertEqual(set(Claim.objects.visible_to(self.county, TODAY)), claims)


def test_next_number_reads_like_a_case_number(db) -> None:
    assert intake.next_number("321322", 2026) == "宿欠〔2026〕321322-00001"


class Telling(CastTestCase):
    def test_a_firm_is_named_in_a_notice_and_a_foreman_is_not(self) -> None:
        self.make_claim()
        self.make_claim(respondents=[RespondentFacts("王老三", role="foreman")])
        named = list(Notice.objects.filter(channel="email").order_by("created_at", "pk").values_list("facts__respondent", flat=True))
        self.assertEqual(named, ["宿迁宏远劳务有限公司", "—"])
