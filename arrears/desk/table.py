"""What a desk is made of: the occasion (Desk), and the rows of its two tables."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from arrears.calendars import calendar_now
from arrears.workdays import Calendar
from arrears.workload import Load, workload
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.paging import Count
from grid.scope import Scope
from grid.vacancies import Vacancy, vacancies_for

MAIN, SIDE = "main", "side"


class Desk:
    """Somebody at their desk at an instant. What several rows need is read once."""

    def __init__(self, request: HttpRequest, now: datetime) -> None:
        self.request, self.now = request, now
        self.today: date = day_of(now)
        self.person: Person = request.user
        self.scope: Scope = self.person.scope(self.today)

    @cached_property
    def calendar(self) -> Calendar:
        return calendar_now()

    @cached_property
    def roster(self) -> Roster:
        return Roster(self.today)

    @cached_property
    def vacancies(self) -> list[Vacancy]:
        """Empty posts this person has to fill."""
        return vacancies_for(self.scope)

    @cached_property
    def loads(self) -> dict[str, Load]:
        return workload(self.person, self.today)

    def is_for(self, roles: Collection[str]) -> bool:
        return not self.scope.roles.isdisjoint(roles)


@dataclass(frozen=True)
class Tile:
    """`count` may answer None: then the tile is not shown."""

    name: str
    label: str | Promise
    icon: str
    tone: str  # while there is something to count
    roles: Collection[str]
    count: Callable[[Desk], Count | None]
    url: Callable[[Desk], str]
    unit: Callable[[int], str]  # the word behind the number


@dataclass(frozen=True)
class Panel:
    """`build` returns what the template needs, or None while there is nothing to show."""

    name: str
    template: str
    roles: Collection[str]
    build: Callable[[Desk], dict[str, Any] | None]
    column: str = MAIN


@dataclass(frozen=True)
class ShownTile:
    tile: Tile
    count: Count
    url: str

    @property
    def unit(self) -> str:
        return self.tile.unit(self.count.number)

    @property
    def tone(self) -> str:
        return self.tile.tone if self.count.number else "plain"


@dataclass(frozen=True)
class ShownPanel:
    panel: Panel
    facts: dict[str, Any]


TILES: dict[str, Tile] = {}
PANELS: dict[str, Panel] = {}


def add_tiles(tiles: Iterable[Tile]) -> None:
    TILES.update({tile.name: tile for tile in tiles})


def add_panels(panels: Iterable[Panel]) -> None:
    PANELS.update({panel.name: panel for panel in panels})


def tiles_of(desk: Desk) -> list[ShownTile]:
    fitting = [tile for tile in TILES.values() if desk.is_for(tile.roles)]
    counted = [(tile, tile.count(desk)) for tile in fitting]
    return [ShownTile(tile, count, tile.url(desk)) for tile, count in counted if count is not None]


def panels_of(desk: Desk, column: str) -> list[ShownPanel]:
    fitting = [panel for panel in PANELS.values() if panel.column == column and desk.is_for(panel.roles)]
    built = [(panel, panel.build(desk)) for panel in fitting]
    return [ShownPanel(panel, facts) for panel, facts in built if facts is not None]
