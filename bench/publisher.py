"""django-music-publisher's royalty calculation on lines of the same file, in an environment of its own.

Its `RoyaltyCalculation` (the code behind its upload form) gets what it can read: a comma CSV of clean lines, one work
with one writer per recording. It writes nothing to a database; ours does. Catalogue in SQLite: it is read once.
"""

import json
import subprocess
import tempfile
from pathlib import Path

from bench.goals import said
from bench.peers import python_with

LINES = 200_000
PACKAGE = "django-music-publisher==26.9"

CALCULATE = r"""
import csv, io, json, os, statistics, sys, time
from decimal import Decimal
import django
from django.conf import settings
path, lines, database = sys.argv[1], int(sys.argv[2]), sys.argv[3]
context = ["django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages",
    "django.template.context_processors.request"]
settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.admin",
        "django.contrib.sessions", "django.contrib.messages", "taggit", "music_publisher"],
    USE_TZ=True, TIME_ZONE="UTC", SECRET_KEY="x", DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
        "OPTIONS": {"context_processors": context}}],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware"],
    SILENCED_SYSTEM_CHECKS=["fields.E210", "admin.E403"], ROOT_URLCONF="music_publisher.urls",
    PUBLISHER_CODE="XYZ", PUBLISHER_NAME="X", PUBLISHER_IPI_NAME="1", PUBLISHER_IPI_BASE="", PUBLISHER_SOCIETY_PR="",
    PUBLISHER_SOCIETY_MR="", PUBLISHER_SOCIETY_SR="", SOFTWARE="x", SOFTWARE_VERSION="1",
    PUBLISHING_AGREEMENT_PUBLISHER_PR=Decimal("0.5"), PUBLISHING_AGREEMENT_PUBLISHER_MR=Decimal(1),
    PUBLISHING_AGREEMENT_PUBLISHER_SR=Decimal(1), OPTION_FORCE_CASE=None, OPTION_FILES=False,
    OPTION_CWR_WORKS_PER_FILE=1000, OPTION_CWR_SYNC_WORK_LIMIT=10)
import music_publisher.validators as validators
validators.validate_settings = validators.validate_publisher_settings = lambda *a, **k: None
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, skip_checks=True)
from music_publisher.models import Recording, Work, Writer, WriterInWork
from music_publisher.royalty_calculation import RoyaltyCalculation
rows = []
with open(path, encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["ISRC"] and row["Usages"].isdigit():
            price, units = row["PriceConsumerPaidExcSalesTax"], row["Usages"]
            rows.append([row["ISRC"], row["Title"], row["DisplayArtistName"], units, price, row["Currency"],
                row["SaleDate"], str(Decimal(price) * int(units))])
        if len(rows) == lines:
            break
isrcs = sorted({row[0] for row in rows})
writer = Writer.objects.create(last_name="W", first_name="A", publisher_fee=Decimal(15))
works = Work.objects.bulk_create([Work(title=i, _work_id=f"XYZ{n}") for n, i in enumerate(isrcs)], batch_size=5000)
whole = dict(controlled=True, capacity="CA", relative_share=Decimal(100), publisher_fee=Decimal(15))
WriterInWork.objects.bulk_create([WriterInWork(work=w, writer=writer, **whole) for w in works], batch_size=5000)
Recording.objects.bulk_create(
    [Recording(isrc=i, work=w, recording_title=i) for i, w in zip(isrcs, works)], batch_size=5000)
written = io.StringIO()
csv.writer(written).writerows([["ISRC", "Title", "Artist", "Q", "P", "C", "T", "Amount"], *rows])
class InFile:
    name = "x.csv"
class Form:
    def __init__(self):
        self.file = io.StringIO(written.getvalue())
        self.cleaned_data = {"in_file": InFile, "work_id_column": "0", "work_id_source": "ISRC", "amount_column": "7",
            "right_type_column": "p", "algo": "fee", "default_fee": Decimal(15)}
rates = []
for _ in range(3):
    began = time.monotonic()
    os.remove(RoyaltyCalculation(Form()).out_file_path)
    rates.append(len(rows) / (time.monotonic() - began))
print(json.dumps({"rate": statistics.median(rates), "works": len(works)}))
"""


def compared(path: Path, ours: float) -> list[str]:
    """Say how many times its lines a second ours is; or that it could not be installed."""
    with tempfile.TemporaryDirectory(prefix="roms-bench-peer-") as name:
        python = python_with(Path(name), PACKAGE)
        if python is None:
            return [f"  {PACKAGE}: not to be installed here, not compared"]
        command = [str(python), "-W", "ignore", "-c", CALCULATE, str(path), str(LINES), f"{name}/catalogue.sqlite3"]
        found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, cwd=name).stdout)
    rate, works = found["rate"], found["works"]
    figure = f"{ours / rate:.1f} times the {rate:,.0f} lines/s of django-music-publisher with {works:,} works (goal 16)"
    return [said("P2", figure, is_reached=ours >= 16 * rate)]
