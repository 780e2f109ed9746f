"""Every setting of the desk, read from the environment once, here."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry

from probes.endpoints.vault import Vault, VaultError
from triage import environment

env = environ.Env()
ROOT = Path(__file__).resolve().parent.parent

# --- Where it runs. `manage.py` exports addresses and keys of the embedded servers before this is read.
VAR = Path(environment.text("DESK_VAR", str(ROOT / "var")))
DEMO = environment.switch("DESK_DEMO", default=False)
DATABASE_URL = environment.text("DATABASE_URL")
REDIS_URL = environment.text("REDIS_URL")


def broker_url(redis_url: str) -> str:
    """Celery's spelling of a Redis address: it knows unix sockets under another name."""
    if not redis_url.startswith("unix:"):
        return redis_url
    path, _, query = redis_url.removeprefix("unix:").partition("?")
    database = parse_qs(query).get("db", ["0"])[0]
    return f"redis+socket:{path}?virtual_host={database}"


def _secret(name: str) -> str:
    """A key from the environment. Without a database nothing can be served, so tools need none."""
    value = environment.text(name)
    if not value and DATABASE_URL:
        raise ImproperlyConfigured(f"{name} is not set; docs/running.md says how to make one")
    return value or "no-database-no-secret-" + "0" * 40


SECRET_KEY = _secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
PROBE_KEY_KEK = _secret("PROBE_KEY_KEK")
REDACTION_PEPPER = _secret("REDACTION_PEPPER")
REDACTION_PEPPER_FALLBACKS = env.list("REDACTION_PEPPER_FALLBACKS", default=[])
if DATABASE_URL:
    try:
        Vault(PROBE_KEY_KEK)
    except VaultError as error:
        raise ImproperlyConfigured(f"{error}; docs/running.md says how to make one") from None

# --- Transport security. `manage.py` sets DESK_HTTPS=0 with the embedded servers, which are for loopback.
DEBUG = environment.switch("DEBUG", default=False)
HTTPS = environment.switch("DESK_HTTPS", default=bool(DATABASE_URL))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]  # asked from beside the process, where no TLS is
SECURE_HSTS_SECONDS = environment.count("SECURE_HSTS_SECONDS", default=365 * 24 * 3600 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
if environment.switch("DESK_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "desk_session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = environment.count("SESSION_COOKIE_AGE", default=12 * 3600)
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "desk_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
# Files come in by one door, which seals them; everywhere else they are dropped.
FILE_UPLOAD_HANDLERS = ["triage.charges.uploads.NoFiles"]
LEDGER_UPLOAD_MB = environment.count("LEDGER_UPLOAD_MB", default=500)

INSTALLED_APPS = [
    "triage.people.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "probes",
    "triage",
]

# --- Web: pages, people, languages, content policy
MIDDLEWARE = [
    "triage.insights.request_ids.give_ids",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "triage.insights.page_meter.count_pages",
    "csp.middleware.CSPMiddleware",
    "triage.people.addresses.mask_address",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "triage.people.middleware.sign_in_again",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "triage.people.context.person",
            ]
        },
    }
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
STATIC_URL = "static/"
# A desk that serves people has collected its files under hashed names; tools and tests need no such step.
HASHED_STATIC = bool(DATABASE_URL) and not DEBUG
STATIC_ROOT = environment.text("STATIC_ROOT", str(VAR / "static")) if HASHED_STATIC else None
WHITENOISE_USE_FINDERS = not HASHED_STATIC
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
AUTHENTICATION_BACKENDS = ["triage.people.backends.RoleBackend"]
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "tickets:list"
LOGOUT_REDIRECT_URL = "people:sign_in"
CSRF_FAILURE_VIEW = "triage.people.errors.csrf_failure"
LOCALE_PATHS = [ROOT / "triage" / "locale"]

ROOT_URLCONF = "triage.urls"
WSGI_APPLICATION = "triage.wsgi.application"

# --- Languages and time
USE_TZ = True
TIME_ZONE = environment.zone("DESK_TIME_ZONE", default="Asia/Shanghai")  # shown; stored is UTC
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]

# --- Database, cache
# A worker that froze inside a transaction must not keep rows from all others, nor their leases from being
# renewed: PostgreSQL ends it, sooner than a lease does.
IDLE_IN_TRANSACTION_S = environment.count("IDLE_IN_TRANSACTION_S", default=15)


def database(url: str) -> dict[str, Any]:
    """Django's spelling of a database address, with what every connection of ours asks for."""
    config: dict[str, Any] = env.db_url_config(url)
    options = config.setdefault("OPTIONS", {})
    asked = f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_S}s"
    options["options"] = f"{options.get('options', '')} {asked}".strip()
    return config | {"ENGINE": "triage.postgres"}


# At once and per process, however many threads it has; PostgreSQL's own limit is 100 for all of them.
DATABASE_CONNECTIONS = environment.count("DATABASE_CONNECTIONS", default=20)
DATABASES = {
    "default": {
        **database(DATABASE_URL or "postgresql:///postgres"),
        "CONN_MAX_AGE": environment.count("CONN_MAX_AGE", default=0),
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Counters that every web process must share; losing them costs nothing.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "retry": Retry(NoBackoff(), 1)},
    },
    # In the place of the other while Redis is away: each process counts for itself.
    "nearby": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- Queue. Only ids travel, PostgreSQL owns every state, and a sweeper finds what was lost.
CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Far above the longest run: a task is not handed out twice while it works.
    "visibility_timeout": environment.count("BROKER_VISIBILITY_S", default=3600),
    "unacked_restore_interval": environment.count("BROKER_RESTORE_EVERY_S", default=10),
    "unacked_restore_throttle": 1,  # kombu's default of 10 makes a lost task wait 100 s longer
    # Filing a ticket must not wait for a broker that is away; workers have patience of their own.
    "max_retries": 1,
    "interval_start": 0.1,
    "socket_connect_timeout": 2,
    "socket_timeout": 30,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False  # a task that kills its worker would do so for ever
CELERY_TASK_DEFAULT_QUEUE = "housekeeping"
CELERY_TASK_QUEUES = {name: {"routing_key": name} for name in ("probe", "ledger", "housekeeping")}
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_ROUTES = {
    "triage.investigate": {"queue": "probe"},
    "triage.carry_out": {"queue": "probe"},
    "triage.read_ledger": {"queue": "ledger"},
    "triage.take_in_ledger": {"queue": "ledger"},
    "triage.count_findings": {"queue": "ledger"},
    "triage.remark_probes": {"queue": "ledger"},
    "triage.fetch_ledgers": {"queue": "ledger"},
    "triage.fetch_due_ledger": {"queue": "ledger"},
    "triage.fetch_ledger": {"queue": "ledger"},
    "triage.sweep": {"queue": "housekeeping"},
    "triage.sweep_ledgers": {"queue": "housekeeping"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TIMEZONE = "UTC"
CELERY_IMPORTS = ["triage.canary", "triage.heartbeat"]
CANARY_EVERY_S = environment.count("CANARY_EVERY_S", default=30)
CANARY_DEAF_S = environment.count("CANARY_DEAF_S", default=120)
# Each queue is sent a task so often; one that consumed none for so long makes /readyz say so.
HEARTBEAT_EVERY_S = environment.count("HEARTBEAT_EVERY_S", default=15)
HEARTBEAT_STALE_S = environment.count("HEARTBEAT_STALE_S", default=90)
SWEEP_EVERY_S = environment.count("SWEEP_EVERY_S", default=15)
# How often the beat looks which baselines are due; each says itself how often it wants to be.
BASELINES_EVERY_S = environment.count("BASELINES_EVERY_S", default=60)
# How often the beat looks which connectors are due; each says itself how often it wants to be.
FETCH_EVERY_S = environment.count("FETCH_EVERY_S", default=60)
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "triage.sweep", "schedule": SWEEP_EVERY_S, "options": {"expires": SWEEP_EVERY_S}},
    "baselines": {
        "task": "triage.queue_baselines",
        "schedule": BASELINES_EVERY_S,
        "options": {"expires": BASELINES_EVERY_S},
    },
    "ring again": {
        "task": "triage.ring_again",
        "schedule": SWEEP_EVERY_S,
        "options": {"expires": SWEEP_EVERY_S},
    },
    "fetch ledgers": {
        "task": "triage.fetch_ledgers",
        "schedule": FETCH_EVERY_S,
        "options": {"expires": FETCH_EVERY_S},
    },
    "sweep ledgers": {
        "task": "triage.sweep_ledgers",
        "schedule": SWEEP_EVERY_S,
        "options": {"expires": SWEEP_EVERY_S},
    },
    **{
        f"heartbeat of {queue}": {
            "task": "triage.heartbeat",
            "schedule": HEARTBEAT_EVERY_S,
            "options": {"queue": queue, "expires": HEARTBEAT_EVERY_S},
        }
        for queue in CELERY_TASK_QUEUES
    },
}
PROBE_CONCURRENCY = environment.count("PROBE_CONCURRENCY", default=100)
# An import whose worker was silent for so long is rung for again, if nobody holds it.
LEDGER_SILENCE_S = environment.count("LEDGER_SILENCE_S", default=30)
# A run is lost when its worker was not heard of for so long.
PROBE_LEASE_S = environment.count("PROBE_LEASE_S", default=20)
# A stopping worker lets its exchanges go on for so long, then hangs up. `up` kills after 7 s.
PROBE_STOP_GRACE_S = environment.count("PROBE_STOP_GRACE_S", default=3)
# A message that young may still be on its way; after that the sweep rings again.
QUEUE_PATIENCE_S = environment.count("QUEUE_PATIENCE_S", default=60)

# --- Limits of what probes may cost a day and a run, each in the currency of the endpoint's price
PROBES_STOPPED = environment.switch("PROBES_STOPPED", default=False)
PROBE_BUDGET_PER_DAY = environment.money("PROBE_BUDGET_PER_DAY", default="20")
PROBE_BUDGET_PER_USER_DAY = environment.money("PROBE_BUDGET_PER_USER_DAY", default="5")
PROBE_BUDGET_BASELINES_PER_DAY = environment.money("PROBE_BUDGET_BASELINES_PER_DAY", default="2")
PROBE_BUDGET_PER_RUN = environment.money("PROBE_BUDGET_PER_RUN", default="1")
# How long a run waits for its turn at an endpoint, seconds
PROBE_PATIENCE_S = environment.count("PROBE_PATIENCE_S", default=30)

# --- Incidents: how many tickets or probes with one fault make one (docs/incidents.md); 0: never by itself
INCIDENT_TICKETS = environment.count("INCIDENT_TICKETS", default=3)
INCIDENT_ACCOUNTS = environment.count("INCIDENT_ACCOUNTS", default=2)
INCIDENT_RUNS = environment.count("INCIDENT_RUNS", default=3)
INCIDENT_WINDOW_S = environment.count("INCIDENT_WINDOW_S", default=1800)
# While one is open, one probe in so many seconds still goes through: the desk looks again. 0: none does.
INCIDENT_LOOK_S = environment.count("INCIDENT_LOOK_S", default=600)
# One that was not met for so long is flagged as perhaps over; only people close it.
INCIDENT_QUIET_S = environment.count("INCIDENT_QUIET_S", default=86_400)
# How far back the desk's own runs tell how an endpoint is.
HEALTH_WINDOW_S = environment.count("HEALTH_WINDOW_S", default=21_600)

# --- Figures for Prometheus, for whoever knows this token (docs/monitoring.md); without one there is no page
METRICS_TOKEN = environment.text("METRICS_TOKEN")
if METRICS_TOKEN and len(METRICS_TOKEN) < 16:
    raise ImproperlyConfigured("METRICS_TOKEN is shorter than 16 characters: too easy to guess")

# --- Logs: ids, codes and fixed texts only. "line" for people, "json" for programs (docs/monitoring.md)
LOG_FORMAT = environment.text("LOG_FORMAT", "line")
if LOG_FORMAT not in ("line", "json"):
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}; line or json is needed")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "probes.redaction.logs.RedactingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "datefmt": "%H:%M:%S",
        },
        "json": {"()": "probes.redaction.logs.JsonFormatter"},
    },
    "filters": {
        "refusals_in_one_line": {"()": "triage.people.one_line.RefusalsInOneLine"},
        # That a worker heard itself, or a queue was consumed, some times a minute, is no news.
        "no_canary": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: (
                not any(name in record.getMessage() for name in ("triage.canary", "triage.heartbeat"))
            ),
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"filters": ["refusals_in_one_line"]},
        # The sweep runs every 15 s; that it ran is no news.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {
            "level": environment.text("TASK_LOG_LEVEL", "INFO"),
            "filters": ["no_canary"],
        },
        # These two write whole URLs at INFO, and a URL may carry a key.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
    },
}
