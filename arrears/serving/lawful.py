"""Which ways of serving a paper are open, and which comes next after what was tried. Django-free."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from arrears.phrases import Phrase
from arrears.serving.table import METHODS, REFUSED, SERVED, UNKNOWN, Method


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


@dataclass(frozen=True)
class Tried:
    """What is known of a paper that is to be served. `failed`: by way, the reasons it failed for."""

    what: str
    failed: Mapping[str, Set[str]] = field(default_factory=dict)
    consents: bool = False
    is_fled: bool = False
    is_held: bool = False

    @property
    def reasons(self) -> set[str]:
        return {reason for reasons in self.failed.values() for reason in reasons}

    @property
    def is_lost(self) -> bool:
        return self.is_fled or UNKNOWN in self.reasons


WHY_NOT: Mapping[str, str] = {
    "refused": _("当面拒收以后才能留置送达，请先直接送达。"),
    "consent": _("受送达人书面同意以后才能电子送达，请先登记同意。"),
    "tried": _("直接送达有困难的才用这种方式，请先直接送达。"),
    "fled": _("受送达人下落不明的才能这样送达；确实找不到的，请先登记下落不明。"),
    "held": _("受送达人是军人或者被监禁的才由单位转交。"),
    "fled_or_tried_all": _("下落不明，或者直接送达、邮寄送达都没有成功的，才能公告送达。"),
}


def holds(condition: str, tried: Tried) -> bool:
    if condition == "refused":
        return REFUSED in tried.reasons
    if condition == "consent":
        return tried.consents
    if condition == "tried":
        return "direct" in tried.failed
    if condition == "fled":
        return tried.is_lost
    if condition == "held":
        return tried.is_held
    assert condition == "fled_or_tried_all"
    return tried.is_lost or {"direct", "post"} <= tried.failed.keys()


def why_not(method: Method, tried: Tried, language: str = "zh-hans") -> Phrase | None:
    """The reason for which the way is shut, its names in the language; None: it is open."""
    name, what = method.text("name", language), SERVED[tried.what].text("name", language)
    if method.only and tried.what not in method.only:
        return Phrase(_("这种文书不能用%(method)s。"), {"method": name})
    if tried.what in method.without:
        return Phrase(_("%(what)s不适用%(method)s，应当由本人或者其指定的代收人签收。"), {"what": what, "method": name})
    shut = next((condition for condition in method.needs if not holds(condition, tried)), None)
    return Phrase(WHY_NOT[shut]) if shut else None


def open_ways(tried: Tried) -> list[Method]:
    """In the order of the table."""
    return [method for method in METHODS.values() if why_not(method, tried) is None]


def next_way(tried: Tried) -> Method:
    """The first that is open and has not failed; where all have, the last of those open."""
    ways = open_ways(tried)
    return next((method for method in ways if method.id not in tried.failed), ways[-1])
