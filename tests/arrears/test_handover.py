"""Work left behind: who has any, who may see how much, and handing it over in one act."""

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arrears import casework, handover, referrals
from arrears.handover import INACTIVE, MOVED, SOON_GONE, Plan
from arrears.handover_kinds import KINDS, may_handle
from arrears.models import Claim, Event
from arrears.permits import handlers_for
from arrears.supervision import orders
from arrears.telling import tell as told_of
from grid import roles, rostering
from grid.alerts import acknowledge, unanswered
from grid.models import AccessLog, Leave, Notice, Person, Posting, Task
from grid.notices import tell
from grid.open_work import open_work
from grid.refused import Refused
from mediation import hearings
from mediation.hands import may_take
from mediation.permits import mediators_for
from tests.base import NOW, TODAY, make_person
from tests.mediation.base import MediationTestCase, at, copy_of

DAY = timedelta(days=1)
A1, A2, COUNTY_A = "321322101", "321322102", "321322"


class HandoverCase(MediationTestCase):
    """王格 has three claims, a referral … and leaves; 章镇's township has a second grid worker, 万阁."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.second = make_person("wange", "万阁", roles.GRID_WORKER, A1)
        cls.claims = [cls.assigned(cls.grid_worker) for _n in range(3)]

    @classmethod
    def assigned(cls, person: Person, **changes: Any) -> Claim:
        claim = cls.make_claim(**changes)
        casework.advance(claim, "assign", None, now=NOW, handler=person)
        return claim

    def leaves(self, person: Person, last: date = TODAY - DAY) -> None:
        person.postings.update(ends_on=last)

    def hand(self, *receivers: Person, actor: Person | None = None, leaver: Person | None = None, reason: str = "调离岗位") -> Plan:
        return handover.hand_over(leaver or self.grid_worker, receivers, actor or self.chief, now=NOW, reason=reason)

    def handlers(self) -> list[str]:
        return sorted(Claim.objects.filter(pk__in=[one.pk for one in self.claims]).values_list("handler__username", flat=True))


class LeaversTest(HandoverCase):
    def found(self, actor: Person) -> dict[str, tuple[str, dict[str, int]]]:
        return {one.person.username: (one.reason, one.work) for one in handover.leavers(actor.scope(TODAY))}

    def test_nobody_while_everybody_is_in_their_post(self) -> None:
        self.assertEqual(self.found(self.chief), {})

    def test_who_left_lost_the_post_there_or_will_soon(self) -> None:
        self.leaves(self.grid_worker)
        self.assertEqual(self.found(self.chief), {"wangge": (MOVED, {"claim": 3})})
        self.leaves(self.grid_worker, TODAY + 5 * DAY)
        self.assertEqual(self.found(self.chief), {"wangge": (SOON_GONE, {"claim": 3})})
        self.leaves(self.grid_worker, TODAY + 14 * DAY)
        self.assertEqual(self.found(self.chief), {})
        Person.objects.filter(pk=self.grid_worker.pk).update(is_active=False)
        self.assertEqual(self.found(self.chief), {"wangge": (INACTIVE, {"claim": 3})})

    def test_a_post_withdrawn_on_its_first_day_leaves_work_that_is_seen_though_another_post_is_held(self) -> None:
        Posting.objects.filter(person=self.grid_worker).update(region_id=A2)
        again = rostering.appoint(
            self.grid_worker, self.administrator, now=NOW, role=roles.GRID_WORKER, region=self.regions[A1], starts_on=TODAY
        )
        self.assertEqual(self.found(self.chief), {})
        rostering.withdraw_posting(again, self.administrator, now=NOW)
        self.assertEqual(self.found(self.chief), {"wangge": (MOVED, {"claim": 3})})

    def test_a_post_elsewhere_does_not_cover_what_stays_here(self) -> None:
        self.leaves(self.grid_worker)
        Posting.objects.create(person=self.grid_worker, role=roles.GRID_WORKER, region_id=A2, starts_on=TODAY)
        self.assertEqual(self.found(self.chief), {"wangge": (MOVED, {"claim": 3})})
        Posting.objects.create(person=self.grid_worker, role=roles.COUNTY_OFFICER, region_id=COUNTY_A, starts_on=TODAY)
        self.assertEqual(self.found(self.chief), {})

    def test_leads_see_their_own_region_and_administrators_the_number(self) -> None:
        self.leaves(self.grid_worker)
        for actor in (self.chief, self.county, self.city, self.administrator):
            self.assertIn("wangge", self.found(actor))
        for actor in (self.chief_a2, self.county_b, self.grid_worker, self.mediator, self.auditor, self.partner):
            self.assertEqual(self.found(actor), {})

    def test_what_climbed_is_the_upper_levels(self) -> None:
        Claim.objects.filter(pk=self.claims[0].pk).update(level="county")
        self.leaves(self.grid_worker)
        self.assertEqual(self.found(self.chief)["wangge"][1], {"claim": 2})
        self.assertEqual(self.found(self.county)["wangge"][1], {"claim": 3})

    def test_what_is_closed_is_nobodys_work(self) -> None:
        casework.advance(self.claims[0], "withdraw", None, now=NOW, reason="劳动者撤回")
        self.leaves(self.grid_worker)
        self.assertEqual(self.found(self.chief)["wangge"][1], {"claim": 2})

    def test_it_costs_the_same_for_few_and_for_many(self) -> None:
        self.leaves(self.grid_worker)
        few = self.cost()
        for n in range(20):
            person = make_person(f"duo{n}", f"多{n}", roles.GRID_WORKER, A1)
            Claim.objects.bulk_create([copy_of(self.claims[0], number=f"N{n}", public_number=f"P{n}", handler=person)])
            self.leaves(person)
        self.assertEqual(self.cost(), few)
        self.assertEqual(len(self.found(self.chief)), 21)

    def cost(self) -> int:
        scope = self.chief.scope(TODAY)
        with CaptureQueriesContext(connection) as asked:
            handover.leavers(scope)
        return len(asked)

    def test_a_persons_open_work_is_known_to_the_pages_of_people(self) -> None:
        self.assertEqual(open_work([self.grid_worker.pk, self.chief.pk]), {self.grid_worker.pk: {"claim": 3}, self.chief.pk: {}})


class HandOverTest(HandoverCase):
    def test_one_person_takes_everything_with_one_notice_and_an_event_each(self) -> None:
        self.leaves(self.grid_worker)
        done = self.hand(self.second)
        self.assertEqual((len(done.gives), done.stays, self.handlers()), (3, [], ["wange"] * 3))
        self.assertEqual(Notice.objects.filter(kind="work_handed_over", channel="in_app").count(), 1)
        notice = Notice.objects.get(kind="work_handed_over", channel="in_app")
        self.assertEqual((notice.recipient, notice.facts["n"]), (self.second, 3))
        event = Event.objects.filter(claim=self.claims[0]).latest("seq")
        self.assertEqual((event.kind, event.actor, event.stage), ("handed_over", self.chief, self.claims[0].stage))
        self.assertEqual(event.facts, {"from": "王格", "to": "万阁", "what": "claim", "reason": "调离岗位"})
        self.assertEqual(told_of(event).title, "王格的经办案件移交给万阁")
        log = AccessLog.objects.get(act="hand_over")
        self.assertEqual((log.person, log.subject_id, log.reason), (self.chief, self.grid_worker.pk, "王格 → 万阁 3"))

    def test_several_share_evenly(self) -> None:
        self.claims += [self.assigned(self.grid_worker) for _n in range(3)]
        self.hand(self.second, self.chief, self.county)
        self.assertEqual(self.handlers(), ["wange", "wange", "xianan", "xianan", "zhangzhen", "zhangzhen"])
        self.assertEqual(Notice.objects.filter(kind="work_handed_over", channel="in_app").count(), 3)

    def test_each_goes_only_to_somebody_who_may_handle_it(self) -> None:
        other = self.assigned(self.county, region=A2)
        mine = self.assigned(self.county)
        self.claims = [other, mine]
        done = self.hand(self.second, leaver=self.county, actor=self.city)
        self.assertEqual([(one.item.claim, one.reason) for one in done.stays], [(other, "no_receiver")])
        self.assertEqual(self.handlers(), ["wange", "xianan"])
        self.hand(self.second, self.chief_a2, leaver=self.county, actor=self.city)
        self.assertEqual(self.handlers(), ["hezhen", "wange"])

    def test_who_may_handle_a_claim_is_the_same_as_for_assigning_it(self) -> None:
        for region in (A1, A2, "321323101"):
            claim = self.make_claim(region)
            allowed = set(handlers_for(claim, TODAY))
            for name, person in self.everybody().items():
                with self.subTest(f"{region} {name}"):
                    self.assertEqual(may_handle(claim, person, TODAY), person in allowed)

    def test_doing_it_twice_does_it_once(self) -> None:
        self.hand(self.second)
        again = self.hand(self.chief)
        self.assertEqual((again.gives, again.stays), ([], []))
        self.assertEqual(self.handlers(), ["wange"] * 3)
        self.assertEqual(Event.objects.filter(kind="handed_over").count(), 3)
        self.assertEqual(AccessLog.objects.filter(act="hand_over").count(), 1)
        self.assertFalse(Notice.objects.filter(kind="work_handed_over", recipient=self.chief).exists())

    def test_what_somebody_else_assigned_meanwhile_stays_theirs_and_is_said(self) -> None:
        real = handover.give_batch

        def slow(*args: Any) -> Any:
            casework.advance(self.claims[1], "assign", self.chief, now=NOW, handler=self.mediator)
            return real(*args)

        with patch("arrears.handover.give_batch", slow):
            done = self.hand(self.second)
        self.assertEqual([(one.item.claim, one.reason) for one in done.stays], [(self.claims[1], "changed")])
        self.assertEqual(self.handlers(), ["tiaohe", "wange", "wange"])
        self.assertFalse(Event.objects.filter(claim=self.claims[1], kind="handed_over").exists())

    def test_the_event_says_the_stage_the_claim_is_in_by_then(self) -> None:
        real = handover.give_batch

        def slow(*args: Any) -> Any:
            casework.advance(self.claims[0], "accept", None, now=NOW)
            return real(*args)

        with patch("arrears.handover.give_batch", slow):
            self.hand(self.second)
        self.assertEqual(Event.objects.get(claim=self.claims[0], kind="handed_over").stage, "accepted")

    def test_a_batch_that_fails_leaves_the_ones_before_it_done(self) -> None:
        real, calls = handover.give_batch, []

        def breaks(*args: Any) -> Any:
            calls.append(args)
            if len(calls) == 2:
                raise RuntimeError
            return real(*args)

        with patch("arrears.handover.BATCH", 2), patch("arrears.handover.give_batch", breaks), self.assertRaises(RuntimeError):
            self.hand(self.second)
        self.assertEqual(self.handlers(), ["wange", "wange", "wangge"])
        self.assertEqual(Notice.objects.filter(kind="work_handed_over", channel="in_app").count(), 1)
        self.hand(self.second)
        self.assertEqual(self.handlers(), ["wange"] * 3)

    def test_what_is_refused(self) -> None:
        Leave.objects.create(person=self.mediator, starts_on=TODAY, ends_on=TODAY)
        for code, receivers, changes in (
            ("no_receiver", [], {}), ("receiver_is_leaver", [self.grid_worker], {}), ("receiver_gone", [self.outsider], {}),
            ("receiver_away", [self.second, self.mediator], {}), ("no_reason", [self.second], {"reason": " "}),
            ("not_your_role", [self.second], {"actor": self.administrator}), ("not_your_role", [self.second], {"actor": self.second}),
            ("not_your_role", [self.second], {"actor": self.mediator}), ("not_your_role", [self.second], {"actor": self.auditor}),
        ):  # fmt: skip
            with self.subTest(f"{code} {changes}"), self.assertRaises(Refused) as refused:
                self.hand(*receivers, **changes)
            self.assertEqual(refused.exception.code, code)
        self.assertEqual(self.handlers(), ["wangge"] * 3)

    def test_next_doors_lead_hands_over_nothing_here(self) -> None:
        done = self.hand(self.second, actor=self.chief_a2)
        self.assertEqual((done.gives, done.stays, self.handlers()), ([], [], ["wangge"] * 3))

    def test_the_cost_grows_with_batches_not_with_rows(self) -> None:
        few = self.cost()
        Claim.objects.filter(handler=self.second).update(handler=self.grid_worker)
        rows = [copy_of(self.claims[0], number=f"N{n}", public_number=f"P{n}", handler=self.grid_worker) for n in range(40)]
        Claim.objects.bulk_create(rows)
        self.assertEqual(self.cost(), few)

    def cost(self) -> int:
        self.chief.scope(TODAY), self.second.scope(TODAY)
        with CaptureQueriesContext(connection) as asked:
            self.hand(self.second)
        return len(asked)

    # Other things in their hands

    def test_a_referral_and_an_order_are_followed_by_the_receiver_and_the_record_stays(self) -> None:
        claim = self.make_handled_claim()
        referral = referrals.refer(claim, self.county, now=NOW, kind="support", body=self.procuratorate, summary="请支持起诉。", evidence=[])
        order = orders.issue(claim, self.city, now=NOW, demand="请加快办理。", reply_by=TODAY + 5 * DAY, level="county")
        orders.advance(order, "receive", self.county, now=NOW)
        second = make_person("xianer", "冼二", roles.COUNTY_OFFICER, COUNTY_A)
        done = self.hand(second, leaver=self.county, actor=self.city)
        self.assertEqual({item.kind.name for item, _to in done.gives}, {"referral", "order"})
        for row, was in ((referral, "sent_by"), (order, "received_by")):
            row.refresh_from_db()
            self.assertEqual((getattr(row, was), row.followed_by, row.in_hand_of_id), (self.county, second, second.pk))
        self.assertEqual(self.hand(second, leaver=self.county, actor=self.city).gives, [])
        # a township's chief can neither reply to an order to the county nor recall what the county sent
        done = self.hand(self.chief, leaver=second, actor=self.city)
        self.assertEqual((done.gives, {one.reason for one in done.stays}, len(done.stays)), ([], {"no_receiver"}, 2))

    def test_what_the_county_was_ordered_or_sent_is_not_the_townships_to_hand_over(self) -> None:
        claim = self.make_handled_claim()
        referrals.refer(claim, self.county, now=NOW, kind="support", body=self.procuratorate, summary="请支持起诉。", evidence=[])
        order = orders.issue(claim, self.city, now=NOW, demand="请加快办理。", reply_by=TODAY + 5 * DAY, level="county")
        orders.advance(order, "receive", self.county, now=NOW)
        second = make_person("xianer", "冼二", roles.COUNTY_OFFICER, COUNTY_A)
        self.assertEqual(self.hand(second, leaver=self.county, actor=self.chief).gives, [])
        self.assertEqual(len(self.hand(second, leaver=self.county, actor=second).gives), 2)

    def test_an_order_to_the_township_goes_to_whoever_may_reply_to_it(self) -> None:
        order = orders.issue(self.claims[0], self.county, now=NOW, demand="请加快办理。", reply_by=TODAY + 5 * DAY)
        orders.advance(order, "receive", self.chief, now=NOW)
        done = self.hand(self.second, leaver=self.chief, actor=self.chief)
        self.assertEqual([(one.item.row, one.reason) for one in done.stays], [(order, "no_receiver")])
        heir = make_person("xinzhang", "新章", roles.TOWNSHIP_CHIEF, A1)
        self.hand(self.second, heir, leaver=self.chief, actor=self.county)
        order.refresh_from_db()
        self.assertEqual(order.in_hand_of_id, heir.pk)
        orders.advance(order, "reply", heir, now=NOW, reply="已办。")

    def test_a_mediation_goes_with_its_hearing_to_a_mediator(self) -> None:
        mediation = self.make_mediation("scheduled")
        done = self.hand(self.second, self.mediator2, leaver=self.mediator, actor=self.county)
        mediation.refresh_from_db()
        self.assertEqual((mediation.mediator, mediation.hearings.get().mediator, done.stays), (self.mediator2, self.mediator2, []))

    def test_a_mediator_who_sits_elsewhere_at_that_time_does_not_get_it(self) -> None:
        mediation = self.make_mediation("scheduled")
        other = self.make_mediation("accepted", self.make_other_claim())
        hearings.advance(
            other, "schedule", self.county, now=NOW, room=self.room2, mediator=self.mediator2, starts_at=at("09:30"), ends_at=at("10:00")
        )
        done = self.hand(self.mediator2, leaver=self.mediator, actor=self.county)
        mediation.refresh_from_db()
        self.assertEqual((mediation.mediator, mediation.hearings.get().mediator), (self.mediator, self.mediator))
        self.assertEqual([(one.item.row, one.reason) for one in done.stays], [(mediation, "busy")])

    def test_who_may_take_a_mediation_is_the_same_as_for_accepting_it(self) -> None:
        mediation = self.make_mediation("accepted")
        allowed = set(mediators_for(mediation.claim, TODAY))
        for person in (*self.everybody().values(), self.mediator2, self.mediator_b, self.second):
            with self.subTest(str(person)):
                self.assertEqual(may_take(mediation, person, TODAY), person in allowed)

    def test_tasks_change_their_owner_and_alerts_end(self) -> None:
        self.leaves(self.grid_worker)
        task = Task.objects.create(
            key="k", kind="delivery_failed", owner=self.grid_worker, region_code=A1, created_at=NOW, due_on=TODAY,
            facts={"person": "章镇", "channel_msgid": "短信", "error": "x"},
        )  # fmt: skip
        claim = self.claims[0]
        what = {"now": NOW, "facts": {}, "region_code": A1, "ack_by": NOW + DAY}
        tell([self.grid_worker, self.chief], "nudged", key="a", subject_id=claim.pk, **what)
        tell([self.grid_worker], "nudged", key="b", subject_id=None, **what)
        self.hand(self.second)
        task.refresh_from_db()
        self.assertEqual(task.owner, self.second)
        mine = Notice.objects.filter(recipient=self.grid_worker, ack_by__isnull=False)
        self.assertEqual(set(mine.values_list("state", flat=True)), {"dropped"})
        self.assertEqual(Notice.objects.get(recipient=self.chief, key="a", channel="in_app").state, "sent")

    def test_what_was_still_to_be_acknowledged_goes_with_its_case(self) -> None:
        self.leaves(self.grid_worker)
        alert = {"now": NOW, "facts": {"number": "N"}, "region_code": A1, "ack_by": NOW + DAY}
        for key, claim in (("a", self.claims[0]), ("b", self.claims[1])):
            tell([self.grid_worker, self.chief], "nudged", key=key, subject_id=claim.pk, **alert)
        tell([self.second], "nudged", key="b", subject_id=self.claims[1].pk, **alert)
        later = NOW + timedelta(hours=3)
        handover.hand_over(self.grid_worker, [self.second], self.chief, now=later, reason="调离岗位")
        self.assertEqual(set(unanswered(self.second).values_list("key", "ack_by", "created_at", "sent_at")), {
            ("a", NOW + DAY, NOW, later), ("b", NOW + DAY, NOW, NOW),
        })  # fmt: skip
        acknowledge(unanswered(self.second).get(key="a"), self.second, later, "接手办理")
        self.assertFalse(unanswered(self.grid_worker).exists())
        self.assertEqual(unanswered(self.chief).count(), 2)

    def test_who_is_still_in_a_post_keeps_the_alerts_about_what_stays(self) -> None:
        tell([self.grid_worker], "nudged", key="b", now=NOW, facts={}, region_code=A1, ack_by=NOW + DAY)
        self.hand(self.second)
        self.assertEqual(Notice.objects.get(key="b", channel="in_app").state, "sent")

    def test_every_kind_has_a_column_that_can_be_written(self) -> None:
        for kind in KINDS.values():
            with self.subTest(kind.name):
                kind.rows().model._meta.get_field(kind.column)
                list(kind.rows().filter(**{kind.owner: self.chief.pk}))


class HandoverPagesTest(HandoverCase):
    def setUp(self) -> None:
        clock = patch("django.utils.timezone.now", return_value=NOW)
        clock.start()
        self.addCleanup(clock.stop)
        self.leaves(self.grid_worker)

    def get(self, person: Person, name: str, *args: Any, **query: Any):
        self.client.force_login(person)
        return self.client.get(reverse(name, args=args), query)

    def test_a_lead_finds_who_left_and_hands_over_what_they_had(self) -> None:
        self.assertContains(self.get(self.chief, "handover_list"), reverse("handover_person", args=[self.grid_worker.pk]))
        page = self.get(self.chief, "handover_person", self.grid_worker.pk)
        self.assertContains(page, self.claims[0].number)
        self.assertContains(page, "万阁 · 3")
        self.assertNotContains(page, "请选择接收人")
        nobody = self.get(self.chief, "handover_person", self.grid_worker.pk, preview="1")
        self.assertContains(nobody, "请选择接收人", status_code=409)
        preview = self.get(self.chief, "handover_person", self.grid_worker.pk, preview="1", to=[str(self.second.pk), str(self.chief.pk)])
        self.assertContains(preview, "将这样移交")
        self.assertEqual(sorted(total for _person, total, _work in preview.context["shares"]), [1, 2])
        self.assertEqual(self.handlers(), ["wangge"] * 3)
        url = reverse("handover_person", args=[self.grid_worker.pk])
        data = {"to": [str(self.second.pk)], "reason": "调离岗位"}
        self.assertContains(self.client.post(url, {**data, "reason": ""}), "请写明移交原因", status_code=409)
        self.assertContains(self.client.post(url, {**data, "reason": "\x00调"}), "请写明移交原因", status_code=409)
        self.assertContains(self.client.post(url, data, follow=True), "已移交 3 件")
        self.assertEqual(self.handlers(), ["wange"] * 3)
        self.assertContains(self.get(self.chief, "handover_list"), "没有需要交接的事项")

    def test_an_administrator_sees_the_number_and_no_case(self) -> None:
        page = self.get(self.administrator, "handover_list")
        self.assertContains(page, "经办案件 3")
        self.assertNotContains(page, self.claims[0].number)
        url = reverse("handover_person", args=[self.grid_worker.pk])
        self.assertNotContains(page, url)
        self.assertEqual(self.client.get(url).status_code, 404)
        self.assertEqual(self.client.post(url, {"to": [str(self.second.pk)], "reason": "调离"}).status_code, 404)
        person = self.get(self.administrator, "person_detail", self.grid_worker.pk)
        self.assertContains(person, "经办案件")
        self.assertNotContains(person, self.claims[0].number)

    def test_it_is_nobody_elses(self) -> None:
        for person in (self.second, self.mediator, self.auditor, self.partner, self.outsider):
            self.assertEqual(self.get(person, "handover_list").status_code, 404)
            self.assertEqual(self.get(person, "handover_person", self.grid_worker.pk).status_code, 404)
        for person in (self.chief_a2, self.county_b):
            self.assertNotContains(self.get(person, "handover_list"), "王格")
            self.assertEqual(self.get(person, "handover_person", self.grid_worker.pk).status_code, 404)

    def test_what_cannot_be_handed_over_is_listed_with_the_reason(self) -> None:
        other = self.assigned(self.county, region=A2)
        self.assigned(self.county)
        page = self.get(self.city, "handover_person", self.county.pk, to=[str(self.second.pk)])
        self.assertContains(page, "1 件不能移交")
        self.assertContains(page, other.number)
        self.assertContains(page, "接收人的岗位不能办理")

    def test_only_people_who_are_here_and_may_take_something_are_offered(self) -> None:
        Leave.objects.create(person=self.mediator, starts_on=TODAY, ends_on=TODAY)
        offered = {str(one) for one, _n, _posts in self.get(self.chief, "handover_person", self.grid_worker.pk).context["offered"]}
        self.assertEqual(offered, {"万阁", "章镇", "冼安", "史督", "田杰"})
