"""工资、金额、请求、加付: what is owed, by whom to whom, to the cent."""

from decimal import Decimal
from typing import Any

from arrears.money import q, shares, to_chinese_capitals
from arrears.papers.checking import rate_of
from arrears.papers.facts import Scene, add_facts
from arrears.papers.fields import LIST, Field
from arrears.papers.record import ZERO, Money, Record
from arrears.papers.tellers.people import (
    all_lines,
    everybody,
    f,
    line_fields,
    more_person_fields,
    name_of,
    payers,
    person_fields,
)
from arrears.papers.wording import lines_of, listed, ordinal, sentence, yuan


def wages(scene: Scene) -> dict[str, Any]:
    """Everybody's lines, and each worker's sums. The rows add up to what stands under them."""
    record = scene.record
    money = record.money
    return {
        "明细": record.once("行", lambda: all_lines(record)), "按人": everybody(scene),
        "应付合计": money.due, "已付合计": money.paid, "欠付合计": money.unpaid,
    }  # fmt: skip


def asked(record: Record) -> Decimal:
    """What the workers claim: what their lines come to, or what was agreed instead, less what came after the claim was logged.
    Of an agreement the paper is about, what has fallen due."""
    if record.fallen_due is not None:
        return record.fallen_due
    agreed = record.claim.agreed if record.by_agreement else None
    return max((record.money.unpaid if agreed is None else agreed) - record.claim.paid, ZERO)


def found(record: Record) -> Decimal:
    """What the office holds to be owed: the sum it verified, if it did, less what came since."""
    verified = record.claim.verified
    return asked(record) if verified is None else max(verified - record.claim.paid, ZERO)


def amounts(scene: Scene) -> dict[str, Any]:
    record, claim = scene.record, scene.claim
    if record.is_of_one(scene.worker):
        one = scene.worker or record.only
        return amounts_of_one(record, Money.of(record.lines_of(one)).unpaid if one else record.money.unpaid)
    return {
        "主张": record.money.unpaid, "核定": claim.verified, "约定": claim.agreed, "立案后已付": claim.paid, "有付款": claim.paid > 0,
        "请求": asked(record), "认定": found(record), "尚欠": claim.unpaid,
    }  # fmt: skip


def amounts_of_one(record: Record, mine: Decimal) -> dict[str, Any]:
    """Of one among several, or of some, only what the lines say. What was verified, agreed and paid since was so for all of them together: once
    something was paid, or asked for by the agreement, nobody knows what is left of one's own."""
    left = None if record.claim.paid or record.agreed_together is not None or record.fallen_due is not None else mine
    is_as_claimed = record.claim.verified in (None, record.claimed)
    return {
        "主张": mine, "核定": None, "约定": None, "立案后已付": None, "有付款": False, "请求": left, "认定": left if is_as_claimed else None, "尚欠": left,
    }  # fmt: skip


def requests(scene: Scene) -> list[dict[str, Any]]:
    """What is asked for, one point each: who pays the sum, who answers for it besides, and what else is claimed."""
    if amounts(scene)["请求"] is None:
        return []
    points = [*main_requests(scene), *(sentence(line).rstrip("。") for line in lines_of(scene.answers.get("more_requests") or ""))]
    return [{"序": ordinal(place), "内容": point} for place, point in enumerate(points, 1)]


def main_requests(scene: Scene) -> list[str]:
    record = scene.record
    sum_asked = amounts(scene)["请求"]
    people = everybody(scene)
    whom = scene.worker.name if scene.worker else people[0]["姓名"] + (f"等{len(people)}人" if len(people) > 1 else "") if people else ""
    money = f"拖欠{whom}的工资共计{yuan(sum_asked)}（大写：人民币{to_chinese_capitals(sum_asked)}）"
    known = [row for row in payers(scene) if row["已知"]]
    if not known:
        return [f"{listed(map(name_of, record.sued))}支付{money}"]
    first, *more = known
    return [
        f"{first['名称']}支付{money}",
        *(f"{row['名称']}对第一项所列工资{row['责任']}{limit_of(row)}" + (f"（{row['条文']}）" if row["条文"] else "") for row in more),
    ]


def limit_of(row: dict[str, Any]) -> str:
    if not row["有限额"]:
        return ""
    return f"，以未结清的工程款{yuan(row['限额'])}为限" if row["限额"] is not None else "，以未结清的工程款为限"


def extra(scene: Scene) -> dict[str, Any]:
    """加付赔偿金, 劳动合同法 第八十五条: each worker's share of what stands in the order. Where the office verified another sum than the
    lines come to, it is divided in the proportion of the lines, and the paper says so. Nothing else is split by guess: money that
    came since was not told by worker, so then there are no rows."""
    record, rate = scene.record, rate_of(scene.answers.get("rate") or "")
    empty: dict[str, Any] = {"比例": "", "基数": None, "合计": None, "按人": [], "按比例": False}
    if rate is None:
        return empty
    base = amounts(scene)["认定"]
    if base is None:
        return {**empty, "比例": f"{rate:f}%"}
    if is_divided(record):
        return {"比例": f"{rate:f}%", "基数": base, "合计": q(base * rate / 100), "按人": divided(everybody(scene), base, q(base * rate / 100)), "按比例": True}
    people = everybody(scene) if base == record.money.unpaid else everybody(scene)[:1] if len(record.workers) == 1 else []
    rows = [
        {"序号": row["序号"], "姓名": row["姓名"], "身份证号": row["身份证号"], "欠付": owed, "加付": q(owed * rate / 100)}
        for row in people for owed in [base if len(record.workers) == 1 else row["欠付"]]
    ]  # fmt: skip
    total = sum((row["加付"] for row in rows), ZERO) if rows else q(base * rate / 100)
    return {"比例": f"{rate:f}%", "基数": base, "合计": total, "按人": rows, "按比例": False}


def is_divided(record: Record) -> bool:
    verified = record.claim.verified
    return len(record.workers) > 1 and verified is not None and verified != record.money.unpaid > 0 and record.claim.paid == 0


def divided(people: list[dict[str, Any]], base: Decimal, total: Decimal) -> list[dict[str, Any]]:
    owed = shares(base, [row["欠付"] for row in people])
    return [
        {"序号": row["序号"], "姓名": row["姓名"], "身份证号": row["身份证号"], "欠付": mine, "加付": extra}
        for row, mine, extra in zip(people, owed, shares(total, owed), strict=True)
    ]  # fmt: skip


def amount(path: str, meaning: str, english: str, example: str = "8,000.00元") -> Field:
    return Field(path, meaning, english, example, "amount")


add_facts("工资", wages, [
    f("工资.明细", "全案工资明细，一行一段", "lines of wages of the whole claim", kind=LIST), *line_fields("工资.明细"),
    f("工资.按人", "同“全部申请人”，每人的应付、已付、欠付", "the same as 全部申请人", kind=LIST),
    f("工资.按人.序号", "序号", "number", "1", "number"), *person_fields("工资.按人"), *more_person_fields("工资.按人"),
    amount("工资.应付合计", "应付合计", "total due"), amount("工资.已付合计", "登记前已付合计", "total paid before", "0.00元"),
    amount("工资.欠付合计", "欠付合计，等于明细之和", "total owed: the sum of the lines"),
])  # fmt: skip
add_facts("金额", amounts, [
    amount("金额.主张", "劳动者主张的欠薪总额", "what the workers claim"), amount("金额.核定", "核定的欠薪总额", "what the office verified"),
    amount("金额.约定", "约定清偿的总额", "what was agreed"), amount("金额.立案后已付", "登记以后付过的", "what came after the claim was logged", "0.00元"),
    f("金额.有付款", "登记以后有没有付过", "was anything paid since?", "否", "yes_no"),
    amount("金额.请求", "请求支付的金额：明细之和减登记以后已付；支付令按协议的，是约定的总额减已付", "the sum asked for: the lines, or for a payment order what was agreed, less what came since"),
    amount("金额.认定", "办案单位认定的欠付金额", "what the office holds to be owed"), amount("金额.尚欠", "目前尚欠", "owed today"),
])  # fmt: skip
add_facts("请求", requests, [
    f("请求", "请求事项，一项一行", "what is asked for, point by point", kind=LIST), f("请求.序", "中文序号", "Chinese number", "一"),
    f("请求.内容", "请求的内容", "the point", "宿迁宏远劳务有限公司支付拖欠李建国的工资共计8,000.00元（大写：人民币捌仟元整）"),
])  # fmt: skip
add_facts("加付", extra, [
    f("加付.比例", "加付比例", "rate of additional compensation", "50%"), amount("加付.基数", "应付未付的工资", "wages due"),
    amount("加付.合计", "加付赔偿金合计", "additional compensation in all", "4,000.00元"), f("加付.按人", "每人的加付赔偿金", "each worker's", kind=LIST),
    f("加付.按比例", "各人数额是不是按明细的比例折算的", "divided in the proportion of the lines?", "否", "yes_no"),
    f("加付.按人.序号", "序号", "number", "1", "number"), f("加付.按人.姓名", "姓名", "name", "李建国"), f("加付.按人.身份证号", "身份证号", "ID number", "321399198001010011"),
    amount("加付.按人.欠付", "应付未付的工资", "wages owed"), amount("加付.按人.加付", "加付赔偿金", "additional compensation", "4,000.00元"),
])  # fmt: skip
