"""From a paper that was issued to its service: filled in, tied to it, and shown there."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from arrears.models import Paper, Service
from arrears.papers.issuing import issue, reissue, withdraw
from arrears.serving import verbs
from arrears.serving.issued import initial_of
from arrears.serving.verbs import Said
from grid.refused import Refused
from tests.arrears.papers.scenes import LABOUR, PapersTestCase, answers_of
from tests.arrears.test_evidence import PNG
from tests.base import NOW, TODAY


class ServingPaperTest(PapersTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.client.force_login(self.county)
        self.firm = self.one.respondents.get(legal_name=LABOUR)
        self.order = self.make()

    def make(self, form: str = "F-06", **changes: object) -> Paper:
        answers = {**answers_of(form), "party": str(self.firm.pk), **changes}
        return issue(self.one, form, self.county, now=NOW, answers=answers)

    def address(self, paper: Paper) -> str:
        return f"{reverse('claim_serve', args=[self.one.pk])}?paper={paper.pk}"

    def serve(self, paper: Paper | None = None, **changes: object) -> Service:
        said = {"what": "order", "title": "指令书", "made_on": TODAY, "respondent": self.firm, "paper": paper or self.order, **changes}
        return verbs.issue(self.one, self.county, now=NOW, **said)

    def refuses(self, code: str, **said: object) -> None:
        with self.assertRaises(Refused) as caught:
            self.serve(**said)
        self.assertEqual(caught.exception.code, code)

    def test_the_form_is_filled_in_and_what_it_makes_is_shown_on_the_paper(self) -> None:
        for page in (reverse("paper_detail", args=[self.order.pk]), reverse("claim_documents", args=[self.one.pk])):
            self.assertContains(self.client.get(page), self.address(self.order))
        form = self.client.get(self.address(self.order))
        self.assertContains(form, f'value="{self.order.number} {self.order.title}"')
        self.assertContains(form, f'value="respondent:{self.firm.pk}" selected')
        self.assertContains(form, 'value="order" selected')
        said = {**initial_of(self.order), "made_on": TODAY.isoformat()}
        self.assertEqual(self.client.post(self.address(self.order), said).status_code, 302)
        service = Service.objects.get()
        self.assertEqual((service.paper, service.respondent, service.what), (self.order, self.firm, "order"))
        page = self.client.get(reverse("paper_detail", args=[self.order.pk]))
        self.assertContains(page, reverse("service_detail", args=[service.pk]))
        self.assertContains(page, LABOUR)
        self.assertContains(self.client.get(reverse("service_detail", args=[service.pk])), reverse("paper_detail", args=[self.order.pk]))
        receipt = SimpleUploadedFile("r.png", PNG)
        verbs.attempt(service, self.county, now=NOW, method="direct", said=Said(TODAY, received_by="王强", files={"receipt": [receipt]}))
        self.assertContains(self.client.get(reverse("paper_detail", args=[self.order.pk])), f"{TODAY}</time> 送达")

    def test_what_the_form_of_a_paper_is_served_as(self) -> None:
        said = {form: initial_of(Paper(form=form, title="x", number="y", issued_at=NOW, facts=self.order.facts))["what"] for form in ("F-06", "F-05", "F-20")}
        self.assertEqual(said, {"F-06": "order", "F-05": "notice", "F-20": "other"})
        for kind, what in (("handling", "decision"), ("penalty", "penalty")):
            paper = Paper(form="F-07", title="x", number="y", issued_at=NOW)
            paper.put({"answers": {"act_kind": kind, "party": str(self.firm.pk)}})
            self.assertEqual((initial_of(paper)["what"], initial_of(paper)["receiver"]), (what, f"respondent:{self.firm.pk}"))

    def test_what_is_refused(self) -> None:
        self.serve()
        self.refuses("under_way")
        other = self.one.respondents.exclude(pk=self.firm.pk).first()
        self.serve(respondent=other)  # somebody else may be served with the same paper
        newer = reissue(self.order, self.county, now=NOW, answers={**answers_of("F-06"), "party": str(self.firm.pk)})
        self.refuses("paper_gone", respondent=self.one.respondents.last())
        self.serve(newer)
        withdraw(newer, self.county, now=NOW, reason="写错了")
        self.refuses("paper_gone", paper=newer)
        foreign = self.make_claim()
        self.refuses("not_of_claim", paper=Paper(claim=foreign))
        waiting = Service.objects.filter(paper=newer).get()
        self.assertContains(self.client.get(reverse("service_detail", args=[waiting.pk])), "请登记不再送达")
        self.assertNotContains(self.client.get(reverse("paper_detail", args=[newer.pk])), self.address(newer))
        self.assertEqual(self.client.get(f"{reverse('claim_serve', args=[foreign.pk])}?paper={newer.pk}").status_code, 404)
        self.assertEqual(self.client.get(f"{reverse('claim_serve', args=[self.one.pk])}?paper=7").status_code, 404)

    def test_a_paper_that_is_served_cannot_be_lost(self) -> None:
        self.serve()
        with self.assertRaises(IntegrityError), transaction.atomic():
            Service.objects.update(paper="00000000-0000-0000-0000-000000000001")
            transaction.get_connection().check_constraints()

    def test_the_api_ties_it_too_and_refuses_alike(self) -> None:
        said = {
            "claim": str(self.one.pk), "what": "order", "title": "指令书", "made_on": TODAY.isoformat(), "respondent": str(self.firm.pk), "paper": str(self.order.pk)
        }  # fmt: skip
        made = self.client.post("/api/v1/services/", said, content_type="application/json")
        self.assertEqual((made.status_code, made.json()["paper"]), (201, str(self.order.pk)))
        again = self.client.post("/api/v1/services/", said, content_type="application/json")
        self.assertEqual((again.status_code, again.json()["code"]), (409, "under_way"))
        theirs = self.client.post("/api/v1/services/", {**said, "paper": str(self.firm.pk)}, content_type="application/json")
        self.assertEqual(theirs.status_code, 404)

    def test_whoever_only_reads_is_offered_nothing(self) -> None:
        self.client.force_login(self.auditor)
        page = self.client.get(reverse("paper_detail", args=[self.order.pk]))
        self.assertNotContains(page, self.address(self.order))
