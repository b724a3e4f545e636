"""A signed agreement reaches each side: whose copies there are, handing over on the spot, and that nobody's is forgotten."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arrears.deadlines import RULES
from arrears.intake import ClaimantFacts, LineFacts, RespondentFacts
from arrears.models import Attempt, Service
from arrears.serving import clock
from arrears.serving import verbs as serving
from grid.models import Notice
from grid.refused import Refused
from mediation import handing
from mediation.drafting.scans import attach
from mediation.models import AgreementCopy, Mediation
from tests.arrears.test_evidence import PNG
from tests.base import NOW, TODAY
from tests.mediation.base import MediationTestCase, at

PDF = b"%PDF-1.4\n%%EOF\n"


def photo(mark: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile("签收.png", PNG + mark.encode())


class HandingTest(MediationTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.mediation = cls.make_mediation("agreed")
        cls.agreement = cls.mediation.agreement

    def refused(self, act: Any) -> str:
        with self.assertRaises(Refused) as caught:
            act()
        return caught.exception.code

    def copies(self) -> list[AgreementCopy]:
        return handing.copies(self.agreement)

    def hand(self, person: Any = None, copies: Any = None, **more: Any) -> int:
        whom = [copy.pk for copy in (self.copies() if copies is None else copies)]
        return handing.hand_over(self.agreement, person or self.mediator, now=NOW, whom=whom, **more)

    def page(self, person: Any = None) -> Any:
        self.client.force_login(person or self.mediator)
        with patch("django.utils.timezone.now", return_value=NOW):
            return self.client.get(reverse("mediation_detail", args=[self.mediation.pk]))

    def post(self, data: dict[str, Any], person: Any = None, follow: bool = True) -> Any:
        self.client.force_login(person or self.mediator)
        with patch("django.utils.timezone.now", return_value=NOW):
            return self.client.post(reverse("agreement_copies", args=[self.mediation.pk]), data, follow=follow)

    # Whose copies

    def test_with_the_signing_each_side_has_a_copy_that_waits_to_be_served(self) -> None:
        found = [(copy.service.receiver, copy.service.what, copy.service.state, copy.service.due_on, copy.service.server) for copy in self.copies()]
        claim = self.mediation.claim
        self.assertEqual(found, [
            (claim.worker_name, "agreement", "waiting", date(2026, 3, 5), self.mediator), (str(claim.respondents.get()), "agreement", "waiting", date(2026, 3, 5), self.mediator),
        ])  # fmt: skip
        self.assertEqual(RULES["AGREEMENT-SERVE-3"].kind, "local")

    def test_a_respondent_who_did_not_come_signed_nothing_and_gets_none(self) -> None:
        firms = [RespondentFacts("沭阳甲建筑公司", role="general"), RespondentFacts("沭阳乙劳务公司", role="labour")]
        claim = self.make_other_claim(respondents=firms)
        made = self.make_mediation("scheduled", claim, starts_at=at("14:00"), ends_at=at("15:00"))
        away = claim.respondents.get(legal_name="沭阳甲建筑公司")
        self.make_move(made, "hold")
        made.hearings.get().attendances.filter(party_id=away.pk).update(was_present=False)
        self.make_move(made, "agree")
        served = [copy.service.receiver for copy in handing.copies(made.agreement)]
        self.assertEqual(served, ["王芳", "沭阳乙劳务公司"])

    def test_whoever_is_not_served_in_time_is_called_after_also_when_the_claim_has_ended(self) -> None:
        clock.call_due(NOW + timedelta(days=30))
        called = Notice.objects.filter(kind="serving_late", channel="in_app")
        self.assertIn(self.mediator.pk, set(called.values_list("recipient", flat=True)))

    # On the spot

    def test_on_the_spot_one_photo_serves_both(self) -> None:
        self.assertEqual(self.hand(receipt=photo()), 2)
        rows = Attempt.objects.all()
        self.assertEqual({(row.method, row.state, row.on, row.deemed_on, row.place) for row in rows}, {("direct", "served", TODAY, TODAY, "第一调解室")})
        self.assertEqual({row.received_by for row in rows}, {copy.service.receiver for copy in self.copies()})
        self.assertEqual(self.mediation.claim.evidence.count(), 1)
        self.assertEqual(self.refused(lambda: self.hand(receipt=photo("2"))), "nobody_to_hand")

    def test_the_signed_paper_proves_it_and_without_it_nothing_is_served(self) -> None:
        self.assertEqual(self.refused(self.hand), "no_receipt")
        self.assertFalse(Attempt.objects.exists())
        scan = attach(self.agreement, SimpleUploadedFile("协议.pdf", PDF), self.mediator, now=NOW)
        self.assertEqual(self.hand(), 2)
        self.assertEqual({proof.evidence_id for attempt in Attempt.objects.all() for proof in attempt.proofs.all()}, {scan.pk})

    def test_only_who_is_ticked_has_it(self) -> None:
        worker, firm = self.copies()
        self.hand(copies=[worker], receipt=photo())
        self.assertEqual([copy.service.state for copy in self.copies()], ["served", "waiting"])
        self.assertEqual(self.refused(lambda: self.hand(copies=[], receipt=photo("2"))), "nobody_to_hand")

    def test_one_that_cannot_be_served_serves_nobody(self) -> None:
        _worker, firm = self.copies()
        with patch("arrears.serving.verbs.reach", side_effect=[None, Refused("way_closed", "x")]):
            self.assertEqual(self.refused(lambda: self.hand(receipt=photo())), "way_closed")
        self.assertFalse(Attempt.objects.exists())

    def test_whoever_may_not_serve_papers_hands_none_over(self) -> None:
        for person in (self.auditor, self.county_b):
            self.assertEqual(self.refused(lambda person=person: self.hand(person, receipt=photo())), "not_your_role")

    # Pages

    def test_the_page_names_who_waits_and_by_when_and_says_whose_target_that_is(self) -> None:
        page = self.page()
        self.assertContains(page, "还有 2 方没有拿到")
        self.assertContains(page, "本市工作目标")
        self.assertNotContains(page, "以签署件为证")  # there is no scan yet
        self.post({"who": [str(copy.pk) for copy in self.copies()], "by": "photo", "receipt": photo()})
        self.assertNotContains(self.page(), "没有拿到")

    def test_bad_input_is_answered_with_what_to_do(self) -> None:
        everybody = [str(copy.pk) for copy in self.copies()]
        for data, words in (
            ({"who": everybody, "by": "photo"}, "请先拍下"), ({"who": everybody}, "请拍下各方签收的回证"), ({"who": ["x", "1"], "receipt": photo()}, "请勾选"),
            ({"who": everybody, "receipt": SimpleUploadedFile("a.exe", b"MZ\x00\x00")}, ""), ({"start": "1"}, "已经在送达"),
        ):  # fmt: skip
            with self.subTest(words):
                self.assertContains(self.post(data), words)
                self.assertFalse(Service.objects.filter(state="served").exists())
        self.assertEqual(self.client.get(reverse("agreement_copies", args=[self.mediation.pk])).status_code, 405)

    def test_out_of_scope_and_without_an_agreement_there_is_no_such_page(self) -> None:
        self.assertEqual(self.post({}, self.county_b, follow=False).status_code, 404)
        open_one = self.make_mediation("accepted", self.make_other_claim())
        self.client.force_login(self.mediator)
        self.assertEqual(self.client.post(reverse("agreement_copies", args=[open_one.pk])).status_code, 404)

    def test_one_that_was_signed_before_copies_were_kept_waits_too_and_can_be_begun(self) -> None:
        AgreementCopy.objects.all().delete()
        self.assertContains(self.page(), "开始送达")
        self.assertTrue(Mediation.objects.filter(handing.unserved()).exists())
        self.post({"start": "1"})
        self.assertEqual(len(self.copies()), 2)

    def test_the_desk_counts_what_has_not_reached_everybody_and_the_list_shows_it(self) -> None:
        def rows() -> list[Mediation]:
            return [row.mediation for row in self.client.get(reverse("mediation_list"), {"view": "unserved"}).context["rows"]]

        self.client.force_login(self.mediator)
        self.assertEqual(rows(), [self.mediation])
        worker, firm = self.copies()
        self.hand(copies=[worker], receipt=photo())
        self.assertEqual(rows(), [self.mediation])
        serving.drop(firm.service, self.mediator, now=NOW, reason="单位已经注销")
        self.assertEqual(rows(), [])

    def test_a_page_costs_the_same_for_one_worker_and_for_many(self) -> None:
        workers = [ClaimantFacts(f"工人{n}", lines=[LineFacts(rate=Decimal(1000))]) for n in range(12)]
        many = self.make_mediation("held", self.make_other_claim(claimants=workers), starts_at=at("14:00"), ends_at=at("15:00"))
        each = {str(worker.pk): (Decimal(666 if n else 674), "person") for n, worker in enumerate(many.claim.claimants.all())}
        self.make_move(many, "agree", shares=each)
        counted = []
        for made in (self.mediation, many):
            self.client.force_login(self.mediator)
            self.client.get(reverse("mediation_detail", args=[made.pk]))
            with CaptureQueriesContext(connection) as queries:
                self.client.get(reverse("mediation_detail", args=[made.pk]))
            counted.append(len(queries))
        self.assertEqual(counted[0], counted[1])

    def test_the_api_lists_the_copies_and_hands_them_over(self) -> None:
        self.client.force_login(self.mediator)
        url = f"/api/v1/mediations/{self.mediation.pk}/copies/"
        self.assertEqual([row["state"] for row in self.client.get(url).json()], ["waiting", "waiting"])
        answer = self.client.post(f"{url}hand_over/", {}, content_type="application/json")
        self.assertEqual((answer.status_code, answer.json()["code"]), (409, "no_receipt"))
        attach(self.agreement, SimpleUploadedFile("协议.pdf", PDF), self.mediator, now=NOW)
        with patch("django.utils.timezone.now", return_value=NOW):
            done = self.client.post(f"{url}hand_over/", {}, content_type="application/json").json()
        self.assertEqual([(row["state"], row["method"]) for row in done], [("served", "direct")] * 2)
        self.client.force_login(self.county_b)
        self.assertEqual(self.client.get(url).status_code, 404)
