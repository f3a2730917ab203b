"""Where the servers, the secrets and the mail are: read from the environment, shared by dev, test and prod."""

import json
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import dj_database_url

from roms_portal.embedded import read_addresses


def database(url: str) -> dict[str, Any]:
    """This will turn an address into a Django database with connections that live and are checked."""
    return {
        **dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True),
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "ATOMIC_REQUESTS": False,
    }


def addresses(var: Path) -> tuple[str, str]:
    """This will give the database and Redis addresses: from the environment, else the embedded servers'.

    ROMS_DB_ROLE=owner (migrations only) takes the owner's address. Without servers the address names a socket
    folder that says what to do, so commands that need no database work and the others fail with that text.
    """
    embedded = read_addresses(var)
    owner = os.environ.get("ROMS_DB_ROLE") == "owner"
    url = os.environ.get("DATABASE_OWNER_URL" if owner else "DATABASE_URL")
    if not url:
        url = (embedded.database_owner_url if owner else embedded.database_url) if embedded else ""
    redis = os.environ.get("REDIS_URL") or (embedded.redis_url if embedded else "")
    nowhere = "no-servers--start-them-with-make-run-or-make-servers"
    return url or f"postgres://roms_app@/roms?host=/{nowhere}", redis or f"unix:///{nowhere}?db=0"


def broker(redis_url: str) -> str:
    """This will write a Redis address the way Celery reads it: it has its own form for sockets."""
    return redis_url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")


def caches(redis_url: str) -> dict[str, dict[str, Any]]:
    """This will keep the cache (rate limits, heartbeats) in Redis beside the queue."""
    return {"default": {"BACKEND": "core.cache.RedisCache", "LOCATION": redis_url}}


def local_secrets(var: Path) -> dict[str, Any]:
    """This will read the secrets of a development installation, made at the first start and kept in `var/`."""
    general = _kept(
        var / "secrets.json", lambda: {"secret_key": secrets.token_urlsafe(50), "field_keys": [secrets.token_hex(32)]}
    )
    return general | _kept(var / "log-key.json", lambda: {"log_key": secrets.token_hex(32)})


def _kept(path: Path, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(make()))
        with suppress(FileExistsError):  # another process was first: its secrets count
            os.link(draft, path)
        draft.unlink()
    return dict(json.loads(path.read_text()))


def storage(place: str) -> dict[str, Any]:
    """This will keep files in `s3://bucket`, or in a folder."""
    if not place.startswith("s3://"):
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": place}}
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": place.removeprefix("s3://"),
            "endpoint_url": os.environ.get("ROMS_S3_ENDPOINT"),
            "default_acl": "private",
            "file_overwrite": False,
        },
    }


def mail() -> dict[str, Any]:
    """This will send mail by SMTP when EMAIL_HOST is set, else keep it for the local outbox page."""
    if host := os.environ.get("EMAIL_HOST"):
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": host,
            "EMAIL_PORT": int(os.environ.get("EMAIL_PORT", "587")),
            "EMAIL_HOST_USER": os.environ.get("EMAIL_HOST_USER", ""),
            "EMAIL_HOST_PASSWORD": os.environ.get("EMAIL_HOST_PASSWORD", ""),
            "EMAIL_USE_TLS": os.environ.get("EMAIL_USE_TLS", "1") == "1",
            "EMAIL_TIMEOUT": 20,
            "DEFAULT_FROM_EMAIL": os.environ.get("DEFAULT_FROM_EMAIL", f"noreply@{host}"),
        }
    return {"EMAIL_BACKEND": "accounts.outbox.EmailBackend", "DEFAULT_FROM_EMAIL": "noreply@localhost"}
