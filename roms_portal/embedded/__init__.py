"""Our own PostgreSQL and Redis below `var/`, for a machine that has neither.

`serve(var)` is the one way to start them; everything else reads where they are from `var/servers.json`.

    postgres.py    initdb, roles, database, start, stop
    redis.py       start, stop
    process.py     child processes that never outlive us
    supervisor.py  lock, socket folder, servers.json, recovery after a kill

Nothing here imports Django, so the servers can run before the settings are read.
"""

from .process import Server, ServerFailed
from .supervisor import Addresses, AlreadyRunning, hold_lock, read_addresses, serve
