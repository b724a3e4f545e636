"""What mediation adds to the page of a site or employer: agreements behind their plan of payments."""

from datetime import date

from django.db.models import DecimalField, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop as _

from arrears.models.claims import ClaimQuerySet
from arrears.sites.signs import Sign, add_signs
from arrears.sites.totals import NOTHING, Totals
from mediation.models import Agreement, Instalment


def behind_plan(claims: ClaimQuerySet, totals: Totals, today: date) -> int:
    """Agreements of which less has come than was due by yesterday (mediation.instalments.progress, counted by the
    database)."""
    due = Instalment.objects.filter(agreement=OuterRef("pk"), due_on__lt=today).order_by().values("agreement")
    owed = Subquery(due.annotate(sum=Sum("amount")).values("sum"), output_field=DecimalField(max_digits=14, decimal_places=2))
    agreements = Agreement.objects.filter(mediation__claim__in=claims.filter(stage="settled").order_by().values("pk"))
    came = F("mediation__claim__paid") - F("paid_before")
    return agreements.annotate(due=Coalesce(owed, NOTHING), came=came).filter(due__gt=F("came")).count()


add_signs((Sign("instalments", _("%(n)s 份调解协议的分期付款已逾期"), "bad", behind_plan, show="settled"),))
