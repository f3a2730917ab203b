"""`make bench`: every measurement of this folder, each in a process of its own, one after the other; then the goals.

    python -m bench [NAME ...]      only these, e.g. `python -m bench ledger web`

A bench that fails does not stop the others; the exit code says it at the end. Sizes come from the environment
(docs/performance.md). What a line that starts with a goal's number (P1 to P11) says is repeated at the end.
"""

import re
import subprocess
import sys
import time
from pathlib import Path

GOAL = re.compile(r"P\d")


def main() -> int:
    """Run what is named, or all; return the exit code."""
    found = {module.stem.removeprefix("bench_"): module for module in sorted(Path(__file__).parent.glob("bench_*.py"))}
    if unknown := set(sys.argv[1:]) - set(found):
        sys.stderr.write(f"No such bench: {', '.join(sorted(unknown))}. There are: {', '.join(found)}.\n")
        return 2
    goals: list[str] = []
    failed: list[str] = []
    for name in sys.argv[1:] or found:
        sys.stdout.write(f"== {name}\n")
        began = time.monotonic()
        command = [sys.executable, "-u", "-m", f"bench.{found[name].stem}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                sys.stdout.write(line)
                sys.stdout.flush()
                if GOAL.match(line):
                    goals.append(line)
        if process.returncode:
            failed.append(name)
        sys.stdout.write(f"== {name}: {time.monotonic() - began:.0f} s\n\n")
    sys.stdout.writelines(["Goals\n", *goals])
    sys.stdout.write(f"Failed: {', '.join(failed)}\n" if failed else "All ran.\n")
    return bool(failed)


if __name__ == "__main__":
    raise SystemExit(main())
