"""Who somebody is, as numbers: citizen ID (GB 11643), unified social credit code (GB 32100), phone. Django-free.

Each check takes what was typed and returns it in its one stored spelling, or raises Invalid with a code and a
sentence. The masks are what everybody sees; the full ID number is shown only by casework.reveal_id_number.
"""

import re
import unicodedata
from datetime import date
from typing import Literal

from arrears.invalid import Invalid


def _(text: str) -> str:
    """Marks a sentence for the catalogues; whoever shows it translates it."""
    return text


# What phones and chat programs copy along with a number: spaces, marks of direction, byte order marks.
UNSEEN = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
DASHES = re.compile(r"[‐-―−_–—]")


def narrow(typed: str) -> str:
    """Full-width characters made narrow, unseen ones dropped, one kind of dash, letters in capitals."""
    return DASHES.sub("-", UNSEEN.sub("", unicodedata.normalize("NFKC", typed))).upper()


def plain(typed: str) -> str:
    """Narrow, without the marks people put between groups of digits."""
    return re.sub(r"[-·.]", "", narrow(typed))


# Citizen ID: 6 digits region, 8 birth date, 3 sequence (odd: male), 1 check character.
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643: 2^(18-i) mod 11
ID_CHECKS = "10X98765432"
# Provinces of GB/T 2260, and the residence permits of people from Hong Kong, Macau and Taiwan (81–83). Foreigners'
# permanent residence cards since 2023 put a 9 before the province.
ID_REGION = re.compile(r"9?(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])", re.ASCII)
OLDEST_YEARS = 150  # the standard itself numbers somebody born in 1880


def check_id(typed: str, today: date) -> str:
    """The number in 18 characters, X in capitals. Codes: id_old, id_length, id_region, id_birth, id_checksum."""
    number = plain(typed)
    if re.fullmatch(r"\d{15}", number, re.ASCII):
        raise Invalid(
            "id_old",
            _("这是 15 位的旧身份证号，已于 2013 年停用。请按现行居民身份证填写 18 位号码；一时查不到的，可先留空。"),
        )
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        raise Invalid("id_length", _("身份证号应为 18 位：前 17 位是数字，最后一位是数字或 X。请核对。"))
    if not ID_REGION.match(number):
        raise Invalid("id_region", _("身份证号前两位不是有效的省份代码，请核对。"))
    if not _was_born(number, today):
        raise Invalid("id_birth", _("身份证号中的出生日期不存在或不合理，请核对第 7 至 14 位。"))
    if id_check_character(number) != number[-1]:
        raise Invalid("id_checksum", _("身份证号校验不通过，可能有一位数字写错，请对照证件核对。"))
    return number


def id_check_character(number: str) -> str:
    """The 18th character that belongs to the first 17 digits."""
    return ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(number, ID_WEIGHTS, strict=False)) % 11]


def _was_born(number: str, today: date) -> bool:
    try:
        born = birth_date(number)
    except ValueError:
        return False
    return born <= today and today.year - born.year <= OLDEST_YEARS


def birth_date(number: str) -> date:
    """Of a checked number."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex(number: str) -> Literal["male", "female"]:
    """Of a checked number."""
    return "male" if int(number[16]) % 2 else "female"


def age(number: str, today: date) -> int:
    """Full years; somebody born on 29 February comes of age on 1 March of a common year."""
    born = birth_date(number)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


# Unified social credit code: 1 registering body, 1 kind, 6 region, 9 organisation code, 1 check character.
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # GB 32100: 3^(i-1) mod 31
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714, for characters 9–16
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Letters the standard left out because they are misread; typed, they can only mean these.
CREDIT_MISREAD = str.maketrans({"I": "1", "O": "0", "Z": "2", "S": "5"})


def check_credit_code(typed: str) -> str:
    """The code in 18 capitals. Codes: credit_old, credit_length, credit_characters, credit_checksum."""
    code = plain(typed)
    if re.fullmatch(r"\d{15}", code, re.ASCII):
        raise Invalid(
            "credit_old",
            _("这是 15 位的旧营业执照注册号。请填写营业执照上的 18 位统一社会信用代码；查不到的，可先留空。"),
        )
    if len(code) != 18:
        raise Invalid("credit_length", _("统一社会信用代码应为 18 位，请核对。"))
    code = code.translate(CREDIT_MISREAD)
    if not set(code) <= set(CREDIT_ALPHABET) or not re.fullmatch(r"\d{6}", code[2:8], re.ASCII):
        raise Invalid(
            "credit_characters",
            _("统一社会信用代码只用数字和大写字母（不用 I、O、S、V、Z），第 3 至 8 位是数字，请核对。"),
        )
    if credit_check_character(code) != code[-1]:
        raise Invalid("credit_checksum", _("统一社会信用代码校验不通过，可能有一位写错，请对照营业执照核对。"))
    return code


def credit_check_character(code: str) -> str:
    """The 18th character that belongs to the first 17."""
    values = (CREDIT_ALPHABET.index(character) for character in code[:17])
    total = sum(value * weight for value, weight in zip(values, CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[-total % 31]


MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})", re.ASCII)
SERVICE = re.compile(r"(?:400|800)\d{7}|95\d{3,6}|1[02]\d{3}", re.ASCII)  # 4008001234, 95533, 12333
AREA = r"(?:\+?86-?)?(0(?:10|2\d|[3-9]\d{2}))-?"
LANDLINE = re.compile(AREA + r"([1-9]\d{6,7})(?:(?:-|转|,|EXT|X)(\d{1,6}))?", re.ASCII)
LOCAL = re.compile(r"[1-9]\d{6,7}", re.ASCII)


def check_phone(typed: str) -> str:
    """13812345678, or 0527-84350001 (-8001 for an extension). Codes: phone, phone_area."""
    digits = re.sub(r"[()]", "", plain(typed))
    if mobile := MOBILE.fullmatch(digits):
        return mobile[1]
    if landline := LANDLINE.fullmatch(re.sub(r"[().]", "", narrow(typed))):
        return "-".join(filter(None, landline.groups()))
    if SERVICE.fullmatch(digits):
        return digits
    if LOCAL.fullmatch(digits):
        raise Invalid("phone_area", _("固定电话请加区号，例如 0527-84350001。"))
    raise Invalid("phone", _("电话号码不正确：手机号为 11 位，固定电话请写区号，例如 0527-84350001。"))


def is_mobile(number: str) -> bool:
    return bool(MOBILE.fullmatch(number))


def digits(phone: str) -> str:
    """What is the same however a number was written: +86 138-0000-0001 is 13800000001."""
    return re.sub(r"\D", "", phone)[-11:]


# Masks. They never raise, whatever an old register left in the field, and never show more than a checked value would.


def mask_id(number: str) -> str:
    """321***********123X: enough to tell two workers of one list apart; home and birth date stay hidden."""
    return _mask(number, head=3, tail=4)


def mask_phone(number: str) -> str:
    """138****1234, 0527-****0001."""
    area, dash, rest = number.partition("-")
    if dash:
        return f"{area}-{_mask(rest, head=0, tail=4)}"
    return _mask(number, head=3, tail=4)


def mask_account(number: str) -> str:
    """The last four of an account or card."""
    return _mask(number, head=0, tail=4)


def _mask(text: str, head: int, tail: int) -> str:
    """Too short to hide at least as much as it shows half of: all stars."""
    if len(text) < head + tail + 3:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


DOUBLE_SURNAMES = frozenset(
    "欧阳 太史 上官 端木 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 申屠 公孙 "
    "慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 亓官 司寇 颛孙 公良 漆雕 乐正 宰父 谷梁 拓跋 轩辕 令狐 段干 百里 "
    "呼延 东郭 南门 羊舌 微生 梁丘 左丘 西门 第五 南荣 即墨 达奚 褚师".split()
)


def mask_name(name: str) -> str:
    """For the public: 张三 → 张*, 欧阳娜娜 → 欧阳**, 阿迪力·买买提 → 阿**·***. The surname stays."""
    name = name.strip()
    if "·" in name:
        first, *rest = name.split("·")
        return "·".join([mask_name(first), *("*" * len(part) for part in rest)])
    shown = 2 if len(name) > 2 and name[:2] in DOUBLE_SURNAMES else 1
    return name[:shown] + "*" * max(len(name) - shown, 1) if name else ""


# Invented people and firms, for the demo city and the tests. Give a region code that was never issued (321399), so
# that no real person's or firm's number comes out by chance.


def make_id(region: str, born: date, sequence: int) -> str:
    """A valid citizen ID for 6 digits of region, a birth date and a sequence of 0–999 (odd: male)."""
    stem = f"{region}{born:%Y%m%d}{sequence:03d}"
    return stem + id_check_character(stem)


def make_credit_code(region: str, sequence: int) -> str:
    """A valid credit code of a firm (91) for 6 digits of region and a running number."""
    organisation = f"{sequence:08d}"
    stem = f"91{region}{organisation}{organisation_check_character(organisation)}"
    return stem + credit_check_character(stem)


def organisation_check_character(organisation: str) -> str:
    """GB 11714: the 9th character of an organisation code."""
    total = sum(ORGANISATION_ALPHABET.index(c) * w for c, w in zip(organisation, ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]
