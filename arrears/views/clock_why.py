"""Why this date, what moved it, and what happens next: the page of one clock, or what unfolds under it elsewhere."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from arrears.timing.clock_page import ClockPage
from arrears.views.asking import clock as clock_on_the_wall
from arrears.views.asking import render_part


@require_safe
def clock_why(request: HttpRequest, pk: UUID) -> HttpResponse:
    _now, today = clock_on_the_wall()
    page = ClockPage.seen_by(request.user, today, pk)
    context = {"clock": page.clock, "claim": page.claim, "page": page}
    return render_part(request, "arrears/clock/why.html", "arrears/clock/_fold.html", context)
