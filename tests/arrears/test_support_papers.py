"""What papers of support to sue are written from: the application, its conditions, opinions and supporters, told once."""

from datetime import date
from decimal import Decimal

from arrears.models import SupportCase
from arrears.papers.facts import facts_for
from arrears.papers.fields import CATALOGUE
from arrears.papers.forms import FORMS
from arrears.support import supporting
from arrears.support.paper_facts import answers_of
from tests.arrears.papers.scenes import answers_of as anything
from tests.arrears.papers.test_facts import paths
from tests.arrears.test_support import SupportTestCase
from tests.base import NOW, TODAY


class Facts(SupportTestCase):
    def handed(self) -> SupportCase:
        case = self.at_county()
        supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        supporting.choose(case, self.county, "legal_aid", self.legal_aid, "免费代理。", now=NOW)
        return self.advance(case, "agree", self.county, opinion="同意支持起诉。")

    def facts(self) -> dict:
        return facts_for(FORMS["F-17"], self.claim, today=TODAY, answers=anything("F-17"))["支持起诉"]

    def test_everything_the_catalogue_promises_is_delivered_and_nothing_else(self) -> None:
        self.handed()
        delivered = {path for path, _value in paths({"支持起诉": self.facts()})}
        self.assertEqual(delivered, {path for path in CATALOGUE if path.startswith("支持起诉.")})

    def test_a_claim_without_a_case_says_so(self) -> None:
        found = self.facts()
        self.assertEqual((found["有"], found["意见"], found["条件"]), (False, [], []))

    def test_opinions_and_supporters_stand_as_they_were_given(self) -> None:
        self.handed()
        found = self.facts()
        self.assertEqual([(row["层级"], row["结论"], row["内容"], row["签名"]) for row in found["意见"]], [
            ("乡镇级", "同意", "情况属实。", "章镇"), ("县级", "同意", "同意支持起诉。", "冼安"),
        ])  # fmt: skip
        self.assertEqual([(row["名称"], row["依据"]) for row in found["支持单位"]][0], ("沭阳县人民检察院", "民事诉讼法 第十五条"))
        self.assertEqual((found["请求合计"], found["申请人数"], found["申请日期"]), (Decimal("8000.00"), 1, date(2026, 3, 2)))
        self.assertTrue(all(row["满足"] for row in found["条件"]))

    def test_what_the_case_says_is_not_asked_again(self) -> None:
        case = self.handed()
        self.assertEqual(answers_of(case, "F-16"), {"why_not_alone": "不识字或者不会写诉状。不识字。", "tried": "对方拒绝。", "voluntary": True})
        self.assertEqual(
            answers_of(case, "F-18"),
            {"supporter_kind": "procuratorate", "supporter": "沭阳县人民检察院", "supporter_why": "协助取证。", "with_aid": "yes", "opinion": "同意支持起诉。"},
        )  # fmt: skip
        self.assertEqual(answers_of(case, "F-01"), {})
        for form in ("F-16", "F-17", "F-18"):
            asks = {ask.name: dict(ask.choices) for ask in FORMS[form].asks}
            for name, value in answers_of(case, form).items():
                self.assertTrue(name not in asks or not asks[name] or value in asks[name], (form, name, value))
