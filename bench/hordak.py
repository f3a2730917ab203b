"""django-hordak's posting rate on the same PostgreSQL server, its triggers on, in an environment of its own.

`Account.transfer_to` is its documented way; `bulk_create` of transactions and legs the fastest its models allow. Its
checks run per leg; ours per statement, and refuse changes as well.
"""

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.peers import python_with
from roms_portal.embedded.postgres import CREATE_DATABASE, Postgres

PACKAGES = ("django-hordak==2.0.0", "psycopg2-binary==2.9.13")
DATABASE = "hordak"

POST = """
import datetime, json, sys, time
import django
from django.conf import settings
sockets, port, database = sys.argv[1:4]
settings.configure(INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "djmoney", "hordak"],
    USE_TZ=True, SECRET_KEY="x", DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": database, "USER": "postgres",
        "HOST": sockets, "PORT": port}},
    CURRENCIES=("USD",), DEFAULT_CURRENCY="USD", HORDAK_DECIMAL_PLACES=8, HORDAK_MAX_DIGITS=24)
django.setup()
from django.core.management import call_command
if sys.argv[4:] == ["migrate"]:
    call_command("migrate", verbosity=0)
    sys.exit()
from django.db import connection, transaction
from hordak.models import Account, Leg, Transaction
from moneyed import Money
accounts = [
    Account.objects.create(name=f"a{i}", currencies=["USD"], type="LI") for i in range(200)]
amount = Money("1.23", "USD")
def transfers(count):
    for i in range(count):
        accounts[i % 199].transfer_to(accounts[199], amount)
def together(count):
    with transaction.atomic():
        transfers(count)
def bulk(count):
    day = datetime.date.today()
    for _ in range(0, count, 1000):
        with transaction.atomic():
            made = Transaction.objects.bulk_create([Transaction(date=day, description="") for _ in range(1000)])
            legs = []
            for i, one in enumerate(made):
                legs.append(Leg(transaction=one, account=accounts[i % 199], debit=amount))
                legs.append(Leg(transaction=one, account=accounts[199], credit=amount))
            Leg.objects.bulk_create(legs)
def spent():
    with open(f"/proc/{connection.connection.info.backend_pid}/schedstat") as file:
        return time.process_time() + int(file.read().split()[0]) / 1e9
def rate(post, count):
    began, before = time.perf_counter(), spent()
    post(count)
    return [count / (time.perf_counter() - began), count / (spent() - before)]
transfers(20)
print(json.dumps([*rate(transfers, 150), *rate(bulk, 3000)]))
"""


class Rates(NamedTuple):
    """Transactions of two legs a second, by the clock and by CPU: each committed by itself, 1,000 made in bulk."""

    single: float
    single_cpu: float
    bulk: float
    bulk_cpu: float


@contextmanager
def peer(server: Postgres) -> Iterator[Callable[[], Rates] | None]:
    """Give what measures one round on a running server, in a database of its own; None where it cannot be installed."""
    with tempfile.TemporaryDirectory(prefix="roms-bench-peer-") as name:
        python = python_with(Path(name), *PACKAGES)
        if python is None:
            yield None
            return
        server.execute(CREATE_DATABASE.format(name=DATABASE))
        where = [str(server.sockets), str(server.settings["port"]), DATABASE]

        def ran(*more: str) -> str:
            command = [str(python), "-W", "ignore", "-c", POST, *where, *more]
            done = subprocess.run(command, capture_output=True, text=True, cwd=name)
            if done.returncode:
                raise SystemExit(done.stderr)
            return done.stdout

        ran("migrate")
        yield lambda: Rates(*json.loads(ran()))
