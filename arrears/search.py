"""Finding claims by what people type. PostgreSQL's trigrams find nothing useful for two Chinese characters,
so those go through an array of bigrams; longer words through the trigram index; a whole ID number through its
blind index. An address is kept in histories and logs, so a page turns the number into `id:INDEX` first (`veiled`)."""

import re
from collections.abc import Iterable
from typing import Any

from arrears.identity import id_check_character, plain
from arrears.models import Claimant, Report
from arrears.models.claims import ClaimQuerySet
from grid.vault import blind_index

LONGEST = 100
SHORTEST_EXTERNAL = 4  # characters of another office's number
ID_NUMBER = re.compile(r"\d{17}[\dXx]", re.ASCII)
VEILED = re.compile(r"id:([0-9a-f]{64})")


def squeeze(text: str) -> str:
    """Search text and queries alike: lower case, no spaces or punctuation between the characters."""
    return re.sub(r"[\s·,，、。.\-—_/\\()（）]+", "", text.lower())


def grams(text: str) -> list[str]:
    """Every pair of neighbouring characters, once, sorted."""
    words = [squeeze(word) for word in text.split("\n")]
    return sorted({word[i : i + 2] for word in words for i in range(len(word) - 1)})


def veiled(query: str) -> str:
    """The query with every whole ID number replaced by its blind index."""
    return " ".join(veil(word) for word in query[:LONGEST].split())


def veil(word: str) -> str:
    number = plain(word)
    if not ID_NUMBER.fullmatch(number) or id_check_character(number) != number[-1]:
        return word
    return f"id:{blind_index(number, Claimant.SEAL)}"


def by_external(word: str) -> Iterable[Any]:
    """The claims that came of the work order with that number, whichever office numbered it so."""
    if not any(character.isdigit() for character in word):
        return ()
    return Report.objects.filter(external_number=word, source__isnull=False, claim__isnull=False).values_list("claim", flat=True)


def search(claims: ClaimQuerySet, query: str) -> ClaimQuerySet:
    """Claims whose case number, parties or site contain every word of `query`, or one of whose workers has exactly
    the ID number it is, or that came of the work order with that number; no words: all of them."""
    for word in veiled(query).split():
        wanted = squeeze(word)
        if worker := VEILED.fullmatch(word):
            claims = claims.filter(pk__in=Claimant.objects.filter(id_index=worker[1]).values("claim"))
        elif len(word) >= SHORTEST_EXTERNAL and (claims_of := list(by_external(word))):
            claims = claims.filter(pk__in=claims_of)
        elif len(wanted) == 2:
            claims = claims.filter(search_grams__contains=[wanted])
        elif wanted:
            claims = claims.filter(search_text__contains=wanted)
    return claims
