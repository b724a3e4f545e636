"""The verbs: what each move writes, starts, stops, tells and refuses."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from arrears import casework
from arrears.groups.representing import choose
from arrears.intake import ClaimantFacts
from arrears.models import Claim, Clock
from grid.models import Notice, Person
from grid.notices import words
from grid.refused import Refused
from mediation import hearings, sittings
from mediation.models import Hearing, Mediation
from mediation.parties import parties_of
from tests.base import NOW, TODAY
from tests.mediation.base import TOMORROW, MediationTestCase, at


class VerbTestCase(MediationTestCase):
    def refusal(self, act: Any, *args: Any, **kwargs: Any) -> str:
        with self.assertRaises(Refused) as caught:
            act(*args, **kwargs)
        self.assertTrue(caught.exception.message)
        return caught.exception.code

    def running(self, mediation: Mediation) -> dict[str, date]:
        return dict(Clock.objects.running().filter(about_id=mediation.pk).values_list("rule_id", "due_on"))

    def told(self, kind: str) -> set[str]:
        return set(Notice.objects.filter(kind=kind, channel="in_app").values_list("recipient__username", flat=True))

    def last_event(self, claim: Claim) -> Any:
        return claim.events.first()


class ApplyTest(VerbTestCase):
    def apply(self, claim: Claim, person: Any = None, **changes: Any) -> Mediation:
        facts = {"applied_on": TODAY, "request": "请求支付工资", **changes}
        return hearings.apply(claim, person or self.grid_worker, now=NOW, **facts)

    def test_the_fifteen_days_run_from_the_day_of_receipt(self) -> None:
        claim = self.make_handled_claim(received_on=TODAY - timedelta(days=4))
        mediation = self.apply(claim, applied_on=TODAY - timedelta(days=3))
        self.assertEqual(self.running(mediation), {"MED-15": date(2026, 3, 16)})  # 02-27 + 15 = Saturday 03-14
        self.assertEqual(mediation.due_on, date(2026, 3, 16))

    def test_a_claim_that_was_accepted_is_begun_by_it(self) -> None:
        claim = self.make_claim()
        casework.advance(claim, "accept", self.chief, now=NOW)
        self.apply(claim, self.mediator)  # who could not begin it on the claim's own page
        claim.refresh_from_db()
        self.assertEqual(claim.stage, "handling")
        self.assertFalse(Clock.objects.running().filter(claim=claim, rule_id="HANDLE-START-3").exists())

    def test_a_registered_claim_stays_registered(self) -> None:
        claim = self.make_claim()
        self.apply(claim)
        claim.refresh_from_db()
        self.assertEqual(claim.stage, "registered")

    def test_the_history_of_the_claim_says_so(self) -> None:
        claim = self.make_handled_claim()
        mediation = self.apply(claim)
        event = self.last_event(claim)
        self.assertEqual((event.kind, event.facts["move"], event.actor), ("mediation", "apply", self.grid_worker))
        self.assertEqual(event.facts["mediation"], str(mediation.pk))

    def test_one_open_mediation_per_claim(self) -> None:
        claim = self.make_handled_claim()
        first = self.apply(claim)
        self.assertEqual(self.refusal(self.apply, claim), "already_open")
        self.make_move(first, "fail")
        self.assertEqual(self.apply(claim).state, "applied")

    def test_the_day_of_receipt_lies_between_the_claims_and_today(self) -> None:
        claim = self.make_handled_claim()
        self.assertEqual(self.refusal(self.apply, claim, applied_on=TOMORROW), "in_future")
        self.assertEqual(self.refusal(self.apply, claim, applied_on=TODAY - timedelta(days=1)), "before_claim")

    def test_only_somebody_who_sees_the_claim_and_works_on_it(self) -> None:
        claim = self.make_handled_claim()
        for person in (self.county_b, self.auditor, self.partner, self.outsider, self.chief_a2):
            self.assertEqual(self.refusal(self.apply, claim, person), "not_your_role", person)

    def test_the_proposed_mediator_must_be_one(self) -> None:
        claim = self.make_handled_claim()
        self.assertEqual(self.refusal(self.apply, claim, mediator=self.auditor), "not_a_mediator")
        self.assertEqual(self.refusal(self.apply, claim, mediator=self.mediator_b), "not_a_mediator")
        self.apply(claim, mediator=self.mediator)
        self.assertEqual(self.told("mediation_moved"), {"tiaohe", "zhangzhen"})

    def test_a_settled_claim_takes_no_application(self) -> None:
        mediation = self.make_mediation("agreed")
        self.assertEqual(self.refusal(self.apply, mediation.claim), "wrong_state")


class AcceptTest(VerbTestCase):
    def test_accepting_names_the_mediator_and_starts_the_clock_until_a_hearing_is_arranged(self) -> None:
        mediation = self.make_mediation("accepted")
        self.assertEqual(mediation.mediator, self.mediator)
        self.assertEqual(self.running(mediation), {"MED-15": date(2026, 3, 17), "MED-ARRANGE-5": date(2026, 3, 9)})
        self.assertEqual(mediation.due_on, date(2026, 3, 9))

    def test_the_mediator_must_be_one(self) -> None:
        mediation = self.make_mediation("applied")
        self.assertEqual(self.refusal(self.make_move, mediation, "accept", mediator=self.grid_worker), "not_a_mediator")
        mediation.refresh_from_db()
        self.assertEqual((mediation.state, mediation.mediator), ("applied", None))

    def test_two_people_accept_at_once_and_the_second_is_told(self) -> None:
        mediation = self.make_mediation("applied")
        stale = Mediation.objects.get(pk=mediation.pk)
        self.make_move(mediation, "accept")
        self.assertEqual(self.refusal(self.make_move, stale, "accept"), "stale")


class ScheduleTest(VerbTestCase):
    def test_a_hearing_stands_with_its_parties_and_the_arranging_clock_ends(self) -> None:
        mediation = self.make_mediation("scheduled")
        (hearing,) = mediation.hearings.all()
        self.assertEqual((hearing.number, hearing.room, hearing.mediator), (1, self.room, self.mediator))
        self.assertEqual((hearing.starts_at, hearing.ends_at), (at("09:00"), at("10:30")))
        self.assertEqual([row.name for row in hearing.attendances.all()], ["李建国", "宿迁宏远劳务有限公司"])
        self.assertEqual(self.running(mediation).keys(), {"MED-15"})
        self.assertTrue(Clock.objects.get(about_id=mediation.pk, rule_id="MED-ARRANGE-5").was_met)

    def test_a_mail_of_the_old_time_that_still_waits_does_not_go_out(self) -> None:
        mediation = self.make_mediation("accepted", self.make_handled_claim(person=self.grid_worker))
        self.make_move(mediation, "schedule", self.county)
        waiting = Notice.objects.filter(channel="email", recipient=self.mediator, subject_id=mediation.claim_id, kind__startswith="hearing_")
        self.assertEqual(list(waiting.values_list("kind", "state")), [("hearing_scheduled", "queued")])
        waiting.update(state="held")  # for their digest
        self.make_move(mediation, "postpone", self.county)
        self.assertEqual(set(waiting.values_list("kind", "state")), {("hearing_scheduled", "dropped"), ("hearing_moved", "queued")})
        kept = Notice.objects.filter(channel="in_app", recipient=self.mediator, kind="hearing_scheduled")
        self.assertEqual([row.state for row in kept], ["sent"])  # what was read is not taken back

    def test_mediator_and_handler_are_told_when_and_where(self) -> None:
        claim = self.make_handled_claim(person=self.grid_worker)
        mediation = self.make_mediation("accepted", claim)
        self.make_move(mediation, "schedule", self.chief)
        self.assertEqual(self.told("hearing_scheduled"), {"tiaohe", "wangge"})
        notice = Notice.objects.filter(kind="hearing_scheduled").first()
        title, text = words(notice)
        self.assertEqual(title, f"调解会 2026-03-03 09:00–10:30：{claim.number}")
        self.assertIn("地点：第一调解室，调解员：条和", text)
        self.assertEqual(notice.path, f"/mediations/{mediation.pk}/")

    def test_only_some_parties_may_be_called_but_not_nobody(self) -> None:
        mediation = self.make_mediation("accepted")
        worker = mediation.claim.claimants.get()
        self.assertEqual(self.refusal(self.make_move, mediation, "schedule", parties=[]), "nobody_called")
        self.make_move(mediation, "schedule", parties=[worker.pk])
        self.assertEqual([row.name for row in mediation.hearings.get().attendances.all()], ["李建国"])

    def test_times_that_cannot_be_are_refused_with_their_reason(self) -> None:
        mediation = self.make_mediation("accepted")
        for first, last, code in (
            (at("10:00"), at("10:00"), "ends_before_start"),
            (at("10:00"), at("09:00"), "ends_before_start"),
            (at("09:59", TODAY), at("11:00", TODAY), "in_the_past"),
            (at("06:59"), at("09:00"), "outside_hours"),
            (at("20:00"), at("21:01"), "outside_hours"),
            (at("20:00"), at("08:00", TOMORROW + timedelta(days=1)), "outside_hours"),
            (at("09:00"), at("13:01"), "too_long"),
        ):
            code_seen = self.refusal(self.make_move, mediation, "schedule", starts_at=first, ends_at=last)
            self.assertEqual(code_seen, code, (first, last))

    def test_the_borders_themselves_are_allowed(self) -> None:
        for first, last in ((at("10:00", TODAY), at("11:00", TODAY)), (at("07:00"), at("11:00")), (at("17:00"), at("21:00"))):
            sittings.check_time(first, last, NOW)

    def test_the_room_must_be_in_use_and_in_the_county(self) -> None:
        mediation = self.make_mediation("accepted")
        self.assertEqual(self.refusal(self.make_move, mediation, "schedule", room=self.room_b), "room_unfit")
        self.room.is_active = False
        self.room.save(update_fields=["is_active"])
        self.assertEqual(self.refusal(self.make_move, mediation, "schedule"), "room_unfit")

    def test_odd_but_allowed_choices_are_remarked_upon(self) -> None:
        mediation = self.make_mediation("accepted")
        day = date(2026, 4, 3)  # after the fifteen days
        sitting = sittings.Sitting(self.room2, self.mediator, at("09:00", day), at("10:00", day))
        self.assertEqual(len(sittings.remarks(sitting, mediation, 4)), 2)
        self.assertEqual(sittings.remarks(sittings.Sitting(self.room, self.mediator, at("09:00"), at("10:00")), mediation, 2), [])


class PostponeTest(VerbTestCase):
    def test_the_same_hearing_moves_and_its_old_time_is_free(self) -> None:
        mediation = self.make_mediation("scheduled")
        before = mediation.hearings.get()
        self.make_move(mediation, "postpone", mediator=self.mediator2, room=self.room2)
        hearing = mediation.hearings.get()
        self.assertEqual((hearing.pk, hearing.starts_at, hearing.room), (before.pk, at("14:00"), self.room2))
        self.assertEqual((mediation.state, mediation.mediator), ("scheduled", self.mediator2))
        self.make_mediation("scheduled", self.make_other_claim())  # by the first mediator, where and when it was


    def test_old_and_new_time_stand_in_the_history_and_in_the_notice(self) -> None:
        mediation = self.make_mediation("scheduled")
        self.make_move(mediation, "postpone", self.chief, mediator=self.mediator2)
        facts = self.last_event(mediation.claim).facts
        self.assertEqual((facts["was"], facts["when"]), ("2026-03-03 09:00–10:30", "2026-03-03 14:00–15:00"))
        self.assertEqual(self.told("hearing_moved"), {"tiaohe", "tiaojie"})  # also the mediator who is free now

    def test_the_parties_move_with_it(self) -> None:
        mediation = self.make_mediation("scheduled")
        self.make_move(mediation, "postpone")
        hearing = mediation.hearings.get()
        self.assertEqual({row.span for row in hearing.attendances.all()}, {hearing.span})


class ResultTest(VerbTestCase):
    def test_held_keeps_the_minutes_and_who_came(self) -> None:
        mediation = self.make_mediation("scheduled")
        firm = mediation.claim.respondents.get()
        self.make_move(mediation, "hold", absent=[str(firm.pk)], called_by="phone", called_proof="3月1日通话两分钟")
        hearing = mediation.hearings.get()
        self.assertEqual((hearing.state, hearing.minutes), ("held", "双方到场，就金额交换意见。"))
        self.assertEqual([row.was_present for row in hearing.attendances.all()], [True, False])
        self.assertEqual(self.last_event(mediation.claim).facts["absent"], ["宿迁宏远劳务有限公司"])

    def test_a_no_show_says_who_and_a_new_hearing_must_be_arranged(self) -> None:
        mediation = self.make_mediation("no_show")
        self.assertEqual([row.was_present for row in mediation.hearings.get().attendances.all()], [True, False])
        self.assertEqual(self.running(mediation).keys(), {"MED-15", "MED-ARRANGE-5"})

    def test_a_no_show_of_nobody_is_refused_and_changes_nothing(self) -> None:
        mediation = self.make_mediation("scheduled")
        self.assertEqual(self.refusal(self.make_move, mediation, "no_show", absent=[]), "nobody_absent")
        self.assertEqual((mediation.hearings.get().state, mediation.state), ("scheduled", "scheduled"))

    def test_an_adjourned_hearing_frees_its_time_and_the_next_is_the_second(self) -> None:
        mediation = self.make_mediation("adjourned")
        self.make_mediation("scheduled", self.make_other_claim())  # the same room, mediator and time
        self.make_move(mediation, "schedule", starts_at=at("14:00"), ends_at=at("15:00"))
        self.assertEqual([(h.number, h.state) for h in mediation.hearings.all()], [(1, "cancelled"), (2, "scheduled")])  # it had not begun

    def test_a_result_entered_by_mistake_is_undone_with_a_reason(self) -> None:
        for state in ("held", "adjourned", "no_show"):
            with self.subTest(state):
                mediation = self.make_mediation(state)
                self.make_move(mediation, "undo")
                hearing = mediation.hearings.get()
                self.assertEqual((mediation.state, hearing.state), ("scheduled", "scheduled"))
                self.assertEqual([row.was_present for row in hearing.attendances.all()], [None, None])
                self.assertEqual(self.running(mediation).keys(), {"MED-15"})
                self.make_move(mediation, "fail")

    def test_undone_the_clocks_are_as_they_were_to_the_day(self) -> None:
        """By hand: the fifteen days from Monday 2026-03-02 end on the 17th; five working days from then on the 9th."""
        for move, runs in (("hold", {}), ("adjourn", {"MED-ARRANGE-5": date(2026, 3, 9)}), ("no_show", {"MED-ARRANGE-5": date(2026, 3, 9)})):
            with self.subTest(move):
                mediation = self.make_mediation("scheduled")
                before = self.running(mediation)
                self.assertEqual(before, {"MED-15": date(2026, 3, 17)})
                self.make_move(mediation, move)
                self.assertEqual(self.running(mediation), {**before, **runs})
                self.make_move(mediation, "undo")
                self.assertEqual((self.running(mediation), mediation.due_on), (before, date(2026, 3, 17)))
                self.assertEqual(mediation.hearings.get().minutes, "")  # what was noted of it stays in the history alone
                self.make_move(mediation, "fail")

    def test_an_end_entered_by_mistake_is_taken_back_and_the_fifteen_days_run_on(self) -> None:
        """By hand, as above. The hearing that was called off with it stays off."""
        both = {"MED-15": date(2026, 3, 17), "MED-ARRANGE-5": date(2026, 3, 9)}
        only = {"MED-15": date(2026, 3, 17)}
        for was, back, hearing, runs in (
            ("applied", "applied", [], only), ("accepted", "accepted", [], both), ("scheduled", "adjourned", ["cancelled"], both),
            ("adjourned", "adjourned", ["cancelled"], both), ("held", "held", ["held"], only),
        ):  # fmt: skip
            with self.subTest(was):
                mediation = self.make_mediation(was)
                self.make_move(mediation, "fail")
                self.assertEqual(self.running(mediation), {})
                self.make_move(mediation, "reinstate")
                self.assertEqual((mediation.state, mediation.ended_on, mediation.ground, mediation.result), (back, None, "", ""))
                self.assertEqual([one.state for one in mediation.hearings.all()], hearing)
                self.assertEqual((self.running(mediation), mediation.due_on), (runs, min(runs.values())))
                self.make_move(mediation, "fail")
                self.assertEqual(self.running(mediation), {})
        self.make_move(mediation, "reinstate")  # as often as it was a mistake; then it ends as any other
        self.make_move(mediation, "agree")
        self.assertEqual(mediation.state, "agreed")

    def test_the_fifteen_days_have_passed_while_it_was_taken_for_ended(self) -> None:
        mediation = self.make_mediation("accepted")
        self.make_move(mediation, "fail")
        hearings.advance(mediation, "reinstate", self.mediator, now=NOW + timedelta(days=15), reason="登错了案件")
        self.assertEqual(self.running(mediation)["MED-15"], date(2026, 3, 17))

    def test_an_end_is_taken_back_only_lately_of_an_open_claim_and_not_beside_another(self) -> None:
        mediation = self.make_mediation("failed")
        late = NOW + timedelta(days=16)
        self.assertEqual(self.refusal(hearings.advance, mediation, "reinstate", self.mediator, now=late, reason="登错了案件"), "too_late")
        again = hearings.apply(mediation.claim, self.county, now=NOW, applied_on=TODAY, request="再调解一次")
        self.assertEqual(self.refusal(self.make_move, mediation, "reinstate"), "already_open")
        self.make_move(again, "fail")
        Claim.objects.filter(pk=mediation.claim_id).update(stage="closed")
        mediation = Mediation.objects.select_related("claim").get(pk=mediation.pk)
        self.assertEqual(self.refusal(self.make_move, mediation, "reinstate"), "claim_over")
        self.assertEqual(self.refusal(self.make_move, mediation, "reinstate", self.auditor), "not_your_role")
        mediation.refresh_from_db()
        self.assertEqual(mediation.state, "failed")

    def test_an_agreement_and_an_end_are_no_results_of_a_hearing(self) -> None:
        """Signed by both sides: what is wrong there is put right by another agreement. An end has a move of its own."""
        for state in ("agreed", "failed"):
            mediation = self.make_mediation(state, self.make_other_claim() if state == "failed" else None)
            self.assertEqual(self.refusal(self.make_move, mediation, "undo"), "wrong_state")

    def test_undoing_is_refused_when_the_time_has_been_given_away(self) -> None:
        mediation = self.make_mediation("adjourned")
        self.make_mediation("scheduled", self.make_other_claim())
        self.assertEqual(self.refusal(self.make_move, mediation, "undo"), "room_taken")
        mediation.refresh_from_db()
        self.assertEqual((mediation.state, mediation.hearings.get().state), ("adjourned", "cancelled"))

    def test_what_was_held_is_never_cancelled(self) -> None:
        mediation = self.make_mediation("held")
        hearing = mediation.hearings.get()
        self.make_move(mediation, "adjourn")
        kept = mediation.hearings.get()
        self.assertEqual((kept.state, kept.version, kept.minutes), ("held", hearing.version, hearing.minutes))
        self.assertEqual({row.was_present for row in kept.attendances.all()}, {True})
        begun = self.make_mediation("scheduled", self.make_other_claim(), starts_at=at("14:00"), ends_at=at("15:00"))
        refused = self.refusal(hearings.advance, begun, "fail", self.mediator, now=at("14:00"), ground="no_agreement", reason="x")
        self.assertEqual((refused, begun.hearings.get().state), ("hearing_begun", "scheduled"))
        hearings.advance(begun, "adjourn", self.mediator, now=at("14:30"), reason="双方需核对考勤")
        self.assertEqual(begun.hearings.get().state, "adjourned")
        hearings.advance(begun, "fail", self.mediator, now=at("15:00"), ground="no_agreement", reason="x")
        self.assertEqual(begun.hearings.get().state, "adjourned")

    def test_failing_ends_the_clocks_cancels_the_hearing_and_tells_the_level(self) -> None:
        mediation = self.make_mediation("scheduled")
        self.make_move(mediation, "fail")
        self.assertEqual((mediation.state, mediation.ground, mediation.ended_on), ("failed", "no_agreement", TODAY))
        self.assertEqual(mediation.hearings.get().state, "cancelled")
        self.assertEqual((self.running(mediation), mediation.due_on), ({}, None))
        self.assertFalse(Clock.objects.get(about_id=mediation.pk, rule_id="MED-15").was_met)
        self.assertIn("zhangzhen", self.told("mediation_moved"))

    def test_failing_after_a_hearing_was_held_leaves_it_held(self) -> None:
        mediation = self.make_mediation("held")
        self.make_move(mediation, "fail")
        self.assertEqual(mediation.hearings.get().state, "held")


class PermissionTest(VerbTestCase):
    def test_the_mediator_works_on_although_the_claim_has_climbed(self) -> None:
        mediation = self.make_mediation("accepted")
        casework.advance(mediation.claim, "escalate", None, now=NOW, reason="金额较大")
        self.make_move(mediation, "schedule", self.chief)  # the township's chief, below the county now in charge
        self.assertEqual(mediation.state, "scheduled")

    def test_a_mediator_assigned_from_elsewhere_acts_and_sees_this_mediation_only(self) -> None:
        mediation = self.make_mediation("accepted")
        Mediation.objects.filter(pk=mediation.pk).update(mediator=self.mediator_b)
        mediation.refresh_from_db()
        other = self.make_mediation("accepted", self.make_other_claim())
        seen = Mediation.objects.visible_to(self.mediator_b, TODAY)
        self.assertEqual(list(seen), [mediation])
        self.assertEqual(self.refusal(self.make_move, other, "schedule", self.mediator_b), "not_your_role")
        self.make_move(mediation, "fail", self.mediator_b)

    def test_a_mediator_from_elsewhere_sees_the_page_of_its_clock_and_no_other(self) -> None:
        mediation = self.make_mediation("accepted")
        Mediation.objects.filter(pk=mediation.pk).update(mediator=self.mediator_b)
        self.client.force_login(self.mediator_b)
        for clock in mediation.claim.clocks.filter(ended_on=None):
            found = self.client.get(reverse("clock_why", args=[clock.pk]))
            self.assertEqual(found.status_code, 200 if clock.about_id else 404, clock.rule_id)
            if clock.about_id:
                self.assertNotContains(found, f"/claims/{mediation.claim_id}/")
                self.assertContains(found, reverse("mediation_detail", args=[mediation.pk]))
                self.assertContains(self.client.get(reverse("mediation_detail", args=[mediation.pk])), reverse("clock_why", args=[clock.pk]))

    def test_whoever_no_longer_holds_a_post_sees_and_does_nothing(self) -> None:
        mediation = self.make_mediation("scheduled")
        self.mediator.postings.update(ends_on=TODAY - timedelta(days=1))
        left = Person.objects.get(pk=self.mediator.pk)
        self.assertFalse(Mediation.objects.visible_to(left, TODAY).exists())
        self.assertFalse(Hearing.objects.visible_to(left, TODAY).exists())
        self.assertEqual(self.refusal(self.make_move, mediation, "hold", left), "not_your_role")

    def test_mediations_and_hearings_are_seen_by_whoever_sees_the_claim(self) -> None:
        mediation = self.make_mediation("scheduled")
        expected = {"grid_worker", "chief", "county", "city", "mediator", "auditor"}
        for rows in (Mediation.objects, Hearing.objects):
            seen = {name for name, person in self.everybody().items() if rows.visible_to(person, TODAY).exists()}
            self.assertEqual(seen, expected)
        self.assertEqual(mediation.hearings.count(), 1)

    def test_an_open_mediation_keeps_the_claim_open(self) -> None:
        mediation = self.make_mediation("accepted")
        with self.assertRaises(Refused) as caught:
            casework.advance(mediation.claim, "transfer", self.county, now=NOW, destination="泗阳县人社局", reason="管辖")
        self.assertEqual(caught.exception.code, "mediation_open")


class CallingManyTest(VerbTestCase):
    def test_of_very_many_workers_those_are_called_whom_they_chose(self) -> None:
        claim = self.make_handled_claim(claimants=[ClaimantFacts(f"工友{n}", f"138{n:08d}") for n in range(60)])
        mediation = self.make_mediation("accepted", claim)
        self.assertEqual([party.name for party in parties_of(claim)][-2:], ["工友49", "宿迁宏远劳务有限公司"])
        workers = list(claim.claimants.all())
        choose(claim, self.chief, [workers[3].pk, workers[57].pk, workers[58].pk], TODAY, now=NOW)
        self.client.force_login(self.mediator)
        page = self.client.get(reverse("mediation_move", args=[mediation.pk, "schedule"]))
        for said in ("工友3", "工友58", "本案人数很多"):
            self.assertContains(page, said)
        self.assertNotContains(page, "工友4<")
        self.make_move(mediation, "schedule")
        called = Hearing.objects.get().attendances.values_list("name", flat=True)
        self.assertEqual(set(called), {"工友3", "工友57", "工友58", "宿迁宏远劳务有限公司"})
        self.assertNotContains(self.client.get(reverse("mediation_detail", args=[mediation.pk])), "工友49")
