"""补充登记: what the short intake left out is completed afterwards, and what was written wrong is corrected.

    fields  what a record consists of, field by field, and which of it will be wanted (Django-free)
    slots   those fields of one claim, with what stands in each
    verbs   the verb: fills what is empty, corrects what is wrong, says in the history which
    card    what is missing, for the page of the claim
"""
