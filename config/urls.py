"""Every address of the system. Each app lists its own; names have no app prefix and are unique."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from config import api, health

urlpatterns = [
    path("healthz", login_not_required(health.healthz), name="healthz"),
    path("api/v1/", include(api.urlpatterns)),
    path("language/", login_not_required(set_language), name="set_language"),  # also on the sign-in page
    path("", include("grid.urls")),
    path("", include("arrears.urls")),
    path("", include("mediation.urls")),
]
