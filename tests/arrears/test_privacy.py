"""What was read to a worker is kept beside its version: whoever looks at the claim reads the text of that day."""

from dataclasses import replace

from django.test import SimpleTestCase
from django.urls import reverse

from arrears.history import record
from arrears.privacy import CONSENT, NOTICE, TEXTS, VERSION, ChangedText, Text, checked, fingerprint_of, newest
from tests.arrears.pages import PagesTestCase
from tests.base import NOW


class TextsTest(SimpleTestCase):
    def test_the_text_of_january_2026_is_what_it_was(self) -> None:
        self.assertEqual(list(TEXTS)[0], "2026-01")
        self.assertEqual(TEXTS["2026-01"].sha256, "aff115d286f1f4f2ba9cb21ac2290353f152892cf88377022b0c40c37aa03cab")
        self.assertIn("每次查看都有记录，身份证号加密保存", TEXTS["2026-01"].sentences[2])

    def test_a_text_that_changed_under_its_version_stops_the_process(self) -> None:
        old = TEXTS["2026-01"]
        for changed in (replace(old, sentences=old.sentences[:-1]), replace(old, consent="同意")):
            with self.assertRaises(ChangedText):
                checked((changed,))
        fresh = Text("2027-01", ("新的告知",), "已告知", fingerprint_of(("新的告知",), "已告知"))
        self.assertEqual(list(checked((old, fresh))), ["2026-01", "2027-01"])

    def test_what_is_read_out_and_what_is_ticked_are_of_the_last_text(self) -> None:
        fresh = Text("2027-01", ("新的告知",), "已告知", fingerprint_of(("新的告知",), "已告知"))
        self.assertEqual(newest(checked((TEXTS["2026-01"], fresh))), fresh)
        self.assertEqual((VERSION, NOTICE, CONSENT), (newest(TEXTS).version, newest(TEXTS).sentences, newest(TEXTS).consent))


class PageTest(PagesTestCase):
    def test_the_history_leads_to_the_text_that_was_read_and_to_none_that_is_not_kept(self) -> None:
        claim = self.make_claim()
        self.sign_in(self.grid_worker)
        address = reverse("privacy_text", args=[VERSION])
        self.assertNotContains(self.client.get(reverse("claim_detail", args=[claim.pk])), address)
        record(claim, "add_workers", self.grid_worker, now=NOW, privacy_notice="2019-01")
        self.assertNotContains(self.client.get(reverse("claim_detail", args=[claim.pk])), "2019-01 版")
        record(claim, "add_workers", self.grid_worker, now=NOW, privacy_notice=VERSION)
        self.assertContains(self.client.get(reverse("claim_detail", args=[claim.pk])), address)
        page = self.client.get(address)
        self.assertContains(page, "不以同意为前提")
        self.assertContains(page, TEXTS[VERSION].sha256)
        self.assertEqual(self.client.get(reverse("privacy_text", args=["2019-01"])).status_code, 404)
        self.client.logout()
        self.assertEqual(self.client.get(address).status_code, 302)
