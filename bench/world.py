"""A portal of its own for measuring: servers, database and files in a temporary folder, thrown away afterwards."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from roms_portal.embedded import serve

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def running_portal(folder: Path) -> Iterator[dict[str, str]]:
    """This will start servers (durable, as in production), migrate, and give the environment to reach them."""
    folder.chmod(0o755)  # the server's user may enter: its data is deleted with the folder
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


def cell(text: str) -> str:
    """Spell a text as a cell of a tab-separated file."""
    return text.replace("\t", " ").replace("\n", " ").replace("\r", " ")


def load_catalogue(folder: Path, names: Sequence[tuple[str, str]], environment: dict[str, str]) -> list[str]:
    """This will make a track of each title and artist, say how long it took, and return their public ids in order."""
    rows, ids, began = folder / "tracks.tsv", folder / "ids.txt", time.monotonic()
    rows.write_text("".join(f"{cell(title)}\t{cell(artist)}\n" for title, artist in names), encoding="utf-8")
    run(LOAD, str(rows), str(ids), environment=environment)
    sys.stdout.write(f"catalogue of {len(names):,} tracks written in {time.monotonic() - began:.0f} s\n")
    return ids.read_text().split()


def run(script: str, *arguments: str, environment: dict[str, str]) -> str:
    """This will run a script of Django's world in a process of its own and return what it prints."""
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def a_store(environment: dict[str, str], code: str, tracks: int) -> None:
    """This will make a store with the usual tariff, and a catalogue that knows nearly all of what it sells."""
    run(MAKE_STORE, code, str(tracks), environment=environment)


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

LOAD = """
import sys, django
django.setup()
from django.db import connection
from catalog.services import NewTrack, add_tracks
with open(sys.argv[1], encoding="utf-8") as file:
    rows = [line.rstrip("\\n").split("\\t") for line in file]
for start in range(0, len(rows), 20000):
    add_tracks(tracks=[
        NewTrack(title=title, artist=artist, isrcs=(f"ZZX20{start + place + 1:07}",))
        for place, (title, artist) in enumerate(rows[start:start + 20000])
    ])
with connection.cursor() as cursor, open(sys.argv[2], "w", encoding="utf-8") as out:
    cursor.copy_expert("COPY (SELECT public_id FROM catalog_track ORDER BY id) TO STDOUT", out)
"""
