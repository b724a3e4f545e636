"""Every address of the system. Each app lists its own; names have no app prefix and are unique."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from config import api, health, metrics, phone

urlpatterns = [
    path("metrics", login_not_required(metrics.metrics), name="metrics"),
    path("sw.js", phone.service_worker, name="service_worker"),
    path("app.webmanifest", phone.manifest, name="manifest"),
    path("healthz", login_not_required(health.healthz), name="healthz"),
    path("api/v1/", include(api.urlpatterns)),
    path("", include("grid.urls")),
    path("", include("arrears.urls")),
    path("", include("mediation.urls")),
]
