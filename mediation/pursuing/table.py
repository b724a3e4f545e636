"""The ways on from an instalment that was missed, each with its paper, the step that begins it and its article. Django-free.

With a title (the agreement was confirmed or reviewed, or a court has decided since) there is one: enforcement. Without one the law
leaves two, and the first that is open is proposed: a payment order costs less and is quicker (劳动争议调解仲裁法 第十六条); a suit
needs no arbitration before it (法释〔2020〕26号 第五十一条第二款).
"""

from collections.abc import Mapping
from dataclasses import dataclass

FILE_WITHIN = 3  # working days until the paper should be at the court: a choice of this house, not law


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


@dataclass(frozen=True)
class Way:
    name: str
    label: str
    form: str  # of arrears/papers/forms.toml
    kind: str  # of arrears/proceedings/steps.toml
    step: str
    article: str
    paper: str  # what it is called to a worker
    paper_en: str
    needs_title: bool = False


WAYS: Mapping[str, Way] = {
    way.name: way
    for way in (
        Way(
            "enforce", _("申请强制执行"), "F-25", "enforcement", "applied", _("《民事诉讼法》第二百四十七条至第二百五十条"),
            "强制执行申请书", "the application for enforcement", needs_title=True,
        ),
        Way("order", _("申请支付令"), "F-14", "payment_order", "applied_16", _("《劳动争议调解仲裁法》第十六条"), "支付令申请书", "the application for a payment order"),
        Way(
            "suit", _("凭协议直接起诉"), "F-15", "suit", "filed_direct", _("《关于审理劳动争议案件适用法律问题的解释（一）》第五十一条第二款"),
            "起诉状", "the statement of claim",
        ),
    )
}  # fmt: skip


# For the history: what the paper of each way is called.
PAPERS = (("enforce", _("强制执行申请书")), ("order", _("支付令申请书")), ("suit", _("民事起诉状（追索劳动报酬）")))
assert [name for name, _label in PAPERS] == list(WAYS)


# What the claim does not know and the paper's own form asks, by the field it fills.
FILLED_BY = {"申请人.住址": "worker_address"}
WHOSE = {"申请人": _("申请人"), "全部申请人": _("申请人"), "被申请人": _("被申请人"), "全部被申请人": _("被申请人")}


def ways(*, has_title: bool) -> list[Way]:
    return [way for way in WAYS.values() if way.needs_title == has_title]
