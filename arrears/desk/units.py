"""The unit behind a number that stands large by itself: 件, case or cases. The sentence it comes from has plural forms."""

from django.utils.translation import ngettext


def unit_of(counted: str) -> str:
    """What is left of a counted phrase without its number."""
    return (counted % {"n": ""}).strip()


def cases(n: int) -> str:
    return unit_of(ngettext("%(n)s 件", "%(n)s 件", n))


def orders(n: int) -> str:
    return unit_of(ngettext("%(n)s 份", "%(n)s 份", n))


def referrals(n: int) -> str:
    return unit_of(ngettext("%(n)s 项", "%(n)s 项", n))


def items(n: int) -> str:
    return unit_of(ngettext("%(n)s 条", "%(n)s 条", n))


def hearings(n: int) -> str:
    return unit_of(ngettext("%(n)s 场", "%(n)s 场", n))
