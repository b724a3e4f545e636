"""仲裁110: from the phone, at the site: which case it is, where we are, and the room is open."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from arrears import afterwards
from arrears.forms.moves import LONGEST_TEXT
from arrears.intake import REGISTER
from arrears.models import Claim, Site
from arrears.search import search
from arrears.views.asking import clock
from grid.refused import Refused
from grid.scope import get_visible
from mediation.lifecycle import LENGTHS, SITTING
from mediation.room.starting import start

FEW = 20
MEDIATED = ("registered", "accepted", "handling", "settled")


class OnSiteForm(forms.Form):
    def __init__(self, *args: Any, asks_request: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"] = forms.CharField(label=_("地点"), max_length=200, help_text=_("工地名称和地址，写进笔录。"))
        self.fields["length"] = forms.ChoiceField(label=_("大约多久"), choices=[(value, _(label)) for value, label in LENGTHS], help_text=_("这段时间里您不能再被排另一场。"))
        if asks_request:
            self.fields["request"] = forms.CharField(
                label=_("调解请求和理由"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("当场口头申请，念给申请人听过再提交（调解仲裁法第十二条）。"),
            )  # fmt: skip


def works(request: HttpRequest, today: Any) -> bool:
    return any(post.role.name in SITTING for post in request.user.scope(today).posts)


@require_http_methods(["GET", "HEAD", "POST"])
def on_site(request: HttpRequest) -> HttpResponse:
    """Open cases in sight: those of one site, or those found by number, name or phone. POST: it is not registered yet; that is done
    first, and leads back to where the hearing begins."""
    now, today = clock()
    if not works(request, today):
        raise Http404
    asked, site = request.GET.get("q", "").strip(), site_of(request, today)
    may_register = not request.user.scope(today).roles.isdisjoint(REGISTER.roles)
    if request.method == "POST":
        if not may_register:
            raise PermissionDenied
        afterwards.remember(request, "on_site", now)
        return redirect("site_intake", site.pk) if site else redirect("claim_new")
    rows = Claim.objects.visible_to(request.user, today).filter(stage__in=MEDIATED)
    if site:
        rows = rows.filter(site=site)
    if asked:
        rows = search(rows, asked)
    elif site is None:
        rows = rows.none()
    found = rows.select_related("site", "region").order_by("-received_on", "-id")[:FEW]
    context = {"rows": found, "q": asked, "site": site, "may_register": may_register}
    return render(request, "mediation/room/on_site.html", context)


def site_of(request: HttpRequest, today: date) -> Site | None:
    asked = request.POST.get("site") or request.GET.get("site")
    if not asked:
        return None
    try:
        return get_visible(Site, request.user, today, pk=UUID(asked))
    except ValueError:
        raise Http404 from None


@require_http_methods(["GET", "HEAD", "POST"])
def claim_on_site(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim = get_visible(Claim.objects.select_related("site", "region"), request.user, today, pk=pk)
    if not works(request, today):
        raise Http404
    asks = not claim.mediations.open().exists()
    place = " ".join(filter(None, (claim.site.name, claim.site.address))) if claim.site else ""
    form = OnSiteForm(request.POST if request.method == "POST" else None, asks_request=asks, initial={"place": place, "length": "60", "request": claim.request})
    refusal, status = "", 422 if form.is_bound else 200
    if form.is_valid():
        try:
            hearing = start(claim, request.user, now=now, **form.cleaned_data)
            messages.success(request, _("现场调解已经开始，请先签到，再登记到场的人。"))
            return redirect("hearing_room", hearing.pk)
        except Refused as refused:
            refusal, status = refused.message, 409
    return render(request, "mediation/room/claim_on_site.html", {"claim": claim, "form": form, "refusal": refusal}, status=status)
