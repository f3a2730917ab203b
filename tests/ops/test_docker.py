"""docker-compose.yml and Dockerfile hold what they promise. No engine runs here: they are read, not started."""

import re
import shutil
import subprocess

import pytest
import yaml

from tests.ops.test_checks import PRODUCTION, start
from tests.system import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
LONG_RUNNING = {"web", "worker", "beat", "postgres", "redis"}
SECRET = re.compile(r"PASSWORD|SECRET|KEY|TOKEN|_URL$")


def test_every_part_is_there_with_a_health_check():
    assert set(SERVICES) == LONG_RUNNING | {"migrate"}
    for name in LONG_RUNNING:
        assert SERVICES[name]["healthcheck"]["test"], name


def test_nothing_runs_as_root():
    assert all(str(service["user"]) not in ("", "0", "root") for service in SERVICES.values())
    assert re.search(r"^USER roms$", (ROOT / "Dockerfile").read_text(), re.M)


def test_each_store_keeps_its_data_in_a_volume():
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]}

    assert set(COMPOSE["volumes"]) == {"postgres", "redis", "files", "work"} <= mounted


def test_secrets_come_from_the_environment():
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            if SECRET.search(name):
                assert re.search(r"\$\{\w+(:\?|:-)\}", value), f"{name} is written out"


def test_everything_production_requires_is_set():
    for name in ("migrate", "web", "worker", "beat"):
        assert set(PRODUCTION) <= set(SERVICES[name]["environment"])


def test_only_migrations_know_the_owner():
    assert [name for name, service in SERVICES.items() if "DATABASE_OWNER_URL" in service["environment"]] == ["migrate"]


def test_mounted_and_copied_files_exist():
    for service in SERVICES.values():
        for volume in service["volumes"]:
            if volume.startswith("./"):
                assert (ROOT / volume.split(":")[0]).is_file()
    for name in ("docker/start", "docker/healthy.py", "requirements/base.txt"):
        assert (ROOT / name).is_file()


@pytest.mark.slow
def test_the_image_can_collect_its_static_files(tmp_path):
    environment = PRODUCTION | {"ROMS_STATIC": str(tmp_path)}

    done = start("prod", environment, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "staticfiles.json").is_file()


def test_docker_accepts_the_file():
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True).returncode:
        pytest.skip("no docker compose here")
    names = set(re.findall(r"\$\{(\w+):\?\}", (ROOT / "docker-compose.yml").read_text()))

    command = [docker, "compose", "config", "--quiet"]
    done = subprocess.run(command, cwd=ROOT, env=dict.fromkeys(names, "x"), capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
