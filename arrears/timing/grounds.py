"""On what grounds a claim may rest (中止), as a closed table to be read by a lawyer. Django-free.

No article on suspending a labour inspection case has been checked against its text. So each ground stands on the city's
own working rules (本市工作规则，待法制审核), says 未核实 wherever it is shown, and names beside it, as a comparison and
not as a basis, a text that was read and treats the same event in another procedure. Whoever has found the article
writes it here and sets `confidence` to T or P (arrears.rules.CONFIDENCES).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from arrears.rules import CONFIDENCES
from grid.roles import CITY, COUNTY, LEVELS


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


class BadGrounds(Exception):
    """The table contradicts itself; the process must not start."""


@dataclass(frozen=True)
class Ground:
    name: str
    label: str
    max_days: int  # calendar days of one suspension
    level: str = COUNTY  # from which level of the grid upward it may be used
    article: str = _("本市工作规则，待法制审核")
    confidence: str = "K"
    compare: str = ""  # a text that was read and treats the same event elsewhere

    @property
    def verified(self) -> bool:
        return self.confidence in ("T", "P")

    def longest(self, starts_on: date) -> date:
        """The last day on which the claim may wake."""
        return starts_on + timedelta(days=self.max_days)


GROUNDS: dict[str, Ground] = {
    ground.name: ground
    for ground in (
        Ground(
            "appraisal", _("等待鉴定、审计或者评估结论"), 90,
            compare=_("比照：仲裁因鉴定等逾期的例外（劳动争议解释（一）第十二条）"),
        ),
        Ground(
            "other_case", _("须以另案的裁判或者处理结果为依据"), 180,
            compare=_("比照：仲裁因等待另案结果等逾期的例外（劳动争议解释（一）第十二条）"),
        ),
        Ground(
            "public_notice", _("当事人下落不明，公告送达期间"), 60,
            compare=_("比照：法院公告送达满三十日视为送达（民事诉讼法第九十五条）"),
        ),
        Ground(
            "force_majeure", _("不可抗力致使无法办理"), 90, level=CITY,
            compare=_("比照：不可抗力中止仲裁时效（劳动争议调解仲裁法第二十七条）"),
        ),
        Ground("worker_request", _("劳动者本人书面申请暂缓办理"), 30),
    )
}  # fmt: skip
CHOICES = tuple((ground.name, ground.label) for ground in GROUNDS.values())


def faults(grounds: dict[str, Ground]) -> Iterator[str]:
    for ground in grounds.values():
        if not 0 < ground.max_days <= 365:
            yield f"{ground.name}: a suspension lasts 1 to 365 days"
        if ground.level not in LEVELS or ground.confidence not in CONFIDENCES:
            yield f"{ground.name}: level or confidence is unknown"


if wrong := list(faults(GROUNDS)):
    raise BadGrounds("; ".join(wrong))
