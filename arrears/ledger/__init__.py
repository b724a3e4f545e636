"""An old register (台账) brought in as closed cases with their own history.

files.py reads the table, mapping.py what an officer wrote about it, cells.py one cell, rows.py one row, plan.py all
of them; none of these knows Django. standing.py says what is here already, writing.py writes. The mapping for the
register of 2014–2018 is legacy_ledger.toml.
"""
