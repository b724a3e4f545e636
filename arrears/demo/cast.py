"""The people of the demo city and their posts: every county staffed, some townships not, one chief on leave."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from arrears.demo.words import CITY, COUNTIES, GIVEN, HOME_COUNTY, HOME_TOWNSHIP, NEXT_DOOR, SURNAMES
from grid import roles
from grid.models import Body, Leave, Person, Posting, Region
from grid.roles import ROLES

PASSWORD = "xinan-demo-2026"  # of everybody, and only ever of people who were made up
IN_POST_FOR = timedelta(days=800)
BODIES = {
    "procuratorate": "{county}人民检察院", "court": "{county}人民法院", "union": "{county}总工会",
    "legal_aid": "{county}法律援助中心", "housing": "{county}住房和城乡建设局",
}  # fmt: skip
BODY_WORDS = {
    "procuratorate": "jiancha",
    "court": "fayuan",
    "union": "gonghui",
    "legal_aid": "yuanzhu",
    "housing": "zhujian",
}
FIRST_ZONE = 400  # townships numbered from here on are zones, farms and parks, which the demo leaves without staff


# The sign-ins people try first, in the order of the story, and who of them gets mail.
SHOWN = ("wangge", "zhangzhen", "xianan", "shidu", "tiaojie", "jiancha", "fayuan", "shenji", "guanli")
MAILED = ("zhangzhen", "xianan")


@dataclass
class Cast:
    workers: dict[str, Person] = field(default_factory=dict)  # grid workers by township
    mediators: dict[str, list[Person]] = field(default_factory=dict)  # by county
    bodies: dict[tuple[str, str], Body] = field(default_factory=dict)  # by county and kind
    partners: dict[object, Person] = field(default_factory=dict)  # by body's id
    townships: dict[str, list[Region]] = field(default_factory=dict)  # with somebody to log a case, by county
    postings: list[Posting] = field(default_factory=list)
    leaves: list[Leave] = field(default_factory=list)


@dataclass
class Casting:
    """Makes people up and writes them all at once."""

    rng: Random
    today: date
    cast: Cast = field(default_factory=Cast)
    people: list[Person] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.password = make_password(PASSWORD)  # slow on purpose; once for all

    def name(self) -> str:
        while (name := self.rng.choice(SURNAMES) + self.rng.choice(GIVEN)) in self.used:
            pass
        self.used.add(name)
        return name

    def hire(self, username: str, role: str, at: Region | Body, *, is_deputy: bool = False) -> Person:
        person = Person(
            username=username, full_name=self.name(), phone=f"0527-8099{len(self.people):04d}", password=self.password
        )
        region, body = (None, at) if isinstance(at, Body) else (at, None)
        self.people.append(person)
        self.cast.postings.append(
            Posting(
                person=person,
                role=role,
                region=region,
                body=body,
                is_deputy=is_deputy,
                starts_on=self.today - IN_POST_FOR,
            )
        )
        return person

    def write(self) -> Cast:
        Person.objects.bulk_create(self.people)
        Posting.objects.bulk_create(self.cast.postings)
        return self.cast


def make_cast(rng: Random, today: date) -> Cast:
    casting = Casting(rng, today)
    regions = {
        row.code: row for row in Region.objects.current().under(CITY).filter(level__in=("city", "county", "township"))
    }
    staff_home(casting, regions)
    for county, word, _weight in COUNTIES:
        townships = [row for row in regions.values() if row.parent_id == county and int(row.code[6:]) < FIRST_ZONE]
        staff_county(casting, regions[county], word)
        staff_townships(casting, townships or [row for row in regions.values() if row.parent_id == county], word)
    casting.hire("shidu", roles.CITY_SUPERVISOR, regions[CITY])
    casting.hire("shidu-2", roles.CITY_SUPERVISOR, regions[CITY])
    casting.hire("shenji", roles.AUDITOR, regions[CITY])
    casting.hire("guanli", roles.ADMINISTRATOR, regions[CITY])
    away = chief_next_door(casting, regions)
    cast = casting.write()
    week = {"starts_on": today - timedelta(days=2), "ends_on": today + timedelta(days=5)}
    cast.leaves.append(Leave.objects.create(person=away, **week))
    return cast


def staff_home(casting: Casting, regions: dict[str, Region]) -> None:
    """The posts whose sign-ins people try first, in the order of the story."""
    town, county = regions[HOME_TOWNSHIP], regions[HOME_COUNTY]
    casting.cast.workers[town.code] = casting.hire("wangge", roles.GRID_WORKER, town)
    casting.hire("zhangzhen", roles.TOWNSHIP_CHIEF, town)
    casting.hire("xianan", roles.COUNTY_OFFICER, county)
    casting.cast.mediators[county.code] = [casting.hire("tiaojie", roles.MEDIATOR, county)]
    casting.cast.townships[county.code] = [town]


def staff_county(casting: Casting, county: Region, word: str) -> None:
    is_home = county.code == HOME_COUNTY
    for number in (2,) if is_home else (1, 2):
        casting.hire(f"xianan-{word}-{number}", roles.COUNTY_OFFICER, county)
    mediators = casting.cast.mediators.setdefault(county.code, [])
    for number in (2,) if is_home else (1, 2):
        mediators.append(casting.hire(f"tiaojie-{word}-{number}", roles.MEDIATOR, county))
    for kind, name in BODIES.items():
        body = Body.objects.create(name=name.format(county=county.name), kind=kind, region=county)
        partner = BODY_WORDS[kind] + ("" if is_home else f"-{word}")
        casting.cast.bodies[county.code, kind] = body
        casting.cast.partners[body.pk] = casting.hire(partner, roles.PARTNER, body)


def staff_townships(casting: Casting, townships: Iterable[Region], word: str) -> None:
    """Most have a chief and a grid worker. Each seventh waits for a chief, each ninth for a grid worker."""
    known = casting.cast.townships.setdefault(next(iter(townships)).parent_id, [])
    for number, town in enumerate((town for town in townships if town.code != HOME_TOWNSHIP), start=1):
        if number % 7 != 4:
            casting.hire(f"zhangzhen-{word}-{town.code[6:]}", roles.TOWNSHIP_CHIEF, town)
        if number % 9 != 5:
            casting.cast.workers[town.code] = casting.hire(f"wangge-{word}-{town.code[6:]}", roles.GRID_WORKER, town)
            known.append(town)


def chief_next_door(casting: Casting, regions: dict[str, Region]) -> Person:
    """Is away this week; a deputy (B 角) answers."""
    town = regions[NEXT_DOOR]
    casting.hire("zhangzhen-b", roles.TOWNSHIP_CHIEF, town, is_deputy=True)
    return next(row.person for row in casting.cast.postings if (row.role, row.region) == (roles.TOWNSHIP_CHIEF, town))


def sign_ins(today: date) -> list[tuple[str, str, str, str]]:
    """User name, role (untranslated label), name and place of the sign-ins people try first."""
    held = Posting.objects.on(today).filter(person__username__in=SHOWN).select_related("person", "region", "body")
    rows = {row.person.username: row for row in held}
    return [
        (name, ROLES[row.role].label, row.person.full_name, row.body.name if row.body else row.region.full_name)
        for name in SHOWN
        if (row := rows.get(name))
    ]


def give_mail() -> None:
    """Last of all: nobody gets the mail of past months."""
    for name in MAILED:
        Person.objects.filter(username=name).update(email=f"{name}@example.test")
