"""One-time links and answers on paper over the API: the same verbs, and the same refusals as the pages."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from arrears.models import Event, Evidence, ReplyLink
from arrears.partners.links import code_of, token_of
from tests.arrears.test_reply_links import TO, LinkScene, photo


class RepliesApiTest(LinkScene):
    def setUp(self) -> None:
        super().setUp()
        self.api = APIClient()
        self.api.force_authenticate(self.county)
        self.base = f"/api/v1/referrals/{self.referral.pk}"

    def paper(self, move: str, **changes):
        said = {"answered_name": "王检", "answered_post": "科长", "paper_on": "2026-03-02", "scan": SimpleUploadedFile("a.jpg", photo("grey", (40, 41))), **changes}
        return self.api.post(f"{self.base}/paper/{move}/", said, format="multipart")

    def test_a_link_is_made_and_told_once_and_the_one_before_ends(self) -> None:
        made = self.api.post(f"{self.base}/links/", TO, format="json")
        link = ReplyLink.objects.get(pk=made.json()["id"])
        self.assertEqual((made.status_code, made["Cache-Control"]), (201, "private, no-store"))
        self.assertTrue(made.json()["url"].endswith(f"/{token_of(link)}/"), made.json()["url"])
        self.assertEqual(made.json()["code"], code_of(link))
        listed = self.api.get(f"{self.base}/links/")
        self.assertEqual([row["is_live"] for row in listed.json()], [True, False])
        self.assertNotIn(token_of(link), listed.content.decode())
        self.assertNotIn(code_of(link), listed.content.decode())

    def test_what_cannot_be_sent_is_refused_as_on_the_page(self) -> None:
        for changes, code in (({"way": "email"}, "no_address"), ({"way": "sms", "phone": "13900000009"}, "no_sms"), ({"days": 61}, "bad_days")):
            answer = self.api.post(f"{self.base}/links/", {**TO, **changes}, format="json")
            self.assertEqual((answer.status_code, answer.json()["code"]), (409, code))
        self.assertEqual(self.api.post(f"{self.base}/links/", {"name": "王检"}, format="json").status_code, 400)

    def test_it_is_revoked_once(self) -> None:
        address = f"{self.base}/links/{self.link.pk}/revoke/"
        self.assertFalse(self.api.post(address).json()["is_live"])
        again = self.api.post(address)
        self.assertEqual((again.status_code, again.json()["code"]), (409, "link_ended"))
        self.assertEqual(self.api.post(f"{self.base}/links/{self.referral.pk}/revoke/").status_code, 404)

    def test_an_answer_on_paper_is_recorded_with_its_scan(self) -> None:
        answer = self.paper("receive")
        self.assertEqual((answer.status_code, answer.json()["state"]), (200, "received"))
        event = Event.objects.filter(kind="referral").latest("seq")
        self.assertEqual((event.actor, event.facts["answered_by"], event.happened_on), (self.county, "王检（科长）", date(2026, 3, 2)))
        self.assertEqual(Evidence.objects.get().title, "沭阳县人民检察院的书面答复")

    def test_a_paper_that_does_not_go_is_refused_and_leaves_nothing(self) -> None:
        self.assertEqual(self.paper("accept").status_code, 409)  # it was not received yet
        self.assertEqual(self.paper("recall", reason="x").status_code, 409)  # the sender's own move
        self.assertEqual(self.paper("receive", paper_on="2026-03-09").status_code, 409)
        self.assertEqual(self.paper("receive", scan="").status_code, 400)
        self.assertEqual(self.paper("pigeon").status_code, 404)
        self.assertFalse(Evidence.objects.exists())

    def test_only_who_could_have_sent_it(self) -> None:
        for person, code in ((self.chief, 409), (self.auditor, 409), (self.partner, 404), (self.county_b, 404), (self.outsider, 404)):
            self.api.force_authenticate(person)
            for answer in (
                self.api.get(f"{self.base}/links/"), self.api.post(f"{self.base}/links/", TO, format="json"),
                self.api.post(f"{self.base}/links/{self.link.pk}/revoke/"), self.paper("receive"),
            ):  # fmt: skip
                self.assertEqual(answer.status_code, code, (person, answer.content[:200]))
        self.assertEqual(ReplyLink.objects.filter(revoked_at=None).get(), self.link)
