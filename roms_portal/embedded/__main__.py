"""`python -m roms_portal.embedded`: the servers in the foreground, until Ctrl-C."""

import os
import signal
import sys
import time
from pathlib import Path

from . import AlreadyRunning, ServerFailed, serve


def main() -> int:
    """This will run the servers until a signal comes or one of them ends by itself."""
    var = Path(os.environ.get("ROMS_VAR", "var"))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with serve(var) as servers:
            print(f"PostgreSQL and Redis are up, {var}/servers.json says where. Ctrl-C stops them.", flush=True)
            while True:
                for server in servers:
                    if server.died():
                        raise ServerFailed(f"{type(server).__name__} ended by itself; see {server.log}.")
                time.sleep(0.5)
    except KeyboardInterrupt:
        return 0
    except (AlreadyRunning, ServerFailed) as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
