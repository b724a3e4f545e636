"""How claims end and how long they take, measured in a real register: 2,632 complaints about wages, 2014–2018.

Read once from the register that `arrears/ledger/legacy_ledger.toml` describes, with the outcomes of that table; days
are Monday to Friday. Deciles: the smallest value, the nine deciles, and the 99th percentile or so in place of the few
that lay for years. What the register does not know is marked as assumed.
"""

from collections.abc import Mapping, Sequence
from random import Random

Deciles = Sequence[float]

# Fate → per mille of all rows, and working days from receipt to the end.
# "elsewhere": 1,080 rows ended at the first answer without a result; assumed: pointed to the right body.
FATES: Mapping[str, tuple[int, Deciles]] = {
    "elsewhere": (410, (0, 1, 1, 2, 3, 5, 7, 11, 19, 41, 120)),
    "paid": (242, (1, 5, 10, 15, 20, 25, 32, 40, 48, 66, 180)),
    "unfounded": (195, (0, 0, 1, 2, 3, 6, 10, 14, 19, 40, 110)),  # contested, and the complaint did not stand
    "out_of_scope": (71, (0, 0, 1, 1, 2, 4, 5, 8, 12, 21, 78)),
    "not_found": (36, (0, 1, 1, 3, 5, 10, 15, 27, 35, 42, 103)),
    "worker_unreachable": (28, (3, 8, 10, 13, 14, 17, 21, 24, 28, 37, 58)),
    "dropped": (14, (1, 4, 5, 5, 7, 8, 9, 13, 20, 45, 162)),
    "insolvent": (4, (5, 9, 19, 36, 39, 46, 55, 59, 105, 124, 125)),
}
OPENED: Deciles = (0, 0, 1, 2, 3, 4, 5, 6, 9, 15, 40)  # working days from receipt until the case was opened
VERIFIED: Deciles = (0.1, 0.28, 0.51, 0.7, 0.87, 0.97, 1, 1, 1, 1.08, 1.5)  # share of the claimed sum, of 536 rows
NEVER_PAID = 0.039  # of what was verified; the rest was paid in full: no row was paid in part

# Assumed, for the register does not say.
SETTLES, KEEPS_PROMISE, IN_PARTS = 0.4, 0.8, 0.3
SUSPENDED, WAKES_EARLY, EXTENDED, REFERRED = 0.06, 0.4, 0.05, 0.05
ACKNOWLEDGES, ANSWERS_ORDER = 0.6, 0.35  # each day, of what waits for it
VACANT_CHIEFS, LEAVES_A_YEAR = 0.08, 2


def draw(rng: Random, deciles: Deciles) -> float:
    """A value of the distribution, evenly between its deciles."""
    at = rng.random() * (len(deciles) - 1)
    low = int(at)
    return deciles[low] + (deciles[low + 1] - deciles[low]) * (at - low)


def days(rng: Random, deciles: Deciles) -> int:
    return round(draw(rng, deciles))


def fate(rng: Random) -> str:
    return rng.choices([*FATES], [share for share, _deciles in FATES.values()])[0]
