"""Ingest of one flat report, end to end, against two yardsticks on the same file: a bare DuckDB group-by, and the
stdlib `csv` + `Decimal` loop a naive task would run.

    ROMS_BENCH_LINES=2000000 python -m bench.bench_ingest

End to end is `manage.py import_sales` in its own process: original kept, every line checked and archived, store keys
matched against a catalogue of 200,000 tracks, Sales and balanced postings in PostgreSQL. Ratios count, not seconds.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bench.world import ROOT, a_store, running_portal

LINES = int(os.environ.get("ROMS_BENCH_LINES", "2000000"))
TRACKS = 200_000
STORE = "bench"

GENERATE = """
COPY (
    WITH drawn AS (
        SELECT i, (hash(i * 7 + 1) >> 2)::BIGINT % 1000000007 / 1000000007.0 AS u,
            (hash(i * 7 + 2) >> 2)::BIGINT AS day, (hash(i * 7 + 3) >> 2)::BIGINT AS place,
            (hash(i * 7 + 4) >> 2)::BIGINT AS sold, (hash(i * 7 + 5) >> 2)::BIGINT AS luck
        FROM range({lines}) t(i)
    ), lines AS (SELECT *, floor(exp(u * ln({tracks}::DOUBLE)))::BIGINT AS track FROM drawn)
    SELECT '2006-10-' || lpad((1 + day % 28)::VARCHAR, 2, '0') AS SaleDate,
        lpad(track::VARCHAR, 9, '0') AS DspResourceId,
        CASE WHEN luck % 33 = 0 THEN '' ELSE 'ZZX20' || lpad(track::VARCHAR, 7, '0') END AS ISRC,
        CASE WHEN track % 4 = 0 THEN 'Песня номер ' || track ELSE 'Song number ' || track || ' of love' END AS Title,
        'Artist ' || track % 9999 AS DisplayArtistName,
        ['RU', 'RU', 'RU', 'US', 'GB', 'DE', 'UA', 'KZ'][1 + place % 8] AS Territory,
        ['visa', 'mastercard', 'xrost'][1 + (place // 8) % 3] AS Channel,
        CASE WHEN luck % 2000 = 1 THEN '-1' ELSE (1 + sold % 3)::VARCHAR END AS Usages,
        '0.' || lpad((5 + (sold // 3) % 35)::VARCHAR, 2, '0') AS PriceConsumerPaidExcSalesTax, 'USD' AS Currency
    FROM lines ORDER BY i
) TO '{path}' (FORMAT csv, DELIMITER '\t', QUOTE '', ESCAPE '', HEADER true)
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


@dataclass(frozen=True, slots=True)
class Run:
    """What one child process took and said."""

    seconds: float
    megabytes: int
    output: str

    def rate(self, lines: int) -> str:
        """Say how many lines a second."""
        return f"{lines / self.seconds:,.0f} lines/s"


def measured(command: list[str], environment: dict[str, str] | None = None) -> Run:
    """This will run a child process and measure its time and its peak of resident memory."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        output.seek(0)
        text = output.read().decode()
    if process.returncode:
        raise SystemExit(f"{command[:4]} failed\n{text}")
    return Run(seconds, usage.ru_maxrss // 1024, text)


def generate(path: Path, lines: int = LINES, tracks: int = TRACKS) -> None:
    """This will write the same file for the same numbers, on every machine."""
    engine = duckdb.connect()
    engine.execute(GENERATE.format(lines=lines, tracks=tracks, path=path))


def main() -> None:
    """This will print the figures of one run."""
    with tempfile.TemporaryDirectory(prefix="roms-bench-") as folder, running_portal(Path(folder)) as environment:
        path = Path(folder) / "october.tsv"
        generate(path)
        a_store(environment, STORE, TRACKS)
        floor = measured([sys.executable, "-c", GROUP_BY, str(path)])
        loop = measured([sys.executable, "-c", CSV_LOOP, str(path)])
        command = [sys.executable, "manage.py", "import_sales", str(path), "--licensee", STORE, "--json"]
        ours = measured(command, environment)
    result = json.loads(ours.output)
    accounted = result["lines_accepted"] + result["lines_rejected"] == result["lines_read"] == LINES
    lines = [
        f"ingest of {LINES:,} lines into Sales, archive and postings",
        f"  end to end           {ours.rate(LINES):>20}  {ours.seconds:.1f} s, peak {ours.megabytes} MB",
        f"  DuckDB group-by only {floor.rate(LINES):>20}  ours takes {ours.seconds / floor.seconds:.1f} times as long",
        f"  csv + Decimal loop   {loop.rate(LINES):>20}  ours takes {ours.seconds / loop.seconds:.2f} times as long",
        f"  lines accounted for: {accounted}; unmatched {result['lines_unmatched']:,}; accrued {result['accrued']}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    assert accounted, result


if __name__ == "__main__":
    main()
