"""A wage sheet of eighty workers as a foreman makes one: title and month above the header, merged names, page sums,
full-width digits, 3,500元, dates as text and as day numbers, ID numbers with dashes in front, telephones as scientific
notation, amounts in Chinese capitals. Two cells are wrong: a telephone that lost its digits, an amount nobody can read."""

from datetime import date
from typing import Any

from arrears.identity import make_id
from tests.arrears.sheets import xlsx

PEOPLE = 80
SURNAMES, GIVEN = "王李张刘陈杨赵黄", "建国 志强 秀英 桂花 永福 大勇 春梅 小军 国庆 玉兰".split()
TITLE = "翰林雅苑二期2025年11月瓦工班工资表"
HEAD = ["序号", "姓 名", "身份证号码", "联系电话", "进场日期", "应发工资", "已借支", "尚欠（元）", "签字"]
AMOUNTS: list[Any] = [6000, "6,000元", "６０００", "陆仟元整", "￥6000.00"]
LOST_PHONE, UNREADABLE = 7, 33  # places of the two people whose cell is wrong
OWED = 5000 * PEOPLE


def name_of(place: int) -> str:
    return SURNAMES[place // 10] + GIVEN[place % 10]


def id_of(place: int) -> str:
    return make_id("321322", date(1970 + place % 30, 1 + place % 12, 1 + place % 28), 100 + place)


def phone_of(place: int) -> str:
    return f"1381234{place:04d}"


def person(place: int) -> list[Any]:
    phone: Any = [phone_of(place), float(phone_of(place)), f"{phone_of(place)[0]}.{phone_of(place)[1:]}E+10"][place % 3]
    begun: Any = ["2025年11月1日", 45962, date(2025, 11, 1), "2025.11.1"][place % 4]
    due, paid = AMOUNTS[place % 5], [1000, "1,000", "１０００元", "壹仟元"][place % 4]
    row = [place + 1, name_of(place), f"'{id_of(place)}" if place % 7 == 0 else id_of(place), phone, begun, due, paid, 5000, None]
    if place == LOST_PHONE:
        row[3] = "1.38E+10"
    if place == UNREADABLE:
        row[5] = row[7] = "见附页"
    return row


def rows() -> list[list[Any]]:
    found: list[list[Any]] = [[TITLE, *[None] * 8], ["单位：宿迁宏远劳务有限公司", *[None] * 8], HEAD]
    for page in range(4):
        found += [person(place) for place in range(20 * page, 20 * page + 20)]
        found.append(["本页小计", None, None, None, None, 120_000, 20_000, 100_000, None])
    found.append(["合 计", None, None, None, None, 480_000, 80_000, OWED, None])
    found.append(["制表：孙老板      审核：", *[None] * 8])
    return found


def workbook() -> bytes:
    return xlsx({"11月": rows(), "汇总": [["班组", "人数"], ["瓦工", 80]]}, merges=[(1, 0, 1, 8), (2, 0, 2, 8), (88, 0, 88, 3)])
