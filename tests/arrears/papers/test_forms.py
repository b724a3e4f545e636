"""Which papers there are, and what is asked when one is issued, against what law.md and the articles say."""

from datetime import date, datetime
from pathlib import Path

import pytest

from arrears.papers.asks import ASKS
from arrears.papers.checking import cautions, faults, rate_of
from arrears.papers.forms import FORMS, PACKETS, WORDS, load
from arrears.rules.tables import BadRules
from grid.days import SHANGHAI

TODAY = date(2026, 3, 2)
TABLE = Path("arrears/papers/forms.toml")


def test_all_papers_are_there_and_what_goes_with_them() -> None:
    assert sorted(FORMS) == [*(f"F-{number:02}" for number in range(1, 29)), "L-01", "L-02", "L-03", "L-04", "L-05"]


@pytest.mark.parametrize(("form", "citation", "confidence"), [
    ("F-05", "保障农民工工资支付条例 第五十条", "T"),
    ("F-06", "劳动保障监察条例 第十八条、第二十六条", "T"),
    ("F-08", "劳动合同法 第八十五条", "T"),
    ("F-09", "劳动争议调解仲裁法 第二十八条", "T"),
    ("F-14", "民事诉讼法 第二百二十五条", "T"),
    ("F-15", "民事诉讼法 第一百二十四条", "T"),
    ("F-16", "民事诉讼法 第十五条", "T"),
    ("F-18", "民事诉讼法 第十五条", "K"),  # the article is read, the form of the instrument is local practice
    ("F-19", "行政执法机关移送涉嫌犯罪案件的规定 第五条、第六条、第七条", "T"),
    ("F-24", "法律援助法 第三十一条第五项、第四十二条第三项", "T"),
])  # fmt: skip
def test_each_rests_on_its_article(form: str, citation: str, confidence: str) -> None:
    assert (FORMS[form].citation(), FORMS[form].confidence) == (citation, confidence)


def test_every_question_is_asked_by_some_paper() -> None:
    assert {name for form in FORMS.values() for name in form.questions} == ASKS.keys()


@pytest.mark.parametrize(("packet", "forms"), [
    ("support", "L-04 F-16 F-17 F-18 F-15 F-20 L-01 L-03 L-02"),
    ("arbitration", "L-04 F-09 F-20 L-01 L-03 L-02"),
    ("payment_order", "L-04 F-14 F-20 L-01 L-02"),
    ("confirmation", "L-04 F-13 F-12 L-01"),
    ("legal_aid", "L-04 F-24 F-20 L-01"),
])  # fmt: skip
def test_what_lies_in_a_bundle(packet: str, forms: str) -> None:
    assert list(PACKETS[packet].forms) == forms.split()
    assert all(packet in FORMS[form].packets for form in forms.split())


def test_a_choice_of_representatives_is_for_several_only() -> None:
    assert (FORMS["L-03"].fits(1), FORMS["L-03"].fits(80), FORMS["F-15"].fits(1), FORMS["F-15"].fits(80)) == (False, True, True, True)


def test_an_installation_calls_the_instrument_its_own_way(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[paper_words.SUPPORT-TITLE]\nvalue = "支持起诉意见书"\nsource = "市检察院〔2026〕3号"\nsource_en = "City procuratorate"\n')
    _forms, _packets, words = load(TABLE, own)
    assert (words["SUPPORT-TITLE"].value, words["SUPPORT-TITLE"].source) == ("支持起诉意见书", "市检察院〔2026〕3号")
    assert WORDS["SUPPORT-TITLE"].value == "支持起诉书"


@pytest.mark.parametrize(("text", "says"), [
    ('[papers.F-01]\nper = "household"', "per household is unknown"),
    ('[papers.F-01]\nquestions = ["shoe_size"]', "there is no question shoe_size"),
    ('[papers.F-01]\nlaw = "捕风捉影法"', "law 捕风捉影法 is not in the table of laws"),
    ('[papers.F-01]\npackets = ["suit"]', "packets are named in the table of packets"),
    ('[papers.F-02]\nalso = ["捕风捉影法 第一条"]', "also 捕风捉影法 第一条 begins with no law"),
    ('[packets.suit]\nforms = ["F-99"]', "there is no paper F-99"),
    ('[packets.picnic]\nname = "野餐"\nname_en = "Picnic"\nforms = []', "there is no such packet"),
    ('[paper_words.COURT]\nconfidence = "X"', "confidence X is unknown"),
    ('[paper_words.COURT]\nvalue = ""', "value must be a text"),
])  # fmt: skip
def test_a_wrong_table_stops_the_start(tmp_path: Path, text: str, says: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text)
    with pytest.raises(BadRules, match=says):
        load(TABLE, own)


def said(form: str, answers: dict, of=faults) -> list[str]:
    return [phrase.text() for phrase in of(FORMS[form], answers, today=TODAY)]


ORDER = {"party": "1", "breached": "保障农民工工资支付条例第三条", "ordered_act": "支付工资", "order_due_on": date(2026, 3, 9)}


def test_an_order_names_the_act_and_the_day() -> None:
    assert said("F-06", ORDER) == []
    assert said("F-06", {**ORDER, "ordered_act": ""}) == ["还没有填：责令做什么。"]
    assert said("F-06", {**ORDER, "order_due_on": TODAY}) == ["最迟改正日期应当在今天以后。"]
    assert said("F-06", {**ORDER, "mood": "bad"}) == ["这份文书没有这一项：mood。"]


@pytest.mark.parametrize(("day", "warned"), [(date(2026, 3, 4), True), (date(2026, 3, 5), False), (date(2026, 3, 17), False), (date(2026, 3, 18), True)])
def test_an_order_of_less_than_three_or_more_than_fifteen_days_is_looked_at_twice(day: date, warned: bool) -> None:
    assert bool(said("F-06", {**ORDER, "order_due_on": day}, cautions)) is warned
    assert said("F-06", {**ORDER, "order_due_on": day}) == []


@pytest.mark.parametrize(("typed", "rate"), [
    ("50", 50), ("100", 100), ("75.5 %", 75.5), ("５０％", 50), ("49.99", None), ("101", None), ("一半", None), ("NaN", None),
])  # fmt: skip
def test_additional_compensation_is_fifty_to_a_hundred_per_cent(typed: str, rate: float | None) -> None:
    assert rate_of(typed) == rate
    answers = {"party": "1", "order_number": "宿人社监令〔2026〕3号", "order_expired_on": date(2026, 2, 20), "rate": typed}
    assert bool(said("F-08", answers)) is (rate is None)


def test_additional_compensation_needs_an_order_whose_day_has_passed() -> None:
    answers = {"party": "1", "order_number": "宿人社监令〔2026〕3号", "order_expired_on": date(2026, 3, 3), "rate": "50"}
    assert said("F-08", answers) == ["责令支付的期限届满日还没有到，不能写在已经发生的事里。"]


def test_a_payment_order_needs_both_declarations() -> None:
    answers = {"debt_due_on": date(2026, 2, 1), "no_counter_debt": True, "no_preservation": True}
    assert said("F-14", answers) == []
    assert said("F-14", {**answers, "no_preservation": False}) == ["还没有填：申请人说明：没有申请诉前财产保全。"]


def test_a_choice_is_one_of_those_offered() -> None:
    answers = {"answer": "refuse", "ground": "limit", "ground_note": "终了已满二年"}
    assert said("F-02", answers) == []
    assert said("F-02", {**answers, "ground": "weather"}) == ["理由没有这一个选择：weather。"]


def test_a_transfer_is_decided_in_three_days() -> None:
    answers = {
        "reporters": "甲、乙", "reported_on": date(2026, 2, 20), "approver": "丙", "approved_on": date(2026, 2, 24), "ordered": "已送达", "found": "欠薪",
    }  # fmt: skip
    assert said("F-19", answers) == []
    assert said("F-19", answers, cautions) == ["移送应当自接到报告之日起三日内决定（移送规定第五条），现在已经超过。"]
    assert said("F-19", {**answers, "approved_on": date(2026, 2, 23)}, cautions) == []
    assert said("F-19", {**answers, "approved_on": date(2026, 2, 19)}) == ["移送报告的日期不能晚于批准日期。"]


def test_a_questioning_ends_after_it_began() -> None:
    began, ended = (datetime(2026, 3, 2, hour, 0, tzinfo=SHANGHAI) for hour in (10, 9))
    answers = {"party": "1", "asked_person": "张三", "place": "一楼", "starts_at": began, "officers": "甲、乙", "ends_at": ended}
    assert said("F-04", answers) == ["开始时间不能晚于结束时间。"]
