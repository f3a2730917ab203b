"""What must be true of the database before anything runs on it; part of `manage.py check --database default`."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

CREATE = "CREATE DATABASE ... TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8'"


@register(Tags.database)
def reads_cyrillic(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """This will refuse a database that loses Cyrillic silently: under LC_CTYPE C trigrams vanish, names stay upper."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
            if not cursor.fetchone():
                found.append(Error("The database lacks pg_trgm: run roms_portal/embedded/bootstrap.sql as superuser."))
                continue
            cursor.execute("SELECT lower('ПРИВЕТ') = 'привет' AND cardinality(show_trgm('Привет')) > 0")
            if cursor.fetchone() != (True,):
                found.append(Error("The database does not know Cyrillic letters (its LC_CTYPE is C).", hint=CREATE))
    return found
