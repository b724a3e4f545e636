"""待交接: the open work of people who left or are leaving, and handing it over in one act.

Everything still tied by name to somebody who is inactive, has no post covering it any more, or whose posts end soon.
Leads hand over what lies in their region at their level or below; administrators see how much there is and nothing of it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from arrears.handover_kinds import ACTING, KINDS, Kind, claim_of, locked
from arrears.history import event_row
from arrears.models import Claim, Event
from arrears.worker.notices import tell_all
from grid import letters
from grid.authority import administered
from grid.bulk import insert
from grid.days import day_of
from grid.models import AccessLog, Leave, Notice, Person, Posting
from grid.models.notices import DROPPED, HELD, QUEUED, SENT
from grid.notices import tell
from grid.refused import Refused
from grid.roles import LEADS, LEVELS
from grid.rostering import WITHDRAWN, log
from grid.scope import COLUMNS, Scope
from grid.vacancies import SOON

BATCH = 200  # rows in one transaction
INACTIVE, MOVED, SOON_GONE = "inactive", "moved", "soon"


def reach(scope: Scope, kind: Kind) -> Q:
    """What of a kind somebody of this scope may hand over: the condition on its rows."""
    wanted = Q(pk__in=[])
    for post in scope.posts:
        if post.role.name in LEADS.values() and post.level:
            levels = LEVELS[: LEVELS.index(post.level) + 1]
            column = kind.level or f"{kind.path}level"
            wanted |= inside(kind, post.region) & (Q(**{f"{column}__in": levels}) if kind.path is not None else Q())
    return wanted


def counted(scope: Scope, kind: Kind) -> Q:
    """What of a kind an administrator sees the number of."""
    wanted = reach(scope, kind)
    for code in administered(scope):
        wanted |= inside(kind, code)
    return wanted


def inside(kind: Kind, code: str) -> Q:
    if kind.path is None:
        return Q(region_code__startswith=code)
    return Q(**{f"{kind.path}{COLUMNS[len(code)]}": code})


# The list


@dataclass
class Leaver:
    """Somebody with work they do not, or soon will not, see any more; how much of each kind."""

    person: Person
    reason: str  # INACTIVE, MOVED, SOON_GONE
    work: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.work.values())


def leavers(scope: Scope) -> list[Leaver]:
    """The most work first. One question for each kind, whatever the number of people."""
    today, soon = scope.day, scope.day + SOON
    asked = suspects(today)
    work: dict[Any, dict[str, int]] = {}
    left: set[Any] = set()
    for kind in KINDS.values():
        rows = kind.rows().filter(counted(scope, kind), ~kind.covers(kind.path or "", kind.owner, soon))
        found = rows.filter(**{f"{kind.owner}__in": asked}).order_by().values_list(kind.owner)
        gone = Count("pk", filter=~Q(kind.covers(kind.path or "", kind.owner, today)))
        for person_id, number, gone_already in found.annotate(number=Count("pk"), gone=gone):
            work.setdefault(person_id, {})[kind.name] = number
            left |= {person_id} if gone_already else set()
    people = Person.objects.in_bulk(work)
    made = [
        Leaver(person, MOVED if pk in left and person.is_active else SOON_GONE if person.is_active else INACTIVE, work[pk])
        for pk, person in people.items()
    ]
    return sorted(made, key=lambda one: (-one.total, one.person.full_name))


def suspects(today: date) -> QuerySet:
    """The ids of everybody who lost a post or soon will, or has no account any more: few among many. A post that was
    withdrawn on its first day has left no row but in the log."""
    held = Posting.objects.filter(person=OuterRef("pk"))
    ended = held.filter(ends_on__lt=today + SOON)
    withdrawn = AccessLog.objects.filter(subject_id=OuterRef("pk"), act=WITHDRAWN)
    return Person.objects.filter(Q(is_active=False) | Exists(ended) | ~Exists(held) | Exists(withdrawn)).values("pk")


# The act


@dataclass(frozen=True)
class Item:
    kind: Kind
    row: Any
    bundle: Any = None  # what goes together with others has the same one
    size: int = 1

    @property
    def claim(self) -> Claim | None:
        return claim_of(self.row)


@dataclass(frozen=True)
class Stays:
    """What is not handed over, and why."""

    item: Item
    reason: str  # no_receiver, together, changed, busy


@dataclass
class Plan:
    leaver: Person
    gives: list[tuple[Item, Person]] = field(default_factory=list)
    stays: list[Stays] = field(default_factory=list)
    drops: list[Item] = field(default_factory=list)

    def counts(self) -> Counter[Person]:
        return Counter(person for _item, person in self.gives)

    @property
    def ends(self) -> list[Item]:
        """What nobody is asked any more: alerts about something that does not go to anybody."""
        claims = {item.claim.pk for item, _person in self.gives if item.claim}
        return [item for item in self.drops if item.row.subject_id not in claims]

    def of_kind(self) -> dict[Person, Counter[str]]:
        found: dict[Person, Counter[str]] = {}
        for item, person in self.gives:
            found.setdefault(person, Counter())[item.kind.name] += 1
        return found


def items_of(leaver: Person, scope: Scope) -> list[Item]:
    """Everything in the person's hands that somebody of this scope may hand over, kind by kind."""
    items = []
    for kind in KINDS.values():
        rows = list(kind.rows().filter(reach(scope, kind), **{kind.owner: leaver.pk}).order_by("pk"))
        bundles = kind.bundles([row.pk for row in rows]) if rows else {}
        items += [Item(kind, row, *bundles.get(row.pk, (None, 1))) for row in rows]
    return items


def receivers_for(leaver: Person, items: Collection[Item], today: date) -> list[tuple[Person, int]]:
    """Who is here and may take some of it, with how much; the nearest first. Two queries."""
    rows = Posting.objects.present(today).select_related("person", "region", "body").order_by("starts_on", "pk")
    held: dict[Person, list[Posting]] = {}
    for row in rows:
        held.setdefault(row.person, []).append(row)
    found = []
    for person, postings in held.items():
        person.know_scope(Scope.from_postings(postings, today))
        number = sum(not item.kind.is_dropped and item.kind.may_take(item.row, person, today) for item in items)
        if number and person.pk != leaver.pk and any(row.role in ACTING for row in postings):
            found.append((person, number))
    return sorted(found, key=lambda one: (-max(map(len, one[0].scope(today).regions), default=0), one[0].full_name))


def plan_for(leaver: Person, receivers: Iterable[Person], scope: Scope) -> Plan:
    """Spread evenly: each goes to whoever may take it and has got the fewest so far; what belongs together goes to one of them,
    or stays."""
    plan, got = Plan(leaver), Counter()
    receivers = list(receivers)
    for items in together(items_of(leaver, scope)):
        first = items[0]
        if first.kind.is_dropped:
            plan.drops += items
            continue
        fitting = [one for one in receivers if all(item.kind.may_take(item.row, one, scope.day) for item in items)]
        if not fitting or len(items) < first.size:  # the rest is somebody else's, or in a region they do not hand over from
            reason = "together" if first.size > 1 and any(first.kind.may_take(first.row, one, scope.day) for one in receivers) else "no_receiver"
            plan.stays += [Stays(item, reason) for item in items]
            continue
        chosen = min(fitting, key=lambda one: got[one.pk])
        got[chosen.pk] += len(items)
        plan.gives += [(item, chosen) for item in items]
    return plan


def together(items: Iterable[Item]) -> list[list[Item]]:
    """Each bundle where its first one stood."""
    found: dict[Any, list[Item]] = {}
    for item in items:
        found.setdefault((item.kind.name, item.bundle or item.row.pk), []).append(item)
    return list(found.values())


def batches(gives: Sequence[tuple[Item, Person]]) -> Iterator[list[tuple[Item, Person]]]:
    """What is written in one transaction; a bundle is never cut."""
    batch: list[tuple[Item, Person]] = []
    for one in gives:
        if len(batch) >= BATCH and (one[0].bundle is None or one[0].bundle != batch[-1][0].bundle):
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch


def hand_over(
    leaver: Person, receivers: Collection[Person], actor: Person, *, now: datetime, reason: str
) -> Plan:  # fmt: skip
    """What really changed hands, and what did not. Safe to repeat: what somebody else has taken meanwhile stays theirs.

    Raises Refused: not_your_role, no_receiver, receiver_is_leaver, receiver_gone, receiver_away, no_reason.
    """
    scope = actor.scope(day_of(now))
    check(leaver, receivers, scope, reason)
    plan = plan_for(leaver, receivers, scope)
    planned, done = plan.counts(), Plan(leaver, stays=plan.stays)
    for batch in batches(plan.gives):
        with transaction.atomic():
            hold_all({item.claim.pk for item, _receiver in batch if item.claim})
            given, stayed = give_batch(batch, leaver)
            claims = Claim.objects.in_bulk({item.claim.pk for item, _receiver in given if item.claim})
            happened = [
                (claims[item.claim.pk], event_of(claims[item.claim.pk], item, leaver, to, actor, now, reason))
                for item, to in given
                if item.claim
            ]
            insert(event for _claim, event in happened)
            tell_all(happened, now)
            pass_on_alerts(leaver, given, now)
            drop_alerts(leaver, claims)
            for receiver in {receiver.pk: receiver for _item, receiver in given}.values():
                tell_receiver(leaver, receiver, actor, now, planned[receiver])
        done.gives += given
        done.stays += stayed
    with transaction.atomic():
        drop_rest(plan, leaver, scope.day)
        if done.gives:
            log(actor, "hand_over", leaver, now, reason=words_of(done))
    return done


def hold_all(claims: Collection[Any]) -> None:
    """Before what is about them, as every verb does (history.hold), and in one order."""
    list(Claim.objects.filter(pk__in=claims).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def check(leaver: Person, receivers: Collection[Person], scope: Scope, reason: str) -> None:
    if not any(post.role.name in LEADS.values() for post in scope.posts):
        raise Refused("not_your_role", _("您的岗位不能进行这项操作。"))
    if not receivers:
        raise Refused("no_receiver", _("请选择接收人。"))
    if any(one.pk == leaver.pk for one in receivers):
        raise Refused("receiver_is_leaver", _("接收人不能是移交人本人。"))
    if not all(one.is_active and one.scope(scope.day).posts for one in receivers):
        raise Refused("receiver_gone", _("接收人已经没有任职，请另选。"))
    away = Leave.objects.filter(person__in=receivers, starts_on__lte=scope.day, ends_on__gte=scope.day)
    if gone := away.select_related("person").first():
        raise Refused("receiver_away", _("%(name)s正在请假，请另选接收人。") % {"name": gone.person.full_name})
    if len(reason.strip()) < 2:
        raise Refused("no_reason", _("请写明移交原因。"))


Given = list[tuple[Item, Person]]


def give_batch(batch: Collection[tuple[Item, Person]], leaver: Person) -> tuple[Given, list[Stays]]:
    """In one order everywhere, so that two acts do not wait for each other."""
    order = sorted(batch, key=lambda one: (list(KINDS).index(one[0].kind.name), str(one[1].pk)))
    given: Given = []
    stayed: list[Stays] = []
    for (kind, receiver), pairs in groupby(order, key=lambda one: (one[0].kind, one[1])):
        items = [item for item, _receiver in pairs]
        moved = kind.give(kind, [item.row for item in items], leaver, receiver)
        given += [(item, receiver) for item in items if item.row.pk in moved]
        left = [item for item in items if item.row.pk not in moved]
        still = locked(kind, [item.row for item in left], leaver) if left else ()
        stayed += [Stays(item, "busy" if item.row.pk in still else "changed") for item in left]
    return given, stayed


def event_of(claim: Claim, item: Item, leaver: Person, to: Person, actor: Person, now: datetime, reason: str) -> Event:
    """With the claim as it stands now, not as it was planned with."""
    facts = {"from": leaver, "to": to, "what": item.kind.name, "reason": reason.strip()}
    return event_row(claim, "handed_over", actor, now=now, **facts)


def pass_on_alerts(leaver: Person, given: Given, now: datetime) -> None:
    """What the leaver was still to acknowledge is asked of whoever has the case now: as the same thing, said when it
    was said, so that their word counts beside that of others who were told. Who was told themselves is not told again."""
    heirs: dict[Any, Person] = {}
    for item, receiver in given:
        if item.claim and (item.kind.name == "claim" or item.claim.pk not in heirs):
            heirs[item.claim.pk] = receiver
    asked = Notice.objects.inbox_of(leaver).to_acknowledge().filter(subject_id__in=heirs)
    about = [(heirs[row.subject_id], letters.About(*(getattr(row, name) for name in letters.About.__slots__))) for row in asked]
    letters.post(letters.Letter(what, heir, "in_app", SENT, sent_at=now) for heir, what in about)


def drop_alerts(leaver: Person, claims: Collection[Any]) -> None:
    """What the leaver was still to acknowledge or to be sent about these claims."""
    told = Notice.objects.filter(recipient=leaver, subject_id__in=claims)
    told.filter(Q(state__in=(QUEUED, HELD)) | Q(channel="in_app", ack_by__isnull=False, acknowledged_at=None)).update(state=DROPPED)


def drop_rest(plan: Plan, leaver: Person, today: date) -> None:
    """Of somebody who is still in a post the alerts about what stays with them stay, too."""
    if leaver.is_active and Posting.objects.on(today).filter(person=leaver).exists():
        return
    for name, items in groupby(plan.drops, key=lambda item: item.kind.name):
        KINDS[name].give(KINDS[name], [item.row for item in items], leaver, leaver)


def tell_receiver(leaver: Person, receiver: Person, actor: Person, now: datetime, number: int) -> None:
    """One notice for everything, with the number that was planned; the first batch writes it."""
    tell(
        [receiver], "work_handed_over", key=f"handover:{leaver.pk}:{receiver.pk}:{now.timestamp()}", now=now,
        facts={"by": str(actor), "from": leaver.full_name, "n": number}, path="/",
    )  # fmt: skip


def words_of(done: Plan) -> str:
    """For the log: 王格 → 章镇 12、何镇 11"""
    return f"{done.leaver.full_name} → " + "、".join(f"{one.full_name} {number}" for one, number in done.counts().items())
