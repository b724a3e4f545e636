"""The clocks of a mediation: whom they call first (its mediator), and where its due day is shown. And that a mediator
posted elsewhere is told of the case."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_noop as _

from arrears.escalation.seats import add_hands
from arrears.escalation.stuck import add_called
from arrears.handover_kinds import Kind, add_kinds, any_post, locked
from arrears.models.serving import WAITING
from arrears.serving.hands import add_hand
from arrears.timing.clock_page import ABOUT
from arrears.timing.clocks import add_shown
from grid.addressees import MAY_SEE, add_addressee
from grid.days import day_of
from grid.models import Notice, Person
from grid.outbox import add_undelivered
from grid.roles import MEDIATOR
from mediation.lifecycle import LIVE
from mediation.marks import asking, sending
from mediation.marks.seats import may_look
from mediation.models import AgreementCopy, Hearing, HearingNotice, Mark, Mediation, Recusal
from mediation.models.scheduling import ASKED, GRANTED
from mediation.permits import fits_as_mediator
from mediation.sittings import take_turns


def mediators_of(ids: Collection[Any]) -> dict[Any, Any]:
    return dict(Mediation.objects.filter(pk__in=ids).exclude(mediator=None).values_list("pk", "mediator_id"))


def mediates(person: Person, notice: Notice, today: date) -> bool:
    """Is the notice about a claim whose mediation is in the person's hands?"""
    mine = Mediation.objects.visible_to(person, today).open()
    return bool(notice.subject_id) and mine.filter(claim=notice.subject_id, mediator=person).exists()


def may_take(mediation: Mediation, person: Person, today: date) -> bool:
    return person.is_active and any(fits_as_mediator(mediation.claim, post) for post in person.scope(today).posts)


def give(kind: Kind, rows: Collection[Mediation], leaver: Person, receiver: Person) -> set[Any]:
    """With its hearing to come; one at whose time the receiver sits elsewhere stays, and one in which they are recused. Those held
    together go together or stay: one hearing never gets two mediators."""
    given = set()
    ids = locked(kind, rows, leaver)
    recused = Recusal.objects.filter(mediation__in=ids, mediator=receiver, state__in=(ASKED, GRANTED)).values_list("mediation", flat=True)
    ids -= set(recused)
    take_turns(*map(day_of, Hearing.objects.live().filter(mediation__in=ids).values_list("span__startswith", flat=True)))
    held = joint(ids)
    for group in {frozenset(held.get(pk, {pk})) for pk in sorted(ids)}:
        if not group <= ids:
            continue
        try:
            with transaction.atomic():
                Hearing.objects.filter(mediation__in=group, state=LIVE, mediator=leaver).update(mediator=receiver, version=F("version") + 1)
                Mediation.objects.filter(pk__in=group).update(mediator=receiver)
        except IntegrityError as error:
            if error.__cause__.diag.constraint_name != "hearing_mediator_free":
                raise
        else:
            given |= group
    return given


def marks() -> QuerySet:
    return Mark.objects.to_look().select_related("mediation__claim", "mediation__mediator")


def may_take_mark(mark: Mark, person: Person, today: date) -> bool:
    return person.is_active and bool(may_look(mark, person, today))


def joint(ids: Collection[Any]) -> dict[Any, set[Any]]:
    """Of each mediation whose hearing to come is held together with others, all of them."""
    mine = Hearing.objects.live().filter(mediation__in=ids).values("joint")
    groups: dict[Any, set[Any]] = defaultdict(set)
    for key, mediation in Hearing.objects.live().filter(joint__in=mine).values_list("joint", "mediation"):
        groups[key].add(mediation)
    return {pk: group for group in groups.values() if len(group) > 1 for pk in group}


def bundles(ids: Collection[Any]) -> dict[Any, tuple[Any, int]]:
    return {pk: (min(group), len(group)) for pk, group in joint(ids).items()}


def notices_of(person: Person, today: date) -> Iterable[Any]:
    """Written notices of the hearings in this mediator's hands, wherever he is posted: nobody else calls the parties to them. And the
    copies of what was agreed in them, until everybody has theirs."""
    if MEDIATOR not in person.scope(today).roles:
        return ()
    rows = HearingNotice.objects.filter(hearing__mediation__in=Mediation.objects.open(), hearing__mediation__mediator=person)
    copies = AgreementCopy.objects.filter(agreement__mediation__mediator=person, service__state=WAITING)
    return [*rows.values_list("service", flat=True), *copies.values_list("service", flat=True)]


def mediations() -> QuerySet:
    return Mediation.objects.open().select_related("claim")


add_hands("mediation", mediators_of)
add_hands("instalment", mediators_of)
add_called(Mark, "mediation__claim__number")
add_addressee(sending.MARKING, sending.reached)
add_undelivered(sending.MARKING, asking.undelivered)
add_shown(Mediation, "due_on")
add_hand(notices_of)
ABOUT[Mediation] = "mediation_detail"
MAY_SEE.append(mediates)
add_kinds([
    Kind("mediation", _("主持的调解"), mediations, "mediator", "mediator", "claim__", covers=any_post, may_take=may_take, give=give, bundles=bundles),
    Kind("mark", _("要回看的调解评价"), marks, "looker", "looker", "mediation__claim__", level="level", may_take=may_take_mark),
])  # fmt: skip
