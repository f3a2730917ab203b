"""Evidence inside the page of a case: pixels and plain text, nothing that runs, only for who decides."""

import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.formats.pdf_pages import CannotDraw, draw_page, png_of
from claims.models import EvidenceDocument
from core.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


def a_pdf(*texts):
    """A small PDF with one page for each text, and a script that runs when a viewer lets it."""
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(texts)))
    objects = [b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>"]
    objects.append(f"<</Type/Pages/Kids[{kids}]/Count {len(texts)}>>".encode())
    for number, text in enumerate(texts):
        drawn = f"BT /F1 40 Tf 30 60 Td ({text}) Tj ET".encode()
        font = "<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
        box = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 150]/Contents {4 + 2 * number} 0 R/Resources{font}>>"
        objects += [box.encode(), b"<</Length %d>>stream\n%b\nendstream" % (len(drawn), drawn)]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%b endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return body + b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        count,
        table,
        count,
        len(body),
    )


def pixels(png):
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    at, data = 8, b""
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        data += png[at + 8 : at + 8 + size] if png[at + 4 : at + 8] == b"IDAT" else b""
        at += 12 + size
    return width, height, zlib.decompress(data)


def test_each_page_becomes_a_picture_of_its_own():
    content = a_pdf("One", "Two")

    first, second = draw_page(content, 1), draw_page(content, 2)

    assert (first.pages, second.pages) == (2, 2)
    assert pixels(first.png)[:2] == (1100, 550)
    assert first.png != second.png
    assert b"\x00\x00\x00" in pixels(first.png)[2]  # something is drawn


@pytest.mark.parametrize(("content", "number"), [(b"%PDF-1.4 broken", 1), (a_pdf("One"), 2), (a_pdf("One"), 0)])
def test_what_cannot_be_drawn_is_said_and_breaks_nothing(content, number):
    with pytest.raises(CannotDraw):
        draw_page(content, number)


def test_rows_wider_than_the_picture_are_cut():
    assert pixels(png_of(1, 2, 4, b"\x01\x02\x03\xff\x04\x05\x06\xff")) == (1, 2, b"\0\x01\x02\x03\0\x04\x05\x06")


@pytest.fixture
def shown(alice, client_of):
    """A claim with a PDF, a text and a picture, and where each is looked at."""
    label = factories.a_holder("Alice Records", owner=alice)
    claim = factories.a_claim(alice, label)
    client = client_of(alice)
    png = png_of(1, 1, 3, b"\xff\0\0")
    files = {"contract.pdf": a_pdf("Contract"), "letter.txt": b"Dear <b>all</b>", "stamp.png": png}
    for name, content in files.items():
        there = reverse("claims:add_evidence", kwargs={"claim_id": claim.public_id})
        client.post(there, {"kind": "contract", "file": SimpleUploadedFile(name, content)})
    return claim, dict(zip(files, EvidenceDocument.objects.order_by("pk"), strict=True))


@pytest.mark.slow
def test_a_reviewer_reads_every_kind_beside_the_case(rita, client_of, shown):
    claim, documents = shown
    client, page = client_of(rita), reverse("claims:review_claim", kwargs={"claim_id": claim.public_id})

    def look(name, **more):
        return client.get(page, {"look": documents[name].public_id} | more).content.decode()

    assert "Page 1 of 1" in look("contract.pdf")
    assert "cannot be shown here" in look("contract.pdf", leaf="9")
    assert "Dear &lt;b&gt;all&lt;/b&gt;" in look("letter.txt")
    assert f"/evidence/{documents['stamp.png'].public_id}/leaves/1/" in look("stamp.png")
    for name, kind in (("contract.pdf", "image/png"), ("stamp.png", "image/png")):
        leaf = reverse("claims:evidence_page", kwargs={"document_id": documents[name].public_id, "number": 1})
        answer = client.get(leaf)
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (kind, "nosniff")
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    looks = Event.objects.filter(noun="claims.EvidenceDocument", to_status="looked", by=rita)
    assert looks.count() == 6


def test_a_page_that_is_none_is_404_and_holders_download(alice, rita, client_of, shown):
    _claim, documents = shown

    def leaf(name, number):
        return reverse("claims:evidence_page", kwargs={"document_id": documents[name].public_id, "number": number})

    assert client_of(rita).get(leaf("contract.pdf", 2)).status_code == 404
    assert client_of(rita).get(leaf("letter.txt", 1)).status_code == 404
    assert client_of(alice).get(leaf("contract.pdf", 1)).status_code == 404
