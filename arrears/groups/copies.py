"""Another row with the same content."""

from copy import copy
from typing import Any

from grid.ids import uuid7


def anew(row: Any, **changes: Any) -> Any:
    """Unsaved, under an id of its own."""
    other = copy(row)
    other._state = copy(row._state)
    other._state.adding, other._state.fields_cache = True, {}
    other.pk = uuid7()
    for name, value in changes.items():
        setattr(other, name, value)
    return other
