"""Who stands for whom: what a representative may do at a hearing and under an agreement, until when, and where interests part."""

from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

from django.test import SimpleTestCase, override_settings
from django.urls import reverse

from arrears.groups.representing import authorise, choose
from arrears.groups.standing_for import Group
from arrears.intake import ClaimantFacts, LineFacts
from arrears.models import Claimant, Representative
from grid.refused import Refused
from mediation.drafting import verbs
from mediation.models import Mediation
from mediation.room.page import RoomPage
from mediation.room.quorum import Seat, quorum
from mediation.room.verbs import Came, check_in, sign_in
from tests.base import NOW, TODAY
from tests.mediation.base import MediationTestCase, at
from tests.mediation.test_drafts import SIGNED, told

BOSS = Seat("respondent", "宏远", "came", "legal")


class SeatsTest(SimpleTestCase):
    def notes(self, *seats: Seat) -> str:
        return " ".join(map(str, quorum(True, [*seats, BOSS]).notes))

    def test_who_is_away_is_bound_only_through_a_representative_who_may_settle(self) -> None:
        head = Seat("worker", "张三", "came")
        self.assertIn("李四没有到场：可以和到场的人先谈", self.notes(head, Seat("worker", "李四", "absent")))
        self.assertIn("可以代为达成协议", self.notes(head, Seat("worker", "李四", "absent", spoken_by="张三", scope="special")))
        self.assertIn("达成协议须由本人签名", self.notes(head, Seat("worker", "李四", "absent", spoken_by="张三", scope="general")))

    def test_one_agent_for_both_sides_or_for_several_workers_is_said(self) -> None:
        agent = {"by": "agent", "authority": "special"}
        li, wang = (Seat("worker", name, "came", speaker="王 律师", **agent) for name in ("李四", "王五"))
        self.assertIn("王律师同时代理几名劳动者", self.notes(li, wang))
        both = quorum(True, [li, Seat("respondent", "宏远", "came", speaker="王律师", **agent)])
        self.assertIn("同时代理双方", str(both.notes[0]))
        self.assertEqual(quorum(True, [li, BOSS]).notes, ())


class RepresentedTest(MediationTestCase):
    """Ten workers are owed 1,000.00 each; the first three represent the others."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        people = [ClaimantFacts(f"工人{n}", lines=[LineFacts(rate=D("1000"))]) for n in range(10)]
        cls.claim = cls.make_handled_claim(claimants=people)
        cls.workers = list(cls.claim.claimants.order_by("id"))
        choose(cls.claim, cls.county, [worker.pk for worker in cls.workers[:3]], TODAY, now=NOW)
        cls.mediation = cls.make_mediation("scheduled", cls.claim)

    def authorise(self, scope: str = "special", workers: list[Claimant] | None = None, head: int = 0, **more: Any) -> int:
        one = Representative.objects.get(claimant=self.workers[head])
        return authorise(self.claim, self.county, one.pk, [worker.pk for worker in workers or self.workers[3:]], scope, more.pop("given_on", TODAY), now=NOW, **more)

    def sign(self, **amounts: str) -> Mediation:
        shares = {
            str(worker.pk): [amounts.get(worker.name, "1000"), "person" if number < 3 else "authority"] for number, worker in enumerate(self.workers)
        }  # fmt: skip
        total = sum(D(amount) for amount, _consent in shares.values())
        plan = [["2026-03-20", "3000"], ["2026-04-20", f"{total - 3000}"]]
        self.make_move(self.mediation, "hold")
        self.mediation = Mediation.objects.get(pk=self.mediation.pk)
        version = verbs.keep(self.mediation, told(total=str(total), plan=plan, shares=shares, less_reason="双方自愿"), self.mediator, now=NOW, version=0).version
        return verbs.sign(self.mediation, self.mediator, now=NOW, version=version, effective_on=TODAY, **SIGNED)

    def refused(self, act: Any, *args: Any, **said: Any) -> str:
        with self.assertRaises(Refused) as caught:
            act(*args, **said)
        return caught.exception.code

    def test_a_special_authority_that_holds_lets_the_representative_sign(self) -> None:
        self.authorise(until=TODAY)
        self.assertEqual(self.sign().state, "agreed")

    def test_a_general_one_does_not(self) -> None:
        self.authorise("general")
        self.assertEqual(self.refused(self.sign), "no_authority")

    def test_one_that_has_run_out_does_not(self) -> None:
        self.authorise(given_on=TODAY - timedelta(days=9), until=TODAY - timedelta(days=1))
        self.assertEqual(self.refused(self.sign), "no_authority")
        self.assertEqual(Group(self.claim, TODAY).missing_count, 7)  # they are asked to give it again
        self.assertEqual(Group(self.claim, TODAY - timedelta(days=1)).missing_count, 0)

    def test_an_authority_cannot_end_before_it_began(self) -> None:
        self.assertEqual(self.refused(self.authorise, until=TODAY - timedelta(days=1)), "bad_until")

    def test_one_hand_for_workers_who_do_not_get_alike_is_said_and_can_be_refused(self) -> None:
        self.authorise()
        with override_settings(OPPOSED_INTERESTS="refuse"):
            self.assertEqual(self.refused(self.sign, 工人9="10"), "opposed_interests")

    def test_it_is_only_said_unless_the_city_says_otherwise(self) -> None:
        self.authorise()
        self.assertEqual(self.sign(工人9="10").state, "agreed")

    def test_at_the_hearing_whoever_is_away_is_spoken_for_by_whoever_is_here(self) -> None:
        self.authorise("special", self.workers[3:9])
        self.authorise("general", self.workers[9:], head=1)
        hearing = self.mediation.hearings.get()
        sign_in(hearing, self.mediator, now=at("09:00"))
        for seat in hearing.attendances.all():
            is_here = seat.party_kind == "respondent" or seat.name in ("工人0", "工人1", "工人2")
            said = Came("came") if is_here else Came("absent", called_by="phone", called_proof="通话记录")
            check_in(hearing, seat, self.mediator, now=at("09:05"), said=said)
        notes = " ".join(RoomPage(hearing, self.mediator, date(2026, 3, 3)).remarks)
        self.assertIn("可以代为达成协议", notes)
        self.assertIn("工人9没有到场，到场的代表人只有一般授权", notes)
        self.assertNotIn("不受约束", notes)

    def test_the_page_and_the_api_take_the_last_day(self) -> None:
        self.client.force_login(self.county)
        one = Representative.objects.get(claimant=self.workers[0])
        said = {"form": "authorise", "representative": str(one.pk), "whom": "ticked", "claimants": [str(self.workers[5].pk)], "scope": "special", "given_on": "2026-03-02", "until": "2026-03-01"}
        page = reverse("claim_represent", args=[self.claim.pk])
        self.assertContains(self.client.post(page, said), "不能早于授权日期", status_code=409)
        self.assertEqual(self.client.post(page, {**said, "until": "2026-12-31"}).status_code, 302)
        self.assertEqual(self.workers[5].authorities.get().until, date(2026, 12, 31))
        body = {"representative": str(one.pk), "claimants": [str(self.workers[6].pk)], "scope": "general", "given_on": "2026-03-02", "until": "2027-01-31"}
        self.assertEqual(self.client.post(f"/api/v1/claims/{self.claim.pk}/authority/", body, content_type="application/json").status_code, 200)
        self.assertEqual(self.workers[6].authorities.get().until, date(2027, 1, 31))
