"""The agreement follows what happens to its claim: money that comes moves its clock on, an end stops it."""

from arrears.history import add_listener
from arrears.proceedings.verbs import add_on_step
from mediation.pursuing.verbs import filed
from mediation.watching import follow

add_listener(follow)
add_on_step(filed)
