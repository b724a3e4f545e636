"""每人一套: a set for each worker speaks of this worker and nobody else, and passes the clerk who reads it back."""

from decimal import Decimal as D

from arrears import casework
from arrears.models import Claim, Packet
from arrears.papers.assembling import drafts_of, refuse_inconsistent, take_numbers
from arrears.papers.blocks import text_of
from arrears.papers.forms import FORMS, PACKETS
from arrears.papers.making import Draft
from arrears.papers.packets import Wish, ask
from arrears.papers.wording import yuan
from grid.refused import Refused
from tests.arrears.papers.scenes import LABOUR, PapersTestCase, answers_of, number_of
from tests.base import NOW, TODAY


def typed(*forms: str) -> dict[str, str]:
    answers = {name: value for form in forms for name, value in answers_of(form).items()}
    return {name: str(value.date() if hasattr(value, "hour") else value) for name, value in answers.items()}


class DraftsTestCase(PapersTestCase):
    """`many`: a claim of three. The papers of a packet as the task would make them, not yet typeset."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.many = cls.make_full(3)

    def drafts(self, kind: str, *forms: str, claim: Claim | None = None, each: bool = True) -> tuple[Packet, list[Draft]]:
        wish = Wish(kind, forms or PACKETS[kind].forms, each=each)
        claim = claim or self.many
        answers = typed(*wish.forms)
        if "party" in answers:
            answers["party"] = str(claim.respondents.get(legal_name=LABOUR).pk)
        packet = ask(claim, wish, answers, self.chief, now=NOW, send=lambda: None)
        take_numbers(packet, NOW)
        return packet, drafts_of(packet, NOW, lambda done: None)


class EachTest(DraftsTestCase):
    def test_every_paper_of_every_packet_speaks_of_its_worker_only(self) -> None:
        people = {worker.pk: worker.name for worker in self.many.claimants.all()}
        owed = {name: yuan(D("3300.00") + D("4300.10") + place) for place, name in enumerate(people.values(), 1)}
        numbers = {name: number_of(place) for place, name in enumerate(people.values(), 1)}
        for kind in PACKETS:
            with self.subTest(kind):
                forms = [form for form in PACKETS[kind].forms if form != "F-25"]  # its sum is typed, once for all
                packet, drafts = self.drafts(kind, *forms)
                refuse_inconsistent(packet, drafts)
                self.assertEqual({draft.worker.pk for draft in drafts}, people.keys())
                for draft in drafts:
                    text, mine = text_of(draft.blocks), people[draft.worker.pk]
                    for name in people.values():
                        for word in (name, numbers[name], owed[name]):
                            if name != mine:
                                self.assertNotIn(word, text, (draft.form.id, mine))
                    self.assertNotIn(yuan(self.many.claimed), text, draft.form.id)
                    self.assertNotIn("3人", text, draft.form.id)
                said = {draft.form.id for draft in drafts if owed[people[draft.worker.pk]] in text_of(draft.blocks)}
                self.assertTrue(said or kind == "confirmation", kind)

    def test_what_was_paid_to_all_since_is_not_split_by_guess(self) -> None:
        casework.advance(self.many, "record_payment", self.chief, now=NOW, amount=D("1234.56"), paid_on=TODAY, method="bank", note="")
        with self.assertRaises(Refused) as refusal:
            self.drafts("suit")
        self.assertEqual(refusal.exception.code, "paid_together")
        self.assertIn("1,234.56元", refusal.exception.message)

    def test_in_one_suit_the_authority_names_no_sum_then_and_the_suit_does(self) -> None:
        _packet, before = self.drafts("suit", each=False)
        authority = next(draft for draft in before if draft.form.id == "L-02")
        self.assertIn("7,601.10元", text_of(authority.blocks))
        Packet.objects.all().delete()
        casework.advance(self.many, "record_payment", self.chief, now=NOW, amount=D("1234.56"), paid_on=TODAY, method="bank", note="")
        packet, drafts = self.drafts("suit", each=False)
        refuse_inconsistent(packet, drafts)
        texts = {draft.form.id: text_of(draft.blocks) for draft in drafts}
        self.assertIn("请求金额以提交的申请书或者起诉状为准", texts["L-02"])
        self.assertNotIn("元", texts["L-02"])
        self.assertIn(yuan(self.many.claimed - D("1234.56")), texts["F-15"])

    def test_what_was_verified_for_all_is_nobodys_own(self) -> None:
        Claim.objects.filter(pk=self.many.pk).update(verified=D("9000.00"))
        _packet, drafts = self.drafts("criminal", "F-06")
        self.assertTrue(all("金额.认定" in draft.gaps and "9,000.00" not in text_of(draft.blocks) for draft in drafts))

    def test_a_set_for_everybody_at_once_says_all_of_it(self) -> None:
        packet, drafts = self.drafts("suit", each=False)
        refuse_inconsistent(packet, drafts)
        suit = next(text_of(draft.blocks) for draft in drafts if draft.form.id == "F-15")
        self.assertIn(yuan(self.many.claimed), suit)
        self.assertTrue(all(worker.name in suit for worker in self.many.claimants.all()))
        self.assertTrue(FORMS["L-03"].only)
