"""The test run: throw-away servers, cheap password hashing, mail kept in memory."""

import os
from urllib.parse import urlsplit

# Test processes side by side (bin/test without arguments) have a database each; so the queue, the cache and the files: else one
# that counts files finds those of the other. Processes that a test starts inherit the names.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    number = 1 + int(worker.removeprefix("gw"))
    os.environ["REDIS_URL"] = urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{number}").geturl()

from .base import *  # noqa: F403

ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
TRACK_REFUSED_AFTER = 0.0
CHANNEL_LIMIT = 1.0  # many tests talk to servers that never end
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
if worker:
    MEDIA_ROOT = MEDIA_ROOT / worker  # noqa: F405
