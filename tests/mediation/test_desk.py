"""What mediations bring to the desk: today's hearings, and what waits to be accepted or scheduled."""

from datetime import timedelta
from unittest.mock import patch

from django.test import TestCase
from django.urls import reverse

from arrears.intake import ClaimantFacts, RespondentFacts
from grid import leaves
from grid.days import day_of
from mediation import recusing
from mediation.drafting import verbs
from tests.base import NOW, TODAY
from tests.mediation.base import MediationCast, at

IN_A_DAY = NOW + timedelta(days=1)  # the day the hearing is


class MediationDeskTest(MediationCast, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.make_cast()
        cls.scheduled = cls.make_mediation("scheduled")
        cls.accepted = cls.make_mediation("accepted", cls.make_other_claim(region="321322102"))
        cls.applied = cls.make_mediation("applied", cls.make_handled_claim(person=cls.grid_worker))

    def desk(self, person, now=IN_A_DAY):
        self.client.force_login(person)
        with patch("django.utils.timezone.now", return_value=now):
            return self.client.get(reverse("desk"))

    def numbers(self, response) -> dict[str, int]:
        return {shown.tile.name: shown.count.number for shown in response.context["tiles"]}

    def panels(self, response) -> dict:
        return {shown.panel.name: shown.facts for column in ("main", "side") for shown in response.context[column]}

    def test_the_mediator_sees_todays_hearings_and_what_waits(self) -> None:
        response = self.desk(self.mediator)
        self.assertEqual(self.numbers(response), {"hearings": 1, "new_mediations": 1, "to_schedule": 1, "my_mediations": 2})
        waiting = [row.mediation for row in self.panels(response)["waiting_mediations"]["rows"]]
        self.assertCountEqual(waiting, [self.accepted, self.applied])
        self.assertContains(response, "第一调解室")
        self.assertContains(response, "09:00")

    def test_what_waits_for_a_signature_or_for_money_is_counted_and_listed(self) -> None:
        agreed = self.make_mediation("agreed", self.make_other_claim(claimants=[ClaimantFacts("周七")], respondents=[RespondentFacts("沭阳甲公司")]), starts_at=at("14:00"), ends_at=at("15:00"))
        verbs.keep(self.accepted, {"total": "100"}, self.mediator, now=NOW, version=0)
        numbers = self.numbers(self.desk(self.mediator))
        self.assertEqual((numbers["unsigned"], "money_due" in numbers), (1, False))
        near = NOW + timedelta(days=14)  # the first instalment is due in four days
        self.assertEqual(self.numbers(self.desk(self.mediator, near))["money_due"], 1)
        with patch("django.utils.timezone.now", return_value=near):
            rows = self.client.get(reverse("mediation_list"), {"view": "money_due"}).context["rows"]
        self.assertEqual([row.mediation for row in rows], [agreed])
        self.assertEqual(self.panels(self.desk(self.mediator))["mediation_results"].percent, 100)
        self.assertNotIn("mediation_results", self.panels(self.desk(self.mediator2)))

    def test_what_is_in_the_way_of_a_hearing_and_a_recusal_that_waits_are_counted_and_listed(self) -> None:
        def listed() -> list:
            with patch("django.utils.timezone.now", return_value=NOW):
                return [row.mediation for row in self.client.get(reverse("mediation_list"), {"view": "conflicts"}).context["rows"]]

        self.assertNotIn("conflicts", self.numbers(self.desk(self.mediator, NOW)))
        self.assertEqual(listed(), [])
        leaves.enter_leave(self.mediator, self.mediator, now=NOW, starts_on=day_of(IN_A_DAY), ends_on=day_of(IN_A_DAY))
        recusal = recusing.ask(self.accepted, self.mediator2, self.county, now=NOW, asked_by="worker", ground="relative", reason="表亲")
        self.assertEqual(self.numbers(self.desk(self.mediator, NOW))["conflicts"], 2)
        self.assertCountEqual(listed(), [self.scheduled, self.accepted])
        recusing.decide(recusal, self.county, now=NOW, is_granted=False, answer="不是亲属")
        self.assertEqual(listed(), [self.scheduled])
        self.make_move(self.scheduled, "postpone", starts_at=at("14:00", TODAY + timedelta(days=2)), ends_at=at("15:00", TODAY + timedelta(days=2)))
        self.assertEqual(listed(), [])

    def test_each_number_opens_exactly_the_rows_it_counted(self) -> None:
        for person in (self.mediator, self.mediator2, self.mediator_b, self.chief, self.county, self.city):
            for shown in self.desk(person).context["tiles"]:
                if shown.tile.name in ("hearings", "new_mediations", "to_schedule", "my_mediations", "conflicts", "unsigned", "unserved_agreements", "money_due"):
                    with self.subTest(f"{person} {shown.tile.name}"), patch("django.utils.timezone.now", return_value=IN_A_DAY):
                        page = self.client.get(shown.url).context
                        self.assertEqual(page["plan"].count if "plan" in page else len(page["rows"]), shown.count.number)

    def test_a_mediator_has_no_hearing_of_another_and_the_officers_have_all_in_sight(self) -> None:
        self.assertEqual(self.numbers(self.desk(self.mediator2))["hearings"], 0)
        self.assertEqual(self.numbers(self.desk(self.county))["hearings"], 1)
        self.assertEqual(self.numbers(self.desk(self.county_b))["hearings"], 0)
        self.assertIn("hearings_beside", self.panels(self.desk(self.chief)))
        self.assertNotIn("hearings_beside", self.panels(self.desk(self.chief_a2)))

    def test_a_grid_worker_is_shown_the_hearings_of_their_own_cases(self) -> None:
        self.assertNotIn("hearings_beside", self.panels(self.desk(self.grid_worker)))
        type(self.scheduled.claim).objects.filter(pk=self.scheduled.claim_id).update(handler=self.grid_worker)
        self.assertIn("hearings_beside", self.panels(self.desk(self.grid_worker)))

    def test_another_day_brings_another_desk(self) -> None:
        self.assertEqual(self.numbers(self.desk(self.mediator, NOW))["hearings"], 0)

    def test_the_auditor_reads_in_the_log_which_case_a_mediation_was_of(self) -> None:
        self.client.force_login(self.county)
        self.client.get(reverse("mediation_detail", args=[self.scheduled.pk]))
        self.client.force_login(self.auditor)
        self.assertContains(self.client.get(reverse("access_log")), self.scheduled.claim.number)
