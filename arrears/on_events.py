"""Rooms that follow what is written in the history of claims; each adds itself when it is read."""

from arrears.proceedings import criminal

__all__ = ["criminal"]
