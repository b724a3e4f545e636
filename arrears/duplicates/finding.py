"""Who is found: claims in the reader's sight that are likely of the same worker about the same wage, the likeliest first,
each with what speaks for it.

A fixed number of queries, each served by an index and bounded: by ID number, by phone, by the sound of the name, newest
first. What they find is weighed here (reasons).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, Expression, F, Func, OuterRef, Prefetch, Q, QuerySet, TextField, Value, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext

from arrears.claim_rows import OfClaim
from arrears.duplicates.reasons import LABELS, Days, Firm, Matter, Worker, between, score
from arrears.identity import digits
from arrears.lifecycle import UNSETTLED
from arrears.models import Apart, Claim, Claimant, ClaimLine, Respondent
from arrears.models.claims import ClaimQuerySet
from grid.models import Person

MOST_WORKERS, LOOKED_AT, SHOWN = 200, 200, 5
FEWEST = 5  # of each number and sound that are looked at, however many are asked about
SHORTEST_PHONE = 7


class Sound(Func):
    """How a name is heard; an index serves exactly this expression (migration 0020). Typed names are asked about with it too,
    so that what is looked for and what the index holds cannot differ."""

    function = "arrears_name_sound"
    output_field = TextField()


@dataclass(frozen=True)
class Subject:
    """What is compared: the facts of a claim, or those of a draft as far as they are typed."""

    workers: tuple[Worker, ...] = ()
    matter: Matter = Matter()
    claim_id: UUID | None = None


@dataclass(frozen=True)
class Alike(OfClaim):
    claim: Claim
    reasons: tuple[str, ...]

    @property
    def score(self) -> int:
        return score(self.reasons)

    @property
    def marks(self) -> list[str]:
        return [gettext(LABELS[reason]) for reason in self.reasons]

    @property
    def takes_in(self) -> bool:
        """Can another complaint still go into it?"""
        return self.claim.stage in UNSETTLED


def worker_of(row: Claimant) -> Worker:
    days = tuple((line.period_from, line.period_to) for line in row.lines.all())
    return Worker(row.name, phones((row.phone, row.safe_phone)), row.id_index, days)


def phones(typed: Iterable[str]) -> frozenset[str]:
    return frozenset(plain for phone in typed if len(plain := digits(phone)) >= SHORTEST_PHONE)


def matter_of(claim: Claim) -> Matter:
    firms = tuple(Firm(str(row), row.employer_id, row.credit_code) for row in claim.respondents.all())
    return Matter(firms, claim.site_id, claim.site.name if claim.site else "")


def subject_of(claim: Claim) -> Subject:
    """Of a claim; of hundreds of workers the first ones."""
    people = list(claim.claimants.filter(same_as=None)[:MOST_WORKERS])
    return subject_with(claim, people, ClaimLine.objects.filter(claimant__in=people).only("claimant", "period_from", "period_to"))


def subject_with(claim: Claim, people: Iterable[Claimant], lines: Iterable[ClaimLine]) -> Subject:
    """The same, where its workers and their lines are fetched already."""
    days: dict[UUID, list[Days]] = {}
    for line in lines:
        days.setdefault(line.claimant_id, []).append((line.period_from, line.period_to))
    workers = tuple(
        Worker(row.name, phones((row.phone, row.safe_phone)), row.id_index, tuple(days.get(row.pk, ()))) for row in people if not row.same_as_id
    )
    return Subject(workers, matter_of(claim), claim.pk)


def with_facts(claims: ClaimQuerySet) -> ClaimQuerySet:
    return claims.select_related("region", "site").prefetch_related(
        Prefetch("respondents", Respondent.objects.only("claim", "employer", "legal_name", "aliases", "credit_code"))
    )


def alike(subject: Subject, person: Person, today: date, *, shown: int = SHOWN) -> list[Alike]:
    """The likeliest first, of the same score the newest. Without those somebody judged to be another matter."""
    workers = subject.workers[:MOST_WORKERS]
    others = Claimant.objects.visible_to(person, today).filter(same_as=None).exclude(claim__stage="merged")
    if subject.claim_id:
        others = others.exclude(claim=subject.claim_id).exclude(Exists(judged(subject.claim_id)))
    rows = found(workers, others)
    claims = with_facts(Claim.objects.for_list()).in_bulk({row.claim_id for row in rows}) if rows else {}
    best: dict[UUID, list[str]] = {}
    for row in rows:
        said = between(workers, subject.matter, worker_of(row), matter_of(claims[row.claim_id]))
        if score(said) > score(best.get(row.claim_id, ())):
            best[row.claim_id] = said
    likely = [Alike(claims[pk], tuple(reasons)) for pk, reasons in best.items()]
    return sorted(likely, key=lambda one: (one.score, one.claim.received_on, one.claim.pk), reverse=True)[:shown]


def found(workers: Collection[Worker], others: QuerySet, most: int = LOOKED_AT) -> list[Claimant]:
    """Of these claimants those alike by ID number, by phone, by the sound of the name: of each number and each sound the newest, so
    that a common name or a foreman's telephone crowds nobody out."""
    indexes = {worker.id_index for worker in workers if worker.id_index}
    numbers = {number for worker in workers for number in worker.phones}
    names = {worker.name for worker in workers if len(worker.name.strip()) >= 2}
    heard = [Sound(Value(name)) for name in sorted(names)]
    ids = others.order_by()
    asked = [
        *([newest(ids.filter(id_index__in=indexes), F("id_index"), most, len(indexes))] if indexes else []),
        *([newest(ids.filter(**{f"{name}__in": numbers}), F(name), most, len(numbers)) for name in ("phone", "safe_phone")] if numbers else []),
        *([newest(ids.alias(sound=Sound(F("name"))).filter(sound__in=heard), Sound(F("name")), most, len(heard))] if heard else []),
    ]  # fmt: skip
    if not asked:
        return []
    first, *more = asked
    known = {row["pk"] for row in (first.union(*more) if more else first)}
    return list(Claimant.objects.filter(pk__in=known).prefetch_related("lines").order_by("-id")) if known else []


def newest(rows: QuerySet, sign: Expression, most: int, signs: int) -> QuerySet:
    place = Window(RowNumber(), partition_by=[sign], order_by=F("id").desc())
    return rows.annotate(place=place).filter(place__lte=max(FEWEST, most // signs)).values("pk")


def judged(claim_id: UUID) -> QuerySet:
    """That a claimant's claim is another matter than this one."""
    return Apart.objects.filter(Q(first=claim_id, second=OuterRef("claim")) | Q(second=claim_id, first=OuterRef("claim")))
