"""What can be wrong with a row whose cells are all readable. Django-free.

Each check is a question to a draft (rows.Draft); the mapping says what follows from a yes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arrears.ledger.rows import Draft

REFUSE, SKIP, WARN, IMPORT = "refuse", "skip", "warn", "import"
POLICIES = (REFUSE, SKIP, WARN, IMPORT)


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


@dataclass(frozen=True)
class Check:
    name: str
    field: str  # whose column is named
    label: str
    is_so: Callable[["Draft"], bool]


def _before(draft: "Draft", earlier: str, later: str) -> bool:
    first, second = getattr(draft, earlier), getattr(draft, later)
    return bool(first and second and first < second)


CHECKS = {
    check.name: check
    for check in (
        Check("opened_before_received", "opened_on", _("立案日期早于收到日期"), lambda d: _before(d, "opened_on", "received_on")),
        Check("closed_before_opened", "closed_on", _("结案日期早于立案日期"), lambda d: _before(d, "closed_on", "opened_on")),
        Check("closed_before_received", "closed_on", _("结案日期早于收到日期"), lambda d: d.opened_on is None and _before(d, "closed_on", "received_on")),
        Check("negative_amount", "claimed", _("金额为负"), lambda d: bool(d.negative)),
        Check("conflicting_flags", "", _("标记互相矛盾"), lambda d: bool(d.conflict)),
        Check("not_closed", "closed_on", _("没有结案日期"), lambda d: d.closed_on is None),
        Check("employer_unknown", "employer", _("用人单位不详"), lambda d: d.employer is None),
        Check("claimed_unknown", "claimed", _("主张金额不详"), lambda d: d.claimed is None),
        Check("claimed_zero", "claimed", _("主张金额为零"), lambda d: d.claimed == 0),
        Check(
            "verified_above_claimed", "verified", _("核定金额大于主张金额"),
            lambda d: None not in (d.verified, d.claimed) and d.verified > d.claimed,
        ),
        Check(
            "paid_above_verified", "paid", _("已付金额大于核定金额"),
            lambda d: d.verified is not None and d.paid > d.verified,
        ),
        Check(
            "paid_in_full_unpaid", "paid", _("结果为付清，但没有足额的付款记录"),
            lambda d: bool(d.outcome and d.outcome.result == "paid_in_full" and d.verified and d.paid < d.verified),
        ),
        Check(
            "result_unknown", "closed_on", _("已结案，台账未载结果"),
            lambda d: bool(d.outcome and d.outcome.stage == "closed" and not d.outcome.result),
        ),
        Check("no_outcome", "closed_on", _("已结案，对照表没有适用的结果"), lambda d: bool(d.closed_on and not d.outcome)),
        Check("region_retired", "region", _("地区已撤并，登记到承继地区"), lambda d: d.region not in ("", d.region_was)),
    )
}  # fmt: skip
