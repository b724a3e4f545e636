"""What becomes of a search for a defendant when claims are merged: it goes on in the claim that goes on, with its clock and with
every approval that is waited for. Where somebody looks for the same man there already, that search learns the leads and this one
ends with its claim. Called inside the transaction, both claims held, the respondents copied."""

from datetime import datetime

from arrears.groups.carrying import is_same_respondent
from arrears.history import record
from arrears.models import Claim, Clock, Respondent, Search
from arrears.owed.carrying import the_same
from arrears.support.lifecycle import SEARCHING
from grid.models import Person

LEADS = ("nickname", "phone", "plate", "site", "known_by", "account_sealed", "account_masked")


def carry_searches(merged: Claim, target: Claim, person: Person | None, now: datetime) -> int:
    """How many go on in the target."""
    carried = 0
    for search in merged.searches.filter(state=SEARCHING).select_related("respondent"):
        respondent = counterpart(search.respondent, target)
        if respondent is None or (respondent.legal_name and respondent.is_identified):  # known there: nobody has to be looked for
            continue
        photo = the_same(search.photo_id, target)
        if going := Search.objects.filter(respondent=respondent, state=SEARCHING).first():
            learn(going, search)
            going.photo = going.photo or photo
            going.save(update_fields=[*LEADS, "photo"])
            record(target, "search", person, now=now, move="lead", search=str(going.pk))
            continue
        Search.objects.filter(pk=search.pk).update(claim=target, respondent=respondent, photo=photo)
        about = [search.pk, *search.ways.values_list("pk", flat=True)]
        Clock.objects.filter(claim=merged, about_id__in=about).update(claim=target)
        record(merged, "search", person, now=now, move="goes_over", search=str(search.pk), target=target.number)
        record(target, "search", person, now=now, move="goes_on", search=str(search.pk), merged=merged.number)
        carried += 1
    return carried


def counterpart(respondent: Respondent, target: Claim) -> Respondent | None:
    same = [row for row in target.respondents.all() if is_same_respondent(row, respondent)]
    return min(same, key=lambda row: row.role != respondent.role, default=None)


def learn(going: Search, other: Search) -> None:
    for name in LEADS:
        setattr(going, name, getattr(going, name) or getattr(other, name))
