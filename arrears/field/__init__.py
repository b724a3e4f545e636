"""Intake on a phone that may have no network: a draft is written there whole and sent when there is one.

    shape      the short form of the phone and the steps of intake, one into the other
    receiving  the verb: a draft is accepted exactly once, and what was changed on both sides is never overwritten
    forgetting how long the words of a registered draft are kept (retention.toml), and what stays of them
    completing what was written after the draft was registered, filled in where the claim knows nothing
"""
