"""What is refused of a document that should prove something."""

from claims.services.errors.base import Refused


class ScopeNeeded(Refused):
    """It is not said which right a document proves."""

    code = "scope_needed"


class DocumentOfAnother(Refused):
    """A document proves things of its own holder only."""

    code = "document_of_another"


class DocumentForgotten(Refused):
    """A document was kept as long as the law lets it be, and is gone; whoever has it may show it anew."""

    code = "document_forgotten"


class UnknownKind(Refused):
    """There is no such kind of document."""

    code = "unknown_kind"


class ProofNeeded(Refused):
    """An objection comes without a document."""

    code = "proof_needed"


class ProofTooThin(Refused):
    """The risk or the money of a claim asks for a document of title, and none is shown."""

    code = "proof_too_thin"
    status = 409
