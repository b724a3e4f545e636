"""Sealed text: opens only where it belongs, survives rotation, and can be found."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured

from grid import vault
from grid.vault import CannotOpen, blind_index, key_id_of, open_sealed, read_ring, seal

ID_NUMBER = "arrears.Claimant.id_number"
NUMBER = "11010519491231002X"


def key(letter: str) -> str:
    return base64.b64encode(letter.encode() * 32).decode()


K1, K2, INDEX = f"k1:{key('a')}", f"k2:{key('b')}", f"index:{key('i')}"


@pytest.fixture
def use(monkeypatch):
    """Hangs up the ring given as text."""

    def hang(text: str) -> None:
        ring = read_ring(text)
        monkeypatch.setattr(vault, "ring", lambda: ring)

    hang(f"{K1} {INDEX}")
    return hang


def test_what_is_sealed_can_be_opened_and_not_read(use) -> None:
    token = seal(NUMBER, ID_NUMBER)
    assert token.startswith("k1:") and NUMBER not in token
    assert open_sealed(token, ID_NUMBER) == NUMBER
    assert open_sealed(seal("", ID_NUMBER), ID_NUMBER) == ""
    assert open_sealed(seal("𠮷野·买买提", ID_NUMBER), ID_NUMBER) == "𠮷野·买买提"


def test_the_same_text_never_gives_the_same_token(use) -> None:
    assert len({seal(NUMBER, ID_NUMBER) for _ in range(50)}) == 50


def test_a_token_opens_only_in_its_own_field(use) -> None:
    with pytest.raises(CannotOpen):
        open_sealed(seal(NUMBER, ID_NUMBER), "arrears.Claimant.bank_account")


def test_any_changed_byte_is_noticed(use) -> None:
    key_id, encoded = seal(NUMBER, ID_NUMBER).split(":")
    sealed = base64.b64decode(encoded)
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(CannotOpen):
            open_sealed(f"{key_id}:{base64.b64encode(changed).decode()}", ID_NUMBER)


@pytest.mark.parametrize("token", ["", "k1", "k1:", "k1:abc", "k1:!!!!", NUMBER, f"k9:{key('a')}", f"k1:{key('a')}"])
def test_what_is_no_token_does_not_open(use, token: str) -> None:
    with pytest.raises(CannotOpen):
        open_sealed(token, ID_NUMBER)


def test_after_rotation_old_tokens_open_and_new_ones_use_the_new_key(use) -> None:
    old, found_by = seal(NUMBER, ID_NUMBER), blind_index(NUMBER, ID_NUMBER)
    use(f"{K2} {K1} {INDEX}")
    assert open_sealed(old, ID_NUMBER) == NUMBER
    assert key_id_of(seal(NUMBER, ID_NUMBER)) == "k2"
    assert blind_index(NUMBER, ID_NUMBER) == found_by


def test_without_its_key_a_token_stays_shut(use) -> None:
    old = seal(NUMBER, ID_NUMBER)
    use(f"{K2} {INDEX}")
    with pytest.raises(CannotOpen, match="k1"):
        open_sealed(old, ID_NUMBER)


def test_a_key_under_another_name_does_not_open(use) -> None:
    _, encoded = seal(NUMBER, ID_NUMBER).split(":")
    use(f"k1:{key('a')} k7:{key('c')} {INDEX}")
    with pytest.raises(CannotOpen):
        open_sealed(f"k7:{encoded}", ID_NUMBER)


def test_the_index_finds_equal_texts_of_one_field_only(use) -> None:
    found_by = blind_index(NUMBER, ID_NUMBER)
    assert found_by == blind_index(NUMBER, ID_NUMBER) and len(found_by) == 64
    assert found_by != blind_index("110105194912310021", ID_NUMBER)
    assert found_by != blind_index(NUMBER, "arrears.Claimant.bank_account")
    use(f"{K1} index:{key('j')}")
    assert found_by != blind_index(NUMBER, ID_NUMBER)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "no key named index"),
        (K1, "no key named index"),
        (INDEX, "sealing key"),
        (f"{K1} index:{key('a')}", "sealing key"),
        (f"{K1} {K1} {INDEX}", "entry 2 is not a new name"),
        (f"{key('a')} {INDEX}", "entry 1 is not a new name"),
        (f"k1:{key('a')[:-4]} {INDEX}", "k1 is not 32 bytes"),
        (f"k1:not-base64 {INDEX}", "k1 is not 32 bytes"),
        (f"k1:密钥 {INDEX}", "k1 is not 32 bytes"),
    ],
)
def test_a_bad_ring_stops_the_start_with_one_sentence_and_no_secret(text: str, cause: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=cause) as stop:
        read_ring(text)
    said = str(stop.value)
    assert said.startswith("VAULT_KEYS ") and "\n" not in said and key("a")[:8] not in said


def test_a_ring_does_not_print_its_keys() -> None:
    assert repr(read_ring(f"{K1} {INDEX}")) == "Ring(newest='k1')"
