"""The menu shows each role its own pages and marks where the person is."""

from datetime import date

import pytest
from django.test import Client, RequestFactory

from config.context import MENU, House, Item, describe, mark_current
from grid.roles import ROLES
from grid.scope import Post, Scope

ALWAYS = {"desk", "inbox", "task_list"}
EVERY = ALWAYS | {"service_list", "claim_list", "site_list", "proceeding_list"}
EXPECTED = {
    "grid_worker": EVERY | {"support_list", "proceeding_list", "report_list", "claim_new", "hearing_day", "region_tree", "duty_roster"},
    "township_chief": EVERY | {"support_list", "proceeding_list", "report_list", "objection_list", "order_list", "ladder_list", "claim_new", "referral_list", "hearing_day", "region_tree", "people_list", "duty_roster"},
    "county_officer": EVERY | {"support_list", "proceeding_list", "report_list", "objection_list", "rating_overview", "mark_overview", "source_list", "order_list", "ladder_list", "claim_new", "referral_list", "hearing_day", "region_tree", "body_list", "people_list", "duty_roster"},
    "city_supervisor": EVERY | {"support_list", "proceeding_list", "report_list", "objection_list", "rating_overview", "mark_overview", "source_list", "order_list", "ladder_list", "referral_list", "hearing_day", "region_tree", "body_list", "people_list", "duty_roster"},
    "mediator": EVERY | {"proceeding_list", "report_list", "hearing_day", "region_tree", "duty_roster"},
    "partner": ALWAYS | {"referral_list"},
    "auditor": EVERY | {"support_list", "proceeding_list", "report_list", "objection_list", "rating_overview", "mark_overview", "order_list", "ladder_list", "referral_list", "hearing_day", "region_tree", "access_log"},
    "administrator": ALWAYS | {"ladder_list", "delivery_list", "wording_list", "robot_list", "source_list", "region_tree", "calendar_list", "figure_list", "template_list", "body_list", "people_list", "duty_roster"},
}


class Somebody:
    is_authenticated = True

    def __init__(self, role: str):
        self.role = role

    def scope(self, today: date) -> Scope:
        return Scope(today, (Post(ROLES[self.role], "321322", "沭阳县"),), frozenset({self.role}))


def house_of(role: str) -> House:
    request = RequestFactory().get("/")
    request.user = Somebody(role)
    return House(request)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_its_own_entries(role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.context.find_url", lambda name: f"/{name}/")
    assert {item.entry.url_name for item in house_of(role).menu} == EXPECTED[role]


def test_a_stranger_has_no_menu_and_nothing_unread() -> None:
    house = House(RequestFactory().get("/"))
    assert (house.menu, house.unread, house.posts) == ([], 0, [])


@pytest.mark.parametrize(
    ("path", "current"),
    [("/", "/"), ("/claims/", "/claims/"), ("/claims/new/", "/claims/new/"), ("/claims/42/", "/claims/"), ("/elsewhere/", None)],
)
def test_the_longest_address_that_fits_is_where_the_person_is(path: str, current: str | None) -> None:
    items = [Item(MENU[0], "/"), Item(MENU[1], "/claims/"), Item(MENU[2], "/claims/new/")]
    assert [item.url for item in mark_current(items, path) if item.is_current] == ([current] if current else [])


def test_a_mediation_stands_below_the_days_hearings() -> None:
    items = [Item(entry, f"/{entry.url_name}/") for entry in MENU]
    assert [item.url for item in mark_current(items, "/mediations/42/") if item.is_current] == ["/hearing_day/"]


def test_a_posting_reads_as_place_and_role() -> None:
    assert describe(Post(ROLES["county_officer"], "321322", "沭阳县")) == "沭阳县 · 县（区）专员"


@pytest.mark.django_db
def test_the_language_can_be_chosen_before_signing_in(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/"})
    assert (answer.status_code, answer["Location"], answer.cookies["django_language"].value) == (302, "/", "en")
