"""The portal as in development, with one bare view beside it to compare pages with, and no limit on who asks."""

from roms_portal.settings.dev import *  # noqa: F403

ROOT_URLCONF = "bench.web_urls"
ROMS_SEARCHES_PER_MINUTE = 10_000_000
ROMS_SECOND_FACTOR = False
