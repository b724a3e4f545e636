"""Publishing ladders and seasons, what running clocks make of it, and the preview. The claim of a scene is received on
Monday 2 March 2026: JC-ACCEPT is due on Monday 9th, its rungs call on Friday 6th, 9th, 10th, 12th and 16th."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Thread
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction
from django.test import TransactionTestCase

from arrears import casework, escalation, tasks
from arrears.ladders import DUE, Rung
from arrears.ladders import align as ladder_align
from arrears.ladders.changes import (
    BadLadder,
    Draft,
    end_season,
    may_publish,
    preview,
    publish,
    realign,
    retire,
    set_season,
)
from arrears.models import Alignment, Claim, Clock, Event, Ladder, Season, Watch
from grid.days import SHANGHAI
from grid.models import Leave, Notice
from grid.notices import words
from grid.refused import Refused
from grid.roles import ADMINISTRATOR
from grid.vacancies import named_posts
from tests.base import NOW, TODAY, Cast, CastTestCase, make_person

LATE2 = Rung("late2", "逾期两个工作日", ("level",), working_days=2, urgency="late", label_en="Two days late")
SHORT = (replace(DUE, ack_days=0), LATE2)


def march(day: int, hour: int = 9, minute: int = 30) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


class Scene(Cast):
    def make_scene(self) -> None:
        self.claim = self.one_clock()
        Notice.objects.all().delete()

    def one_clock(self, **changes: Any) -> Claim:
        claim = self.make_claim(person=self.grid_worker, **changes)
        Clock.objects.exclude(rule_id="JC-ACCEPT").delete()
        return claim

    def publish(self, *rungs: Rung, now: datetime = NOW, **changes: Any) -> Ladder:
        draft = Draft(**{"family": "legal", "rungs": rungs or SHORT, "valid_from": now.date(), **changes})
        newest = Ladder.objects.filter(family=draft.family, rule_id=draft.rule_id, claim_kind=draft.claim_kind).count()
        return publish(draft, self.administrator, now=now, note="试行", replaces=newest)

    def watch(self, claim: Claim | None = None) -> tuple[Any, int, datetime]:
        row = Watch.objects.get(clock__claim=claim or self.claim, clock__rule_id="JC-ACCEPT")
        return (row.ladder_id, row.rung, row.next_at)


class Publishing(Scene, CastTestCase):
    def setUp(self) -> None:
        self.make_scene()

    def refused(self, step: Callable[[], object]) -> str:
        with self.assertRaises(Refused) as caught:
            step()
        return caught.exception.code

    def problems(self, note: str = "试行", replaces: int = 0, **changes: Any) -> str:
        draft = Draft(**{"family": "legal", "rungs": SHORT, "valid_from": TODAY, **changes})
        with self.assertRaises(BadLadder) as caught:
            publish(draft, self.administrator, now=NOW, note=note, replaces=replaces)
        return str(caught.exception)

    def test_a_version_is_a_row_that_says_who_when_and_why(self) -> None:
        row = self.publish()
        self.assertEqual((row.version, row.published_by, row.published_at, row.note), (1, self.administrator, NOW, "试行"))
        self.assertEqual(row.rungs[1]["label_en"], "Two days late")
        self.assertEqual(self.publish().version, 2)

    def test_only_an_administrator_of_the_city_may(self) -> None:
        county = make_person("guanxian", "关县", ADMINISTRATOR, "321322")
        for person in (self.city, self.county, self.auditor, self.outsider, county):
            draft = Draft("legal", rungs=SHORT, valid_from=TODAY)
            code = self.refused(lambda person=person, draft=draft: publish(draft, person, now=NOW, note="试行", replaces=0))
            self.assertEqual((code, may_publish(person, TODAY)), ("not_your_role", False))
        self.assertTrue(may_publish(self.administrator, TODAY))
        self.assertFalse(Ladder.objects.exists())

    def test_who_amends_a_version_that_is_not_the_newest_is_refused(self) -> None:
        self.publish()
        draft = Draft("legal", rungs=SHORT, valid_from=TODAY)
        for replaces in (0, 2):
            code = self.refused(lambda replaces=replaces: publish(draft, self.administrator, now=NOW, note="x", replaces=replaces))
            self.assertEqual(code, "stale")
        self.assertEqual(Ladder.objects.count(), 1)

    def test_everything_that_is_wrong_is_said_at_once(self) -> None:
        text = self.problems(note="", rungs=(replace(DUE, tells=()), DUE), valid_from=TODAY - timedelta(days=1))
        for said in ("生效日期不能早于今天", "请写明修改说明", "第1级“时限届满”：请至少选择一个通知对象。", "同一个名称"):
            self.assertIn(said, text)

    def test_what_does_not_exist_is_refused_and_nothing_is_written(self) -> None:
        self.assertIn("没有这样的督办规则：steep", self.problems(family="steep"))
        self.assertIn("时限ARB-LIMIT-1Y不适用", self.problems(rule_id="ARB-LIMIT-1Y"))
        self.assertIn("时限NO-SUCH不适用", self.problems(rule_id="NO-SUCH"))
        self.assertIn("没有这样的案件类型：large", self.problems(claim_kind="large"))
        self.assertIn("系统自带的督办规则不能停用", self.problems(rungs=()))
        self.assertFalse(Ladder.objects.exists())

    def test_retiring_is_a_version_without_rungs_and_the_general_ladder_applies_again(self) -> None:
        self.publish(rule_id="JC-ACCEPT")
        self.assertEqual(self.watch()[2], march(9, 9, 0))
        row = retire(("legal", "JC-ACCEPT", ""), self.administrator, now=NOW, note="停用", replaces=1)
        self.assertEqual((row.version, row.rungs, self.watch()), (2, [], (None, 0, march(6, 9, 0))))


class Realigning(Scene, CastTestCase):
    def setUp(self) -> None:
        self.make_scene()

    def test_running_clocks_take_the_new_version_at_once(self) -> None:
        row = self.publish()
        self.assertEqual(self.watch(), (row.pk, 0, march(9, 9, 0)))

    def test_a_version_of_another_rule_family_or_kind_leaves_a_clock_alone(self) -> None:
        self.publish(rule_id="JC-INVEST")
        self.publish(family="local")
        self.publish(claim_kind="group")
        self.assertEqual(self.watch(), (None, 0, march(6, 9, 0)))

    def test_a_claim_of_ten_workers_follows_the_ladder_for_groups(self) -> None:
        group = self.one_clock()
        Claim.objects.filter(pk=group.pk).update(worker_count=10)
        row = self.publish(claim_kind="group")
        self.assertEqual((self.watch(group)[0], self.watch()[0]), (row.pk, None))
        self.assertEqual(self.watch(self.one_clock())[0], None)

    def test_a_clock_that_begins_follows_the_version_that_is_right_that_day(self) -> None:
        row = self.publish(valid_from=date(2026, 3, 5))
        self.assertEqual(self.watch(self.one_clock())[0], None)
        self.assertEqual(self.watch(self.one_clock(now=march(5)))[0], row.pk)

    def test_what_is_due_already_is_fired_on_the_old_ladder_and_goes_on_on_the_new_one(self) -> None:
        row = self.publish(now=march(6, 12))
        self.assertEqual(self.watch(), (None, 0, march(6, 9, 0)))
        escalation.sweep(march(6, 12))
        self.assertEqual(Event.objects.get(kind="alerted").facts["rung"], "near")
        self.assertEqual(self.watch(), (row.pk, 0, march(9, 9, 0)))

    def test_rungs_whose_moment_is_past_on_the_new_ladder_call_nobody(self) -> None:
        before = [Rung(f"before{n}", f"还剩{n}个工作日", ("handler",), working_days=-n) for n in (4, 3, 2)]
        row = self.publish(*before, LATE2, now=march(5, 12))
        self.assertEqual(self.watch(), (row.pk, 3, march(11, 9, 0)))
        escalation.sweep(march(31))
        self.assertEqual([event.facts["rung"] for event in Event.objects.filter(kind="alerted")], ["late2"])

    def test_a_rung_of_the_same_name_is_never_told_twice_for_one_due_day(self) -> None:
        escalation.sweep(march(9, 9, 0))
        told = set(Notice.objects.values_list("key", "recipient"))
        row = self.publish(Rung("due", "到期", ("handler", "level"), working_days=1), LATE2, now=march(9, 12))
        self.assertEqual(self.watch(), (row.pk, 1, march(11, 9, 0)))
        Watch.objects.update(rung=0, next_at=march(10, 9, 0))  # even if it were called
        done = escalation.sweep(march(10))
        self.assertEqual((done.not_escalated["already_told"], set(Notice.objects.values_list("key", "recipient"))), (1, told))

    def test_a_version_that_becomes_valid_later_is_taken_on_its_day(self) -> None:
        row = self.publish(valid_from=date(2026, 3, 4))
        realign(march(3))
        self.assertEqual(self.watch()[0], None)
        realign(march(4, 0, 1))
        self.assertEqual(self.watch(), (row.pk, 0, march(9, 9, 0)))

    def test_a_ladder_that_was_climbed_gets_a_watch_again_if_a_longer_one_comes(self) -> None:
        escalation.sweep(march(31))
        Clock.objects.filter(rule_id="ORDER-REPLY").delete()
        self.assertFalse(Watch.objects.exists())
        very_late = Rung("late30", "逾期三十个工作日", ("city",), working_days=30, urgency="late")
        row = self.publish(*SHORT, very_late, now=march(31, 12))
        self.assertEqual(self.watch(), (row.pk, 2, datetime(2026, 4, 21, 9, 0, tzinfo=SHANGHAI)))
        told = Notice.objects.count()
        escalation.sweep(march(31, 13))
        self.assertEqual(Notice.objects.count(), told)

    def test_a_shorter_ladder_that_is_past_takes_the_watch_away(self) -> None:
        escalation.sweep(march(12))
        self.publish(DUE, now=march(12, 12))
        self.assertFalse(Watch.objects.filter(clock__claim=self.claim).exists())

    def test_ended_clocks_and_closed_claims_are_left_alone(self) -> None:
        other = self.one_clock()
        Clock.objects.filter(claim=self.claim).update(ended_on=TODAY)
        Claim.objects.filter(pk=other.pk).update(stage="closed")
        self.publish()
        self.assertEqual([self.watch()[0], self.watch(other)[0]], [None, None])

    def test_a_poison_row_stays_as_it_is_and_stops_no_other(self) -> None:
        other = self.one_clock()
        Clock.objects.filter(claim=other).update(due_on=date(1, 1, 1), started_on=date(1, 1, 1))
        with self.assertLogs("arrears.ladders.align", "ERROR"):
            row = self.publish()
        self.assertEqual((self.watch()[0], self.watch(other)[0]), (row.pk, None))

    def test_it_is_done_in_batches_and_can_be_stopped_anywhere(self) -> None:
        for _ in range(6):
            self.one_clock()
        with patch.object(ladder_align, "AT_ONCE", 2):
            Ladder.objects.create(
                family="legal", version=1, rungs=[rung.to_json() for rung in SHORT], valid_from=TODAY, note="x", published_at=NOW
            )
            moved = [realign(NOW, seconds=0) for _ in range(5)]
        self.assertEqual(moved, [2, 2, 2, 1, 0])
        self.assertFalse(Watch.objects.filter(ladder=None).exists())
        self.assertIn("JC-ACCEPT", Alignment.objects.get().chosen)

    def test_when_nothing_has_changed_it_costs_three_small_queries(self) -> None:
        for _ in range(3):
            self.one_clock()
        self.publish()
        realign(NOW)
        with self.assertNumQueries(3):
            self.assertEqual(realign(NOW), 0)

    def test_a_watch_that_a_verb_under_way_set_by_the_old_book_is_found_by_the_next_pass(self) -> None:
        row = self.publish()
        Watch.objects.update(ladder=None, rung=0, next_at=march(6, 9, 0))
        realign(NOW)
        self.assertEqual(self.watch(), (row.pk, 0, march(9, 9, 0)))

    def test_it_costs_the_same_number_of_queries_for_three_clocks_and_for_three_hundred(self) -> None:
        for claims in (3, 300):
            while Claim.objects.count() < claims:
                self.one_clock()
            Watch.objects.update(ladder=None)
            Alignment.objects.all().delete()
            Ladder.objects.all().delete()
            Ladder.objects.create(
                family="legal", version=1, rungs=[rung.to_json() for rung in SHORT], valid_from=TODAY, note="x", published_at=NOW
            )
            with self.assertNumQueries(13):
                self.assertEqual(realign(NOW), claims)


    def test_ladders_that_were_climbed_cost_no_more_for_thirty_clocks_than_for_three(self) -> None:
        very_late = Rung("late9", "逾期九个工作日", ("city",), working_days=9, urgency="late")
        row = Ladder.objects.create(
            family="legal", version=1, rungs=[very_late.to_json()], valid_from=TODAY, note="x", published_at=NOW
        )
        for claims in (3, 30):
            while Claim.objects.count() < claims:
                self.one_clock()
            Watch.objects.all().delete()
            Alignment.objects.all().delete()
            with self.assertNumQueries(13):
                self.assertEqual(realign(march(17)), claims)
            self.assertEqual(set(Watch.objects.values_list("ladder", "rung")), {(row.pk, 0)})


class Seasons(Scene, CastTestCase):
    def setUp(self) -> None:
        self.make_scene()
        self.ladder = self.publish(claim_kind="festival")

    def season(self, first: int, last: int, now: datetime = NOW, **changes: Any) -> Season:
        return set_season("春节前专项行动", date(2026, 3, first), date(2026, 3, last), self.administrator, now=now, **changes)

    def test_a_season_that_begins_and_ends_moves_the_clocks_there_and_back(self) -> None:
        self.season(3, 4)
        found = []
        for now in (march(2), march(3), march(4), march(5)):
            realign(now)
            found.append(self.watch()[0])
        self.assertEqual(found, [None, self.ladder.pk, self.ladder.pk, None])

    def test_ending_one_makes_today_its_last_day(self) -> None:
        season = self.season(2, 20)
        self.assertEqual(self.watch()[0], self.ladder.pk)
        end_season(season, self.administrator, now=march(4))
        self.assertEqual((Season.objects.get().ends_on, self.watch()[0]), (date(2026, 3, 4), self.ladder.pk))
        realign(march(5))
        self.assertEqual(self.watch()[0], None)

    def test_one_that_has_not_begun_is_struck_out(self) -> None:
        end_season(self.season(10, 20), self.administrator, now=NOW)
        self.assertFalse(Season.objects.exists())

    def test_what_cannot_be_is_refused(self) -> None:
        season = self.season(2, 20)
        cases = {
            "bad_season": lambda: self.season(9, 8),
            "season_too_long": lambda: set_season("x", TODAY, date(9999, 12, 31), self.administrator, now=NOW),
            "season_begun": lambda: self.season(3, 20, now=march(5), season=season),
            "season_over": lambda: end_season(season, self.administrator, now=march(21)),
            "not_your_role": lambda: set_season("x", TODAY, TODAY, self.city, now=NOW),
        }
        for code, step in cases.items():
            with self.assertRaises(Refused) as caught:
                step()
            self.assertEqual(caught.exception.code, code)


class Sensitive(Scene, CastTestCase):
    def setUp(self) -> None:
        self.make_scene()
        self.ladder = self.publish(claim_kind="sensitive")
        realign(NOW)

    def test_marking_a_claim_sets_its_clocks_at_once_and_unmarking_sets_them_back(self) -> None:
        other = self.one_clock()
        self.claim.refresh_from_db()
        casework.advance(self.claim, "mark_sensitive", self.chief, now=NOW, ground="threat", reason="扬言爬塔吊")
        self.assertEqual((self.watch(), self.watch(other)[0]), ((self.ladder.pk, 0, march(9, 9, 0)), None))
        self.claim.refresh_from_db()
        self.assertEqual(self.claim.sensitive, "threat")
        casework.advance(self.claim, "unmark_sensitive", self.chief, now=NOW, reason="情绪已经平稳")
        self.assertEqual(self.watch(), (None, 0, march(6, 9, 0)))
        self.assertEqual(list(Event.objects.filter(claim=self.claim, kind__contains="sensitive").values_list("kind", flat=True).order_by("id")), ["mark_sensitive", "unmark_sensitive"])

    def test_what_is_due_already_stays_on_its_ladder(self) -> None:
        self.claim.refresh_from_db()
        casework.advance(self.claim, "mark_sensitive", self.chief, now=march(6, 9, 0), ground="threat", reason="扬言爬塔吊")
        self.assertEqual(self.watch(), (None, 0, march(6, 9, 0)))


class Task(Scene, CastTestCase):
    def test_the_sweep_sets_the_clocks_before_it_calls(self) -> None:
        self.make_scene()
        row = Ladder.objects.create(
            family="legal", version=1, rungs=[rung.to_json() for rung in SHORT], valid_from=TODAY, note="x", published_at=NOW
        )
        Watch.objects.update(next_at=NOW + timedelta(days=9999))
        Clock.objects.update(due_on=date(2029, 3, 9), started_on=date(2029, 3, 2))
        tasks.sweep()
        self.assertEqual(Watch.objects.get().ladder_id, row.pk)

    def test_what_comes_before_it_keeps_nobody_from_being_told(self) -> None:
        self.make_scene()
        with patch.object(tasks, "realign", side_effect=RuntimeError), self.assertLogs("arrears.tasks", "ERROR"):
            self.assertGreater(tasks.sweep(), 0)


class Words(Scene, CastTestCase):
    def test_a_rung_somebody_wrote_is_said_in_the_readers_language_and_stands_in_the_history(self) -> None:
        self.make_scene()
        row = self.publish()
        escalation.sweep(march(11))
        notice = Notice.objects.filter(channel="in_app", key__endswith="late2").first()
        self.assertEqual(words(notice)[0], f"{self.claim.number}：逾期两个工作日")
        event = Event.objects.get(facts__rung="late2")
        self.assertEqual((event.facts["ladder"], event.facts["rung_label"]), (str(row.pk), "逾期两个工作日"))

    def test_a_role_at_a_level_is_told_and_a_vacant_one_is_named_and_stood_in_for(self) -> None:
        self.make_scene()
        self.publish(Rung("due", "到期", ("mediator@county",), working_days=0))
        with transaction.atomic():
            done = escalation.sweep(march(9))
            self.assertEqual([told["person"] for told in done.escalated[0]["told"]], ["tiaohe", "tiaohe"])
            transaction.set_rollback(True)
        self.mediator.postings.all().delete()
        done = escalation.sweep(march(9))
        self.assertEqual({told["person"] for told in done.escalated[0]["told"]}, {"xianan"})
        self.assertEqual(done.escalated[0]["vacant"], ["mediator@county"])

    def test_who_stands_in_for_the_holder_of_the_role_is_told(self) -> None:
        self.make_scene()
        Leave.objects.create(person=self.mediator, starts_on=march(9).date(), ends_on=march(9).date(), deputy=self.county)
        self.publish(Rung("due", "到期", ("mediator@county",), working_days=0))
        done = escalation.sweep(march(9))
        self.assertEqual(({told["person"] for told in done.escalated[0]["told"]}, done.escalated[0]["vacant"]), ({"xianan"}, []))

    def test_a_role_that_a_valid_ladder_names_is_a_post_to_be_filled(self) -> None:
        self.assertEqual(named_posts(TODAY), [])
        self.publish(Rung("due", "到期", ("mediator@county", "county_officer@county"), working_days=0))
        self.assertEqual(named_posts(TODAY), [("mediator", "county")])

    def test_a_rung_may_insist_on_its_channels(self) -> None:
        self.make_scene()
        self.publish(Rung("due", "到期", ("handler",), working_days=0, channels=("email",)))
        escalation.sweep(march(9))
        self.assertEqual(set(Notice.objects.filter(key__endswith="due").values_list("channel", flat=True)), {"in_app", "email"})


class Previewing(Scene, CastTestCase):
    def setUp(self) -> None:
        self.make_scene()

    def preview(self, *rungs: Rung, **changes: Any) -> Any:
        return preview(Draft(**{"family": "legal", "rungs": rungs or SHORT, "valid_from": TODAY, **changes}), NOW)

    def test_it_counts_the_clocks_that_would_follow_by_rule_and_writes_nothing(self) -> None:
        self.make_claim()
        group = self.one_clock()
        Claim.objects.filter(pk=group.pk).update(worker_count=12)
        before = list(Watch.objects.values_list("clock", "ladder", "rung", "next_at"))
        self.assertEqual(self.preview().by_rule, {"JC-ACCEPT": 3})
        self.assertEqual((self.preview(claim_kind="group").total, self.preview(rule_id="JC-INVEST").total), (1, 0))
        self.assertEqual(list(Watch.objects.values_list("clock", "ladder", "rung", "next_at")), before)
        self.assertFalse(Ladder.objects.exists())

    def test_rungs_that_come_go_and_change_are_named(self) -> None:
        found = {(change.after or change.before).name: change.what for change in self.preview().changes}
        self.assertEqual(found, {"due": "changed", "late2": "added", "near": "gone", "late1": "gone", "late3": "gone", "late5": "gone"})

    def test_a_sample_says_what_comes_next_now_and_then(self) -> None:
        [sample] = self.preview().samples
        self.assertEqual((sample.number, sample.before.name, sample.at_before), (self.claim.number, "near", march(6, 9, 0)))
        self.assertEqual((sample.after.name, sample.at_after), ("due", march(9, 9, 0)))

    def test_from_a_later_day_rungs_past_by_then_are_passed_over(self) -> None:
        [sample] = self.preview(valid_from=date(2026, 3, 10)).samples
        self.assertEqual((sample.after.name, sample.at_after), ("late2", march(11, 9, 0)))

    def test_what_is_published_is_what_was_shown(self) -> None:
        shown = self.preview().samples[0]
        row = self.publish()
        self.assertEqual(self.watch(), (row.pk, 0, shown.at_after))
        self.assertEqual(self.preview().replaces, 1)

    def test_ending_a_line_shows_the_clocks_that_fall_back(self) -> None:
        self.publish(rule_id="JC-ACCEPT")
        draft = Draft("legal", "JC-ACCEPT", "", (), TODAY)
        found = preview(draft, NOW)
        self.assertEqual((found.by_rule, found.samples[0].after.name), ({"JC-ACCEPT": 1}, "near"))

    def test_it_costs_the_same_number_of_queries_for_three_clocks_and_for_thirty(self) -> None:
        for claims in (3, 30):
            while Claim.objects.count() < claims:
                self.one_clock()
            with self.assertNumQueries(6):
                self.preview()


class AtOnce(Scene, TransactionTestCase):
    """Real connections: what somebody has in hand is left for the next pass."""

    def setUp(self) -> None:
        self.make_cast()
        self.make_scene()

    def elsewhere(self, step: Callable[[], object]) -> None:
        def go() -> None:
            try:
                step()
            finally:
                connection.close()

        thread = Thread(target=go)
        thread.start()
        thread.join()

    def test_a_claim_in_somebodys_hands_waits_for_the_next_pass_and_nobody_waits_for_it(self) -> None:
        other = self.one_clock()
        with transaction.atomic():
            Claim.objects.select_for_update().get(pk=other.pk)
            self.elsewhere(lambda: self.publish())
        row = Ladder.objects.get()
        self.assertEqual((self.watch()[0], self.watch(other)[0]), (row.pk, None))
        self.assertEqual([realign(NOW), realign(NOW)], [1, 0])
        self.assertEqual((self.watch(other)[0], set(Alignment.objects.get().chosen) >= {"JC-ACCEPT"}), (row.pk, True))

    def test_of_two_who_amend_the_same_version_one_is_refused(self) -> None:
        codes: list[str] = []

        def amend() -> None:
            try:
                publish(Draft("legal", rungs=SHORT, valid_from=TODAY), self.administrator, now=NOW, note="x", replaces=0)
                codes.append("done")
            except Refused as error:
                codes.append(error.code)

        threads = [Thread(target=self.elsewhere, args=(amend,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((sorted(codes), Ladder.objects.count()), (["done", "stale"], 1))
