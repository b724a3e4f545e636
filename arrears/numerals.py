"""Numbers in Chinese numerals, written as 人民币大写 and read in every spelling: 三千五百元, 叁仟伍佰元整, 两万零五十块.
Django-free.

Only what has one reading is read: 三千五 and 一万二 are left to whoever wrote them.
"""

import re
from decimal import Decimal

# 中国人民银行《支付结算办法》附一“正确填写票据和结算凭证的基本规定”. Where it allows two spellings we write the first.
DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
SECTIONS = ("", "万", "亿")  # of four digits, lowest first


def whole_in_capitals(yuan: int) -> str:
    """Runs of zeros are said once, and only inside the number."""
    said, skipped = "", False
    for power in range(len(SECTIONS) - 1, -1, -1):
        section = yuan // 10_000**power % 10_000
        if section:
            gap = "零" if said and (skipped or section < 1000) else ""
            said += gap + _section(section) + SECTIONS[power]
        skipped = not section
    return said or "零"


def _section(number: int) -> str:
    """1 to 9999."""
    places = zip(f"{number:04d}", PLACES, strict=True)
    said = "".join(DIGITS[int(digit)] + place if digit != "0" else "零" for digit, place in places)
    return re.sub("零+", "零", said).strip("零")


def cents_in_capitals(cents: int) -> str:
    ten, one = divmod(cents, 10)
    return (f"{DIGITS[ten]}角" if ten else "") + (f"{DIGITS[one]}分" if one else "")


# Every way to write a character, by the capital it stands for.
SPELLINGS = {
    "零": "零〇○", "壹": "一壹弌", "贰": "二贰貳两兩弍", "叁": "三叁參弎", "肆": "四肆", "伍": "五伍", "陆": "六陆陸", "柒": "七柒",
    "捌": "八捌", "玖": "九玖", "拾": "十拾", "佰": "百佰", "仟": "千仟", "万": "万萬", "亿": "亿億", "元": "元圆圓块塊", "角": "角毛",
    "分": "分", "整": "整正钱",
}  # fmt: skip
CAPITALS = str.maketrans({typed: capital for capital, spellings in SPELLINGS.items() for typed in spellings})
WORTH = {"拾": 10, "佰": 100, "仟": 1000, "万": 10_000, "亿": 100_000_000}
AMOUNT = re.compile(
    r"(?:人民币)?(?:(?P<whole>[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)(?P<yuan>元)?)?"
    r"(?:零?(?P<ten>[壹贰叁肆伍陆柒捌玖])角)?(?:零?(?P<one>[壹贰叁肆伍陆柒捌玖])分)?整?"
)


def read_numerals(text: str) -> Decimal | None:
    """The amount; None if it is not written in numerals, or can be read in two ways. `text` has no spaces."""
    found = AMOUNT.fullmatch(text.translate(CAPITALS))
    if found is None or not (found["whole"] or found["ten"] or found["one"]):
        return None
    if found["whole"] and not found["yuan"] and (found["ten"] or found["one"]):
        return None
    yuan = _read_whole(found["whole"]) if found["whole"] else 0
    if yuan is None:
        return None
    return yuan + Decimal(10 * DIGITS.index(found["ten"] or "零") + DIGITS.index(found["one"] or "零")) / 100


def _read_whole(text: str) -> int | None:
    """The number, if writing it gives the text again. 壹拾万零柒仟 is allowed beside 壹拾万柒仟."""
    text = re.sub("(?<![壹贰叁肆伍陆柒捌玖])拾", "壹拾", text)  # 十五
    number = section = digit = 0
    for sign in text:
        if sign in DIGITS:
            digit = DIGITS.index(sign)
        elif WORTH[sign] < 10_000:
            section, digit = section + digit * WORTH[sign], 0
        else:
            number, section, digit = number + (section + digit) * WORTH[sign], 0, 0
    number += section + digit
    return number if whole_in_capitals(number) in (text, text.replace("万零", "万")) else None
