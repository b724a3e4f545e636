"""What a supplement shows, sent or about to be: what changed from what to what, who joined, which files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from arrears.identity import mask_phone
from arrears.models import Evidence, Referral, Supplement
from arrears.models.claims import CONTRACTS
from arrears.models.referrals import PEOPLE_AT_ONCE
from arrears.partners.supplements import PACKET, News
from arrears.shared_facts import Line, Shared, named

LABELS = {
    "number": _("案号"), "region": _("所属地区"), "received_on": _("收到日期"), "last_working_day": _("最后工作日"), "worker_count": _("涉及人数"),
    "contract": _("书面约定"), "site": _("工程项目"), "work": _("工种或岗位"), "story": _("事实经过"), "request": _("诉求"), "claimed": _("主张"),
    "verified": _("核定"), "paid": _("已付"), "respondents": _("被申请方"), "representatives": _("代表人"), "liable": _("依法应当付款的"),
    "roads": _("可以走的途径"),
}  # fmt: skip
MONEY = ("claimed", "verified", "paid")


@dataclass(frozen=True)
class Change:
    label: str
    was: str
    now: str


@dataclass(frozen=True)
class FileRow:
    file: Evidence
    url: str  # another one for each who sees it


def masked(worker: Mapping[str, str]) -> dict[str, str]:
    return {**worker, "phone": mask_phone(worker["phone"]) if worker["phone"] else ""}


def changes_of(facts: Mapping[str, Any], before: Mapping[str, Any]) -> list[Change]:
    return [Change(gettext(LABELS.get(name, name)), said(name, before.get(name)), said(name, value)) for name, value in facts.items()]


def said(name: str, value: Any) -> str:
    if value in (None, "", []):
        return "—"
    if name in MONEY:
        return f"¥{float(value):,.2f}"
    if name == "contract":
        return str(dict(CONTRACTS).get(value, value))
    if name == "respondents":
        return gettext("、").join(named(row) for row in value)
    if name == "representatives":
        return gettext("、").join(row["name"] for row in value)
    if name == "liable":
        return gettext("、").join(" ".join([row["role_label"], *row["names"]]) for row in value)
    if name == "roads":
        return gettext("、").join(map(str, value))
    return str(value)


class SupplementPage:
    """One that was sent. `number`: which hundred of its workers."""

    def __init__(self, row: Supplement, referral: Referral, is_intact: bool, may_call: bool, url_of: Callable[[Evidence], str], number: int = 1) -> None:
        self.row, self.referral, self.is_intact, self.may_call, self.url_of = row, referral, is_intact, may_call, url_of
        self.last = max(1, -(-len(row.people.get("claimants", ())) // PEOPLE_AT_ONCE))
        self.number = min(max(number, 1), self.last)

    @property
    def files(self) -> list[FileRow]:
        return [FileRow(file, self.url_of(file)) for file in self.row.evidence.all()]

    @property
    def packets(self) -> list[Mapping[str, Any]]:
        return [file for file in self.row.files if file["kind"] == PACKET]

    @cached_property
    def changes(self) -> list[Change]:
        before = dict(self.referral.shared)
        for earlier in self.referral.supplements.all():
            if earlier.number < self.row.number:
                before |= earlier.facts
        return changes_of(self.row.facts, before)

    @property
    def claimants(self) -> list[Mapping[str, Any]]:
        rows = self.row.people.get("claimants", [])[(self.number - 1) * PEOPLE_AT_ONCE : self.number * PEOPLE_AT_ONCE]
        return [worker if self.may_call else masked(worker) for worker in rows]

    @property
    def lines(self) -> list[Line]:
        shown = {worker["id"] for worker in self.claimants}
        return Shared({}, {"lines": [line for line in self.row.people.get("lines", []) if line["worker"] in shown]}).lines

    @property
    def older(self) -> str:
        return f"?supplement={self.row.number}&people={self.number + 1}#supplement-{self.row.number}" if self.number < self.last else ""

    @property
    def newer(self) -> str:
        return f"?supplement={self.row.number}&people={self.number - 1}#supplement-{self.row.number}" if self.number > 1 else ""

    @property
    def note(self) -> str:
        return f"{self.number} / {self.last}"


class NewsPage:
    """What would be sent now."""

    def __init__(self, news: News, referral: Referral) -> None:
        self.news, self.referral = news, referral

    def __bool__(self) -> bool:
        return bool(self.news)

    @cached_property
    def changes(self) -> list[Change]:
        before = dict(self.referral.shared)
        for earlier in self.referral.supplements.all():
            before |= earlier.facts
        return changes_of(self.news.facts, before)

    @property
    def joined(self) -> list[str]:
        """The names of those who joined or whose rows changed, the first of them."""
        return [worker["name"] for worker in self.news.people.get("claimants", [])[:30]]

    @property
    def joined_count(self) -> int:
        return len(self.news.people.get("claimants", []))
