"""A store's webhook server on this machine, for tests: keeps what it got, answers as it is told."""

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

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
