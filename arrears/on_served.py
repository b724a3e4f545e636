"""What begins in this app with the day a paper was served; apps above add theirs in a module of this name."""

from arrears.proceedings.verbs import add_on_step
from arrears.serving.following import follow, followed, start_rights
from arrears.serving.verbs import add_on_served

add_on_served(follow)
add_on_served(start_rights)
add_on_step(followed)
