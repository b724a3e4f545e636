"""What a packet says against its record, against itself and against the law is found; a clean one passes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as EachExampleInATransaction

from arrears import casework
from arrears.identity import make_id
from arrears.intake import ClaimantFacts, LineFacts, RespondentFacts
from arrears.models import Claim
from arrears.papers.blocks import blocks_of, text_of
from arrears.papers.citations import cited, number_of
from arrears.papers.facts import facts_for
from arrears.papers.forms import FORMS, PACKETS
from arrears.papers.lint import Read, lint
from arrears.papers.markup import template_of
from arrears.papers.numbers import open_numbers
from arrears.papers.record import Record
from arrears.papers.word import fill
from tests.arrears.papers.scenes import GENERAL, LABOUR, PapersTestCase, answers_of
from tests.arrears.papers.scenes import number_of as id_of
from tests.base import NOW, TODAY


class LintTestCase(PapersTestCase):
    def packet(self, claim: Claim, forms: list[str]) -> list[Read]:
        """Filled as they are issued, and read back from Word."""
        record = Record(claim, TODAY, open_numbers(claim, [FORMS[form] for form in forms], self.chief, now=NOW))
        read = []
        for form in forms:
            worker = record.workers[0] if FORMS[form].per == "worker" else None
            facts = facts_for(FORMS[form], claim, today=TODAY, answers=answers_of(form), worker=worker, record=record)
            text = Path(f"arrears/papers/texts/{form}.txt").read_text(encoding="utf-8")
            read.append(Read(form, text_of(blocks_of(fill(template_of(text), facts).docx)), facts))
        return read

    def said(self, papers: list[Read]) -> list[str]:
        return [fault.text() for fault in lint(papers)]


class CleanTest(LintTestCase):
    def test_every_packet_of_one_worker_is_clean(self) -> None:
        for packet in PACKETS.values():
            with self.subTest(packet.id):
                self.assertEqual(self.said(self.packet(self.one, [form for form in packet.forms if FORMS[form].fits(1)])), [])

    def test_every_paper_by_itself_is_clean(self) -> None:
        for paper in self.packet(self.one, [form for form in FORMS if FORMS[form].fits(1)]):
            with self.subTest(paper.form):
                self.assertEqual(self.said([paper]), [])

    def test_the_packet_of_several_with_money_paid_since_is_clean(self) -> None:
        claim = self.group(12)
        casework.advance(claim, "record_payment", self.chief, now=NOW, amount=D("1234.56"), paid_on=TODAY, method="bank", note="")
        self.assertEqual(self.said(self.packet(claim, list(PACKETS["support"].forms))), [])

    def test_what_was_logged_after_midnight_was_logged_on_that_day(self) -> None:
        """00:30 of the fifteenth here is still the fourteenth in Greenwich."""
        Claim.objects.filter(pk=self.one.pk).update(registered_at=datetime(2026, 1, 14, 16, 30, tzinfo=UTC))
        paper = self.packet(self.one, ["F-01"])[0]
        on = "登记日期：2026年1月{}日"
        self.assertEqual(self.said([replace(paper, text=f"{paper.text}\n{on.format(15)}")]), [])
        self.assertIn("2026年1月14日", self.said([replace(paper, text=f"{paper.text}\n{on.format(14)}")])[0])


class FaultTest(LintTestCase):
    """One paper is changed, as a slip of the pen or another template would; the sentence says which, what, and what it should be."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.papers = cls.packet(cls(), cls.one, ["F-15", "F-16", "F-18", "F-20", "L-01", "L-02"])

    def changed(self, form: str, old: str, new: str, *, times: int = -1) -> list[str]:
        papers = []
        for paper in self.papers:
            text = paper.text
            if paper.form == form:
                self.assertIn(old, text)
                text = text.replace(old, new, times)
            papers.append(Read(paper.form, text, paper.facts))
        return self.said(papers)

    def test_the_papers_as_they_are_agree(self) -> None:
        self.assertEqual(self.said(self.papers), [])

    def test_another_name_of_the_worker(self) -> None:
        said = self.changed("F-15", "姓名：钱建国", "姓名：钱建军")
        self.assertEqual(said, [f"民事起诉状（追索劳动报酬）：“姓名”写的是“钱建军”，本案没有这个当事人；应当是：钱建国、{LABOUR}、{GENERAL}、沭阳城投置业有限公司、老周（真实姓名待查明）。"])

    def test_another_name_of_the_defendant(self) -> None:
        self.assertIn("“被告”写的是“宿迁鸿远劳务有限公司”", self.changed("F-18", f"被告一：{LABOUR}", "被告一：宿迁鸿远劳务有限公司")[0])

    def test_a_wrong_digit_in_the_number(self) -> None:
        right = id_of(1)
        wrong = make_id("321399", date(1971, 2, 2), 5)
        self.assertEqual(self.changed("F-16", right, wrong), [f"支持起诉申请书：号码 {wrong} 不是本案任何当事人的；钱建国的是 {right}。"])

    def test_two_codes_exchanged(self) -> None:
        general, labour = (self.one.respondents.get(role=role).credit_code for role in ("general", "labour"))
        said = self.changed("F-18", general, labour)
        self.assertEqual(said, [f"支持起诉书：{GENERAL}的号码写成了 {labour}，应当是 {general}。"])

    def test_capitals_that_say_another_sum(self) -> None:
        said = self.changed("F-16", "大写：人民币柒仟陆佰零壹元壹角", "大写：人民币柒仟陆佰壹拾元壹角")
        self.assertIn("支持起诉申请书：7,601.10元的大写写成了“柒仟陆佰壹拾元壹角”，应当是“柒仟陆佰零壹元壹角”。", said)

    def test_a_sum_that_is_not_of_the_case(self) -> None:
        self.assertIn("支持起诉书：写的金额 7,610.10元在本案里没有；请求的金额是 7,601.10元。", self.changed("F-18", "欠付7,601.10元", "欠付7,610.10元"))

    def test_the_sum_asked_for_is_missing(self) -> None:
        self.assertEqual(self.changed("L-02", "7,601.10元，大写：人民币柒仟陆佰零壹元壹角", "见诉状"), ["授权委托书：没有写请求的金额 7,601.10元。"])

    def test_a_column_that_does_not_add_up(self) -> None:
        said = self.changed("F-20", "3,300.00", "3,400.00", times=1)
        self.assertEqual(said, ["工资清单：“欠付（元）”一栏各行相加是 7,701.10元，合计写的是 7,601.10元。"])

    def test_a_period_that_is_not_of_the_case(self) -> None:
        said = self.changed("F-16", "2025年11月1日至2025年12月31日", "2025年10月1日至2025年12月31日")
        self.assertIn("支持起诉申请书：期间“2025年10月1日至2025年12月31日”在本案里没有；登记的期间是：2025年11月1日至2025年11月30日、2025年11月1日至2025年12月31日、2025年12月1日至2025年12月31日。", said)

    def test_a_period_the_wrong_way_round(self) -> None:
        said = self.changed("F-16", "2025年11月1日至2025年12月31日", "2025年12月31日至2025年11月1日")
        self.assertEqual(said, ["支持起诉申请书：期间“2025年12月31日至2025年11月1日”的开始晚于结束。"])

    def test_a_day_that_is_not_of_the_case_and_one_that_there_is_not(self) -> None:
        self.assertEqual(self.changed("F-15", "最后工作日：2025年12月31日", "最后工作日：2025年12月30日"), ["民事起诉状（追索劳动报酬）：写的日期“2025年12月30日”在本案里没有，请核对。"])
        self.assertEqual(self.changed("F-15", "最后工作日：2025年12月31日", "最后工作日：2025年2月30日"), ["民事起诉状（追索劳动报酬）：没有“2025年2月30日”这一天。"])

    def test_something_past_that_lies_ahead(self) -> None:
        paper = next(paper for paper in self.papers if paper.form == "F-15")
        facts = {**paper.facts, "劳动关系": {**paper.facts["劳动关系"], "最后工作日": date(2026, 3, 20)}}
        text = paper.text.replace("最后工作日：2025年12月31日", "最后工作日：2026年3月20日")
        self.assertEqual(self.said([Read("F-15", text, facts)]), ["民事起诉状（追索劳动报酬）：最后工作日“2026年3月20日”晚于制作日期“2026年3月2日”，还没有到。"])

    def test_another_court(self) -> None:
        said = self.changed("F-15", "此致\n沭阳县人民法院", "此致\n泗阳县人民法院")
        self.assertEqual(said, [
            "民事起诉状（追索劳动报酬）：写的是提交给“泗阳县人民法院”，应当是“沭阳县人民法院”。",
            "民事起诉状（追索劳动报酬）提交给“泗阳县人民法院”，支持起诉书提交给“沭阳县人民法院”：同一套材料应当提交给同一个法院。",
        ])  # fmt: skip

    def test_supported_prosecution_as_article_sixteen(self) -> None:
        said = self.changed("F-16", "《民事诉讼法》（2023年修正）第十五条", "《民事诉讼法》（2023年修正）第十六条")
        self.assertEqual(said, [
            "支持起诉申请书：支持起诉引用《民事诉讼法》第十六条，按2023年修正的条文应当是第十五条。",
            "支持起诉申请书：没有引用《民事诉讼法》第十五条，支持起诉的依据是这一条。",
        ])  # fmt: skip

    def test_the_law_as_it_was_before_the_amendment(self) -> None:
        self.assertEqual(
            self.changed("F-16", "《民事诉讼法》（2023年修正）", "《民事诉讼法》（2021年修正）"),
            ["支持起诉申请书：引用的《民事诉讼法》是2021年修正的版本，现行的是2023年修正的版本。"],
        )

    def test_an_article_the_law_does_not_have(self) -> None:
        self.assertEqual(
            self.changed("L-01", "《保障农民工工资支付条例》（国务院令第724号）第五十条", "《保障农民工工资支付条例》（国务院令第724号）第一百五十条"),
            ["证据清单：《保障农民工工资支付条例》只有 64 条，没有第一百五十条。"],
        )

    def test_papers_of_different_days_do_not_go_together(self) -> None:
        old = next(paper for paper in self.papers if paper.form == "F-15")
        casework.advance(self.one, "record_payment", self.chief, now=NOW, amount=D("1000"), paid_on=TODAY, method="bank", note="")
        new = self.packet(self.one, ["F-16"])[0]
        self.assertIn("请求“7,601.10元”，支持起诉申请书请求“6,601.10元”：各份文书应当按同一天的登记重新制作。", self.said([old, new])[-1])


@pytest.mark.parametrize(("form", "right", "wrong", "says"), [
    ("F-13", "第二百零五条", "第二百零一条", "司法确认引用《民事诉讼法》第二百零一条，按2023年修正的条文应当是第二百零五条。"),
    ("F-14", "《民事诉讼法》（2023年修正）第二百二十五条", "《民事诉讼法》（2023年修正）第二百二十一条", "支付令引用《民事诉讼法》第二百二十一条，按2023年修正的条文应当是第二百二十五条。"),
    ("F-25", "第二百五十条", "第二百四十六条", "执行引用《民事诉讼法》第二百四十六条，按2023年修正的条文应当是第二百五十条。"),
])  # fmt: skip
def test_numbers_that_moved_in_2023(form: str, right: str, wrong: str, says: str) -> None:
    text = Path(f"arrears/papers/texts/{form}.txt").read_text(encoding="utf-8")
    assert right in text
    facts = {"金额": {"请求": D(1)}, "受理机关": "", "今天": TODAY, "工资": {"按人": [], "明细": []}, "案件": {}, "申请人": {"称谓": ""}, "全部申请人": [],
             "全部被申请人": [], "其他单位": [], "被申请人": {"名称": ""}}  # fmt: skip
    assert says not in "".join(fault.text() for fault in lint([Read(form, text, facts)]))
    assert says in "".join(fault.text() for fault in lint([Read(form, text.replace(right, wrong), facts)]))


@pytest.mark.parametrize(("said", "number"), [("十五", 15), ("二百零五", 205), ("一百", 100), ("二百四十八", 248), ("一千二百六十", 1260), ("五", 5)])
def test_chinese_article_numbers_are_read(said: str, number: int) -> None:
    assert number_of(said) == number


def test_every_article_after_a_law_is_found_also_with_its_version_and_its_paragraphs() -> None:
    text = "依照《民事诉讼法》（2023年修正）第二百零五条、第二百零六条和《关于审理劳动争议案件适用法律问题的解释（一）》（法释〔2020〕26号）第五十一条第二款。"
    assert [(one.law, one.number) for one in cited(text)] == [
        ("民事诉讼法", 205), ("民事诉讼法", 206), ("关于审理劳动争议案件适用法律问题的解释（一）", 51),
    ]  # fmt: skip


MONEY = st.decimals(min_value=D("0.01"), max_value=D("99999.99"), places=2)
NAMES = st.text(alphabet="赵钱孙李周吴郑王冯陈建国强伟芳娜秀英敏静", min_size=2, max_size=4)
LINES = st.lists(st.tuples(MONEY, st.decimals(min_value=D("0.5"), max_value=D("31"), places=1), st.integers(0, 200)), min_size=1, max_size=3)


class PropertyTest(LintTestCase, EachExampleInATransaction):
    @settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(NAMES, LINES), min_size=1, max_size=6), st.sampled_from(["labour", "employer", "foreman"]), st.booleans())
    def test_all_papers_of_a_packet_agree_whatever_the_claim(self, people, role, has_general) -> None:
        since = date(2025, 6, 1)
        claimants = [
            ClaimantFacts(name, f"139{place:08}", id_of(place), [
                LineFacts(rate, quantity, "day", D(0), since, since + timedelta(days)) for rate, quantity, days in lines
            ])
            for place, (name, lines) in enumerate(people, 1)
        ]  # fmt: skip
        respondents = [RespondentFacts("宿迁某某劳务有限公司" if role != "foreman" else "周大勇", role=role)]
        respondents += [RespondentFacts(GENERAL, role="general")] if has_general else []
        claim = self.make_claim(claimants=claimants, respondents=respondents, last_working_day=date(2026, 1, 31))
        forms = [form for form in ("F-09", *PACKETS["support"].forms) if FORMS[form].fits(len(claimants))]
        self.assertEqual(self.said(self.packet(claim, forms)), [])
