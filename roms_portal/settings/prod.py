"""Production: everything that matters comes from the environment, and what is missing stops the start by name."""

import os

from django.core.exceptions import ImproperlyConfigured

from . import sources
from .base import *  # noqa: F403
from .base import REST_FRAMEWORK, STORAGES, VAR_DIR

REQUIRED = {
    "DATABASE_URL": "the database, role roms_app",
    "REDIS_URL": "the broker",
    "SECRET_KEY": "50 or more random characters",
    "ROMS_FIELD_KEYS": "64 hexadecimal digits; several keys by comma, the first encrypts",
    "ROMS_HOSTS": "the portal's host names, by comma",
    "ROMS_STORAGE": "s3://bucket, or the folder of a volume all hosts share",
    "ROMS_LOG_KEY": "64 hexadecimal digits: the secret key that signs checkpoints of the ledger",
    "ROMS_CHECKPOINTS": "where signed checkpoints are kept a second time: s3://bucket or a folder, on another machine",
    "EMAIL_HOST": "the mail server; without one nobody could confirm an address",
}
if missing := [f"  {name}: {meaning}" for name, meaning in REQUIRED.items() if not os.environ.get(name)]:
    raise ImproperlyConfigured("Production needs these environment variables:\n" + "\n".join(missing))

SECRET_KEY = os.environ["SECRET_KEY"]
ROMS_FIELD_KEYS = os.environ["ROMS_FIELD_KEYS"].split(",")
ROMS_LOG_KEY = os.environ["ROMS_LOG_KEY"]
if len(SECRET_KEY) < 50 or not all(len(key) == 64 for key in (*ROMS_FIELD_KEYS, ROMS_LOG_KEY)):
    raise ImproperlyConfigured("SECRET_KEY needs 50 characters, ROMS_FIELD_KEYS and ROMS_LOG_KEY 64 hexadecimal digits")

ALLOWED_HOSTS = os.environ["ROMS_HOSTS"].split(",")
ROMS_ORIGIN = os.environ.get("ROMS_ORIGIN", f"https://{ALLOWED_HOSTS[0]}")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
REDIS_URL = os.environ["REDIS_URL"]
DATABASES = {"default": sources.database(sources.addresses(VAR_DIR)[0])}
CACHES = sources.caches(REDIS_URL)
CELERY_BROKER_URL = sources.broker(REDIS_URL)
globals().update(sources.mail())

STORAGES["default"] = sources.storage(os.environ["ROMS_STORAGE"])
STORAGES["checkpoints"] = sources.storage(os.environ["ROMS_CHECKPOINTS"])

SECURE_SSL_REDIRECT = os.environ.get("ROMS_TLS", "1") == "1"
# Limits per address count the visitor's, not the proxy's.
ALLAUTH_TRUSTED_PROXY_COUNT = REST_FRAMEWORK["NUM_PROXIES"] = int(SECURE_SSL_REDIRECT)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
