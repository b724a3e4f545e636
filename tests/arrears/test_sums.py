"""What the law has reckoned for wages, against amounts worked out by hand, and the table of figures."""

from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest

from arrears.rules.tables import BadRules
from arrears.sums import law
from arrears.sums.answers import Asked, reckon
from arrears.sums.kinds import (
    BANDS,
    KINDS,
    PUBLISHED,
    STALE,
    SUMS,
    UNVERIFIED,
    Figure,
    in_force,
    read_bands,
    read_published,
    read_sums,
)
from arrears.sums.law import Worker
from arrears.sums.of_claim import months

TODAY = date(2026, 11, 26)
MINIMUM = D("2010")


@pytest.mark.parametrize(("items", "verdict", "within"), [
    ({"wages": D("24120")}, "final", {"wages": True}),  # twelve times 2,010: still within
    ({"wages": D("24120.01")}, "open", {"wages": False}),
    ({"wages": D("20000"), "severance": D("20000")}, "final", {"wages": True, "severance": True}),  # each by itself, not the total
    ({"wages": D("30000"), "severance": D("5000")}, "mixed", {"wages": False, "severance": True}),
])  # fmt: skip
def test_final_award(items, verdict, within) -> None:
    found = law.final_award(items, MINIMUM)
    assert (found.ceiling, found.verdict, found.within) == (D("24120.00"), verdict, within)


@pytest.mark.parametrize(("amount", "bars", "found"), [
    ("60862", (), "must"), ("60862.01", (), "agree"), ("243448", (), "agree"), ("243448.01", (), "neither"), ("100", ("debtor_missing",), "barred"),
])  # fmt: skip
def test_small_claims(amount, bars, found) -> None:
    assert law.small_claim(D(amount), D("60862"), D("243448"), bars) == found


@pytest.mark.parametrize(("amount", "fee", "order"), [
    ("0.01", "50.00", "16.67"),
    ("10000", "50.00", "16.67"),
    ("10000.01", "50.00", "16.67"),
    ("30000", "550.00", "183.33"),  # 50 + 20,000 × 2.5 %
    ("100000", "2300.00", "766.67"),
    ("150000", "3300.00", "1100.00"),  # 2,300 + 50,000 × 2 %
    ("1000000", "13800.00", "4600.00"),
    ("30000000", "191800.00", "63933.33"),  # 141,800 + 10 m × 0.5 %
])  # fmt: skip
def test_fees(amount, fee, order) -> None:
    assert (law.property_fee(D(amount)), law.payment_order_fee(D(amount))) == (D(fee), D(order))


def test_the_fee_of_a_labour_dispute_is_halved_for_what_ends_it_early() -> None:
    assert [law.labour_fee(D(10), ended) for ended in ("", "mediated", "withdrawn", "simplified", "judged")] == [D(10), D(5), D(5), D(5), D(10)]


@pytest.mark.parametrize(("unpaid", "pay_by", "found"), [
    ("8000", None, ("no_order", 0, 0)),
    ("8000", date(2026, 11, 26), ("not_yet", 0, 0)),  # its last day is still in time
    ("8000", date(2026, 11, 25), ("", 4000, 8000)),
    ("0", date(2026, 11, 25), ("paid", 0, 0)),
    ("0.01", date(2026, 11, 25), ("", D("0.01"), D("0.01"))),
])  # fmt: skip
def test_additional_compensation_needs_an_order_and_its_day_passed(unpaid, pay_by, found) -> None:
    extra = law.extra_compensation(D(unpaid), pay_by=pay_by, today=TODAY)
    assert (extra.locked, extra.least, extra.most) == found


def test_added_interest_runs_from_the_day_after_the_last_day_of_performance() -> None:
    daily = D("0.000175")
    ten = law.delay_interest(D("100000"), perform_by=date(2026, 11, 16), until=TODAY, daily=daily)
    assert ten == (10, D("175.00"))
    assert law.delay_interest(D("100000"), perform_by=TODAY, until=TODAY, daily=daily) == (0, D("0.00"))
    assert law.delay_interest(D("100000"), perform_by=TODAY, until=date(2026, 11, 1), daily=daily) == (0, D("0.00"))


@pytest.mark.parametrize(("workers", "found"), [
    ([Worker(D("10000"), 3)], "one"),
    ([Worker(D("9999.99"), 3)], "below"),
    ([Worker(D("10000"), 2)], "below"),
    ([Worker(D("6000"), 1)] * 10, "many"),
    ([Worker(D("5999.99"), 1)] * 10, "below"),
    ([Worker(D("9000"), 2)] * 9, "below"),  # nine workers are not ten
    ([], "below"),
])  # fmt: skip
def test_the_criminal_threshold(workers, found) -> None:
    assert law.crime_threshold(workers, one=D("10000"), many=D("60000")) == found


@pytest.mark.parametrize(("first", "last", "found"), [
    (date(2026, 3, 1), date(2026, 5, 31), 3), (date(2026, 3, 15), date(2026, 5, 20), 2), (date(2026, 3, 15), date(2026, 5, 14), 2),
    (date(2026, 3, 15), date(2026, 5, 13), 1), (date(2025, 11, 1), date(2026, 1, 31), 3), (date(2026, 3, 1), date(2026, 3, 5), 0), (None, date(2026, 3, 5), 0),
])  # fmt: skip
def test_whole_months_of_a_period(first, last, found) -> None:
    assert months(first, last) == found


def figure(region: str, amount: str, since: date, confidence: str = "T") -> Figure:
    return Figure("MIN-WAGE", region, D(amount), since, "test", confidence)


def test_the_narrowest_place_counts_then_the_newest_then_the_one_entered_last() -> None:
    old, new, coming = figure("3213", "1", date(2024, 1, 1)), figure("3213", "2", date(2026, 1, 1)), figure("3213", "3", date(2027, 1, 1))
    county = figure("321302", "4", date(2023, 1, 1))
    assert in_force("MIN-WAGE", "321322", TODAY, [new, old, coming, county]) == new
    assert in_force("MIN-WAGE", "321302101", TODAY, [new, old, coming, county]) == county
    assert in_force("MIN-WAGE", "321322", date(2025, 12, 31), [new, old, coming]) == old
    assert in_force("MIN-WAGE", "3204", TODAY, [new, old, county]) is None
    twice = figure("3213", "5", date(2026, 1, 1))
    assert in_force("MIN-WAGE", "321322", TODAY, [new, twice]) == twice


def test_a_figure_nobody_checked_or_an_old_one_makes_the_sum_provisional() -> None:
    assert figure("", "1", date(2026, 1, 1)).doubts(TODAY) == ()
    assert figure("", "1", date(2026, 1, 1), "K").doubts(TODAY) == (UNVERIFIED,)
    assert figure("", "1", date(2024, 11, 27)).doubts(TODAY) == ()  # 24 months tomorrow
    assert figure("", "1", date(2024, 11, 26)).doubts(TODAY) == (STALE,)


def of(workers: list[Worker], **more):
    known = [*PUBLISHED, figure("3213", "2010", date(2026, 1, 1))]
    asked = Asked(tuple(workers), TODAY, **more)
    return {answer.sum.id: answer for answer in reckon(asked, lambda kind: in_force(kind, "321302101", TODAY, known))}


def test_the_answers_say_what_came_out_and_what_is_missing() -> None:
    found = of([Worker(D("30000"), 4)], items={"severance": D("5000")}, bars=("counter_claim", "appraisal"), ended="mediated")
    assert str(found["final"].verdict) == "劳动报酬超过限额：分项裁决的，其余各项终局；没有分开的，整份裁决不是终局。"
    assert (found["simple"].verdict, found["simple"].missing) == (None, ("AVG-WAGE",))
    assert str(found["small"].verdict) == "不能适用：对方提出反诉、需要评估、鉴定。"
    assert str(found["fee"].verdict) == "减半交：调解结案。"
    assert [line.amount for line in found["fee"].lines] == [D("5.00")]
    assert found["small"].doubts == (STALE,)  # of January 2024
    assert found["payord"].doubts == (UNVERIFIED,)
    assert found["final"].doubts == ()
    assert str(found["crime"].verdict) == "有劳动者被拖欠三个月以上而且达到数额。"


def test_many_workers_are_reckoned_one_by_one() -> None:
    found = of([Worker(D("20000"), 2)] * 11 + [Worker(D("70000"), 2)])
    assert str(found["final"].verdict) == "12 人中，11 人的各项都在限额以内，裁决对用人单位终局。"
    assert str(found["small"].verdict).startswith("分别起诉的，12 人中 11 人应当适用，1 人可以约定适用")
    assert str(found["crime"].verdict) == "十人以上，合计达到数额。"


def test_every_kind_and_every_sum_names_its_article_and_english() -> None:
    for row in (*KINDS.values(), *SUMS.values()):
        assert row.article and row.article_en and row.name_en and row.source
    assert {name for row in SUMS.values() for name in row.figures} <= KINDS.keys()
    assert all(figure.confidence in "TPK" for figure in PUBLISHED)


def test_a_wrong_table_stops_the_start(tmp_path: Path) -> None:
    table = tmp_path / "own.toml"

    def refused(text: str, read) -> str:
        table.write_text(text, encoding="utf-8")
        with pytest.raises(BadRules) as caught:
            read()
        return str(caught.value)

    good = '[published.X]\nfigure = "MIN-WAGE"\nregion = ""\namount = "2010"\nsince = "2026-01-01"\nsource = "x"\nsource_en = "x"\nconfidence = "K"\n'
    assert "amount must be above 0" in refused(good.replace("2010", "0"), lambda: read_published(table, KINDS))
    assert "since a day" in refused(good.replace("2026-01-01", "January"), lambda: read_published(table, KINDS))
    assert "there is no figure" in refused(good.replace("MIN-WAGE", "MAX-WAGE"), lambda: read_published(table, KINDS))
    assert "needs the texts" in refused(good.replace('"2010"', "2010"), lambda: read_published(table, KINDS))
    assert "does not begin" in refused('[fees.1]\nover = "0"\nbase = "50"\nrate = "0"\n[fees.2]\nover = "100"\nbase = "60"\nrate = "0.1"\n', lambda: read_bands(table))
    assert "missing column" in refused('[sums.x]\nname = "x"\nfigures = []\n', lambda: read_sums(table, KINDS))
    table.write_text(good, encoding="utf-8")
    assert read_published(table, KINDS)[0].amount == D("2010")
    assert len(BANDS) == 10


@pytest.mark.parametrize(("owed", "unsettled", "most"), [
    ("8000", "12000", "8000.00"), ("8000", "8000", "8000.00"), ("8000", "7999.99", "7999.99"), ("8000", "0", "0.00"), ("0", "500", "0.00"),
])  # fmt: skip
def test_what_an_owner_advances_ends_at_the_unsettled_project_payment(owed, unsettled, most) -> None:
    assert law.advance_cap(D(owed), D(unsettled)) == D(most)
