"""The lines of a sheet on its page: a tab of them, so many at a time. Wage sheets and work orders are leafed through alike."""

from collections.abc import Mapping


class Leaves:
    """`show` is the tab, `number` the leaf, from 1. Who has it says how many leaves there are."""

    show: str
    number: int
    last: int

    def open_at(self, params: Mapping[str, str]) -> None:
        """At the leaf the address asks for; what is no number is the first, what is too large the last."""
        asked = params.get("page", "")
        self.number = min(max(int(asked), 1), self.last) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1

    @property
    def query(self) -> str:
        return self.at(self.number)

    @property
    def older(self) -> str:
        return self.at(self.number + 1) if self.number < self.last else ""

    @property
    def newer(self) -> str:
        return self.at(self.number - 1) if self.number > 1 else ""

    @property
    def note(self) -> str:
        return f"{self.number} / {self.last}" if self.last > 1 else ""

    def at(self, number: int) -> str:
        return f"?show={self.show}&page={number}"
