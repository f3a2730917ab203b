"""Names to tracks: how right and how fast, against pg_trgm on the same catalogue in the same run.

    ROMS_BENCH_TRACKS=1000000 ROMS_BENCH_NAMES=100000 python -m bench.bench_matching

The catalogue is real names (the sample files next to the project, made-up ones without them) filled up with real
titles crossed with real artists, so that nearly every wrong answer is close at hand. Names are spoiled by class
(bench.labelled); those of "another version" and "absent" must not be matched. The command is `manage.py match`.
"""

import json
import os
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.bench_ingest import measured
from bench.folds import folds
from bench.goals import said
from bench.labelled import Case, Name, cases, crossed, made_up_names, real_names
from bench.world import cell, load_catalogue, run, running_portal
from catalog.names import name_key

TRACKS = int(os.environ.get("ROMS_BENCH_TRACKS", "1000000"))
NAMES = int(os.environ.get("ROMS_BENCH_NAMES", "100000"))
TRIGRAM_QUERIES = 60
CLASSES = 20

TRIGRAMS = """
import json, sys, time, django
django.setup()
from django.db import connection
from catalog.names import name_key
asked = json.load(open(sys.argv[1], encoding="utf-8"))
with connection.cursor() as cursor:
    cursor.execute("CREATE TEMP TABLE keys AS"
        " SELECT id, public_id, replace(name_key, '|', ' ') AS key FROM catalog_track")
    cursor.execute("CREATE INDEX ON keys USING gin (key gin_trgm_ops)")
    cursor.execute("ANALYZE keys")
    cursor.execute("SET pg_trgm.similarity_threshold = 0.55")
    connection.ensure_connection()
    def spent():
        # CPU seconds of this connection's PostgreSQL.
        return int(open(f"/proc/{connection.connection.info.backend_pid}/schedstat").read().split()[0]) / 1e9
    began, cpu, right = time.monotonic(), spent(), 0
    for title, artist, public_id in asked:
        key = name_key(title, artist).replace("|", " ")
        cursor.execute("SELECT public_id FROM keys WHERE key %% %s"
            " ORDER BY similarity(key, %s) DESC, id LIMIT 1", [key, key])
        found = cursor.fetchone()
        right += bool(found) and found[0] == public_id
    print(json.dumps({"seconds": time.monotonic() - began, "cpu": spent() - cpu, "right": right}))
"""


@dataclass(slots=True)
class Score:
    """What became of the names of one class."""

    names: int = 0
    due: int = 0
    right: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        """The share of names that are in the catalogue and were matched to their track."""
        return self.right / max(1, self.due)

    @property
    def precision(self) -> float:
        """The share of matches that are right."""
        return self.right / max(1, self.right + self.wrong)


def main() -> None:
    """This will print the figures of one run."""
    names = _once(real_names() or made_up_names(60_000))
    random.Random(9).shuffle(names)
    absent, names = names[-len(names) // 10 :], names[: -len(names) // 10]
    tracks = [*names, *crossed(names, max(0, TRACKS - len(names)))][: max(TRACKS, 1)]
    names = names[: len(tracks)]
    asked = cases(names, absent, set(tracks), NAMES // CLASSES + NAMES // 60)
    for line in folds(names, absent):
        sys.stdout.write(line + "\n")
    with tempfile.TemporaryDirectory(prefix="roms-bench-") as folder, running_portal(Path(folder)) as environment:
        ids = load_catalogue(Path(folder), [(track.title, track.artist) for track in tracks], environment)
        path = Path(folder) / "names.tsv"
        path.write_text("title\tartist\n" + "".join(f"{cell(c.title)}\t{cell(c.artist)}\n" for c in asked))
        ours = measured([sys.executable, "manage.py", "match", str(path), "--json"], environment)
        baseline = _trigrams(Path(folder), asked, ids, environment)
    scores = _scores(asked, json.loads(ours.output), ids, tracks)
    recall, precision = _print(scores, len(tracks))
    rate, cpu = len(asked) / ours.seconds, (ours.cpu + ours.database_cpu) / len(asked)
    times = rate * baseline["seconds"] / TRIGRAM_QUERIES
    figure = (
        f"{rate:,.0f} names/s in {os.cpu_count()} processes (peak {ours.megabytes} MB), recall {recall:.3f}, precision"
        f" {precision:.4f}, {times:,.0f} times pg_trgm in one (goal 1,000; it found {baseline['right']} of"
        f" {TRIGRAM_QUERIES}); in CPU, ours and PostgreSQL: {cpu * 1000:.2f} ms a name, pg_trgm"
        f" {baseline['cpu'] / TRIGRAM_QUERIES * 1000:.1f}: 1/{baseline['cpu'] / TRIGRAM_QUERIES / cpu:,.0f}"
    )
    sys.stdout.write(said("P8", figure, is_reached=times >= 1000 and min(recall, precision) >= 0.98) + "\n")


def _once(names: Sequence[Name]) -> list[Name]:
    """This will leave out names that are another one's twin: which of two is meant nobody can say."""
    return list({name_key(name.title, name.artist): name for name in names}.values())


def _trigrams(folder: Path, asked: Sequence[Case], ids: Sequence[str], environment: dict[str, str]) -> dict[str, float]:
    """This will ask pg_trgm for some of the names a typo is in, as a lateral join would: one index scan each."""
    typos = [case for case in asked if case.kind == "one typo" and case.answer is not None][:TRIGRAM_QUERIES]
    path = folder / "typos.json"
    path.write_text(json.dumps([(case.title, case.artist, ids[case.answer or 0]) for case in typos]))
    result: dict[str, float] = json.loads(run(TRIGRAMS, str(path), environment=environment))
    return result


def _scores(
    asked: Sequence[Case], found: Sequence[dict[str, str]], ids: Sequence[str], tracks: Sequence[Name]
) -> dict[str, Score]:
    places = {public_id: place for place, public_id in enumerate(ids)}
    scores: dict[str, Score] = {}
    for case, row in zip(asked, found, strict=True):
        score = scores.setdefault(case.kind, Score())
        place = places[row["track_id"]] if row["track_id"] else None
        score.names += 1
        score.due += case.answer is not None
        if place is None:
            continue
        if case.answer is not None and name_key(*_pair(tracks[place])) == name_key(*_pair(tracks[case.answer])):
            score.right += 1
        else:
            score.wrong += 1
    return scores


def _pair(name: Name) -> tuple[str, str]:
    return name.title, name.artist


def _print(scores: dict[str, Score], tracks: int) -> tuple[float, float]:
    """This will print the figures of each class; returns recall and precision of all."""
    whole = Score()
    lines = [f"{sum(score.names for score in scores.values()):,} names against {tracks:,} tracks"]
    for kind, score in scores.items():
        right = f"recall {score.recall:.3f}" if score.due else "must not match"
        precision = f"{score.precision:.4f}" if score.right + score.wrong else "-"
        lines.append(f"  {kind:<26} {score.names:>7,}  {right:<14} precision {precision:<7} wrong {score.wrong}")
        whole.due, whole.right, whole.wrong = (
            whole.due + score.due,
            whole.right + score.right,
            whole.wrong + score.wrong,
        )
    sys.stdout.write("\n".join(lines) + "\n")
    return whole.recall, whole.precision


if __name__ == "__main__":
    main()
