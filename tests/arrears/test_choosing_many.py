"""Forms that choose among many workers: all and nobody ticked without scripts, found by name where not all are listed."""

from unittest.mock import patch

from django.urls import reverse

from arrears.groups.representing import choose
from arrears.models import Authority, Claim
from tests.arrears.pages import PagesTestCase
from tests.arrears.test_splitting import crew
from tests.base import NOW, TODAY


class ChoosingTest(PagesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.claim = self.make_claim(claimants=crew(12))
        self.workers = list(self.claim.claimants.all())
        self.split = reverse("claim_split", args=[self.claim.pk])
        self.represent = reverse("claim_represent", args=[self.claim.pk])

    def test_all_and_nobody_are_ticked_by_buttons_and_nothing_else_happens(self) -> None:
        one = str(self.workers[0].pk)
        page = self.client.post(self.split, {"claimants": [one], "reason": "另一工地", "mark": "all"})
        self.assertContains(page, "checked", count=12)
        self.assertContains(page, "另一工地")
        page = self.client.post(self.split, {"claimants": [one], "reason": "另一工地", "mark": "none"})
        self.assertNotContains(page, "checked")
        self.assertFalse(Claim.objects.filter(split_from=self.claim).exists())
        self.client.post(self.split, {"claimants": [one], "reason": "另一工地", "mark": "nonsense"})
        self.assertTrue(Claim.objects.filter(split_from=self.claim).exists())

    def test_of_many_the_first_are_listed_and_the_others_found_by_name(self) -> None:
        with patch("arrears.groups.choosing.LISTED", 5):
            page = self.client.get(self.split)
            self.assertContains(page, "还有 7 人没有列出")
            self.assertNotContains(page, "工友11（")
            self.assertContains(self.client.get(self.split, {"q": "友11"}), "工友11（")
            kept = self.client.post(self.split + "?q=友11", {"claimants": [str(self.workers[0].pk)], "mark": "x", "reason": ""})
            self.assertContains(kept, "工友0（")
            self.client.post(self.split + "?q=友11", {"claimants": [str(self.workers[n].pk) for n in (0, 11)], "reason": "另一工地"})
        self.assertEqual([worker.name for worker in Claim.objects.get(split_from=self.claim).claimants.all()], ["工友0", "工友11"])

    def test_everybody_who_has_not_given_authority_gives_it_at_once(self) -> None:
        (one,) = choose(self.claim, self.chief, [self.workers[0].pk], TODAY, now=NOW, reason="推不出三名")
        given = {"form": "authorise", "representative": str(one.pk), "scope": "general", "given_on": TODAY.isoformat(), "paper": ""}
        with patch("arrears.groups.choosing.LISTED", 5), patch("arrears.views.groups.LISTED", 5):
            page = self.client.get(self.represent)
            self.assertContains(page, "还没有授权的全部 11 人")
            self.assertContains(self.client.post(self.represent, {**given, "whom": "ticked"}), "请填写。")
            self.client.post(self.represent, {**given, "whom": "missing"})
        self.assertEqual(Authority.objects.filter(representative=one, ended_at=None).count(), 11)

    def test_the_representatives_of_today_stay_in_the_list_whatever_name_is_looked_for(self) -> None:
        choose(self.claim, self.chief, [self.workers[11].pk], TODAY, now=NOW, reason="推不出三名")
        with patch("arrears.groups.choosing.LISTED", 2):
            page = self.client.get(self.represent, {"q": "友3"})
        self.assertContains(page, f'value="{self.workers[11].pk}"')
        self.assertContains(page, f'value="{self.workers[3].pk}"')

    def test_likely_cases_say_whose_they_are_where_how_much_and_since_when(self) -> None:
        other = self.make_claim(claimants=crew(1))
        for name in ("merge", "gather"):
            page = self.client.get(reverse("claim_move", args=[other.pk, name]))
            for words in (self.claim.number, "工友0等 12 人", "沭阳县陇集镇", "¥12,066.12", "2026-03-02", "例如最后几位 00042"):
                self.assertContains(page, words)
            filled = self.client.get(reverse("claim_move", args=[other.pk, name]), {"into": self.claim.number})
            self.assertContains(filled, f'value="{self.claim.number}"')
        page = self.client.get(reverse("claim_apart", args=[other.pk]))
        self.assertContains(page, f"{self.claim.number} · 工友0等 12 人 · 宿迁宏远劳务有限公司 · 沭阳县陇集镇 · ¥12,066.12 · 2026-03-02 收到（")
