"""Payout batches, for the money office: draft, approve, send, and take in what the bank answers."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.selectors import signed_in
from accounts.sudo import ask_again
from core.vault import VaultError
from core.workflow import MovedMeanwhile, MoveNotAllowed, events_of
from payouts import selectors, services
from payouts.forms import BankFileForm, DraftForm, EnterLineForm, SendForm
from payouts.models import BankLine, PaymentFile, PayoutBatch
from payouts.reasons import words
from payouts.views.holder import holder_or_404

PAGE_SIZE = 50
REFUSALS = (
    services.NothingToPay,
    services.NotTheSecond,
    services.OwnHolder,
    services.DecidedThemselves,
    services.NoDebtor,
)


def debtor() -> services.Debtor:
    """This will say from which account the society pays: the environment does."""
    return services.Debtor(**settings.ROMS_PAYER)


def _finance(request: HttpRequest) -> None:
    if not selectors.is_finance(request.user):
        raise Http404


def _batch(request: HttpRequest, batch_id: str) -> PayoutBatch:
    return get_object_or_404(selectors.batches_for(request.user), public_id=batch_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def batches(request: HttpRequest) -> HttpResponse:
    """This will list the batches and draft a new one."""
    _finance(request)
    form = DraftForm(request.POST or None)
    form.offer(selectors.payable_currencies())
    if request.method == "POST" and form.is_valid():
        try:
            batch = services.draft_batch(
                currency=form.cleaned_data["currency"],
                by=signed_in(request),
                now=timezone.now(),
                rates=settings.ROMS_RATES_FILE,
            )
        except (services.NothingToPay, services.OwnHolder) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("payouts:batch", batch.public_id)
    page = Paginator(selectors.batches_for(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(batch, selectors.paid_sums(batch)) for batch in page]
    context = {"rows": rows, "page": page, "form": form}
    return render(request, "payouts/batches.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_safe
def batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    """This will show a batch: what it pays, to whom, what is carried over and why, and the next step."""
    found = _batch(request, batch_id)
    payments = found.payments.select_related("holder", "payee").order_by("reason", "-gross", "pk")
    page = Paginator(payments, PAGE_SIZE).get_page(request.GET.get("page"))
    holder_ids = selectors.holders_paid(found)
    context = {
        "batch": found,
        "page": page,
        "sums": selectors.batch_sums(found),
        "paid": selectors.paid_sums(found),
        "left_out": [(words(code), count, total) for code, count, total in selectors.left_out_reasons(found)],
        "file": PaymentFile.objects.filter(batch=found).select_related("made_by").first(),
        "history": events_of(found),
        "is_drafter": found.drafted_by_id == request.user.pk,
        "is_partial": selectors.acts_for_any(request.user, holder_ids)
        or selectors.decided_for_any(request.user, holder_ids),
        "form": SendForm(initial={"execution_date": timezone.now().date()}),
    }
    context["screened"] = selectors.screened_open(selectors.holders_paid(found))
    return render(request, "payouts/batch.html", context)


def _act(request: HttpRequest, batch_id: str, act: Callable[[PayoutBatch], str]) -> HttpResponse:
    """Do one thing to a batch; a refusal becomes a message."""
    found = _batch(request, batch_id)
    ask_again(request)
    try:
        messages.success(request, act(found))
    except (MovedMeanwhile, MoveNotAllowed):
        messages.error(request, _("Meanwhile this batch has moved on. Please look at it as it is now."))
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect("payouts:batch", batch_id)


@login_required
@require_POST
def approve_batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    """This will approve a batch as the second person."""

    def act(found: PayoutBatch) -> str:
        services.approve_batch(batch=found, by=signed_in(request), now=timezone.now())
        return _("The batch is approved. Its money is on its way in the ledger; send it to the bank now.")

    return _act(request, batch_id, act)


@login_required
@require_POST
def discard_batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    """This will give up a batch that was not sent."""

    def act(found: PayoutBatch) -> str:
        services.discard_batch(batch=found, by=signed_in(request), now=timezone.now())
        return _("The batch is discarded; everything in it is payable again.")

    return _act(request, batch_id, act)


@login_required
@require_POST
def send_batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    """This will make the bank file of an approved batch."""
    form = SendForm(request.POST)

    def act(found: PayoutBatch) -> str:
        if not form.is_valid():
            raise services.NothingToPay(_("Choose the version of the file and the day of payment."))
        data = form.cleaned_data
        services.send_batch(
            batch=found,
            version=data["version"],
            execution_date=data["execution_date"],
            debtor=debtor(),
            by=signed_in(request),
            now=timezone.now(),
        )
        return _("The bank file is made. Fetch it below and hand it to the bank.")

    return _act(request, batch_id, act)


@never_cache
@login_required
@require_safe
def bank_file(request: HttpRequest, batch_id: str) -> HttpResponse:
    """This will give the bank file of a sent batch."""
    found = _batch(request, batch_id)
    ask_again(request)
    made = get_object_or_404(PaymentFile, batch=found)
    try:
        content = services.bank_file(batch=found, debtor=debtor(), by=signed_in(request), now=timezone.now())
    except (services.FileNotTheSame, VaultError) as refusal:
        messages.error(request, str(refusal))
        return redirect("payouts:batch", batch_id)
    response = HttpResponse(content, content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{found.public_id}.{made.version}.xml"'
    response["X-Content-SHA256"] = made.sha256
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bank_files(request: HttpRequest) -> HttpResponse:
    """This will list what the bank told us and take in another file."""
    _finance(request)
    form = BankFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            file = form.cleaned_data["file"]
            take = services.take_payments_table if file.name.lower().endswith(".csv") else services.take_bank_file
            taken = take(content=file.read(), by=signed_in(request), now=timezone.now())
        except (services.BadBankAnswer, services.BankFileChanged, services.OrderDiffers) as refusal:
            form.add_error("file", str(refusal))
        else:
            if not taken.is_new:
                messages.info(request, _("This file was taken in before; nothing has changed."))
            return redirect("payouts:bank_file_taken", taken.file.public_id)
    page = Paginator(selectors.bank_files_for(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "waiting": selectors.bank_lines_waiting(request.user)[:PAGE_SIZE]}
    return render(request, "payouts/bank_files.html", context, status=422 if request.method == "POST" else 200)


def _enter_form(line: BankLine) -> EnterLineForm | None:
    """Offer to enter money that came in and waits, with the notes that its text names."""
    if line.outcome != BankLine.Outcome.WAITING or not (line.amount or 0) > 0:
        return None
    named = selectors.notes_named(line.text)
    numbers = ", ".join(note.number for note in named)
    initial = {"licensee": named[0].licensee if named else None, "notes": numbers}
    return EnterLineForm(initial=initial, auto_id=f"id_{line.pk}_%s")


@login_required
@require_safe
def bank_file_taken(request: HttpRequest, file_id: str) -> HttpResponse:
    """This will show what a bank file said, line by line, and what came of it."""
    found = get_object_or_404(selectors.bank_files_for(request.user), public_id=file_id)
    lines = found.lines.select_related("payment__batch", "remittance").order_by("number")
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "file": found,
        "page": page,
        "rows": [(line, words(line.reason) if line.reason else "", _enter_form(line)) for line in page],
        "balances": found.balances.order_by("day"),
    }
    return render(request, "payouts/bank_file.html", context)


@login_required
@require_safe
def payments(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will list what was paid to a holder: gross, what was kept back, net, and at which rate."""
    holder = holder_or_404(request, holder_id)
    page = Paginator(selectors.payments_for(request.user).filter(holder=holder), PAGE_SIZE)
    context = {"holder": holder, "page": page.get_page(request.GET.get("page"))}
    return render(request, "payouts/payments.html", context)
