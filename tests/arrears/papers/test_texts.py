"""What the papers say: every text fills for one worker and for eighty, names only fields there are, and says what the law asks of it."""

import re
from datetime import date
from decimal import Decimal as D
from functools import cache
from pathlib import Path

import pytest
from django.test import SimpleTestCase
from jinja2 import Environment, nodes

from arrears import casework
from arrears.models import Claim
from arrears.money import to_chinese_capitals
from arrears.papers.asks import WORD
from arrears.papers.blocks import Table, blocks_of, text_of
from arrears.papers.facts import facts_for
from arrears.papers.fields import CATALOGUE, LIST
from arrears.papers.forms import FORMS, PACKETS
from arrears.papers.markup import template_of
from arrears.papers.numbers import open_numbers
from arrears.papers.record import Record
from arrears.papers.word import fill
from tests.arrears.papers.scenes import GENERAL, LABOUR, OWNER, PapersTestCase, answers_of, number_of
from tests.base import NOW, TODAY

TEXTS = Path("arrears/papers/texts")
FILTERS = ("元", "金额", "大写", "日期", "连接", "人数", "默认")


@cache
def text_file(form: str) -> str:
    return (TEXTS / f"{form}.txt").read_text(encoding="utf-8")


def used(form: str) -> set[str]:
    """The fields a text names, loops resolved: 人.姓名 within {% for 人 in 代表人 %} is 代表人.姓名."""
    env = Environment(autoescape=True)
    env.filters.update(dict.fromkeys(FILTERS, str))
    found: set[str] = set()
    walk(env.parse(text_file(form)), {"loop": ""}, found)
    return found


def walk(node: nodes.Node, names: dict[str, str], found: set[str]) -> None:
    if isinstance(node, nodes.For):
        over = path_of(node.iter, names)
        found.add(over)
        for child in node.body:
            walk(child, {**names, node.target.name: over}, found)
        return
    if (path := path_of(node, names)) is not None:
        if path:
            found.add(path)
        return
    for child in node.iter_child_nodes():
        walk(child, names, found)


def path_of(node: nodes.Node, names: dict[str, str]) -> str | None:
    if isinstance(node, nodes.Name):
        return names.get(node.name, node.name)
    if isinstance(node, nodes.Getattr):
        above = path_of(node.node, names)
        return None if above is None else f"{above}.{node.attr}" if above else ""
    return None


@pytest.mark.parametrize("form", FORMS)
class TestEveryText:
    def test_it_names_only_fields_of_the_catalogue(self, form: str) -> None:
        assert used(form) - CATALOGUE.keys() == set()

    def test_it_says_what_its_form_promises(self, form: str) -> None:
        """※ what an article asks for, and what is usual. A list, or a part of one, counts for its fields."""
        said = used(form)
        missing = [path for path in (*FORMS[form].must, *FORMS[form].usual) if not any(name == path or name.startswith(f"{path}.") for name in said)]
        assert missing == []

    def test_it_asks_for_no_answer_that_is_not_asked_and_uses_each_that_is(self, form: str) -> None:
        said = {path.partition(".")[2] for path in used(form) if path.startswith("填写.")}
        asked = {WORD[name] for name in FORMS[form].questions}
        assert said - asked == set()
        # these are said through other facts: the party, the worker's address, the body, the claims, the rate
        assert asked - said - {"对象", "住址", "受理机关", "其他请求", "加付比例"} == set()

    def test_it_has_a_place_for_who_signs_and_for_the_seal(self, form: str) -> None:
        text = text_file(form)
        assert ("【盖章处】" in text) is FORMS[form].seal or form == "F-25"  # where the labour department applies
        assert not FORMS[form].signs or "签名" in text

    def test_whole_numbers_stand_only_where_the_form_says_so(self, form: str) -> None:
        assert any(path.endswith(".身份证号") for path in used(form)) is FORMS[form].full_numbers

    def test_supported_prosecution_is_article_fifteen(self, form: str) -> None:
        assert "第十六条" not in re.sub("《(劳动争议调解仲裁法|劳动保障监察条例)》[^《]*第十六条", "", text_file(form))

    def test_amounts_are_said_in_capitals_too(self, form: str) -> None:
        """At least once, where a sum is claimed, ordered, agreed or confirmed."""
        claims = any(path in used(form) for path in ("金额.请求", "金额.认定", "协议.总额", "工资.欠付合计", "加付.合计"))
        assert not claims or "|大写" in text_file(form)  or form in ("F-02", "F-11", "L-03")


class Filled(PapersTestCase):
    def filled(self, form: str, claim: Claim, **options) -> tuple[str, list[str], list]:
        answers = options.pop("answers", None)
        facts = facts_for(FORMS[form], claim, today=TODAY, answers=answers_of(form) if answers is None else answers, **options)
        done = fill(template_of(text_file(form)), facts)
        blocks = blocks_of(done.docx)
        return text_of(blocks), done.gaps, blocks

    def numbers(self, claim: Claim) -> dict:
        return open_numbers(claim, [FORMS["F-15"]], self.chief, now=NOW)


class OneWorkerTest(Filled):
    def test_every_paper_of_a_full_claim_fills(self) -> None:
        record = Record(self.one, TODAY, self.numbers(self.one))
        for form in FORMS:
            with self.subTest(form):
                text, gaps, _blocks = self.filled(form, self.one, record=record)
                self.assertNotRegex(text, r"\{\{|\{%|None|不详不详|。[。；，、]|；[。；]|，[。，]|、。|（）")
                self.assertIn("年", text)
                self.assertTrue(set(gaps) <= KNOWN_GAPS.get(form, set()) | {"承办.电话"}, (form, gaps))

    def test_every_paper_of_a_bare_claim_fills_and_tells_its_gaps(self) -> None:
        claim = self.make_claim(story="", last_working_day=None)
        for form in FORMS:
            with self.subTest(form):
                text, gaps, _blocks = self.filled(form, claim, answers={})
                self.assertNotRegex(text, r"\{\{|\{%|None|不详不详")
        self.assertIn("案件.事实经过", self.filled("F-15", claim, answers={})[1])

    def test_the_statement_of_claim_is_in_the_courts_element_form(self) -> None:
        text, _gaps, _blocks = self.filled("F-15", self.one, numbers=self.numbers(self.one), answers=answers_of("F-15", more_requests="支付经济补偿8000元"))
        for said in (
            "民事起诉状", "姓名：钱建国　性别：男　年龄：55", f"公民身份号码：{number_of(1)}", f"名称：{LABOUR}（劳务公司）", f"名称：{GENERAL}（施工总承包单位）",
            f"一、判令{LABOUR}支付拖欠钱建国的工资共计7,601.10元（大写：人民币柒仟陆佰零壹元壹角）。", f"二、判令{GENERAL}对第一项所列工资先行清偿（《保障农民工工资支付条例》第三十条第三款）。",
            f"三、判令{OWNER}对第一项所列工资先行垫付，以未结清的工程款50,000.00元为限（《保障农民工工资支付条例》第二十九条第二款）。", "四、判令支付经济补偿8000元。",
            "6．经济补偿\t■有　□无　支付经济补偿8000元", "3．加班费\t□有　■无", "■是　□否", "200.00×21.5天", "沭阳县人民法院", "工资欠条",
            "宿迁宏远劳务有限公司的工资表或者工资条（逾期未提供）", "2025年11月1日至2025年11月30日",
        ):  # fmt: skip
            self.assertIn(said, text)

    def test_an_iou_says_why_there_was_no_arbitration(self) -> None:
        text, _gaps, _blocks = self.filled("F-15", self.one, answers=answers_of("F-15", arbitration=""))
        self.assertIn("没有经过仲裁：以工资欠条为证据", text)
        self.assertIn("《关于审理劳动争议案件适用法律问题的解释（一）》（法释〔2020〕26号）第十五条", text)

    def test_the_application_for_support_names_article_fifteen_reason_and_free_will(self) -> None:
        text, _gaps, _blocks = self.filled("F-16", self.one, numbers=self.numbers(self.one))
        for said in ("《民事诉讼法》（2023年修正）第十五条", "文化程度不高", "申请人仍是原告", "沭阳县人民检察院", GENERAL, "7,601.10元（大写：人民币柒仟陆佰零壹元壹角）"):
            self.assertIn(said, text)

    def test_the_instrument_is_called_what_the_place_calls_it(self) -> None:
        text, _gaps, _blocks = self.filled("F-18", self.one)
        self.assertTrue(text.startswith("支持起诉书\n"))
        self.assertIn("支持起诉单位：沭阳县人民检察院", text)
        self.assertIn("本单位将派员出席庭审", text)

    def test_an_order_names_people_sum_act_day_and_what_follows(self) -> None:
        text, _gaps, _blocks = self.filled("F-06", self.one)
        for said in ("共涉及1人，合计7,601.10元", "支付拖欠的工资", "2026年3月9日", "第八十五条", "百分之五十以上百分之一百以下", GENERAL, "【盖章处】"):
            self.assertIn(said, text)

    def test_the_notice_to_produce_warns_of_what_follows_and_names_the_chain(self) -> None:
        text, _gaps, _blocks = self.filled("F-05", self.one)
        for said in ("2026年3月9日前", "第五十条", "不利后果", GENERAL, OWNER, "工资支付台账"):
            self.assertIn(said, text)

    def test_what_is_not_verified_is_not_cited(self) -> None:
        for form in ("F-05", "F-06", "F-09", "F-15", "F-16", "F-18"):
            with self.subTest(form):
                self.assertNotIn("第五百七十九条", self.filled(form, self.one)[0])

    def test_what_came_since_stands_between_what_was_owed_and_what_is_asked(self) -> None:
        casework.advance(self.one, "record_payment", self.chief, now=NOW, amount=D("1000"), paid_on=TODAY, method="bank", note="")
        for form in ("F-09", "F-15", "F-16", "F-18"):
            with self.subTest(form):
                text = self.filled(form, self.one)[0]
                self.assertRegex(text, "(后|后又)付1,000.00元|已付1,000.00元")
                self.assertIn("6,601.10元", text)

    def test_each_answer_of_a_complaint_has_its_own_words(self) -> None:
        words = {"refuse": "对该投诉不予受理", "correct": "前向陇集镇人民政府补正", "redirect": "应当由陇集镇人民路1号处理"}
        for answer, said in words.items():
            with self.subTest(answer):
                self.assertIn(said, self.filled("F-02", self.one, answers=answers_of("F-02", answer=answer))[0])

    def test_a_decision_of_the_department_is_enforced_by_another_law(self) -> None:
        text = self.filled("F-25", self.one, answers=answers_of("F-25", title_kind="administrative"))[0]
        self.assertIn("《行政强制法》（2012年1月1日起施行）第五十三条", text)
        self.assertNotIn("加倍支付", text)
        text = self.filled("F-25", self.one, answers=answers_of("F-25", title_kind="award"))[0]
        self.assertIn("《民事诉讼法》（2023年修正）第二百四十八条、第二百五十条", text)


# What nobody can know before it happens, or what a place fills in by hand.
OF_AGREEMENT = {"协议.生效日期", "协议.编号", "协议.调解员", "协议.总额", "协议.支付方式"}  # nothing was agreed; tests/mediation has one that was
KNOWN_GAPS: dict[str, set[str]] = {
    "F-13": OF_AGREEMENT,
    "F-28": OF_AGREEMENT,
    "L-03": {"代表人"},  # one worker chooses nobody
    "L-05": {"笔录.版本", "笔录.定稿时间", "笔录.指纹"},  # no minutes were closed
}


class GroupTest(Filled):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.many = cls.group(12)

    def sums(self, blocks: list, column: str) -> tuple[D, D, int]:
        """The rows of the annex that has this column, added up, the total that stands under them, and how many rows."""
        table = next(b for b in reversed(blocks) if isinstance(b, Table) and column in [c.text for c in b.rows[0]] and "姓名" in [c.text for c in b.rows[0]])
        place = [cell.text for cell in table.rows[0]].index(column)
        rows = [row for row in table.rows[1:] if row[0].text.isdigit()]
        total = next(row for row in table.rows if row[0].text == "合计")
        amount = lambda row: D(row[place].text.replace(",", "").rstrip("元"))  # noqa: E731
        return sum(map(amount, rows), D(0)), amount(total), len(rows)

    def test_the_annexes_of_a_group_add_up_to_the_cent(self) -> None:
        record = Record(self.many, TODAY, self.numbers(self.many))
        for form in ("F-01", "F-06", "F-09", "F-16", "F-19", "F-20", "F-24", "F-25", "L-03"):
            with self.subTest(form):
                text, _gaps, blocks = self.filled(form, self.many, record=record)
                found, total, rows = self.sums(blocks, "欠付（元）")
                self.assertEqual((found, total, rows), (D("91279.20"), D("91279.20"), 12))  # 12 × 7,600.10 + 1 … 12
                self.assertTrue("钱建国等12人" in text or form in ("F-19", "F-20"), form)

    def test_the_lines_of_eighty_add_up_in_the_statement_of_claim(self) -> None:
        many = self.group(80)
        text, _gaps, blocks = self.filled("F-15", many, numbers=self.numbers(many))
        self.assertEqual(self.sums(blocks, "欠付（元）"), (D("611248.00"), D("611248.00"), 160))
        self.assertIn(f"大写：人民币{to_chinese_capitals(D('611248.00'))}", text)
        self.assertIn("诉讼代表人1", text)

    def test_who_chose_whom_stands_in_the_choice_of_representatives(self) -> None:
        text, gaps, _blocks = self.filled("L-03", self.many, numbers=self.numbers(self.many))
        self.assertEqual(text.count("特别授权\t"), 9)
        self.assertIn("第七条", text)
        self.assertEqual(gaps, [])

    def test_additional_compensation_of_a_group_adds_up(self) -> None:
        _text, _gaps, blocks = self.filled("F-08", self.many)
        self.assertEqual(self.sums(blocks, "加付赔偿金（元）"), (D("45639.60"), D("45639.60"), 12))


class AnswersTest(SimpleTestCase):
    def test_every_form_has_its_text_and_every_text_its_form(self) -> None:
        self.assertEqual({path.stem for path in TEXTS.glob("*.txt")}, set(FORMS))

    def test_lists_are_never_printed_as_they_are_except_to_show_the_gap(self) -> None:
        for form in FORMS:
            for name in re.findall(r"\{\{ ([^|}]+?) \}\}", text_file(form)):
                if name in CATALOGUE and CATALOGUE[name].kind == LIST:
                    with self.subTest(form=form, field=name):
                        self.assertIn(f"{{% if not {name} %}}", text_file(form))


assert PACKETS and date
