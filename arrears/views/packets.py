"""材料包 of a claim: asking for one, seeing how far it is, taking it home."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from arrears import long_work
from arrears.forms.packets import PacketForm
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Packet
from arrears.models.papers import FAILED
from arrears.papers import packets
from arrears.papers.issuing import MOVE
from arrears.papers.keeping import path_of
from arrears.papers.page import PacketRow, packet_gaps, title_of
from arrears.permits import find, may, require
from arrears.tasks import make_packets
from arrears.views.asking import address_of, clock
from arrears.views.papers import about_of, handed
from grid.access import log_access
from grid.refused import Refused
from grid.scope import get_visible


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def packet_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim = get_visible(Claim.objects.prefetch_related("respondents"), request.user, today, pk=pk)
    context, status = {"claim": claim}, 200
    try:
        require(may(find(CLAIM, MOVE), claim, request.user, today))
        form = PacketForm(
            claim, today, request.GET.get("kind", ""), request.POST if request.method == "POST" else None, referral=request.GET.get("referral", ""),
            about_id=about_of(request, claim), before=not_made(request, claim),
        )  # fmt: skip
        context["form"] = form
        if form.is_valid():
            packet = packets.ask(
                claim, form.wish(), form.typed(), request.user, now=now, send=make_packets.delay, referral=form.cleaned_data.get("referral")
            )
            return redirect("packet_detail", packet.pk)
        status = 422 if request.method == "POST" else 200
    except Refused as refusal:
        status, context["refusal"] = 409, refusal.message
    return render(request, "arrears/packet/new.html", context, status=status)


def not_made(request: HttpRequest, claim: Claim) -> Packet | None:
    """One of this claim that failed, to be begun with again."""
    asked = request.GET.get("again")
    try:
        return Packet.objects.get(claim=claim, kind=request.GET.get("kind", ""), state=FAILED, pk=UUID(asked)) if asked else None
    except (ValueError, Packet.DoesNotExist):
        raise Http404 from None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def packet_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far it is; what is in it once it is made. POST tries again what failed."""
    now, today = clock()
    packet = get_visible(Packet.objects.select_related("claim", "asked_by", "referral__body"), request.user, today, pk=pk)
    refusal, status = "", 200
    if request.method == "POST":
        try:
            packets.again(packet, request.user, now=now, send=make_packets.delay)
            return redirect("packet_detail", packet.pk)
        except Refused as refused:
            refusal, status = refused.message, 409
    context = {
        "claim": packet.claim, "packet": packet, "row": PacketRow(packet), "percent": long_work.percent(packet.pk), "refusal": refusal,
        "sees_claim": Claim.objects.visible_to(request.user, today).filter(pk=packet.claim_id).exists(),
    }  # fmt: skip
    if request.htmx and not request.htmx.history_restore_request and packet.is_under_way:
        return render(request, "arrears/packet/_progress.html", context)
    if packet.is_made:
        papers = packet.papers.order_by("packetpaper__place").select_related("worker").defer("facts")
        context |= {"papers": [(paper, title_of(paper)) for paper in papers], "evidence": packet.evidence.all(), "gaps": packet_gaps(packet)}
        log_access(request.user, "read", "packet", packet.pk, now=now, region_code=packet.claim.region_id, address=address_of(request))
    if request.htmx and not request.htmx.history_restore_request:
        response = HttpResponse()
        response["HX-Refresh"] = "true"  # it has ended: the whole page
        return response
    return render(request, "arrears/packet/detail.html", context, status=status)


@require_safe
def packet_file(request: HttpRequest, pk: UUID, kind: str) -> HttpResponseBase:
    now, today = clock()
    packet = get_visible(Packet.objects.select_related("claim").filter(state="made"), request.user, today, pk=pk)
    log_access(request.user, "download", "packet", packet.pk, now=now, region_code=packet.claim.region_id, address=address_of(request))
    return handed(path_of(packet, kind), kind, f"{packet.claim.number}-{packet.title}")
