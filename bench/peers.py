"""Other people's software, each in an environment of its own that is thrown away afterwards."""

import subprocess
import sys
from pathlib import Path

INSTALL_SECONDS = 300


def python_with(folder: Path, *packages: str) -> Path | None:
    """This will install packages into a new environment and name its Python; None where they cannot be had."""
    python = folder / "venv" / "bin" / "python"
    made = subprocess.run([sys.executable, "-m", "venv", str(python.parent.parent)], capture_output=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    if made.returncode or subprocess.run(pip, capture_output=True, timeout=INSTALL_SECONDS).returncode:
        return None
    return python
