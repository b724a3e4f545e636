"""Lists of divisions into the table: again, renamed, merged, returned, refused."""

import gzip
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from grid.models import Region
from grid.models.regions import RegionLoad
from grid.region_files import SHIPPED_FILES, read_regions

pytestmark = pytest.mark.django_db

HEAD = "code,name,level,parent\n"
SMALL = HEAD + (
    "320000,江苏省,province,\n"
    "321300,宿迁市,city,320000\n"
    "321322,沭阳县,county,321300\n"
    "321322101,陇集镇,township,321322\n"
    "321322102,胡集镇,township,321322\n"
    "321322103,钱集镇,township,321322\n"
)
MERGED = SMALL.replace("321322102,胡集镇,township,321322\n", "")
MERGER = "code,retired_on,successor,note\n321322102,2024-03-18,321322103,胡集并入钱集\n"


@pytest.fixture
def load(tmp_path: Path):
    """Writes the texts to files and loads them; returns what the command said."""

    def run(text: str, changes: str = "", **options: Any) -> str:
        files = [tmp_path / "list.csv"]
        files[0].write_text(text, encoding="utf-8")
        if changes:
            options["changes"] = tmp_path / "changes.csv"
            options["changes"].write_text(changes, encoding="utf-8")
        out = StringIO()
        call_command("load_regions", file=files, stdout=out, **options)
        return out.getvalue()

    return run


def last_line(said: str) -> str:
    return said.strip().splitlines()[-1]


def table() -> list[tuple]:
    columns = ("code", "full_name", "parent_id", "code_system", "retired_on", "successor_id")
    return list(Region.objects.values_list(*columns))


def test_the_shipped_lists_hold_the_country_and_the_villages_of_the_model_city() -> None:
    regions = read_regions(list(SHIPPED_FILES))
    levels = [region.level for region in regions.values()]
    assert {level: levels.count(level) for level in set(levels)} == {
        "province": 31, "city": 342, "county": 2978, "township": 41352, "village": 1440,
    }
    assert regions["4419"].parent == "44" and regions["441900"].parent == "4419"
    assert regions["350527000"].name == "金门县"
    assert regions["321371"].name == "宿迁经济技术开发区"


def test_a_list_is_loaded_with_paths_and_full_names(load) -> None:
    assert last_line(load(SMALL)) == (
        "Regions (stats-2023): 6 added, 0 renamed, 0 retired, 0 returned, 0 missing, 0 unchanged."
    )
    town = Region.objects.get(pk="321322102")
    assert (town.full_name, town.level, town.parent_id) == ("江苏省宿迁市沭阳县胡集镇", "township", "321322")
    assert (town.code_system, town.is_open) == ("stats-2023", True)
    assert RegionLoad.objects.get().counts["added"] == 6


def test_the_same_again_writes_nothing(load, django_assert_max_num_queries) -> None:
    load(SMALL)
    before = table()
    assert load(SMALL, verbosity=0) == ""
    with django_assert_max_num_queries(2):
        assert last_line(load(SMALL)) == "Regions are up to date (stats-2023)."
    assert table() == before
    assert RegionLoad.objects.count() == 1


def test_a_table_that_lost_rows_is_loaded_again(load) -> None:
    load(SMALL)
    with connection.cursor() as cursor:  # an accident outside the system
        cursor.execute("DELETE FROM grid_region WHERE code = '321322103'")
    assert "1 added, 0 renamed, 0 retired, 0 returned, 0 missing, 5 unchanged" in load(SMALL)


def test_a_city_that_is_its_own_county_becomes_two_regions(load) -> None:
    load(
        HEAD + "440000,广东省,province,\n441900,东莞市,city,440000\n441900,东莞市,county,441900\n"
        "441900003,东城街道,township,441900\n"
    )
    assert [(code, name, parent) for code, name, parent, *_ in table()] == [
        ("44", "广东省", None),
        ("4419", "广东省东莞市", "44"),
        ("441900", "广东省东莞市", "4419"),
        ("441900003", "广东省东莞市东城街道", "441900"),
    ]


def test_a_rename_keeps_the_row_and_reaches_every_full_name_below(load) -> None:
    load(SMALL)
    said = load(HEAD + "321300,宿迁市,city,320000\n321322,沭阳区,county,321300\n", system="stats-2024")
    assert "renamed   321322 沭阳县 → 沭阳区" in said
    assert "1 renamed" in last_line(said) and "1 unchanged" in last_line(said)
    assert Region.objects.get(pk="321322102").full_name == "江苏省宿迁市沭阳区胡集镇"
    assert Region.objects.get(pk="321322102").code_system == "stats-2023"
    assert Region.objects.get(pk="321322").code_system == "stats-2024"


def test_a_town_missing_from_a_newer_list_is_reported_and_kept(load) -> None:
    load(SMALL)
    said = load(MERGED, system="stats-2024")
    assert "missing   321322102 江苏省宿迁市沭阳县胡集镇" in said
    assert Region.objects.get(pk="321322102").is_open


def test_what_lies_below_a_missing_region_is_missing_too(load) -> None:
    load(SMALL + "321322102200,胡集社区,village,321322102\n")
    assert "2 missing" in load(MERGED, system="stats-2024")


def test_a_list_of_one_county_says_nothing_about_its_neighbours(load) -> None:
    load(SMALL + "321323,泗阳县,county,321300\n321323101,爱园镇,township,321323\n")
    assert "0 missing" in load(HEAD + "321323,泗阳县,county,321300\n321323101,爱园镇,township,321323\n")


def test_a_merged_town_is_retired_with_its_successor(load) -> None:
    load(SMALL)
    said = load(MERGED, MERGER, system="stats-2024")
    assert "retired   321322102 江苏省宿迁市沭阳县胡集镇 → 321322103" in said
    assert "1 retired, 0 returned, 0 missing, 5 unchanged" in last_line(said)
    town = Region.objects.get(pk="321322102")
    assert (town.retired_on, town.successor_id) == (date(2024, 3, 18), "321322103")
    assert town.heir().name == "钱集镇"


def test_a_change_newer_than_the_list_wins_over_it(load) -> None:
    assert "6 added" in load(SMALL, MERGER)
    assert not Region.objects.get(pk="321322102").is_open


def test_a_retired_town_returns_with_a_list_named_by_hand(load) -> None:
    load(SMALL, MERGER)
    said = load(SMALL)
    assert "returned  321322102" in said and "1 returned" in last_line(said)
    assert Region.objects.get(pk="321322102").successor_id is None


def test_a_start_does_not_bring_back_what_was_retired_by_hand(load, monkeypatch, tmp_path) -> None:
    shipped = tmp_path / "shipped.csv"
    shipped.write_text(SMALL, encoding="utf-8")
    monkeypatch.setattr("grid.management.commands.load_regions.SHIPPED_FILES", (shipped,))
    call_command("load_regions", stdout=StringIO())
    load(SMALL, MERGER)
    call_command("load_regions", stdout=StringIO())
    assert not Region.objects.get(pk="321322102").is_open
    load(SMALL, system="stats-2024")
    out = StringIO()
    call_command("load_regions", stdout=out)
    assert out.getvalue() == "Regions are newer (stats-2024) than the shipped list (stats-2023); nothing to do.\n"


def test_a_change_about_a_region_never_known_is_only_mentioned(load) -> None:
    assert "unknown   321322999" in load(SMALL, MERGER.replace("321322102", "321322999"))


def test_a_packed_list_is_read_too(tmp_path) -> None:
    packed = tmp_path / "list.csv.gz"
    packed.write_bytes(gzip.compress("\ufeff".encode() + SMALL.encode()))
    assert len(read_regions([packed])) == 6


ROW = "321322104,塘沟镇,township,321322\n"
REFUSED = [  # text, changes, what the refusal names
    ("", "", "list.csv, row 1: no column code, name, level, parent"),
    (HEAD, "", "no region in it"),
    ("code,name,level\n320000,江苏省,province\n", "", "row 1: no column parent"),
    (SMALL + "32132210,塘沟镇,township,321322\n", "", "row 8, column code: 32132210 has 8 digits"),
    (SMALL + "321322104,,township,321322\n", "", "row 8, column name"),
    (SMALL + "321322104," + "镇" * 61 + ",township,321322\n", "", "row 8, column name"),
    (SMALL + "321322104,塘沟镇,town,321322\n", "", "row 8, column level: 'town'"),
    (SMALL + "321322104,塘沟镇\n", "", "row 8, column level: ''"),
    (SMALL + "321322104,塘沟镇,township,321323\n", "", "row 8, column parent: 321323 does not hold"),
    (SMALL + "321323104,塘沟镇,township,321323\n", "", "row 8, column parent: 321323 is neither"),
    (SMALL + "330000,浙江省,province,110000\n", "", "row 8, column parent: a province has none"),
    (SMALL + "321322101,塘沟镇,township,321322\n", "", "row 8, column name: 321322101 is 塘沟镇 here and 陇集镇"),
    (SMALL + '321322104,"塘沟镇,township,321322\n', "", "not CSV"),
    (SMALL, MERGER.replace("2024-03-18", "18.3.2024"), "changes.csv, row 2, column retired_on"),
    (SMALL, MERGER.replace("2024", "2999"), "has not come yet"),
    (SMALL, MERGER.replace("321322103", "321322102"), "column successor"),
    (SMALL, MERGER.replace("321322103", "321322"), "column successor"),
    (SMALL, MERGER.replace("321322103", "321322999"), "changes.csv, row 2, column successor: 321322999 is not a known"),
    (SMALL, MERGER + "321322102,2024-03-18,321322101,\n", "row 3, column code: 321322102 is retired twice"),
    (SMALL, MERGER + "321322103,2024-03-18,321322102,\n", "which is retired too"),
]


@pytest.mark.parametrize(("text", "changes", "cause"), REFUSED, ids=[cause for *_, cause in REFUSED])
def test_a_bad_file_is_refused_with_row_and_cause_and_changes_nothing(load, text, changes, cause) -> None:
    load(SMALL)
    before = table()
    with pytest.raises(CommandError) as refusal:
        load(text, changes, system="stats-2024")
    assert cause in str(refusal.value)
    assert "Nothing was changed." in str(refusal.value)
    assert table() == before


def test_every_bad_row_is_named_up_to_ten(load) -> None:
    with pytest.raises(CommandError) as refusal:
        load(HEAD + "x,y,z,\n" * 30)
    assert str(refusal.value).count("column level") == 10


@pytest.mark.parametrize("raw", [b"\x1f\x8b\x08\x00broken", SMALL.encode("gb18030"), None])
def test_a_file_that_cannot_be_read_is_refused(tmp_path, raw: bytes | None) -> None:
    path = tmp_path / "list.csv"
    if raw is not None:
        path.write_bytes(raw)
    with pytest.raises(CommandError, match="list.csv"):
        call_command("load_regions", file=[path], stdout=StringIO())


@pytest.mark.parametrize(
    ("system", "cause"),
    [
        ("mca-2026-09-11", "321322101 is 陇集镇 in stats-2023|32 is 江苏省 in stats-2023"),
        ("stats-2019", "stats-2019 is older than stats-2023"),
        ("Stats", "must look like stats-2023"),
    ],
)
def test_codes_of_another_system_or_time_are_refused(load, system: str, cause: str) -> None:
    load(SMALL)
    with pytest.raises(CommandError, match=cause):
        load(SMALL + ROW, system=system)
    assert Region.objects.count() == 6
