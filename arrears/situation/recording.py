"""The verb of a claim's situation: what was said of it, kept as its newest state, each change an event of its history."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from arrears.history import hold, record
from arrears.intake import RespondentFacts, employer_of, respondent_row
from arrears.lifecycle import CLAIM, OFFICE
from arrears.limitation.running import run_limits
from arrears.models import Claim, Situation
from arrears.permits import claim_posts, find, may, require
from arrears.search import grams, squeeze
from arrears.situation.facts import TICKS
from arrears.situation.of_claim import situation_of
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

# Units of the chain whose name may be found out later; who the worker was hired by was asked at the beginning.
FOUND_LATER = ("owner", "general", "sub", "investor")


@dataclass(frozen=True)
class Said:
    """What is said of a claim: everything that holds, not the change. `names`: units found out meanwhile, by role."""

    ticks: Collection[str] = ()
    unsettled: Decimal | None = None
    lender: str = ""
    last_working_day: date | None = None
    names: Mapping[str, str] = field(default_factory=dict)


def state_facts(claim: Claim, person: Person | None, said: Said, *, now: datetime) -> Situation:
    """Keeps what was said. Saying the same again changes nothing. Raises Refused: not_your_role, wrong_state,
    unknown_fact, office_decides, cap_without_owner, in_future, already_named."""
    if person is not None:
        require(may(find(CLAIM, "state_facts"), claim, person, day_of(now)))
    with transaction.atomic():
        claim = hold(claim)
        if person is not None:
            require(may(find(CLAIM, "state_facts"), claim, person, day_of(now)))
        before = situation_of(claim)
        check(claim, before, said, person, day_of(now))
        change = change_of(claim, before, said)
        if not change:
            return before
        kept, _created = Situation.objects.update_or_create(
            claim=claim, defaults={
                "said": in_order(said.ticks), "unsettled": said.unsettled, "lender": said.lender, "recorded_by": person,
                "recorded_at": now,
            },
        )  # fmt: skip
        add_parties(claim, said.names)
        if said.last_working_day and said.last_working_day != claim.last_working_day:
            claim.last_working_day = said.last_working_day
            Claim.objects.filter(pk=claim.pk).update(last_working_day=said.last_working_day)
        record(claim, "state_facts", person, now=now, **{name: None if value == [] else value for name, value in change.items()})
        run_limits(claim, kept.said, person, now)
    return kept


def check(claim: Claim, before: Situation, said: Said, person: Person | None, today: date) -> None:
    if unknown := set(said.ticks) - TICKS.keys():
        raise Refused("unknown_fact", _("没有这一项情形：%(names)s") % {"names": _("、").join(sorted(unknown))})
    changed = set(before.said) ^ set(said.ticks)
    if person is not None and any(TICKS[name].office for name in changed & TICKS.keys()) and not is_office(claim, person, today):
        raise Refused("office_decides", _("这一项要由网格长或者专员认定。"))
    if said.unsettled is not None and "owner_unpaid" not in said.ticks:
        raise Refused("cap_without_owner", _("填写了未结清的工程款，请同时勾选“建设单位没有按合同约定及时拨付工程款”。"))
    if said.last_working_day and said.last_working_day > today:
        raise Refused("in_future", _("最后工作日不能晚于今天。"))
    named = set(claim.respondents.values_list("role", flat=True))
    if wrong := [role for role, name in said.names.items() if name and (role not in FOUND_LATER or role in named)]:
        raise Refused("already_named", _("这一角色已经登记在案或者不能在此补充：%(roles)s") % {"roles": _("、").join(wrong)})


def is_office(claim: Claim, person: Person, today: date) -> bool:
    return any(post.role.name in OFFICE for post in claim_posts(claim, person, today))


def in_order(ticks: Collection[str]) -> list[str]:
    """As the table has them, so that equal situations are equal rows."""
    return [name for name in TICKS if name in ticks]


def change_of(claim: Claim, before: Situation, said: Said) -> dict[str, Any]:
    """What is new, as the facts of the event; empty if nothing is."""
    was = set(before.said)
    change: dict[str, Any] = {
        "added": [name for name in in_order(said.ticks) if name not in was],
        "removed": [name for name in before.said if name not in said.ticks],
        "parties": [name for name in said.names.values() if name],
    }
    for name in ("unsettled", "lender"):
        was_said, now_said = getattr(before, name), getattr(said, name)
        if was_said == now_said:
            continue
        if now_said in (None, ""):
            change.setdefault("cleared", []).append(name)
        else:
            change[name] = now_said
    if said.last_working_day and said.last_working_day != claim.last_working_day:
        change |= {"last_working_day": said.last_working_day, "last_working_day_was": claim.last_working_day}
    found = {name: value for name, value in change.items() if value not in ([], None)}
    return found or ({} if before.recorded_at else {"added": []})


def add_parties(claim: Claim, names: Mapping[str, str]) -> None:
    """The units found out meanwhile become respondents, and the claim is found by their names."""
    found = {role: name for role, name in names.items() if name}
    for role, name in found.items():
        facts = RespondentFacts(legal_name=name, role=role)
        respondent_row(claim, facts, employer_of(facts, claim.region)).save(force_insert=True)
    if found:
        claim.search_text = "\n".join([claim.search_text, *map(squeeze, found.values())])
        claim.search_grams = grams(claim.search_text)
        Claim.objects.filter(pk=claim.pk).update(search_text=claim.search_text, search_grams=claim.search_grams)
