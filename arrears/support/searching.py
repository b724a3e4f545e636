"""查找被告: who is the man workers know by a nickname? Leads, ways that are tried, and what was found."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from arrears.casework import told_of
from arrears.history import hold, record
from arrears.models import Clock, Employer, Evidence, Respondent, Search, SearchWay
from arrears.notice_kinds import facts_of
from arrears.permits import require
from arrears.shown import SHOWN, fill
from arrears.support.lifecycle import ALLOWED, ASKED, DENIED, FIND_RULE, FOUND, GIVEN_UP, QUERY_RULE, TRIED
from arrears.support.permits import may_change, may_decide, may_search, may_try
from arrears.support.table import WAYS
from arrears.timing import clocks
from grid.access import log_access
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.notices import tell
from grid.refused import Refused
from grid.roles import CITY

LEADS = ("nickname", "phone", "plate", "site", "known_by")


def start(
    respondent: Respondent, person: Person, *, now: datetime, account: str = "", photo: Evidence | None = None, **leads: str
) -> Search:
    """Raises Refused: as casework.advance; known_already, no_lead, other_claim, search_open."""
    claim = respondent.claim
    said = {name: leads.get(name, "").strip() for name in LEADS}
    require(may_search(claim, person, day_of(now)))
    if respondent.legal_name and respondent.is_identified:
        raise Refused("known_already", _("这个被申请方的名称和号码都已在案，不用查找。"))
    if not any(said.values()) and not account.strip() and photo is None:
        raise Refused("no_lead", _("请至少写一条线索：绰号、电话、车牌、收付款账号、工地、照片或者谁认识他。"))
    if photo is not None and photo.claim_id != claim.pk:
        raise Refused("other_claim", _("所选证据不属于本案。"))
    with transaction.atomic():
        claim = hold(claim)
        search = Search(claim=claim, respondent=respondent, photo=photo, started_by=person, started_at=now, **said)
        search.put_account(account.strip())
        try:
            with transaction.atomic():
                search.save(force_insert=True)
        except IntegrityError as twice:
            if "one_search_each" not in str(twice):
                raise
            raise Refused("search_open", _("这个被申请方正在查找，请在那一次查找上继续。")) from twice
        clock = clocks.start(claim, FIND_RULE, day_of(now), now=now, about_id=search.pk)
        show_due(search, clock.due_on)
        record(claim, "search", person, now=now, **event_facts(search, "start", who=respondent.aliases or respondent.legal_name))
    return search


def add_lead(search: Search, person: Person, *, now: datetime, account: str = "", photo: Evidence | None = None, **leads: str) -> Search:
    """More of what is known. Raises Refused: those of `may_change`, no_lead, other_claim."""
    said = {name: leads[name].strip() for name in LEADS if leads.get(name, "").strip()}
    if not said and not account.strip() and photo is None:
        raise Refused("no_lead", _("请至少写一条线索：绰号、电话、车牌、收付款账号、工地、照片或者谁认识他。"))
    if photo is not None and photo.claim_id != search.claim_id:
        raise Refused("other_claim", _("所选证据不属于本案。"))
    with transaction.atomic():
        search = held(search)
        require(may_change(search, person, day_of(now)))
        for name, value in said.items():
            setattr(search, name, value)
        if account.strip():
            search.put_account(account.strip())
        search.photo = photo or search.photo
        search.save(update_fields=[*LEADS, "account_sealed", "account_masked", "photo"])
        record(search.claim, "search", person, now=now, **event_facts(search, "lead"))
    return search


def begin_way(search: Search, person: Person, way: str, reason: str, *, now: datetime) -> SearchWay:
    """A query of accounts, houses and vehicles waits for the city. Raises Refused: those of `may_change`, unknown_way, no_reason."""
    row = WAYS.get(way)
    if row is None:
        raise Refused("unknown_way", _("没有这种查找办法。"))
    if not reason.strip():
        raise Refused("no_reason", _("请写明查什么、为什么。"))
    with transaction.atomic():
        search = held(search)
        require(may_change(search, person, day_of(now)))
        begun = SearchWay.objects.create(
            search=search, way=way, state=ASKED if row.needs_city else ALLOWED, level=CITY if row.needs_city else "",
            reason=reason.strip()[:300], begun_by=person, begun_at=now,
        )  # fmt: skip
        record(search.claim, "search", person, now=now, **event_facts(search, "ask" if row.needs_city else "way", search_way=way, reason=begun.reason))
        if row.needs_city:
            clock = clocks.start(search.claim, QUERY_RULE, day_of(now), now=now, about_id=begun.pk)
            ask_city(begun, clock, person, now)
    return begun


def ask_city(way: SearchWay, clock: Clock, person: Person, now: datetime) -> None:
    claim = way.search.claim
    people = Roster.around(claim.region_id, day_of(now)).answerable(CITY, claim.region_id)[1]
    tell(
        [one for one in people if one != person], "query_asked", key=f"query:{way.pk}:ask", now=now, path=f"/searches/{way.search_id}/",
        subject_id=claim.pk, region_code=claim.region_id, facts={**facts_of(claim), "due": clock.due_on.isoformat(), "by": str(person), "move_msgid": ""},
    )  # fmt: skip


def decide(way: SearchWay, person: Person, *, now: datetime, allows: bool, decision: str = "") -> SearchWay:
    """Raises Refused: those of `may_decide`; no_reason, where it is denied."""
    if not allows and not decision.strip():
        raise Refused("no_reason", _("不批准的，请写明理由。"))
    with transaction.atomic():
        way = held_way(way)
        require(may_decide(way, person, day_of(now)))
        way.state, way.level, way.decided_by, way.decided_at, way.decision = ALLOWED if allows else DENIED, "", person, now, decision.strip()[:300]
        way.save(update_fields=["state", "level", "decided_by", "decided_at", "decision"])
        claim = way.search.claim
        clocks.stop(claim, [QUERY_RULE], now=now, about_id=way.pk)
        record(claim, "search", person, now=now, **event_facts(way.search, "allow" if allows else "deny", search_way=way.way, reason=way.decision))
        tell_handler(way.search, person, now, _("批准查询") if allows else _("不批准查询"), key=f"query:{way.pk}:decided")
    return way


def tried(way: SearchWay, person: Person, *, now: datetime, tried_on: date, result: str) -> SearchWay:
    """Raises Refused: those of `may_try`, in_future, no_words."""
    if tried_on > day_of(now):
        raise Refused("in_future", _("日期不能晚于今天。"))
    if not result.strip():
        raise Refused("no_words", _("请写明查到什么；没有查到的，也写明。"))
    with transaction.atomic():
        way = held_way(way)
        require(may_try(way, person, day_of(now)))
        way.state, way.tried_on, way.result = TRIED, tried_on, result.strip()[:500]
        way.save(update_fields=["state", "tried_on", "result"])
        record(way.search.claim, "search", person, now=now, happened_on=tried_on, **event_facts(way.search, "tried", search_way=way.way, result_of=way.result))
    return way


def found(
    search: Search, person: Person, *, now: datetime, legal_name: str, credit_code: str = "", id_number: str = "", phone: str = "",
    address: str = "", how: str = "",
) -> Search:  # fmt: skip
    """He has a name, and a number that tells him apart; what workers call him stays. Raises Refused: those of `may_change`,
    no_name, no_number."""
    if not legal_name.strip():
        raise Refused("no_name", _("请写明查到的真实姓名或者名称。"))
    if not credit_code and not id_number:
        raise Refused("no_number", _("请填统一社会信用代码或者身份证号：没有号码，法院难以认定是哪一个人。"))
    with transaction.atomic():
        search = held(search)
        require(may_change(search, person, day_of(now)))
        respondent = Respondent.objects.select_for_update().get(pk=search.respondent_id)
        was = str(respondent)
        respondent.aliases = aliases_of(respondent, legal_name.strip(), search.nickname)
        respondent.legal_name = legal_name.strip()[:120]
        respondent.credit_code = credit_code or respondent.credit_code
        respondent.phone, respondent.address = phone or respondent.phone, address.strip()[:200] or respondent.address
        if credit_code:
            respondent.employer = Employer.objects.filter(credit_code=credit_code).first() or respondent.employer
        if id_number:
            respondent.put_id_number(id_number)
        respondent.save(update_fields=["aliases", "legal_name", "credit_code", "phone", "address", "employer", "id_sealed", "id_index", "id_masked"])
        claim = search.claim
        fill(claim, list(claim.claimants.filter(same_as=None).values_list("name", flat=True)), list(claim.respondents.all()), claim.site.name if claim.site else "")
        claim.save(update_fields=list(SHOWN))
        finish(search, FOUND, person, now, how or respondent.legal_name, was_met=True, who=respondent.legal_name, was=was)
    return search


def aliases_of(respondent: Respondent, legal_name: str, nickname: str) -> str:
    """Every name he was known by, once; the longest that fits."""
    known = [respondent.aliases, respondent.legal_name, nickname]
    names = list(dict.fromkeys(name for name in known if name and name != legal_name))
    return "；".join(names)[:200]


def give_up(search: Search, person: Person, *, now: datetime, reason: str) -> Search:
    """Raises Refused: those of `may_change`, no_reason."""
    if not reason.strip():
        raise Refused("no_reason", _("请写明为什么停止查找。"))
    with transaction.atomic():
        search = held(search)
        require(may_change(search, person, day_of(now)))
        finish(search, GIVEN_UP, person, now, reason.strip(), was_met=False)
    return search


def finish(search: Search, state: str, person: Person, now: datetime, result: str, *, was_met: bool, **facts: Any) -> None:
    search.state, search.ended_by, search.ended_at, search.result, search.due_on = state, person, now, result[:300], None
    search.save(update_fields=["state", "ended_by", "ended_at", "result", "due_on"])
    clocks.stop(search.claim, [FIND_RULE], now=now, was_met=was_met, about_id=search.pk)
    for way in search.ways.filter(state=ASKED):
        way.state, way.level = DENIED, ""
        way.save(update_fields=["state", "level"])
        clocks.stop(search.claim, [QUERY_RULE], now=now, was_met=False, about_id=way.pk)
    record(search.claim, "search", person, now=now, **event_facts(search, state, reason=search.result, **facts))
    tell_handler(search, person, now, _("已查明") if state == FOUND else _("停止查找"), key=f"search:{search.pk}:{state}")


def reveal_account(way: SearchWay, person: Person, reason: str, *, now: datetime, address: str | None = None) -> str:
    """The account that may be looked up, once the city has allowed it. Raises Refused: those of `may_try`, reason_needed."""
    require(may_try(way, person, day_of(now)))
    if not WAYS[way.way].needs_city:
        raise Refused("not_a_query", _("只有经市级批准的查询，才需要看完整账号。"))
    if len(reason.strip()) < 4:
        raise Refused("reason_needed", _("请写明查看账号的理由（不少于四个字）。"))
    claim = way.search.claim
    with transaction.atomic():
        log_access(person, "reveal", "search", way.search_id, now=now, region_code=claim.region_id, reason=reason, address=address)
        record(claim, "search", person, now=now, **event_facts(way.search, "revealed", reason=reason))
    return way.search.account()


def tell_handler(search: Search, person: Person, now: datetime, what: str, *, key: str) -> None:
    claim = search.claim
    people = [one for one in told_of(claim, ("handler",), day_of(now)) if one != person]
    if people:
        tell(
            people, "support_moved", key=key, now=now, path=f"/searches/{search.pk}/", subject_id=claim.pk, region_code=claim.region_id,
            facts={**facts_of(claim), "move_msgid": what, "by": str(person)},
        )  # fmt: skip


def held(search: Search) -> Search:
    claim = hold(search.claim)
    search = Search.objects.get(pk=search.pk)
    search.claim = claim
    return search


def held_way(way: SearchWay) -> SearchWay:
    search = held(way.search)
    way = SearchWay.objects.get(pk=way.pk)
    way.search = search
    return way


def show_due(search: Search, due_on: date) -> None:
    search.due_on = due_on
    Search.objects.filter(pk=search.pk).update(due_on=due_on)


def event_facts(search: Search, move: str, **facts: Any) -> dict[str, Any]:
    return {"move": move, "search": str(search.pk), **facts}
