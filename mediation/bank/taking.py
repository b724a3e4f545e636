"""The lines of a kept file as they stand now, and recording those that are sure or were chosen. Raises Refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from django.db import transaction
from django.utils.translation import gettext as _

from arrears.history import hold
from arrears.models import Claimant, Payment
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from mediation.bank.matching import KNOWN, MATCHED, TOTAL, Fated, Payee, accounts_in, fate_of, sums_by_fate
from mediation.bank.reading import Sheets
from mediation.models import Agreement
from mediation.paying import Came, pay_all


@dataclass(frozen=True)
class Preview:
    """Every line with its fate. The sums of the fates together are the sum of the lines."""

    lines: Sequence[Fated]
    unread: Sequence[str]

    @property
    def sure(self) -> list[Fated]:
        return [line for line in self.lines if line.fate == MATCHED]

    @property
    def asked(self) -> list[Fated]:
        return [line for line in self.lines if line.is_asked]

    @property
    def is_done(self) -> bool:
        return not self.sure and not self.asked

    @cached_property
    def sums(self) -> dict[str, Decimal]:
        return sums_by_fate(self.lines)

    @property
    def sum(self) -> Decimal:
        return sum(self.sums.values(), Decimal(0))

    @property
    def sure_sum(self) -> Decimal:
        return self.sums.get(MATCHED, Decimal(0))

    @property
    def total_said(self) -> Decimal | None:
        """What the file itself says its lines come to, where it says so once."""
        totals = [line.transfer.amount for line in self.lines if line.fate == TOTAL and line.transfer.amount is not None]
        return totals[0] if len(totals) == 1 else None

    @property
    def total_differs(self) -> Decimal | None:
        said = self.total_said
        return None if said is None or said == self.sum else abs(said - self.sum)


def workers_of(agreement: Agreement) -> dict[str, Claimant]:
    return {str(share.claimant_id): share.claimant for share in agreement.shares.select_related("claimant").order_by("claimant_id")}


def payees_of(agreement: Agreement, workers: Mapping[str, Claimant]) -> list[Payee]:
    accounts = accounts_in(f"{agreement.payee}\n{agreement.terms}", [worker.name for worker in workers.values()])
    return [Payee(pk, worker.name, worker.id_masked[-4:].upper(), accounts.get(worker.name, frozenset())) for pk, worker in workers.items()]


def preview(agreement: Agreement, read: Sheets, today: date) -> Preview:
    """Three queries, however many lines."""
    payees = payees_of(agreement, workers_of(agreement))
    payments = Payment.objects.filter(claim=agreement.mediation.claim_id)
    known = set(payments.filter(line_key__in=[one.key for one in read.transfers if one.key]).values_list("line_key", flat=True))
    by_hand = {
        (str(claimant), day, amount + excess)
        for claimant, day, amount, excess in payments.filter(line_key=None, claimant__isnull=False).values_list("claimant", "paid_on", "amount", "excess")
    }
    return Preview([fate_of(one, payees, known, by_hand, agreement.effective_on, today) for one in read.transfers], read.unread)


def take(agreement: Agreement, read: Sheets, chosen: Mapping[int, str], person: Person, *, now: datetime) -> int:
    """All that are sure, and of those that are asked the chosen ones (by their place in the file); how many were new.
    Raises Refused: bad_choice, nothing_to_take, and as paying.pay."""
    with transaction.atomic():
        hold(agreement.mediation.claim)
        found, workers = preview(agreement, read, day_of(now)), workers_of(agreement)
        lines = [came_of(line, workers[key]) for line in found.lines if (key := whose(line, chosen))]
        if not lines:
            if any(line.fate == KNOWN for line in found.lines):
                return 0  # the same page sent twice
            raise Refused("nothing_to_take", _("没有可以登记的行。有几个人可选的，请先选是谁。"))
        return pay_all(agreement, lines, person, now=now)


def whose(line: Fated, chosen: Mapping[int, str]) -> str:
    """"" : nobody's yet."""
    if line.fate == MATCHED:
        return line.able[0].key
    key = chosen.get(line.transfer.place, "") if line.is_asked else ""
    if key and key not in {payee.key for payee in line.able}:
        raise Refused("bad_choice", _("第 %(number)s 行选的人不在可选的人里，请重新选择。") % {"number": line.transfer.number})
    return key


def came_of(line: Fated, worker: Claimant) -> Came:
    transfer = line.transfer
    assert transfer.amount is not None and transfer.day is not None
    return Came(transfer.amount, transfer.day, "bank", transfer.note, worker, transfer.key)
