"""Papers and packets over the API: the same verbs, the same refusals, the same sight."""

from pypdf import PdfReader

from arrears.casework import advance
from arrears.models import Packet, Paper, Proceeding, SupportCase
from arrears.papers.issuing import issue
from arrears.papers.keeping import path_of
from arrears.papers.packets import make_next
from arrears.referrals import refer
from grid.models import AccessLog
from tests.arrears.papers.office import OfficeTestCase
from tests.arrears.papers.scenes import answers_of
from tests.arrears.papers.test_packets import typed
from tests.base import NOW

PAPERS, PACKETS = "/api/v1/papers/", "/api/v1/packets/"


def open_proceeding(claim, number: str) -> Proceeding:
    return Proceeding.objects.create(claim=claim, kind="suit", opened_as="filed_direct", state="docketed", docket_number=number, opened_at=NOW)


class TestIssuedApi(OfficeTestCase):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.chief)

    def post(self, address: str, **said):
        return self.client.post(address, said, content_type="application/json")

    def test_a_paper_is_issued_listed_made_anew_and_withdrawn(self):
        answer = self.post(PAPERS, claim=str(self.one.pk), form="F-16", answers=typed("F-16"))
        self.assertEqual(answer.status_code, 201, answer.content)
        self.assertNotIn("facts", answer.json())
        pk = answer.json()["id"]
        self.assertEqual([row["id"] for row in self.client.get(PAPERS, {"claim": self.one.pk}).json()["results"]], [pk])
        again = self.post(f"{PAPERS}{pk}/reissue/", answers=typed("F-16"))
        self.assertEqual((again.status_code, again.json()["version"], again.json()["replaces"]), (201, 2, pk))
        refused = self.post(f"{PAPERS}{pk}/reissue/", answers=typed("F-16"))
        self.assertEqual((refused.status_code, refused.json()["code"]), (409, "replaced_already"))
        withdrawn = self.post(f"{PAPERS}{again.json()['id']}/withdraw/", reason="写错了")
        self.assertEqual((withdrawn.status_code, withdrawn.json()["withdrawn_because"]), (200, "写错了"))

    def test_a_paper_says_what_of_the_claim_it_is_about_and_of_no_other(self):
        (self.folder / "F-20.txt").write_text("# 工资表\n\n{{ 程序.本件案号 }}", encoding="utf-8")
        mine, other = (open_proceeding(claim, number) for claim, number in ((self.one, "（2026）苏1322民初7号"), (self.make_claim(), "（2026）苏1322民初8号")))
        answer = self.post(PAPERS, claim=str(self.one.pk), form="F-20", about=str(mine.pk))
        self.assertEqual((answer.status_code, answer.json()["about"]), (201, str(mine.pk)), answer.content)
        self.assertIn("民初7号", "".join(page.extract_text() for page in PdfReader(path_of(Paper.objects.get(), "pdf")).pages))
        case = SupportCase.objects.create(claim=self.one, opened_by=self.chief, opened_at=NOW)
        self.assertEqual(self.post(PAPERS, claim=str(self.one.pk), form="F-20", about=str(case.pk)).json()["about"], str(case.pk))
        refused = self.post(PAPERS, claim=str(self.one.pk), form="F-20", about=str(other.pk))
        self.assertEqual((refused.status_code, refused.json()["code"]), (409, "not_of_claim"))
        self.assertEqual(self.post(PACKETS, claim=str(self.one.pk), kind="suit", forms=["F-20"], about=str(other.pk)).json()["code"], "not_of_claim")
        self.post(PACKETS, claim=str(self.one.pk), kind="suit", forms=["F-20"], about=str(mine.pk))
        make_next(NOW)
        self.assertEqual(Packet.objects.get().papers.get().about_id, mine.pk)
        self.assertEqual(self.post(PAPERS, claim=str(self.one.pk), form="F-20", about="x").status_code, 400)

    def test_a_packet_says_with_which_referral_of_the_claim_it_goes(self):
        advance(self.one, "handle", self.chief, now=NOW)
        other = self.make_full(1)
        advance(other, "handle", self.chief, now=NOW)
        given = {"now": NOW, "kind": "support", "body": self.procuratorate, "summary": "请支持起诉"}
        mine, strange = refer(self.one, self.county, **given), refer(other, self.county, **given)
        asked = {"claim": str(self.one.pk), "kind": "support", "forms": ["F-20"]}
        self.assertEqual(self.post(PACKETS, **asked, referral=str(strange.pk)).status_code, 400)
        answer = self.post(PACKETS, **asked, referral=str(mine.pk))
        self.assertEqual((answer.status_code, answer.json()["referral"]), (202, str(mine.pk)), answer.content)
        self.assertTrue(Packet.objects.get().plan["redacted"])

    def test_files_are_attachments_and_logged(self):
        paper = issue(self.one, "F-16", self.chief, now=NOW, answers=answers_of("F-16"))
        for kind in ("docx", "pdf"):
            file = self.client.get(f"{PAPERS}{paper.pk}/{kind}/")
            self.assertTrue(file["Content-Disposition"].startswith("attachment"))
            self.assertEqual(len(b"".join(file.streaming_content)), getattr(paper, f"{kind}_size"))
        self.assertEqual(AccessLog.objects.filter(act="download", subject="paper").count(), 2)

    def test_bad_words_are_400_a_lacking_answer_409_and_out_of_scope_404(self):
        self.assertEqual(self.post(PAPERS, claim=str(self.one.pk), form="X-1").status_code, 400)
        lacking = self.post(PAPERS, claim=str(self.one.pk), form="F-16", answers={})
        self.assertEqual((lacking.status_code, lacking.json()["code"]), (409, "bad_answers"))
        paper = issue(self.one, "F-20", self.chief, now=NOW, answers={})
        for person in (self.chief_a2, self.county_b, self.partner, self.outsider):
            self.client.force_login(person)
            self.assertEqual(self.post(PAPERS, claim=str(self.one.pk), form="F-20").status_code, 404)
            for end in ("", "pdf/", "docx/"):
                self.assertEqual(self.client.get(f"{PAPERS}{paper.pk}/{end}").status_code, 404)
            if person != self.partner:  # to whom there is no such list
                self.assertEqual(self.client.get(PAPERS).json()["results"], [])

    def test_a_packet_is_asked_for_looked_at_and_fetched(self):
        forms = ["F-16", "F-20", "L-02"]
        answer = self.post(PACKETS, claim=str(self.one.pk), kind="support", forms=forms, answers=typed(*forms))
        self.assertEqual((answer.status_code, answer.json()["state"]), (202, "asked"))
        address = f"{PACKETS}{answer.json()['id']}/"
        self.assertEqual(self.client.get(f"{address}zip/").status_code, 404)
        make_next(NOW)
        made = self.client.get(address).json()
        self.assertEqual((made["state"], made["percent"], made["documents"], len(made["papers"])), ("made", 100, 3, 3))
        for kind in ("zip", "pdf"):
            file = self.client.get(f"{address}{kind}/")
            self.assertEqual(len(b"".join(file.streaming_content)), made[f"{kind}_size"])
        self.assertEqual(self.post(f"{address}again/").json()["code"], "stale")
        for person in (self.chief_a2, self.county_b, self.partner):
            self.client.force_login(person)
            for end in ("", "zip/", "pdf/"):
                self.assertEqual(self.client.get(f"{address}{end}").status_code, 404)
        self.assertEqual((Paper.objects.count(), Packet.objects.count()), (3, 1))
