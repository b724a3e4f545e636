"""文书: the papers F-01 … F-27 and what goes with them.

forms   which papers there are, on what they rest, what is asked when one is issued (forms.toml; Django-free)
asks    the questions (Django-free)
facts   everything a paper can say of a claim, once
fields  the catalogue of those facts (Django-free)
texts/  what the papers say
lint    reads the filled papers of a packet back and refuses what does not agree (Django-free)
"""
