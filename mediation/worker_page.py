"""What the worker's own page says of a mediation: the hearing they are called to, and the way into it if it is online."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from arrears.models import Claim, Claimant
from arrears.worker.page import Offer, ToCome, add_calls, add_offers
from grid.days import day_of
from mediation.marks import own
from mediation.models import Agreement, Hearing
from mediation.paying import own_payments

MOST_PROOFS = 60


def hearings(claim: Claim, worker: Claimant, today: date) -> list[ToCome]:
    """On its day it stays until the evening."""
    rows = Hearing.objects.live().filter(mediation__claim=claim, attendances__party_id=worker.pk).select_related("room").order_by("span")
    return [to_come(row) for row in rows if day_of(row.starts_at) >= today]


def to_come(hearing: Hearing) -> ToCome:
    room, times = hearing.room, (_("调解会"), hearing.starts_at, hearing.ends_at)
    return ToCome(*times, room.name, room.link, reverse("track_hearing", args=[hearing.pk])) if room.is_online else ToCome(*times, place_of(hearing))


def place_of(hearing: Hearing) -> str:
    return "，".join(filter(None, (hearing.room.name, hearing.room.address)))


def offers(claims: list[Claim], worker: Claimant | None, today: date) -> list[Offer]:
    """How a mediation was; the agreement; a proof of each payment. The newest first."""
    if worker is None:
        return []
    found = [Offer(_("评价调解"), reverse("track_mark", args=[row.pk]), "mediation") for row in own.ended(claims, worker, today)]
    for agreement in agreements_of(claims, worker):
        signed = _("%(day)s签署") % {"day": agreement.effective_on}
        found.append(Offer(_("调解协议书 %(number)s") % {"number": agreement.number}, reverse("track_agreement", args=[agreement.pk]), "agree", signed, is_paper=True))
    for payment in own_payments(claims, worker)[:MOST_PROOFS]:
        amount = f"¥{payment.amount + payment.excess:,.2f}"
        label = _("付款证明 %(amount)s") if payment.amount + payment.excess >= 0 else _("冲正记录 %(amount)s")
        found.append(Offer(label % {"amount": amount}, reverse("track_payment", args=[payment.pk]), "money", payment.paid_on.isoformat(), is_paper=True))
    return found


def agreements_of(claims: Collection[Claim], worker: Claimant) -> QuerySet[Agreement]:
    """Those that give the worker something."""
    rows = Agreement.objects.filter(mediation__claim__in=[claim.pk for claim in claims], shares__claimant__in={worker.pk, worker.goes_on_as.pk})
    return rows.select_related("mediation__claim", "mediation__mediator").order_by("-effective_on", "-id")


add_calls(hearings)
add_offers(offers)
