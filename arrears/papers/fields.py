"""Every field a paper can name: path, meaning, example. Django-free.

What a list holds is named under it: 工资.明细 is a list, 工资.明细.姓名 a field of each of its rows. Rooms that bring facts of
their own (arrears.papers.facts.add_facts) bring their fields with them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

LIST = "list"


@dataclass(frozen=True)
class Field:
    path: str
    meaning: str
    meaning_en: str
    example: str = ""
    kind: str = "text"  # text, date, amount, number, yes_no, list

    def text(self, column: str, language: str = "zh-hans") -> str:
        return str(getattr(self, f"{column}_en" if language.startswith("en") else column))

    @property
    def root(self) -> str:
        return self.path.partition(".")[0]


CATALOGUE: dict[str, Field] = {}


def add_fields(fields: Iterable[Field]) -> None:
    """A path has one meaning: naming it twice stops the start."""
    for field in fields:
        assert field.path not in CATALOGUE, f"the field {field.path} is in the catalogue already"
        CATALOGUE[field.path] = field
