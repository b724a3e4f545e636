"""Behind a TLS proxy, with real servers and SITE_URL, ALLOWED_HOSTS, EMAIL_* from the environment."""

from .base import *  # noqa: F403

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]  # asked on this machine, past the proxy
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# localhost: how bin/serve asks /healthz (config/serve.py). No link is ever made from a request's host.
ALLOWED_HOSTS = [*need("ALLOWED_HOSTS").split(), "localhost"]  # noqa: F405
SITE_URL = need("SITE_URL")  # noqa: F405
# Whether browsers are to know the name as https-only before their first visit is for whoever owns the domain to say.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
