"""评价调解: after a mediation has ended each side says how it was; a low mark is looked at by somebody else.

    verbs     a mark is given, corrected, logged by an officer; a low one is looked at
    seats     who may look: never the mediator, nor anybody below
    clock     the day by which a low mark is looked at, and its ladder
    asking    both sides are asked, each through the channel they have
    links     the page of a respondent without an account
    figures   what mediations came to, by mediator: how many agreed, how long they took, their marks

Nothing in the history of the claim says who gave which mark: the mediator reads it. What the mediator is shown are averages of months
that are over, of FEWEST answers and more.
"""
