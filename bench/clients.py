"""Eight readers at once: how many pages they get, and how long the slow ones take."""

import http.client
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from statistics import quantiles

from honcho.environ import parse_procfile

from bench.world import ROOT

CLIENTS = 8


@dataclass(slots=True, frozen=True)
class Pages:
    """What the clients got."""

    per_second: float
    median: float
    """Seconds."""
    p95: float
    """Seconds."""


@contextmanager
def running_web(environment: dict[str, str]) -> Iterator[int]:
    """This will run the Procfile's web server with the bench's settings and give its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = parse_procfile((ROOT / "Procfile").read_text()).processes["web"]
    ours = {"HOST": "127.0.0.1", "PORT": str(port), "PYTHON": sys.executable, "PYTHONPATH": str(ROOT)}
    settings = {"DJANGO_SETTINGS_MODULE": "bench.web_settings"}
    web = subprocess.Popen(["sh", "-c", command], cwd=ROOT, env=environment | ours | settings)
    try:
        _wait_for(port, web)
        yield port
    finally:
        web.terminate()
        web.wait()


def _wait_for(port: int, web: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                return
        except OSError:
            if web.poll() is not None:
                raise SystemExit("The web server ended.") from None
            time.sleep(0.2)
    raise SystemExit("The web server does not answer.")


def ask(port: int, paths: Sequence[str], *, seconds: float, clients: int = CLIENTS, cookie: str = "") -> Pages:
    """This will have clients ask for pages of `paths` in random order, each over one connection, for so long."""
    headers = {"Cookie": cookie} if cookie else {}
    with get_context("spawn").Pool(clients) as pool:
        asked = [(port, paths, seconds, headers, seed) for seed in range(clients)]
        times = [taken for one in pool.starmap(_client, asked) for taken in one]
    cuts = quantiles(times, n=20)
    return Pages(per_second=len(times) / seconds, median=cuts[9], p95=cuts[18])


def _client(port: int, paths: Sequence[str], seconds: float, headers: dict[str, str], seed: int) -> list[float]:
    choose = random.Random(seed).choice
    times: list[float] = []
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    until = time.monotonic() + seconds
    while (began := time.monotonic()) < until or len(times) < 2:
        server.request("GET", choose(paths), headers=headers)
        answer = server.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{answer.status} instead of a page")
        times.append(time.monotonic() - began)
    return times
