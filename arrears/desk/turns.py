"""Claims on the desk with who must act on each, by when: the same answer as on the page of the claim."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from arrears.answerable import Duty, Places, duty_of, names_of
from arrears.claim_rows import Row, row_of, running_clocks
from arrears.desk.table import Desk
from arrears.models import Claim
from arrears.models.claims import ClaimQuerySet
from arrears.rules import RULES, Rule
from arrears.supervision.nudges import Nudged, nudged_of
from grid.roles import LEADS, LEVEL_WIDTHS
from grid.scope import COLUMNS

SHOWN = 8
# What is owed, short enough for a row; the page of the claim gives the rule its full name.
SHORTLY = {
    "JC-ACCEPT": _("受理决定"),
    "HANDLE-START-3": _("开始办理"),
    "JC-INVEST": _("调查处理"),
    "AGREED-PAY": _("付清欠款"),
    "INSTALMENT-PAY": _("付清这一期"),
    "CLOSE-5": _("办结"),
    "CASE-WHOLE-60": _("全案办结"),
}
assert SHORTLY.keys() <= RULES.keys(), "a short name for a rule that does not exist"
LOOKED_THROUGH = 80  # soonest due of those that may be the person's own; the rest of them can wait a day


@dataclass(frozen=True)
class Turn:
    """A claim, what is owed next, and whose turn it is."""

    row: Row
    duty: Duty | None
    what: str

    @property
    def holders(self) -> set[object]:
        return {person.pk for person in self.duty.people} if self.duty else set()


def turns_of(desk: Desk, claims: Iterable[Claim]) -> list[Turn]:
    claims = list(claims)
    names = names_of(claim.region_id[:width] for claim in claims for width in LEVEL_WIDTHS.values())
    nudged = nudged_of(claims)
    return [turn_of(desk, claim, Places(claim.region_id, names), nudged.get(claim.pk)) for claim in claims]


def turn_of(desk: Desk, claim: Claim, places: Places, nudged: Nudged | None) -> Turn:
    duty = duty_of(claim, claim.clocks.all(), desk.roster, places, desk.calendar, desk.today)
    return Turn(row_of(claim, desk.today, desk.calendar, nudged), duty, shortly(duty.clock.rule) if duty else "")


def shortly(rule: Rule) -> str:
    return gettext(SHORTLY[rule.id]) if rule.id in SHORTLY else rule.text("name", get_language() or "")


def soonest(desk: Desk) -> ClaimQuerySet:
    """Open claims in sight with their running clocks, soonest due first, of one day the sensitive ones and those of many
    workers before the others. One that rests waits for nobody."""
    seen = Claim.objects.visible_to(desk.person, desk.today).open().filter(suspended_until=None).exclude(due_on=None)
    return seen.for_list().prefetch_related(running_clocks()).order_by("due_on", "rank", "id")


def my_turn(desk: Desk) -> list[Turn]:
    """Claims whose next step is the person's: their own, those of the level they lead, and those of empty posts
    below them. Which of these it really is, duty_of says."""
    mine = soonest(desk).filter(Q(handler=desk.person) | led_by(desk) | stood_in_for(desk))[:LOOKED_THROUGH]
    found = [turn for turn in turns_of(desk, mine) if desk.person.pk in turn.holders]
    return found[:SHOWN]


def led_by(desk: Desk) -> Q:
    """Claims at the level somebody leads, in their region; of a vacant post below, too."""
    wanted = Q(pk__in=[])
    for post in desk.scope.posts:
        if post.level and LEADS.get(post.level) == post.role.name:
            wanted |= Q(level=post.level)
    for vacancy in desk.vacancies:
        if vacancy.is_lead:
            code = vacancy.region.code
            wanted |= Q(level=vacancy.region.level, **{COLUMNS[len(code)]: code})
    return wanted


def stood_in_for(desk: Desk) -> Q:
    """Claims of those who are away and named the person, and of the posts they answer for today in somebody's stead."""
    wanted = Q(handler__in=desk.roster.relying_on(desk.person.pk))
    for level, code in desk.roster.filled_in(desk.person.pk):
        wanted |= Q(level=level, **{COLUMNS[len(code)]: code})
    return wanted


def most_urgent(desk: Desk, besides: Iterable[Turn]) -> list[Turn]:
    """The soonest due in sight, whoever has to act."""
    shown = [turn.row.claim.pk for turn in besides]
    return turns_of(desk, soonest(desk).exclude(pk__in=shown)[:SHOWN])
