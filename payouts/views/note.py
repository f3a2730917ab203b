"""An amount-due note or credit note: as a page and as a paper."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from payouts import papers, selectors
from payouts.models import AmountDue
from payouts.papers import note as words
from payouts.views.statement import as_file, in_language


def _note(request: HttpRequest, number: str) -> AmountDue:
    return get_object_or_404(selectors.amounts_due_for(request.user), number=number)


@login_required
@require_safe
def note(request: HttpRequest, number: str) -> HttpResponse:
    """This will show what a store is asked for, how it was reached and taxed, and what was paid on it."""
    found = _note(request, number)
    facts = selectors.note_facts(found)
    (row,) = selectors.due_rows([found])
    context = {
        "note": found,
        "title": words.note_title(found),
        "subject": words.subject_rows(found),
        "workings": [(words.tariff_words(one), words.working_rows(one)) for one in facts.workings],
        "sums": words.note_rows(facts),
        "vat_words": words.vat_words(found),
        "reference": words.reference_words(found),
        "row": row,
        "corrected_by": found.corrected_by.order_by("pk"),
    }
    return render(request, "payouts/note.html", context)


@login_required
@require_safe
def note_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """This will give the note as a paper, in the language asked for."""
    facts = selectors.note_facts(_note(request, number))
    with in_language(request):
        content = papers.note_pdf(facts)
    return as_file(HttpResponse(content, content_type="application/pdf"), f"{facts.note.number}.pdf")
