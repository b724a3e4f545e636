"""Intake on a phone that may have no network: a draft is written there whole and sent when there is one.

    shape      the short form of the phone and the steps of intake, one into the other
    receiving  the verb: a draft is accepted exactly once, and what was changed on both sides is never overwritten
    shell      what the phone keeps of the system itself
"""
