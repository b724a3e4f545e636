"""Finding claims by what people type."""

from arrears.intake import ClaimantFacts
from arrears.models import Claim
from arrears.search import search, veiled
from tests.base import CastTestCase

NUMBER = "11010519491231002X"  # the example of GB 11643


class Search(CastTestCase):
    def setUp(self) -> None:
        self.plain = self.make_claim(site_name="学府花园二期")
        self.known = self.make_claim(claimants=[ClaimantFacts("马三立", id_number=NUMBER)])

    def found(self, query: str) -> set[Claim]:
        return set(search(Claim.objects.all(), query))

    def test_names_sites_and_numbers_are_found_by_two_characters_or_more(self) -> None:
        for query in ("学府", "学府花园", "建国", self.plain.number, self.plain.number[-12:], "李建国 学府"):
            self.assertEqual(self.found(query), {self.plain}, query)
        self.assertEqual(self.found("宏远"), {self.plain, self.known})
        self.assertEqual(self.found("马三立 学府"), set())
        self.assertEqual(self.found("   "), {self.plain, self.known})

    def test_a_whole_id_number_finds_its_worker_and_a_part_of_it_nobody(self) -> None:
        for query in (NUMBER, "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", veiled(NUMBER)):
            self.assertEqual(self.found(query), {self.known}, query)
        for query in ("110105194912310021", "19491231", "11010519491231"):
            self.assertEqual(self.found(query), set(), query)

    def test_the_address_of_a_list_never_keeps_the_number(self) -> None:
        self.client.force_login(self.chief)
        answer = self.client.get("/claims/", {"q": NUMBER, "stage": "registered"}, follow=True)
        (address, status), *more = answer.redirect_chain
        self.assertEqual((status, more), (302, []))
        self.assertNotIn("19491231", address)
        self.assertIn("stage=registered", address)
        self.assertNotContains(answer, NUMBER)
        self.assertContains(answer, "身份证号（已隐去）")
        self.assertContains(answer, self.known.number)
        self.assertNotContains(answer, self.plain.number)

    def test_another_county_finds_nothing_by_the_number(self) -> None:
        self.client.force_login(self.county_b)
        self.assertNotContains(self.client.get("/claims/", {"q": NUMBER}, follow=True), self.known.number)
