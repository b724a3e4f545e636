"""Numbers of people and firms, and their masks. Checked numbers are the standards' examples or worked out by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.identity import (
    CREDIT_ALPHABET,
    Invalid,
    age,
    birth_date,
    check_credit_code,
    check_id,
    check_phone,
    is_mobile,
    make_credit_code,
    make_id,
    mask_id,
    mask_name,
    mask_phone,
    sex,
)

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("11010519491231002X", "11010519491231002X"),  # GB 11643, example
        ("440524188001010014", "440524188001010014"),  # GB 11643, example
        ("11010519491231002x", "11010519491231002X"),
        (" 110105 19491231 002x ", "11010519491231002X"),
        ("110105-19491231-002X", "11010519491231002X"),
        ("１１０１０５１９４９１２３１００２ｘ", "11010519491231002X"),
        ("\u202d11010519491231002X\u202c", "11010519491231002X"),  # copied out of a chat
    ],
)
def test_an_id_is_read_as_people_type_it(typed: str, number: str) -> None:
    assert check_id(typed, TODAY) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "id_length"),
        ("不详", "id_length"),
        ("1101051949123100", "id_length"),
        ("110105194912310021X", "id_length"),
        ("1101051949123100XX", "id_length"),
        ("1.10105E+17", "id_length"),  # a spreadsheet's idea of it
        ("110105491231002", "id_old"),
        ("11010519491231002O", "id_length"),
        ("990105194912310020", "id_region"),
        ("110105194902300020", "id_birth"),  # 30 February
        ("110105190002290020", "id_birth"),  # 1900 was no leap year
        ("110105202611230020", "id_birth"),  # tomorrow
        ("110105184912310020", "id_birth"),  # 177 years old
        ("110105194912310020", "id_checksum"),
        ("110105194912310021", "id_checksum"),
        ("11010519491231020X", "id_checksum"),  # two digits changed places
    ],
)
def test_a_wrong_id_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_id(typed, TODAY)
    assert refusal.value.code == code
    assert refusal.value.sentence.endswith("。")


def test_an_id_tells_birth_sex_and_age() -> None:
    assert birth_date("11010519491231002X") == date(1949, 12, 31)
    assert sex("11010519491231002X") == "female"
    assert sex("440524188001010014") == "male"
    assert age("11010519491231002X", date(2026, 12, 30)) == 76
    assert age("11010519491231002X", date(2026, 12, 31)) == 77


BORN = st.dates(date(1930, 1, 1), date(2010, 12, 31))


@given(born=BORN, sequence=st.integers(0, 999))
def test_invented_ids_are_valid(born: date, sequence: int) -> None:
    number = make_id("321399", born, sequence)
    assert check_id(number, TODAY) == number
    assert birth_date(number) == born
    assert sex(number) == ("male" if sequence % 2 else "female")


@given(born=BORN, sequence=st.integers(0, 999), at=st.integers(14, 16), step=st.integers(1, 9))
def test_one_wrong_digit_never_passes(born: date, sequence: int, at: int, step: int) -> None:
    number = make_id("321399", born, sequence)
    wrong = number[:at] + str((int(number[at]) + step) % 10) + number[at + 1 :]
    with pytest.raises(Invalid):
        check_id(wrong, TODAY)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("91350100M000100Y43", "91350100M000100Y43"),  # GB 32100, example
        ("91110000600037341L", "91110000600037341L"),
        ("91440300708461136T", "91440300708461136T"),
        ("91330100799655058b", "91330100799655058B"),
        (" 9144 0300 7084 6113 6T", "91440300708461136T"),
        ("９１４４０３００７０８４６１１３６Ｔ", "91440300708461136T"),
        ("9I44O3OO7O8461136T", "91440300708461136T"),  # letters the standard has not
    ],
)
def test_a_credit_code_is_read_as_people_type_it(typed: str, code: str) -> None:
    assert check_credit_code(typed) == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "credit_length"),
        ("9144030070846113", "credit_length"),
        ("321322000012345", "credit_old"),
        ("91440300708461136V", "credit_characters"),
        ("9144030A708461136T", "credit_characters"),
        ("91440300708461136*", "credit_characters"),
        ("91440300708461137T", "credit_checksum"),
        ("91440300708461163T", "credit_checksum"),
    ],
)
def test_a_wrong_credit_code_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_credit_code(typed)
    assert refusal.value.code == code


@given(sequence=st.integers(0, 99_999_999))
def test_invented_credit_codes_are_valid(sequence: int) -> None:
    code = make_credit_code("321399", sequence)
    assert check_credit_code(code) == code


@given(sequence=st.integers(0, 99_999_999), at=st.integers(8, 17), step=st.integers(1, 30))
def test_one_wrong_character_of_a_credit_code_never_passes(sequence: int, at: int, step: int) -> None:
    code = make_credit_code("321399", sequence)
    other = CREDIT_ALPHABET[(CREDIT_ALPHABET.index(code[at]) + step) % 31]
    with pytest.raises(Invalid):
        check_credit_code(code[:at] + other + code[at + 1 :])


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13812345678", "13812345678"),
        ("138 1234 5678", "13812345678"),
        ("138-1234-5678", "13812345678"),
        ("+86 13812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("0527-84350001", "0527-84350001"),
        ("052784350001", "0527-84350001"),
        ("（0527）84350001", "0527-84350001"),
        ("+86-0527-84350001", "0527-84350001"),
        ("0527－84350001－801", "0527-84350001-801"),
        ("0527-84350001转801", "0527-84350001-801"),
        ("010-62345678", "010-62345678"),
        ("12333", "12333"),
        ("400-800-1234", "4008001234"),
    ],
)
def test_a_phone_number_is_read_as_people_type_it(typed: str, number: str) -> None:
    assert check_phone(typed) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "phone"),
        ("1381234567", "phone"),
        ("12812345678", "phone"),
        ("138123456789", "phone"),
        ("没有电话", "phone"),
        ("84350001", "phone_area"),
    ],
)
def test_a_wrong_phone_number_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_phone(typed)
    assert refusal.value.code == code


def test_mobiles_are_told_from_landlines() -> None:
    assert is_mobile("13812345678") and not is_mobile("0527-84350001")


@pytest.mark.parametrize(
    ("mask", "text", "masked"),
    [
        (mask_id, "11010519491231002X", "110***********002X"),
        (mask_id, "110105491231002", "110********1002"),
        (mask_id, "1234567", "*******"),
        (mask_id, "", ""),
        (mask_phone, "13812341234", "138****1234"),
        (mask_phone, "0527-84350001", "0527-****0001"),
        (mask_phone, "12333", "*****"),
        (mask_phone, "", ""),
        (mask_name, "张三", "张*"),
        (mask_name, "张小三", "张**"),
        (mask_name, "欧阳娜娜", "欧阳**"),
        (mask_name, "欧阳", "欧*"),
        (mask_name, "𠮷野", "𠮷*"),
        (mask_name, "阿迪力·买买提", "阿**·***"),
        (mask_name, "张", "张*"),
        (mask_name, " ", ""),
    ],
)
def test_masks(mask, text: str, masked: str) -> None:
    assert mask(text) == masked
