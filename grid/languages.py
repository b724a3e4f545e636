"""The language a person reads. The cookie decides what a page is shown in; the row decides for their mails and
for the next time they sign in. A choice made on the sign-in page is theirs too, so it is kept until then."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from grid.models import Person

CHOSEN = "language_chosen"  # in the session of somebody who has not signed in yet


def keep(request: HttpRequest, language: str) -> None:
    """Stores a language somebody has just chosen."""
    if request.user.is_authenticated:
        Person.objects.filter(pk=request.user.pk).update(language=language)
    else:
        request.session[CHOSEN] = language


def show_own(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """After signing in: what was chosen on the way in becomes the person's, else theirs is shown."""
    chosen = request.session.pop(CHOSEN, None)
    if chosen:
        Person.objects.filter(pk=person.pk).update(language=chosen)
    set_cookie(response, chosen or person.language)


def set_cookie(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH, domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE, httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )  # fmt: skip
