"""算一算: the sums the law has reckoned, for a claim or for anybody who asks; and the figures they are reckoned with."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from arrears.forms.figures import FigureForm, SumsForm
from arrears.forms.limits import WithdrawForm
from arrears.lifecycle import CLAIM
from arrears.models import PublishedFigure
from arrears.permits import find, may
from arrears.situation.of_claim import facts_of
from arrears.situation.page import Tabs
from arrears.sums.answers import reckon
from arrears.sums.book import figure_of, figures_now, publish, require_city, withdraw
from arrears.sums.kinds import in_force
from arrears.sums.of_claim import bars_of, workers_of
from arrears.sums.page import AnswerRow, FigureRow, FiguresPage
from arrears.views.asking import clock
from arrears.views.situation import opened
from grid.authority import administers_city
from grid.models import Region
from grid.refused import Refused
from grid.regions import PLACEHOLDERS
from grid.roles import COUNTY


@require_safe
def claim_sums(request: HttpRequest, pk: UUID) -> HttpResponse:
    claim, today = opened(request, pk)
    workers, facts = workers_of(claim), facts_of(claim, today)
    form = SumsForm(request.GET, today=today, workers=workers, bars=bars_of(facts), unsettled=facts.unsettled)
    known = figures_now()
    found = reckon(form.asked, lambda kind: in_force(kind, claim.region_id, today, known)) if form.is_valid() else []
    may_state = bool(may(find(CLAIM, "state_facts"), claim, request.user, today))
    return render(request, "arrears/situation/sums.html", {
        "claim": claim, "form": form, "answers": [AnswerRow(answer) for answer in found], "workers": workers, "tabs": Tabs(claim, "sums", may_state),
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def figure_list(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    places = list(Region.objects.current().under(settings.CITY_CODE).at(COUNTY).exclude(name__in=PLACEHOLDERS).order_by("code"))
    may_publish = administers_city(request.user.scope(today))
    form, refusal, status = None, "", 200
    if may_publish:
        form = FigureForm(request.POST if request.method == "POST" else None, regions=places, today=today, language=get_language() or "")
    try:
        if request.method == "POST":
            require_city(request.user, today)
        if form and form.is_valid():
            publish(request.user, now=now, today=today, **form.cleaned_data)
            messages.success(request, _("数额已登记，以后按它计算。"))
            return redirect("figure_list")
    except Refused as refused:
        refusal, status = refused.message, 409
    rows = PublishedFigure.objects.select_related("region", "entered_by", "withdrawn_by")
    page = FiguresPage(rows, places, today, _("全省（全国）"))
    return render(request, "arrears/figure/list.html", {"page": page, "form": form, "refusal": refusal}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def figure_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    row = get_object_or_404(PublishedFigure.objects.select_related("region"), pk=pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    refusal, status = "", 200
    try:
        require_city(request.user, today)
        if form.is_valid():
            withdraw(row, request.user, reason=form.cleaned_data["reason"], now=now, today=today)
            messages.success(request, _("已撤销，以后不再用它计算。"))
            return redirect("figure_list")
    except Refused as refused:
        refusal, status = refused.message, 409
    figure = FigureRow(figure_of(row), today, row, row.region.name if row.region else _("全省（全国）"))
    return render(request, "arrears/figure/withdraw.html", {"row": figure, "form": form, "refusal": refusal}, status=status)
