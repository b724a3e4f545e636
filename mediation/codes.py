"""A link and a code, told apart from each other: the way in for whoever has no account. The database knows only their digests."""

import secrets
from typing import Any

from django.db.models import F

from grid.vault import blind_index


def new_code() -> tuple[str, str]:
    """Address part and six digits."""
    return secrets.token_urlsafe(24), f"{secrets.randbelow(10**6):06d}"


def code_of(token: str, code: str, seal: str) -> str:
    return blind_index(f"{token}:{code}", seal)


def is_code(link: Any, token: str, code: str, seal: str, most: int) -> bool:
    """`link`: a row with code and tries, of which there are `most`. A try is counted before it is looked at: ten at once are ten."""
    rows = type(link).objects.filter(pk=link.pk)
    tried = rows.filter(tries__lt=most).update(tries=F("tries") + 1)
    if not tried or not secrets.compare_digest(link.code, code_of(token, code.strip(), seal)):
        return False
    rows.update(tries=F("tries") - 1)
    return True
