"""What suits the parties: what they need, and on which days they cannot come; said to an officer, or by themselves through a
link with a code. All verbs raise Refused."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arrears.history import hold, record
from arrears.one_by_one import one_by_one
from grid import tasklist
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from mediation.codes import code_of, is_code, new_code
from mediation.feeds.links import digest_of
from mediation.in_the_way import UNSUITED, announce, look_again, people_of, tell_of
from mediation.lifecycle import ARRANGING
from mediation.models import DatesLink, Mediation, PartyDay, PartyTerms
from mediation.models.dates_links import MOST_TRIES
from mediation.parties import Party, parties_of
from mediation.permits import mediation_posts
from mediation.slots.kinds import PART_MASKS
from mediation.slots.masks import minute, span

SEAL = "mediation.dates"
UNANSWERED = "dates_unanswered"  # grid.tasklist
DAYS_SAID = gettext_noop("登记不方便的日期")
SUITS_AGAIN = gettext_noop("删除不方便的日期")
LASTS = timedelta(days=15)
AHEAD = timedelta(days=92)
MOST_PARTY_DAYS = 40


def may_note(mediation: Mediation, person: Person, today: date) -> bool:
    return mediation.is_open and any(post.role.name in ARRANGING for post in mediation_posts(mediation, person, today))


def require_may(mediation: Mediation, person: Person, now: datetime) -> None:
    if not may_note(mediation, person, day_of(now)):
        raise Refused("not_your_role", _("您的岗位不能进行这项操作，或者调解已经结束。"))


def party_of(mediation: Mediation, pk: Any) -> Party:
    found = next((party for party in parties_of(mediation.claim) if str(party.pk) == str(pk)), None)
    if found is None:
        raise Refused("no_such_party", _("本案没有这位当事人，请刷新后再操作。"))
    return found


def set_terms(mediation: Mediation, party: Party, person: Person, *, now: datetime, version: int, **facts: Any) -> None:
    """`version` 0: nothing was said yet. What is needed stays out of the history: it may tell of somebody's health."""
    require_may(mediation, person, now)
    stale = Refused("stale", _("刚刚已被他人改动，请刷新后再填写。"))
    if version:
        rows = PartyTerms.objects.filter(mediation=mediation, party_id=party.pk, version=version)
        if not rows.update(**facts, version=F("version") + 1):
            raise stale
        return
    try:
        with transaction.atomic():
            PartyTerms.objects.create(mediation=mediation, party_id=party.pk, **facts)
    except IntegrityError as error:
        raise stale from error


def add_days(mediation: Mediation, party: Party, days: Collection[tuple[date, str]], person: Person | None, *, now: datetime) -> int:
    """Days that do not suit; one that is there already is left alone. How many are new. `person` None: the party itself."""
    today = day_of(now)
    if not days:
        raise Refused("no_day", _("请至少填写一个不方便的日期。"))
    if any(not today < day <= today + AHEAD for day, _part in days):
        raise Refused("bad_day", _("请填写明天起三个月以内的日期。"))
    with transaction.atomic():
        hold(mediation.claim)
        kept = PartyDay.objects.filter(mediation=mediation, party_id=party.pk)
        before = kept.count()
        if before + len(days) > MOST_PARTY_DAYS:
            raise Refused("too_many", _("一位当事人最多登记 %(most)s 个不方便的日期，请和调解员商量。") % {"most": MOST_PARTY_DAYS})
        PartyDay.objects.bulk_create(
            [PartyDay(mediation=mediation, party_id=party.pk, day=day, part=part, said_at=now, said_by=person) for day, part in days],
            ignore_conflicts=True,
        )
        new = kept.count() - before
        if new:
            note(mediation, party, person, now, days)
            tell_of_days(mediation, party, person, now, days)
    return new


def tell_of_days(mediation: Mediation, party: Party, person: Person | None, now: datetime, days: Collection[tuple[date, str]]) -> None:
    """Of a hearing that is arranged for such a time; else only of what the party said themselves, which nobody here has heard."""
    key, rows = f"unsuited:{party.pk}:{now.timestamp()}", mediation.hearings.live().filter(attendances__party_id=party.pk)
    in_the_way = [
        hearing for hearing in rows.for_list().select_related("mediation__mediator")
        if any(day == day_of(hearing.starts_at) and PART_MASKS[part] & span(minute(hearing.starts_at), minute(hearing.ends_at)) for day, part in days)
    ]  # fmt: skip
    if in_the_way:
        tell_of(in_the_way, UNSUITED, person, key=key, now=now)
    elif person is None:
        announce(mediation, people_of(mediation, day_of(now)), None, "dates_said", key=key, now=now)


def note(mediation: Mediation, party: Party, person: Person | None, now: datetime, days: Collection[tuple[date, str]]) -> None:
    said = "、".join(day.isoformat() for day, _part in sorted(days))
    record(
        mediation.claim, "mediation", person, now=now, move="unsuited", move_msgid=DAYS_SAID, mediation=str(mediation.pk), who=party.name, days=said
    )


def drop_day(row: PartyDay, person: Person, *, now: datetime) -> None:
    """What a party said is not undone without a word: it stands in the history."""
    require_may(row.mediation, person, now)
    with transaction.atomic():
        hold(row.mediation.claim)
        if not PartyDay.objects.filter(pk=row.pk).delete()[0]:
            raise Refused("stale", _("刚刚已被他人改动，请刷新后再填写。"))
        who = next((party.name for party in parties_of(row.mediation.claim) if party.pk == row.party_id), "")
        record(
            row.mediation.claim, "mediation", person, now=now, move="suits_again", move_msgid=SUITS_AGAIN, mediation=str(row.mediation_id),
            who=who, days=row.day.isoformat(),
        )  # fmt: skip
        look_again(row.mediation.hearings.live().for_list().select_related("mediation__mediator"), now)


# The link


def make_link(mediation: Mediation, party: Party, person: Person, *, now: datetime, until: date | None = None) -> tuple[str, str]:
    """Address part and code, shown once and told apart from each other. `until`: the last day on which it can be answered."""
    require_may(mediation, person, now)
    closes = until or day_of(now) + LASTS
    if not day_of(now) < closes <= day_of(now) + LASTS:
        raise Refused("bad_day", _("截止日期请填写明天起 %(days)s 天以内的日期。") % {"days": LASTS.days})
    token, code = new_code()
    DatesLink.objects.update_or_create(
        mediation=mediation, party_id=party.pk,
        defaults={
            "name": party.name, "digest": digest_of(token), "code": code_of(token, code, SEAL), "expires_on": closes, "tries": 0,
            "made_by": person, "made_at": now, "answered_at": None, "closed_at": None,
        },
    )  # fmt: skip
    return token, code


def link_of(token: str, today: date) -> DatesLink | None:
    """One that still leads somewhere."""
    rows = DatesLink.objects.select_related("mediation__claim").filter(digest=digest_of(token), expires_on__gte=today, tries__lt=MOST_TRIES)
    link = rows.first()
    return link if link and link.mediation.is_open else None


def open_link(link: DatesLink, token: str, code: str) -> None:
    """Raises Refused: wrong_code."""
    if not is_code(link, token, code, SEAL, MOST_TRIES):
        raise Refused("wrong_code", _("密码不对。请核对经办人告诉您的六位数字；输错太多次后链接会失效。"))


def answer(link: DatesLink, days: Collection[tuple[date, str]], *, now: datetime) -> int:
    new = add_days(link.mediation, party_of(link.mediation, link.party_id), days, None, now=now)
    DatesLink.objects.filter(pk=link.pk).update(answered_at=now)
    if not link.mediation.dates_links.filter(answered_at=None, closed_at__isnull=False).exists():  # nobody is left to be called
        tasklist.settle(f"{UNANSWERED}:{link.mediation_id}", now)
    return new


def close_links(now: datetime) -> int:
    """Whose day has passed without an answer: whoever asked, or has the case, is asked to call them. How many; safe to repeat."""
    waiting = DatesLink.objects.filter(answered_at=None, closed_at=None, expires_on__lt=day_of(now))
    return one_by_one(list(waiting.order_by("expires_on", "id").values_list("pk", flat=True)), lambda pk: close_link(pk, now))


@transaction.atomic
def close_link(pk: Any, now: datetime) -> bool:
    link = DatesLink.objects.select_related("mediation__claim", "mediation__mediator", "made_by").get(pk=pk)
    if not DatesLink.objects.filter(pk=pk, answered_at=None, closed_at=None).update(closed_at=now):
        return False
    mediation, claim, today = link.mediation, link.mediation.claim, day_of(now)
    people = people_of(mediation, today) if mediation.is_open else []
    if not people:
        return False
    owner = link.made_by if may_note(mediation, link.made_by, today) else people[0]
    tasklist.add(
        owner, UNANSWERED, key=f"{UNANSWERED}:{mediation.pk}", now=now, facts={"number": claim.number, "day": link.expires_on.isoformat()},
        path=f"/mediations/{mediation.pk}/parties/", subject_id=claim.pk, region_code=claim.region_id,
    )  # fmt: skip
    return True
