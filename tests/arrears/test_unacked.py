"""签收: a rung that nobody it told acknowledges in time brings the next one forward. The claim of a scene is due on
Monday 9 March 2026; `due` and the late rungs ask to be acknowledged within a working day, so at nine on the next one."""

import random
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from arrears import escalation
from arrears.answerable import Places, calls_to_come
from arrears.calendars import calendar_now
from arrears.escalation import run
from arrears.handover import hand_over
from arrears.ladders import DUE, Rung, ladder_of
from arrears.ladders.changes import Draft, publish, realign
from arrears.models import Claim, Clock, Event, Ladder, Order, Watch
from arrears.telling import tell
from arrears.timing import clocks
from grid import roles
from grid.alerts import acknowledge, unanswered
from grid.days import SHANGHAI, day_of
from grid.duty import Roster
from grid.models import Notice
from grid.notices import words
from tests.arrears.test_escalation import AtOnce as Parallel
from tests.arrears.test_escalation import Scene
from tests.base import NOW, TODAY, CastTestCase, make_person

# A ladder that leaves room between its rungs.
SLOW = (
    Rung("due", "到期", ("handler", "level"), working_days=0, ack_days=2),
    Rung("late5", "逾期五个工作日", ("level", "above"), working_days=5, climbs=True, urgency="late", ack_days=1),
    Rung("late9", "逾期九个工作日", ("level", "city"), working_days=9, urgency="late", order_days=3),
)


def march(day: int, hour: int = 9, minute: int = 30) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


class OnSlowLadder(Scene, CastTestCase):
    def setUp(self) -> None:
        self.make_scene(handler=self.grid_worker)
        self.ladder = self.publish(SLOW)
        self.clock = Clock.objects.get()

    def publish(self, rungs: tuple[Rung, ...], now: datetime = NOW) -> Ladder:
        draft = Draft("legal", rungs=rungs, valid_from=day_of(now))
        return publish(draft, self.administrator, now=now, note="试行", replaces=Ladder.objects.count())

    def watch(self) -> tuple[int, datetime, str]:
        row = Watch.objects.get(clock=self.clock)
        return (row.rung, row.next_at.astimezone(SHANGHAI), row.cause)

    def alerts(self) -> Any:
        return Notice.objects.filter(channel="in_app", kind__in=("clock_near", "clock_late", "rung_unacked", "claim_climbed", "climbed_unacked"))

    def acknowledge(self, username: str, now: datetime) -> None:
        changed = self.alerts().filter(recipient__username=username).update(acknowledged_at=now)
        self.assertGreater(changed, 0)

    def rungs(self) -> list[tuple[str, str, str]]:
        """kind, rung and cause of what was fired, in order."""
        rows = Event.objects.filter(kind__in=("climbed", "alerted")).order_by("id")
        return [(row.kind, row.facts["rung"], row.facts.get("cause", "time")) for row in rows]


class Waiting(OnSlowLadder):
    def test_everybody_told_is_asked_and_the_watch_waits_for_the_earlier_of_the_two(self) -> None:
        escalation.sweep(march(9))
        self.assertEqual(set(self.alerts().values_list("ack_by", flat=True)), {march(11, 9, 0)})
        self.assertEqual(self.watch(), (1, march(11, 9, 0), "unacked"))

    def test_who_took_the_case_over_keeps_the_next_rung_away(self) -> None:
        """The leaver's alert goes with the case; the chief who was told beside them stays asked."""
        escalation.sweep(march(9))
        heir = make_person("wange", "万阁", roles.GRID_WORKER, "321322101")
        self.grid_worker.postings.update(ends_on=march(9).date())
        hand_over(self.grid_worker, [heir], self.chief, now=march(10), reason="调离岗位")
        self.assertEqual(set(self.alerts().filter(state="sent").values_list("recipient__username", flat=True)), {"wange", "zhangzhen"})
        acknowledge(unanswered(heir).get(), heir, march(10), "接手办理")
        escalation.sweep(march(11))
        self.assertEqual((self.rungs(), self.watch()[2]), ([("alerted", "due", "time")], "time"))

    def test_a_rung_that_asks_nobody_leaves_the_next_one_its_own_time(self) -> None:
        self.publish((Rung("before1", "还剩一天", ("handler",), working_days=-1), *SLOW))
        escalation.sweep(march(6))
        self.assertEqual((self.watch(), set(self.alerts().values_list("ack_by", flat=True))), ((1, march(9, 9, 0), "time"), {None}))

    def test_silence_fires_the_next_rung_before_its_time_and_says_why(self) -> None:
        escalation.sweep(march(9))
        done = escalation.sweep(march(11))
        self.assertEqual(self.rungs(), [("alerted", "due", "time"), ("climbed", "late5", "unacked")])
        self.assertEqual((self.level(), done.escalated[0]["cause"]), ("county", "unacked"))
        title, text = words(self.alerts().get(recipient=self.county))
        self.assertEqual(title, f"{self.claim.number} 已提级至县级")
        self.assertIn("上一次提醒又逾期无人签收", text)
        self.assertEqual(self.watch(), (2, march(12, 9, 0), "unacked"))

    def test_a_rung_before_its_time_that_does_not_climb_says_so_in_its_title(self) -> None:
        escalation.sweep(march(9))
        escalation.sweep(march(11))
        escalation.sweep(march(12))
        told = tell(Event.objects.get(facts__rung="late9"))
        self.assertTrue(told.title.endswith("应于 2026-03-09 前完成（原定：逾期九个工作日）"), told.title)
        self.assertIn("上一次提醒逾期无人签收，因此提前发出", told.notes)
        title, text = words(self.alerts().filter(recipient=self.city).get())
        self.assertEqual(title, f"{self.claim.number}：上一次提醒无人签收，提前督办")
        self.assertIn("系统提前发出“逾期九个工作日”", text)
        order = Order.objects.get()
        self.assertEqual((order.level, order.from_level, order.reply_by), ("county", "city", date(2026, 3, 17)))

    def test_one_who_acknowledges_is_enough_and_the_next_rung_keeps_its_time(self) -> None:
        escalation.sweep(march(9))
        self.acknowledge("zhangzhen", march(10))
        done = escalation.sweep(march(11))
        self.assertEqual((self.rungs(), done.not_escalated), ([("alerted", "due", "time")], Counter(acknowledged=1)))
        self.assertEqual(self.watch(), (1, march(16, 9, 0), "time"))
        escalation.sweep(march(16))
        self.assertEqual(self.rungs()[-1], ("climbed", "late5", "time"))

    def test_a_snooze_moves_the_end_of_the_wait_but_never_beyond_the_next_rungs_own_time(self) -> None:
        escalation.sweep(march(9))
        self.alerts().filter(recipient=self.chief).update(snoozed_until=march(12, 15))
        done = escalation.sweep(march(11))
        self.assertEqual((done.not_escalated, self.watch()), (Counter(put_off=1), (1, march(12, 15), "unacked")))
        self.alerts().filter(recipient=self.chief).update(snoozed_until=march(31))
        escalation.sweep(march(12, 16))
        self.assertEqual(self.watch(), (1, march(16, 9, 0), "time"))
        self.assertEqual(len(self.rungs()), 1)

    def test_when_nobody_could_be_told_nobody_is_waited_for(self) -> None:
        for person in (self.grid_worker, self.chief, self.county, self.city):
            person.postings.all().delete()
        escalation.sweep(march(9))
        self.assertEqual(self.watch(), (0, march(10, 9, 0), "time"))  # it is said again

    def test_missed_days_fire_what_fell_due_and_only_the_last_rung_asks(self) -> None:
        escalation.sweep(march(17))
        asked = {row.key.rsplit(":", 1)[1] for row in self.alerts().exclude(ack_by=None)}
        self.assertEqual((self.rungs(), asked), ([("alerted", "due", "time"), ("climbed", "late5", "time")], {"late5"}))
        self.assertEqual(self.watch(), (2, march(18, 9, 0), "unacked"))

    def test_a_second_sweep_and_a_watch_set_back_change_nothing(self) -> None:
        for day in (9, 11):
            escalation.sweep(march(day))
            before = self.everything()
            self.assertEqual(escalation.sweep(march(day)).counts["rungs"], 0)
            Watch.objects.filter(clock=self.clock).update(rung=0, next_at=march(9, 9, 0), cause="time")
            escalation.sweep(march(day))
            self.assertEqual(self.everything(), before)

    def test_a_dry_run_says_the_same(self) -> None:
        for day in (9, 11, 12):
            dry = escalation.sweep(march(day), dry_run=True)
            real = escalation.sweep(march(day))
            self.assertEqual((dry.escalated, dry.counts, dry.not_escalated), (real.escalated, real.counts, real.not_escalated))

    def test_what_comes_next_says_when_it_would_come_early(self) -> None:
        escalation.sweep(march(9))
        roster, places = Roster(date(2026, 3, 9)), Places(self.claim.region_id)

        def early() -> Any:
            clock = Clock.objects.select_related("watch", "claim").get(pk=self.clock.pk)
            return calls_to_come(clock, clock.claim, roster, places, calendar_now())[0].early_at

        self.assertEqual(early(), march(11, 9, 0))
        self.acknowledge("wangge", march(10))
        self.assertIsNone(early())

    def test_a_date_that_moves_ends_the_wait_and_one_that_stands_does_not(self) -> None:
        escalation.sweep(march(9))
        claim = Claim.objects.get(pk=self.claim.pk)
        for has_moved, waits in ((False, (1, march(11, 9, 0), "unacked")), (True, (0, march(13, 9, 0), "time"))):
            clock = Clock.objects.select_related("watch").get(pk=self.clock.pk)
            if has_moved:
                clock.due_on = date(2026, 3, 13)
            book = clocks.book_now()
            row = clocks.moved_watch(clock, claim, book, calendar_now(), march(10), has_moved=has_moved)
            self.assertEqual((row.rung, row.next_at.astimezone(SHANGHAI), row.cause), waits)


class Climbing(OnSlowLadder):
    def test_a_climbing_rung_never_comes_before_the_due_day_is_over(self) -> None:
        before = Rung("before3", "还剩三个工作日", ("handler", "level"), working_days=-3, ack_days=1)
        self.publish((before, SLOW[1]))
        escalation.sweep(march(4))
        self.assertEqual(self.watch(), (1, march(10, 9, 0), "unacked"))
        self.assertEqual(escalation.sweep(march(9)).counts["clocks"], 0)
        escalation.sweep(march(10))
        self.assertEqual((self.level(), self.rungs()[-1]), ("county", ("climbed", "late5", "unacked")))

    def test_a_silent_claim_is_lifted_once_a_day_at_most(self) -> None:
        ladder = tuple(
            Rung(f"late{day}", f"逾期{day}", ("level",), working_days=day, climbs=True, urgency="late", ack_days=1) for day in (1, 9, 18)
        )
        self.publish(ladder)
        levels = []
        for day in (10, 11, 12):
            escalation.sweep(march(day))
            escalation.sweep(march(day))
            levels.append(self.level())
        self.assertEqual(levels, ["county", "city", "city"])


class Switching(OnSlowLadder):
    def test_the_wait_goes_on_on_a_new_ladder(self) -> None:
        escalation.sweep(march(9))
        other = Rung("late4", "逾期四个工作日", ("level", "above"), working_days=4, urgency="late")
        row = self.publish((SLOW[0], other), now=march(10))
        self.assertEqual((self.watch(), Watch.objects.get(clock=self.clock).ladder_id), ((1, march(11, 9, 0), "unacked"), row.pk))
        escalation.sweep(march(11))
        self.assertEqual(self.rungs()[-1], ("alerted", "late4", "unacked"))

    def test_a_rung_that_came_early_is_not_called_again_by_a_new_ladder(self) -> None:
        escalation.sweep(march(9))
        escalation.sweep(march(11))
        self.acknowledge("xianan", march(11))
        self.publish((*SLOW[:2], Rung("late6", "逾期六个工作日", ("level",), working_days=6, urgency="late")), now=march(11, 12))
        for day in (12, 16, 17, 31):
            escalation.sweep(march(day))
        self.assertEqual([rung for _kind, rung, _cause in self.rungs()], ["due", "late5", "late6"])


class Suspended(OnSlowLadder):
    def test_a_resting_claim_is_not_called_even_if_a_watch_was_left_behind(self) -> None:
        Claim.objects.update(suspended_until=date(2026, 3, 20))
        done = escalation.sweep(march(11))
        self.assertEqual((done.not_escalated, self.rungs()), (Counter(suspended=1), []))
        self.assertEqual(self.watch(), (0, march(20, 9, 0), "time"))

    def test_a_right_of_the_worker_runs_out_all_the_same(self) -> None:
        right = clocks.start(self.claim, "MED-CONFIRM-30", TODAY, now=NOW)
        Claim.objects.update(suspended_until=date(2026, 6, 20))
        self.assertGreater(escalation.sweep(right.watch.next_at).counts["rungs"], 0)


class AnyOrder(OnSlowLadder):
    """Whatever is acknowledged, put off, missed, repeated or republished between: each rung once, in order."""

    def setUp(self) -> None:
        super().setUp()
        for _ in range(3):
            self.make_claim(person=self.grid_worker)
        Clock.objects.exclude(rule_id="JC-ACCEPT").delete()
        Notice.objects.all().delete()

    def live(self, seed: int, *, twice: bool) -> tuple:
        """A month of a random life, and what came of it."""
        chance, now = random.Random(seed), march(6, 8)
        while now < march(31):
            now += timedelta(minutes=chance.randint(30, 1500))
            step = chance.choice(("sweep", "sweep", "sweep", "ack", "snooze", "publish", "realign"))
            if step == "sweep":
                for _ in range(1 + twice):
                    escalation.sweep(now)
            elif step == "realign":
                for _ in range(1 + twice):
                    realign(now)
            elif step == "publish":
                days = sorted(chance.sample(range(1, 15), 3))
                late = [Rung(f"late{n}", f"逾期{n}", ("level", "above"), working_days=n, climbs=chance.random() < 0.5, urgency="late",
                             ack_days=chance.randint(0, 2)) for n in days]  # fmt: skip
                self.publish((DUE, *late), now=now)
            elif rows := list(self.alerts().filter(acknowledged_at=None).order_by("key", "recipient__username")):
                what = {"acknowledged_at": now} if step == "ack" else {"snoozed_until": now + timedelta(days=2)}
                Notice.objects.filter(pk=chance.choice(rows).pk).update(**what)
        for day in range(10):
            escalation.sweep(datetime(2026, 5, 1 + day, 9, 30, tzinfo=SHANGHAI))
        return self.outcome()

    def outcome(self) -> tuple:
        """Without the orders' own clocks, whose ids are new in each life."""
        own = [str(pk) for pk in Clock.objects.filter(rule_id="JC-ACCEPT").values_list("pk", flat=True)]
        events = Event.objects.filter(facts__clock__in=own).order_by("id")
        told = Notice.objects.filter(channel="in_app", kind__in=self.alerts().values("kind"))
        return (
            [(row.facts["clock"], row.kind, row.level, row.facts["rung"], row.facts.get("cause")) for row in events],
            sorted(map(str, (row for row in told.values_list("key", "recipient", "kind") if row[0].split(":")[0] in own))),
            sorted(map(str, Claim.objects.values_list("pk", "level"))),
            Order.objects.count(),
        )

    def rolled_back(self, seed: int, *, twice: bool) -> tuple:
        with transaction.atomic():
            found = self.live(seed, twice=twice)
            self.check_invariants()
            transaction.set_rollback(True)
        return found

    def check_invariants(self) -> None:
        fired: dict[str, list[Event]] = defaultdict(list)
        for event in Event.objects.filter(kind__in=("climbed", "alerted")).order_by("id"):
            fired[event.facts["clock"]].append(event)
        self.assertEqual(len(fired), Clock.objects.count(), "a clock that fell due called nobody")
        for events in fired.values():
            names = [event.facts["rung"] for event in events]
            self.assertEqual(len(names), len(set(names)), names)
            climbs = [event for event in events if event.kind == "climbed"]
            self.assertTrue(all(day_of(event.at).isoformat() > event.facts["due"] for event in climbs))
            self.assertEqual(len({event.facts["fell_on"] for event in climbs}), len(climbs), "lifted twice a day")
        per_rung = Counter(Notice.objects.filter(channel="in_app").values_list("key", "recipient"))
        self.assertEqual(set(per_rung.values()), {1})
        per_sweep = Counter((row.key.split(":")[0], row.recipient_id, row.created_at) for row in self.alerts())
        self.assertEqual(set(per_sweep.values()), {1})
        self.assertFalse(Watch.objects.exists())

    def test_each_rung_comes_once_in_order_and_sweeping_twice_changes_nothing(self) -> None:
        for seed in range(6):
            with self.subTest(seed=seed):
                self.assertEqual(self.rolled_back(seed, twice=False), self.rolled_back(seed, twice=True))

    def test_without_other_versions_every_rung_is_fired_whatever_was_missed(self) -> None:
        for seed in range(4):
            with self.subTest(seed=seed), transaction.atomic():
                chance, now = random.Random(seed), march(9, 8)
                while now < datetime(2026, 4, 10, tzinfo=SHANGHAI):
                    now += timedelta(hours=chance.randint(1, 120))
                    escalation.sweep(now)
                    if chance.random() < 0.4:
                        self.alerts().filter(acknowledged_at=None).update(acknowledged_at=now)
                rungs = Counter(Event.objects.filter(kind__in=("climbed", "alerted"), facts__rule="JC-ACCEPT").values_list("facts__rung", flat=True))
                self.assertEqual(rungs, Counter(due=4, late5=4, late9=4))
                transaction.set_rollback(True)


class Cost(OnSlowLadder):
    def test_silence_costs_the_same_number_of_queries_for_three_claims_and_for_three_hundred(self) -> None:
        counts = []
        for claims in (3, 300):
            while Claim.objects.count() < claims:
                self.make_claim(person=self.grid_worker)
            Clock.objects.exclude(rule_id="JC-ACCEPT").delete()
            Claim.objects.update(level="township")
            Notice.objects.all().delete()
            Watch.objects.update(ladder=self.ladder, rung=0, next_at=march(9, 9, 0), cause="time")
            escalation.sweep(march(9))
            with patch.object(run, "PART", 1000), CaptureQueriesContext(connection) as queries:
                done = escalation.sweep(march(11))
            self.assertEqual(done.counts["rungs"], claims)
            counts.append(len(queries))
        self.assertEqual(counts[0], counts[1])


class AtOnce(Parallel):
    """Real connections: parallel sweeps over what nobody acknowledged."""

    test_a_claim_somebody_works_on_waits_and_nobody_waits_for_it = None
    test_a_sweep_that_dies_midway_leaves_whole_batches_only = None
    test_parallel_sweeps_share_the_work_and_double_nothing = None

    def test_parallel_sweeps_fire_each_early_rung_once(self) -> None:
        self.claims(8)
        Clock.objects.exclude(rule_id="JC-ACCEPT").delete()
        for day in (10, 11, 12):  # late1, then late3 and late5 because nobody acknowledges
            self.in_threads(*[lambda day=day: escalation.sweep(march(day))] * 3)
            escalation.sweep(march(day))
        rows = Event.objects.filter(kind__in=("climbed", "alerted"), facts__rule="JC-ACCEPT")
        fired = Counter(rows.values_list("claim", "facts__rung"))
        self.assertEqual((set(fired.values()), len(fired)), ({1}, 8 * len(ladder_of("JC-ACCEPT"))))
        self.assertEqual(set(Claim.objects.values_list("level", flat=True)), {"city"})
        self.assertEqual(Order.objects.count(), 8)
        self.assertEqual(set(Counter(Notice.objects.values_list("key", "recipient", "channel")).values()), {1})
