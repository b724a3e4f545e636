"""The people of the walk, who can sign in, and what stands there before it begins."""

from datetime import date

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from arrears import casework
from arrears.calendars import calendar_now
from arrears.deadlines import RULES, due
from arrears.intake import ClaimantFacts, RespondentFacts
from grid.days import day_of
from grid.models import Person
from mediation import hearings
from tests.browser.visitor import PASSWORD
from tests.mediation.base import MediationCast

LAY = 7  # working days the letter lay before somebody logged it


class Scene(MediationCast):
    """Committed, because other processes read it."""

    @classmethod
    def make(cls) -> None:
        cls.make_cast()
        Person.objects.update(password=make_password(PASSWORD))
        cls.today = day_of(timezone.now())
        cls.letter_day, cls.due_on = letter_day(cls.today)


def letter_day(today: date) -> tuple[date, date]:
    """The day the letter came, and the last day for accepting it: one working day and more has passed since, so that
    the claim climbs; three have not, so that it climbs only once."""
    calendar = calendar_now()
    came = calendar.add(today, -LAY)
    last = due(RULES["JC-ACCEPT"], came, calendar).due_on
    assert calendar.add(last, 1) < today < calendar.add(last, 3)
    return came, last


def make_rival(scene: type[MediationCast]) -> str:
    """A mediation of other people that waits for its hearing; how its respondent is called."""
    now = timezone.now()
    claim = scene.make_claim(
        now=now, claimants=[ClaimantFacts("王芳", "13900000009")], last_working_day=None,
        respondents=[RespondentFacts("沭阳恒达建筑有限公司")],
    )  # fmt: skip
    casework.advance(claim, "accept", None, now=now)
    mediation = hearings.apply(claim, None, now=now, applied_on=day_of(now), request="请求支付工资")
    hearings.advance(mediation, "accept", None, now=now, mediator=scene.mediator)
    return claim.respondent_name
