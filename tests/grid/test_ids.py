"""Keys that sort by time, public numbers nobody can guess but anybody can type."""

import random
from datetime import UTC, datetime

import pytest

from grid import ids
from grid.ids import ALPHABET, normal_public_number, public_number, uuid7


def test_keys_are_version_7_and_grow_even_when_the_clock_is_set_back(monkeypatch) -> None:
    keys = [uuid7() for _ in range(5000)]
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1)
    keys += [uuid7() for _ in range(5000)]
    assert keys == sorted(set(keys))
    assert {(key.version, key.variant) for key in keys} == {(7, "specified in RFC 4122")}


def test_a_key_begins_with_its_millisecond(monkeypatch) -> None:
    monkeypatch.setattr(ids, "_last", 0)
    instant = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    monkeypatch.setattr(ids.time, "time_ns", lambda: int(instant.timestamp()) * 10**9)
    assert uuid7().int >> 80 == 1795334400000


def test_public_numbers_are_grouped_and_repeat_only_with_a_seed() -> None:
    number = public_number()
    assert [len(group) for group in number.split("-")] == [4, 4, 4]
    assert set(number) <= {*ALPHABET, "-"}
    assert len({public_number() for _ in range(1000)}) == 1000
    assert public_number(random.Random(7)) == public_number(random.Random(7))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("K7QF-03MX-9ZT1", "K7QF-03MX-9ZT1"),
        ("k7qf03mx9zt1", "K7QF-03MX-9ZT1"),
        (" k7qf o3mx 9ztl ", "K7QF-03MX-9ZT1"),
        ("K7QF—O3MX—9ZTI", "K7QF-03MX-9ZT1"),
        ("Ｋ７ＱＦ－０３ＭＸ－９ＺＴ１", "K7QF-03MX-9ZT1"),
        ("", None),
        ("K7QF-03MX", None),
        ("K7QF-03MX-9ZT1-", "K7QF-03MX-9ZT1"),
        ("U7QF-03MX-9ZT1", None),
        ("宿欠〔2026〕321322-00042", None),
    ],
)
def test_typed_public_numbers_find_their_way(typed: str, number: str | None) -> None:
    assert normal_public_number(typed) == number
