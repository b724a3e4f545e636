"""What can be in somebody's hands by name, one row a kind: who has it, who may take it over, and how it changes hands.
The apps above add theirs with `add_kinds` in a module called hands."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from arrears.lifecycle import ORDER, REFERRAL
from arrears.models import Claim, Order, Referral, Service
from arrears.permits import claim_posts, find
from arrears.supervision.permits import is_addressee
from grid.models import Notice, Person, Posting, Task
from grid.models.notices import DROPPED, HELD, QUEUED
from grid.open_work import Work, add_work
from grid.roles import COUNTY, ROLES
from grid.scope import COLUMNS

ACTING = [role.name for role in ROLES.values() if role.acts and role.sees == "region"]


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


def covering(path: str, owner: str, day: date) -> Exists:
    """Does the owner hold a post that acts where the claim at `path` is, on the day?"""
    at = Q(pk__in=[])
    for column in COLUMNS.values():
        at |= Q(region=OuterRef(f"{path}{column}"))
    return Exists(Posting.objects.on(day).filter(at, role__in=ACTING, person=OuterRef(owner)))


def any_post(path: str, owner: str, day: date) -> Exists:
    """Does the owner hold any post on the day?"""
    return Exists(Posting.objects.on(day).filter(person=OuterRef(owner)))


def may_handle(row: Any, person: Person, today: date) -> bool:
    """The same as permits.handlers_for, asked of one person whose posts are read already."""
    return person.is_active and bool(claim_posts(claim_of(row), person, today))


def may_reply(order: Order, person: Person, today: date) -> bool:
    """Whoever follows an order must be one of those it can be answered by."""
    posts = claim_posts(order.claim, person, today) if person.is_active else []
    return any(post.role.name in REPLY.roles and is_addressee(post, order) for post in posts)


def may_recall(referral: Referral, person: Person, today: date) -> bool:
    """Whoever follows a referral must be one of those who can send and recall it."""
    posts = claim_posts(referral.claim, person, today) if person.is_active else []
    return any(post.role.name in RECALL.roles for post in posts)


def sees_place(row: Any, person: Person, today: date) -> bool:
    """A task without a place is anybody's who holds a post."""
    scope = person.scope(today)
    places = [post.region for post in scope.posts if post.region]
    return person.is_active and any(not row.region_code or row.region_code.startswith(code) for code in places)


def claim_of(row: Any) -> Claim | None:
    return row if isinstance(row, Claim) else getattr(row, "claim", None)


def locked(kind: "Kind", rows: Collection[Any], leaver: Person) -> set[Any]:
    """The ids of what is still the leaver's, and open; nobody else changes it until the transaction ends."""
    ids = [row.pk for row in rows]
    everything = kind.rows().model._default_manager
    list(everything.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    return set(kind.rows().filter(pk__in=ids, **{kind.owner: leaver.pk}).order_by().values_list("pk", flat=True))


def give(kind: "Kind", rows: Collection[Any], leaver: Person, receiver: Person) -> set[Any]:
    """Writes the new owner. The ids of what changed hands."""
    ids = locked(kind, rows, leaver)
    kind.rows().model._default_manager.filter(pk__in=ids).update(**{kind.column: receiver})
    return ids


@dataclass(frozen=True)
class Kind:
    """`rows`: the open ones, with the fields a page shows. `owner`: the column or annotation that says whose it is;
    `column`: the one that is written. `path`: to the claim's own columns; None for what has only `region_code`.
    `may_take(row, person, today)`; `give(kind, rows, leaver, receiver)` answers which changed hands, inside a transaction.
    `bundles(ids)`: by id, what has to go to one receiver together and of how many that consists; the rest goes by itself.
    """

    name: str
    label: str
    rows: Callable[[], QuerySet]
    owner: str
    column: str
    path: str | None
    level: str = ""  # the column that says at which level it is; "": the claim's
    covers: Callable[[str, str, date], Exists] = covering
    may_take: Callable[[Any, Person, date], bool] = may_handle
    give: Callable[["Kind", Collection[Any], Person, Person], set[Any]] = field(default=give, repr=False)
    bundles: Callable[[Collection[Any]], Mapping[Any, tuple[Any, int]]] = lambda ids: {}
    is_dropped: bool = False  # nobody takes it over: it ends with the act


def claims() -> QuerySet:
    return Claim.objects.open().for_list()


REPLY, RECALL = find(ORDER, "reply"), find(REFERRAL, "recall")


def orders() -> QuerySet:
    rows = Order.objects.filter(state__in=ORDER.open_states).select_related("claim")
    return rows.annotate(holder=Coalesce("followed_by", "received_by"))


def referrals() -> QuerySet:
    rows = Referral.objects.filter(state__in=REFERRAL.open_states).exclude(sent_at=None).select_related("claim", "body")
    return rows.annotate(holder=Coalesce("followed_by", "sent_by"), sent_from=Value(COUNTY))  # the lowest level that sends


def services() -> QuerySet:
    return Service.objects.filter(state="waiting").select_related("claim")


def tasks() -> QuerySet:
    return Task.objects.filter(done_at=None)


def alerts() -> QuerySet:
    """What the leaver is still to acknowledge."""
    return Notice.objects.filter(channel="in_app").to_acknowledge()


def drop(kind: Kind, rows: Collection[Any], leaver: Person, receiver: Person | None) -> set[Any]:
    """The receiver is told once of everything; the leaver's own alerts are not passed on one by one."""
    keys = [row.key for row in rows]
    told = Notice.objects.filter(recipient=leaver, key__in=keys, acknowledged_at=None)
    told.filter(Q(channel="in_app") | Q(state__in=(QUEUED, HELD))).update(state=DROPPED)
    return {row.pk for row in rows}


KINDS: dict[str, Kind] = {}
WHAT: dict[str, str] = {}  # name → label, for the words of the history


def add_kinds(kinds: Iterable[Kind]) -> None:
    for kind in kinds:
        KINDS[kind.name] = kind
        WHAT[kind.name] = kind.label
        add_work([Work(kind.name, kind.label, partial(open_work_of, kind))])


def open_work_of(kind: Kind, people: Collection[Any]) -> dict[Any, int]:
    """How much of the kind each has, wherever it is."""
    rows = kind.rows().filter(**{f"{kind.owner}__in": list(people)}).order_by()
    return dict(rows.values_list(kind.owner).annotate(number=Count("pk")))


add_kinds((
    Kind("claim", _("经办案件"), claims, "handler", "handler", ""),
    Kind("order", _("已签收的督办单"), orders, "holder", "followed_by", "claim__", level="level", may_take=may_reply),
    Kind("referral", _("发出的移送"), referrals, "holder", "followed_by", "claim__", level="sent_from", may_take=may_recall),
    Kind("service", _("要送达的文书"), services, "server", "server", "claim__"),
    Kind("task", _("待办"), tasks, "owner", "owner", None, covers=any_post, may_take=sees_place),
    Kind("alert", _("未签收的提醒"), alerts, "recipient", "recipient", None, covers=any_post, give=drop, is_dropped=True),
))  # fmt: skip
