"""How long somebody who types a claim waits for the likely duplicates, in a city of so many open claims: the whole request,
for a township, a county and the city, with a name, a telephone or an ID number typed. Three names in four are in the city
many times over."""

import time
from datetime import date
from itertools import product
from statistics import quantiles

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arrears.identity import make_id
from arrears.models import Claimant, ClaimLine, Employer, Respondent
from bench import city, claims
from bench.report import Figures, say
from grid.ids import uuid7
from grid.models import Posting
from grid.roles import COUNTY_OFFICER, GRID_WORKER, TOWNSHIP_CHIEF
from grid.vault import blind_index

ROUNDS = 12


def run(size: int) -> Figures:
    now = timezone.now()
    city.build_alone()
    call_command("collectstatic", verbosity=0, interactive=False)
    claims.prepare(now)
    claims.fill(1, size, now)
    people()
    known = number_some()
    say("typing")
    took, found = [], 0
    for number, (role, typed) in enumerate(product((GRID_WORKER, TOWNSHIP_CHIEF, COUNTY_OFFICER), known * ROUNDS)):
        client = client_of(role, number)
        begun = time.monotonic()
        answer = client.post(reverse("draft_alike", args=[uuid7(), "who"]), {f"who-0-{name}": value for name, value in typed.items()})
        took.append(1000 * (time.monotonic() - begun))
        assert answer.status_code == 200, answer.status_code
        found += b"row-item" in answer.content or b"panel" in answer.content
    hundredths = quantiles(took, n=100)
    return {
        "claims": size, "requests": len(took), "with_answer": found, "p50_ms": round(hundredths[49], 1), "p95_ms": round(hundredths[94], 1),
        "slowest_ms": round(max(took), 1),
    }  # fmt: skip


def client_of(role: str, number: int) -> Client:
    posts = Posting.objects.filter(role=role).select_related("person").order_by("id")
    client = Client(headers={"host": "localhost"})
    client.force_login(posts[number % 7].person)
    return client


def people() -> None:
    """Each claim its worker, its firm and one wage."""
    say("workers, firms and wages")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_row")
        cursor.execute(
            "CREATE UNLOGGED TABLE bench_row AS SELECT DISTINCT ON (respondent_name) id, respondent_name AS firm FROM arrears_claim"
        )
        cursor.execute(*claims.insert(Employer, {"id": "id", "name": "firm"}))
        cursor.execute("DROP TABLE bench_row")
        cursor.execute(
            "CREATE UNLOGGED TABLE bench_row AS SELECT claim.id, worker_name AS name, respondent_name AS firm, firm.id AS firm_id, number, "
            "received_on AS day, '138' || lpad((abs(hashtext(number)) % 100000000)::text, 8, '0') AS phone "
            "FROM arrears_claim AS claim JOIN arrears_employer AS firm ON firm.name = respondent_name"
        )
        own = {"id": "id", "claim_id": "id"}
        cursor.execute(*claims.insert(Respondent, {**own, "employer_id": "firm_id", "role": "'labour'", "legal_name": "firm"}))
        cursor.execute(*claims.insert(Claimant, {**own, "name": "name", "phone": "phone", "id_index": "md5(number) || md5(phone)"}))
        wage = {"rate": "3000", "period_from": "day - 60", "period_to": "day - 1"}
        cursor.execute(*claims.insert(ClaimLine, {**own, "claimant_id": "id", **wage}))
        cursor.execute("VACUUM ANALYZE")


def number_some() -> list[dict[str, str]]:
    """What is typed: of some who are there their name, telephone, ID number; and somebody who is not."""
    workers = list(Claimant.objects.order_by("id")[:4])
    numbers = [make_id("321322", date(1980, 1, 1), place + 1) for place in range(len(workers))]
    for worker, number in zip(workers, numbers, strict=True):
        worker.id_index = blind_index(number, Claimant.SEAL)
        worker.save(update_fields=["id_index"])
    first, second, third, fourth = workers
    return [
        {"name": first.name}, {"name": second.name, "phone": second.phone}, {"name": third.name, "id_number": numbers[2]},
        {"name": "欧阳不在此城", "phone": "19900000000"}, {"name": fourth.name[:2], "phone": fourth.phone, "id_number": numbers[3]},
    ]  # fmt: skip
