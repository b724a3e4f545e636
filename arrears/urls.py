"""The pages of cases. Names have no prefix and are unique in the project."""

from django.urls import path

from arrears.views import (
    calendars,
    claim_list,
    claim_page,
    clock_why,
    desk,
    evidence,
    intake,
    moves,
    referrals,
    regions,
)

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("claims/", claim_list.claim_list, name="claim_list"),
    path("claims.csv", claim_list.claim_export, name="claim_export"),
    path("claims/new/", intake.claim_new, name="claim_new"),
    path("claims/new/employers/", intake.employer_names, name="employer_names"),
    path("claims/new/<uuid:pk>/drop/", intake.draft_drop, name="draft_drop"),
    path("claims/new/<uuid:pk>/check/", intake.draft_check, name="draft_check"),
    path("claims/new/<uuid:pk>/<slug:step>/", intake.draft_step, name="draft_step"),
    path("claims/<uuid:pk>/", claim_page.claim_detail, name="claim_detail"),
    path("claims/<uuid:pk>/moves/<slug:name>/", moves.claim_move, name="claim_move"),
    path("claims/<uuid:pk>/evidence/", evidence.evidence_add, name="evidence_add"),
    path("evidence/<uuid:pk>/", evidence.evidence_file, name="evidence_file"),
    path("claimants/<uuid:pk>/id-number/", claim_page.id_number_reveal, name="id_number_reveal"),
    path("clocks/<uuid:pk>/", clock_why.clock_why, name="clock_why"),
    path("claims/<uuid:pk>/refer/", referrals.claim_refer, name="claim_refer"),
    path("referrals/", referrals.referral_list, name="referral_list"),
    path("referrals/<uuid:pk>/", referrals.referral_detail, name="referral_detail"),
    path("referrals/<uuid:pk>/moves/<slug:name>/", referrals.referral_move, name="referral_move"),
    path("regions/", regions.region_tree, name="region_tree"),
    path("regions/<slug:code>/", regions.region_detail, name="region_detail"),
    path("calendars/", calendars.calendar_list, name="calendar_list"),
]
