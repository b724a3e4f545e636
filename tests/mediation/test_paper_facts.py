"""What a mediation gives to the papers of its claim."""

from datetime import date
from decimal import Decimal as D

from arrears.papers.facts import facts_for
from arrears.papers.fields import CATALOGUE
from arrears.papers.forms import FORMS
from tests.base import TODAY
from tests.mediation.base import MediationTestCase


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
        self.assertEqual({f"协议.{name}" for name in found} | {f"协议.履行.{name}" for name in found["履行"][0]}, {path for path in CATALOGUE if path.startswith("协议.")})

    def test_a_mediation_that_failed_is_told_with_its_days(self) -> None:
        mediation = self.make_mediation("held")
        self.make_move(mediation, "fail")
        found = self.facts(mediation)["调解"]
        self.assertEqual((found["次数"], found["结果"], found["经过"]), (1, "调解不成", "2026年3月2日申请调解，2026年3月2日调解不成。"))

    def test_one_that_goes_on_is_told_so(self) -> None:
        self.assertEqual(self.facts(self.make_mediation("accepted"))["调解"]["经过"], "2026年3月2日申请调解，正在调解。")
