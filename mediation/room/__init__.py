"""The hearing itself, from the door to the signatures: who came, what was read to them, what was said, who signed what.

    rights.toml, rights   what the parties are told before it begins, as a versioned text. Django-free
    notes, pages          what minutes consist of, and the pages that are signed. Django-free
    quorum                who is missing, and what may be done then. Django-free
    verbs                 check-in, rights, minutes while they are written, frozen and corrected
    signing               signatures on the glass, and their refusal
    page                  what the room's page shows

A hearing held through cameras is this room with another door: it adds how people come in, and writes none of these rows itself.
"""
