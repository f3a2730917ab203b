"""What of a case the checked documents of its holder prove; the documents of one's own; who looked at them."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from catalog.models import RightsHolder, TerritorySet
from claims.models import Claim, ClaimLine, EvidenceDocument, EvidenceKind, OptOut, OptOutLine
from core.models import Event
from core.workflow import events_of

Status = EvidenceDocument.Status
LOOKED = "looked"


def kind_choices() -> list[tuple[str, str]]:
    """This will give the kinds of documents that may be chosen, in their order and in the reader's language."""
    return [
        (kind.code, kind.label) for kind in EvidenceKind.objects.filter(is_active=True).order_by("position", "code")
    ]


def title_kinds() -> frozenset[str]:
    """This will name the kinds that prove what is owned, not only who somebody is."""
    return frozenset(EvidenceKind.objects.filter(proves_title=True).values_list("code", flat=True))


def documents_in_vault(holder: RightsHolder) -> QuerySet[EvidenceDocument]:
    """This will list the documents of a holder, newest first."""
    return EvidenceDocument.objects.filter(holder=holder).select_related("territories").order_by("-pk")


def documents_to_show(case: Claim | OptOut) -> QuerySet[EvidenceDocument]:
    """This will list the documents of a case's holder that are not shown for it yet."""
    shown = case.evidence_uses.values("document_id")
    return documents_in_vault(case.holder).exclude(status=Status.REFUSED).exclude(stored="").exclude(pk__in=shown)


def documents_asked() -> QuerySet[EvidenceDocument]:
    """This will list the documents whose holders asked for a check, oldest first."""
    return EvidenceDocument.objects.filter(status=Status.ASKED).select_related("holder").order_by("pk")


def looks_of(document: EvidenceDocument) -> QuerySet[Event]:
    """This will list who opened a document and when, newest first."""
    return events_of(document).filter(to_status=LOOKED).order_by("-id")


def valid_documents(holder_id: int, day: date) -> QuerySet[EvidenceDocument]:
    """This will list the checked documents of a holder that hold on a day."""
    begun = Q(valid_from=None) | Q(valid_from__lte=day)
    holds = begun & (Q(valid_until=None) | Q(valid_until__gt=day))
    documents = EvidenceDocument.objects.filter(holds, holder=holder_id, status=Status.CHECKED)
    return documents.filter(kind__in=title_kinds()).select_related("territories").order_by("pk")


def claim_lines_proved(claim: Claim, day: date) -> QuerySet[ClaimLine]:
    """This will list the lines of a claim that a checked document proves, in a few statements however many lines."""
    places = TerritorySet.objects.filter(pk__in=claim.lines.order_by().values("territories"))
    bits = dict(places.values_list("pk", "bits"))
    found = Q(pk__in=[])
    for document in valid_documents(claim.holder_id, day):
        inside = [pk for pk, each in bits.items() if _inside(each, document)]
        found |= Q(right__in=document.rights, territories__in=inside) & _repertoire(document)
    return claim.lines.filter(found)


def opt_out_lines_proved(opt_out: OptOut, day: date) -> QuerySet[OptOutLine]:
    """This will list the rows of an opt-out that a checked document proves, for all the rights it names."""
    found = Q(pk__in=[])
    for document in valid_documents(opt_out.holder_id, day):
        if set(opt_out.rights) <= set(document.rights) and _inside(opt_out.territories.bits, document):
            found |= _repertoire(document)
    return opt_out.lines.filter(found, track__isnull=False)


def _inside(bits: int, document: EvidenceDocument) -> bool:
    return document.territories is None or not bits & ~document.territories.bits


def _repertoire(document: EvidenceDocument) -> Q:
    named: Collection[int] = document.tracks.values_list("pk", flat=True)
    return Q(track__in=named) if named else Q(track__isnull=False)


def papers_wanted() -> tuple[list[str], list[str]]:
    """This will name the kinds of documents that prove title, and the others, for who asks before filing."""
    kinds = list(EvidenceKind.objects.exclude(code="other").order_by("position", "code"))
    labels = dict(kind_choices())
    named = [(labels.get(kind.code, kind.name), kind.proves_title) for kind in kinds]
    return [name for name, proves in named if proves], [name for name, proves in named if not proves]
