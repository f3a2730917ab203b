"""Django's cache in Redis, as the portal uses it."""

import tempfile
from pathlib import Path

import pytest

from core.cache import RedisCache
from roms_portal.embedded.redis import Redis


def test_counts_only_what_is_there_and_keeps_its_time():
    with tempfile.TemporaryDirectory(prefix="roms-test-") as folder:
        server = Redis(Path(folder) / "redis", Path(folder))
        server.start(durable=False)
        try:
            cache = RedisCache(server.url, {})

            with pytest.raises(ValueError, match="not found"):
                cache.incr("asked")
            cache.add("asked", 1, 60)

            assert (cache.incr("asked"), cache.incr("asked", 5), cache.get("asked")) == (2, 7, 7)
            assert 0 < cache._cache.get_client().ttl(cache.make_key("asked")) <= 60
        finally:
            server.stop()
