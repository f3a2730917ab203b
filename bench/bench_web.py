"""Pages as people get them: search as one types, with typos, and the reviewer's queue (`python -m bench.bench_web`).

    ROMS_BENCH_TRACKS=1000000 ROMS_BENCH_CASES=400 python -m bench.bench_web

The Procfile's web server, the clients and the database share this machine. A bare view through the same middleware,
an ISRC look-up and pg_trgm's `%` on the same names give the ratios.
"""

import json
import os
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from bench.clients import Pages, ask, running_web
from bench.goals import said
from bench.labelled import SCHEMES, Name, crossed, is_cyrillic, made_up_names, mistyped, real_names, transliterated
from bench.world import load_catalogue, run, running_portal

TRACKS = int(os.environ.get("ROMS_BENCH_TRACKS", "1000000"))
CASES = int(os.environ.get("ROMS_BENCH_CASES", "400"))
ASKED = 300
TRIGRAM_QUERIES = 40
SECONDS = 6.0

SEARCHED = """
import json, sys, time, django
django.setup()
from statistics import quantiles
from django.db import connection
from catalog.names import name_key
from catalog.selectors import search_tracks
asked, few = json.load(open(sys.argv[1], encoding="utf-8")), int(sys.argv[2])
connection.ensure_connection()
def spent():
    # CPU seconds of this process and of its PostgreSQL connection.
    pids = "self", connection.connection.info.backend_pid
    return sum(int(open(f"/proc/{pid}/schedstat").read().split()[0]) for pid in pids) / 1e9
times, cpu, right = [], [], 0
for text, public_id in asked:
    began, before = time.monotonic(), spent()
    found = search_tracks(text, limit=10)
    times.append(time.monotonic() - began)
    cpu.append(spent() - before)
    right += public_id in {track.public_id for track in found}
trigrams, trigrams_cpu = [], []
with connection.cursor() as cursor:
    cursor.execute("CREATE TEMP TABLE keys AS SELECT id, replace(name_key, '|', ' ') AS key FROM catalog_track")
    cursor.execute("CREATE INDEX ON keys USING gin (key gin_trgm_ops)")
    cursor.execute("ANALYZE keys")
    for text, _ in asked[:few]:
        key = name_key(text, "").replace("|", " ").strip()
        began, before = time.monotonic(), spent()
        cursor.execute("SELECT id FROM keys WHERE key %% %s ORDER BY similarity(key, %s) DESC LIMIT 10", [key, key])
        cursor.fetchall()
        trigrams.append(time.monotonic() - began)
        trigrams_cpu.append(spent() - before)
print(json.dumps({
    name: quantiles(figures, n=20)[18]
    for name, figures in (("p95", times), ("cpu", cpu), ("trigrams", trigrams), ("trigrams_cpu", trigrams_cpu))
} | {"right": right / len(asked)}))
"""

QUEUE = """
import sys, django
django.setup()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from accounts.models import User
from catalog.models import Track
from tests.conftest import person
from tests.factories import a_claim, a_holder
alice, rita = person("alice"), person("rita")
label = a_holder("Label", owner=alice)
tracks = Track.objects.order_by("pk")
for number in range(int(sys.argv[1])):
    a_claim(alice, label, *tracks[number * 3 : number * 3 + 3])
session = SessionStore()
session[SESSION_KEY] = str(rita.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = rita.get_session_auth_hash()
session.create()
print(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
"""


def main() -> None:
    """This will print the figures of one run."""
    names = list(dict.fromkeys(real_names() or made_up_names(60_000)))
    random.Random(9).shuffle(names)
    tracks = [*names, *crossed(names, max(0, TRACKS - len(names)))][:TRACKS]
    with tempfile.TemporaryDirectory(prefix="roms-bench-") as folder, running_portal(Path(folder)) as environment:
        ids = load_catalogue(Path(folder), [(track.title, track.artist) for track in tracks], environment)
        asked = [(_spoiled(tracks[place], place), ids[place]) for place in range(min(ASKED, len(tracks)))]
        (Path(folder) / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
        _print_typos(json.loads(run(SEARCHED, f"{folder}/asked.json", str(TRIGRAM_QUERIES), environment=environment)))
        cookie = run(QUEUE, str(CASES), environment=environment).strip()
        with running_web(environment) as port:
            _print_pages(port, tracks, cookie)


def _spoiled(track: Name, seed: int) -> str:
    """Spell a track as people type it: one letter wrong, every second Cyrillic one in Latin letters."""
    luck = random.Random(seed)
    text = f"{track.title} {track.artist}"
    if is_cyrillic(text) and seed % 2:
        text = transliterated(text, luck.choice(list(SCHEMES)))
    return mistyped(text, luck)


def _print_typos(figures: dict[str, float]) -> None:
    times, less = figures["trigrams"] / figures["p95"], figures["trigrams_cpu"] / figures["cpu"]
    figure = (
        f"search with a typo or in the other script, {ASKED} names: right track in the first ten {figures['right']:.3f}"
        f" (goal 0.98), p95 {figures['p95'] * 1000:.1f} ms, 1/{times:.0f} of pg_trgm's % (goal 1/50);"
        f" in CPU, which other work does not lengthen, {figures['cpu'] * 1000:.1f} ms, 1/{less:.0f}"
    )
    sys.stdout.write(said("P6", figure, is_reached=times >= 50 and figures["right"] >= 0.98) + "\n")


def _print_pages(port: int, tracks: Sequence[Name], cookie: str) -> None:
    luck = random.Random(4)
    some = luck.sample(tracks, min(len(tracks), ASKED))

    def searches(*texts: str) -> list[str]:
        return [f"/search/?{urlencode({'q': text})}" for text in texts]

    kinds = {
        "ISRC": searches(*(f"ZZX20{luck.randrange(1, len(tracks)):07}" for _ in some)),
        "words": searches(*(f"{name.title} {name.artist}" for name in some)),
        "half-typed": searches(*(f"{name.artist} {name.title[: max(3, len(name.title) // 2)]}" for name in some)),
    }
    ask(port, ["/bare/", *kinds["ISRC"], *kinds["words"]], seconds=SECONDS)  # the first pages load what later ones use
    bare = ask(port, ["/bare/"], seconds=SECONDS)
    _print_page("bare view", bare, bare)
    answers = {kind: ask(port, paths, seconds=SECONDS) for kind, paths in kinds.items()}
    for kind, pages in answers.items():
        _print_page(f"search page, {kind}", pages, bare)
    queue = ask(port, ["/review/"], seconds=SECONDS, cookie=cookie)
    _print_page(f"review queue, {CASES} cases", queue, bare)
    slowest = max(pages.p95 for pages in answers.values()) / answers["ISRC"].p95
    search, review = (pages.per_second / bare.per_second for pages in (answers["words"], queue))
    goals = [
        said("P7", f"p95 of words and half-typed words {slowest:.1f} x an ISRC's (goal 10)", is_reached=slowest <= 10),
        said("P10", f"search page {search:.2f} of a bare view's pages a second (goal 0.5)", is_reached=search >= 0.5),
        said("P10", f"review queue {review:.2f} of a bare view's (goal 0.4)", is_reached=review >= 0.4),
    ]
    sys.stdout.write("\n".join(goals) + "\n")


def _print_page(what: str, pages: Pages, bare: Pages) -> None:
    sys.stdout.write(
        f"{what:<26} {pages.per_second:>7.0f}/s  median {pages.median * 1000:>6.1f} ms  p95 {pages.p95 * 1000:>6.1f} ms"
        f"  {pages.per_second / bare.per_second:.2f} of the bare view\n"
    )


if __name__ == "__main__":
    main()
