"""Who signs the log here, and where checkpoints are kept a second time: read from the settings, for the doors."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from ledger.note import Signer


def signer() -> Signer:
    """Return this installation's signer; the log is named after the portal's address."""
    name = f"{urlsplit(settings.ROMS_ORIGIN).netloc.replace(':', '-')}/ledger"
    return Signer(name=name, seed=bytes.fromhex(settings.ROMS_LOG_KEY))


def publish(name: str, text: str) -> None:
    """Keep a signed text in the second place, under its name; what is there already stays."""
    place = storages["checkpoints"]
    if not place.exists(name):
        place.save(name, ContentFile(text.encode()))
