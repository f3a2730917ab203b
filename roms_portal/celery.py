"""The Celery application: worker and beat. Tasks live in each app's tasks.py, the sweeps in schedule.py."""

import os
import time
import warnings

from celery import Celery
from celery.beat import Scheduler
from celery.platforms import SecurityWarning

warnings.simplefilter("ignore", SecurityWarning)  # as root on one's own machine; containers have their own user
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roms_portal.settings.dev")

BEAT_SEEN = "roms:beat-seen"

app = Celery("roms_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class BeatingScheduler(Scheduler):
    """A beat that leaves a sign of life for /healthz. The sweeps are cron entries, so no state is kept on disk."""

    def tick(self, *args: object, **kwargs: object) -> float:
        """This will send what is due and note when."""
        from django.core.cache import cache

        pause = super().tick(*args, **kwargs)
        cache.set(BEAT_SEEN, time.time(), timeout=60)
        return float(pause)
