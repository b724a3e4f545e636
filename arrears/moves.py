"""What a lifecycle is: states and a table of moves. Django-free; the tables are in lifecycle.py.

One row of a table feeds the button, the form, the API, docs/lifecycle.md and the permission test.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

ANY_STATE = None
AWAKE, ASLEEP = "awake", "asleep"
ORDINARY, SENSITIVE = "ordinary", "sensitive"


@dataclass(frozen=True)
class State:
    name: str
    label: str
    tone: str = "plain"  # colour of the badge: plain, info, good, warn, bad, muted
    is_final: bool = False


@dataclass(frozen=True)
class Ask:
    """A thing the actor must say with a move. `kind` picks the form field and the API's type."""

    name: str
    label: str
    kind: str = "text"  # text, line, date, datetime, money, choice, confirm, person, claim, body, file, room, people, hearing, version
    choices: tuple[tuple[str, str], ...] = ()
    is_required: bool = True
    hint: str = ""


@dataclass(frozen=True)
class Move:
    name: str
    label: str
    sources: tuple[str, ...]  # () : the move creates the row
    target: str | None  # None: the state stays as it is
    roles: tuple[str, ...]
    asks: tuple[Ask, ...] = ()
    starts: tuple[str, ...] = ()  # rules whose clocks begin
    stops: tuple[str, ...] = ()  # rules whose clocks are met; ("*",) ends every clock of the row
    resumes: tuple[str, ...] = ()  # rules whose ended clocks run on from their old start
    tells: tuple[str, ...] = ()  # who gets a notice: handler, level, above, sender, body, mediator
    guards: tuple[str, ...] = ()  # conditions that need the database, by name (GUARDS of the verb module)
    reach: str = "in_charge"  # in_charge: the actor's level is at least the claim's; any: whoever sees it
    tone: str = "plain"  # the button: primary, plain, danger
    hint: str = ""  # one sentence under the button or form
    is_own_page: bool = False  # has a form of its own instead of the generic one
    when: str = "always"  # awake: refused while the claim is suspended; asleep: only then · ordinary, sensitive claims
    is_automatic: bool = False  # nobody makes it: it follows on something else, so it has no roles

    @property
    def asks_by_name(self) -> dict[str, Ask]:
        return {ask.name: ask for ask in self.asks}


class BadTable(Exception):
    """A lifecycle table contradicts itself; the process must not start."""


@dataclass(frozen=True)
class Lifecycle:
    name: str
    label: str
    initial: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    _states: dict[str, State] = field(init=False, repr=False, compare=False)
    _moves: dict[str, Move] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_states", {state.name: state for state in self.states})
        object.__setattr__(self, "_moves", {move.name: move for move in self.moves})
        faults = list(self._faults())
        if faults:
            raise BadTable(f"{self.name}: " + "; ".join(faults))

    def state(self, name: str) -> State:
        return self._states[name]

    def find(self, name: str) -> Move | None:
        return self._moves.get(name)

    @property
    def open_states(self) -> tuple[str, ...]:
        return tuple(state.name for state in self.states if not state.is_final)

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(state.name, state.label) for state in self.states]

    def moves_from(self, state: str, roles: Collection[str]) -> list[Move]:
        """What somebody with `roles` finds in the table for a row in `state`, in the table's order."""
        return [m for m in self.moves if state in m.sources and not set(m.roles).isdisjoint(roles)]

    def _faults(self) -> Iterable[str]:
        if len(self._states) != len(self.states):
            yield "two states have one name"
        if len(self._moves) != len(self.moves):
            yield "two moves have one name"
        for move in self.moves:
            unknown = {*move.sources, *([move.target] if move.target else [])} - self._states.keys()
            if unknown:
                yield f"move {move.name} names unknown states {sorted(unknown)}"
            if not move.roles and not move.is_automatic:
                yield f"nobody may {move.name}"
        if self.initial not in self._states:
            yield f"initial state {self.initial} is unknown"
            return
        for state in self.states:
            leaves = [m for m in self.moves if state.name in m.sources and m.target not in (None, state.name)]
            if not state.is_final and not leaves:
                yield f"no move leaves the open state {state.name}"
        unreached = self._states.keys() - self._reachable()
        if unreached:
            yield f"no way leads to {sorted(unreached)}"

    def _reachable(self) -> set[str]:
        found = {self.initial}
        while True:
            more = {m.target for m in self.moves if m.target and not found.isdisjoint(m.sources)} - found
            if not more:
                return found
            found |= more
