"""Who is there in the simulated year: the demo's posts, with leave, posts that fall vacant and, later, successors."""

from datetime import date, timedelta
from random import Random

from arrears.demo.cast import Cast, make_cast
from arrears.simulation.measured import LEAVES_A_YEAR, VACANT_CHIEFS
from grid import roles
from grid.models import Leave, Person, Posting

MAILBOX = "{}@example.test"


def hire(rng: Random, first: date, days: int) -> Cast:
    cast = make_cast(rng, first)
    people = list({row.person_id: row.person for row in cast.postings}.values())
    for person in people:
        person.email = MAILBOX.format(person.username)
    Person.objects.bulk_update(people, ["email"])
    give_leave(rng, people, first, days)
    empty_posts(rng, cast, first, days)
    return cast


def give_leave(rng: Random, people: list[Person], first: date, days: int) -> None:
    rows = []
    for person in people:
        for _ in range(max(1, LEAVES_A_YEAR * days // 365)):
            begins = first + timedelta(days=rng.randrange(days))
            rows.append(Leave(person=person, starts_on=begins, ends_on=begins + timedelta(days=rng.randint(2, 10))))
    Leave.objects.bulk_create(rows)


def empty_posts(rng: Random, cast: Cast, first: date, days: int) -> None:
    """Some chiefs leave for good on some day; a successor comes weeks later, or not at all."""
    chiefs = [row for row in cast.postings if row.role == roles.TOWNSHIP_CHIEF]
    for number, row in enumerate(rng.sample(chiefs, round(len(chiefs) * VACANT_CHIEFS))):
        last = first + timedelta(days=rng.randrange(days))
        Posting.objects.filter(pk=row.pk).update(ends_on=last)
        if rng.random() < 0.6:
            heir = Person.objects.create_user(f"xinren-{number}", None, full_name=f"新任{number}", email=MAILBOX.format(f"xinren-{number}"))
            begins = last + timedelta(days=rng.randint(10, 60))
            Posting.objects.create(person=heir, role=row.role, region=row.region, starts_on=begins)
