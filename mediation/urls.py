"""The pages of mediations. Names have no prefix and are unique in the project."""

from django.urls import path

from mediation.views import hearing_day, mediations, moves, times

urlpatterns = [
    path("hearings/", hearing_day.hearing_day, name="hearing_day"),
    path("claims/<uuid:pk>/mediate/", moves.claim_mediate, name="claim_mediate"),
    path("mediations/", mediations.mediation_list, name="mediation_list"),
    path("mediations/<uuid:pk>/", mediations.mediation_detail, name="mediation_detail"),
    path("mediations/<uuid:pk>/times/", times.mediation_times, name="mediation_times"),
    path("mediations/<uuid:pk>/moves/<slug:name>/", moves.mediation_move, name="mediation_move"),
]
