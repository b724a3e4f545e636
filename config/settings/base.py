"""Settings shared by every way of running. The other modules hold only what differs.

A secret has no default here: `need()` stops the start with one sentence when it is missing.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from arrears import clamd
from config.queues import VISIBILITY

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = Path(os.environ.get("XINAN_DATA", ROOT / "var")).resolve()


def need(name: str) -> str:
    """The environment variable `name`; without it the process does not start."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. Start with bin/serve or bin/manage, or set it (README).")
    return value


def database(url: str) -> dict:
    """postgresql://user:password@host:port/name, or ?host=/socket/folder, as Django wants it."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or len(parts.path) < 2:
        raise ImproperlyConfigured(
            "DATABASE_URL must look like postgresql://user:password@host:5432/name; it does not."
        )
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(options.pop("host", "")) or parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


SECRET_KEY = need("SECRET_KEY")
# "k2:base64 k1:base64 index:base64", newest first; the first seals, all of them open (grid/vault.py).
VAULT_KEYS = need("VAULT_KEYS")
DATABASE_URL = need("DATABASE_URL")
DATABASES = {"default": database(DATABASE_URL)}
REDIS_URL = need("REDIS_URL")

DEBUG = False
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "").split()
CSRF_TRUSTED_ORIGINS = os.environ.get("CSRF_TRUSTED_ORIGINS", "").split()

INSTALLED_APPS = [
    "mediation",
    "arrears",
    "grid",
    "config.apps.HouseConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",  # so that its templates are found behind the house's own (FORM_RENDERER)
    "django_filters",
    "django_htmx",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "axes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "grid.middleware.BodyLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "grid.middleware.SignInMiddleware",
    "grid.middleware.OwnPasswordMiddleware",
    "config.partners.PartnersMiddleware",
    "grid.middleware.NoStoreMiddleware",
    "grid.middleware.DevicesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # config/templates/django/forms
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "config/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "config.context.house",
            ],
        },
    }
]

# People
AUTH_USER_MODEL = "grid.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "grid.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "sign_in"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
# A township office shares one address behind its carrier: lock the pair, never the address alone.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_TEMPLATE = "grid/sign_in/locked.html"
AXES_RESET_ON_SUCCESS = True

# Words and time: Chinese first, English second.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Files
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.HouseStorage"},
}
MEDIA_ROOT = DATA / "media"  # never served by URL: arrears serves evidence behind its permission check
EVIDENCE_MAX_BYTES = 20 * 1024 * 1024
# Where fonts are that have what the bundled two lack (rare characters of names); read only where one is needed.
PAPER_FONTS = os.environ.get("PAPER_FONTS", "/usr/share/fonts")
CLAMD_URL = os.environ.get("CLAMD_URL", "")  # tcp://host:3310 or unix:///path: the virus scanner; "": nothing is scanned
try:
    CLAMD_URL and clamd.check(CLAMD_URL)
except ValueError as error:
    raise ImproperlyConfigured(f"CLAMD_URL: {error}") from error
CLAMD_TIMEOUT = 10  # seconds of any one wait for it
TRACK_REFUSED_AFTER = 0.15  # seconds before a wrong secret is refused on the page of workers: longer than looking through the largest claim takes
LARGEST_BODY = 200 * 1024 * 1024  # of a whole request: a few pieces of evidence at once
LARGEST_DRAINED = 2 * 1024 * 1024 * 1024  # of what is refused; beyond it the connection is simply closed
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# Browser's side of safety
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Mail: without EMAIL_URL's parts the local settings write to var/mail.
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "xinan@localhost")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "") == "1"  # STARTTLS
EMAIL_USE_SSL = os.environ.get("EMAIL_USE_SSL", "") == "1"  # TLS from the first byte
if EMAIL_USE_TLS and EMAIL_USE_SSL:
    raise ImproperlyConfigured("EMAIL_USE_TLS and EMAIL_USE_SSL are both 1: choose STARTTLS (port 587) or implicit TLS (465).")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or ("465" if EMAIL_USE_SSL else "25"))
EMAIL_BACKEND = "grid.channels.smtp.Backend"
EMAIL_TIMEOUT = 10
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000")  # where links in mail lead

# SMS (grid/channels/sms.py): without all of the first three there is no such channel.
SMS_URL = os.environ.get("SMS_URL", "")
SMS_KEY = os.environ.get("SMS_KEY", "")
SMS_SECRET = os.environ.get("SMS_SECRET", "")
SMS_SIGN = os.environ.get("SMS_SIGN", "薪安")  # 【…】in front of each message, as registered with the gateway
# The same for workers who want nothing said of wages: a sign that tells nothing, registered too; "": none at all.
SMS_SIGN_DISCREET = os.environ.get("SMS_SIGN_DISCREET", "")
# Beside the three platforms' own: hosts a chat robot may have, or whole origins (http://127.0.0.1:8081), then without TLS.
CHANNEL_HOSTS = os.environ.get("CHANNEL_HOSTS", "").split()
CHANNEL_TIMEOUT = 10  # seconds of any one wait for a gateway or robot, as EMAIL_TIMEOUT
CHANNEL_LIMIT = 15  # of a whole message, mail too: with the next ones it must fit into the task's time (config/queues.py)
# More messages than this for one person in one channel within ten minutes go out as one; 0: each on its own.
FLOOD = int(os.environ.get("FLOOD", "8"))
FEW_REPRESENTATIVES = os.environ.get("FEW_REPRESENTATIVES", "reason")  # fewer than three for a collective claim: "reason" is asked for, or "refuse"
if FEW_REPRESENTATIVES not in ("reason", "refuse"):
    raise ImproperlyConfigured("FEW_REPRESENTATIVES: reason or refuse")
OPPOSED_INTERESTS = os.environ.get("OPPOSED_INTERESTS", "warn")  # one representative signs for workers who do not get alike: "warn" or "refuse"
if OPPOSED_INTERESTS not in ("warn", "refuse"):
    raise ImproperlyConfigured("OPPOSED_INTERESTS: warn or refuse")
# How browsers of an online hearing reach each other (mediation/online/ice.py): without any, inside one network only.
ONLINE_STUN = os.environ.get("ONLINE_STUN", "").split()  # stun:stun.example.gov.cn:3478
ONLINE_TURN = os.environ.get("ONLINE_TURN", "").split()  # turn:turn.example.gov.cn:3478?transport=udp turns:…
ONLINE_TURN_SECRET = os.environ.get("ONLINE_TURN_SECRET", "")  # coturn's static-auth-secret
ONLINE_RELAY_ONLY = os.environ.get("ONLINE_RELAY_ONLY", "0") == "1"  # nobody learns another's address, and no direct way is tried
if not all(url.startswith(("stun:", "stuns:")) for url in ONLINE_STUN) or not all(url.startswith(("turn:", "turns:")) for url in ONLINE_TURN):
    raise ImproperlyConfigured("ONLINE_STUN: addresses that begin with stun: or stuns:; ONLINE_TURN: with turn: or turns:")
if ONLINE_TURN and not ONLINE_TURN_SECRET:
    raise ImproperlyConfigured("ONLINE_TURN_SECRET is not set: with ONLINE_TURN it must be the secret that the TURN server knows.")
if ONLINE_RELAY_ONLY and not ONLINE_TURN:
    raise ImproperlyConfigured("ONLINE_RELAY_ONLY=1: without ONLINE_TURN nobody would be connected to anybody.")
# For how many days after a case has ended the recordings of its online hearings are kept; 0: as long as the case is. No law names one.
ONLINE_RECORDING_DAYS = int(os.environ.get("ONLINE_RECORDING_DAYS", "0"))
SOURCE_RATE = int(os.environ.get("SOURCE_RATE", "120"))  # requests a minute that one source of work orders may make

# The queue is only a hint; the rows are the truth. No countdowns: a task unacknowledged for longer than the
# visibility timeout is given to another worker. Queues, their limits and their tasks: config/queues.py.
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": VISIBILITY,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # Seconds. Behind a firewall that drops, a broker is neither there nor gone: without these, whoever speaks waits for ever.
    "socket_connect_timeout": 3,
    "socket_timeout": 5,
    "health_check_interval": 10,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.2}  # beat comes round again
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever: the broker comes back
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_TASK_TIME_LIMIT = 60
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# The sweep comes twice a minute; administrators are told when none has ended for so long (config/watchman.py).
SWEEP_PATIENCE = int(os.environ.get("SWEEP_PATIENCE", "300"))  # seconds
RUNG_PATIENCE = int(os.environ.get("RUNG_PATIENCE", "600"))  # for which a due rung may wait before /healthz names it
STARTED_AT = datetime.fromisoformat(os.environ.get("XINAN_SINCE") or datetime.now(UTC).isoformat())  # set by bin/serve
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")  # who may read /metrics says it as a bearer token
METRICS_OPEN_HERE = False  # without a token, to whoever asks from this machine: never behind a proxy
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},  # seconds; a page must not hang with it
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
        "grid.tokens.OwnPasswordTokens",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["config.partners.InsideTheHouse"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "config.api.on_error",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "薪安 Xin'an",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {  # one name for a list that several fields share, whatever they are called
        "PostRoleEnum": "grid.api_people.ROLE_CHOICES",
        "ChainRoleEnum": "arrears.models.parties.CHAIN_ROLES",
        "LevelEnum": "grid.roles.LEVEL_LABELS.items",
        "RegionLevelEnum": "grid.regions.LEVEL_LABELS.items",
        "ClaimChannelEnum": "arrears.models.claims.CHANNELS",
        "IntakeChannelEnum": "arrears.api.facts.CHANNELS_IN",
        "ReferralKindEnum": "arrears.lifecycle.REFERRAL_KINDS",
        "EvidenceKindEnum": "arrears.lifecycle.EVIDENCE_KINDS",
        "IncidentKindEnum": "arrears.incidents.table.KINDS",
        "IncidentReportKindEnum": "arrears.incidents.table.REPORT_KINDS",
        "InterruptionEnum": "arrears.limitation.limits.INTERRUPTIONS",
        "LimitEntryEnum": "arrears.limitation.limits.ENTRIES",
        "WorkOrderStateEnum": "arrears.sources.states.STATES",
        "LinkWayEnum": "arrears.models.links.WAYS",
        "ContactRuleEnum": "arrears.models.parties.CONTACT_RULES",
        "ReportStateEnum": "arrears.models.reports.STATES",
        "WorkKindEnum": "arrears.models.reports.WORK_KINDS",
        "PaperFormEnum": "arrears.api.issued.FORM_IDS",
        "PacketKindEnum": "arrears.api.issued.PACKET_KINDS",
        "PacketStateEnum": "arrears.models.papers.PACKET_STATES",
        "BankLineFateEnum": "mediation.api_bank.FATE_CHOICES",
        "PursuitWayEnum": "mediation.api_pursuit.WAY_CHOICES",
        "MediumEnum": "mediation.slots.kinds.MEDIA",
        "BookedMediumEnum": "mediation.slots.kinds.BOOKED",
        "OnlineSeatEnum": "mediation.online.table.KINDS",
        "OnlineInvitedEnum": "mediation.online.table.INVITED",
        "OnlineEndEnum": "mediation.models.online_kept.ENDS",
        "PresenceStateEnum": "mediation.models.room.STATES",
        "PresenceByEnum": "mediation.models.room.BY",
        "PresenceCapacityEnum": "mediation.models.room.CAPACITIES",
        "PresenceCallEnum": "mediation.models.room.CALLS",
        "OtherCapacityEnum": "mediation.models.room.OTHERS",
        "AuthorityEnum": "mediation.models.room.AUTHORITIES",
        "IdentityPaperEnum": "mediation.models.room.PAPERS",
        "SupportStateEnum": "arrears.support.lifecycle.SUPPORT.choices",
        "SupportOutcomeEnum": "arrears.support.lifecycle.OUTCOMES",
        "SearchStateEnum": "arrears.support.lifecycle.SEARCH_STATES",
        "SearchWayStateEnum": "arrears.support.lifecycle.WAY_STATES",
        "VerdictEnum": "arrears.support.lifecycle.VERDICTS",
        "AuthorityScopeEnum": "arrears.groups.law.SCOPES",
        "PartyCapacityEnum": "mediation.models.contacts.CAPACITIES",
        "NoticeLanguageEnum": LANGUAGES,
        "HearingLanguageEnum": "mediation.slots.kinds.LANGUAGES",
        "ObjectionStateEnum": "arrears.models.saying.OBJECTION_STATES",
        "ConsentEnum": "mediation.drafting.terms.CONSENTS",
        "SignerPostEnum": "mediation.drafting.terms.SIGNER_POSTS",
        "SignatureWayEnum": "mediation.models.agreements.WAYS",
        "PromisedMannerEnum": "arrears.lifecycle.PROMISED_METHODS",
        "MarkWayEnum": "mediation.api_marks.TAKEN_WAYS",
    },
}

# The city that runs this installation.
CITY_NAME = "宿迁市"
# Who rules when bodies disagree; the county's and the city's go by one name.
LEADING_GROUP = os.environ.get("LEADING_GROUP", "") or "根治欠薪工作领导小组办公室"
CITY_CODE = "3213"          # significant digits of its division code
CASE_PREFIX = "宿欠"        # 宿欠〔2026〕321322-00042
PAPER_PREFIX = "宿欠文"     # of papers: 宿欠文〔2026〕321322-00042
ORDER_PREFIX = "宿督"       # 宿督〔2026〕00042

DEMO = False  # may this installation be filled with invented people and cases?

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []

# They report every task and every connection; what a task did, it says itself.
CHATTY = ("axes", "celery.app.trace", "celery.beat", "celery.worker", "celery.worker.strategy", "kombu", "httpx")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": dict.fromkeys(CHATTY, {"level": "WARNING"}),
}
