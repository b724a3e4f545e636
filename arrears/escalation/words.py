"""What a fired rung says: its kind of notice and the facts for its words."""

from arrears.escalation.known import Firing
from arrears.ladders import OF_TARGETS, WORDS, notice_kind
from arrears.models import Clock
from arrears.notice_kinds import KINDS
from grid.roles import LEVEL_LABELS

CLIMBED = "claim_climbed"
EARLY = {CLIMBED: "climbed_unacked"}  # the words of a rung that comes before its time; any other kind: CALLED_EARLY
CALLED_EARLY = "rung_unacked"
assert {CLIMBED, CALLED_EARLY, *EARLY.values(), *OF_TARGETS.values(), *(kind for words in WORDS.values() for kind in words.values())} <= {
    kind.name for kind in KINDS
}


def kind_of(clock: Clock, firing: Firing) -> str:
    kind = CLIMBED if firing.climbs and not firing.is_own else notice_kind(clock.rule_id, firing.rung)
    return EARLY.get(kind, CALLED_EARLY) if firing.is_early else kind


def facts_of(clock: Clock, firing: Firing) -> dict[str, str]:
    """For the words of the notice: nothing personal, both languages."""
    rule = clock.rule
    return {
        "number": clock.claim.number,
        "due": clock.due_on.isoformat(),
        "rule": rule.name,
        "rule_en": rule.name_en,
        "article": rule.citation(),
        "article_en": rule.citation("en"),
        "level_msgid": LEVEL_LABELS[firing.level],
        **firing.rung.facts(),
    }
