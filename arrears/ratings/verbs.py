"""Rating, and looking at a low mark: somebody else than who handled the claim does, and writes down what they found."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.history import SAID, hold, record
from arrears.lifecycle import SUPERVISORS
from arrears.models import Claim, Rating
from arrears.objections.clock import decider_of, seat
from arrears.objections.objecting import check_ended
from arrears.permits import Denied, claim_posts, require
from arrears.worker.passing import hand_over, has_said, said, write
from grid import tasklist
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.notices import tell
from grid.refused import Refused
from grid.roles import above

STARS = (1, 2, 3, 4, 5)
LOOK_WITHIN = 5  # working days
TASK = "rating_low"


def rate(claim: Claim, stars: int, text: str, *, now: datetime) -> Rating:
    """Once for each end of the case. Raises Refused."""
    with transaction.atomic():
        claim = hold(claim)
        check_ended(claim)
        if stars not in STARS:
            raise Refused("no_stars", _("请选择一到五分。"))
        if has_said(claim, "rated"):
            raise Refused("said_already", _("您已经评价过，谢谢。"))
        event = write(claim, "rated", now, stars=stars, text=text.strip())
        rating = Rating.objects.create(
            claim=claim, event=event, stars=stars, city_code=claim.city_code, county_code=claim.county_code,
            township_code=claim.township_code, village_code=claim.village_code, rated_on=day_of(now), handler_id=claim.handler_id,
        )  # fmt: skip
        pass_on(rating, claim, now)
    return rating


def pass_on(rating: Rating, claim: Claim, now: datetime) -> None:
    """To whoever leads the level above and did not decide the claim: a low mark with a day, any other to be read."""
    _level, people = seat(claim, above(claim.level) or claim.level, Roster.around(claim.region_id, day_of(now)))
    people = [person for person in people if person.pk != rating.handler_id]
    if rating.is_low:
        due_on = calendar_now().add(day_of(now), LOOK_WITHIN)
        hand_over(claim, TASK, key_of(rating), people, now, path=f"/ratings/{rating.pk}/", due_on=due_on, stars=str(rating.stars))
    else:
        tell(
            people, "worker_said", key=f"said:{rating.event_id}", now=now, path=f"/claims/{claim.pk}/", subject_id=claim.pk,
            region_code=claim.region_id, facts={"number": claim.number, "what_msgid": SAID["rated"]},
        )  # fmt: skip


def may_look(rating: Rating, person: Person, today: date) -> Denied | bool:
    posts = [post for post in claim_posts(rating.claim, person, today) if post.role.name in SUPERVISORS]
    if not posts:
        return Denied("not_your_role", _("低分评价由县级以上回看，您的岗位不能回看。"))
    if person.pk in (rating.handler_id, decider_of(rating.claim)):
        return Denied("own_work", _("这件案件是您自己办的，评价要由别人回看。"))
    if not rating.is_low:
        return Denied("not_low", _("三分以上的评价不用回看。"))
    return True if rating.looked_at is None else Denied("looked_at", _("这条评价已经有人回看过了。"))


def look(rating: Rating, person: Person, *, now: datetime, finding: str) -> Rating:
    """What went wrong, and what was done about it. Raises Refused: no_words, those of `may_look`."""
    words = said(finding)
    with transaction.atomic():
        claim = hold(rating.claim)
        rating.refresh_from_db(fields=["looked_at"])
        require(may_look(rating, person, day_of(now)))
        rating.looked_by, rating.looked_at, rating.finding = person, now, words
        rating.save(update_fields=["looked_by", "looked_at", "finding"])
        record(claim, "rating_looked_at", person, now=now, stars=rating.stars, note=words)
        tasklist.settle(key_of(rating), now)
    return rating


def key_of(rating: Rating) -> str:
    return f"rating:{rating.pk}"
