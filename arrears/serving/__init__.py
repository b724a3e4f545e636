"""送达: a paper of the office, or of another body, is brought to whom it concerns, in a way the law knows, with its proof.

    methods.toml, table   the ways, what each needs, from when it counts; what is served. Django-free
    lawful                which ways are open now, and which comes next
    verbs                 a paper is to be served; an attempt, its outcome, consent, no longer needed
    clock                 the day by which, its ladder, the day on which a public notice takes effect
    rows, page            what lists and pages show
"""
