"""Logging a claim: the facts as the forms, the API, the importer and the seed hand them in, and the verb."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.history import record
from arrears.ladders.store import book_now
from arrears.lifecycle import CLAIM
from arrears.limitation.limits import FROM_LAST_DAY
from arrears.models import CaseCounter, Claim, Claimant, ClaimLine, Clock, Employer, Respondent, Site
from arrears.moves import Move
from arrears.notice_kinds import facts_of
from arrears.numbering import next_in
from arrears.shown import SHOWN, fill
from arrears.timing import clocks
from arrears.worker.notices import tell_workers
from grid.bulk import insert
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person, Region
from grid.notices import tell
from grid.refused import Refused
from grid.roles import TOWNSHIP

REGISTER: Move = CLAIM.find("register")
AT_ONCE = 1000  # workers written with one statement
Tell = Callable[[int], None]  # hears how many workers are written


def nobody_listens(_done: int) -> None:
    pass


@dataclass
class LineFacts:
    """rate × quantity is due; money in CNY, quantity in `unit`s."""

    rate: Decimal
    quantity: Decimal = Decimal(1)
    unit: str = "lump"
    paid: Decimal = Decimal(0)
    period_from: date | None = None
    period_to: date | None = None


@dataclass
class ClaimantFacts:
    name: str
    phone: str = ""
    id_number: str = ""  # checked and normalised (arrears.identity)
    lines: Sequence[LineFacts] = ()
    contact_rule: str = "open"  # arrears.models.parties.CONTACT_RULES
    safe_phone: str = ""
    slip: str = ""  # arrears.worker.slips


@dataclass
class RespondentFacts:
    legal_name: str = ""
    aliases: str = ""
    role: str = "employer"
    credit_code: str = ""
    contact: str = ""
    phone: str = ""
    address: str = ""


@dataclass
class ClaimFacts:
    region: Region
    received_on: date
    claimants: Sequence[ClaimantFacts]
    respondents: Sequence[RespondentFacts]
    channel: str = "patrol"
    site_name: str = ""
    site_address: str = ""
    work: str = ""
    contract: str = "unknown"
    worker_count: int | None = None  # None: as many as claimants
    last_working_day: date | None = None
    typed_total: Decimal | None = None
    story: str = ""
    request: str = ""
    source_key: str | None = None  # the same key twice is the same claim
    public_number: str = ""  # one the worker has already; "": a new one
    extra: dict[str, str] = field(default_factory=dict)  # said on the first event


def register(facts: ClaimFacts, person: Person | None, *, now: datetime, told: Tell = nobody_listens) -> Claim:
    """Logs a claim: case number, parties, lines, first event, clocks, and the chief is told. All of it or nothing.

    Raises Refused: not_your_role, out_of_region, in_future, nobody, no_respondent, no_township.
    A `source_key` that is already there returns the claim it belongs to and changes nothing.
    """
    today = day_of(now)
    check(facts, person, today)
    with transaction.atomic():
        if facts.source_key and (known := Claim.objects.filter(source_key=facts.source_key).first()):
            return known
        claim = write_claim(facts, person, now, told)
        event = record(
            claim, REGISTER.name, person, now=now, happened_on=facts.received_on, channel=facts.channel, **facts.extra
        )
        announce(claim, start_clocks(claim, now), person, now)
        tell_workers(claim, event)
    return claim


def check(facts: ClaimFacts, person: Person | None, today: date) -> None:
    if person is not None:
        posts = [post for post in person.scope(today).posts if post.role.name in REGISTER.roles]
        if not posts:
            raise Refused("not_your_role", _("您的岗位不能登记案件。"))
        if not any(post.covers(facts.region.code) for post in posts):
            raise Refused("out_of_region", _("所选地区不在您的辖区内，请选择辖区内的乡镇（街道）或村（社区）。"))
    if len(facts.region.code) < 9:
        raise Refused("no_township", _("请把案件登记到具体的乡镇（街道）。"))
    if facts.received_on > today:
        raise Refused("in_future", _("收到日期不能晚于今天。"))
    if not facts.claimants:
        raise Refused("nobody", _("请至少登记一名劳动者。"))
    if not facts.respondents:
        raise Refused("no_respondent", _("请至少登记一个被申请方；名称不详时可填写别名、绰号等线索。"))


def write_claim(facts: ClaimFacts, person: Person | None, now: datetime, told: Tell = nobody_listens) -> Claim:
    claim = claim_row(facts, next_number(facts.region.code[:6], facts.received_on.year), person, now)
    claim.save(force_insert=True)
    for start in range(0, len(facts.claimants), AT_ONCE):
        workers = facts.claimants[start : start + AT_ONCE]
        write_claimants(claim, workers)
        told(start + len(workers))
    for respondent in facts.respondents:
        respondent_row(claim, respondent, employer_of(respondent, claim.region)).save(force_insert=True)
    fill_shown(claim, facts, claim.lines.aggregate(sum=Sum("unpaid", default=Decimal(0)))["sum"])
    claim.save(update_fields=SHOWN)
    return claim


def claim_row(facts: ClaimFacts, number: str, person: Person | None, now: datetime) -> Claim:
    """The claim itself, unsaved and without its parties. The importer of old registers writes many at once."""
    code = facts.region.code
    numbered = {"public_number": facts.public_number} if facts.public_number else {}
    return Claim(
        number=number,
        region=facts.region, city_code=code[:4], county_code=code[:6], township_code=code[:9],
        village_code=code if len(code) == 12 else "",
        level=TOWNSHIP, handler=person, channel=facts.channel, received_on=facts.received_on,
        registered_at=now, registered_by=person, source_key=facts.source_key, site=site_of(facts),
        work=facts.work, contract=facts.contract,
        worker_count=max(facts.worker_count or 0, len(facts.claimants)),
        last_working_day=facts.last_working_day, typed_total=facts.typed_total,
        story=facts.story, request=facts.request, **numbered,
    )  # fmt: skip


def write_claimants(claim: Claim, workers: Sequence[ClaimantFacts]) -> None:
    """The workers with their lines, in two statements however many they are."""
    claimants = [claimant_row(claim, facts) for facts in workers]
    insert(claimants)
    insert(line for claimant, facts in zip(claimants, workers, strict=True) for line in line_rows(claimant, facts))


def line_rows(claimant: Claimant, facts: ClaimantFacts) -> list[ClaimLine]:
    return [
        ClaimLine(
            claim=claimant.claim, claimant=claimant, rate=line.rate, quantity=line.quantity, unit=line.unit, paid=line.paid,
            period_from=line.period_from, period_to=line.period_to,
        )  # fmt: skip
        for line in facts.lines
    ]


def claimant_row(claim: Claim, facts: ClaimantFacts) -> Claimant:
    claimant = Claimant(
        claim=claim, name=facts.name, phone=facts.phone, contact_rule=facts.contact_rule, safe_phone=facts.safe_phone,
        slip=facts.slip,
    )  # fmt: skip
    claimant.put_id_number(facts.id_number)
    return claimant


def respondent_row(claim: Claim, facts: RespondentFacts, employer: Employer | None) -> Respondent:
    return Respondent(
        claim=claim, employer=employer, role=facts.role, legal_name=facts.legal_name,
        aliases=facts.aliases, credit_code=facts.credit_code, contact=facts.contact, phone=facts.phone,
        address=facts.address,
    )  # fmt: skip


def employer_of(facts: RespondentFacts, region: Region) -> Employer | None:
    """The known employer, by credit code, else by exact name; a new name becomes known."""
    if facts.credit_code:
        return Employer.objects.get_or_create(
            credit_code=facts.credit_code, defaults={"name": facts.legal_name or facts.aliases, "region": region}
        )[0]
    if facts.legal_name and facts.role != "foreman":  # two foremen of one name are two people
        known = Employer.objects.filter(name=facts.legal_name).order_by("id").first()
        return known or Employer.objects.create(name=facts.legal_name, region=region)
    return None


def site_of(facts: ClaimFacts) -> Site | None:
    return site_named(facts.site_name, facts.site_address, facts.region) if facts.site_name else None


def site_named(name: str, address: str, region: Region) -> Site:
    """The site of that name in the township; an address nobody knew is written to it."""
    township = Region.objects.get(code=region.code[:9])
    site, _is_new = Site.objects.get_or_create(region=township, name=name, defaults={"address": address})
    if address and not site.address:
        site.address = address
        site.save(update_fields=["address"])
    return site


def fill_shown(claim: Claim, facts: ClaimFacts, claimed: Decimal) -> None:
    """Fills what lists show and search (SHOWN), from the parties."""
    fill(claim, [worker.name for worker in facts.claimants], facts.respondents, facts.site_name)
    claim.claimed = claimed


def next_number(county_code: str, year: int) -> str:
    """宿欠〔2026〕321322-00042."""
    return next_numbers(county_code, year, 1)[0]


def next_numbers(county_code: str, year: int, count: int) -> list[str]:
    """A run of case numbers."""
    numbers = next_in(CaseCounter, "county_code", county_code, year, count)
    return [f"{settings.CASE_PREFIX}〔{year}〕{county_code}-{number:05d}" for number in numbers]


def start_clocks(claim: Claim, now: datetime) -> Clock:
    """Office clocks run from the day of receipt; the worker's limits from the last working day, if known. The clock of
    the decision that comes next."""
    begun, calendar, book = {}, calendar_now(), book_now()
    for rule in REGISTER.starts:
        begins = claim.last_working_day if rule in FROM_LAST_DAY else claim.received_on
        if begins is not None:
            begun[rule] = clocks.start(claim, rule, begins, now=now, calendar=calendar, book=book)
    clocks.refresh_due(claim)
    return begun["JC-ACCEPT"]


def announce(claim: Claim, decision: Clock, person: Person | None, now: datetime) -> None:
    roster = Roster.around(claim.region_id, day_of(now))
    people = [lead for lead in roster.answerable(claim.level, claim.region_id)[1] if lead != person]
    if people:
        tell(
            people, "claim_arrived", key=f"arrived:{claim.pk}", now=now,
            facts={**facts_of(claim), "by": str(person or ""), "due": decision.due_on.isoformat()},
            path=f"/claims/{claim.pk}/", subject_id=claim.pk, region_code=claim.region_id,
        )  # fmt: skip
