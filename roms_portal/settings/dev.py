"""`make run` on one machine: embedded servers unless the environment names others, local mail, secrets in `var/`."""

import os

from . import sources
from .base import *  # noqa: F403
from .base import STORAGES, VAR_DIR

_database_url, _redis_url = sources.addresses(VAR_DIR)
_secrets = sources.local_secrets(VAR_DIR)

DEBUG = os.environ.get("ROMS_DEBUG") == "1"
SECRET_KEY = os.environ.get("SECRET_KEY") or _secrets["secret_key"]
ROMS_FIELD_KEYS = [key for key in os.environ.get("ROMS_FIELD_KEYS", "").split(",") if key] or _secrets["field_keys"]
ROMS_LOG_KEY = os.environ.get("ROMS_LOG_KEY") or _secrets["log_key"]
ROMS_DEMO = os.environ.get("ROMS_DEMO", "0" if "DATABASE_URL" in os.environ else "1") == "1"  # may load_demo run here?
ROMS_SECOND_FACTOR = os.environ.get("ROMS_SECOND_FACTOR", "0" if ROMS_DEMO else "1") == "1"  # a demo is walked without
ROMS_WEBHOOKS = {"allows_http": ROMS_DEMO, "allows_private": ROMS_DEMO, "seconds_max": 10}  # a receiver on this machine
ALLOWED_HOSTS = ["*"]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("ROMS_ORIGINS", "").split(",") if origin]
DATABASES = {"default": sources.database(_database_url)}
CACHES = sources.caches(_redis_url)
CELERY_BROKER_URL = sources.broker(_redis_url)
REDIS_URL = _redis_url
globals().update(sources.mail())

# Static files straight from the checkout: nothing to collect, a changed file shows at once.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

ROMS_STYLEGUIDE = True
ROMS_OUTBOX_PAGE = True
