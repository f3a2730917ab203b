"""The test suite: the servers' addresses are filled in by tests/conftest.py, tasks run where they are queued."""

from . import sources
from .base import *  # noqa: F403
from .base import MIDDLEWARE, STORAGES, TEMPLATES


class Missing(str):
    """What a template shows for a name that is not there: nothing in use, an error in the tests."""

    FOREIGN = frozenset(
        {
            "attrs.errors",
            "authenticators.recovery_codes.generate_codes",
            "authenticators.recovery_codes.get_unused_codes",
        }
    )
    """Names the templates of django-allauth leave out on purpose."""

    def __contains__(self, text: object) -> bool:
        """This will make Django ask `%`, below, for what to show."""
        return text == "%s"

    def __mod__(self, name: object) -> str:
        """This will raise NameError unless the name may be missing."""
        if str(name) in self.FOREIGN:
            return ""
        raise NameError(f"the template asks for {name}, which is not there")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Missing("missing")
SECRET_KEY = "test"
ROMS_FIELD_KEYS = ["00" * 32, "11" * 32]
ROMS_WEBHOOKS = {"allows_http": True, "allows_private": True, "seconds_max": 5}
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": sources.database("postgres://roms_app@/roms?host=/nowhere") | {"CONN_MAX_AGE": 0}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
REDIS_URL = ""
CELERY_BROKER_URL = "memory://"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "noreply@localhost"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = False
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
ROMS_SECOND_FACTOR = False  # tests/accounts turns it on
ROMS_LOG_KEY = "5e" * 32
ROMS_API_RATES = {"anonymous": None, "person": None}
