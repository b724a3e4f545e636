"""The whole matrix state × role × move, against an expectation written by hand (role by role, the way an
officer would say it, not the way the table is written)."""

from datetime import date
from itertools import product

import pytest
from django.test import SimpleTestCase

from arrears.ladders import ladder_of
from arrears.lifecycle import CLAIM, REFERRAL, REFERRAL_CLOCKS
from arrears.models import Claim
from arrears.moves import BadTable, Lifecycle, Move, State
from arrears.permits import permit
from grid.roles import LEVELS, ROLES
from grid.scope import Post

ENDS = ("closed", "rejected", "transferred", "withdrawn", "merged")

# What somebody finds to do while their own level is in charge.
CLAIM_MOVES = {
    "grid_worker": {
        "registered": "support withdraw escalate mediate complete issue_paper state_facts add_workers proceed serve represent tell_apart interrupt add_evidence note ask",
        "accepted": "support handle record_payment withdraw escalate mediate complete issue_paper state_facts add_workers proceed serve represent tell_apart interrupt add_evidence note ask",
        "handling": "support record_payment withdraw escalate mediate complete issue_paper state_facts add_workers proceed serve represent tell_apart interrupt add_evidence note ask",
        "settled": "support record_payment escalate complete issue_paper state_facts proceed serve represent tell_apart interrupt add_evidence note ask",
        "paid": "escalate complete issue_paper state_facts proceed serve represent tell_apart interrupt add_evidence note ask",
        "closed": "serve",
        "rejected": "serve",
        "withdrawn": "serve",
        "transferred": "serve",
    },
    "township_chief": {
        "registered": "support accept transfer withdraw merge split assign mark_sensitive escalate mediate complete issue_paper state_facts add_workers proceed serve represent gather ungather tell_apart interrupt add_evidence note ask",
        "accepted": "support handle verify record_payment confirm_paid transfer withdraw merge split assign mark_sensitive escalate mediate "
        "complete issue_paper state_facts add_workers proceed serve represent gather ungather tell_apart interrupt add_evidence note ask",
        "handling": "support verify settle record_payment confirm_paid transfer withdraw merge split assign mark_sensitive escalate mediate "
        "complete issue_paper state_facts add_workers proceed serve represent gather ungather tell_apart interrupt add_evidence note ask",
        "settled": "support breach record_payment confirm_paid assign mark_sensitive escalate complete issue_paper state_facts proceed serve represent gather ungather tell_apart interrupt add_evidence note ask",
        "paid": "close assign mark_sensitive escalate complete issue_paper state_facts proceed serve represent gather ungather tell_apart interrupt add_evidence note ask",
        "closed": "serve",
        "rejected": "serve",
        "withdrawn": "serve",
        "transferred": "serve",
    },
    "county_officer": {
        "registered": "support accept reject transfer withdraw merge split assign mark_sensitive escalate hand_back mediate complete issue_paper state_facts add_workers proceed serve represent gather ungather tell_apart interrupt add_evidence note ask",
        "accepted": "support handle verify record_payment confirm_paid transfer withdraw merge split assign mark_sensitive suspend escalate hand_back "
        "refer mediate complete issue_paper state_facts add_workers proceed serve represent gather ungather tell_apart interrupt add_evidence note ask",
        "handling": "support verify settle record_payment confirm_paid conclude transfer withdraw merge split assign mark_sensitive suspend escalate "
        "hand_back refer mediate complete issue_paper state_facts add_workers proceed serve represent gather ungather tell_apart interrupt add_evidence note ask",
        "settled": "support breach record_payment confirm_paid assign mark_sensitive escalate hand_back refer complete issue_paper state_facts proceed serve represent gather ungather tell_apart interrupt add_evidence note ask",
        "paid": "close assign mark_sensitive escalate hand_back complete issue_paper state_facts proceed serve represent gather ungather tell_apart interrupt add_evidence note ask",
        "closed": "serve reopen",
        "rejected": "serve reopen",
        "withdrawn": "serve reopen",
        "transferred": "serve reopen",
    },
    "city_supervisor": {
        "registered": "support accept reject transfer merge split assign mark_sensitive hand_back mediate complete issue_paper state_facts add_workers proceed serve represent gather ungather tell_apart interrupt add_evidence note ask",
        "accepted": "support handle verify record_payment confirm_paid transfer merge split assign mark_sensitive suspend hand_back refer mediate "
        "complete issue_paper state_facts add_workers proceed serve represent gather ungather tell_apart interrupt add_evidence note ask",
        "handling": "support verify settle record_payment confirm_paid conclude transfer merge split assign mark_sensitive suspend hand_back refer "
        "mediate complete issue_paper state_facts add_workers proceed serve represent gather ungather tell_apart interrupt add_evidence note ask",
        "settled": "support breach record_payment confirm_paid assign mark_sensitive hand_back refer complete issue_paper state_facts proceed serve represent gather ungather tell_apart interrupt add_evidence note ask",
        "paid": "close assign mark_sensitive hand_back complete issue_paper state_facts proceed serve represent gather ungather tell_apart interrupt add_evidence note ask",
        "closed": "serve reopen",
        "rejected": "serve reopen",
        "withdrawn": "serve reopen",
        "transferred": "serve reopen",
    },
    "mediator": {
        "registered": "mediate complete issue_paper state_facts proceed serve represent tell_apart interrupt add_evidence note ask",
        "accepted": "record_payment confirm_paid mediate complete issue_paper state_facts proceed serve represent tell_apart interrupt add_evidence note ask",
        "handling": "settle record_payment confirm_paid mediate complete issue_paper state_facts proceed serve represent tell_apart interrupt add_evidence note ask",
        "settled": "breach record_payment confirm_paid complete issue_paper state_facts proceed serve represent tell_apart interrupt add_evidence note ask",
        "paid": "complete issue_paper state_facts proceed serve represent tell_apart interrupt add_evidence note ask",
        "closed": "serve",
        "rejected": "serve",
        "withdrawn": "serve",
        "transferred": "serve",
    },
    "partner": {},
    "auditor": {},
    "administrator": {},
}
# What somebody finds to do while the claim is suspended: keep the papers, take the money, say whose it is, let the
# worker go. Whatever takes the case on waits until a supervisor wakes it.
SUSPENDED_MOVES = {
    "grid_worker": "record_payment withdraw escalate complete issue_paper state_facts add_workers proceed serve represent tell_apart interrupt add_evidence note ask",
    "township_chief": "record_payment withdraw merge assign mark_sensitive escalate complete issue_paper state_facts add_workers proceed serve represent gather ungather tell_apart interrupt add_evidence note ask",
    "county_officer": "resume record_payment withdraw merge assign mark_sensitive escalate hand_back complete issue_paper state_facts add_workers proceed serve represent gather ungather tell_apart interrupt add_evidence note ask",
    "city_supervisor": "resume record_payment merge assign mark_sensitive hand_back complete issue_paper state_facts add_workers proceed serve represent gather ungather tell_apart interrupt add_evidence note ask",
    "mediator": "record_payment complete issue_paper state_facts proceed serve represent tell_apart interrupt add_evidence note ask",
}
# What a lower level keeps when the claim has climbed above it.
REMAINS = set("record_payment withdraw support mediate complete issue_paper state_facts add_workers proceed serve represent tell_apart interrupt add_evidence note ask".split())

REFERRAL_MOVES = {
    "county_officer": {
        "drafted": "send recall", "sent": "supplement dispute recall", "received": "supplement dispute recall",
        "queried": "supply recall", "returned": "resend recall", "accepted": "supplement recall", "in_progress": "supplement recall",
        "disputed": "recall", "declined": "dispute",
    },
    "city_supervisor": {
        "drafted": "send recall", "sent": "supplement dispute recall", "received": "supplement dispute recall",
        "queried": "supply recall", "returned": "resend recall", "accepted": "supplement recall", "in_progress": "supplement recall",
        "disputed": "rule_takes rule_other rule_stands recall", "declined": "dispute",
    },
    "partner": {
        "sent": "receive", "received": "accept ask_more return decline take", "queried": "accept return decline take",
        "accepted": "ask_further begin conclude take", "in_progress": "ask_further conclude take",
    },
}  # fmt: skip
# Where each move of a referral leads, and what begins and ends with it.
REFERRAL_TARGETS = {
    "send": "sent", "receive": "received", "accept": "accepted", "ask_more": "queried", "ask_further": None, "return": "returned",
    "decline": "declined", "begin": "in_progress", "conclude": "concluded", "take": None, "supply": "received", "supplement": None, "narrow": None,
    "resend": "sent", "dispute": "disputed", "rule_takes": "accepted", "rule_other": "passed_on", "rule_stands": "declined",
    "recall": "recalled", "draft": "drafted",
}  # fmt: skip
REFERRAL_STARTS = {
    "send": "REF-RECEIVE-2", "receive": "REF-ANSWER-5", "accept": "REF-CONCLUDE-60", "ask_more": "REF-SUPPLY", "ask_further": "REF-SUPPLY",
    "return": "REF-CORRECT-5", "supply": "REF-ANSWER-5 REF-SUPPLEMENT-2", "supplement": "REF-SUPPLEMENT-2", "resend": "REF-RECEIVE-2",
    "dispute": "REF-RULING-5", "rule_takes": "REF-CONCLUDE-60",
}  # fmt: skip
# What always runs in an open state, so that somebody is always answerable for it.
REFERRAL_RUNS = {
    "sent": "REF-RECEIVE-2", "received": "REF-ANSWER-5", "queried": "REF-SUPPLY", "returned": "REF-CORRECT-5", "accepted": "REF-CONCLUDE-60",
    "in_progress": "REF-CONCLUDE-60", "disputed": "REF-RULING-5",
}  # fmt: skip

# Where each move leads; a move that is not here leaves the stage as it is.
CLAIM_TARGETS = {
    "register": "registered", "accept": "accepted", "reject": "rejected", "handle": "handling", "settle": "settled",
    "breach": "handling", "confirm_paid": "paid", "close": "closed", "conclude": "closed", "transfer": "transferred",
    "withdraw": "withdrawn", "merge": "merged", "reopen": "accepted",
}  # fmt: skip

REGION = "321322101"
LEVEL_REGION = {"township": REGION, "county": "321322", "city": "3213"}


def post_of(role: str) -> Post:
    """The post a role has at its own level; the mediator sits in the county."""
    return Post(ROLES[role], LEVEL_REGION[ROLES[role].level or "county"], "")


class ClaimMatrix(SimpleTestCase):
    def test_every_role_in_every_state_at_every_level_may_make_exactly_these_moves(self) -> None:
        for role, state, level in product(ROLES, CLAIM._states, LEVELS):
            claim = Claim(region_id=REGION, stage=state, level=level)
            post = post_of(role)
            expected = set(CLAIM_MOVES[role].get(state, "").split())
            if LEVELS.index(post.level) < LEVELS.index(level):
                expected &= REMAINS
            found = {m.name for m in CLAIM.moves if m.sources and permit(m, state, claim, [post])}
            assert found == expected, (role, state, level, found ^ expected)

    def test_while_it_is_suspended_they_may_make_exactly_these(self) -> None:
        for role, state, level in product(ROLES, ("accepted", "handling"), LEVELS):
            claim = Claim(region_id=REGION, stage=state, level=level, suspended_until=date(2026, 3, 30))
            post = post_of(role)
            expected = set(SUSPENDED_MOVES.get(role, "").split())
            if LEVELS.index(post.level) < LEVELS.index(level):
                expected &= REMAINS
            found = {m.name for m in CLAIM.moves if m.sources and permit(m, state, claim, [post])}
            assert found == expected, (role, state, level, found ^ expected)

    def test_a_sensitive_claim_can_be_unmarked_and_not_marked_again(self) -> None:
        for role, state in product(ROLES, CLAIM.open_states):
            post = post_of(role)
            claim = Claim(region_id=REGION, stage=state, level="township", sensitive="gathering")
            expected = set(CLAIM_MOVES[role].get(state, "").replace("mark_sensitive", "unmark_sensitive").split())
            found = {m.name for m in CLAIM.moves if m.sources and permit(m, state, claim, [post])}
            assert found == expected, (role, state, found ^ expected)

    def test_every_move_leads_where_it_should(self) -> None:
        assert {move.name: move.target for move in CLAIM.moves if move.target} == CLAIM_TARGETS

    def test_the_five_ends_are_final_and_nothing_else_is(self) -> None:
        assert tuple(state.name for state in CLAIM.states if state.is_final) == ENDS

    def test_every_open_stage_is_reached_with_a_clock_of_the_offices_own_running(self) -> None:
        """No claim is ever forgotten: what a move into an open stage starts, or leaves running."""
        runs = {
            "registered": {"JC-ACCEPT"}, "accepted": {"JC-INVEST"}, "handling": {"JC-INVEST"},
            "settled": {"AGREED-PAY"}, "paid": {"CLOSE-5"},
        }  # fmt: skip
        for move in CLAIM.moves:
            if move.target in runs:
                left = set().union(*(runs.get(source, set()) for source in move.sources)) - set(move.stops)
                assert runs[move.target] & ({*move.starts} | left), move.name


class ReferralMatrix(SimpleTestCase):
    def test_every_role_in_every_state_may_make_exactly_these_moves(self) -> None:
        for role, state in product(ROLES, REFERRAL._states):
            found = {move.name for move in REFERRAL.moves_from(state, {role})}
            assert found == set(REFERRAL_MOVES.get(role, {}).get(state, "").split()), (role, state)


    def test_every_move_leads_where_it_should_and_starts_its_clock(self) -> None:
        self.assertEqual({move.name: move.target for move in REFERRAL.moves}, REFERRAL_TARGETS)
        self.assertEqual({move.name: " ".join(move.starts) for move in REFERRAL.moves if move.starts}, REFERRAL_STARTS)

    def test_whoever_enters_an_open_state_starts_what_runs_in_it_and_whoever_leaves_ends_it(self) -> None:
        for move in REFERRAL.moves:
            if move.target in REFERRAL_RUNS:
                rule = REFERRAL_RUNS[move.target]
                runs_on = {REFERRAL_RUNS.get(source) for source in move.sources} == {rule}
                assert rule in move.starts or runs_on, (move.name, rule)
            if move.target and move.target not in ("drafted", "sent"):
                left = {REFERRAL_RUNS[source] for source in move.sources if source in REFERRAL_RUNS} - {REFERRAL_RUNS.get(move.target)}
                assert left <= set(move.stops), (move.name, left)

    def test_every_clock_of_a_referral_has_a_ladder_that_calls_somebody(self) -> None:
        for rule in REFERRAL_CLOCKS:
            seats = {seat for rung in ladder_of(rule) for seat in rung.tells}
            assert seats & {"sender", "city"}, rule


OPEN, DONE = State("open", "开"), State("done", "止", is_final=True)


@pytest.mark.parametrize(
    ("moves", "fault"),
    [
        ((Move("end", "", ("open",), "nowhere", ("chief",)),), "unknown states"),
        ((Move("end", "", ("open",), "done", ()),), "nobody may end"),
        ((Move("stay", "", ("open",), None, ("chief",)),), "no move leaves the open state open"),
        ((Move("end", "", ("open",), "done", ("a",)), Move("end", "", ("open",), "done", ("b",))), "one name"),
        ((Move("end", "", ("done",), "done", ("a",)),), "no way leads to"),
    ],
)
def test_a_table_that_contradicts_itself_stops_the_start(moves: tuple[Move, ...], fault: str) -> None:
    with pytest.raises(BadTable, match=fault):
        Lifecycle("x", "", "open", (OPEN, DONE), moves)
