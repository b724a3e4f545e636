"""Finding claims by what people type. PostgreSQL's trigrams find nothing useful for two Chinese characters,
so those go through an array of bigrams; longer words through the trigram index."""

import re

from arrears.models.claims import ClaimQuerySet

LONGEST = 60


def squeeze(text: str) -> str:
    """Search text and queries alike: lower case, no spaces or punctuation between the characters."""
    return re.sub(r"[\s·,，、。.\-—_/\\()（）]+", "", text.lower())


def grams(text: str) -> list[str]:
    """Every pair of neighbouring characters, once, sorted."""
    words = [squeeze(word) for word in text.split("\n")]
    return sorted({word[i : i + 2] for word in words for i in range(len(word) - 1)})


def search(claims: ClaimQuerySet, query: str) -> ClaimQuerySet:
    """Claims whose case number, parties or site contain every word of `query`; no words: all of them."""
    for word in query[:LONGEST].split():
        wanted = squeeze(word)
        if len(wanted) == 2:
            claims = claims.filter(search_grams__contains=[wanted])
        elif wanted:
            claims = claims.filter(search_text__contains=wanted)
    return claims
