from django.urls import path

from grid.views.access_log import access_log
from grid.views.alerts import inbox_acknowledge, notice_acknowledge, notice_snooze
from grid.views.entrance import password_change, sign_in, sign_out
from grid.views.inbox import inbox, inbox_read, inbox_unread, notice_open
from grid.views.settings import set_language, settings

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
    path("inbox/<uuid:pk>/snooze/", notice_snooze, name="notice_snooze"),
    path("access-log/", access_log, name="access_log"),
]
