"""The API of support to sue: the same answers as pages, and nothing out of scope."""

from datetime import date
from unittest.mock import patch

from django.urls import reverse
from rest_framework.test import APIClient

from arrears.identity import make_id
from arrears.models import Respondent, Search, SupportCase
from arrears.support import searching
from grid.models import Person
from tests.arrears.test_support import SupportTestCase
from tests.base import NOW, TODAY

BASE = "/api/v1/support-cases/"


class Api(SupportTestCase):
    def setUp(self) -> None:
        patcher = patch("django.utils.timezone.now", side_effect=lambda: NOW)
        patcher.start()
        self.addCleanup(patcher.stop)

    def as_(self, person: Person) -> APIClient:
        client = APIClient()
        client.force_authenticate(person)
        return client

    def test_the_whole_way_through_the_api(self) -> None:
        client, worker = self.as_(self.grid_worker), self.claim.claimants.get()
        case = client.post(BASE, {"claim": str(self.claim.pk)}, format="json")
        self.assertEqual((case.status_code, case.json()["state"]), (201, "draft"))
        lacking = {row["id"] for row in case.json()["conditions"] if not row["is_met"]}
        self.assertEqual(lacking, {"voluntary", "evidence", "cannot_sue", "mediation"})
        url = f"{BASE}{case.json()['id']}/"
        refused = client.post(f"{url}moves/apply/", {}, format="json")
        self.assertEqual((refused.status_code, refused.json()["code"]), (409, "conditions_missing"))
        self.paper("iou")
        paper = self.paper("signature")
        client.post(f"{url}conditions/", {"reasons": ["literacy"], "why": "不识字。", "mediated_on": "2026-03-01", "mediated": "对方拒绝。"}, format="json")
        said = {"claimants": [str(worker.pk)], "signed_on": TODAY.isoformat(), "paper": str(paper.pk), "amounts": [{"claimant": str(worker.pk), "amount": "5000.00"}]}
        self.assertEqual(client.post(f"{url}applicants/", said, format="json").json()["applicants"][0]["amount"], "5000.00")
        self.assertEqual(client.post(f"{url}moves/apply/", {}, format="json").json()["state"], "applied")
        self.as_(self.chief).post(f"{url}moves/pass_up/", {"opinion": "情况属实。"}, format="json")
        county = self.as_(self.county)
        self.assertEqual({move["name"] for move in county.get(f"{url}moves/").json()}, {"join", "leave", "choose", "agree", "ask_city", "refuse", "send_back", "withdraw"})
        county.post(f"{url}supporters/", {"supporter": "procuratorate", "body": str(self.procuratorate.pk), "why": "协助取证。"}, format="json")
        done = county.post(f"{url}moves/agree/", {"opinion": "同意。"}, format="json").json()
        self.assertEqual((done["state"], done["supporters"][0]["referral_state"], len(done["opinions"])), ("handed_over", "sent", 2))

    def test_bad_input_is_named_by_field(self) -> None:
        case = self.open()
        answer = self.as_(self.grid_worker).post(f"{BASE}{case.pk}/conditions/", {"reasons": ["nothing"], "mediated_on": "昨天"}, format="json")
        self.assertEqual((answer.status_code, set(answer.json())), (400, {"reasons", "mediated_on"}))

    def test_out_of_scope_there_is_nothing(self) -> None:
        case = self.open()
        for person in (self.county_b, self.chief_a2, self.partner, self.outsider):
            client = self.as_(person)
            self.assertEqual(client.get(f"{BASE}{case.pk}/").status_code, 404, person)
            if person != self.partner:  # to whom there is no such list
                self.assertEqual(client.get(BASE).json()["results"], [], person)
            self.assertEqual(client.post(BASE, {"claim": str(self.claim.pk)}, format="json").status_code, 404, person)
        self.assertEqual(SupportCase.objects.count(), 1)

    def test_list_and_api_hold_the_same_cases_for_every_role_and_question(self) -> None:
        self.advance(self.whole(), "apply", self.grid_worker)
        other = self.make_claim(region="321323101")
        SupportCase.objects.create(claim=other, opened_at=NOW)
        for person in (self.grid_worker, self.chief, self.chief_a2, self.county, self.county_b, self.city, self.auditor):
            self.client.force_login(person)
            for query in ("show=open", "show=all", "show=late", "show=ended", "state=applied", "level=township", "show=mine"):
                page = self.client.get(f"{reverse('support_list')}?{query}")
                if query == "show=mine" and person in (self.grid_worker, self.auditor):
                    continue  # they lead no level, so their list has no such tab
                listed = {str(row.case.pk) for row in page.context["rows"]}
                served = {row["id"] for row in self.as_(person).get(f"{BASE}?{query}").json()["results"]}
                self.assertEqual(served, listed, (person, query))

    def test_a_query_of_accounts_waits_for_the_city(self) -> None:
        row = Respondent.objects.create(claim=self.claim, aliases="老王", role="foreman")
        client = self.as_(self.grid_worker)
        search = client.post("/api/v1/searches/", {"respondent": str(row.pk), "nickname": "老王", "account": "6222020000000008901"}, format="json").json()
        self.assertEqual(search["account_masked"][-4:], "8901")
        self.assertNotIn("6222020000000008901", str(search))
        url = f"/api/v1/searches/{search['id']}/"
        way = client.post(f"{url}ways/", {"way": "bank", "reason": "查户名。"}, format="json").json()["ways"][0]
        tried = {"tried_on": TODAY.isoformat(), "result": "户名王建军。"}
        self.assertEqual(client.post(f"{url}ways/{way['id']}/tried/", tried, format="json").json()["code"], "not_allowed_yet")
        self.assertEqual(self.as_(self.county).post(f"{url}ways/{way['id']}/decide/", {"allows": True}, format="json").json()["code"], "city_only")
        allowed = self.as_(self.city).post(f"{url}ways/{way['id']}/decide/", {"allows": True, "decision": "同意。"}, format="json")
        self.assertEqual(allowed.json()["ways"][0]["state"], "allowed")
        self.assertEqual(client.post(f"{url}ways/{way['id']}/tried/", tried, format="json").json()["ways"][0]["result"], "户名王建军。")
        number = make_id("321399", date(1990, 3, 7), 3)
        found = client.post(f"{url}found/", {"legal_name": "王建军", "id_number": number, "how": "银行户名。"}, format="json")
        self.assertEqual(found.json()["state"], "found")
        self.assertNotIn(number, found.content.decode())
        row.refresh_from_db()
        self.assertEqual((row.legal_name, row.aliases, row.id_number()), ("王建军", "老王", number))


class Searching(SupportTestCase):
    def setUp(self) -> None:
        self.row = Respondent.objects.create(claim=self.claim, aliases="老王", role="foreman")
        self.search = searching.start(self.row, self.grid_worker, now=NOW, nickname="王老板")

    def test_it_has_a_day_of_its_own_and_climbs_with_the_claim(self) -> None:
        self.assertEqual(self.search.due_on, date(2026, 3, 23))
        clock = self.search.claim.clocks.get(rule_id="FIND-RESPONDENT-15")
        self.assertEqual((clock.about_id, clock.due_on), (self.search.pk, date(2026, 3, 23)))

    def test_what_he_was_called_stays_and_the_longest_that_fits(self) -> None:
        searching.found(self.search, self.grid_worker, now=NOW, legal_name="王建军", id_number=make_id("321399", date(1990, 3, 7), 3))
        self.row.refresh_from_db()
        self.assertEqual((self.row.legal_name, self.row.aliases), ("王建军", "老王；王老板"))
        self.assertFalse(self.claim.clocks.running().filter(rule_id="FIND-RESPONDENT-15").exists())

    def test_a_second_search_of_the_same_man_is_refused_and_one_of_somebody_known_too(self) -> None:
        self.refused("search_open", searching.start, self.row, self.grid_worker, now=NOW, nickname="老王")
        known = self.claim.respondents.exclude(credit_code="").get()
        self.refused("known_already", searching.start, known, self.grid_worker, now=NOW, nickname="老王")

    def test_nobody_allows_the_query_they_asked_for(self) -> None:
        way = searching.begin_way(self.search, self.city, "bank", "查户名。", now=NOW)
        self.refused("own_query", searching.decide, way, self.city, now=NOW, allows=True)
        self.assertIn("没有批准", self.refused("not_allowed_yet", searching.tried, way, self.city, now=NOW, tried_on=TODAY, result="x"))

    def test_a_denial_needs_a_reason_and_ends_the_way(self) -> None:
        way = searching.begin_way(self.search, self.county, "bank", "查户名。", now=NOW)
        self.assertEqual(self.told("query_asked"), {"shidu"})
        self.refused("no_reason", searching.decide, way, self.city, now=NOW, allows=False)
        way = searching.decide(way, self.city, now=NOW, allows=False, decision="先查工商登记。")
        self.assertEqual(way.state, "denied")
        self.assertFalse(self.claim.clocks.running().filter(about_id=way.pk).exists())

    def test_giving_up_says_why_and_ends_what_waits(self) -> None:
        way = searching.begin_way(self.search, self.county, "bank", "查户名。", now=NOW)
        self.refused("no_reason", searching.give_up, self.search, self.county, now=NOW, reason=" ")
        searching.give_up(self.search, self.county, now=NOW, reason="各种办法都查过。")
        way.refresh_from_db()
        self.assertEqual((Search.objects.get().state, way.state), ("given_up", "denied"))
        self.refused("wrong_state", searching.add_lead, self.search, self.county, now=NOW, nickname="老王")

