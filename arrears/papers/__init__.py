"""文书: the papers F-01 … F-28 and what goes with them.

forms   which papers there are, on what they rest, what is asked when one is issued (forms.toml; Django-free)
asks    the questions (Django-free)
facts   everything a paper can say of a claim, once
fields  the catalogue of those facts (Django-free)
texts/  what the papers say
markup  those texts as Word templates · template, marks: what stands in a template, read and never run · word: filled with facts
blocks  a filled paper read back, for pdf (typst, paper.typ) and for lint: Word and PDF always say the same
uploads whether a Word file somebody brings may be a template · book: which version is in force
making  one paper from facts to files · issuing: its verbs, the only ones others call · keeping: files whole or not at all
packets asked for and made by the task: assembling · binding (one PDF; front, plates) · archive (the ZIP)
lint    reads the filled papers of a packet back and refuses what does not agree (Django-free)
"""
