"""What people set for themselves: how they are reached and in which language."""

from django.conf import settings as django_settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views import i18n
from django.views.decorators.http import require_http_methods, require_POST

from grid import languages
from grid.days import day_of
from grid.forms.settings import SettingsForm
from grid.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    form = SettingsForm(request.POST if request.method == "POST" else None, instance=Person.objects.get(pk=request.user.pk))
    if form.is_valid():
        form.instance.save(update_fields=form.Meta.fields)
        response = redirect("settings")
        languages.set_cookie(response, form.instance.language)
        with override(form.instance.language):
            messages.success(request, _("设置已保存。"))
        return response
    postings = request.user.postings.on(day_of(timezone.now())).select_related("region", "body")
    return render(request, "grid/settings/page.html", {"form": form, "postings": postings})


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The switch on every page. Django's own, and the choice is remembered with the person."""
    chosen = request.POST.get("language", "")
    if chosen in dict(django_settings.LANGUAGES):
        languages.keep(request, chosen)
    return i18n.set_language(request)
