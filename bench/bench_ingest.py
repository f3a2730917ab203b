"""How fast sales files become money, against yardsticks on the same file in the same run.

    ROMS_BENCH_LINES=10000000 ROMS_BENCH_ROUNDS=3 python -m bench.bench_ingest

End to end is `manage.py import_sales` in its own process: original kept, every line checked and archived, store keys
matched against a catalogue of 200,000 tracks, Sales and balanced postings in PostgreSQL. "To Sales" leaves out the
postings, which are their own figure. Every round imports into a new store, so every key is new. Yardsticks: a bare
DuckDB group-by, the `csv` + `Decimal` loop a naive task would run, and django-music-publisher's own royalty calculation
(installed into a throw-away environment, where there is a package index to install it from). Rounds are interleaved;
ratios of medians count, not seconds. On a machine with other work the ratio of CPU seconds, PostgreSQL's among them,
says more. P1a to P4 are the goals the figures are held against (docs/decisions/0060-fast-intake.md).
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from bench import publisher
from bench.world import CYRILLIC, LATIN, ROOT, a_store, running_portal

LINES = int(os.environ.get("ROMS_BENCH_LINES", "2000000"))
ROUNDS = int(os.environ.get("ROMS_BENCH_ROUNDS", "3"))
TRACKS = 200_000
BATCH = 8
DIGITS = "0123456789abcdef"

GENERATE = """
COPY (
    WITH drawn AS (
        SELECT i, (hash(i * 7 + 1) >> 2)::BIGINT % 1000000007 / 1000000007.0 AS u,
            (hash(i * 7 + 2) >> 2)::BIGINT AS day, (hash(i * 7 + 3) >> 2)::BIGINT AS place,
            (hash(i * 7 + 4) >> 2)::BIGINT AS sold, (hash(i * 7 + 5) >> 2)::BIGINT AS luck
        FROM range({first}, {first} + {lines}) t(i)
    ), lines AS (SELECT *, floor(exp(u * ln({tracks}::DOUBLE)))::BIGINT AS track FROM drawn), named AS (
        SELECT *, translate(md5(track::VARCHAR), '{digits}', letters) AS title,
            translate(md5((track % 9999)::VARCHAR), '{digits}', letters) AS artist
        FROM (SELECT *, CASE WHEN track % 4 = 0 THEN '{cyrillic}' ELSE '{latin}' END AS letters FROM lines)
    )
    SELECT '2006-10-' || lpad((1 + day % 28)::VARCHAR, 2, '0') AS SaleDate,
        lpad(track::VARCHAR, 9, '0') AS DspResourceId,
        CASE WHEN luck % 33 = 0 THEN '' ELSE 'ZZX20' || lpad(track::VARCHAR, 7, '0') END AS ISRC,
        upper(title[1]) || title[2:6] || ' ' || title[7:11] || ' ' || title[12:14] AS Title,
        upper(artist[1]) || artist[2:5] || ' ' || upper(artist[6]) || artist[7:11] AS DisplayArtistName,
        {places}[1 + place % len({places})] AS Territory,
        {channels}[1 + (place // 8) % len({channels})] AS Channel,
        CASE WHEN luck % 2000 = 1 THEN '-1' ELSE (1 + sold % 3)::VARCHAR END AS Usages,
        '0.' || lpad((5 + (sold // 3) % 35)::VARCHAR, 2, '0') AS PriceConsumerPaidExcSalesTax,
        {currencies}[1 + (sold // 105) % len({currencies})] AS Currency
    FROM named ORDER BY i
) TO '{path}' (FORMAT csv, DELIMITER '\t', QUOTE '', ESCAPE '', HEADER true)
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a file's lines are told apart by beside their track; what stands twice is twice as common."""

    name: str
    places: tuple[str, ...]
    channels: tuple[str, ...]
    currencies: tuple[str, ...]


OF_THE_GOAL = Shape(
    "one country and channel, six currencies",
    ("RU",),
    ("xrost",),
    ("USD",) * 7 + ("EUR",) * 5 + ("RUB",) * 4 + ("KZT",) * 2 + ("GEL", "AMD"),
)
"""Its sums are those of the file the goals were set with: 791,000 of ten million lines, by track and currency."""
OF_A_STORE = Shape(
    "six countries, three channels",
    ("RU", "RU", "RU", "US", "GB", "DE", "UA", "KZ"),
    ("visa", "mastercard", "xrost"),
    ("USD",),
)
"""Twice as many sums, all of which are Sales: money is kept apart by territory and channel as well."""

WRITE = """
import sys, duckdb
engine = duckdb.connect()
engine.execute("SET enable_progress_bar = false")
engine.execute(sys.argv[1])
"""

GROUP_BY = """
import sys, duckdb
engine = duckdb.connect(config={"threads": 2})
names = open(sys.argv[1], encoding="utf-8").readline().rstrip("\\n").split("\\t")
print(engine.execute(
    "SELECT count(*) FROM (SELECT ISRC, Currency, sum(TRY_CAST(Usages AS BIGINT)"
    " * TRY_CAST(PriceConsumerPaidExcSalesTax AS DECIMAL(18, 6))) FROM read_csv(?, delim = '\\t', header = true,"
    " quote = '', escape = '', auto_detect = false, columns = ?) GROUP BY ALL)",
    [sys.argv[1], {name: "VARCHAR" for name in names}]).fetchone()[0])
"""

CSV_LOOP = """
import csv, sys
from collections import defaultdict
from decimal import Decimal, InvalidOperation
sums = defaultdict(Decimal)
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file, delimiter="\\t", quoting=csv.QUOTE_NONE):
        try:
            sums[row["ISRC"], row["Currency"]] += Decimal(row["PriceConsumerPaidExcSalesTax"]) * int(row["Usages"])
        except (InvalidOperation, ValueError):
            continue
print(len(sums))
"""

LOOK_UP = """
import json, sys, time
import django
django.setup()
from statistics import median
from ledger.models import Posting
from sales.models import SalesReport
from sales.pipeline import lookup
report = SalesReport.objects.get(public_id=sys.argv[1])
file = report.files.get()
tracks = [report.sales.exclude(track=None).order_by("track_id").values_list("track_id", flat=True)[place]
    for place in (500, report.sales.exclude(track=None).count() // 2)]
def taken(call):
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return round(1000 * median(seconds))
print(json.dumps({
    "sales": report.sales.count(),
    "postings": Posting.objects.filter(lot=report.lot_number).count(),
    "line": taken(lambda: lookup.archived_line(file, report.lines_read // 2)),
    "tracks": [(taken(lambda: lookup.lines_of(report, track_id=track, limit=10**9)),
        len(lookup.lines_of(report, track_id=track, limit=10**9))) for track in tracks],
}))
"""

WORKER = """
import sys
import django
django.setup()
from django.utils import timezone
from sales import services
while due := services.due_reports():
    for report_id in due:
        services.process_report(report_id=report_id, worker=sys.argv[1], now=timezone.now())
"""

RECEIVE = """
import sys
import django
django.setup()
from django.utils import timezone
from sales import services
from sales.models import Licensee
from sales.services import receive
receive.queue = lambda report: None
licensee = Licensee.objects.get(code=sys.argv[1])
for path in sys.argv[2:]:
    with open(path, "rb") as stream:
        services.receive_report(licensee=licensee, stream=stream, name=path, by=None, now=timezone.now())
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What one child process took and said."""

    seconds: float
    cpu: float
    megabytes: int
    output: str
    database_cpu: float = 0.0


def measured(command: list[str], environment: dict[str, str] | None = None) -> Run:
    """This will run a child process and measure its time and its peak of resident memory."""
    began, database = time.monotonic(), database_cpu(environment)
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        output.seek(0)
        text = output.read().decode()
    if process.returncode:
        raise SystemExit(f"{command[:4]} failed\n{text}")
    cpu = usage.ru_utime + usage.ru_stime
    return Run(seconds, cpu, usage.ru_maxrss // 1024, text, database_cpu(environment) - database)


def database_cpu(environment: dict[str, str] | None) -> float:
    """Return the CPU seconds PostgreSQL has taken so far, those of sessions that are over among them."""
    if environment is None:
        return 0.0
    server = psutil.Process(
        int((Path(environment["ROMS_VAR"]) / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    )
    times = server.cpu_times()
    taken = times.user + times.system + times.children_user + times.children_system
    for session in server.children():
        try:
            taken += sum(session.cpu_times()[:2])
        except psutil.NoSuchProcess:
            continue
    return float(taken)


def generate(path: Path, lines: int = LINES, tracks: int = TRACKS, first: int = 0, shape: Shape = OF_A_STORE) -> None:
    """This will write the same file for the same numbers, on every machine.

    A process of its own does it: what this one ever held counts as the peak of each process it starts (Linux keeps the
    peak over fork and exec).
    """
    names = {"digits": DIGITS, "latin": LATIN, "cyrillic": CYRILLIC}
    lists = {name: str(list(getattr(shape, name))) for name in ("places", "channels", "currencies")}
    sql = GENERATE.format(lines=lines, tracks=tracks, path=path, first=first, **names, **lists)
    subprocess.run([sys.executable, "-c", WRITE, sql], check=True)


def main() -> None:
    """This will print the figures of one run."""
    with tempfile.TemporaryDirectory(prefix="roms-bench-") as name, running_portal(Path(name)) as environment:
        folder = Path(name)
        a_store(environment, "catalogue", TRACKS)
        measure_goal(environment, folder)
        before = bytes_kept(folder)
        path, ours = measure(environment, folder, OF_A_STORE)
        kept = (bytes_kept(folder) - before) / ROUNDS / path.stat().st_size
        say(looked_up(environment, kept, ours))
        fifth = folder / "fifth.tsv"
        generate(fifth, LINES // 5)
        a_store(environment, "fifth", 0)
        say(remembered(ours, measured(importing(fifth, "fifth"), environment)))
        say(fanned_out(environment, folder))


def measure_goal(environment: dict[str, str], folder: Path) -> None:
    """This will measure the file the goals describe, and give its room back."""
    path, ours = measure(environment, folder, OF_THE_GOAL)
    say(publisher.compared(path, median(LINES / to_sales(run) for run in ours)))
    path.unlink()


def measure(environment: dict[str, str], folder: Path, shape: Shape) -> tuple[Path, list[Run]]:
    """This will import a file of this shape in rounds, each into a new store, beside the yardsticks."""
    path = folder / "october.tsv"
    generate(path, shape=shape)
    floors, ours = [], []
    for number in range(ROUNDS):
        store = f"bench{number}-{len(shape.currencies)}"
        a_store(environment, store, 0)
        floors.append(measured([sys.executable, "-c", GROUP_BY, str(path)]))
        ours.append(measured(importing(path, store), environment))
    loop = measured([sys.executable, "-c", CSV_LOOP, str(path)])
    say(ingest(path, shape, floors, loop, ours))
    return path, ours


def bytes_kept(folder: Path) -> int:
    """Return the bytes of all originals and archives."""
    kept = [file for file in (folder / "files").rglob("*") if file.is_file() and "workings" not in file.parts]
    return sum(file.stat().st_size for file in kept)


def importing(path: Path, store: str) -> list[str]:
    """Return the command that imports a file."""
    return [sys.executable, "manage.py", "import_sales", str(path), "--licensee", store, "--json"]


def say(lines: list[str]) -> None:
    """This will print lines at once."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def to_sales(run: Run) -> float:
    """Return the seconds until Sales, rejects, unmatched keys and archive stand, without the postings."""
    return run.seconds - float(json.loads(run.output)["steps"]["postings"])


def ingest(path: Path, shape: Shape, floors: list[Run], loop: Run, ours: list[Run]) -> list[str]:
    """Compare the whole way with the yardsticks."""
    results = [json.loads(run.output) for run in ours]
    for result in results:
        assert result["lines_accepted"] + result["lines_rejected"] == result["lines_read"] == LINES, result
    floor = median(run.seconds for run in floors)
    sales, whole = median(map(to_sales, ours)), median(run.seconds for run in ours)
    cpu, database, floor_cpu = (
        median(seconds)
        for seconds in ([run.cpu for run in ours], [run.database_cpu for run in ours], [run.cpu for run in floors])
    )
    steps = {step: median(result["steps"][step] for result in results) for step in results[0]["steps"]}
    return [
        f"ingest of {LINES:,} lines ({path.stat().st_size >> 20} MB), {shape.name}, {ROUNDS} rounds, medians",
        f"P1a to Sales and archive {LINES / sales:,.0f} lines/s, {sales:.1f} s:"
        f" {sales / floor:.1f} times a DuckDB group-by ({LINES / floor:,.0f} lines/s)",
        f"  CPU seconds of the whole way: {cpu:.1f} ours, {database:.1f} PostgreSQL's, {floor_cpu:.1f} of the group-by"
        f" ({(cpu + database) / floor_cpu:.1f} times)",
        f"  csv + Decimal loop {LINES / loop.seconds:,.0f} lines/s: to Sales takes {sales / loop.seconds:.2f} times as"
        " long",
        f"  end to end {whole:.1f} s, {LINES / whole:,.0f} lines/s",
        "  steps: " + ", ".join(f"{step} {seconds:.1f} s" for step, seconds in steps.items()),
        f"  unmatched lines {results[0]['lines_unmatched']:,}; accrued {results[0]['accrued']}",
    ]


def looked_up(environment: dict[str, str], kept: float, ours: list[Run]) -> list[str]:
    """Measure how fast Sales became postings, how quickly lines come back from the archive, and what keeping takes."""
    results = [json.loads(run.output) for run in ours]
    found = json.loads(measured([sys.executable, "-c", LOOK_UP, results[0]["report"]], environment).output)
    postings = median(result["steps"]["postings"] for result in results)
    return [
        f"P1b {found['sales']:,} Sales to {found['postings']:,} balanced postings in {postings:.1f} s:"
        f" {found['postings'] / postings:,.0f} postings/s",
        f"P3  original and archive {kept:.2f} of the bytes; one line by number {found['line']} ms, all lines of one"
        + " and one".join(f" track {ms} ms ({lines:,} lines)" for ms, lines in found["tracks"]),
    ]


def remembered(ours: list[Run], fifth: Run) -> list[str]:
    """Compare the peak of memory with that of a file of a fifth of the lines."""
    peak = max(run.megabytes for run in ours)
    return [f"P4  peak memory {peak} MB, {peak / fifth.megabytes:.2f} times that of {LINES // 5:,} lines"]


def fanned_out(environment: dict[str, str], folder: Path) -> list[str]:
    """Measure a batch of files of as many stores with one worker process and with two."""
    taken = []
    for workers in (1, 2):
        for number in range(BATCH):
            code, path = f"batch-{workers}-{number}", folder / f"batch-{workers}-{number}.tsv"
            generate(path, LINES // 4 // BATCH, TRACKS, first=LINES * workers + number * LINES)
            a_store(environment, code, 0)
            manage_code(RECEIVE, code, str(path), environment=environment)
        began = time.monotonic()
        running = [
            subprocess.Popen([sys.executable, "-c", WORKER, f"worker-{number}"], cwd=ROOT, env=environment)
            for number in range(workers)
        ]
        codes = [process.wait() for process in running]
        assert not any(codes), codes
        taken.append(time.monotonic() - began)
    return [f"  {BATCH} files: one worker {taken[0]:.1f} s, two {taken[1]:.1f} s ({taken[1] / taken[0]:.2f} of it)"]


def manage_code(code: str, *arguments: str, environment: dict[str, str]) -> None:
    """This will run a piece of Python against the portal."""
    subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    main()
