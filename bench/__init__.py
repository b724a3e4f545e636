"""What the system does in a second, measured beside what the database alone could do. `bin/bench` runs it.

Everything here works on servers of its own, set as in earnest, that are gone afterwards.
"""
