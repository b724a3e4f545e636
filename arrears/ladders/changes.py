"""The verbs of ladders and seasons: who publishes what from when. A published row never changes; what amends it is the
next version, and running clocks take that from their next rung (arrears.ladders.align)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext

from arrears.deadlines import RULES
from arrears.ladders import CLAIM_KINDS, LADDERS, REFERRAL_LADDERS, family_of
from arrears.ladders.align import realign, replan
from arrears.ladders.book import Draft
from arrears.ladders.preview import Change, Preview, Sample, preview
from arrears.ladders.rungs import ladder_faults
from arrears.ladders.staffing import useless
from arrears.models import Ladder, Season
from arrears.phrases import Phrase
from grid.access import log_access
from grid.authority import administers_city
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from grid.roles import CITY

__all__ = [
    "BadLadder", "Change", "Draft", "Preview", "Sample", "end_season", "may_publish", "preview", "publish", "realign",
    "replan", "retire", "set_season",
]  # fmt: skip

PATIENCE = 2.0  # seconds somebody who published waits; the sweep sets the rest
LONGEST_NOTE = 200
LONGEST_SEASON = timedelta(days=366)


def _(text: str) -> str:
    """Marks a text for the catalogues."""
    return text


class BadLadder(ValueError):
    """The draft cannot be published; every problem it has, as a sentence."""

    def __init__(self, problems: Iterable[Phrase]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.text() for problem in self.problems))


def publish(draft: Draft, person: Person, *, now: datetime, note: str, replaces: int) -> Ladder:
    """The next version of the draft's line. `replaces` is the number of the newest version whoever wrote it had before
    them (0: the code's own). Raises BadLadder; Refused: not_your_role, stale."""
    require_publisher(person, day_of(now))
    if problems := list(problems_of(draft, note, replaces, day_of(now))):
        raise BadLadder(problems)
    row = write(draft, person, now, note.strip(), replaces)
    realign(now, seconds=PATIENCE)
    return row


def retire(
    line: tuple[str, str, str], person: Person, *, now: datetime, note: str, replaces: int, valid_from: date | None = None
) -> Ladder:  # fmt: skip
    """Ends the line from that day, or from today: a version without rungs."""
    return publish(Draft(*line, (), valid_from or day_of(now)), person, now=now, note=note, replaces=replaces)


def may_publish(person: Person, today: date) -> bool:
    """Administrators of the whole city."""
    return administers_city(person.scope(today))


def require_publisher(person: Person, today: date) -> None:
    if not may_publish(person, today):
        raise Refused("not_your_role", gettext("只有市级系统管理员可以修改督办规则。"))


def problems_of(draft: Draft, note: str, replaces: int, today: date) -> Iterator[Phrase]:
    if draft.family not in LADDERS:
        yield Phrase(_("没有这样的督办规则：%(name)s。"), {"name": draft.family})
        return
    if draft.rule_id and (draft.rule_id not in RULES or family_of(draft.rule_id) != draft.family):
        yield Phrase(_("时限%(rule)s不适用这类督办规则。"), {"rule": draft.rule_id})
    if draft.claim_kind and draft.claim_kind not in dict(CLAIM_KINDS):
        yield Phrase(_("没有这样的案件类型：%(name)s。"), {"name": draft.claim_kind})
    if draft.valid_from < today:
        yield Phrase(_("生效日期不能早于今天，已经发生的督办不会改变。"))
    if not note.strip() or len(note.strip()) > LONGEST_NOTE:
        yield Phrase(_("请写明修改说明，不超过%(most)s个字。"), {"most": LONGEST_NOTE})
    if not draft.rungs and not replaces:
        yield Phrase(_("请至少设置一级；系统自带的督办规则不能停用。"))
    yield from ladder_faults(draft.rungs, has_referral=draft.family in REFERRAL_LADDERS, has_order=draft.family == "order")
    yield from useless(draft.rungs, today)


def write(draft: Draft, person: Person, now: datetime, note: str, replaces: int) -> Ladder:
    """The unique number is the lock: of two who amend the same version one is refused."""
    line = dict(zip(("family", "rule_id", "claim_kind"), draft.line, strict=True))
    latest = Ladder.objects.filter(**line).aggregate(number=Max("version"))["number"] or 0
    if latest != replaces:
        raise stale()
    try:
        with transaction.atomic():
            return Ladder.objects.create(
                **line, version=latest + 1, rungs=[rung.to_json() for rung in draft.rungs], valid_from=draft.valid_from,
                note=note, published_by=person, published_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise stale() from None


def stale() -> Refused:
    return Refused("stale", gettext("这一督办规则刚刚已被他人修改，请刷新后再改。"))


# Seasons, for ladders of the kind `festival`.


def set_season(
    name: str, starts_on: date, ends_on: date, person: Person, *, now: datetime, season: Season | None = None
) -> Season:
    """A new season, or other words and days for one that has not ended. Raises Refused: not_your_role, bad_season,
    season_too_long, season_over, season_begun."""
    today = day_of(now)
    require_publisher(person, today)
    check_season(name, starts_on, ends_on, today, season)
    was = words_of(season) if season else ""
    season = season or Season()
    season.name, season.starts_on, season.ends_on, season.set_by = name.strip(), starts_on, ends_on, person
    with transaction.atomic():
        season.save()
        log_season(season, person, now, " → ".join(filter(None, (was, words_of(season)))))
    realign(now, seconds=PATIENCE)
    return season


def check_season(name: str, starts_on: date, ends_on: date, today: date, season: Season | None = None) -> None:
    """Raises Refused. The days that are over stay as they were."""
    if not name.strip() or ends_on < starts_on or ends_on < today:
        raise Refused("bad_season", gettext("请填写名称和起止日期，止日不能早于起日，也不能早于今天。"))
    if ends_on - starts_on > LONGEST_SEASON:
        raise Refused("season_too_long", gettext("专项行动不能超过一年，请核对日期。"))
    if season and season.ends_on < today:
        raise Refused("season_over", gettext("这一专项行动已经结束，不能再修改。"))
    if season and starts_on != season.starts_on and starts_on < today:
        raise Refused("season_begun", gettext("起日不能改到今天以前：已经过去的日子不会因此改变。"))
    if season and season.starts_on <= today and starts_on != season.starts_on:
        raise Refused("season_begun", gettext("这一专项行动已经开始，起日不能再改。"))


def words_of(season: Season) -> str:
    return f"{season.name} {season.starts_on.isoformat()}–{season.ends_on.isoformat()}"


def log_season(season: Season, person: Person, now: datetime, reason: str) -> None:
    """For the auditors of the city: who moved which days."""
    city = next((post.region for post in person.scope(day_of(now)).posts if post.level == CITY), "")
    log_access(person, "set_season", "season", season.pk, now=now, region_code=city, reason=reason[:200])


def end_season(season: Season, person: Person, *, now: datetime) -> None:
    """Today is its last day; one that has not begun is struck out. Raises Refused: not_your_role, season_over."""
    today = day_of(now)
    require_publisher(person, today)
    if season.ends_on < today:
        raise Refused("season_over", gettext("这一专项行动已经结束，不能再修改。"))
    was = words_of(season)
    with transaction.atomic():
        if season.starts_on > today:
            log_season(season, person, now, f"{was} → ×")
            season.delete()
        else:
            Season.objects.filter(pk=season.pk).update(ends_on=today, set_by=person)
            season.refresh_from_db()
            log_season(season, person, now, f"{was} → {words_of(season)}")
    realign(now, seconds=PATIENCE)
