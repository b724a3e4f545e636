"""manage.py import_ledger: every row is accounted for, twice is once, and the past calls nobody. Rows are invented."""

import csv
import io
import re
import tempfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from arrears.ledger.files import BadFile, Record, Sheet, read_sheet
from arrears.ledger.mapping import load_mapping
from arrears.ledger.plan import Standing, make_plan
from arrears.ledger.writing import bring_in
from arrears.models import CaseCounter, Claim, ClaimLine, Clock, Employer, Event, Payment, Watch
from grid.models import Notice, Region
from tests.base import NOW, STATS, TODAY, CastTestCase

ROOT = Path(__file__).parent.parent.parent
MAPPING_FILE = ROOT / "arrears/ledger/legacy_ledger.toml"
MAPPING = load_mapping(MAPPING_FILE)
# A real register may lie beside the project; it is not part of it.
REAL = ROOT.parent / "shared/data/legacy_ledger.csv"
HEADER = (
    "CLAIM NO", "REGION", "EMPLOYER", "CLAIM RECEIVED", "CASE OPEN/RE-OPEN", "CASE CLOSE/RECLOSE DATE", "CLAIM AMT",
    "VERIFIED CLAIM AMT", "Valid", "Invalid", "Independent Agent", "Subcontractor", "False Claim", "Bankrupt",
    "Informal Resolution", "Employer Cannot be Located", "Complainant Cannot be Located", "Complainant Dropped Claim",
    "Paid Prior to Investigation", "Business is Closed", "1st Response Investigation", "Formal Investigation",
    "Wage Order", "TOTAL WAGES", "TOTAL INTEREST AMT",
)  # fmt: skip
GOOD = {
    "CLAIM NO": "T1", "REGION": "321322101", "EMPLOYER": "EMPLOYER 0001", "CLAIM RECEIVED": "19-Aug-14",
    "CASE OPEN/RE-OPEN": "22-Aug-14", "CASE CLOSE/RECLOSE DATE": "21-Mar-18", "CLAIM AMT": "$1,275.50",
    "VERIFIED CLAIM AMT": "$1,000.00", "TOTAL WAGES": "$950.00", "TOTAL INTEREST AMT": "$50.00",
}  # fmt: skip
LAST_LINE = re.compile(
    r"台账 (\d+) 行：导入 imported (\d+)，跳过 skipped (\d+)，拒绝 refused (\d+)，未变 unchanged (\d+)。\n\Z"
)


def row(**changes: str) -> dict[str, str]:
    """A good row; keys of `changes` are columns with _ for a space."""
    return {column: "NA" for column in HEADER} | GOOD | {key.replace("_", " "): cell for key, cell in changes.items()}


def sheet(*rows: dict[str, str]) -> Sheet:
    records = [Record(line, tuple(cells.values())) for line, cells in enumerate(rows, start=2)]
    return Sheet("台账.csv", "utf-8-sig", HEADER, tuple(records))


def plan(*rows: dict[str, str]) -> list:
    standing = Standing({"321322101": "321322101", "321322": "321322", "321322109": "321322102"}, {}, lambda text: text)
    return make_plan(sheet(*rows), MAPPING, standing, TODAY).entries


def causes(entry) -> set[tuple[str, str]]:
    return {(finding.column, finding.code) for finding in entry.findings}


# One row


@pytest.mark.parametrize(
    ("changes", "causes_wanted"),
    [
        ({"CLAIM_RECEIVED": "31-Feb-14", "CLAIM_AMT": "abc"}, {("CLAIM RECEIVED", "bad_date"), ("CLAIM AMT", "bad_amount")}),
        ({"CLAIM_RECEIVED": "NA", "REGION": ""}, {("CLAIM RECEIVED", "blank"), ("REGION", "blank")}),
        ({"CLAIM_RECEIVED": "1-Jan-30"}, {("CLAIM RECEIVED", "date_out_of_range")}),
        ({"REGION": "321399001"}, {("REGION", "unknown_region")}),
        ({"REGION": "321322"}, {("REGION", "no_township")}),
        ({"REGION": "沭城"}, {("REGION", "bad_region")}),
        ({"CASE_OPEN/RE-OPEN": "18-Aug-14"}, {("CASE OPEN/RE-OPEN", "opened_before_received")}),
        ({"CASE_CLOSE/RECLOSE_DATE": "21-Aug-14"}, {("CASE CLOSE/RECLOSE DATE", "closed_before_opened")}),
        ({"CASE_OPEN/RE-OPEN": "NA", "CASE_CLOSE/RECLOSE_DATE": "1-Aug-14"}, {("CASE CLOSE/RECLOSE DATE", "closed_before_received")}),
        ({"CLAIM_AMT": "(12.00)", "TOTAL_WAGES": "-5"}, {("CLAIM AMT、TOTAL WAGES", "negative_amount")}),
        ({"Valid": "X", "Invalid": "X"}, {("Invalid、Valid", "conflicting_flags")}),
        ({"Bankrupt": "perhaps"}, {("Bankrupt", "bad_mark")}),
        ({"CLAIM_NO": "NA"}, {("CLAIM NO", "no_key")}),
        ({"CLAIM_NO": "T" * 61}, {("CLAIM NO", "long_key")}),
    ],
)  # fmt: skip
def test_a_refused_row_names_every_cause_with_its_column(changes: dict[str, str], causes_wanted: set) -> None:
    (entry,) = plan(row(**changes))
    assert entry.verdict == "refused"
    assert causes(entry) == causes_wanted


@pytest.mark.parametrize(
    ("changes", "warnings"),
    [
        ({}, set()),
        ({"CASE_CLOSE/RECLOSE_DATE": ""}, {"not_closed"}),
        ({"EMPLOYER": "NA"}, {"employer_unknown"}),
        ({"CLAIM_AMT": "$999,999.99"}, {"claimed_unknown"}),
        ({"CLAIM_AMT": "$0.00"}, {"claimed_zero", "verified_above_claimed"}),
        ({"TOTAL_WAGES": "$1,200.00"}, {"paid_above_verified"}),
        ({"TOTAL_WAGES": "0", "TOTAL_INTEREST_AMT": "0", "Paid_Prior_to_Investigation": "X"}, {"paid_in_full_unpaid"}),
        ({"TOTAL_WAGES": "NA", "TOTAL_INTEREST_AMT": "NA"}, {"result_unknown"}),
        ({"REGION": "321322109"}, {"region_retired"}),
    ],
)
def test_what_is_odd_but_readable_is_imported_with_a_warning(changes: dict[str, str], warnings: set) -> None:
    (entry,) = plan(row(**changes))
    assert entry.verdict == "imported"
    assert {warning.code for warning in entry.warnings} == warnings


@pytest.mark.parametrize(
    ("flags", "paid", "stage", "result"),
    [
        ((), "1000", "closed", "paid_in_full"),
        ((), "400", "closed", "paid_in_part"),
        ((), "0", "closed", ""),
        (("Wage Order",), "0", "closed", ""),
        (("Informal Resolution",), "1000", "closed", "paid_in_full"),
        (("Complainant Dropped Claim", "Formal Investigation"), "0", "withdrawn", ""),
        (("Complainant Cannot be Located",), "0", "closed", "worker_unreachable"),
        (("Employer Cannot be Located",), "0", "closed", "not_found"),
        (("Business is Closed",), "0", "closed", "not_found"),
        (("Bankrupt",), "0", "closed", "insolvent"),
        (("Bankrupt",), "1000", "closed", "paid_in_full"),
        (("Invalid", "False Claim"), "0", "closed", "unfounded"),
        (("Invalid",), "0", "closed", "unfounded"),
        (("Invalid", "Subcontractor"), "0", "closed", "out_of_scope"),
        (("Invalid", "Independent Agent"), "0", "closed", "out_of_scope"),
    ],
)
def test_the_first_fitting_rule_says_how_a_case_ended(flags: tuple, paid: str, stage: str, result: str) -> None:
    marks = {flag.replace(" ", "_"): "X" for flag in flags}
    (entry,) = plan(row(TOTAL_WAGES=paid, TOTAL_INTEREST_AMT="NA", **marks))
    assert (entry.draft.outcome.stage, entry.draft.outcome.result) == (stage, result)


def test_rows_that_are_no_cases_or_came_before_are_skipped() -> None:
    blank = dict.fromkeys(HEADER, "")
    entries = plan(row(), row(), row(EMPLOYER="EMPLOYER 0002"), blank, blank | {"CLAIM NO": "合计", "CLAIM AMT": "9"})
    assert [entry.verdict for entry in entries] == ["imported", "skipped", "refused", "skipped", "skipped"]
    assert [code for entry in entries for _column, code in causes(entry)] == [
        "repeated_row", "repeated_key", "empty_row", "total_row",
    ]  # fmt: skip


def test_a_row_of_the_wrong_width_is_refused_and_trailing_blanks_are_not() -> None:
    cells = tuple(row().values())
    for width, verdict in ((cells[:-1], "refused"), ((*cells, "x"), "refused"), ((*cells, ""), "imported")):
        table = Sheet("台账.csv", "utf-8", HEADER, (Record(2, width),))
        standing = Standing({"321322101": "321322101"}, {}, lambda text: text)
        assert make_plan(table, MAPPING, standing, TODAY).entries[0].verdict == verdict


# What lands in the database


class ImportTests(CastTestCase):
    def bring(self, *rows: dict[str, str], is_dry_run: bool = False, now: datetime = NOW) -> dict[str, int]:
        return bring_in(sheet(*rows), MAPPING, now=now, is_dry_run=is_dry_run).counts

    def test_a_closed_case_carries_its_amounts_parties_and_result(self) -> None:
        self.bring(row(Valid="X"))
        claim = Claim.objects.get()
        assert (claim.source_key, claim.channel, claim.level, claim.handler) == ("llva:T1", "ledger", "county", None)
        assert (claim.stage, claim.result, claim.closed_on) == ("closed", "paid_in_full", date(2018, 3, 21))
        assert (claim.claimed, claim.verified, claim.paid) == (Decimal("1275.50"), Decimal(1000), Decimal(1000))
        assert claim.number == "宿欠〔2014〕321322-00001"
        assert (claim.city_code, claim.county_code, claim.township_code) == ("3213", "321322", "321322101")
        assert claim.respondents.get().employer.name == claim.respondent_name == "EMPLOYER 0001"
        assert claim.worker_name == claim.claimants.get().name == "不详（台账未载）"
        assert claim.lines.get().unpaid == Decimal("1275.50")
        paid = [(payment.amount, payment.paid_on) for payment in claim.payments.order_by("amount")]
        assert paid == [(Decimal(50), date(2018, 3, 21)), (Decimal(950), date(2018, 3, 21))]

    def test_history_lands_with_its_own_dates_and_stages(self) -> None:
        self.bring(row(Valid="X"))
        events = list(Event.objects.order_by("id").values_list("kind", "happened_on", "stage"))
        assert events == [
            ("ledger_received", date(2014, 8, 19), "registered"),
            ("ledger_opened", date(2014, 8, 22), "handling"),
            ("ledger_verified", date(2018, 3, 21), "handling"),
            ("ledger_closed", date(2018, 3, 21), "closed"),
            ("imported", TODAY, "closed"),
        ]
        facts = {event.kind: event.facts for event in Event.objects.all()}
        assert facts["ledger_received"] == {"amount": "1275.50"}
        assert facts["ledger_closed"] == {"result": "paid_in_full", "outcome": "已付清", "paid": "1000.00"}
        assert facts["imported"]["flags"] == ["Valid"]
        assert facts["imported"]["line"] == 2

    def test_one_employer_serves_all_its_claims_also_one_known_before(self) -> None:
        known = Employer.objects.create(name="EMPLOYER 0001")
        self.bring(
            row(), row(CLAIM_NO="T2"), row(CLAIM_NO="T3", EMPLOYER="EMPLOYER 0002"), row(CLAIM_NO="T4", EMPLOYER="NA")
        )
        assert Employer.objects.count() == 2
        assert known.respondents.count() == 2
        assert Claim.objects.get(source_key="llva:T4").respondent_name == "不详（台账未载）"

    def test_case_numbers_follow_the_day_of_receipt_in_the_locked_counter(self) -> None:
        self.make_claim(received_on=date(2014, 12, 31))
        self.bring(
            row(CLAIM_NO="late", CLAIM_RECEIVED="20-Aug-14"),
            row(CLAIM_NO="early"),
            row(CLAIM_NO="b", REGION="321323101"),
        )
        numbers = dict(Claim.objects.exclude(source_key=None).values_list("source_key", "number"))
        assert numbers == {
            "llva:early": "宿欠〔2014〕321322-00002",
            "llva:late": "宿欠〔2014〕321322-00003",
            "llva:b": "宿欠〔2014〕321323-00001",
        }
        assert self.make_claim(received_on=date(2014, 12, 31)).number.endswith("-00004")

    def test_a_dry_run_plans_the_same_and_writes_nothing(self) -> None:
        rows = (row(), row(CLAIM_NO="T2", CLAIM_AMT="abc"))
        dry = self.bring(*rows, is_dry_run=True)
        left = [model.objects.count() for model in (Claim, Employer, Event, CaseCounter, Payment)]
        assert left == [0, 0, 0, 0, 0]
        assert dry == self.bring(*rows) == {"imported": 1, "skipped": 0, "refused": 1, "unchanged": 0}

    def test_a_second_run_changes_nothing(self) -> None:
        rows = (row(), row(CLAIM_NO="T2", CLAIM_AMT="abc"), row())
        self.bring(*rows)
        before = (
            list(Claim.objects.values()),
            Event.objects.count(),
            Payment.objects.count(),
            list(CaseCounter.objects.values()),
        )
        assert self.bring(*rows, now=NOW + timedelta(days=1)) == {
            "imported": 0,
            "skipped": 1,
            "refused": 1,
            "unchanged": 1,
        }
        after = (
            list(Claim.objects.values()),
            Event.objects.count(),
            Payment.objects.count(),
            list(CaseCounter.objects.values()),
        )
        assert before == after

    def test_a_row_that_changed_since_its_import_is_refused_and_overwrites_nothing(self) -> None:
        self.bring(row())
        assert self.bring(row(CLAIM_AMT="$9.00"), row(CLAIM_NO="T2"))["refused"] == 1
        assert Claim.objects.get(source_key="llva:T1").claimed == Decimal("1275.50")
        assert Claim.objects.count() == 2

    def test_the_past_calls_nobody(self) -> None:
        self.bring(row(), row(CLAIM_NO="T2", **{"CASE_CLOSE/RECLOSE_DATE": "NA"}))
        assert not Notice.objects.exists()
        assert not Watch.objects.exists()

    def test_an_open_case_is_overdue_on_the_desk_but_only_rungs_ahead_are_watched(self) -> None:
        recent = {
            "CLAIM_RECEIVED": "2026-02-24",
            "CASE_OPEN/RE-OPEN": "NA",
            "CASE_CLOSE/RECLOSE_DATE": "NA",
            "VERIFIED_CLAIM_AMT": "NA",
        }
        self.bring(row(**{"CASE_CLOSE/RECLOSE_DATE": "NA"}), row(CLAIM_NO="T2", **recent))
        old, new = Claim.objects.order_by("received_on")
        assert (old.stage, new.stage) == ("handling", "registered")
        assert old.standing_on(TODAY) == "overdue"
        assert not Watch.objects.filter(clock__claim=old).exists()
        watch = Watch.objects.get(clock__claim=new, clock__rule_id="JC-ACCEPT")
        assert watch.next_at > NOW
        limits, targets = {"JC-INVEST", "JC-ACCEPT", "CASE-WHOLE-60"}, {"JC-INVEST-30", "JC-ACCEPT-3"}
        assert set(Clock.objects.values_list("rule_id", flat=True)) == limits | targets

    def test_a_case_of_a_merged_town_goes_to_its_heir(self) -> None:
        Region.objects.create(
            code="321322109", name="旧镇", full_name="旧镇", level="township", code_system=STATS,
            parent_id="321322", retired_on=date(2020, 1, 1), successor_id="321322102",
        )  # fmt: skip
        self.bring(row(REGION="321322109"))
        assert Claim.objects.get().township_code == "321322102"
        assert Event.objects.get(kind="imported").facts["region_was"] == "321322109"

    def test_codes_of_another_system_are_not_joined(self) -> None:
        Region.objects.filter(code="321322101").update(code_system="civil-2026")
        assert self.bring(row())["refused"] == 1

    def test_without_any_region_of_the_system_the_whole_file_is_refused_in_one_sentence(self) -> None:
        Region.objects.update(code_system="mca-2026")
        with pytest.raises(BadFile, match="load_regions"):
            self.bring(row())

    def test_a_failure_in_the_middle_leaves_nothing_behind(self) -> None:
        with patch("arrears.ledger.writing.start_clocks", side_effect=RuntimeError), pytest.raises(RuntimeError):
            self.bring(row())
        assert not Claim.objects.exists()

    def test_the_county_sees_its_old_cases_and_the_neighbour_does_not(self) -> None:
        self.bring(row())
        assert Claim.objects.visible_to(self.county, TODAY).count() == 1
        assert Claim.objects.visible_to(self.county_b, TODAY).count() == 0


class CommandTests(CastTestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def put(self, *rows: dict[str, str], name: str = "台账.csv", encoding: str = "gb18030") -> Path:
        with (self.folder / name).open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, HEADER)
            writer.writeheader()
            writer.writerows(rows)
        return self.folder / name

    def run_import(self, file: Path, *options: str, mapping: Path = MAPPING_FILE) -> str:
        said = io.StringIO()
        call_command("import_ledger", str(file), "--mapping", str(mapping), *options, stdout=said)
        return said.getvalue()

    def test_the_report_ends_with_one_sentence_of_counts(self) -> None:
        file = self.put(row(), row(), row(CLAIM_NO="T2", CLAIM_AMT="abc"), row(CLAIM_NO="T3", EMPLOYER="宏远劳务"))
        dry, said, again = self.run_import(file, "--dry-run"), self.run_import(file), self.run_import(file)
        assert LAST_LINE.search(dry).groups() == LAST_LINE.search(said).groups() == ("4", "2", "1", "1", "0")
        assert LAST_LINE.search(again).groups() == ("4", "0", "1", "1", "2")
        assert "第 4 行 T2 〔CLAIM AMT〕：“abc”不是能识别的金额" in said
        assert "没有写入任何数据" in dry
        assert dry.replace("试运行，没有写入任何数据。\n", "") == said

    def test_the_report_file_lists_every_refused_and_skipped_row(self) -> None:
        bad = [row(CLAIM_NO=f"=T{n}", CLAIM_AMT="abc") for n in range(30)]
        said = self.run_import(self.put(*bad), "--dry-run", "--report", str(self.folder / "errors.csv"))
        assert "另有 10 行" in said
        listed = list(csv.reader((self.folder / "errors.csv").open(encoding="utf-8-sig")))
        assert len(listed) == 31
        assert listed[1] == ["2", "'=T0", "refused", "CLAIM AMT", "“abc”不是能识别的金额"]

    def test_a_wrong_file_or_mapping_is_one_sentence_and_writes_nothing(self) -> None:
        other = self.folder / "other.csv"
        other.write_text("编号,单位\n1,宏远\n", encoding="utf-8")
        (self.folder / "bad.toml").write_text("[ledger]", encoding="utf-8")
        for file, mapping, sentence in (
            (other, MAPPING_FILE, "缺少这些列：1st Response Investigation"),
            (self.folder / "none.csv", MAPPING_FILE, "无法读取文件"),
            (self.put(row()), self.folder / "none.toml", "无法读取对照表"),
            (self.put(row()), self.folder / "bad.toml", "没有填写"),
        ):
            with pytest.raises(CommandError, match=sentence) as error:
                self.run_import(file, mapping=mapping)
            assert "\n" not in str(error.value)
        assert not Claim.objects.exists()

    def test_a_column_nobody_mapped_is_said(self) -> None:
        file = self.folder / "more.csv"
        file.write_text(",".join([*HEADER, "REMARK"]) + "\n" + "", encoding="utf-8")
        said = self.run_import(file, "--dry-run")
        assert "未读取的列：REMARK" in said
        assert LAST_LINE.search(said)


class RealRegisterTests(CastTestCase):
    def test_a_real_register_comes_in_whole_and_adds_up(self) -> None:
        if not REAL.exists():
            pytest.skip(
                "The register of 2014–2018 is not part of the project; put it at ../shared/data to try it whole."
            )
        table = read_sheet(REAL)
        codes = {record.cells[1] for record in table.records}
        known = set(Region.objects.values_list("code", flat=True))
        rows = [
            Region(code=code, name=code, full_name=code, level="township", code_system=STATS) for code in codes - known
        ]
        Region.objects.bulk_create(rows)
        counts = [bring_in(table, MAPPING, now=NOW, is_dry_run=dry).counts for dry in (True, False, False)]
        assert [count["imported"] for count in counts] == [2632, 2632, 0]
        assert counts[2]["unchanged"] == 2632
        sums = Claim.objects.aggregate(claimed=Sum("claimed"), verified=Sum("verified"), paid=Sum("paid"))
        assert sums == {
            "claimed": Decimal("6934638.44"),
            "verified": Decimal("476661.70"),
            "paid": Decimal("455989.53"),
        }
        assert ClaimLine.objects.aggregate(sum=Sum("unpaid"))["sum"] == Decimal("6934638.44")
        assert Payment.objects.aggregate(sum=Sum("amount"))["sum"] == Decimal("455989.53")
        assert Employer.objects.count() == 2271
        assert not (Notice.objects.exists() or Watch.objects.exists() or Clock.objects.exists())
