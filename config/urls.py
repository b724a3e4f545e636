"""Every address of the system. Each app lists its own; names have no app prefix and are unique."""

from django.conf.urls.i18n import urlpatterns as language_urls
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from config import api, health

urlpatterns = [
    path("healthz", login_not_required(health.healthz), name="healthz"),
    path("api/v1/", include(api.urlpatterns)),
    path("i18n/", include(language_urls)),
    path("", include("grid.urls")),
    path("", include("arrears.urls")),
    path("", include("mediation.urls")),
]
