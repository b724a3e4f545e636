"""What mediation adds to the page of a site or employer: agreements behind their plan of payments."""

from datetime import date

from django.db.models import DecimalField, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from arrears.afterwards import add_afterwards
from arrears.models import Site
from arrears.models.claims import ClaimQuerySet
from arrears.sites.acts import Act, add_acts
from arrears.sites.signs import Sign, add_signs
from arrears.sites.totals import NOTHING, Totals
from grid.models import Person
from mediation.lifecycle import SITTING
from mediation.models import Agreement, Instalment


def behind_plan(claims: ClaimQuerySet, totals: Totals, today: date) -> int:
    """Agreements of which less has come than was due by yesterday (mediation.instalments.progress, counted by the
    database)."""
    due = Instalment.objects.filter(agreement=OuterRef("pk"), due_on__lt=today).order_by().values("agreement")
    owed = Subquery(due.annotate(sum=Sum("amount")).values("sum"), output_field=DecimalField(max_digits=14, decimal_places=2))
    agreements = Agreement.objects.filter(mediation__claim__in=claims.filter(stage="settled").order_by().values("pk"))
    came = F("mediation__claim__paid") - F("paid_before")
    return agreements.annotate(due=Coalesce(owed, NOTHING), came=came).filter(due__gt=F("came")).count()


def may_sit(person: Person, site: Site, today: date) -> bool:
    """From a post around the site, or at it: a mediator of the township too."""
    return any(post.role.name in SITTING and post.covers(site.region_id) for post in person.scope(today).posts)


add_acts((Act("on_site", _("现场调解"), "place", may_sit, lambda site: f"{reverse('on_site')}?site={site.pk}"),))
add_afterwards("on_site", "claim_on_site")
add_signs((Sign("instalments", _("%(n)s 份调解协议的分期付款已逾期"), "bad", behind_plan, show="settled"),))
