"""The sweep. A claim received on Monday 2 March 2026 must be accepted by Monday 9th; its rungs call at nine on
Friday 6th (near), Monday 9th (due), Tuesday 10th (one day late, climbs), Thursday 12th (climbs), Monday 16th."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from threading import Barrier, Thread
from typing import Any
from unittest.mock import patch

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction
from django.test import TransactionTestCase

from arrears import casework, escalation, referrals, tasks
from arrears.escalation import Sweep, run
from arrears.escalation.ordering import way_of
from arrears.models import Claim, Clock, Event, Order, Referral, Watch
from arrears.partners import links
from arrears.telling import tell
from arrears.timing import clocks
from grid import rounds, tasklist
from grid.days import SHANGHAI
from grid.duty import Roster
from grid.models import Leave, Notice, Person, Posting, Task
from grid.notices import words
from grid.refused import Refused
from tests.base import NOW, TODAY, Cast, CastTestCase


def march(day: int, hour: int = 9, minute: int = 30) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


class Scene(Cast):
    """One claim with one clock, unless a test adds more."""

    def make_scene(self, handler: Person | None = None) -> None:
        self.claim = self.make_claim(person=handler)
        Clock.objects.exclude(rule_id="JC-ACCEPT").delete()
        Notice.objects.all().delete()
        self.clock = self.claim.clocks.get()

    def told(self, *, kind: str | None = None) -> Counter[str]:
        rows = Notice.objects.filter(channel="in_app", **({"kind": kind} if kind else {}))
        return Counter(rows.values_list("recipient__username", flat=True))

    def events(self) -> list[tuple[str, str, str]]:
        """kind, rung, level after it; oldest first."""
        rows = Event.objects.filter(kind__in=("climbed", "alerted")).order_by("at", "id")
        return [(row.kind, row.facts["rung"], row.level) for row in rows]

    def level(self) -> str:
        return Claim.objects.get(pk=self.claim.pk).level

    def everything(self) -> tuple:
        """What must be the same however the sweeps were run."""
        return (
            sorted(Notice.objects.values_list("key", "recipient", "channel", "kind")),
            sorted((row.claim_id, row.kind, row.level, str(row.facts)) for row in Event.objects.exclude(kind="register")),
            sorted(Claim.objects.values_list("pk", "level", "handler")),
            sorted(Watch.objects.values_list("clock", "rung", "next_at")),
        )


class Climbing(Scene, CastTestCase):
    def setUp(self) -> None:
        self.make_scene(handler=self.grid_worker)

    def test_nothing_happens_before_a_rung_is_due(self) -> None:
        done = escalation.sweep(march(6, 8, 59))
        self.assertEqual((dict(done.counts), done.escalated), ({"clocks": 0, "rungs": 0, "climbed": 0, "notices": 0}, []))
        self.assertEqual((self.told(), self.events()), (Counter(), []))

    def test_day_by_day_the_claim_climbs_the_grid_and_the_right_people_are_told(self) -> None:
        steps = [
            (march(6), "township", {"wangge"}),
            (march(9), "township", {"wangge", "zhangzhen"}),
            (march(10), "county", {"wangge", "zhangzhen", "xianan"}),
            (march(12), "city", {"xianan", "shidu"}),
            (march(16), "city", {"shidu", "xianan"}),  # the city, and the county it orders to reply
        ]
        for now, level, people in steps:
            escalation.sweep(now)
            told = set(Notice.objects.filter(created_at=now, channel="in_app").values_list("recipient__username", flat=True))
            self.assertEqual((self.level(), told), (level, people), now)
        self.assertEqual(self.events(), [
            ("alerted", "near", "township"), ("alerted", "due", "township"), ("climbed", "late1", "county"),
            ("climbed", "late3", "city"), ("alerted", "late5", "city"),
        ])  # fmt: skip
        self.assertFalse(Watch.objects.filter(clock=self.clock).exists())

    def test_the_watch_waits_for_the_next_rung(self) -> None:
        escalation.sweep(march(6))
        watch = Watch.objects.get()
        self.assertEqual((watch.rung, watch.next_at), (1, march(9, 9, 0)))

    def test_climbing_leaves_the_stage_takes_the_handler_off_and_says_so_in_the_history(self) -> None:
        escalation.sweep(march(10))
        claim = Claim.objects.get()
        self.assertEqual((claim.stage, claim.level, claim.handler), ("registered", "county", None))
        event = Event.objects.get(kind="climbed")
        self.assertEqual((event.actor, event.at, event.happened_on), (None, march(10), date(2026, 3, 10)))
        self.assertEqual(event.facts, {
            "clock": str(self.clock.pk), "rule": "JC-ACCEPT", "rung": "late1", "due": "2026-03-09", "fell_on": "2026-03-10",
            "from": "township", "told": ["王格", "章镇", "冼安"], "ack_by": "2026-03-11T09:00:00+08:00",
        })  # fmt: skip

    def test_the_earlier_handler_keeps_reading_but_is_not_in_charge_any_more(self) -> None:
        escalation.sweep(march(10))
        claim = Claim.objects.visible_to(self.grid_worker, TODAY).get()
        with self.assertRaises(casework.Refused) as caught:
            casework.advance(claim, "accept", self.chief, now=march(10), conditions=True)
        self.assertEqual(caught.exception.code, "not_in_charge")
        casework.advance(claim, "accept", self.county, now=march(10), conditions=True)

    def test_a_notice_names_the_case_the_rule_the_day_and_the_article_and_leads_to_it(self) -> None:
        escalation.sweep(march(10))
        notice = Notice.objects.get(recipient=self.county, channel="in_app")
        title, text = words(notice)
        self.assertEqual(title, f"{self.claim.number} 已提级至县级")
        self.assertIn("“劳动保障监察投诉受理或者不予受理决定”未在 2026-03-09 前完成", text)
        self.assertIn("第十八条", text)
        self.assertEqual((notice.key, notice.path), (f"{self.clock.pk}:2026-03-09:late1", f"/claims/{self.claim.pk}/"))
        self.assertEqual((notice.region_code, notice.subject_id), ("321322101", self.claim.pk))

    def test_everybody_with_an_address_is_also_written_to(self) -> None:
        Person.objects.filter(pk=self.chief.pk).update(email="")
        done = escalation.sweep(march(9))
        rows = {(told["person"], told["channel"], told["role"]) for row in done.escalated for told in row["told"]}
        self.assertEqual(rows, {("wangge", "in_app", "handler"), ("wangge", "email", "handler"), ("zhangzhen", "in_app", "level")})

    def test_what_was_done_in_time_is_never_called(self) -> None:
        casework.advance(self.claim, "accept", self.chief, now=march(9, 8), conditions=True)
        Clock.objects.exclude(pk=self.clock.pk).delete()
        self.assertEqual(escalation.sweep(march(31)).counts["clocks"], 0)

    def test_two_clocks_late_on_one_day_lift_the_claim_one_level(self) -> None:
        other = clocks.start(self.claim, "JC-INVEST", TODAY, now=NOW)
        Clock.objects.filter(pk=other.pk).update(due_on=date(2026, 3, 9))
        Watch.objects.filter(pk=other.pk).update(rung=2, next_at=march(10, 9, 0))
        done = escalation.sweep(march(10))
        self.assertEqual((self.level(), done.not_escalated["already_climbed"]), ("county", 1))
        escalation.sweep(march(12))
        self.assertEqual(self.level(), "city")


    def lift(self, now: datetime, person: Person | None = None) -> None:
        self.claim.refresh_from_db()
        casework.advance(self.claim, "escalate", person or self.chief, now=now, reason="需要县里协调")

    def test_a_climb_by_hand_is_the_days_climb_and_the_next_days_rung_climbs_again(self) -> None:
        self.lift(march(10, 8, 0))
        done = escalation.sweep(march(10))
        self.assertEqual((self.level(), done.not_escalated["already_climbed"]), ("county", 1))
        self.assertEqual(set(self.told(kind="clock_late")), {"xianan", "shidu"})
        escalation.sweep(march(12))
        self.assertEqual(self.level(), "city")

    def test_a_rung_that_comes_a_night_late_does_not_add_to_what_was_done_by_hand_that_morning(self) -> None:
        self.lift(march(11, 8, 0))
        escalation.sweep(march(11))  # the rung of the tenth
        self.assertEqual(self.level(), "county")

    def test_one_climb_by_hand_stands_for_one_late_rung_and_not_for_that_of_its_own_day_too(self) -> None:
        self.lift(march(12, 8, 0))
        done = escalation.sweep(march(12))  # the rungs of the tenth and of the twelfth
        self.assertEqual((self.level(), done.not_escalated["already_climbed"]), ("city", 1))
        self.assertEqual([event[:2] for event in self.events()][-2:], [("alerted", "late1"), ("climbed", "late3")])

    def test_a_later_sweep_knows_for_which_rung_the_climb_by_hand_stood(self) -> None:
        self.lift(march(12, 8, 0))
        escalation.sweep(march(12, 8, 30))  # only what fell before the twelfth
        self.assertEqual(self.level(), "county")
        escalation.sweep(march(12))
        self.assertEqual(self.level(), "city")

    def test_two_clocks_late_by_one_night_and_one_climb_by_hand_are_one_climb(self) -> None:
        clocks.start(self.claim, "JC-ACCEPT", TODAY, now=NOW, about_id=self.claim.pk)
        self.lift(march(11, 8, 0))
        done = escalation.sweep(march(11))
        self.assertEqual((self.level(), done.not_escalated["already_climbed"]), ("county", 2))

    def test_nobody_lifts_by_hand_what_the_ladder_lifted_the_same_day(self) -> None:
        escalation.sweep(march(10))
        with self.assertRaises(Refused) as refused:
            self.lift(march(10, 10), self.county)
        self.assertEqual((refused.exception.code, self.level()), ("climbed_today", "county"))
        self.lift(march(11), self.county)
        self.assertEqual(self.level(), "city")

    def test_by_hand_too_a_claim_climbs_past_a_vacant_level_and_never_to_where_nobody_is(self) -> None:
        Posting.objects.filter(person=self.county).delete()
        self.lift(march(3))
        self.assertEqual(self.level(), "city")

    def test_by_hand_nothing_climbs_to_where_nobody_is(self) -> None:
        Posting.objects.filter(person__in=(self.county, self.city)).delete()
        with self.assertRaises(Refused) as refused:
            self.lift(march(3))
        self.assertEqual((refused.exception.code, self.level()), ("vacant", "township"))


class Ordering(Scene, CastTestCase):
    """The last rung, of the sixteenth, orders a reply in the name of the city."""

    def setUp(self) -> None:
        self.make_scene(handler=self.grid_worker)

    def leave(self, *people: Person) -> None:
        Posting.objects.filter(person__in=people).delete()

    def way(self, level: str, city: bool) -> tuple[str, str] | None:
        return way_of(Roster(TODAY), level, "321322101", reports_to_city=city)

    def test_the_level_in_charge_is_asked_by_the_one_above_or_by_the_city(self) -> None:
        self.assertEqual(self.way("township", False), ("township", "county"))
        self.assertEqual(self.way("township", True), ("township", "city"))
        self.assertEqual(self.way("county", False), ("county", "city"))
        self.assertEqual(self.way("city", True), ("county", "city"))

    def test_past_a_vacant_post_the_next_filled_level_is_asked_upward_first(self) -> None:
        self.leave(self.chief)
        self.assertEqual(self.way("township", False), ("county", "city"))
        self.assertEqual(self.way("township", True), ("township", "city"))  # the county answers in its place

    def test_where_nobody_above_could_sign_the_next_filled_level_below_is_asked(self) -> None:
        self.leave(self.county)
        self.assertEqual(self.way("city", True), ("township", "city"))
        self.assertEqual(self.way("county", False), ("township", "city"))
        self.leave(self.chief)
        self.assertIsNone(self.way("city", True))
        self.assertIsNone(self.way("township", False))

    def test_who_holds_the_post_and_is_away_is_asked_and_finds_it_in_the_inbox(self) -> None:
        self.leave(self.chief)
        Leave.objects.create(person=self.county, starts_on=TODAY, ends_on=date(2026, 3, 31))
        escalation.sweep(march(16))
        order = Order.objects.get()
        self.assertEqual((order.level, order.from_level), ("county", "city"))
        self.assertIn("xianan", self.told(kind="order_issued"))

    def test_an_order_goes_past_a_vacant_county_to_the_township(self) -> None:
        self.leave(self.county)
        done = escalation.sweep(march(16))
        order = Order.objects.get()
        self.assertEqual((order.level, order.from_level, self.level()), ("township", "city", "city"))
        self.assertEqual(set(self.told(kind="order_issued")), {"zhangzhen"})
        self.assertEqual((done.escalated[-1]["orders"], done.not_escalated["unaddressed"]), ("township", 0))
        self.assertFalse(Task.objects.exists())

    def test_where_nobody_could_sign_none_is_issued_and_one_task_asks_for_people(self) -> None:
        self.leave(self.county, self.chief)
        for _other in range(2):
            other = self.make_claim()
            Clock.objects.filter(claim=other).exclude(rule_id="JC-ACCEPT").delete()
        dry = escalation.sweep(march(16), dry_run=True)
        self.assertFalse(Task.objects.exists())
        done = escalation.sweep(march(16))
        self.assertEqual((dry.not_escalated["unaddressed"], done.not_escalated["unaddressed"]), (3, 3))
        self.assertEqual((done.escalated[-1]["orders"], Order.objects.count()), (None, 0))
        task = Task.objects.get()
        self.assertEqual((task.owner, task.path, task.subject_id is not None), (self.administrator, "/people/vacancies/", True))
        self.assertEqual(tasklist.words(task)[0], "沭阳县陇集镇没有人可以签收督办单")
        last = Event.objects.filter(claim=self.claim, facts__rung="late5").get()
        self.assertIn("应当下达督办单，但没有人可以签收，已请管理员补充人员", tell(last).notes)

    def test_with_nobody_to_fill_the_posts_the_sweep_goes_on(self) -> None:
        self.leave(self.county, self.chief, self.administrator)
        with self.assertLogs("arrears.escalation.ordering", "ERROR"):
            escalation.sweep(march(16))
        self.assertEqual((Order.objects.count(), Task.objects.count()), (0, 0))


class Recipients(Scene, CastTestCase):
    def setUp(self) -> None:
        self.make_scene()

    def test_without_a_handler_the_leads_answer(self) -> None:
        escalation.sweep(march(6))
        self.assertEqual(self.told(), Counter(zhangzhen=1))

    def test_a_handler_who_is_away_or_has_moved_does_not_answer(self) -> None:
        Claim.objects.update(handler=self.grid_worker)
        Leave.objects.create(person=self.grid_worker, starts_on=date(2026, 3, 6), ends_on=date(2026, 3, 6))
        escalation.sweep(march(6))
        self.grid_worker.postings.update(region="321322102")
        escalation.sweep(march(9))
        self.assertEqual(self.told(), Counter(zhangzhen=2))

    def test_a_vacant_post_is_skipped_upward_and_named(self) -> None:
        self.chief.postings.all().delete()
        done = escalation.sweep(march(6))
        self.assertEqual((self.told(), done.escalated[0]["vacant"]), (Counter(xianan=1), ["township"]))
        self.assertEqual(Event.objects.get(kind="alerted").facts["vacant"], ["township"])

    def test_a_claim_climbs_past_a_level_whose_post_is_vacant(self) -> None:
        Watch.objects.update(rung=2, next_at=march(10, 9, 0))
        self.county.postings.all().delete()
        done = escalation.sweep(march(10))
        self.assertEqual((self.level(), done.escalated[0]["climbs_to"]), ("city", "city"))
        self.assertEqual((self.told(), done.escalated[0]["vacant"]), (Counter(zhangzhen=1, shidu=1), ["county"]))

    def test_a_claim_never_climbs_to_where_nobody_is(self) -> None:
        Watch.objects.update(rung=2, next_at=march(10, 9, 0))
        self.county.postings.all().delete()
        self.city.postings.all().delete()
        done = escalation.sweep(march(10))
        self.assertEqual((self.level(), self.told()), ("township", Counter(zhangzhen=1)))
        self.assertEqual((done.not_escalated["vacant"], done.escalated[0]["vacant"]), (1, ["county", "city"]))
        self.assertEqual(self.events(), [("alerted", "late1", "township")])

    def test_when_nobody_is_left_it_is_counted_and_stands_in_the_history(self) -> None:
        for person in (self.chief, self.county, self.city):
            person.postings.all().delete()
        done = escalation.sweep(march(6))
        self.assertEqual((done.not_escalated["nobody"], self.told()), (1, Counter()))
        self.assertEqual(Event.objects.get(kind="alerted").facts["vacant"], ["township", "county", "city"])
        self.assertEqual((Watch.objects.get().rung, Watch.objects.get().next_at), (0, march(9, 9, 0)))

    def test_what_nobody_could_be_told_is_said_again_once_somebody_is_there(self) -> None:
        Watch.objects.update(rung=4, next_at=march(16, 9, 0))  # the last one
        held = {person: list(person.postings.all()) for person in (self.chief, self.county, self.city)}
        for person in held:
            person.postings.all().delete()
        for day in (16, 17, 17):
            escalation.sweep(march(day))
        # the administrator is asked to fill the posts; an order would reach nobody
        self.assertEqual((self.told(), len(self.events()), Order.objects.count()), (Counter({"guanli": 1}), 2, 0))
        self.assertEqual(Task.objects.get().owner, self.administrator)
        Posting.objects.bulk_create(held[self.city])
        escalation.sweep(march(18))
        self.assertEqual((self.told(kind="clock_late"), Watch.objects.filter(clock=self.clock).exists()), (Counter(shidu=1), False))

    def test_the_top_level_cannot_climb_and_is_told(self) -> None:
        Claim.objects.update(level="city")
        Watch.objects.update(rung=2, next_at=march(10, 9, 0))
        done = escalation.sweep(march(10))
        self.assertEqual((self.level(), self.told(), done.not_escalated["top_level"]), ("city", Counter(shidu=1), 1))
        self.assertEqual(Notice.objects.filter(channel="in_app").get().kind, "clock_late")

    def test_somebody_in_two_seats_is_told_once(self) -> None:
        Claim.objects.update(handler=self.chief)
        escalation.sweep(march(9))
        self.assertEqual(self.told(), Counter(zhangzhen=1))


class CatchingUp(Scene, CastTestCase):
    def setUp(self) -> None:
        self.make_scene(handler=self.grid_worker)

    def test_after_a_missed_week_all_rungs_are_fired_in_order_and_nobody_is_flooded(self) -> None:
        done = escalation.sweep(march(16))
        self.assertEqual(done.counts, Counter(clocks=1, rungs=5, climbed=2, notices=8))
        self.assertEqual(self.events(), [
            ("alerted", "near", "township"), ("alerted", "due", "township"), ("climbed", "late1", "county"),
            ("climbed", "late3", "city"), ("alerted", "late5", "city"),
        ])  # fmt: skip
        alerts = Notice.objects.filter(channel="in_app").exclude(kind="order_issued")
        self.assertEqual(Counter(alerts.values_list("recipient__username", flat=True)), Counter(wangge=1, zhangzhen=1, xianan=1, shidu=1))
        latest = dict(alerts.values_list("recipient__username", "key"))
        rungs = {person: key.rsplit(":", 1)[1] for person, key in latest.items()}
        self.assertEqual(rungs, {"wangge": "late1", "zhangzhen": "late1", "xianan": "late3", "shidu": "late5"})

    def test_the_level_is_the_same_as_if_no_day_had_been_missed(self) -> None:
        escalation.sweep(march(16))
        self.assertEqual((self.level(), Watch.objects.filter(clock=self.clock).exists()), ("city", False))

    def test_a_second_sweep_at_once_changes_nothing(self) -> None:
        escalation.sweep(march(12))
        before = self.everything()
        self.assertEqual(escalation.sweep(march(12)).counts["clocks"], 0)
        self.assertEqual(self.everything(), before)

    def test_a_watch_set_back_by_mistake_tells_and_climbs_nothing_twice(self) -> None:
        escalation.sweep(march(12))
        before = self.everything()
        Watch.objects.update(rung=2, next_at=march(10, 9, 0))
        done = escalation.sweep(march(12))
        self.assertEqual(done.not_escalated["already_told"], 2)
        self.assertEqual(self.everything(), before)

    def test_a_date_that_moved_is_something_new_to_say(self) -> None:
        escalation.sweep(march(9))
        Clock.objects.update(due_on=date(2026, 3, 11))
        Watch.objects.update(rung=1, next_at=march(11, 9, 0))
        escalation.sweep(march(11))
        keys = Notice.objects.filter(key__endswith=":due").values_list("key", flat=True).distinct()
        self.assertEqual({key.split(":")[1] for key in keys}, {"2026-03-09", "2026-03-11"})

    def test_a_limit_leaves_the_rest_for_the_next_sweep(self) -> None:
        for _ in range(4):
            self.make_claim()
        Clock.objects.exclude(rule_id="JC-ACCEPT").delete()
        taken = [escalation.sweep(march(6), limit=2).counts["clocks"] for _ in range(4)]
        self.assertEqual(taken, [2, 2, 1, 0])

    def test_the_task_takes_everything_that_is_due(self) -> None:
        for _ in range(4):
            self.make_claim()
        with patch.object(tasks, "AT_ONCE", 3), patch.object(run, "BATCH", 2):
            due = Watch.objects.filter(next_at__lte=datetime.now(SHANGHAI)).count()
            self.assertGreaterEqual(tasks.sweep(), due)
        self.assertFalse(Watch.objects.filter(next_at__lte=datetime.now(SHANGHAI)).exists())


class OutOfTime(Scene, CastTestCase):
    """A task whose time is up is told so by an exception that may come anywhere; a second one never comes."""

    def setUp(self) -> None:
        for _ in range(4):
            self.make_claim()
        Clock.objects.exclude(rule_id="JC-ACCEPT").delete()
        Watch.objects.update(next_at=march(6))
        self.enterContext(patch.object(run, "BATCH", 2))

    def due(self) -> int:
        return Watch.objects.filter(next_at__lte=datetime.now(SHANGHAI)).count()

    def test_what_a_sweep_had_done_stays_the_next_one_does_the_rest_and_only_that_one_has_ended(self) -> None:
        write, batches = run.write, iter([True, False])

        def stop_in_the_second(*given: Any) -> Any:
            if not next(batches):
                raise SoftTimeLimitExceeded
            return write(*given)

        with patch.object(run, "write", stop_in_the_second), self.assertRaises(SoftTimeLimitExceeded):
            tasks.sweep()
        self.assertEqual((self.due(), rounds.last(rounds.SWEEP)), (2, None))
        tasks.sweep()
        self.assertEqual((self.due(), Event.objects.filter(facts__rung="late5").count()), (0, 4))
        self.assertIsNotNone(rounds.last(rounds.SWEEP))

    def test_a_step_beside_the_sweep_that_takes_all_the_time_keeps_no_rung_back_and_is_no_sweep_that_ended(self) -> None:
        for step in ("suspending.wake_due", "realign"):
            with self.subTest(step), transaction.atomic():
                with patch(f"arrears.tasks.{step}", side_effect=SoftTimeLimitExceeded), self.assertRaises(SoftTimeLimitExceeded):
                    tasks.sweep()
                self.assertEqual((self.due(), rounds.last(rounds.SWEEP)), (0, None))
                transaction.set_rollback(True)

    def test_however_long_the_other_steps_take_a_sweep_that_ends_has_swept(self) -> None:
        with patch.object(tasks, "PATIENCE", 0):
            tasks.sweep()
        self.assertEqual(self.due(), 0)
        self.assertEqual(rounds.last(rounds.SWEEP).counts["clocks"], 4)


class DryRun(Scene, CastTestCase):
    def test_it_says_exactly_what_a_sweep_would_do_and_writes_nothing(self) -> None:
        self.make_scene(handler=self.grid_worker)
        for _ in range(4):
            self.make_claim(person=self.chief)
        clocks.start(self.claim, "CLOSE-5", TODAY, now=NOW)
        before = self.everything()
        with patch.object(run, "BATCH", 2):  # so that clocks of one claim are planned in different batches
            dry = escalation.sweep(march(31), dry_run=True)
            self.assertEqual(self.everything(), before)
            real = escalation.sweep(march(31))
        self.assertEqual((dry.counts, dry.not_escalated), (real.counts, real.not_escalated))
        self.assertEqual(dry.escalated, real.escalated)
        self.assertTrue(dry.dry_run)

    def test_it_takes_no_locks(self) -> None:
        self.make_scene()
        with patch.object(run, "locked", side_effect=AssertionError), patch.object(run, "write", side_effect=AssertionError):
            self.assertEqual(escalation.sweep(march(6), dry_run=True).counts["rungs"], 1)


class Silence(Scene, CastTestCase):
    def setUp(self) -> None:
        self.make_scene()

    def test_closed_claims_are_silent_even_if_a_watch_was_left_behind(self) -> None:
        Claim.objects.update(stage="closed")
        done = escalation.sweep(march(16))
        self.assertEqual((done.not_escalated, self.told(), self.events()), (Counter(closed=1), Counter(), []))
        self.assertFalse(Watch.objects.exists())

    def test_ended_clocks_are_silent_even_if_a_watch_was_left_behind(self) -> None:
        Clock.objects.update(ended_on=TODAY, was_met=True)
        self.assertEqual(escalation.sweep(march(16)).not_escalated, Counter(met=1))
        self.assertFalse(Watch.objects.exists())

    def test_every_clock_that_is_not_due_has_its_reason(self) -> None:
        done, waiting, closed = (self.make_claim() for _ in range(3))
        Clock.objects.exclude(rule_id="JC-ACCEPT").delete()
        casework.advance(done, "accept", None, now=NOW)
        done.clocks.filter(ended_on=None).delete()
        Watch.objects.filter(clock__claim=waiting).delete()
        casework.advance(closed, "reject", None, now=NOW, ground="out_of_scope", reason="不属于劳动关系")
        self.assertEqual(escalation.standing(NOW), Counter(not_due_yet=1, ladder_done=1, met=1, closed=1))

    def test_a_poison_row_waits_is_logged_and_stops_no_other(self) -> None:
        broken = self.make_claim().clocks.get(rule_id="JC-ACCEPT")
        Clock.objects.exclude(rule_id="JC-ACCEPT").delete()
        Clock.objects.filter(pk=broken.pk).update(rule_id="NO-SUCH-RULE")
        with self.assertLogs("arrears.escalation", "ERROR"):
            done = escalation.sweep(march(6))
        self.assertEqual((done.counts["rungs"], done.not_escalated["faulty"]), (1, 1))
        self.assertEqual(Watch.objects.get(clock=broken).next_at, march(6, 10, 30))

    def test_a_row_the_database_refuses_is_found_and_stops_no_other(self) -> None:
        for _ in range(4):
            self.make_claim()
        Clock.objects.exclude(rule_id="JC-ACCEPT").delete()
        write, bad = run.write, Watch.objects.order_by("pk")[2].pk

        def refusing(plans: list, now: datetime) -> list:
            happened = write(plans, now)
            if bad in {plan.call.watch.pk for plan in plans}:
                Notice.objects.create(key="k" * 200, recipient=self.chief, channel="in_app", kind="x", created_at=now)
            return happened

        with patch.object(run, "write", refusing), self.assertLogs("arrears.escalation", "ERROR"):
            done = escalation.sweep(march(6))
        self.assertEqual((done.counts["rungs"], len(self.events())), (4, 4))
        self.assertEqual(Watch.objects.get(pk=bad).next_at, march(6, 10, 30))


    def test_a_row_that_cannot_be_put_into_words_is_found_and_stops_no_other(self) -> None:
        others = [self.make_claim() for _ in range(4)]
        Clock.objects.exclude(rule_id="JC-ACCEPT").delete()
        follow_up, bad = run.follow_up, others[2].clocks.get().pk

        def stumbling(plans: list, *given: object) -> None:
            if bad in {plan.call.watch.pk for plan in plans}:
                raise KeyError("an answer that is not there")
            follow_up(plans, *given)

        with patch.object(run, "follow_up", stumbling), self.assertLogs("arrears.escalation", "ERROR"):
            done = escalation.sweep(march(6))
        self.assertEqual((done.counts["rungs"], len(self.events())), (4, 4))
        self.assertEqual(Watch.objects.get(pk=bad).next_at, march(6, 10, 30))


class OfReferrals(Scene, CastTestCase):
    """Sent on Monday 2 March: to be signed for by Wednesday 4th; near and due fall on that day."""

    def setUp(self) -> None:
        self.make_scene()
        casework.advance(self.claim, "accept", self.chief, now=NOW, conditions=True)
        self.referral = referrals.refer(
            self.claim, self.county, now=NOW, kind="support", body=self.procuratorate, summary="请支持起诉"
        )
        Clock.objects.filter(about_id=None).delete()
        Notice.objects.all().delete()

    def test_the_body_the_sender_and_then_their_superior_are_told(self) -> None:
        for day, people in ((4, {"jiancha", "xianan"}), (6, {"jiancha", "xianan", "shidu"}), (11, {"xianan", "shidu"})):
            escalation.sweep(march(day))
            rows = Notice.objects.filter(created_at=march(day), channel="in_app")
            self.assertEqual(set(rows.values_list("recipient__username", flat=True)), people, day)
        self.assertEqual(self.level(), "township")

    def test_the_body_is_told_as_a_body_and_led_to_the_referral(self) -> None:
        escalation.sweep(march(4))
        body = Notice.objects.get(recipient=self.partner, channel="in_app")
        self.assertEqual((body.body, body.region_code, body.path), (self.procuratorate, "", f"/referrals/{self.referral.pk}/"))
        sender = Notice.objects.get(recipient=self.county, channel="in_app")
        self.assertEqual((sender.body, sender.region_code), (None, "321322101"))
        self.assertEqual({body.kind, sender.kind}, {"answer_near"})

    def test_a_body_that_nobody_answers_for_leaves_it_to_the_sender(self) -> None:
        self.partner.postings.all().delete()
        with patch.object(run, "BATCH", 1):
            done = escalation.sweep(march(4, 9, 0))
        self.assertEqual((self.told(), done.escalated[0]["vacant"]), (Counter(xianan=1), ["body"]))

    def test_a_body_without_accounts_is_called_by_its_link_on_every_rung_beside_the_sender(self) -> None:
        self.partner.postings.all().delete()
        link = links.issue(self.referral, self.county, now=NOW, name="王检", post="科长", email="w@example.test", way="email")
        Notice.objects.all().delete()
        planned = escalation.sweep(march(4, 9, 0), dry_run=True)
        self.assertFalse(Notice.objects.exists())
        for day in (4, 6):
            done = escalation.sweep(march(day, 9, 0))
            rows = Notice.objects.filter(created_at=march(day, 9, 0), addressee_kind="reply_link")
            self.assertEqual(list(rows.values_list("addressee_id", "channel")), [(link.pk, "email")], day)
            self.assertEqual(done.counts["notices"], Notice.objects.filter(created_at=march(day, 9, 0)).exclude(addressee_kind="robot").count())
            said = done.escalated[-1]
            self.assertIn(("王检（科长）", "body"), {(one["name"], one["role"]) for one in said["told"]})
            self.assertEqual(said["vacant"], [])
        named = [name for event in Event.objects.filter(kind="alerted", at=march(4, 9, 0)) for name in event.facts.get("told", ())]
        self.assertIn("王检（科长）", named)
        self.assertIn("王检（科长）", {one["name"] for one in planned.escalated[-1]["told"]})
        links.revoke(link, self.county, now=march(6))
        self.assertEqual(escalation.sweep(march(11, 9, 0)).escalated[-1]["vacant"], [])  # the last rung tells no body
        self.assertEqual(Notice.objects.filter(created_at=march(11, 9, 0), addressee_kind="reply_link").count(), 0)

    def test_a_sender_who_is_gone_is_stood_in_for_by_the_county(self) -> None:
        other = self.county_b
        Referral.objects.update(sent_by=other)
        escalation.sweep(march(4))
        self.assertEqual(self.told(), Counter(jiancha=1, xianan=1))

    def test_a_referral_that_does_not_exist_is_a_faulty_row(self) -> None:
        Clock.objects.update(about_id=self.claim.pk)
        with self.assertLogs("arrears.escalation", "ERROR"):
            self.assertEqual(escalation.sweep(march(4)).not_escalated, Counter(faulty=1))

    def test_a_mediations_clock_reminds_and_never_lifts_the_claim(self) -> None:
        Clock.objects.all().delete()
        clocks.start(self.claim, "MED-ARRANGE-5", TODAY, now=NOW, about_id=self.referral.pk)
        done = escalation.sweep(march(31))
        self.assertEqual((done.counts["rungs"], self.level()), (3, "township"))
        self.assertEqual(set(Notice.objects.values_list("path", flat=True)), {f"/claims/{self.claim.pk}/"})


class AtOnce(Scene, TransactionTestCase):
    """Real connections: locks are seen by others, and rows others hold are left alone."""

    def setUp(self) -> None:
        self.make_cast()

    def claims(self, count: int) -> None:
        for _ in range(count):
            self.make_claim(person=self.grid_worker)

    def in_threads(self, *steps: Callable[[], object]) -> None:
        start = Barrier(len(steps))

        def go(step: Callable[[], object]) -> None:
            start.wait()
            try:
                step()
            finally:
                connection.close()

        threads = [Thread(target=go, args=(step,)) for step in steps]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def test_parallel_sweeps_share_the_work_and_double_nothing(self) -> None:
        self.claims(12)
        with patch.object(run, "BATCH", 3):
            self.in_threads(*[lambda: escalation.sweep(march(16))] * 3)
            escalation.sweep(march(16))  # what a lock kept from all of them
        self.assertFalse(Watch.objects.filter(next_at__lte=march(16)).exists())
        self.assertEqual(set(Claim.objects.values_list("level", flat=True)), {"city"})
        climbs = Counter(Event.objects.filter(kind="climbed").values_list("claim", "facts__rung"))
        self.assertEqual((len(climbs), set(climbs.values())), (24, {1}))
        told = Counter(Notice.objects.values_list("key", "recipient", "channel"))
        self.assertEqual((len(told), set(told.values())), (Notice.objects.count(), {1}))

    def test_a_claim_somebody_works_on_waits_and_nobody_waits_for_it(self) -> None:
        self.claims(2)
        Clock.objects.exclude(rule_id="JC-ACCEPT").delete()
        held = Claim.objects.order_by("pk")[0]
        results: list[Sweep] = []
        with transaction.atomic():
            Claim.objects.select_for_update().get(pk=held.pk)
            self.in_threads(lambda: results.append(escalation.sweep(march(6))))
        [done] = results
        self.assertEqual((done.counts["rungs"], done.not_escalated["busy"]), (1, 1))
        self.assertEqual(escalation.sweep(march(6)).counts["rungs"], 1)

    def test_a_sweep_that_dies_midway_leaves_whole_batches_only(self) -> None:
        self.claims(6)
        Clock.objects.exclude(rule_id="JC-ACCEPT").delete()
        rewind, batches = run.rewind, iter([True, False])

        def die_in_the_second(plans: list) -> None:
            if not next(batches):
                raise SystemExit
            rewind(plans)

        with patch.object(run, "BATCH", 2), patch.object(run, "rewind", die_in_the_second), self.assertRaises(SystemExit):
            escalation.sweep(march(12))
        self.assertEqual(Claim.objects.exclude(level="township").count(), 2)
        self.assertEqual(Event.objects.filter(kind="climbed").count(), 4)
        escalation.sweep(march(12))
        self.assertEqual(Event.objects.filter(kind="climbed").count(), 12)
        told = Counter(Notice.objects.values_list("key", "recipient", "channel"))
        self.assertEqual(set(told.values()), {1})


class Cost(Scene, CastTestCase):
    def test_a_batch_costs_the_same_number_of_queries_for_three_claims_and_for_three_hundred(self) -> None:
        for claims in (3, 300):
            while Claim.objects.count() < claims:
                self.make_claim(person=self.grid_worker)
            Clock.objects.exclude(rule_id="JC-ACCEPT").delete()
            Watch.objects.update(rung=2, next_at=march(10, 9, 0))
            with patch.object(run, "PART", 1000), self.assertNumQueries(22):
                escalation.sweep(march(10))
