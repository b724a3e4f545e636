"""A mediator posted outside the claim's region is told of the mediation in their hands, and of nothing else there."""

from datetime import timedelta

from grid import roles
from grid.models import Notice, Person
from grid.notices import tell
from grid.outbox import may_be_told
from mediation import hearings
from tests.base import NOW, TODAY, make_person
from tests.mediation.base import MediationTestCase


class ToldTest(MediationTestCase):
    def setUp(self) -> None:
        self.elsewhere = make_person("hutiao", "胡调", roles.MEDIATOR, "321322102")
        self.mediation = self.make_mediation("applied")
        hearings.advance(self.mediation, "accept", self.county, now=NOW, mediator=self.elsewhere)

    def notice_to(self, person: Person, claim=None) -> Notice:
        claim = claim or self.mediation.claim
        tell([person], "nudged", key=f"test:{claim.pk}", now=NOW, facts={}, subject_id=claim.pk, region_code=claim.region_id)
        return Notice.objects.select_related("recipient").get(key=f"test:{claim.pk}", channel="email")

    def test_the_mediator_gets_the_mail(self) -> None:
        self.assertTrue(may_be_told(self.notice_to(self.elsewhere), TODAY))

    def test_another_mediator_of_that_township_does_not(self) -> None:
        other = make_person("hutiao2", "胡二", roles.MEDIATOR, "321322102")
        self.assertFalse(may_be_told(self.notice_to(other), TODAY))

    def test_not_about_another_claim(self) -> None:
        self.assertFalse(may_be_told(self.notice_to(self.elsewhere, self.make_other_claim()), TODAY))

    def test_not_once_the_mediation_is_over(self) -> None:
        hearings.advance(self.mediation, "fail", self.county, now=NOW, ground="refused", reason="用人单位不同意")
        self.assertFalse(may_be_told(self.notice_to(self.elsewhere), TODAY))

    def test_not_once_they_have_left(self) -> None:
        notice = self.notice_to(self.elsewhere)
        self.elsewhere.postings.update(ends_on=TODAY - timedelta(days=1))
        self.assertFalse(may_be_told(notice, TODAY))
        self.elsewhere.postings.update(ends_on=None)
        Person.objects.filter(pk=self.elsewhere.pk).update(is_active=False)
        self.assertFalse(may_be_told(Notice.objects.select_related("recipient").get(pk=notice.pk), TODAY))
