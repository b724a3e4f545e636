"""Fields the whole API shares."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from grid.days import SHANGHAI


class Instant(serializers.DateTimeField):
    """An instant somebody sends: one at the edge of the calendar is refused like any other that cannot be read; the framework's own
    check of time zones runs over it."""

    def to_internal_value(self, value: Any) -> datetime:
        try:
            return super().to_internal_value(value)
        except OverflowError:
            self.fail("overflow", timezone=SHANGHAI)
