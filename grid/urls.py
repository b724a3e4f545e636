from django.urls import path

from grid.views.access_log import access_log
from grid.views.alerts import inbox_acknowledge, notice_acknowledge, notice_reply, notice_snooze
from grid.views.bodies import body_detail, body_list, contact_edit, contact_new, contact_switch
from grid.views.deliveries import delivery_list, delivery_retry
from grid.views.entrance import password_change, sign_in, sign_out
from grid.views.inbox import inbox, inbox_read, inbox_unread, notice_open
from grid.views.leave import leave_cancel, leave_change, my_leave, person_leave
from grid.views.people import (
    people_list,
    person_active,
    person_detail,
    person_edit,
    person_new,
    person_password,
    vacancy_list,
)
from grid.views.postings import posting_end, posting_new, posting_withdraw
from grid.views.robots import robot_list, robot_new, robot_switch, robot_try
from grid.views.roster import duty_roster
from grid.views.settings import set_language, settings
from grid.views.tasks import task_done, task_hand, task_list
from grid.views.wordings import wording_edit, wording_list

urlpatterns = [
    path("sign-in/", sign_in, name="sign_in"),
    path("sign-out/", sign_out, name="sign_out"),
    path("password/", password_change, name="password_change"),
    path("language/", set_language, name="set_language"),
    path("settings/", settings, name="settings"),
    path("inbox/", inbox, name="inbox"),
    path("inbox/read/", inbox_read, name="inbox_read"),
    path("inbox/unread/", inbox_unread, name="inbox_unread"),
    path("inbox/acknowledge/", inbox_acknowledge, name="inbox_acknowledge"),
    path("inbox/<uuid:pk>/open/", notice_open, name="notice_open"),
    path("inbox/<uuid:pk>/acknowledge/", notice_acknowledge, name="notice_acknowledge"),
    path("inbox/<uuid:pk>/reply/", notice_reply, name="notice_reply"),
    path("inbox/<uuid:pk>/snooze/", notice_snooze, name="notice_snooze"),
    path("access-log/", access_log, name="access_log"),
    path("tasks/", task_list, name="task_list"),
    path("tasks/<uuid:pk>/done/", task_done, name="task_done"),
    path("tasks/<uuid:pk>/hand/", task_hand, name="task_hand"),
    path("deliveries/", delivery_list, name="delivery_list"),
    path("deliveries/<uuid:pk>/again/", delivery_retry, name="delivery_retry"),
    path("wordings/", wording_list, name="wording_list"),
    path("wordings/<slug:kind>/", wording_edit, name="wording_edit"),
    path("bodies/", body_list, name="body_list"),
    path("bodies/<uuid:pk>/", body_detail, name="body_detail"),
    path("bodies/<uuid:pk>/contacts/new/", contact_new, name="contact_new"),
    path("contacts/<uuid:pk>/", contact_edit, name="contact_edit"),
    path("contacts/<uuid:pk>/switch/", contact_switch, name="contact_switch"),
    path("robots/", robot_list, name="robot_list"),
    path("robots/new/", robot_new, name="robot_new"),
    path("robots/<uuid:pk>/try/", robot_try, name="robot_try"),
    path("robots/<uuid:pk>/switch/", robot_switch, name="robot_switch"),
    path("people/", people_list, name="people_list"),
    path("people/new/", person_new, name="person_new"),
    path("people/appoint/", posting_new, name="posting_new"),
    path("people/vacancies/", vacancy_list, name="vacancy_list"),
    path("people/<uuid:pk>/", person_detail, name="person_detail"),
    path("people/<uuid:pk>/edit/", person_edit, name="person_edit"),
    path("people/<uuid:pk>/password/", person_password, name="person_password"),
    path("people/<uuid:pk>/active/", person_active, name="person_active"),
    path("people/<uuid:pk>/leave/", person_leave, name="person_leave"),
    path("postings/<uuid:pk>/end/", posting_end, name="posting_end"),
    path("postings/<uuid:pk>/withdraw/", posting_withdraw, name="posting_withdraw"),
    path("leave/", my_leave, name="my_leave"),
    path("leave/<uuid:pk>/", leave_change, name="leave_change"),
    path("leave/<uuid:pk>/cancel/", leave_cancel, name="leave_cancel"),
    path("duty/", duty_roster, name="duty_roster"),
]
