"""Money in yuan, as exact decimals: reading what people type, rounding, 人民币大写. Django-free."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from arrears.invalid import Invalid


def _(text: str) -> str:
    """Marks a sentence for the catalogues; whoever shows it translates it."""
    return text


CENT = Decimal("0.01")
LARGEST = Decimal("999999999999.99")  # what a money column holds: 14 digits, two of them behind the point

AROUND = re.compile(r"^(?:人民币|RMB|CNY)?¥?|(?:人民币|RMB|CNY|元整|圆整|元正|圆正|元|圆|块钱?)$")
NUMBER = re.compile(r"(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d+))?(?P<unit>[万亿]?)", re.ASCII)
UNITS = {"": 1, "万": 10_000, "亿": 100_000_000}


def q(amount: Decimal) -> Decimal:
    """To the cent, halves up: 四舍五入."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def line_due(rate: Decimal, quantity: Decimal) -> Decimal:
    """What one line of wages comes to."""
    return q(rate * quantity)


def parse_money(typed: str) -> Decimal:
    """3500, 3,500元, ￥３５００．５, 1.2万元. Codes: money_unreadable, money_negative, money_decimals, money_large."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).upper()
    if re.match(r"\D*[-−–—负]\D*\d", text):
        raise Invalid("money_negative", _("金额不能是负数。"))
    number = NUMBER.fullmatch(AROUND.sub("", text))
    if not number:
        raise Invalid("money_unreadable", _("看不懂这个金额，请只写数字，例如 3500 或 3500.50。"))
    amount = Decimal(f"{number['whole'].replace(',', '')}.{number['part'] or 0}") * UNITS[number["unit"]]
    if amount > LARGEST:
        raise Invalid("money_large", _("金额太大，请核对单位是否为元。"))
    if amount != q(amount):
        raise Invalid("money_decimals", _("金额最多写到分（两位小数）。"))
    return q(amount)


# 中国人民银行《支付结算办法》附一“正确填写票据和结算凭证的基本规定”. Where it allows two spellings we write the first.
DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
SECTIONS = ("", "万", "亿")  # of four digits, lowest first


def to_chinese_capitals(amount: Decimal) -> str:
    """1005 → 壹仟零伍元整, 1680.32 → 壹仟陆佰捌拾元零叁角贰分. Without the leading 人民币."""
    if not 0 <= amount <= LARGEST or amount != q(amount):
        raise ValueError(f"{amount} is not an amount of whole cents that a money column holds")
    yuan, cents = divmod(int(amount * 100), 100)
    if not cents:
        return f"{_whole(yuan)}元整"
    if not yuan:
        return _cents(cents)
    # a zero on either side of the point is said, so that no digit can be put in
    gap = "零" if yuan % 10 == 0 or cents < 10 else ""
    return f"{_whole(yuan)}元{gap}{_cents(cents)}"


def _whole(yuan: int) -> str:
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


def _cents(cents: int) -> str:
    ten, one = divmod(cents, 10)
    return (f"{DIGITS[ten]}角" if ten else "") + (f"{DIGITS[one]}分" if one else "")
