"""The verbs of marks: a party says how a mediation was, corrects it within some days, an officer who did not mediate writes down what a party
says; a low mark is looked at. All raise Refused.

Whoever was low once is looked at, also if the same party raises the mark: nobody is talked out of it.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arrears.history import hold, record
from arrears.models import Claimant, Respondent
from arrears.permits import require
from arrears.worker.passing import said as words_of
from grid import tasklist
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.refused import Refused
from mediation.marks.clock import begin, hand_to, key_of
from mediation.marks.seats import may_look, may_take
from mediation.models import Mark, Mediation
from mediation.models.marks import LOW, PAPER, PHONE, THEMSELVES

ASK = "mark_ask"  # key of the task of asking the other side
STARS = (1, 2, 3, 4, 5)
SAY_WITHIN = timedelta(days=30)  # of the end; the office's own choice, as is the next
CORRECT_WITHIN = timedelta(days=7)  # of the mark
LONGEST = 1000
MOST_CHANGES = 10
TAKEN = (PAPER, PHONE)
GIVEN, CHANGED, LOOKED = gettext_noop("评价调解"), gettext_noop("更正对调解的评价"), gettext_noop("回看对调解的评价")

Party = Claimant | Respondent


def say(
    mediation: Mediation, party: Party, stars: int, text: str, *, way: str, now: datetime, person: Person | None = None
) -> Mark:  # fmt: skip
    """`person`: who writes down what the party says; None: the party itself. Raises Refused: still_open, too_late, no_stars, too_long,
    not_of_claim, own_work, not_your_role, wrong_way, theirs, looked_at, too_often."""
    check_words(stars, text)
    if (person is not None) != (way in TAKEN):
        raise Refused("wrong_way", _("请选择当事人是书面说的还是电话里说的。"))
    with transaction.atomic():
        claim = hold(mediation.claim)
        mediation = Mediation.objects.select_related("mediator").get(pk=mediation.pk)
        mediation.claim = claim
        if person is not None:
            require(may_take(mediation, person, day_of(now)))
        check_party(mediation, party)
        column = column_of(party)
        known = Mark.objects.select_for_update().filter(mediation=mediation, **{column: party}).first()
        check_time(mediation, known, day_of(now))
        if known is None:
            made = give(mediation, {column: party}, stars, text.strip(), way, person, now)
        else:
            made = change(known, mediation, stars, text.strip(), way, person, now)
        if isinstance(party, Respondent):  # nobody has to ask them any more
            tasklist.settle(f"{ASK}:{mediation.pk}", now)
    return made


def give(mediation: Mediation, party: dict[str, Any], stars: int, text: str, way: str, person: Person | None, now: datetime) -> Mark:
    made = Mark(
        mediation=mediation, **party, mediator=mediation.mediator, stars=stars, lowest=stars, text=text, way=way, taken_by=person, said_on=day_of(now),
        said_at=now,
    )  # fmt: skip
    pass_on(made, now)
    made.save(force_insert=True)
    write(made, "mark_given", GIVEN, person, now)
    hand_to(made, now)
    return made


def change(mark: Mark, mediation: Mediation, stars: int, text: str, way: str, person: Person | None, now: datetime) -> Mark:
    """An officer does not correct what a party said themselves."""
    mark.mediation = mediation
    if person is not None and mark.is_by_themselves:
        raise Refused("theirs", _("这位当事人已经自己评价过，只能由本人更正。"))
    if mark.looked_at is not None:
        raise Refused("looked_at", _("这条评价已经有人回看过了，不能再改；还有话要说的，请打电话。"))
    if (mark.stars, mark.text) == (stars, text):
        return mark
    if mark.changes >= MOST_CHANGES:
        raise Refused("too_often", _("您已经更正过很多次，还有话要说的，请打电话给我们。"))
    was_low = mark.is_low
    mark.changes += 1
    mark.stars, mark.text, mark.way, mark.taken_by, mark.changed_at = stars, text, way, person, now
    mark.lowest = min(mark.lowest, stars)
    if mark.is_low and not was_low:
        pass_on(mark, now)
    mark.save(update_fields=["stars", "lowest", "text", "way", "taken_by", "changed_at", "changes", "level", "received_on", "due_on", "rung", "next_at", "looker"])
    write(mark, "mark_changed", CHANGED, person, now)
    if mark.is_low and not was_low:
        hand_to(mark, now)
    return mark


def pass_on(mark: Mark, now: datetime) -> None:
    if mark.is_low:
        begin(mark, Roster.around(mark.mediation.claim.region_id, day_of(now)), now)


def check_words(stars: int, text: str) -> None:
    if stars not in STARS:
        raise Refused("no_stars", _("请选择一到五分。"))
    if len(text) > LONGEST:
        raise Refused("too_long", _("最多写 %(most)s 个字，请写短一些。") % {"most": LONGEST})


def check_party(mediation: Mediation, party: Party) -> None:
    """Of the claim, or of the one it was merged into: the worker is the same. Those of other claims are nobody here."""
    if isinstance(party, Claimant):
        known = mediation.claim_id in (party.claim_id, party.registered_in_id) or mediation.claim.split_off.filter(pk=party.claim_id).exists()
    else:
        known = party.claim_id == mediation.claim_id
    if not known:
        raise Refused("not_of_claim", _("所选的人不是这次调解的当事人，请刷新后重新选择。"))


def column_of(party: Party) -> str:
    return "claimant" if isinstance(party, Claimant) else "respondent"


def check_time(mediation: Mediation, known: Mark | None, today: date) -> None:
    if mediation.is_open or mediation.ended_on is None:
        raise Refused("still_open", _("调解还没有结束，结束以后再评价。"))
    if known is None and mediation.ended_on + SAY_WITHIN < today:
        raise Refused("too_late", _("调解结束已经超过 %(days)s 天，不再收评价；有意见请打电话给我们。") % {"days": SAY_WITHIN.days})
    if known is not None and known.said_on + CORRECT_WITHIN < today:
        raise Refused("too_late", _("评价满 %(days)s 天以后不能再改；还有话要说的，请打电话给我们。") % {"days": CORRECT_WITHIN.days})


def may_say(mediation: Mediation, known: Mark | None, today: date) -> bool:
    """Offered while it would be taken."""
    try:
        check_time(mediation, known, today)
    except Refused:
        return False
    return known is None or known.looked_at is None


def look(mark: Mark, person: Person, *, now: datetime, finding: str, done: str) -> Mark:
    """What was found, and what is done about it. Raises Refused: no_words, those of seats.may_look."""
    finding, done = words_of(finding), words_of(done)
    with transaction.atomic():
        claim = hold(mark.mediation.claim)
        fresh = Mark.objects.select_for_update(of=("self",)).select_related("mediation__mediator").get(pk=mark.pk)
        fresh.mediation.claim = claim
        require(may_look(fresh, person, day_of(now)))
        fresh.looked_by, fresh.looked_at, fresh.finding, fresh.done, fresh.next_at = person, now, finding, done, None
        fresh.save(update_fields=["looked_by", "looked_at", "finding", "done", "next_at"])
        write(fresh, "mark_looked_at", LOOKED, person, now)
        tasklist.settle(key_of(fresh), now)
    return fresh


def write(mark: Mark, move: str, words: str, person: Person | None, now: datetime) -> None:
    """Neither who nor how many: the mediator reads the history."""
    record(mark.mediation.claim, "mediation", person, now=now, move=move, move_msgid=words, mediation=str(mark.mediation_id))


assert STARS[-1] > LOW and not set(TAKEN) & set(THEMSELVES)
