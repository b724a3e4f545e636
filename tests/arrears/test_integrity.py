"""Each check finds what it is for and nothing else; what verbs, sweeps and imports write is clean."""

import json
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from arrears import casework, escalation, integrity
from arrears.history import record
from arrears.integrity import CHECKS
from arrears.models import (
    Claim,
    Clock,
    Order,
    Payment,
    Proceeding,
    Referral,
    Report,
    Step,
    SupportCase,
    Suspension,
    Watch,
)
from arrears.reports import deciding
from arrears.reports.receiving import Said, receive
from arrears.sources import keeping, taking
from arrears.sources.orders import Told, WorkOrder
from arrears.sources.places import Places
from arrears.supervision import orders
from arrears.tasks import check_integrity
from arrears.timing import clocks, suspending
from grid import rounds
from grid.days import day_of
from grid.models import Leave, Notice, Person, Posting, Round, Task
from grid.models.notices import BUNDLED, HELD, QUEUED, SENDING, SENT
from tests.arrears.test_chain import behind_its_back
from tests.base import NOW, CastTestCase

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Integrity(CastTestCase):
    def setUp(self) -> None:
        self.claim, self.other = self.make_claim(), self.make_claim("321323101")
        self.now = NOW + HOUR

    def wrong(self, now: Any = None) -> dict[str, int]:
        results = integrity.run(now or self.now)
        return {one.check.name: one.found.count for one in results if one.found.count}

    def examples(self, name: str) -> list[str]:
        return list(integrity.run(self.now, [name])[0].found.examples)

    def test_a_case_on_its_way_is_clean_at_every_step(self) -> None:
        self.assertEqual(self.wrong(), {})
        casework.advance(self.claim, "accept", self.chief, now=self.now, conditions=True)
        casework.advance(self.claim, "handle", self.chief, now=self.now)
        casework.advance(self.claim, "record_payment", self.chief, now=self.now, amount=Decimal("100"), paid_on=NOW.date(), method="cash")
        self.assertEqual(self.wrong(), {})
        for days in range(0, 60, 4):
            now = self.now + days * DAY
            escalation.sweep(now)
            for owed in Order.objects.filter(state="issued"):  # by the ladder's last rung
                person = self.county_b if owed.claim_id == self.other.pk else self.county
                orders.advance(owed, "reply", person, now=now, reply="正在督促单位付款。")
            Notice.objects.update(state=SENT)
            with self.subTest(now):
                self.assertEqual(self.wrong(now), {})

    def test_another_day_of_the_limit_is_found_too(self) -> None:
        Claim.objects.filter(pk=self.claim.pk).update(limit_on=date(2026, 3, 10))
        self.assertEqual(set(self.wrong()), {"due_days"})

    def test_each_check_finds_what_it_is_for(self) -> None:
        for name, (spoil, *beside) in SPOILT.items():
            with self.subTest(name), transaction.atomic():
                spoil(self, self.claim)
                found = self.wrong()
                self.assertEqual(set(found), {name, *beside})
                self.assertEqual(found[name], 1)
                self.assertEqual(len(self.examples(name)), 1)
                transaction.set_rollback(True)
        self.assertEqual(CHECKS.keys() - SPOILT.keys(), IN_MEDIATION | OF_FILES)

    def test_examples_are_few_and_the_count_is_whole(self) -> None:
        for _n in range(22):
            self.make_claim()
        Claim.objects.update(paid=1)
        found = integrity.run(self.now, ["paid"])[0].found
        self.assertEqual((found.count, len(found.examples)), (24, 20))
        Watch.objects.update(next_at=self.now - 2 * HOUR)
        found = integrity.run(self.now, ["watches_late"])[0].found
        self.assertEqual((found.count, len(found.examples)), (Watch.objects.count(), 20))

    def test_the_number_of_queries_does_not_grow_with_the_claims(self) -> None:
        with CaptureQueriesContext(connection) as few:
            integrity.run(self.now)
        for _n in range(27):
            self.make_claim()
        with CaptureQueriesContext(connection) as many:
            integrity.run(self.now)
        self.assertEqual(len(few), len(many))

    def test_a_check_that_cannot_be_made_is_a_finding_and_stops_no_other(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE arrears_payment RENAME TO elsewhere")
        with self.assertLogs("arrears.integrity"):
            self.assertEqual(self.wrong(), {"paid": 1})

    def test_each_way_of_going_wrong_is_found(self) -> None:
        for number, (name, *beside, spoil) in enumerate(ALSO_SPOILT):
            with self.subTest(name, number=number), transaction.atomic():
                spoil(self, self.claim)
                self.assertEqual(self.wrong(), dict.fromkeys([name, *beside], 1))
                transaction.set_rollback(True)

    def test_a_clock_that_fell_silent_before_its_last_rung_is_found_however_long_ago(self) -> None:
        for days in (9, 200):
            with self.subTest(days), transaction.atomic():
                clock = self.claim.clocks.get(rule_id="JC-ACCEPT")
                escalation.sweep(self.now + 9 * DAY)  # as far as late1
                Watch.objects.filter(clock=clock).delete()
                now = self.now + days * DAY
                self.assertEqual(self.wrong(now).get("clocks_without_rung"), 1)
                transaction.set_rollback(True)

    def test_a_claim_that_comes_back_calls_for_the_past_no_more(self) -> None:
        Watch.objects.filter(clock__claim=self.claim, clock__rule_id="JC-ACCEPT").delete()
        now = self.now + 200 * DAY
        self.assertEqual(self.wrong(now).get("clocks_without_rung"), 1)
        record(self.claim, "reopen", self.chief, now=now)
        self.assertNotIn("clocks_without_rung", self.wrong(now + HOUR))

    def test_an_order_whose_ladder_still_calls_is_late_work_and_no_fault(self) -> None:
        order = orders.issue(self.claim, self.county, now=self.now, demand="请尽快办理。", reply_by=date(2026, 3, 5))
        found = {}
        for day in (5, 6, 9, 10, 11):
            now = NOW.replace(day=day)
            escalation.sweep(now)
            Notice.objects.update(state=SENT)
            found[day] = self.wrong(now)
        self.assertEqual(found, {5: {}, 6: {}, 9: {}, 10: {"orders_unanswered": 1}, 11: {"orders_unanswered": 1}})
        orders.advance(order, "reply", self.chief, now=NOW.replace(day=11), reply="已约谈单位。")
        self.assertEqual(self.wrong(NOW.replace(day=11)), {})

    def test_silent_clocks_are_found_group_by_group_and_one_by_one_where_they_have_rested(self) -> None:
        """By hand: of eight silent clocks the two that rest and the one that came back are no fault."""
        casework.advance(self.claim, "accept", self.chief, now=self.now, conditions=True)
        rested, resting, back, big = (self.make_claim() for _n in range(4))
        for claim in (rested, resting):
            casework.advance(claim, "accept", self.chief, now=self.now, conditions=True)
            Notice.objects.update(state=SENT)
        for claim, until in ((rested, 5), (resting, 90)):
            casework.advance(
                claim, "suspend", self.county, now=self.now + DAY, ground="other_case", planned_end=(self.now + until * DAY).date(), reason="等。"
            )
        suspending.wake_due(self.now + 5 * DAY)
        Claim.objects.filter(pk=big.pk).update(worker_count=12)
        Watch.objects.filter(clock__rule_id__in=["JC-ACCEPT", "JC-INVEST"]).delete()
        record(back, "reopen", self.chief, now=self.now + 40 * DAY)
        Clock.objects.filter(claim=self.other, rule_id="JC-ACCEPT").update(rule_id="NO-SUCH-RULE")
        found = [found.found for found in integrity.run(self.now + 60 * DAY, ["clocks_without_rung"])][0]
        expected = [(self.claim.number, "JC-INVEST"), (self.other.number, "NO-SUCH-RULE"), (rested.number, "JC-INVEST"), (big.number, "JC-ACCEPT")]
        self.assertEqual(sorted(tuple(one.split(" · ")[:2]) for one in found.examples), sorted(expected))
        self.assertEqual(found.count, 4)

    def test_a_clock_whose_last_rung_came_early_is_not_silent(self) -> None:
        clock = self.claim.clocks.get(rule_id="JC-ACCEPT")
        Watch.objects.filter(clock=clock).delete()
        record(self.claim, "alerted", None, now=self.now, clock=str(clock.pk), rung="late5")
        self.assertEqual(self.wrong(), {})

    def test_nobody_answers_only_where_every_seat_up_to_the_city_is_empty(self) -> None:
        Posting.objects.filter(person=self.chief).delete()
        self.assertEqual(self.wrong(), {})
        Posting.objects.filter(person__in=[self.county, self.city]).delete()
        self.assertEqual(self.wrong(), {"claims_without_owner": 1})
        Claim.objects.filter(pk=self.claim.pk).update(handler=self.grid_worker)
        self.assertEqual(self.wrong(), {})
        Leave.objects.create(person=self.grid_worker, starts_on=NOW.date(), ends_on=NOW.date())
        self.assertEqual(self.wrong(), {"claims_without_owner": 1})


class Telling(CastTestCase):
    """The command, the nightly task and the desk."""

    def setUp(self) -> None:
        self.claim = self.make_claim(now=timezone.now(), received_on=day_of(timezone.now()), last_working_day=None)

    def call(self, *arguments: str) -> tuple[int, str]:
        out, code = StringIO(), 0
        try:
            call_command("check_integrity", *arguments, stdout=out)
        except SystemExit as end:
            code = end.code
        return code, out.getvalue()

    def spoil(self) -> None:
        Claim.objects.filter(pk=self.claim.pk).update(paid=7)

    def test_the_exit_code_says_whether_something_was_found(self) -> None:
        code, said = self.call()
        self.assertEqual(code, 0)
        self.assertIn("没有发现问题", said)
        self.spoil()
        code, said = self.call()
        self.assertEqual(code, 1)
        self.assertIn(self.claim.number, said)

    def test_for_machines_and_for_one_check(self) -> None:
        self.spoil()
        code, said = self.call("--json", "--only", "paid", "--only", "due_days")
        answer = json.loads(said)
        self.assertEqual((code, answer["total"], list(answer["checks"])), (1, 1, ["due_days", "paid"]))
        self.assertEqual(answer["checks"]["paid"]["examples"], [f"{self.claim.number} · 7.00 · 0"])
        self.assertIsNone(rounds.last("check_integrity"))  # a part says nothing of the whole
        with self.assertRaises(CommandError):
            self.call("--only", "nonsense")

    def test_administrators_are_told_once_a_day_and_see_it_on_their_desk(self) -> None:
        self.assertEqual(check_integrity(), 0)
        told = Notice.objects.filter(kind="integrity_findings")
        self.assertFalse(told.exists())
        self.client.force_login(self.administrator)
        self.assertNotContains(self.client.get("/"), "数据自查")
        self.spoil()
        self.assertEqual([check_integrity(), check_integrity()], [1, 1])
        self.assertEqual(set(told.values_list("recipient__username", "channel")), {("guanli", "in_app"), ("guanli", "email")})
        self.assertContains(self.client.get("/"), f"{self.claim.number} · 7.00 · 0")
        self.client.force_login(self.chief)
        self.assertNotContains(self.client.get("/"), "数据自查")

    def test_the_desk_says_when_no_check_has_run_for_two_nights(self) -> None:
        check_integrity()
        Round.objects.update(ended_at=timezone.now() - 3 * DAY)
        self.client.force_login(self.administrator)
        self.assertContains(self.client.get("/"), "自查已两晚没有运行")


class ChainPage(CastTestCase):
    def setUp(self) -> None:
        self.claim = self.make_claim()
        self.url = reverse("claim_chain", args=[self.claim.pk])

    def test_the_auditor_checks_a_history_and_sees_where_it_breaks(self) -> None:
        record(self.claim, "note", self.chief, now=NOW, note="…")
        self.client.force_login(self.auditor)
        self.assertContains(self.client.get(reverse("claim_detail", args=[self.claim.pk])), self.url)
        answer = self.client.get(self.url)
        self.assertContains(answer, "链条完整")
        self.assertContains(answer, bytes(self.claim.events.get(seq=2).digest).hex())
        with behind_its_back():
            self.claim.events.filter(seq=1).update(stage="paid")
        self.assertContains(self.client.get(self.url), "链条在第 1 条断开")

    def test_others_find_nothing_there(self) -> None:
        for name, person in self.everybody().items():
            if name != "auditor":
                self.client.force_login(person)
                self.assertEqual(self.client.get(self.url).status_code, 404, name)


def without_duty(test: Integrity, claim: Claim) -> None:
    Clock.objects.filter(claim=claim).update(ended_on=NOW.date())
    Watch.objects.filter(clock__claim=claim).delete()


def without_watch(test: Integrity, claim: Claim) -> None:
    Watch.objects.filter(clock__claim=claim, clock__rule_id="JC-ACCEPT").delete()


def ended_with_watch(test: Integrity, claim: Claim) -> None:
    Clock.objects.filter(claim=claim, rule_id="ARB-LIMIT-1Y").update(ended_on=NOW.date())


def late_watch(test: Integrity, claim: Claim) -> None:
    Watch.objects.filter(clock__claim=claim, clock__rule_id="JC-ACCEPT").update(next_at=NOW - HOUR)


def late_report(test: Integrity, claim: Claim) -> None:
    report = receive(Said(region=test.regions["321322101"], name="李建国", phone="13800000001", story="没有给钱。"), now=NOW)
    Report.objects.filter(pk=report.pk).update(next_at=NOW - HOUR)


def nobody(test: Integrity, claim: Claim) -> None:
    posts = Posting.objects.filter(person__in=[test.chief, test.county, test.city])
    posts.update(starts_on=date(2099, 1, 1))


def other_due(test: Integrity, claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(due_on=date(2026, 3, 3))


def other_answer(test: Integrity, claim: Claim) -> None:
    referral = Referral.objects.create(
        claim=claim, kind="support", body=test.court, state="sent", created_at=NOW, answer_by=date(2026, 3, 3)
    )
    clocks.start(claim, "REF-RECEIVE-2", NOW.date(), now=NOW, about_id=referral.pk)


def sleeping_too_long(test: Integrity, claim: Claim) -> None:
    day = NOW.date()
    Suspension.objects.create(claim=claim, ground="other", starts_on=day - 9 * DAY, planned_end=day - DAY, set_by=test.chief, set_at=NOW)
    Claim.objects.filter(pk=claim.pk).update(suspended_until=day - DAY)


def other_paid(test: Integrity, claim: Claim) -> None:
    Payment.objects.create(claim=claim, amount=5, paid_on=NOW.date(), method="cash", recorded_at=NOW)


def uncounted_worker(test: "Integrity", claim: Claim) -> None:
    claim.claimants.create(name="工友")


def other_claimed(test: Integrity, claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(claimed=1)


def left_handler(test: Integrity, claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(handler=test.outsider)


def left_owner(test: Integrity, claim: Claim) -> None:
    Task.objects.create(key="x", kind="delivery_failed", owner=test.outsider, created_at=NOW, due_on=NOW.date())


def order(test: Integrity, claim: Claim, **fields: Any) -> None:
    about = dict(number="督1", from_level="county", level="township", demand="…", issued_at=NOW, reply_by=date(2026, 2, 20))
    Order.objects.create(claim=claim, **about, **fields)


def support_nobody_is_called_for(test: Integrity, claim: Claim) -> None:
    SupportCase.objects.create(claim=claim, state="applied", level="township", opened_at=NOW)


def support_of_an_ended_claim(test: Integrity, claim: Claim) -> None:
    ended = test.make_claim()
    casework.advance(ended, "withdraw", None, now=NOW, reason="x", confirmed=True)
    SupportCase.objects.create(claim=ended, state="draft", opened_at=NOW)


def open_order(test: Integrity, claim: Claim) -> None:
    order(test, test.make_claim(), state="replied")
    casework.advance(Order.objects.get().claim, "withdraw", test.chief, now=NOW, reason="…", confirmed=True)
    Order.objects.update(state="replied")


def unclocked(test: Integrity, claim: Claim) -> None:
    row = Proceeding.objects.create(claim=claim, kind="arbitration", opened_as="applied", state="applied", opened_at=NOW)
    Step.objects.create(proceeding=row, name="applied", on=NOW.date(), recorded_at=NOW)


def stuck_notice(test: Integrity, claim: Claim) -> None:
    Notice.objects.create(
        key="x", kind="claim_moved", channel="email", recipient=test.chief, created_at=NOW, state=SENDING, claimed_at=NOW - HOUR
    )


def stuck(test: Integrity, **fields: Any) -> None:
    Notice.objects.create(**{"key": "x", "kind": "claim_moved", "channel": "email", "recipient": test.chief, "created_at": NOW} | fields)


def forgotten_order(test: Integrity, claim: Claim) -> None:
    """Its day was brought forward behind its clock's back."""
    owed = orders.issue(claim, test.county, now=NOW, demand="请尽快办理。", reply_by=date(2026, 3, 20))
    Order.objects.filter(pk=owed.pk).update(reply_by=date(2026, 2, 20))


def signed_off(test: Integrity, task_of: Person | None = None, claim: Claim | None = None) -> None:
    """The account is closed, the posting is not."""
    if task_of:
        Task.objects.create(key="x", kind="delivery_failed", owner=task_of, created_at=NOW, due_on=NOW.date())
        Person.objects.filter(pk=task_of.pk).update(is_active=False)
    if claim:
        Claim.objects.filter(pk=claim.pk).update(handler=test.grid_worker)
        Person.objects.filter(pk=test.grid_worker.pk).update(is_active=False)


def cut_off(claim: Claim, left: int) -> None:
    claim.refresh_from_db()
    casework.advance(claim, "accept", Person.objects.get(username="zhangzhen"), now=NOW, conditions=True)
    with behind_its_back():
        claim.events.filter(seq__gt=left).delete()


def cut_short(test: Integrity, claim: Claim) -> None:
    cut_off(claim, 1)


def changed_history(test: Integrity, claim: Claim) -> None:
    with behind_its_back():
        claim.events.update(level="city")


def reported(test: Any, **changes: Any) -> Report:
    source = keeping.add(test.administrator, now=NOW - DAY, code="hotline", name="热线", channel="hotline", region=test.regions["3213"], return_way="pull")
    order = WorkOrder("GD001", Told(name="李建国", phone="13800000001", story="没给钱", address="沭阳县陇集镇", received_on=NOW.date(), **changes))
    return taking.take(source, order, Places.of(source.region), now=NOW).report


def untold(test: Any, claim: Claim) -> None:
    reported(test).returned.all().delete()


def unpursued(test: Any, claim: Claim) -> None:
    accepted = deciding.accept(reported(test, answer_by=date(2026, 3, 9)), test.grid_worker, now=NOW)
    accepted.clocks.filter(rule_id="SOURCE-ANSWER").delete()


# What a check is shown, and which others see it too.
SPOILT: dict[str, tuple[Any, ...]] = {
    "claims_without_clock": (without_duty, "due_days"),
    "claims_without_owner": (nobody,),
    "clocks_without_rung": (without_watch,),
    "watches_of_ended": (ended_with_watch,),
    "watches_late": (late_watch,),
    "calls_late": (late_report,),
    "due_days": (other_due,),
    "shown_days": (other_answer,),
    "suspensions": (sleeping_too_long,),
    "paid": (other_paid,),
    "claimed": (other_claimed,),
    "workers_counted": (uncounted_worker,),
    "handlers_gone": (left_handler,),
    "tasks_of_the_gone": (left_owner,),
    "orders_unanswered": (order,),
    "orders_left_open": (open_order,),
    "proceedings_without_clock": (unclocked,),
    "support_without_clock": (support_nobody_is_called_for,),
    "support_left_open": (support_of_an_ended_claim,),
    "sources_untold": (untold,),
    "promises_without_clock": (unpursued,),
    "notices_stuck": (stuck_notice,),
    "broken_chains": (changed_history, "histories_cut"),
    "histories_cut": (cut_short,),
}
# The other ways in which a thing goes wrong: a check, others that see it too, and how.
ALSO_SPOILT: tuple[tuple[Any, ...], ...] = (
    ("clocks_without_rung", lambda test, claim: Watch.objects.filter(clock__claim=claim, clock__rule_id="JC-ACCEPT").update(next_at=NOW.replace(year=2999))),
    ("notices_stuck", lambda test, claim: stuck(test, state=QUEUED, next_try_at=None)),
    ("notices_stuck", lambda test, claim: stuck(test, state=QUEUED, next_try_at=NOW - HOUR)),
    ("notices_stuck", lambda test, claim: stuck(test, state=SENDING, claimed_at=None)),
    ("notices_stuck", lambda test, claim: stuck(test, state=BUNDLED)),
    ("notices_stuck", lambda test, claim: stuck(test, state=HELD, created_at=NOW - 10 * DAY)),
    ("orders_unanswered", lambda test, claim: order(test, claim, state="sent_back")),
    ("orders_unanswered", "shown_days", lambda test, claim: forgotten_order(test, claim)),
    ("tasks_of_the_gone", lambda test, claim: signed_off(test, task_of=test.mediator)),
    ("handlers_gone", lambda test, claim: signed_off(test, claim=claim)),
    ("histories_cut", lambda test, claim: cut_off(claim, 0)),
    ("histories_cut", lambda test, claim: cut_off(claim, 1)),
    ("histories_cut", lambda test, claim: Claim.objects.filter(pk=claim.pk).update(stage="handling")),
)
OF_FILES = {"shared_changed", "papers_changed", "packets_changed", "unnamed_files"}  # test_stored_checks and test_unnamed_files of tests/arrears/papers
IN_MEDIATION = {"instalments", "mediations_left_open", "attendances", "minutes", "online_recordings"}
