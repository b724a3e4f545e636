"""Who has to be in court then is not booked here: parties in whatever case, and whoever goes there with a case of theirs."""

from datetime import datetime
from typing import Any

import icalendar

from arrears.intake import ClaimantFacts, RespondentFacts
from arrears.models import Claim, Proceeding, Step
from arrears.proceedings.verbs import record_step
from arrears.workdays import PUBLISHED
from grid.models import Notice, Task
from grid.refused import Refused
from mediation import in_court, in_the_way
from mediation.feeds import links
from mediation.finding import asked_for, find_times
from mediation.times_page import TimesPage
from tests.base import NOW, TODAY
from tests.mediation.base import MediationTestCase, at


class InCourtTest(MediationTestCase):
    def setUp(self) -> None:
        self.mediation = self.make_mediation()

    def hears(self, claim: Claim, when: datetime, **changes: Any) -> Proceeding:
        facts = {"kind": "suit", "opened_as": "filed", "state": "filed", "court": "沭阳县人民法院", "opened_at": NOW, "hearing_at": when}
        return Proceeding.objects.create(claim=claim, **{**facts, **changes})

    def refused(self, **changes: Any) -> str:
        try:
            self.make_move(self.mediation, "schedule", **changes)
        except Refused as refused:
            self.assertEqual(refused.code, "in_court")
            return refused.message
        return ""

    def test_a_party_in_court_with_the_same_case(self) -> None:
        hearing = self.hears(self.mediation.claim, at("11:00"))  # away from 10:00 to 14:00
        self.assertIn(self.mediation.claim.claimants.get().name, self.refused())
        Proceeding.objects.filter(pk=hearing.pk).update(hearing_at=at("11:30"))
        self.assertEqual(self.refused(), "")

    def test_they_may_say_that_they_make_it(self) -> None:
        self.hears(self.mediation.claim, at("11:00"))
        self.assertEqual(self.refused(anyway=True), "")

    def test_a_firm_in_court_with_another_case_and_one_whose_case_ended(self) -> None:
        firm = {"respondents": [RespondentFacts("沭阳恒达建筑有限公司", credit_code="91321322MA1M000000")]}
        self.mediation = self.make_mediation(claim=self.make_other_claim(**firm))
        elsewhere = self.make_handled_claim(claimants=[ClaimantFacts("赵六", "13900000077")], **firm)
        hearing = self.hears(elsewhere, at("09:00"))
        self.assertIn("沭阳恒达建筑有限公司", self.refused())
        Proceeding.objects.filter(pk=hearing.pk).update(ended_on=NOW.date())
        self.assertEqual(self.refused(), "")

    def test_the_mediator_who_goes_to_court_with_a_case_of_theirs(self) -> None:
        elsewhere = self.make_other_claim()
        Claim.objects.filter(pk=elsewhere.pk).update(handler=self.mediator)
        self.hears(elsewhere, at("09:00"))
        self.assertIn("条和", self.refused())
        self.assertEqual(self.refused(mediator=self.mediator2), "")

    def test_joining_asks_too(self) -> None:
        first = self.make_mediation("scheduled", self.make_other_claim())
        self.hears(self.mediation.claim, at("09:00"))
        with self.assertRaises(Refused) as caught:
            self.make_move(self.mediation, "join", hearing=first.hearings.get())
        self.assertEqual(caught.exception.code, "in_court")

    def test_a_time_that_is_looked_for_leaves_it_free_and_says_so(self) -> None:
        day = PUBLISHED.add(NOW.date(), 4)
        self.hears(self.mediation.claim, at("11:00", day))
        elsewhere = self.make_other_claim()
        Claim.objects.filter(pk=elsewhere.pk).update(handler=self.mediator2)
        self.hears(elsewhere, at("15:00", day))
        asked = asked_for(self.mediation, NOW, first=day, last=day, length=60)
        with self.assertNumQueries(18):
            times = find_times(self.mediation, asked, NOW, PUBLISHED)
        self.assertTrue(times.found.proposals)
        for one in times.found.proposals:
            self.assertTrue(one.minute + 60 <= 10 * 60 or one.minute >= 14 * 60, one)
        asked = asked_for(self.mediation, NOW, first=day, last=day, length=60, only_minute=11 * 60, mediator=self.mediator2.pk, only_mediator=True)
        page = TimesPage(find_times(self.mediation, asked, NOW, PUBLISHED))
        self.assertIn("要去法院或仲裁委开庭", {line.why for line in page.days})
        asked = asked_for(self.mediation, NOW, first=day, last=day, length=60, only_minute=15 * 60, mediator=self.mediator2.pk, only_mediator=True)
        page = TimesPage(find_times(self.mediation, asked, NOW, PUBLISHED))
        self.assertIn("经办的案件要去法院或仲裁委开庭", {line.why for line in page.mediators})

    def test_a_phone_is_enough_and_strangers_are_free(self) -> None:
        elsewhere = self.make_handled_claim(claimants=[ClaimantFacts("王芳", "13900000009")], respondents=[RespondentFacts("沭阳恒达建筑有限公司")])
        self.hears(elsewhere, at("09:00"))
        found = in_court.of_parties({"phone:13900000009", "phone:13900000008"}, at("09:00"), at("10:00"))
        self.assertEqual(dict(found), {"phone:13900000009": [(at("08:00"), at("12:00"))]})
        self.assertEqual(self.refused(), "")

    def test_a_hearing_in_court_that_is_announced_after_the_booking_is_told(self) -> None:
        self.make_move(self.mediation, "schedule")  # 09:00–10:30
        other = self.make_mediation("scheduled", self.make_other_claim(), room=self.room2, mediator=self.mediator2)
        suit = self.hears(self.mediation.claim, at("11:00"), hearing_at=None, opened_as="filed_direct", state="docketed")
        for name in ("filed_direct", "docketed"):
            Step.objects.create(proceeding=suit, name=name, on=TODAY, recorded_at=NOW)
        told = Notice.objects.filter(kind="hearing_in_the_way", channel="in_app")
        for when, is_told in ((at("14:30"), False), (at("11:00"), True)):
            record_step(suit, "hearing", self.county, on=TODAY, now=NOW, hearing=when, place="第三法庭")
            self.assertEqual(told.exists(), is_told)
        self.assertEqual({(row.recipient, row.subject_id, row.facts["why_msgid"]) for row in told}, {
            (person, self.mediation.claim_id, in_the_way.COURT) for person in (self.mediator, self.chief)
        })  # fmt: skip
        self.assertEqual(Task.objects.get(kind="hearing_to_move").owner, self.chief)
        self.assertFalse(told.filter(subject_id=other.claim_id))

    def test_it_stands_in_the_calendar_of_whoever_has_the_case(self) -> None:
        claim = self.mediation.claim
        hearing = self.hears(claim, at("09:30"))
        Claim.objects.filter(pk=claim.pk).update(handler=self.chief)
        (event,) = icalendar.Calendar.from_ical(links.calendar_of(self.chief, NOW)).walk("VEVENT")
        self.assertEqual((event["DTSTART"].dt, str(event["LOCATION"])), (at("09:30"), "沭阳县人民法院"))
        self.assertIn(claim.number, str(event["SUMMARY"]))
        Proceeding.objects.filter(pk=hearing.pk).update(hearing_at=None)
        self.assertEqual(icalendar.Calendar.from_ical(links.calendar_of(self.chief, NOW)).walk("VEVENT"), [])
