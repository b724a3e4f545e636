"""The online hearing on the worker's own page: the way in."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from arrears.models import Claim, Claimant
from arrears.worker.coming import Coming, add_coming
from mediation.models import Hearing
from mediation.slots.kinds import ONLINE


def online_hearings(claim: Claim, worker: Claimant, today: date) -> list[Coming]:
    rows = Hearing.objects.live().filter(mediation__claim=claim, room__medium=ONLINE, attendances__party_id=worker.pk)
    return [
        Coming(row.starts_at, _("网上调解会"), _("进入网上调解会"), reverse("track_hearing", args=[row.pk]))
        for row in rows
        if row.starts_at.date() >= today
    ]


add_coming(online_hearings)
