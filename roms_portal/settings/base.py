"""What every installation shares. `dev`, `test` and `prod` say where servers, secrets and files are.

Reading settings never starts a process and never opens a connection.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from roms_portal.schedule import SCHEDULE

django_stubs_ext.monkeypatch()  # `models.Field[int, int]` may be written at run time too

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(os.environ.get("ROMS_VAR") or BASE_DIR / "var").resolve()

SITE_NAME = "ROMS"
ROMS_DEMO = False
ROMS_ORIGIN = os.environ.get("ROMS_ORIGIN", f"http://localhost:{os.environ.get('PORT', '8000')}")  # links in messages
ROMS_WEBHOOKS: dict[str, Any] = {
    "allows_http": False,
    "allows_private": False,
    "seconds_max": 10,
}  # calls to stores
ROMS_RELAY = {
    "domain": os.environ.get("ROMS_RELAY_DOMAIN", ""),
    "secret": os.environ.get("ROMS_RELAY_SECRET", ""),
}  # answers by mail; without a domain they are not taken
ROOT_URLCONF = "roms_portal.urls"
WSGI_APPLICATION = "roms_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DEBUG = False

INSTALLED_APPS = [
    "roms_portal",
    "register",
    "payouts",
    "claims",
    "sales",
    "ledger",
    "catalog",
    "accounts",
    "core",
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "rest_framework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.middleware.ReadableText",
    "accounts.middleware.SecondFactorMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "roms_portal.navigation.portal",
            ],
        },
    }
]

# People and sessions ---------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before an address or a password is changed
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    "signup": "20/m/ip",
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "reset_password": "20/m/ip,5/m/key",
    "confirm_email": "1/10s/key",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
}
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "ROMS"
MFA_TOTP_TOLERANCE = 1
ROMS_SECOND_FACTOR = True  # staff do nothing without one, nobody gives bank details without one

# Language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files -----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT: Path | None = Path(os.environ.get("ROMS_STATIC") or BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "files"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "checkpoints": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": os.environ.get("ROMS_CHECKPOINTS", VAR_DIR / "checkpoints")},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 << 20

# Paying out ------------------------------------------------------------------------------------------------------
ROMS_PAYER = {  # the account the society pays from
    "name": os.environ.get("ROMS_PAYER_NAME", ""),
    "iban": os.environ.get("ROMS_PAYER_IBAN", ""),
    "bic": os.environ.get("ROMS_PAYER_BIC", ""),
}
ROMS_RATES_FILE = os.environ.get("ROMS_RATES_FILE", "")  # eurofxref-hist.zip, newer than the packaged one

# Browser ---------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
ROMS_SEARCHES_PER_MINUTE = 60  # of one address; 429 above, no puzzle to solve
ROMS_STYLEGUIDE = False  # /styleguide/: the parts pages are made of
ROMS_OUTBOX_PAGE = False  # /outbox/: mail kept because no mail server is configured
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "roms_portal.views.csrf_failure"

# Queue: the broker is only a hint, work due is a row (docs/decisions/0002) ------------------------------------------
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = int(timedelta(minutes=5).total_seconds())
CELERY_TASK_SOFT_TIME_LIMIT = CELERY_TASK_TIME_LIMIT - 15
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": int(timedelta(minutes=15).total_seconds())}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_BEAT_SCHEDULER = "roms_portal.celery:BeatingScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 10

# API -------------------------------------------------------------------------------------------------------------
ROMS_API_RATES: dict[str, str | None] = {"anonymous": "120/min", "person": "1200/min"}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.doors.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated", "accounts.api.doors.HasScope"],
    "DEFAULT_PARSER_CLASSES": [
        "core.api.LimitedJSONParser",
        "core.api.LimitedFormParser",
        "core.api.PartsParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "core.api.Pages",
    "DEFAULT_THROTTLE_CLASSES": ["core.api.AnonymousThrottle", "core.api.PersonThrottle"],
    "DEFAULT_SCHEMA_CLASS": "roms_portal.api_schema.Schema",
    "ALLOWED_VERSIONS": ["v1"],
    "NUM_PROXIES": 0,  # a visitor may say anything of where it comes from; only a proxy of ours is believed
    "EXCEPTION_HANDLER": "core.api.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "ROMS portal API",
    "DESCRIPTION": "Tracks, holders, money, claims and opt-outs. Errors are problem documents with a stable `code`.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api.describe_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "RightEnum": "catalog.rights.Right.choices",
        "HolderStatusEnum": "catalog.models.RightsHolder.Status",
        "AuthorityStatusEnum": "catalog.models.Authority.Status",
        "NameKindEnum": "catalog.models.NameKind",
        "HolderKindEnum": "catalog.models.RightsHolder.Kind",
        "ListPurposeEnum": "claims.models.RepertoireList.Purpose",
        "ClockPurposeEnum": "claims.models.Clock.Purpose",
        "ClockBasisEnum": "claims.models.ClockSet.Basis",
        "OptOutBasisEnum": "claims.models.OptOut.Basis",
        "EntryKindEnum": "register.models.Entry.Kind",
        "HouseBookingKindEnum": "payouts.models.HouseBooking.Kind",
        "PlanStatusEnum": "payouts.models.InstalmentPlan.Status",
        "ConversionStatusEnum": "payouts.models.Conversion.Status",
        "RefundStatusEnum": "payouts.models.StoreRefund.Status",
        "ScreeningStatusEnum": "payouts.models.ScreeningCase.Status",
        "PassageStatusEnum": "register.models.Passage.Status",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "core.logs.WithoutRows",
            "format": "%(asctime)s %(levelname)-7s %(name)s: %(message)s",
            "datefmt": "%H:%M:%S",
        }
    },
    "filters": {
        "no_health": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: "/healthz" not in record.getMessage(),  # it says itself what is down
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_health"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # One line per task buries what a person looks for; failures and retries are still written.
    "loggers": {name: {"level": "WARNING"} for name in ("celery.worker.strategy", "celery.app.trace")},
}
