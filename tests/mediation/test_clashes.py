"""Two hearings cannot share a room, a mediator or a party at one time: the database refuses, on create and on
postpone, and two real connections that book one slot in one instant have exactly one winner."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.test import TransactionTestCase

from arrears.identity import make_id
from arrears.intake import ClaimantFacts, RespondentFacts
from arrears.models import Claim
from grid.refused import Refused
from mediation.models import Hearing, Mediation
from tests.base import TODAY
from tests.mediation.base import MediationCast, MediationTestCase, at

STRANGER = [RespondentFacts("沭阳恒达建筑有限公司")]
OTHER = [ClaimantFacts("王芳", "13900000009")]
FREE = {"starts_at": at("14:00"), "ends_at": at("15:00")}


class ClashTest(MediationTestCase):
    """李建国 and 宏远劳务 are heard tomorrow, 09:00–10:30, in the first room by 条和."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.first = cls.make_mediation("scheduled")

    def refused(self, claim: Claim, **sitting: Any) -> tuple[str, str]:
        """Neither a new hearing nor a moved one may come there."""
        mediation = self.make_mediation("accepted", claim)
        said = self.refused_once(mediation, "schedule", **sitting)
        self.make_move(mediation, "schedule", **FREE)
        self.assertEqual(self.refused_once(mediation, "postpone", **{"starts_at": at("09:00"), "ends_at": at("10:30"), **sitting}), said)
        return said

    def refused_once(self, mediation: Mediation, move: str, **sitting: Any) -> tuple[str, str]:
        state, hearings = mediation.state, mediation.hearings.count()
        with self.assertRaises(Refused) as caught:
            self.make_move(mediation, move, **sitting)
        mediation.refresh_from_db()
        self.assertEqual((mediation.state, mediation.hearings.count()), (state, hearings))
        return caught.exception.code, caught.exception.message

    def test_the_room(self) -> None:
        code, message = self.refused(self.make_other_claim(), mediator=self.mediator2)
        self.assertEqual(code, "room_taken")
        number = self.first.claim.number
        self.assertEqual(message, f"“第一调解室”在 2026-03-03 09:00–10:30 已安排案件 {number} 的调解会，请另选时间或调解室。")

    def test_the_mediator(self) -> None:
        code, message = self.refused(self.make_other_claim(), room=self.room2)
        self.assertEqual(code, "mediator_taken")
        self.assertIn("调解员 条和", message)

    def test_a_worker_known_by_id_number_also_under_another_phone(self) -> None:
        number = make_id("321399", TODAY.replace(year=1980), 11)
        self.make_mediation("scheduled", self.make_other_claim(claimants=[ClaimantFacts("赵强", "13700000001", number)]), **FREE)
        again = self.make_handled_claim(claimants=[ClaimantFacts("赵强", "13700000002", number)], respondents=STRANGER)
        mediation = self.make_mediation("accepted", again)
        said = self.refused_once(mediation, "schedule", **FREE, room=self.room2, mediator=self.mediator2)
        self.assertEqual(said[0], "party_taken")

    def test_a_worker_known_by_phone(self) -> None:
        claim = self.make_handled_claim(claimants=[ClaimantFacts("李建国", "138 0000 0001")], respondents=STRANGER)
        code, message = self.refused(claim, room=self.room2, mediator=self.mediator2)
        self.assertEqual(code, "party_taken")
        self.assertIn("当事人“李建国”", message)

    def test_an_employer(self) -> None:
        claim = self.make_handled_claim(claimants=OTHER)
        code, message = self.refused(claim, room=self.room2, mediator=self.mediator2)
        self.assertEqual(code, "party_taken")
        self.assertIn("宿迁宏远劳务有限公司", message)

    def test_people_of_one_name_are_not_one_person(self) -> None:
        claim = self.make_handled_claim(claimants=[ClaimantFacts("李建国")], respondents=STRANGER)
        self.make_mediation("scheduled", claim, room=self.room2, mediator=self.mediator2)

    def test_a_party_that_was_not_called_does_not_clash(self) -> None:
        claim = self.make_handled_claim(claimants=OTHER)  # against the same firm
        called = [claim.claimants.get().pk]
        self.make_mediation("scheduled", claim, room=self.room2, mediator=self.mediator2, parties=called)

    def test_two_workers_with_one_phone_sit_in_one_hearing(self) -> None:
        pair = [ClaimantFacts("孙大", "13600000001"), ClaimantFacts("孙二", "13600000001")]
        mediation = self.make_mediation("scheduled", self.make_other_claim(claimants=pair), **FREE)
        self.assertEqual(mediation.hearings.get().attendances.count(), 3)

    def test_one_ends_when_the_next_begins(self) -> None:
        self.make_mediation("scheduled", self.make_handled_claim(), starts_at=at("10:30"), ends_at=at("11:00"))

    def test_a_case_out_of_sight_is_not_named(self) -> None:
        claim = self.make_other_claim(region="321322102")
        mediation = self.make_mediation("accepted", claim)
        with self.assertRaises(Refused) as caught:
            self.make_move(mediation, "schedule", self.chief_a2, mediator=self.mediator2)
        message = caught.exception.message
        self.assertEqual(message, "“第一调解室”在 2026-03-03 09:00–10:30 已有其他调解会，请另选时间或调解室。")

    def test_the_database_itself_refuses_whatever_path_a_row_takes(self) -> None:
        other = self.make_mediation("scheduled", self.make_other_claim(), **FREE).hearings.get()
        span = self.first.hearings.get().span
        with self.assertRaises(IntegrityError), transaction.atomic():
            Hearing.objects.filter(pk=other.pk).update(span=span)
        with self.assertRaises(IntegrityError), transaction.atomic():
            other.attendances.update(span=span, party_key=self.first.hearings.get().attendances.all()[0].party_key)


class RaceTest(MediationCast, TransactionTestCase):
    """Real connections: each thread has its own, and both are let go in the same instant."""

    def setUp(self) -> None:
        self.make_cast()

    def race(self, *acts: Callable[[], Any]) -> list[str]:
        start = threading.Barrier(len(acts))
        results: list[str] = []

        def run(act: Callable[[], Any]) -> None:
            try:
                start.wait()
                act()
                results.append("won")
            except Refused as refused:
                results.append(refused.code)
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(results)

    def mediations(self, state: str, count: int, **sitting: Any) -> list[Mediation]:
        claims = [
            self.make_handled_claim(claimants=[ClaimantFacts(f"工人{n}")], respondents=[RespondentFacts(f"公司{n}")])
            for n in range(count)
        ]
        return [
            self.make_mediation(state, claim, **sitting, starts_at=at(f"{14 + n}:00"), ends_at=at(f"{14 + n}:30"))
            for n, claim in enumerate(claims)
        ]

    def test_four_create_in_one_slot_and_exactly_one_wins(self) -> None:
        rows = self.mediations("accepted", 4)
        results = self.race(*(lambda row=row: self.make_move(row, "schedule") for row in rows))
        self.assertEqual(results, ["room_taken"] * 3 + ["won"])
        self.assertEqual(Hearing.objects.count(), 1)

    def test_two_postpone_into_one_slot_and_exactly_one_wins(self) -> None:
        rows = self.mediations("scheduled", 2)
        there = {"starts_at": at("09:00"), "ends_at": at("10:00")}
        results = self.race(*(lambda row=row: self.make_move(row, "postpone", **there) for row in rows))
        self.assertEqual(results, ["room_taken", "won"])
        self.assertEqual(Hearing.objects.filter(span__overlap=(at("09:00"), at("10:00"))).count(), 1)

    def test_a_create_and_a_postpone_for_one_party_and_exactly_one_wins(self) -> None:
        claims = [self.make_handled_claim(claimants=[ClaimantFacts("周全", "13500000005")]) for _ in range(2)]
        moved = self.make_mediation("scheduled", claims[0], starts_at=at("16:00"), ends_at=at("17:00"))
        fresh = self.make_mediation("accepted", claims[1])
        results = self.race(
            lambda: self.make_move(moved, "postpone", starts_at=at("09:00"), ends_at=at("10:00")),
            lambda: self.make_move(fresh, "schedule", room=self.room2, mediator=self.mediator2),
        )
        self.assertEqual(results, ["party_taken", "won"])

    def test_two_schedule_one_mediation_and_one_hears_that_it_was_done(self) -> None:
        (row,) = self.mediations("accepted", 1)
        twin = Mediation.objects.get(pk=row.pk)
        results = self.race(
            lambda: self.make_move(row, "schedule"),
            lambda: self.make_move(twin, "schedule", room=self.room2, mediator=self.mediator2),
        )
        self.assertEqual(results, ["stale", "won"])
