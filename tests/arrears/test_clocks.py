"""Clocks: starting, stopping, and counting again when a calendar arrives."""

from datetime import date, datetime, timedelta
from io import StringIO
from tempfile import NamedTemporaryFile
from typing import Any
from unittest.mock import patch

from django.core.management import call_command

from arrears import escalation
from arrears.calendars import to_json
from arrears.models import CalendarYear, Claim, Clock, Event, Referral, Watch
from arrears.timing import clocks
from arrears.workdays import OFF, WORK, published, statutory
from arrears.year_loading import load_year
from grid.days import SHANGHAI
from grid.models import Notice
from grid.refused import Refused
from mediation.models import Mediation
from tests.base import NOW, TODAY, CastTestCase

DECEMBER = datetime(2026, 12, 28, 10, 0, tzinfo=SHANGHAI)  # a Monday; nobody has published 2027


def load_2027(extra: date) -> None:
    """An official 2027 with one more day off than anybody would guess."""
    days = {**statutory(2027), extra: (OFF, "元旦")}
    CalendarYear.objects.create(year=2027, days=to_json(days), source="通知", loaded_at=DECEMBER)


class Starting(CastTestCase):
    def setUp(self) -> None:
        self.claim = self.make_claim()

    def test_a_clock_gets_its_days_and_a_watch_on_its_first_rung(self) -> None:
        clock = clocks.start(self.claim, "CLOSE-5", TODAY, now=NOW)
        self.assertEqual((clock.due_on, clock.is_provisional), (date(2026, 3, 9), False))
        self.assertEqual((clock.watch.rung, clock.watch.next_at), (0, datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)))

    def test_a_rung_that_is_past_at_the_start_is_left_for_the_sweep_to_fire(self) -> None:
        clock = clocks.start(self.claim, "CLOSE-5", date(2026, 1, 5), now=NOW)
        self.assertEqual((clock.watch.rung, clock.watch.next_at < NOW), (0, True))

    def test_a_fresh_start_ends_the_running_one_unmet(self) -> None:
        first = clocks.start(self.claim, "CLOSE-5", TODAY, now=NOW)
        clocks.start(self.claim, "CLOSE-5", TODAY + timedelta(days=7), now=NOW)
        first.refresh_from_db()
        self.assertEqual((first.ended_on, first.was_met), (TODAY, False))
        self.assertFalse(Watch.objects.filter(clock=first).exists())
        self.assertEqual(Clock.objects.running().filter(rule_id="CLOSE-5").count(), 1)

    def test_a_given_day_is_kept_as_it_is(self) -> None:
        clock = clocks.start(self.claim, "AGREED-PAY", TODAY, now=NOW, due_on=date(2027, 2, 6))
        self.assertEqual((clock.due_on, clock.natural_on, clock.is_provisional), (date(2027, 2, 6), date(2027, 2, 6), False))

    def test_a_day_that_nobody_can_count_is_refused_and_nothing_is_left(self) -> None:
        with self.assertRaises(Refused) as caught:
            clocks.start(self.claim, "CLOSE-5", date(1980, 1, 1), now=NOW)
        self.assertEqual(caught.exception.code, "no_calendar")
        self.assertFalse(Clock.objects.filter(rule_id="CLOSE-5").exists())

    def test_what_is_done_late_did_not_meet_its_day(self) -> None:
        met = {}
        for days in (7, 8):  # due on Monday 9 March
            clock = clocks.start(self.claim, "CLOSE-5", TODAY, now=NOW)
            clocks.stop(self.claim, ["CLOSE-5"], now=NOW + timedelta(days=days))
            clock.refresh_from_db()
            met[clock.ended_on] = clock.was_met
        self.assertEqual(met, {date(2026, 3, 9): True, date(2026, 3, 10): False})

    def test_the_end_of_a_case_meets_what_the_office_owed_and_no_right_of_the_worker(self) -> None:
        clocks.stop(self.claim, [clocks.EVERY], now=NOW)
        met = dict(self.claim.clocks.values_list("rule_id", "was_met"))
        self.assertEqual(met, {"JC-ACCEPT": True, "JC-ACCEPT-3": True, "CASE-WHOLE-60": True, "ARB-LIMIT-1Y": False, "JC-LIMIT-2Y": False})

    def test_every_clock_ends_with_the_claim_but_a_rule_only_where_it_is_meant(self) -> None:
        other = clocks.start(self.claim, "REF-RECEIVE-2", TODAY, now=NOW, about_id=self.claim.pk)
        clocks.stop(self.claim, ["JC-ACCEPT", "REF-RECEIVE-2"], now=NOW)
        self.assertTrue(Clock.objects.running().filter(pk=other.pk).exists())
        clocks.stop(self.claim, [clocks.EVERY], now=NOW)
        self.assertFalse(Clock.objects.running().exists() or Watch.objects.exists())

    def test_the_claims_due_day_is_its_earliest_duty_not_a_right_of_the_worker(self) -> None:
        self.claim.clocks.exclude(rule_id="ARB-LIMIT-1Y").delete()
        clocks.start(self.claim, "CASE-WHOLE-60", TODAY, now=NOW)
        clocks.refresh_due(self.claim)
        self.assertEqual(self.claim.due_on, date(2026, 5, 28))
        clocks.stop(self.claim, [clocks.EVERY], now=NOW)
        clocks.refresh_due(self.claim)
        self.assertIsNone(self.claim.due_on)


class CountingAgain(CastTestCase):
    """Five working days after Monday 28 December 2026: 29, 30, 31, then a guess at January 2027."""

    def setUp(self) -> None:
        self.claim = self.make_claim(now=DECEMBER)
        Clock.objects.exclude(rule_id="JC-ACCEPT").delete()
        self.clock = self.claim.clocks.get()

    def recompute(self, now: datetime = DECEMBER) -> int:
        moved = clocks.recompute_provisional(now, 2027)
        self.clock.refresh_from_db()
        self.claim.refresh_from_db()
        return moved

    def test_a_guess_is_marked_as_one(self) -> None:
        # Friday 1 January is New Year's Day; Monday 4th and Tuesday 5th would be worked.
        self.assertEqual((self.clock.due_on, self.clock.is_provisional), (date(2027, 1, 5), True))

    def test_a_calendar_that_moves_the_day_leaves_an_event_with_cause_and_old_value(self) -> None:
        load_2027(date(2027, 1, 4))
        self.assertEqual(self.recompute(), 1)
        self.assertEqual((self.clock.due_on, self.clock.is_provisional), (date(2027, 1, 6), False))
        self.assertEqual(self.claim.due_on, date(2027, 1, 6))
        event = Event.objects.get(kind="clock_moved")
        facts = {"clock": str(self.clock.pk), "rule": "JC-ACCEPT", "old": "2027-01-05", "new": "2027-01-06"}
        facts |= {"cause": "calendar", "year": 2027}
        self.assertEqual((event.facts, event.actor, event.at), (facts, None, DECEMBER))
        # four of five days are used on Tuesday 5th, no longer on Monday 4th
        self.assertEqual(self.clock.watch.next_at, datetime(2027, 1, 5, 9, 0, tzinfo=SHANGHAI))

    def test_a_calendar_that_confirms_the_guess_leaves_no_event(self) -> None:
        load_2027(date(2027, 1, 1))
        self.assertEqual(self.recompute(), 0)
        self.assertEqual((self.clock.due_on, self.clock.is_provisional), (date(2027, 1, 5), False))
        self.assertFalse(Event.objects.filter(kind="clock_moved").exists())

    def test_a_second_time_changes_nothing(self) -> None:
        load_2027(date(2027, 1, 4))
        self.recompute()
        self.assertEqual(self.recompute(), 0)
        self.assertEqual(Event.objects.filter(kind="clock_moved").count(), 1)

    def test_without_a_calendar_nothing_moves_and_the_guess_stays_one(self) -> None:
        self.assertEqual(self.recompute(), 0)
        self.assertTrue(self.clock.is_provisional)

    def test_rungs_heard_for_the_old_day_call_again_for_the_new_one_but_the_claim_climbs_once(self) -> None:
        escalation.sweep(datetime(2027, 1, 6, 9, 30, tzinfo=SHANGHAI))  # one day late by the guess: it climbs
        self.claim.refresh_from_db()
        self.assertEqual(self.claim.level, "county")
        load_2027(date(2027, 1, 4))
        self.recompute(datetime(2027, 1, 6, 10, 0, tzinfo=SHANGHAI))
        self.assertEqual(self.clock.watch.rung, 2)  # late1, which now falls on 7 January
        done = escalation.sweep(datetime(2027, 1, 7, 9, 30, tzinfo=SHANGHAI))
        self.claim.refresh_from_db()
        self.assertEqual(self.claim.level, "county")
        self.assertEqual((done.counts["rungs"], done.not_escalated["already_climbed"]), (1, 1))

    def test_rungs_of_a_given_day_follow_the_calendar_too(self) -> None:
        pay = clocks.start(self.claim, "AGREED-PAY", DECEMBER.date(), now=DECEMBER, due_on=date(2026, 12, 31))
        escalation.sweep(datetime(2026, 12, 31, 9, 30, tzinfo=SHANGHAI))
        late = Watch.objects.get(clock=pay)
        self.assertEqual(late.next_at.date(), date(2027, 1, 4))  # one working day after, by the guess
        load_2027(date(2027, 1, 4))
        self.recompute()
        pay.refresh_from_db()
        self.assertEqual((pay.due_on, pay.watch.rung, pay.watch.next_at.astimezone(SHANGHAI).date()),
                         (date(2026, 12, 31), late.rung, date(2027, 1, 5)))  # fmt: skip

    def test_a_referrals_answer_day_moves_with_its_clock(self) -> None:
        referral = Referral.objects.create(
            claim=self.claim, kind="support", body=self.procuratorate, summary="x", created_at=DECEMBER
        )
        clocks.start(self.claim, "REF-ANSWER-5", DECEMBER.date(), now=DECEMBER, about_id=referral.pk)
        load_2027(date(2027, 1, 4))
        self.assertEqual(self.recompute(), 2)
        referral.refresh_from_db()
        self.assertEqual(referral.answer_by, date(2027, 1, 6))

    def test_a_clock_nobody_can_count_stops_no_other(self) -> None:
        other = self.make_claim(now=DECEMBER)
        Clock.objects.filter(claim=other, rule_id="JC-ACCEPT").update(rule_id="NO-SUCH-RULE")
        load_2027(date(2027, 1, 4))
        with self.assertLogs("arrears.timing.clocks", "ERROR"):
            moved = self.recompute()
        self.assertGreaterEqual(moved, 1)
        self.assertEqual(self.clock.due_on, date(2027, 1, 6))

    def test_a_calendar_that_came_while_the_case_was_closed_counts_when_it_is_reopened(self) -> None:
        clocks.stop(self.claim, ["JC-ACCEPT"], now=DECEMBER)
        load_2027(date(2027, 1, 4))
        self.assertEqual(self.recompute(), 0)
        clocks.resume(self.claim, ["JC-ACCEPT"], now=DECEMBER)
        self.clock.refresh_from_db()
        self.assertEqual((self.clock.due_on, self.clock.is_provisional), (date(2027, 1, 6), False))
        self.assertEqual(Event.objects.filter(kind="clock_moved").count(), 1)

    def test_loading_the_official_file_counts_again_at_once(self) -> None:
        days = {**statutory(2027), date(2027, 1, 4): (OFF, "元旦")}
        with NamedTemporaryFile("w", suffix=".csv") as file:
            file.write("date,kind,name\n" + "".join(f"{day},{kind},{name}\n" for day, (kind, name) in days.items()))
            file.flush()
            out = StringIO()
            call_command("load_calendar", file.name, stdout=out)
        self.assertIn("1个时限的届满日随之变更，已记入办理记录。", out.getvalue())
        self.clock.refresh_from_db()
        self.assertEqual(self.clock.due_on, date(2027, 1, 6))

    def load(self, days: dict, now: datetime) -> list[str]:
        text = "date,kind,name\n" + "".join(f"{day},{kind},{name}\n" for day, (kind, name) in days.items())
        return load_year(text.encode(), now=now, name="2027.csv")

    def test_each_owner_hears_once_however_many_claims_and_leads_to_them(self) -> None:
        others = [self.make_claim(now=DECEMBER) for _number in range(2)]
        mine = self.make_claim(now=DECEMBER)
        Claim.objects.filter(pk=mine.pk).update(handler=self.grid_worker)
        self.make_claim("321323101", now=DECEMBER)  # its township is vacant: the county answers
        days = {**statutory(2027), date(2027, 1, 4): (OFF, "元旦")}
        said = self.load(days, DECEMBER)
        self.assertIn("已通知3名责任人，每人一条。", said)
        told = Notice.objects.filter(kind="calendar_moved", channel="in_app")
        counts = {notice.recipient: (notice.facts["count"], notice.path) for notice in told}
        path = "/claims/?moved=2027"
        self.assertEqual(counts, {self.chief: (3, path), self.grid_worker: (1, path), self.county_b: (1, path)})
        self.client.force_login(self.chief)
        shown = {row.claim.pk for row in self.client.get(path).context["rows"]}
        self.assertEqual(shown, {self.claim.pk, mine.pk, *(claim.pk for claim in others)})
        # again, and as if the first run had been stopped before anybody was told
        self.assertEqual(self.load(days, DECEMBER + timedelta(hours=1)), ["2027年的放假安排没有变化。"])
        told.delete()
        self.assertIn("已通知3名责任人，每人一条。", self.load(days, DECEMBER + timedelta(hours=2)))
        # a corrected file is another load and another notice
        self.load({**days, date(2027, 1, 5): (OFF, "元旦")}, DECEMBER + timedelta(hours=3))
        self.assertEqual(Notice.objects.filter(kind="calendar_moved", channel="in_app", recipient=self.chief).count(), 2)

    def test_a_partner_body_and_a_mediator_hear_of_what_is_theirs(self) -> None:
        referral = Referral.objects.create(claim=self.claim, kind="support", body=self.procuratorate, summary="x", created_at=DECEMBER)
        clocks.start(self.claim, "REF-ANSWER-5", DECEMBER.date(), now=DECEMBER, about_id=referral.pk)
        mediation = Mediation.objects.create(claim=self.claim, mediator=self.mediator, applied_on=DECEMBER.date(), request="工资", applied_at=DECEMBER)
        clocks.start(self.claim, "MED-ARRANGE-5", DECEMBER.date(), now=DECEMBER, about_id=mediation.pk)
        said = self.load({**statutory(2027), date(2027, 1, 4): (OFF, "元旦")}, DECEMBER)
        self.assertIn("已通知3名责任人，每人一条。", said)
        told = Notice.objects.filter(kind__startswith="calendar_moved", channel="in_app")
        self.assertEqual({notice.recipient: (notice.kind, notice.facts["count"], notice.path, notice.body_id) for notice in told}, {
            self.chief: ("calendar_moved", 1, "/claims/?moved=2027", None),
            self.mediator: ("calendar_moved", 1, "/claims/?moved=2027", None),
            self.partner: ("calendar_moved_answers", 1, "/referrals/", self.procuratorate.pk),
        })  # fmt: skip

    def test_a_corrected_file_moves_what_the_first_one_had_settled(self) -> None:
        days = {**statutory(2027), date(2027, 1, 4): (OFF, "元旦")}
        self.load(days, DECEMBER)
        self.clock.refresh_from_db()
        self.assertEqual((self.clock.due_on, self.clock.is_provisional), (date(2027, 1, 6), False))
        self.load({**days, date(2027, 1, 5): (OFF, "元旦")}, DECEMBER + timedelta(hours=1))
        self.clock.refresh_from_db()
        self.assertEqual(self.clock.due_on, date(2027, 1, 7))
        self.assertEqual([(e.facts["old"], e.facts["new"]) for e in Event.objects.filter(kind="clock_moved").order_by("seq")],
                         [("2027-01-05", "2027-01-06"), ("2027-01-06", "2027-01-07")])  # fmt: skip

    def test_a_notice_that_changes_a_year_already_published_moves_its_days(self) -> None:
        """As in January 2020, when the State Council made the holiday longer while it lasted."""
        moment = datetime(2026, 2, 12, 10, 0, tzinfo=SHANGHAI)  # a Thursday; the holiday is 15 to 23 February
        claim = self.make_claim(now=moment)
        clock = claim.clocks.get(rule_id="JC-ACCEPT")
        self.assertEqual((clock.due_on, clock.is_provisional), (date(2026, 2, 26), False))
        longer = {day: (OFF, "春节") for day in (date(2026, 2, 24), date(2026, 2, 25))}
        self.load({**published()[2026], **longer}, moment + timedelta(hours=1))
        clock.refresh_from_db()
        claim.refresh_from_db()
        self.assertEqual((clock.due_on, claim.due_on), (date(2026, 2, 28), date(2026, 2, 26)))  # 13, 14, 26, 27, 28; the target's 13, 14, 26
        self.assertEqual(Notice.objects.filter(kind="calendar_moved", channel="in_app").count(), 1)

    def test_days_of_the_december_before_move_too(self) -> None:
        """A notice may make a weekend of the December before a working day."""
        clock = clocks.start(self.claim, "REF-RECEIVE-2", date(2026, 12, 24), now=DECEMBER)
        self.assertEqual((clock.due_on, clock.is_provisional), (date(2026, 12, 28), False))
        self.load({**statutory(2027), date(2026, 12, 26): (WORK, "元旦")}, DECEMBER)
        clock.refresh_from_db()
        self.assertEqual(clock.due_on, date(2026, 12, 26))

    def test_a_calendar_that_comes_while_another_one_is_being_counted_is_not_forgotten(self) -> None:
        """Each batch counts by the calendar as it is then."""
        other = self.make_claim(now=DECEMBER)
        load_2027(date(2027, 1, 4))
        first, second = sorted([self.claim.pk, other.pk])
        counted = clocks.recount

        def correct_in_between(ids: list, *given: Any, **more: Any) -> int:
            moved = counted(ids, *given, **more)
            if first in ids:
                days = {**statutory(2027), date(2027, 1, 4): (OFF, "元旦"), date(2027, 1, 5): (OFF, "元旦")}
                CalendarYear.objects.filter(year=2027).update(days=to_json(days))
            return moved

        with patch.object(clocks, "CLAIMS_AT_ONCE", 1), patch.object(clocks, "recount", correct_in_between):
            clocks.recompute_provisional(DECEMBER, 2027)
        found = {clock.claim_id: clock.due_on for clock in Clock.objects.filter(rule_id="JC-ACCEPT")}
        self.assertEqual(found, {first: date(2027, 1, 6), second: date(2027, 1, 7)})

    def test_nobody_hears_of_a_calendar_that_moved_nothing(self) -> None:
        self.load(dict(statutory(2027)), DECEMBER)
        self.assertFalse(Notice.objects.filter(kind="calendar_moved").exists())

    def test_it_costs_the_same_number_of_queries_for_three_claims_and_for_thirty(self) -> None:
        for claims in (3, 30):
            CalendarYear.objects.all().delete()
            while Claim.objects.count() < claims:
                self.make_claim(now=DECEMBER)
            Clock.objects.update(is_provisional=True)
            load_2027(date(2027, 1, 4))
            with self.assertNumQueries(15):
                clocks.recompute_provisional(DECEMBER, 2027)
