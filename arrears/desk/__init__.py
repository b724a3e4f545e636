"""The work desk: what is due, what is late and what is new, for whoever looks at it.

Two tables say what stands on it: tiles (a number that opens exactly the rows it counted) and panels (a few rows of
one thing). Each row names the roles it is for. tiles.py and panels.py hold those of cases; the apps above add theirs
in a module called desk, with add_tiles and add_panels.
"""

from arrears.desk import integrity, panels, tiles  # noqa: F401
