"""Intake on patrol: from the page of a site a draft begins with the site and the chain of its claims filled in."""

from datetime import timedelta

from django.urls import reverse

from arrears import casework
from arrears.intake import RespondentFacts
from arrears.models import Claim, IntakeDraft
from grid.ids import uuid7
from grid.models import Posting, Region
from tests.arrears.pages import PagesTestCase
from tests.arrears.test_intake_pages import MONEY, STORY, WHO
from tests.base import NOW, TODAY

GENERAL = RespondentFacts("江苏中城建设集团有限公司", role="general")
LABOUR = RespondentFacts("宿迁宏远劳务有限公司", "恒达劳务", role="labour", contact="孙志强", phone="13951234567", address="陇集镇北路1号")
FOREMAN = RespondentFacts(aliases="孙老板", role="foreman")


class SiteIntakeTest(PagesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        here = {"site_name": "翰林雅苑二期", "site_address": "人民路8号"}
        cls.old = cls.make_claim(**here, respondents=[FOREMAN, LABOUR], received_on=TODAY - timedelta(days=30))
        cls.new = cls.make_claim(**here, respondents=[LABOUR, GENERAL])
        cls.make_claim(respondents=[RespondentFacts("别处的公司", role="sub")])
        cls.site = cls.old.site
        cls.address = reverse("site_intake", args=[cls.site.pk])

    def setUp(self) -> None:
        super().setUp()
        self.sign_in(self.grid_worker)

    def links(self) -> dict[str, str]:
        return {str(link.respondent): link.key for link in self.client.get(self.address).context["links"]}

    def begin(self, *names: str, **more: str) -> IntakeDraft:
        keys = self.links()
        answer = self.client.post(self.address, {"draft_id": str(uuid7()), "link": [keys[name] for name in names], "region": "321322101", **more})
        draft = IntakeDraft.objects.get()
        self.assertRedirects(answer, reverse("draft_step", args=[draft.pk, "who"]))
        return draft

    def test_the_chain_is_offered_in_its_order_with_the_newest_claims_ticked(self) -> None:
        links = self.client.get(self.address).context["links"]
        self.assertEqual(
            [(str(link.respondent), link.claims, link.is_usual) for link in links],
            [(GENERAL.legal_name, 1, True), (LABOUR.legal_name, 2, True), ("孙老板", 1, False)],
        )

    def test_a_draft_begins_with_site_address_region_and_the_chosen_chain_on_patrol(self) -> None:
        typed = self.begin(GENERAL.legal_name, LABOUR.legal_name).typed()
        where = typed["where"]
        self.assertEqual(
            [where[name] for name in ("site_name", "site_address", "region", "received_on", "channel")],
            [["翰林雅苑二期"], ["人民路8号"], ["321322101"], [TODAY.isoformat()], ["patrol"]],
        )
        self.assertEqual(typed["whom"]["whom-TOTAL_FORMS"], ["2"])
        self.assertEqual(
            [typed["whom"][f"whom-1-{name}"] for name in ("role", "legal_name", "aliases", "contact", "phone", "address")],
            [["labour"], [LABOUR.legal_name], ["恒达劳务"], ["孙志强"], ["13951234567"], ["陇集镇北路1号"]],
        )

    def test_only_the_worker_and_the_money_are_left_to_type(self) -> None:
        draft = self.begin(LABOUR.legal_name)
        for step, said in (("who", WHO), ("money", MONEY), ("story", STORY)):
            self.client.post(reverse("draft_step", args=[draft.pk, step]), said)
        answer = self.client.post(reverse("draft_check", args=[draft.pk]), {"consent": "on", "kind": "photo"})
        claim = Claim.objects.order_by("-id").first()
        self.assertRedirects(answer, reverse("claim_detail", args=[claim.pk]), fetch_redirect_response=False)
        self.assertEqual((claim.site, claim.channel, claim.received_on), (self.site, "patrol", TODAY))
        self.assertEqual([row.legal_name for row in claim.respondents.all()], [LABOUR.legal_name])

    def test_what_was_filled_in_can_be_corrected(self) -> None:
        draft = self.begin(LABOUR.legal_name)
        page = self.client.get(reverse("draft_step", args=[draft.pk, "whom"]))
        self.assertContains(page, f'value="{LABOUR.legal_name}"')
        self.assertContains(self.client.get(reverse("draft_step", args=[draft.pk, "where"])), 'value="翰林雅苑二期"')

    def test_with_nobody_chosen_the_step_is_asked_for(self) -> None:
        draft = self.begin()
        self.assertFalse(self.client.get(reverse("draft_step", args=[draft.pk, "whom"])).context["step"].is_valid)

    def test_a_form_sent_twice_makes_one_draft(self) -> None:
        said = {"draft_id": str(uuid7()), "region": "321322101"}
        self.client.post(self.address, said)
        self.client.post(self.address, said)
        self.assertEqual(IntakeDraft.objects.count(), 1)

    def test_somebody_elses_draft_and_a_region_out_of_reach_are_not_taken(self) -> None:
        theirs = IntakeDraft.objects.create(person=self.chief, step="who", sealed="", updated_at=NOW)
        self.client.post(self.address, {"draft_id": str(theirs.pk), "region": "321322102"})
        theirs.refresh_from_db()
        self.assertEqual(theirs.sealed, "")
        mine = IntakeDraft.objects.get(person=self.grid_worker)
        self.assertEqual(mine.typed()["where"]["region"], [""])

    def test_respondents_of_claims_out_of_sight_are_not_offered(self) -> None:
        """Who works for one village sees the site, whose other claims are the township's."""
        village = Region.objects.create(code="321322101201", name="李村", full_name="李村", level="village", parent_id="321322101", code_system="x")
        Posting.objects.filter(person=self.grid_worker).update(region=village)
        self.make_claim(region=village.code, site_name="翰林雅苑二期", respondents=[FOREMAN])
        self.assertEqual(list(self.links()), ["孙老板"])
        self.begin("孙老板", region=village.code)
        self.assertEqual(IntakeDraft.objects.get().typed()["where"]["region"], [village.code])

    def test_who_may_not_register_has_no_button_and_is_refused(self) -> None:
        for person, status in ((self.mediator, 403), (self.auditor, 403), (self.chief_a2, 404), (self.partner, 404), (self.county, 200), (self.chief, 200)):
            self.sign_in(person)
            with self.subTest(who=person):
                self.assertEqual(self.client.get(self.address).status_code, status)
        self.sign_in(self.mediator)
        self.assertNotContains(self.client.get(reverse("site_detail", args=[self.site.pk])), self.address)
        self.sign_in(self.chief)
        self.assertContains(self.client.get(reverse("site_detail", args=[self.site.pk])), self.address)

    def test_a_merged_claim_names_its_chain_once_through_the_one_that_goes_on(self) -> None:
        casework.advance(self.old, "merge", self.chief, now=NOW, merged_into=self.new, reason="重复")
        offered = {str(link.respondent): link.claims for link in self.client.get(self.address).context["links"]}
        self.assertEqual(offered, {GENERAL.legal_name: 1, LABOUR.legal_name: 1, "孙老板": 1})

    def test_the_page_costs_the_same_with_thirty_claims(self) -> None:
        before = self.queries(self.address)
        for _number in range(30):
            self.make_claim(site_name="翰林雅苑二期", respondents=[LABOUR, FOREMAN])
        self.assertEqual(self.queries(self.address), before)
