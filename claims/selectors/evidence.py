"""Documents as a person may see them: the holder's members, its agent's, and reviewers where a case shows them."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog.models import Authority, HolderMember
from claims.models import Claim, EvidenceDocument, EvidenceUse, OptOut
from claims.selectors.people import Person, in_force, may_review


def evidence_for(user: Person) -> QuerySet[EvidenceDocument]:
    """This will list the documents somebody may open."""
    if not user.is_authenticated:
        return EvidenceDocument.objects.none()
    mine = HolderMember.objects.filter(user=user.pk or 0).values("holder_id")
    acting = EvidenceUse.objects.filter(
        (Q(claim__authority__agent__in=mine) & in_force("claim__authority__"))
        | (Q(opt_out__authority__agent__in=mine) & in_force("opt_out__authority__"))
    )
    papers = Authority.objects.filter(document_sha256=OuterRef("sha256"))
    letters = papers.filter(agent=OuterRef("holder"), principal__in=mine)
    allowed = (
        Q(holder__in=mine)
        | Q(holder__merged_into__in=mine)
        | Q(pk__in=acting.values("document_id"))
        | Q(Exists(letters))
    )
    if may_review(user):
        allowed |= Q(Exists(papers.filter(Q(agent=OuterRef("holder")) | Q(principal=OuterRef("holder")))))
        drafts = Q(claim__status=Claim.Status.DRAFT) | Q(opt_out__status=OptOut.Status.DRAFT)
        allowed |= ~Q(status=EvidenceDocument.Status.KEPT)
        sent = EvidenceUse.objects.exclude(drafts)
        allowed |= (
            Q(pk__in=sent.values("document_id"))
            | Q(objections__isnull=False)
            | Q(counter_notices__isnull=False)
            | Q(dispute_answers__isnull=False)
            | Q(appeals__isnull=False)
            | Q(uses=None, holder__status="under_review")
        )
    return EvidenceDocument.objects.filter(allowed).select_related("holder").distinct().order_by("-pk")


def letters_of(paper: Authority, user: Person) -> QuerySet[EvidenceDocument]:
    """This will list the letters an authority stands on, as far as somebody may open them."""
    sides = [paper.principal_id, paper.agent_id]
    return evidence_for(user).filter(sha256=paper.document_sha256 or "-", holder__in=sides)


def documents_of(case: Claim | OptOut) -> QuerySet[EvidenceDocument]:
    """This will list the documents shown for a case, oldest first."""
    shown = Q(uses__claim=case) if isinstance(case, Claim) else Q(uses__opt_out=case)
    return EvidenceDocument.objects.filter(shown).select_related("holder", "uploaded_by").order_by("pk")
