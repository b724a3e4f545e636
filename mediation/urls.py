"""The pages of mediations. Names have no prefix and are unique in the project."""

from django.urls import path

from mediation.views import batch, feed, hearing_day, mediations, moves, office, online, suits, times, weeks

urlpatterns = [
    path("calendar-link/", feed.calendar_link, name="calendar_link"),
    path("calendar/<str:token>.ics", feed.calendar_feed, name="calendar_feed"),
    path("rooms/", office.room_list, name="room_list"),
    path("rooms/new/", office.room_new, name="room_new"),
    path("rooms/closed/", office.blackout_import, name="blackout_import"),
    path("rooms/closed/template/", office.blackout_template, name="blackout_template"),
    path("rooms/closed/<uuid:pk>/drop/", office.blackout_drop, name="blackout_drop"),
    path("rooms/<uuid:pk>/", office.room_detail, name="room_detail"),
    path("hearing-days/", office.rule_list, name="rule_list"),
    path("hearing-days/<uuid:pk>/drop/", office.rule_drop, name="rule_drop"),
    path("hearing-days/<slug:code>/", office.rule_detail, name="rule_detail"),
    path("panel/", office.panel_list, name="panel_list"),
    path("panel/<uuid:pk>/", office.panel_person, name="panel_person"),
    path("hearings/week/", weeks.hearing_week, name="hearing_week"),
    path("hearings/month/", weeks.hearing_month, name="hearing_month"),
    path("hearings/doors/", weeks.hearing_doors, name="hearing_doors"),
    path("hearings/move/", batch.hearings_move, name="hearings_move"),
    path("hearings/fill/", batch.hearings_fill, name="hearings_fill"),
    path("hearings/<uuid:pk>/online/", online.hearing_online, name="hearing_online"),
    path("track/hearings/<uuid:pk>/", online.track_hearing, name="track_hearing"),
    path("join/<str:token>/", online.online_join, name="online_join"),
    path("online/<uuid:pk>/", online.online_room, name="online_room"),
    path("online/<uuid:pk>/talk/", online.online_talk, name="online_talk"),
    path("online/<uuid:pk>/leave/", online.online_leave, name="online_leave"),
    path("online/<uuid:pk>/act/", online.online_act, name="online_act"),
    path("hearings/", hearing_day.hearing_day, name="hearing_day"),
    path("claims/<uuid:pk>/mediate/", moves.claim_mediate, name="claim_mediate"),
    path("mediations/", mediations.mediation_list, name="mediation_list"),
    path("mediations/<uuid:pk>/", mediations.mediation_detail, name="mediation_detail"),
    path("mediations/<uuid:pk>/parties/", suits.mediation_parties, name="mediation_parties"),
    path("mediations/<uuid:pk>/recusals/", suits.mediation_recusals, name="mediation_recusals"),
    path("recusals/<uuid:pk>/decide/", suits.recusal_decide, name="recusal_decide"),
    path("dates/<str:token>/", suits.party_dates, name="party_dates"),
    path("mediations/<uuid:pk>/times/", times.mediation_times, name="mediation_times"),
    path("mediations/<uuid:pk>/moves/<slug:name>/", moves.mediation_move, name="mediation_move"),
]
