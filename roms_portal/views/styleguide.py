"""The parts every page is made of, shown with examples; only where pages are being developed."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from core.money import Money


class ExampleForm(forms.Form):
    """One field of each kind."""

    track = forms.CharField(label="Title", help_text="As printed on the release.")
    country = forms.ChoiceField(label="Country", choices=[("ru", "Russia"), ("de", "Germany")])
    note = forms.CharField(label="Remark", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    role = forms.ChoiceField(
        label="What did you do?",
        widget=forms.RadioSelect,
        choices=[("master", "I own the master"), ("wrote", "I wrote it")],
    )
    proof = forms.FileField(label="Proof", required=False, help_text="PDF or picture, up to 10 MB.")
    sworn = forms.BooleanField(label="I declare that this is true.")


@require_http_methods(["GET", "HEAD", "POST"])
def styleguide(request: HttpRequest) -> HttpResponse:
    """This will show the style page where ROMS_STYLEGUIDE is set; elsewhere there is nothing."""
    if not settings.ROMS_STYLEGUIDE:
        raise Http404
    form = ExampleForm(request.POST or None)
    context = {
        "form": form,
        "amount": Money(Decimal("1234567.12345678"), "USD"),
        "small": Money(Decimal("0.00135000"), "USD"),
        "negative": Money(Decimal("-12.50"), "USD"),
        "day": date(2007, 6, 30),
        "start": date(2005, 1, 1),
        "end": date(2007, 7, 1),
        "now": datetime(2007, 7, 2, 9, 30, tzinfo=UTC),
        "page": Paginator(range(100), 10).get_page(request.GET.get("page")),
        "rows": [
            {"at": datetime(2007, 7, 2, 9, 30, tzinfo=UTC), "title": "Approved", "by": "reviewer"},
            {"at": datetime(2007, 7, 1, 9, 30, tzinfo=UTC), "title": "Filed", "text": "Two files attached."},
        ],
        "facts": [("Track", "Чёрный кот"), ("ISRC", "RUA010500001"), ("Label", "")],
        "statuses": ["draft", "under_review", "approved", "rejected", "unknown"],
    }
    return render(request, "styleguide.html", context, status=422 if form.errors else 200)
