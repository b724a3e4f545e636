"""查询纸条: whoever has no telephone of their own follows the case with the query number and a code of six digits, on paper.

The code is shown once and kept as a blind index of number and code, so that nobody who reads the database can try all codes.
A wrong one counts as a wrong try of that number (worker.tracking). A new slip makes the old one useless.
"""

import secrets
from datetime import date, datetime

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from arrears.history import hold, record
from arrears.models import Claimant
from arrears.permits import Denied, claim_posts, require
from grid.days import day_of
from grid.ids import normal_public_number
from grid.models import Person
from grid.vault import blind_index

DIGITS = 6
SEAL = "arrears.worker.slips"


def index_of(number: str, code: str) -> str:
    return blind_index(f"{normal_public_number(number) or ''}:{code}", SEAL)


def code_of_form(once: str) -> str:
    """The code of a report, from the form it was sent with: sent again after the answer was lost, it shows the same."""
    return cut(int(salted_hmac(SEAL, once, algorithm="sha256").hexdigest(), 16))


def cut(number: int) -> str:
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def may_give(claimant: Claimant, person: Person, today: date) -> Denied | bool:
    if not claim_posts(claimant.claim, person, today):
        return Denied("not_your_role", _("您的岗位不能进行这项操作。"))
    return True


def give(claimant: Claimant, person: Person, *, now: datetime) -> str:
    """The code, to be handed over and not kept. Raises Refused: not_your_role."""
    require(may_give(claimant, person, day_of(now)))
    code = cut(secrets.randbelow(10**DIGITS))
    with transaction.atomic():
        claim = hold(claimant.claim)
        claimant.slip = index_of(claimant.query_number, code)
        claimant.save(update_fields=["slip"])
        record(claim, "slip_given", person, now=now, worker=claimant.name)
    return code
