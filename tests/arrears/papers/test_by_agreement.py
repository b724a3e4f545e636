"""支付令: who agreed on a sum and applies for an order to pay asks for that sum, and so do the papers that go with it."""

from decimal import Decimal as D

from arrears.models import Claim, Packet
from arrears.papers.assembling import refuse_inconsistent
from arrears.papers.blocks import text_of
from arrears.papers.forms import PACKETS
from arrears.papers.making import Draft, Maker
from grid.refused import Refused
from tests.arrears.papers.scenes import answers_of
from tests.arrears.papers.test_each import DraftsTestCase
from tests.base import TODAY


class ByAgreementTest(DraftsTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        Claim.objects.update(agreed=D("6000.00"), paid=D("1000.00"))

    def texts(self, claim: Claim, *, each: bool = False) -> dict[str, str]:
        Packet.objects.all().delete()
        packet, drafts = self.drafts("payment_order", claim=claim, each=each)
        refuse_inconsistent(packet, drafts)
        return {draft.form.id: text_of(draft.blocks) for draft in drafts}

    def draft(self, form: str) -> Draft:
        return Maker(self.one, TODAY).draft(form, answers_of(form))

    def test_no_more_than_was_agreed_less_what_was_paid(self) -> None:
        text = text_of(self.draft("F-14").blocks)
        self.assertEqual(text.count("5,000.00元"), 2)
        self.assertIn("以支付6,000.00元清偿", text)

    def test_a_suit_asks_for_the_wages(self) -> None:
        self.assertIn("6,601.10元", text_of(self.draft("F-15").blocks))  # 3,300.00 and 4,301.10, less 1,000.00

    def test_the_authority_in_the_same_packet_says_the_same(self) -> None:
        texts = self.texts(self.one)
        self.assertIn("5,000.00元", texts["L-02"])
        self.assertIn("5,000.00元", texts["F-14"])

    def test_what_was_agreed_for_several_is_not_divided_by_guess(self) -> None:
        texts = self.texts(self.many)
        self.assertIn("5,000.00元", texts["F-14"])
        self.assertIn("请求金额以提交的申请书或者起诉状为准", texts["L-02"])
        with self.assertRaises(Refused) as refusal:
            self.texts(self.many, each=True)
        self.assertEqual(refusal.exception.code, "agreed_together")
        self.assertIn("6,000.00元", refusal.exception.message)

    def test_without_an_agreement_it_asks_for_the_wages(self) -> None:
        Claim.objects.update(agreed=None, paid=D(0))
        self.assertIn("7,601.10元", text_of(self.draft("F-14").blocks))
        self.assertIn("F-14", PACKETS["payment_order"].forms)
