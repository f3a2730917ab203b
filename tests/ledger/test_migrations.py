"""The ledger's triggers and grants can be taken away and put back by migrations."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from ledger.verify import CHECKS, verify


@pytest.mark.slow
def test_guards_go_and_come_back(databases, committed_db):
    database = connection.get_connection_params()["dbname"]
    environment = os.environ | {"ROMS_DB_ROLE": "owner", "DATABASE_OWNER_URL": databases.url(database, "roms_owner")}
    environment["DJANGO_SETTINGS_MODULE"] = "roms_portal.settings.dev"

    def migrate(*to):
        command = [sys.executable, "manage.py", "migrate", "--verbosity=0", "ledger", *to]
        subprocess.run(command, env=environment, check=True, capture_output=True)
        return [check.name for check in verify().checks if check.ok]

    try:
        assert migrate("0001") == []
    finally:
        assert migrate() == list(CHECKS)
