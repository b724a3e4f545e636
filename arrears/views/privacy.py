"""What workers were told before their data were kept, in the wording of its version."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.privacy import TEXTS, VERSION


@require_safe
def privacy_text(request: HttpRequest, version: str) -> HttpResponse:
    text = TEXTS.get(version)
    if text is None:
        raise Http404
    return render(request, "arrears/privacy/text.html", {"text": text, "is_current": version == VERSION})
