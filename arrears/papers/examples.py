"""An example of everything a paper may name, made of the catalogue: an uploaded template is tried with it, so that no case has to
be opened for that."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from arrears.papers.facts import TELLERS
from arrears.papers.fields import CATALOGUE, LIST, Field
from arrears.papers.marks import Anything

DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


def example_facts() -> dict[str, Any]:
    """Every path of the catalogue; what is named and has no row there stands as something of which anything may be asked."""
    facts: dict[str, Any] = {name: Anything() for name in TELLERS if name not in {field.root for field in CATALOGUE.values()}}
    for field in sorted(CATALOGUE.values(), key=lambda field: field.path.count(".")):
        put(facts, field)
    facts.setdefault("文书", {}).update({"编号": "（样例）", "版本": 1})
    return facts


def put(facts: dict[str, Any], field: Field) -> None:
    *above, name = field.path.split(".")
    here: Any = facts
    for step in above:
        here = here.setdefault(step, {})
        if isinstance(here, list):
            if isinstance(here[0], Anything):
                here[0] = {}
            here = here[0]
    if not (isinstance(here, Mapping) and name in here):
        here[name] = [Anything()] if field.kind == LIST else value_of(field)


def value_of(field: Field) -> Any:
    """The example as the facts give it: text stays text, and what cannot be read is left empty."""
    text = field.example.strip()
    if field.kind == "date":
        found = DAY.search(text)
        return date(*map(int, found.groups())) if found else None
    if field.kind in ("amount", "number"):
        digits = re.sub(r"[^\d.]", "", text)
        return Decimal(digits) if field.kind == "amount" and digits else int(float(digits)) if digits else None
    if field.kind == "yes_no":
        return text != "否"
    return text
