"""A portal of its own for measuring: servers, database and files in a temporary folder, thrown away afterwards."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from roms_portal.embedded import serve

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def running_portal(folder: Path) -> Iterator[dict[str, str]]:
    """This will start servers (durable, as in production), migrate, and give the environment to reach them."""
    with serve(folder):
        environment = os.environ | {"ROMS_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "roms_portal.settings.dev"}
        manage("migrate", "--verbosity=0", environment=environment | {"ROMS_DB_ROLE": "owner"})
        yield environment


def manage(*arguments: str, environment: dict[str, str]) -> None:
    """This will run a management command and show what it says only when it fails."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{arguments[0]}: {done.stdout}{done.stderr}")


LATIN, CYRILLIC = "aeiouklmnrstbdpv", "аеиоуклмнрстбдпв"


def names_of(track: int) -> tuple[str, str]:
    """Return the title and artist of an invented track: words that differ as names do, one in four Cyrillic."""
    letters = CYRILLIC if track % 4 == 0 else LATIN
    title, artist = (
        hashlib.md5(str(number).encode(), usedforsecurity=False)
        .hexdigest()
        .translate(str.maketrans("0123456789abcdef", letters))
        for number in (track, track % 9999)
    )
    return f"{title[:6]} {title[6:11]} {title[11:14]}".capitalize(), f"{artist[:5]} {artist[5:11]}".title()


def a_store(environment: dict[str, str], code: str, tracks: int) -> None:
    """This will make a store with the usual tariff, and a catalogue that knows nearly all of what it sells."""
    command = [sys.executable, "-c", MAKE_STORE, code, str(tracks)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"store: {done.stdout}{done.stderr}")


MAKE_STORE = """
import sys
import django
django.setup()
from tests.factories import a_licensee
from bench.world import names_of
from catalog.services import NewTrack, add_tracks
code, count = sys.argv[1], int(sys.argv[2])
a_licensee(code)
batch = []
for track in range(1, count + 1):
    if track % 50 == 0:
        continue
    title, artist = names_of(track)
    batch.append(NewTrack(title=title, artist=artist, isrcs=(f"ZZX20{track:07}",)))
    if len(batch) == 20000:
        add_tracks(tracks=batch)
        batch = []
add_tracks(tracks=batch)
"""
