"""Money in yuan, as exact decimals: reading what people type, rounding, 人民币大写. Django-free."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from arrears.invalid import Invalid
from arrears.numerals import cents_in_capitals, read_numerals, whole_in_capitals


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
    """3500, 3,500元, ￥３５００．５, 1.2万元, 三千五百元. Codes: money_unreadable, money_negative, money_decimals, money_large."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).upper()
    if re.match(r"\D*[-−–—负]\D*\d", text):
        raise Invalid("money_negative", _("金额不能是负数。"))
    amount = _in_digits(text) if (written := read_numerals(text)) is None else written
    if amount > LARGEST:
        raise Invalid("money_large", _("金额太大，请核对单位是否为元。"))
    if amount != q(amount):
        raise Invalid("money_decimals", _("金额最多写到分（两位小数）。"))
    return q(amount)


def _in_digits(text: str) -> Decimal:
    number = NUMBER.fullmatch(AROUND.sub("", text))
    if not number:
        raise Invalid("money_unreadable", _("看不懂这个金额，请只写数字，例如 3500 或 3500.50。"))
    return Decimal(f"{number['whole'].replace(',', '')}.{number['part'] or 0}") * UNITS[number["unit"]]


def to_chinese_capitals(amount: Decimal) -> str:
    """1005 → 壹仟零伍元整, 1680.32 → 壹仟陆佰捌拾元零叁角贰分. Without the leading 人民币."""
    if not 0 <= amount <= LARGEST or amount != q(amount):
        raise ValueError(f"{amount} is not an amount of whole cents that a money column holds")
    yuan, cents = divmod(int(amount * 100), 100)
    if not cents:
        return f"{whole_in_capitals(yuan)}元整"
    if not yuan:
        return cents_in_capitals(cents)
    # a zero on either side of the point is said, so that no digit can be put in
    gap = "零" if yuan % 10 == 0 or cents < 10 else ""
    return f"{whole_in_capitals(yuan)}元{gap}{cents_in_capitals(cents)}"


def shares(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`total` in the proportion of the weights, to the cent, adding up exactly: what rounding down leaves over goes, a cent each, to
    those it took most from; of equals to the first."""
    whole = sum(weights, Decimal(0))
    if whole <= 0:
        raise ValueError("nothing to divide by")
    cents = int(q(total) * 100)
    exact = [cents * weight / whole for weight in weights]
    found = [int(one) for one in exact]
    most_lost = sorted(range(len(weights)), key=lambda place: (found[place] - exact[place], place))
    for place in most_lost[: cents - sum(found)]:
        found[place] += 1
    return [Decimal(one) / 100 for one in found]
