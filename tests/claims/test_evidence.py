"""Proof: what is taken, how it is kept, who may look."""

import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from claims import services
from claims.formats.evidence_file import SIZE_MAX, RefusedFile, recognise
from claims.models import EvidenceDocument
from core.workflow import events_of
from tests import factories

PDF = b"%PDF-1.4\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def office(folder, *more):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("[Content_Types].xml", f"{folder}/document.xml", *more):
            archive.writestr(name, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("contract.pdf", PDF, "pdf"),
        ("scan.PNG", PNG, "png"),
        ("photo.jpeg", b"\xff\xd8\xff\xe0" + bytes(9), "jpg"),
        ("note.txt", "Договор № 1\r\n".encode(), "txt"),
        ("letter.docx", office("word"), "docx"),
        ("list.xlsx", office("xl"), "xlsx"),
    ],
)
def test_kinds_that_can_be_looked_at_are_taken(name, content, kind):
    assert recognise(name, content).kind == kind


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.pdf", b"", "file_empty"),
        ("large.pdf", PDF + bytes(SIZE_MAX), "file_too_large"),
        ("virus.exe", b"MZ\x90\x00", "file_kind_refused"),
        ("page.html", b"<!DOCTYPE html><script>1</script>", "file_kind_refused"),
        ("picture.svg", b"<svg onload='x'/>", "file_kind_refused"),
        ("data.xml", b"<?xml version='1.0'?><x/>", "file_kind_refused"),
        ("run.txt", b"#!/bin/sh\nrm -rf /\n", "file_kind_refused"),
        ("sneaky.txt", b"hello <script>alert(1)</script>", "file_kind_refused"),
        ("legacy.txt", "Договор".encode("cp1251"), "file_kind_refused"),
        ("archive.zip", office("stuff"), "file_kind_refused"),
        ("broken.docx", b"PK\x03\x04nonsense", "file_kind_refused"),
        ("macros.docx", office("word", "word/vbaProject.bin"), "file_kind_refused"),
        ("contract.pdf", PNG, "file_not_what_it_says"),
        ("contract.pdf.exe", PDF, "file_not_what_it_says"),
        ("contract", PDF, "file_not_what_it_says"),
    ],
)
def test_everything_else_is_refused_by_its_content(name, content, code):
    with pytest.raises(RefusedFile) as refused:
        recognise(name, content)
    assert refused.value.code == code


def test_a_name_is_kept_without_its_path():
    assert recognise("C:\\secret\\..\\Договор\x00.pdf", PDF).name == "Договор.pdf"


def test_a_document_is_sealed_and_every_look_written_down(db, alice, rita):
    claim = factories.a_claim(alice, factories.a_holder(owner=alice))

    document = services.add_evidence(
        holder=claim.holder,
        name="contract.pdf",
        content=PDF,
        kind="contract",
        by=alice,
        now=timezone.now(),
        claim=claim,
    )

    with default_storage.open(document.stored) as file:
        assert PDF not in file.read()
    assert b"contract" not in bytes(document.name_sealed)
    opened = services.open_evidence(document=document, by=rita, now=timezone.now())
    assert (opened.name, opened.content, opened.content_type) == ("contract.pdf", PDF, "application/pdf")
    assert [(event.to_status, event.by) for event in events_of(document)] == [("uploaded", alice), ("looked", rita)]


def test_the_same_bytes_again_are_the_same_document(db, alice):
    holder = factories.a_holder(owner=alice)
    claims = [factories.a_claim(alice, holder, filed=False) for _ in range(2)]

    for claim in (*claims, claims[0]):
        services.add_evidence(
            holder=holder, name="a.pdf", content=PDF, kind="contract", by=alice, now=timezone.now(), claim=claim
        )

    document = EvidenceDocument.objects.get()
    assert document.uses.count() == 2


def test_who_may_only_read_adds_nothing(db, alice, bob):
    holder = factories.a_holder(owner=alice, reader=bob)

    with pytest.raises(services.MayNotWrite):
        services.add_evidence(holder=holder, name="a.pdf", content=PDF, kind="contract", by=bob, now=timezone.now())
    assert not EvidenceDocument.objects.exists()
