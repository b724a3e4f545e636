"""The demo city: Suqian with its real townships, and people, firms and cases that nobody ever met.

words.py holds the material, cast.py the people and their posts, cases.py makes up what a worker reports,
chronicle.py lets the months pass, stories.py says what becomes of a case, papers.py draws its evidence. Everything
that happens goes through the same verbs as in earnest, at the time it happened, so clocks, climbs and notices are
real. mediation/demo adds the hearings; `manage.py seed_demo` tells it all.
"""
