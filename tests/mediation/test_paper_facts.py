"""What a mediation gives to the papers of its claim."""

from datetime import date
from decimal import Decimal as D
from pathlib import Path

from arrears.intake import ClaimantFacts, LineFacts
from arrears.papers.blocks import blocks_of, text_of
from arrears.papers.facts import facts_for
from arrears.papers.fields import CATALOGUE
from arrears.papers.forms import FORMS
from arrears.papers.lint import Read, lint
from arrears.papers.markup import template_of
from arrears.papers.word import fill
from mediation.drafting import verbs
from tests.base import NOW, TODAY
from tests.mediation.base import MediationTestCase
from tests.mediation.test_drafts import told


class PaperFactsTest(MediationTestCase):
    def facts(self, mediation) -> dict:
        return facts_for(FORMS["F-13"], mediation.claim, today=TODAY, answers={})

    def test_an_agreement_is_told_with_its_instalments_to_the_cent(self) -> None:
        mediation = self.make_mediation("held")
        self.make_move(mediation, "agree")
        found = self.facts(mediation)["协议"]
        self.assertEqual((found["有"], found["编号"], found["生效日期"], found["总额"]), (True, f"{mediation.claim.number}-调1", TODAY, D("8000.00")))
        self.assertEqual([(row["期次"], row["日期"], row["金额"]) for row in found["履行"]], [
            (1, date(2026, 3, 20), D("3000.00")), (2, date(2026, 4, 20), D("5000.00")),
        ])  # fmt: skip
        told = {f"协议.{name}" for name in found} | {f"协议.履行.{name}" for name in found["履行"][0]}
        self.assertEqual(told, {path for path in CATALOGUE if path.startswith("协议.") and not path.startswith("协议.各人.")})
        self.assertEqual(found["各人"], [])  # one worker gets all of it

    def test_a_mediation_that_failed_is_told_with_its_days(self) -> None:
        mediation = self.make_mediation("held")
        self.make_move(mediation, "fail")
        found = self.facts(mediation)["调解"]
        self.assertEqual((found["次数"], found["结果"], found["经过"]), (1, "调解不成", "2026年3月2日申请调解，2026年3月2日调解不成。"))

    def test_one_that_goes_on_is_told_so(self) -> None:
        self.assertEqual(self.facts(self.make_mediation("accepted"))["调解"]["经过"], "2026年3月2日申请调解，正在调解。")

    def read(self, mediation, form: str, **answers) -> tuple[Read, list[str]]:
        facts = facts_for(FORMS[form], mediation.claim, today=TODAY, answers=answers)
        text = Path(f"arrears/papers/texts/{form}.txt").read_text(encoding="utf-8")
        filled = fill(template_of(text), facts)
        return Read(form, text_of(blocks_of(filled.docx)), facts), filled.gaps

    def test_agreement_and_its_confirmation_say_the_same_and_have_no_gap_of_what_was_agreed(self) -> None:
        mediation = self.make_mediation("held")
        self.make_move(mediation, "agree")
        papers = [self.read(mediation, form, service_address="陇集镇人民路1号") for form in ("F-12", "F-13")]
        for paper, gaps in papers:
            self.assertIn("8,000.00元（大写：人民币捌仟元整）", paper.text)
            self.assertIn(f"{mediation.claim.number}-调1", paper.text)
            self.assertEqual([gap for gap in gaps if gap.startswith("协议")], [])
        self.assertIn("第1期\t2026年3月20日前\t3,000.00元", papers[0][0].text)
        self.assertIn("2026年3月20日前支付3,000.00元；2026年4月20日前支付5,000.00元", papers[1][0].text)
        self.assertEqual([fault.text() for fault in lint([paper for paper, _gaps in papers])], [])

    def test_the_paper_to_be_signed_is_written_from_the_draft(self) -> None:
        mediation = self.make_mediation("held")
        verbs.keep(mediation, told(payee="农行，尾号0001"), self.mediator, now=NOW, version=0)
        paper, gaps = self.read(mediation, "F-12")
        for text in ("8,000.00元（大写：人民币捌仟元整）", "第2期\t2026年4月20日前\t5,000.00元", "农行，尾号0001", "余款全部到期。", "（编号在登记协议时生成）"):
            self.assertIn(text, paper.text)
        self.assertEqual([gap for gap in gaps if gap.startswith("协议")], [])
        self.make_move(mediation, "fail")
        self.assertNotIn("农行，尾号0001", self.read(mediation, "F-12")[0].text)

    def test_the_annex_of_a_group_says_what_each_gets(self) -> None:
        people = [ClaimantFacts(name, lines=[LineFacts(rate=D(rate))]) for name, rate in (("张三", "5000"), ("李四", "3000"))]
        mediation = self.make_mediation("held", self.make_handled_claim(claimants=people))
        ids = [str(pk) for pk in mediation.claim.claimants.order_by("id").values_list("pk", flat=True)]
        shares = {ids[0]: ["4900.01", "person"], ids[1]: ["3099.99", "person"]}
        verbs.keep(mediation, told(shares=shares), self.mediator, now=NOW, version=0)
        verbs.sign(mediation, self.mediator, now=NOW, version=1, effective_on=TODAY, signed_by_parties=True, signed_by_mediator=True, sealed=True)
        paper, _gaps = self.read(mediation, "F-12")
        self.assertIn("5,000.00\t4,900.01", paper.text)
        self.assertIn("3,000.00\t3,099.99", paper.text)
        found = facts_for(FORMS["F-12"], mediation.claim, today=TODAY, answers={})["协议"]["各人"]
        self.assertEqual({f"协议.各人.{name}" for name in found[0]}, {path for path in CATALOGUE if path.startswith("协议.各人.")})

    def test_an_instalment_changed_by_hand_no_longer_adds_up(self) -> None:
        mediation = self.make_mediation("held")
        self.make_move(mediation, "agree")
        paper, _gaps = self.read(mediation, "F-12")
        changed = Read("F-12", paper.text.replace("3,000.00元", "3,500.00元"), paper.facts)
        said = "".join(fault.text() for fault in lint([changed]))
        self.assertIn("调解协议书：“金额（元）”一栏各行相加是 8,500.00元，合计写的是 8,000.00元。", said)
