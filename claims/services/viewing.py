"""Evidence inside the page of a case: text as text, pictures as they are, a PDF page by page as pixels."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from claims.formats.pdf_pages import CannotDraw, draw_page
from claims.models import EvidenceDocument
from claims.services.evidence import Opened, open_evidence

PDF = "application/pdf"
IMAGES = ("image/png", "image/jpeg")
TEXT_SHOWN = 200_000


@dataclass(frozen=True, slots=True)
class Looked:
    """One document in the viewer: `kind` is pdf, image, text or none (it can only be downloaded)."""

    document: EvidenceDocument
    kind: str
    name: str
    text: str = ""
    number: int = 1
    pages: int = 1

    @property
    def before(self) -> int:
        """The page before; 0: none."""
        return self.number - 1

    @property
    def after(self) -> int:
        """The page after; 0: none."""
        return self.number + 1 if self.number < self.pages else 0


def look_at(*, document: EvidenceDocument, number: int, by: User, now: datetime) -> Looked:
    """This will open a document for the viewer and write down who looked. Raises: core.vault.VaultError."""
    opened = open_evidence(document=document, by=by, now=now)
    if opened.content_type.startswith("text/plain"):
        text = opened.content.decode("utf-8-sig", errors="replace")[:TEXT_SHOWN]
        return Looked(document, "text", opened.name, text)
    if opened.content_type in IMAGES:
        return Looked(document, "image", opened.name)
    if opened.content_type == PDF:
        try:
            drawn = draw_page(opened.content, number)
        except CannotDraw:
            return Looked(document, "none", opened.name)
        return Looked(document, "pdf", opened.name, number=number, pages=drawn.pages)
    return Looked(document, "none", opened.name)


def picture_of(*, document: EvidenceDocument, number: int, by: User, now: datetime) -> Opened:
    """This will give one page of a document as a picture and write down who looked.

    Raises: CannotDraw, core.vault.VaultError.
    """
    opened = open_evidence(document=document, by=by, now=now)
    if opened.content_type in IMAGES and number == 1:
        return opened
    if opened.content_type == PDF:
        return Opened(opened.name, "image/png", draw_page(opened.content, number).png)
    raise CannotDraw
