"""Whom no text message reaches while the gateway is down, and what they are to be told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.views.asking import address_of, clock
from arrears.worker import unreached
from grid import circuits
from grid.access import log_access


@require_safe
def unreached_workers(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    rows, has_more = unreached.unreached_by(request.user, today)
    if rows:
        log_access(request.user, "read", "claims", None, now=now, region_code=request.user.scope(today).ground, address=address_of(request))
    down = circuits.states().get(unreached.SMS)
    return render(request, "arrears/unreached/list.html", {
        "rows": rows, "has_more": has_more, "down": down if circuits.is_open(down) else None,
    })  # fmt: skip
