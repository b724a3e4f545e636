"""Behind a TLS proxy, with real servers and SITE_URL, ALLOWED_HOSTS, EMAIL_* from the environment."""

from .base import *  # noqa: F403

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
ALLOWED_HOSTS = need("ALLOWED_HOSTS").split()  # noqa: F405
SITE_URL = need("SITE_URL")  # noqa: F405
