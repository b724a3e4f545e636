"""What people set for themselves: how they are reached, by what and when, and in which language."""

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
from grid.channels import CHANNELS, PERSONAL, is_set_up, reaches
from grid.days import day_of
from grid.forms.preferences import PreferenceForm
from grid.forms.settings import SettingsForm
from grid.models import Person, Preference


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Two forms, each sent by itself with its name in `form`."""
    sent = request.POST.get("form", "person") if request.method == "POST" else ""
    person = SettingsForm(request.POST if sent == "person" else None, instance=Person.objects.get(pk=request.user.pk))
    kept = Preference.objects.filter(person=request.user).first() or Preference(person=request.user)
    preference = PreferenceForm(request.POST if sent == "preference" else None, preference=kept, channels=channels())
    if person.is_valid():
        return keep_person(request, person)
    if preference.is_valid():
        preference.chosen().save()
        messages.success(request, _("设置已保存。"))
        return redirect("settings")
    postings = request.user.postings.on(day_of(timezone.now())).select_related("region", "body")
    return render(request, "grid/settings/page.html", {
        "person_form": person, "preference_form": preference, "form": preference if sent == "preference" else person,
        "postings": postings, "unreached": unreached(request.user),
    })  # fmt: skip


def keep_person(request: HttpRequest, form: SettingsForm) -> HttpResponse:
    form.instance.save(update_fields=form.Meta.fields)
    response = redirect("settings")
    languages.set_cookie(response, form.instance.language)
    with override(form.instance.language):
        messages.success(request, _("设置已保存。"))
    return response


def channels() -> list[tuple[str, str]]:
    """What a person can choose among: the outside channels this installation has."""
    return [(name, _(CHANNELS[name].label)) for name in PERSONAL if is_set_up(name)]


def unreached(person: Person) -> list[str]:
    """Channels this installation has that do not reach the person, for want of an address."""
    return [_(CHANNELS[name].label) for name in PERSONAL if is_set_up(name) and not reaches(name, person)]


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The switch on every page. Django's own, and the choice is remembered with the person."""
    chosen = request.POST.get("language", "")
    if chosen in dict(django_settings.LANGUAGES):
        languages.keep(request, chosen)
    return i18n.set_language(request)
