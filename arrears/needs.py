"""The posts that have to be filled because a ladder calls them."""

from arrears.ladders.staffing import named_today
from grid.vacancies import add_needs

add_needs(named_today)
