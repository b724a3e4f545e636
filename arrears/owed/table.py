"""What papers can be promised by a worker or asked of an employer, and what cannot be done without them. Django-free."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from arrears.lifecycle import CLAIM, EVIDENCE_KINDS
from arrears.rules import RULES
from arrears.rules.tables import own_file, read_section
from arrears.situation.facts import Provision


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


PROMISE, NOTICE = "promise", "notice"
SIDES = ((PROMISE, _("告知承诺")), (NOTICE, _("举证通知")))
RULE_OF = {PROMISE: "PAPER-PROMISE", NOTICE: "PRODUCE-NOTICE"}
assert set(RULE_OF.values()) <= RULES.keys()
OPEN, KEPT, BROKEN, REFUSED, WAIVED, LAPSED = "open", "kept", "broken", "refused", "waived", "lapsed"
STATES = (
    (OPEN, _("待交")), (KEPT, _("已交")), (BROKEN, _("逾期未交")), (REFUSED, _("拒不提供")), (WAIVED, _("免交")),
    (LAPSED, _("随案终结")),
)  # fmt: skip
TONES = {OPEN: "info", KEPT: "good", BROKEN: "bad", REFUSED: "bad", WAIVED: "muted", LAPSED: "muted"}
# What a worker may promise, and the moves that wait for the paper once the promise is broken.
BLOCKS: Mapping[str, tuple[str, ...]] = {
    "identity": ("refer",),
    "contract": ("refer",),
    "iou": ("refer",),
    "attendance": ("verify",),
    "wage_sheet": ("verify",),
    "transfer": ("verify",),
}
# What an employer keeps and must produce: 保障农民工工资支付条例 第十五条 (wage ledgers, kept for three years), 第五十条.
PRODUCED = ("contract", "attendance", "wage_sheet", "transfer")
assert BLOCKS.keys() | set(PRODUCED) <= dict(EVIDENCE_KINDS).keys()
assert {move for moves in BLOCKS.values() for move in moves} <= {move.name for move in CLAIM.moves}
# The city's own, not law.
USUAL = {PROMISE: timedelta(days=15), NOTICE: timedelta(days=7)}
LONGEST = {PROMISE: timedelta(days=30), NOTICE: timedelta(days=30)}


@dataclass(frozen=True, kw_only=True)
class Presumption(Provision):
    """What follows when the employer does not produce what he holds."""

    says: str
    says_en: str


def load(override: Path | None = None) -> dict[str, Presumption]:
    """Raises BadRules."""
    rows = read_section("presumptions", Path(__file__).with_name("presumptions.toml"), override=override)
    return {row_id: Presumption.of("presumption", row_id, row) for row_id, row in rows.items()}


PRESUMPTIONS: Mapping[str, Presumption] = load(own_file())
