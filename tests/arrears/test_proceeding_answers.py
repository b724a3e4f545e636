"""What the steps of a proceeding have said is not asked again by its papers; enforcement is for the sum of the title."""

from datetime import date
from decimal import Decimal

from django.urls import reverse

from arrears import casework
from arrears.models import Claim, Paper, Proceeding
from arrears.papers.told import told_already
from tests.arrears.papers.scenes import answers_of
from tests.arrears.test_proceeding_pages import ProceedingPagesTest
from tests.arrears.test_proceedings import at
from tests.base import TODAY

JUDGED = date(2026, 5, 20)


class ToldTest(ProceedingPagesTest):
    def told(self, form: str, about: Proceeding | None = None) -> dict:
        return told_already(Claim.objects.get(pk=self.claim.pk), [form], about and about.pk)

    def judged(self) -> Proceeding:
        self.tick("iou")
        suit = self.open("suit.filed_direct", court="沭阳县人民法院", amount=Decimal(8000))
        self.step(suit, "docketed", date(2026, 3, 5), procedure="small", docket="（2026）苏1322民初77号")
        self.step(suit, "judged_small", JUDGED, amount=Decimal("7000.50"), until=date(2026, 6, 10))
        return suit

    def pay(self, amount: str, on: date) -> None:
        casework.advance(
            Claim.objects.get(pk=self.claim.pk), "record_payment", self.county, now=at(on), amount=Decimal(amount), paid_on=on, method="bank", note=""
        )

    def test_enforcement_is_for_the_sum_of_the_title_less_what_was_paid_since(self) -> None:
        self.assertEqual(self.told("F-25"), {})
        self.pay("500", TODAY)  # before the judgment: it has counted that already
        self.judged()
        self.pay("1000.25", date(2026, 6, 12))
        self.assertEqual(Claim.objects.get(pk=self.claim.pk).unpaid, Decimal("6499.75"))  # what the claim still owes is another sum
        self.assertEqual(self.told("F-25"), {
            "title_kind": "judgment", "title_number": "（2026）苏1322民初77号", "title_amount": Decimal("6000.25"), "effective_on": JUDGED,
            "perform_by": date(2026, 6, 10), "to_body": "沭阳县人民法院",
        })  # fmt: skip

    def test_what_was_appealed_is_no_title_until_it_is_decided_above(self) -> None:
        self.tick("iou")
        suit = self.open("suit.filed_direct")
        self.step(suit, "docketed", date(2026, 3, 5), procedure="ordinary")
        self.step(suit, "judged", JUDGED, amount=Decimal(7000), until=date(2026, 6, 10))
        self.assertEqual(self.told("F-25"), {})
        self.step(suit, "appealed", date(2026, 5, 25))
        self.step(suit, "decided_above", date(2026, 7, 25), amount=Decimal(6500), until=date(2026, 8, 5), docket="（2026）苏13民终9号")
        found = self.told("F-25")
        self.assertEqual((found["title_amount"], found["title_number"], found["effective_on"]), (Decimal(6500), "（2026）苏13民终9号", date(2026, 7, 25)))

    def test_an_order_of_the_office_is_known_to_the_papers_that_build_on_it(self) -> None:
        self.assertEqual((self.told("F-08"), self.told("F-19")), ({}, {}))
        self.open("admin.ordered", docket="沭人社监令〔2026〕3号", amount=Decimal(8000), until=date(2026, 3, 12))
        self.assertEqual(self.told("F-08"), {"order_number": "沭人社监令〔2026〕3号", "order_expired_on": date(2026, 3, 12)})
        self.assertEqual(self.told("F-19"), {"ordered": "沭人社监令〔2026〕3号，2026年3月2日送达，期限至2026年3月12日。"})

    def test_the_step_leads_to_its_paper_filled_in_and_the_paper_keeps_what_it_is_about(self) -> None:
        self.judged()
        run = self.open("enforcement.applied", on=date(2026, 6, 15), now=at(date(2026, 6, 15)), court="宿迁市中级人民法院")
        address = f"{reverse('paper_new', args=[self.claim.pk, 'F-25'])}?about={run.pk}"
        with self.at_time(at(date(2026, 6, 16))):
            self.client.force_login(self.county)
            self.assertContains(self.client.get(reverse("claim_proceedings", args=[self.claim.pk])), address)
            page = self.client.get(address)
            for value in ("7000.50", "宿迁市中级人民法院", "（2026）苏1322民初77号", "2026-06-10"):
                self.assertContains(page, f'value="{value}"')
            said = {**answers_of("F-25"), "urged_on": "", **self.told("F-25", run), "do": "issue"}
            answer = self.client.post(address, {name: str(value) for name, value in said.items()})
            self.assertEqual(answer.status_code, 302, answer.content.decode()[-3000:])
        paper = Paper.objects.get()
        self.assertEqual(paper.about_id, run.pk)
        self.assertEqual(paper.told()["answers"]["title_amount"], "7000.50")

    def test_an_open_proceeding_leads_to_the_packet_of_its_kind_with_what_it_knows(self) -> None:
        suit = self.judged()
        page = self.client.get(reverse("claim_proceedings", args=[self.claim.pk]))
        address = f"{reverse('packet_new', args=[self.claim.pk])}?kind=suit&about={suit.pk}"
        self.assertContains(page, address.replace("&", "&amp;"))
        self.assertContains(self.client.get(address), 'value="沭阳县人民法院"')
        self.assertEqual(self.client.get(f"{reverse('packet_new', args=[self.claim.pk])}?kind=suit&about={self.claim.pk}").status_code, 404)
        self.client.force_login(self.auditor)
        self.assertNotContains(self.client.get(reverse("claim_proceedings", args=[self.claim.pk])), "kind=suit")

    def test_what_is_not_of_the_claim_is_not_there(self) -> None:
        other = self.open("arbitration.applied")
        Proceeding.objects.filter(pk=other.pk).update(claim=self.make_claim())
        for about in (other.pk, "7"):
            self.assertEqual(self.client.get(f"{reverse('paper_new', args=[self.claim.pk, 'F-25'])}?about={about}").status_code, 404)
        self.client.force_login(self.auditor)
        self.assertNotContains(self.client.get(reverse("claim_proceedings", args=[self.claim.pk])), "?about=")
