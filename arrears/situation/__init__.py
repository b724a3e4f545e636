"""情形: the facts that decide who must pay (arrears.liability) and which roads are open (arrears.routes).

facts.toml  what is asked, once, on one page
facts       those facts as a value (Django-free)
of_claim    the same of a claim: what was said, and what the record knows already
recording   the verb
"""
