"""`make bench`: every measurement of this folder, one after the other, each in a process of its own."""

import subprocess
import sys
from pathlib import Path

for module in sorted(Path(__file__).parent.glob("bench_*.py")):
    subprocess.run([sys.executable, "-m", f"bench.{module.stem}"], check=True)
