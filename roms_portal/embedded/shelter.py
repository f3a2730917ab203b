"""Where a server's data lives when its user cannot enter the folder of the clone (below /root, say).

`home` is then a link to a folder in SHELTER, which notes the link it serves. Who deletes a clone deletes only the link,
so the next one that needs a shelter clears those whose link is gone: nothing else would ever do it.
"""

import os
import shutil
import tempfile
from pathlib import Path

import psutil

SHELTER = Path("/var/lib/roms-portal")
SERVED = "serves"  # the note in a shelter: the path of the link to it


def reachable(folder: Path) -> bool:
    """This will say whether any user may enter `folder`."""
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.parents) if step.exists())


def shelter_for(home: Path) -> Path:
    """This will make `home` a link to a folder that any user may enter, unless it is one, and return that folder."""
    if not home.is_symlink():
        SHELTER.mkdir(parents=True, exist_ok=True)
        clear_abandoned()
        folder = Path(tempfile.mkdtemp(dir=SHELTER))
        os.chmod(folder, 0o755)  # noqa: S103 (the server's user must enter; data/ inside is private)
        home.symlink_to(folder)
        (folder / SERVED).write_text(str(home.absolute()), encoding="utf-8")  # last: without it nobody clears it
    return home.resolve()


def clear_abandoned() -> None:
    """This will delete each shelter whose link is gone or leads elsewhere, and in which no server runs."""
    for note in SHELTER.glob(f"*/{SERVED}"):
        link = Path(note.read_text(encoding="utf-8"))
        is_linked = link.is_symlink() and link.resolve() == note.parent.resolve()
        if not is_linked and not _is_served(note.parent / "data" / "postmaster.pid"):
            shutil.rmtree(note.parent, ignore_errors=True)


def _is_served(pid_file: Path) -> bool:
    words = pid_file.read_text().split() if pid_file.exists() else []
    return bool(words) and psutil.pid_exists(int(words[0]))
