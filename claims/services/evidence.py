"""Proof: documents sealed under the holder's key, every look at one written down; statements signed word for word."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import User
from catalog.models import Authority, Mandate, RightsHolder
from claims import selectors
from claims.attestations import TEXTS, VERSIONS
from claims.formats.evidence_file import SIZE_MAX, RefusedFile, recognise
from claims.models import Attestation, AttestationText, Claim, EvidenceDocument, EvidenceKind, EvidenceUse, OptOut
from claims.reasons import words
from claims.services.errors import CaseClosed, UnknownKind
from core import vault
from core.workflow import record_event

EVIDENCE_SIZE_MAX = SIZE_MAX
SIGNATURE_MIN = 2
EVIDENCE_TAKEN: dict[type, frozenset[str]] = {
    Claim: frozenset(Claim.Status.values) - {Claim.Status.REJECTED, Claim.Status.RETRACTED},
    OptOut: frozenset({"draft", "requested", "under_review", "evidence_requested", "granted"}),
}
"""While a case is so, documents may be shown for it. One more for a claim that was won proves it better; one for an
opt-out that was granted shows what a store does."""


class EvidenceRefused(Exception):
    """The file cannot serve as proof; `code` names the reason, the text says it in words."""

    def __init__(self, code: str) -> None:
        super().__init__(words(code))
        self.code = code


class MayNotWrite(Exception):
    """The person may look at this holder's cases, not change them."""

    status = 403

    def __init__(self) -> None:
        super().__init__(words("may_not_write"))


class SignatureMissing(Exception):
    """Nothing, or too little, was typed as a signature."""

    def __init__(self) -> None:
        super().__init__(words("signature_missing"))


@dataclass(frozen=True, slots=True)
class Opened:
    """A document made readable for one look."""

    name: str
    content_type: str
    content: bytes


def party(holder: RightsHolder) -> str:
    """This will name the key under which a holder's personal data is sealed."""
    return f"holder:{holder.pk}"


def require_writer(user: User, holder: RightsHolder, paper: Authority | None = None, *, now: datetime) -> None:
    """This will stop who may act neither for the holder nor for an agent whose authority holds. Raises: MayNotWrite."""
    if not selectors.may_write_case(user, holder, paper, now.date()):
        raise MayNotWrite


def add_evidence(
    *,
    holder: RightsHolder,
    name: str,
    content: bytes,
    kind: str,
    by: User,
    now: datetime,
    claim: Claim | None = None,
    opt_out: OptOut | None = None,
) -> EvidenceDocument:
    """This will keep a document, sealed, and show it for a case. The same bytes again are the same document.

    Raises: MayNotWrite, EvidenceRefused, CaseClosed, UnknownKind.
    """
    case = claim or opt_out
    require_writer(by, holder, case.authority if case is not None else None, now=now)
    if case is not None and case.status not in EVIDENCE_TAKEN[type(case)]:
        raise CaseClosed
    with transaction.atomic():
        document = keep_document(holder=holder, name=name, content=content, kind=kind, by=by, now=now)
        if claim is not None or opt_out is not None:
            EvidenceUse.objects.get_or_create(document=document, claim=claim, opt_out=opt_out)
    return document


def keep_document(
    *, holder: RightsHolder, name: str, content: bytes, kind: str, by: User, now: datetime
) -> EvidenceDocument:
    """This will keep a document about a holder, sealed; the caller has decided who may. The same bytes are the same.

    Raises: EvidenceRefused, UnknownKind.
    """
    try:
        file = recognise(name, content)
    except RefusedFile as error:
        raise EvidenceRefused(error.code) from error
    if not EvidenceKind.objects.filter(pk=kind, is_active=True).exists():
        raise UnknownKind
    digest = sha256(content).hexdigest()
    with transaction.atomic():
        RightsHolder.objects.select_for_update(no_key=True).get(pk=holder.pk)
        document = EvidenceDocument.objects.filter(holder=holder, sha256=digest).first()
        if document is None or not document.stored:  # never shown, or forgotten since
            sealed = ContentFile(vault.encrypt(party(holder), content))
            document, _is_new = EvidenceDocument.objects.update_or_create(
                holder=holder,
                sha256=digest,
                defaults={
                    "kind": kind,
                    "name_sealed": vault.encrypt(party(holder), file.name.encode()),
                    "content_type": file.content_type,
                    "size": len(content),
                    "stored": default_storage.save(f"evidence/{uuid4().hex}", sealed),
                    "uploaded_by": by,
                    "uploaded_at": now,
                },
            )
            record_event(document, "", "uploaded", by=by, now=now)
    return document


def open_evidence(*, document: EvidenceDocument, by: User, now: datetime) -> Opened:
    """This will unseal a document for one look and write down who looked; the caller has decided who may.

    Raises: core.vault.VaultError when the holder was erased, or the document was kept long enough.
    """
    if not document.stored:
        raise vault.VaultError(document.public_id)
    record_event(document, "", selectors.LOOKED, by=by, now=now)
    with default_storage.open(document.stored) as file:
        content = vault.decrypt(party(document.holder), file.read())
    return Opened(document_name(document), document.content_type, content)


def document_name(document: EvidenceDocument) -> str:
    """This will unseal the name a document was uploaded under; its public id where the holder was erased."""
    try:
        return vault.decrypt(party(document.holder), bytes(document.name_sealed)).decode()
    except vault.VaultError:
        return str(document.public_id)


def attestation_text(code: str, language: str) -> AttestationText:
    """This will return the present wording for a purpose, in a language we have it in (else English)."""
    texts = TEXTS[code]
    language = language if language in texts else "en"
    text = texts[language]
    row, _created = AttestationText.objects.get_or_create(
        code=code,
        language=language,
        version=VERSIONS[code],
        defaults={"text": text, "sha256": sha256(text.encode()).hexdigest()},
    )
    assert row.text == text, f"{row}: the wording changed without a new version"
    return row


def sign(
    *,
    text: AttestationText,
    signature: str,
    by: User,
    now: datetime,
    claim: Claim | None = None,
    opt_out: OptOut | None = None,
    mandate: Mandate | None = None,
) -> Attestation:
    """This will keep a typed signature under one exact text, sealed under the holder's key.

    Raises: SignatureMissing.
    """
    case = claim or opt_out or mandate
    assert case is not None
    if len(signature.strip()) < SIGNATURE_MIN:
        raise SignatureMissing
    sealed = vault.encrypt(party(case.holder), signature.strip().encode())
    return Attestation.objects.create(
        claim=claim,
        opt_out=opt_out,
        mandate=mandate,
        text=text,
        signature_sealed=sealed,
        signed_by=by,
        signed_at=now,
    )
