"""The whole matrix state × role × move, against an expectation written by hand, role by role."""

from itertools import product

from django.test import SimpleTestCase

from grid.roles import ROLES
from grid.scope import Post
from mediation.lifecycle import HEARING_STATES, MEDIATION, SITTING_BECOMES
from mediation.permits import permit

# Who sits: arranges, holds and records. The city supervisor arranges, corrects and ends, but does not sit in.
SITS = {
    "applied": "accept on_site fail",
    "accepted": "schedule join on_site fail",
    "scheduled": "postpone convert join on_site hold adjourn no_show fail",
    "held": "adjourn undo agree fail",
    "adjourned": "schedule join on_site undo fail",
    "no_show": "schedule join on_site undo fail",
    "failed": "reinstate",
}
MOVES = {
    "mediator": SITS,
    "township_chief": SITS,
    "county_officer": SITS,
    "city_supervisor": {
        "applied": "accept fail",
        "accepted": "schedule join fail",
        "scheduled": "postpone convert join fail",
        "held": "undo fail",
        "adjourned": "schedule join undo fail",
        "no_show": "schedule join undo fail",
        "failed": "reinstate",
    },
    "grid_worker": {},
    "partner": {},
    "auditor": {},
    "administrator": {},
}
APPLY = {"grid_worker", "township_chief", "county_officer", "city_supervisor", "mediator"}


class LifecycleTest(SimpleTestCase):
    def test_every_role_in_every_state_may_make_exactly_the_moves_an_officer_expects(self) -> None:
        self.assertEqual(MOVES.keys(), ROLES.keys())
        for role, state in product(ROLES.values(), MEDIATION.states):
            post = Post(role, "321322", "沭阳县")
            allowed = {m.name for m in MEDIATION.moves if m.sources and permit(m, state.name, [post])}
            self.assertEqual(allowed, set(MOVES[role.name].get(state.name, "").split()), (role.name, state.name))

    def test_everybody_who_works_on_claims_may_apply(self) -> None:
        self.assertEqual(set(MEDIATION.find("apply").roles), APPLY)

    def test_a_refusal_says_whether_it_is_the_post_or_the_state(self) -> None:
        accept = MEDIATION.find("accept")
        mediator = Post(ROLES["mediator"], "321322", "沭阳县")
        self.assertEqual(permit(accept, "applied", [Post(ROLES["auditor"], "3213", "宿迁市")]).code, "not_your_role")
        self.assertEqual(permit(accept, "held", [mediator]).code, "wrong_state")

    def test_the_ends_are_final(self) -> None:
        self.assertEqual({s.name for s in MEDIATION.states if s.is_final}, {"agreed", "failed"})

    def test_what_a_sitting_becomes_is_a_state_of_a_hearing(self) -> None:
        self.assertLessEqual(set(SITTING_BECOMES.values()), HEARING_STATES.keys())
        self.assertLessEqual(SITTING_BECOMES.keys(), {m.name for m in MEDIATION.moves})
