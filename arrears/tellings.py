"""The words of arrears' own rooms, found by autodiscovery as those of the apps above are."""

from arrears.support import tellings  # noqa: F401
