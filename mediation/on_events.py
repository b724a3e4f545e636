"""The agreement follows what happens to its claim: money that comes moves its clock on, an end stops it."""

from arrears.history import add_listener
from mediation.watching import follow

add_listener(follow)
