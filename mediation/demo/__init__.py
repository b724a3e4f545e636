"""The demo city's hearings, and the telling of it all (arrears/demo says what it is)."""

from mediation.demo.telling import is_told, tell

__all__ = ["is_told", "tell"]
