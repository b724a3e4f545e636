"""One machine, started by bin/serve: plain http on loopback, mail into var/mail."""

import os

from .base import *  # noqa: F403

ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *ALLOWED_HOSTS]  # noqa: F405
DEMO = True
METRICS_OPEN_HERE = True
if not os.environ.get("EMAIL_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA / "mail"  # noqa: F405
