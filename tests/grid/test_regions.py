"""Division codes as paths: pure tables, expected values written by hand."""

import pytest

from grid.models import Region
from grid.regions import (
    LEVEL_LABELS,
    LEVELS,
    BadCode,
    ancestors,
    covers,
    follow,
    full_name,
    is_placeholder,
    level_of,
    pad,
    parent_of,
    significant,
)

PADDED = [  # padded code, level if it is known, significant code
    ("320000", None, "32"),
    ("320000000000", None, "32"),
    ("321300", None, "3213"),
    ("321322", None, "321322"),
    ("330110", None, "330110"),  # rstrip("0") would make it 33011, which also holds 330111
    ("330110000000", None, "330110"),
    ("330110010", None, "330110010"),  # a town's own zero
    ("330110010000", None, "330110010"),
    ("321322106200", None, "321322106200"),
    ("429000", None, "4290"),  # 省直辖县级行政区划
    ("110100", None, "1101"),
    ("500200", "city", "5002"),
    ("441900", None, "4419"),
    ("441900", "city", "4419"),
    ("441900", "county", "441900"),
    ("441900000000", "county", "441900"),
    ("441900003", None, "441900003"),
    ("350527000", None, "350527"),
    ("350527000", "township", "350527000"),
    ("321371400", None, "321371400"),
    ("32", None, "32"),
    ("3213", "city", "3213"),
]


@pytest.mark.parametrize(("code", "level", "expected"), PADDED)
def test_padded_codes_are_cut_at_a_level(code: str, level: str | None, expected: str) -> None:
    assert significant(code, level) == expected


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("", None),
        ("0", None),
        ("000000", None),
        ("3213a0", None),
        ("３２１３００", None),
        ("32132", None),
        ("3213220", None),
        ("321322", "city"),  # more than a city
        ("3213", "county"),  # less than a county
    ],
)
def test_what_is_no_code_is_refused(code: str, level: str | None) -> None:
    with pytest.raises(BadCode):
        significant(code, level)


@pytest.mark.parametrize(
    ("code", "level", "parent", "above"),
    [
        ("32", "province", None, []),
        ("3213", "city", "32", ["32"]),
        ("321322", "county", "3213", ["32", "3213"]),
        ("441900", "county", "4419", ["44", "4419"]),
        ("321322106", "township", "321322", ["32", "3213", "321322"]),
        ("441900003", "township", "441900", ["44", "4419", "441900"]),
        ("321322106200", "village", "321322106", ["32", "3213", "321322", "321322106"]),
    ],
)
def test_a_code_is_its_own_path(code: str, level: str, parent: str | None, above: list[str]) -> None:
    assert (level_of(code), parent_of(code), ancestors(code)) == (level, parent, above)


@pytest.mark.parametrize(
    ("scope", "code", "inside"),
    [
        ("3213", "321322106", True),
        ("321322", "321322", True),
        ("321322106", "321322", False),
        ("330110", "330111", False),
        ("4419", "441900", True),
        ("", "3213", False),
    ],
)
def test_a_scope_is_a_prefix(scope: str, code: str, inside: bool) -> None:
    assert covers(scope, code) is inside


def test_padding_is_for_export() -> None:
    assert pad("3213", 6) == "321300"
    assert pad("321322106") == "321322106000"
    assert pad("4419") == pad("441900") == "441900000000"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["江苏省", "宿迁市", "沭阳县"], "江苏省宿迁市沭阳县"),
        (["北京市", "市辖区", "东城区"], "北京市东城区"),
        (["重庆市", "县", "城口县"], "重庆市城口县"),
        (["北京市", "市辖区"], "北京市市辖区"),
        (["广东省", "东莞市", "东莞市", "东城街道"], "广东省东莞市东城街道"),
        (["江苏省"], "江苏省"),
    ],
)
def test_full_names_are_what_people_say(names: list[str], expected: str) -> None:
    assert full_name(names) == expected


def test_every_level_has_a_name() -> None:
    assert list(LEVEL_LABELS) == list(LEVELS) == ["province", "city", "county", "township", "village"]
    assert is_placeholder("市辖区") and not is_placeholder("宿城区")


@pytest.mark.parametrize(
    ("start", "end"),
    [("a", "c"), ("b", "c"), ("c", "c"), ("x", "y"), ("self", "self")],
)
def test_successors_are_followed_to_the_end_and_no_further(start: str, end: str) -> None:
    assert follow(start, {"a": "b", "b": "c", "x": "y", "y": "x", "self": "self"}) == end


@pytest.mark.django_db
def test_a_retired_region_leads_to_its_heir_in_one_query(django_assert_num_queries) -> None:
    chain = [("3213", None, None), ("3215", "2024-01-01", "3213"), ("3214", "2020-01-01", "3215")]
    for code, retired_on, heir in chain:
        Region.objects.create(
            code=code, name=code, level="city", code_system="stats-2023", retired_on=retired_on, successor_id=heir
        )
    with django_assert_num_queries(1):
        heirs = Region.objects.heirs(["3214", "3213", "9999"])
    assert heirs == {"3214": "3213", "3213": "3213", "9999": "9999"}
    assert Region.objects.get(pk="3214").heir().code == "3213"
    assert [region.code for region in Region.objects.current()] == ["3213"]
    assert not Region.objects.under("").exists()
