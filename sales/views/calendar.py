"""What stores have to report and what came: a store's own months, or all stores for staff."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from sales import selectors


@login_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """This will show the calendar of one store month by month, of several the months that are not in order."""
    stores = selectors.stores_seen_by(request.user)
    if not stores.exists() and not getattr(request.user, "role", ""):
        raise Http404
    chosen = stores.filter(code=request.GET.get("store", "")).first()
    if request.GET.get("store") and chosen is None:
        raise Http404
    if chosen is None and stores.count() == 1:
        chosen = stores.get()
    today = timezone.now().date()
    if chosen is not None:
        context = {"store": chosen, "months": selectors.calendar_of(chosen, today)}
    else:
        late = (selectors.MISSING, selectors.HELD)
        rows = [(store, selectors.calendar_of(store, today)) for store in stores]
        context = {"stores": [(store, len(months), [m for m in months if m.state in late]) for store, months in rows]}
    return render(request, "sales/calendar.html", context)
