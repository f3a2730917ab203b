"""The public register at a million entries: search, filters, deep pages (`python -m bench.bench_register`).

    ROMS_BENCH_TRACKS=1000000 ROMS_BENCH_ENTRIES=1000000 python -m bench.bench_register

A million tracks (fewer are taken in turn); opt-outs of one track each, with a decision and two notices, written by
SQL. The Procfile's web server, eight clients and the database share this machine. Searches are compared with an ISRC
look-up on the same page of the same run. Then the plans of the lists are looked at (none may sort or scan), and the
open files are made.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from bench.clients import Pages, ask, running_web
from bench.labelled import Name, crossed, made_up_names, real_names
from bench.world import load_catalogue, run, running_portal

TRACKS = int(os.environ.get("ROMS_BENCH_TRACKS", "1000000"))
ENTRIES = int(os.environ.get("ROMS_BENCH_ENTRIES", "1000000"))
ASKED = 300
SECONDS = 6.0

FILL = """
import sys, django
django.setup()
from django.db import connection
from catalog.territories import worldwide
from tests.conftest import person
from tests.factories import a_holder, a_store
alice, rita = person("alice"), person("rita")
holder, stores = a_holder("Label", owner=alice), [a_store(name) for name in ("AllofMP3", "Other")]
values = {"holder": holder.pk, "alice": alice.pk, "rita": rita.pk, "world": worldwide().pk, "one": stores[0].pk,
          "two": stores[1].pk, "cases": int(sys.argv[1]) // 4}
with connection.cursor() as cursor:
    for statement in sys.argv[2].split(";;"):
        cursor.execute(statement, values)
"""
FILLED = """
INSERT INTO claims_optout (public_id, holder_id, status, basis, standing, rights, territories_id, confirmed,
    is_name_public, created_by_id, created_at, requested_at, decided_by_id, decided_at, proof)
SELECT 'OPT-' || lpad(n::text, 11, '0'), %(holder)s, 'granted', 'owner_opt_out', 'self', '{phonogram}', %(world)s, '{}',
    false, %(alice)s, at, at, %(rita)s, at + interval '1 day', ''
FROM (SELECT n, timestamptz '2007-01-01' + n * interval '1 minute' AS at FROM generate_series(1, %(cases)s) n) x;;
INSERT INTO claims_optoutline (opt_out_id, row_no, typed, found_by, track_id, candidates, outcome, outcome_reason)
SELECT o.id, 1, '', 'isrc', t.id, '{}', 'accepted', '' FROM
    (SELECT id, row_number() OVER (ORDER BY id) AS n FROM claims_optout) o
    JOIN (SELECT id, row_number() OVER (ORDER BY public_id) - 1 AS n FROM catalog_track) t
    ON t.n = o.n %% (SELECT count(*) FROM catalog_track);;
INSERT INTO register_entry (public_id, kind, noun, object_id, number, opt_out_id, licensee_id, store_ids, state,
    track_count, at, changed_at)
SELECT 'REG-' || lpad((o.id * 4 + k.n)::text, 11, '0'), k.kind, k.noun, o.id * 4 + k.n,
    CASE WHEN k.store IS NULL THEN o.public_id ELSE 'TDN-' || lpad((o.id * 4 + k.n)::text, 11, '0') END, o.id, k.store,
    '{}', CASE WHEN k.store IS NULL THEN 'granted' WHEN o.id %% 1000 = 0 THEN 'breached' ELSE 'sent' END, 1,
    o.requested_at + k.n * interval '1 hour', o.decided_at
FROM claims_optout o, (VALUES (0, 'opt_out', 'claims.OptOut', NULL::bigint), (1, 'decision', 'claims.Decision', NULL),
    (2, 'notice', 'claims.TakedownNotice', %(one)s), (3, 'notice', 'claims.TakedownNotice', %(two)s))
    AS k (n, kind, noun, store);;
ANALYZE claims_optout;; ANALYZE claims_optoutline;; ANALYZE register_entry
"""
PLANS = """
import django
django.setup()
from django.db import connection
from django.test.utils import CaptureQueriesContext
from register import selectors
from register.models import Entry
from sales.models import Licensee
middle = Entry.objects.order_by("-at", "-pk")[Entry.objects.count() // 2]
store = Licensee.objects.get(name="Other")
asked = {"all": {}, "deep": {"after": middle}, "kind": {"kind": "notice"}, "state": {"state": "breached"},
         "store and state, deep": {"store": store, "state": "breached", "after": middle}}
for name, terms in asked.items():
    with CaptureQueriesContext(connection) as queries:
        selectors.find(selectors.Asked(**terms), size=50)
    slow = []
    for query in (q["sql"] for q in queries if 'ORDER BY "register_entry"."at" DESC' in q["sql"]):
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + query)
            plan = " ".join(row[0] for row in cursor.fetchall())
        slow += [word for word in ("Seq Scan", "Sort Key") if word in plan]
    print(f"plan of the list, {name}: {'index only' if not slow else 'NOT by index: ' + ', '.join(slow)}")
"""
FILES = """
import resource, time, django
django.setup()
from django.utils import timezone
from register import services
from register.services import open_data
began = time.monotonic()
while services.publish_day(now=timezone.now()):
    print(f"open files of the day: {time.monotonic() - began:.0f} s so far")
print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB of memory")
"""


def main() -> None:
    """This will print the figures of one run."""
    names = list(dict.fromkeys(real_names() or made_up_names(60_000)))
    random.Random(9).shuffle(names)
    tracks = [*names, *crossed(names, max(0, TRACKS - len(names)))][:TRACKS]
    with tempfile.TemporaryDirectory(prefix="roms-bench-") as folder, running_portal(Path(folder)) as environment:
        load_catalogue(Path(folder), [(track.title, track.artist) for track in tracks], environment)
        began = time.monotonic()
        run(FILL, str(ENTRIES), FILLED, environment=environment)
        sys.stdout.write(f"{ENTRIES:,} entries written in {time.monotonic() - began:.0f} s\n")
        with running_web(environment) as port:
            _print_pages(port, tracks)
        sys.stdout.write(run(PLANS, environment=environment))
        sys.stdout.write(run(FILES, environment=environment))


def _print_pages(port: int, tracks: Sequence[Name]) -> None:
    luck = random.Random(4)
    some = luck.sample(tracks, min(len(tracks), ASKED))

    def pages(*terms: dict[str, str]) -> list[str]:
        return [f"/register/?{urlencode(term)}" for term in terms]

    kinds = {
        "ISRC": pages(*({"q": f"ZZX20{luck.randrange(1, len(tracks)):07}"} for _ in some)),
        "words": pages(*({"q": f"{name.title} {name.artist}"} for name in some)),
        "half-typed": pages(*({"q": f"{name.artist} {name.title[: max(3, len(name.title) // 2)]}"} for name in some)),
        "one word": pages(*({"q": name.title.split()[0]} for name in some)),
        "newest": pages({}, {"kind": "decision"}, {"state": "breached"}),
        "by date": pages(*({"end": f"2007-{1 + n % 6:02}-15"} for n in range(12))),
    }
    ask(port, ["/bare/", *kinds["ISRC"], *kinds["words"]], seconds=SECONDS)  # the first pages load what later ones use
    answers = {kind: ask(port, paths, seconds=SECONDS) for kind, paths in kinds.items()}
    for kind, found in answers.items():
        _print_page(f"register, {kind}", found, answers["ISRC"])


def _print_page(what: str, pages: Pages, look_up: Pages) -> None:
    sys.stdout.write(
        f"{what:<22} {pages.per_second:>6.0f}/s  median {pages.median * 1000:>6.1f} ms  p95 {pages.p95 * 1000:>6.1f} ms"
        f"  {pages.p95 / look_up.p95:.1f} x an ISRC's\n"
    )


if __name__ == "__main__":
    main()
