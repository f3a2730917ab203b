"""A store's webhook server on this machine, for tests: keeps what it got, answers as it is told."""

import http.server
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body.decode()))
        if self.server.drip:
            with suppress(OSError):
                for _ in range(40):
                    time.sleep(0.05)
                    self.wfile.write(b"H")
            return
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *args):
        pass


@contextmanager
def receiving() -> Iterator[http.server.ThreadingHTTPServer]:
    """This will serve on a free port of 127.0.0.1: `.url`, `.got` [(headers, body)], `.status`, `.drip`."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.got, server.status, server.drip = [], 204, False
    server.url = f"http://127.0.0.1:{server.server_port}/hooks?store=1"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


# A process of its own -------------------------------------------------------------------------------------------------
class Process:
    """A store's server that can be killed and started again at one address; `got` is what all its lives received."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/hooks"
        self.kept = folder / "received.jsonl"
        self.kept.touch()
        self.running: subprocess.Popen[bytes] | None = None

    def start(self, *, silent: bool = False) -> None:
        """This will start it and wait until it listens; `silent`: it keeps what it gets and hangs up unanswered."""
        said = [sys.executable, __file__, str(self.port), str(self.kept), "silent" if silent else "answers"]
        self.running = subprocess.Popen(said)
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        raise AssertionError("the receiver does not listen")

    def stop(self) -> None:
        """This will kill it."""
        if self.running is not None:
            self.running.kill()
            self.running.wait()
            self.running = None

    def got(self) -> list[tuple[dict[str, str], str]]:
        """This will give headers and body of everything received, in order."""
        return [tuple(json.loads(line)) for line in self.kept.read_text().splitlines()]


@contextmanager
def receiving_process(folder: Path) -> Iterator[Process]:
    """This will run a receiver as a process of its own."""
    server = Process(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class _Keeper(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with self.server.kept.open("a") as file:
            file.write(json.dumps([{name.lower(): value for name, value in self.headers.items()}, body]) + "\n")
        if not self.server.is_silent:
            self.send_response(204)
            self.end_headers()

    def log_message(self, *args):
        pass


def main(port: str, kept: str, manner: str) -> None:
    """This will serve until it is killed."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), _Keeper)
    server.kept, server.is_silent = Path(kept), manner == "silent"
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
