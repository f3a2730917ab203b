"""Which parts of the installation work."""

import time
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from roms_portal.celery import BEAT_SEEN, app

BEAT_LATE_SECONDS = 45


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _broker() -> bool:
    cache.get(BEAT_SEEN)
    return True


def _worker() -> bool:
    return bool(app.control.ping(timeout=1.0, limit=1))


def _beat() -> bool:
    return time.time() - float(cache.get(BEAT_SEEN, 0)) < BEAT_LATE_SECONDS


CHECKS: dict[str, Callable[[], bool]] = {"database": _database, "broker": _broker, "worker": _worker, "beat": _beat}


def _state(check: Callable[[], bool]) -> str:
    try:
        return "ok" if check() else "down"
    except Exception:  # noqa: BLE001 (whatever is wrong with a part, this page must say so and not fall with it)
        return "down"


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """This will say which parts work: 200 when all do, else 503. `?only=database` asks for one (container checks)."""
    only = request.GET.get("only")
    parts = {"web": "ok"} | {name: _state(check) for name, check in CHECKS.items() if only in (None, name)}
    healthy = all(state == "ok" for state in parts.values())
    return JsonResponse({"status": "ok" if healthy else "degraded", **parts}, status=200 if healthy else 503)
