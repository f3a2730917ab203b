"""Five years of two stores in two currencies, against a computation that goes straight from the sales to the sums.

What happens: a track changes its owner; a track belongs to one holder in Russia and to another elsewhere; two holders
dispute a part and end it; a report is superseded; a payment comes back and is paid again; a share turns out to have
been another's after it was paid; a store goes bankrupt with 40 % unpaid; one holder had been paid for a track before
the portal; tax is kept back of both, and one of them shows years later that it was too much.

The straight line knows nothing of entries, differences or runs: every sale is divided once by the shares that were true
in the end, and what the store has paid of its report is received.
"""

import io
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from types import SimpleNamespace

import pytest

from catalog import services as catalog
from catalog import territories
from claims import selectors as cases_selectors
from claims import services as cases
from claims.models import Dispute
from core.money import Money, allocate
from ledger.verify import verify
from payouts import selectors, services
from payouts.models import Payment, PayoutBatch, WithholdingRate
from sales import services as sales
from tests import factories
from tests.payouts.bank_files import camt, pain002
from tests.payouts.history import SPLIT, after, at_noon
from tests.payouts.paying import DEBTOR, staff

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
D = Decimal
RATE = D("0.15")
UNIT = D("1e-8")
RATES = {"": 30, "DE": 15}
PDF = b"%PDF-1.4\nA paper.\n%%EOF"
FIRST, SOLD, LAST = date(2005, 1, 1), date(2007, 7, 1), date(2010, 1, 1)
QUARTERS = [date(year, month, 1) for year in range(2005, 2010) for month in (1, 4, 7, 10)]


def price(n):
    """Some price with six decimals, never the same: 15 % of it have eight."""
    return (D(n * 7919 % 99991) / D(1009) / RATE).quantize(D("1e-6")) + D("0.000001")


class Straight:
    """Who is owed what, per (holder, currency): in all, and what was received of it, lot by lot."""

    def __init__(self):
        self.sales = []  # (lot, day, track, territory, currency, royalty)

    def sold(self, lot, day, lines):
        for track, territory, paid, currency in lines:
            self.sales.append((lot, day, track, territory, currency, paid * RATE))

    def forget(self, lot):
        self.sales = [sale for sale in self.sales if sale[0] != lot]

    def owners(self, world, track, territory, day):
        """The shares of the master that were true in the end: {holder: percent}."""
        if track == world.changed:
            return {world.one: 100} if day < SOLD else {world.two: 100}
        if track == world.split:
            return {world.one: 100} if territory == "RU" else {world.two: 100}
        if track == world.fought:
            return {world.one: 60, world.two: 40}
        return {world.one: 50, world.two: 50}

    def owed(self, world, paid_part):
        whole, received = defaultdict(Decimal), defaultdict(Decimal)
        places = defaultdict(Decimal)
        for lot, day, track, territory, currency, royalty in self.sales:
            master = allocate(royalty, SPLIT)["phonogram"]
            owners = self.owners(world, track, territory, day)
            for holder, part in allocate(master, [(one.pk, D(percent)) for one, percent in owners.items()]).items():
                whole[holder, currency] += part
                places[holder, currency, track.pk, lot] += part
        for (holder, currency, _track, lot), part in places.items():
            paid, accrued = paid_part.get(lot, (D(1), D(1)))
            received[holder, currency] += (part * paid / accrued).quantize(UNIT, rounding=ROUND_DOWN)
        return whole, received


@pytest.fixture
def world(alice, charlie, frank, rita):
    w = SimpleNamespace()
    w.frank, w.sue, w.fiona = frank, staff("sue", "supervisor"), staff("fiona", "finance")
    w.alice, w.charlie, w.rita = alice, charlie, rita
    w.one = factories.a_holder("First label", owner=alice)
    w.two = factories.a_holder("Second label", owner=charlie)
    w.good, w.broke = factories.a_licensee("good"), factories.a_licensee("broke")
    w.changed, w.split, w.fought, w.other = (
        factories.a_track(name, isrc=f"RUA01050000{n}")
        for n, name in enumerate(("Changed", "Split", "Fought", "Other"), 1)
    )
    return w


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def distribute(w, day, name):
    tracks = [track.pk for track in (w.changed, w.split, w.fought, w.other)]
    return cases.distribute(track_ids=tracks, event=name.replace(" ", "-"), now=noon(day))


def pay_out(w, day, *, returned=False):
    """Draft, approve, send and settle whatever can be paid; with `returned` the first holder's money comes back."""
    for currency in selectors.payable_currencies():
        try:
            batch = services.draft_batch(currency=currency, by=w.frank, now=noon(day))
        except services.NothingToPay:
            continue
        services.approve_batch(batch=batch, by=w.sue, now=noon(day))
        batch = PayoutBatch.objects.get(pk=batch.pk)
        if not batch.payments.filter(status="approved").exists():
            continue
        services.send_batch(
            batch=batch, version="pain.001.001.09", execution_date=day, debtor=DEBTOR, by=w.frank, now=noon(day)
        )
        paid = list(batch.payments.filter(status="sent"))
        answer = pain002(batch, [(one, "ACSC", "") for one in paid], number=f"S-{batch.public_id}")
        services.take_bank_file(content=answer, by=w.frank, now=noon(day))
        first = [one for one in paid if one.holder_id == w.one.pk]
        if returned and first:
            back = camt(54, [(first[0], 1)], number=f"N-{batch.public_id}", returned="AC04")
            services.take_bank_file(content=back, by=w.frank, now=noon(day) + timedelta(days=3))
    if returned:
        factories.a_payee(w.one, by=w.alice, second=w.frank, now=noon(day), scheme="us")


def fund(w, store, report, currency, part=1):
    due = selectors.outstanding([report.lot_number])[report.lot_number, currency]
    paid = due if part == 1 else (due * part).quantize(D("0.01"), rounding=ROUND_DOWN)
    whole = services.up_to_coin(paid, currency)
    services.record_remittance(
        licensee=store, payer=store.name, amount=Money(whole, currency), received_date=after(report.usage_start),
        reference=f"{report.pk}-{currency}", allocations=[services.Allocation(report, paid)], by=w.fiona,
        now=noon(after(report.usage_start)),
    )  # fmt: skip
    return paid, due


def reported(w, straight, store, quarter, lines):
    """A store's report of a quarter's first month, as it comes in; `lines` are (track, territory, price, currency).

    Its royalty is 15 % of every price, exactly.
    """
    rows = [
        {"DspResourceId": f"T{track.pk}", "Title": track.title, "ISRC": track.isrcs.get().isrc, "Territory": territory}
        | {"PriceConsumerPaidExcSalesTax": f"{paid:f}", "Currency": currency}
        for track, territory, paid, currency in lines
    ]
    now = at_noon(after(quarter))
    file = io.BytesIO(factories.flat_lines(*rows, month=f"{quarter:%Y-%m}"))
    made = sales.receive_report(licensee=store, stream=file, name="report.tsv", by=w.frank, now=now).report
    sales.process_report(report_id=made.pk, worker="test", now=now)
    made.refresh_from_db()
    straight.forget(made.lot_number)
    straight.sold(made.lot_number, quarter, lines)
    return made


def supersede(w, straight, old, lines):
    """A corrected report of the same month comes, is held, and a person lets it take the place of the other."""
    held = reported(w, straight, w.good, old.usage_start, lines)
    assert held.status == "held"
    sales.supersede_report(report=held, by=w.fiona, now=noon(date(2008, 1, 2)), reason="A week was forgotten.")
    held.refresh_from_db()
    assert (held.status, held.lot_number) == ("posted", old.pk)


def fight(w):
    """The first has all of a track; the second claims 40 % of it: a reviewer orders that these are held meanwhile."""
    day = noon(FIRST)
    factories.an_awarded_claim(w.alice, w.one, w.fought, reviewer=w.rita, now=day)
    terms = {"percents": {"owns_master": D(40)}}
    factories.an_awarded_claim(w.charlie, w.two, w.fought, reviewer=w.rita, now=day, **terms)
    dispute = Dispute.objects.get()
    assert {party.holder for party in dispute.parties.all()} == {w.one, w.two}
    cases.order_hold(dispute=dispute, by=w.rita, now=day, reason="Both show a contract of the same day.")
    return dispute


def test_five_years_equal_the_straight_line_to_the_last_digit(world):
    w, straight, paid_part = world, Straight(), {}
    russia, abroad = territories.resolve(["RU"]), territories.resolve(["2136"], exclude=["RU"])
    factories.a_share(w.changed, w.one, 100, end=SOLD)
    factories.a_share(w.changed, w.two, 100, start=SOLD)
    factories.a_share(w.split, w.one, 100, territories=russia)
    factories.a_share(w.split, w.two, 100, territories=abroad)
    wrong = factories.a_share(w.other, w.one, 100)
    dispute = fight(w)
    for holder, by in ((w.one, w.alice), (w.two, w.charlie)):
        factories.a_payee(holder, by=by, second=w.frank, currency="USD", now=noon(date(2004, 1, 1)))
    for country, percent in RATES.items():
        WithholdingRate.objects.create(country=country, start=date(2000, 1, 1), percent=percent)
    before = paid_before(w)

    to_supersede = None
    for n, quarter in enumerate(QUARTERS):
        lines = [
            (w.changed, "RU", price(n + 1), "USD"),
            (w.split, "RU", price(n + 101), "USD"),
            (w.split, "US", price(n + 201), "USD"),
            (w.fought, "RU", price(n + 301), "USD"),
            (w.other, "RU", price(n + 401), "USD"),
            (w.split, "RU", price(n + 101), "EUR"),
            (w.split, "US", price(n + 201), "EUR"),
        ]
        report = reported(w, straight, w.good, quarter, lines)
        for currency in ("USD", "EUR"):
            fund(w, w.good, report, currency)
        if quarter == date(2006, 4, 1):
            to_supersede = report, lines
        if date(2006, 1, 1) <= quarter < date(2009, 1, 1):
            unpaid = reported(w, straight, w.broke, quarter, [lines[0], lines[3]])
            paid_part[unpaid.pk] = fund(w, w.broke, unpaid, "USD", D("0.6"))
        if quarter.month == 10:
            distribute(w, after(quarter), f"year {quarter.year}")
            pay_out(w, after(quarter), returned=quarter.year == 2006)
        if quarter == date(2006, 10, 1):  # the share of `other` was half another's all along, and was paid already
            catalog.end_share(
                share=wrong, end=date.min, by=w.rita, now=noon(date(2007, 2, 1)), reason="Half of it was another's."
            )
            factories.a_share(w.other, w.one, 50)
            factories.a_share(w.other, w.two, 50)
            distribute(w, date(2007, 2, 1), "share changed")
        if quarter == date(2007, 10, 1):  # the dispute ends: the first gives the second all it asks for
            said = cases.DisputeSaid(kind="reduce", percent=D(60))
            cases.answer_dispute(dispute=dispute, said=said, by=w.alice, now=noon(date(2008, 1, 1)))
            dispute.refresh_from_db()
            assert dispute.status == "settled"
            old, sold = to_supersede
            corrected = [(track, place, paid + D("6.666667"), code) for track, place, paid, code in sold[:4]]
            supersede(w, straight, old, corrected + sold[5:])
            fund_rest(w, old)
    show_late(w)
    distribute(w, LAST, "last")
    for day in (date(2010, 2, 1), date(2010, 3, 1), date(2010, 4, 1)):
        pay_out(w, day)

    whole, received = straight.owed(w, paid_part)
    for holder in (w.one, w.two):
        bands = defaultdict(Decimal)
        got = defaultdict(Decimal)
        for band in selectors.bands(holder):
            bands[band.currency] += band.amount
            got[band.currency] += band.received
        for currency in ("USD", "EUR"):
            assert bands[currency] == whole[holder.pk, currency], (holder, currency)
            assert got[currency] == received[holder.pk, currency], (holder, currency)
            rest = sum((p.amount for p in selectors.free_parts(currency, [f"holder:{holder.pk}"]).get(
                f"holder:{holder.pk}", [])), D(0))  # fmt: skip
            paid = {band.place: band.amount for band in selectors.bands(holder) if band.currency == currency}
            over = paid.get("recoverable", D(0))
            assert paid["paid"] + over + rest == received[holder.pk, currency]
            assert 0 <= rest < D("0.03"), "everything that is a coin was paid"
    assert cases_selectors.covered([before])[before.pk] == before.amount == D("12.34")
    for holder, percent in ((w.one, RATES["DE"]), (w.two, RATES[""])):
        for currency in ("USD", "EUR"):
            settled = Payment.objects.filter(holder=holder, currency=currency, status="settled")
            right = sum((one.gross - tax_of(one, percent) for one in settled), D(0))
            left = selectors.tax_back_of(currency).get(f"holder:{holder.pk}", D(0))
            assert sum((one.net for one in settled), D(0)) + left == right, (holder, currency)
            assert 0 <= left < D("0.03"), "what was kept back too much was given back"
    assert Payment.objects.filter(tax_back__gt=0).exists()
    assert Payment.objects.filter(status="returned").exists()
    assert Payment.objects.filter(set_off__gt=0).exists(), "the overpayment was set off"
    report = verify(further={"payments": selectors.payments_against_ledger})
    assert report.ok, report.checks[-1]

    court = {row.owner: row.unpaid for row in selectors.unpaid_by_owner(w.broke)}
    for holder in (w.one, w.two):
        mine = [(part, *paid_part[lot]) for lot, part in parts_of(straight, w, holder) if lot in paid_part]
        unpaid = [part - (part * paid / due).quantize(UNIT, rounding=ROUND_DOWN) for part, paid, due in mine]
        assert court[holder.public_id] == sum(unpaid)
        assert D("0.399") < sum(unpaid) / sum(part for part, *_ in mine) < D("0.401"), "40 % unpaid, 60 % paid"


def tax_of(payment, percent):
    """What should have been kept back, straight from the gross."""
    step = D("0.01") if payment.paid_currency == payment.currency else UNIT
    return (payment.gross * percent / 100).quantize(step, rounding=ROUND_DOWN)


def paid_before(w):
    """The first label had 12.34 USD for its sold track of 2005 before anything was posted."""
    made = cases.record_paid_before(
        holder=w.one, amount=Money(D("12.34"), "USD"), paid_on=date(2005, 2, 1), start=None, end=date(2006, 1, 1),
        track=w.changed, from_bank=False, reference="receipt", name="r.pdf", content=PDF, by=w.frank,
        now=noon(date(2005, 3, 1)),
    )  # fmt: skip
    return cases.decide_paid_before(payment=made, accept=True, by=w.sue, now=noon(date(2005, 3, 2)))


def show_late(w):
    """In the last year the first label shows that it was German all along."""
    shown = services.show_tax_residence(
        holder=w.one, country="DE", start=date(2005, 1, 1), end=date(2011, 1, 1), name="c.pdf", content=PDF + b"2",
        by=w.alice, now=noon(date(2009, 12, 1)),
    )  # fmt: skip
    services.decide_tax_residence(residence=shown, accept=True, by=w.frank, now=noon(date(2009, 12, 2)))


def parts_of(straight, w, holder):
    """What a holder has of every track and lot."""
    found = defaultdict(Decimal)
    for lot, day, track, territory, _currency, royalty in straight.sales:
        owners = straight.owners(w, track, territory, day)
        shares = allocate(allocate(royalty, SPLIT)["phonogram"], [(one.pk, D(p)) for one, p in owners.items()])
        if holder.pk in shares:
            found[lot, track.pk] += shares[holder.pk]
    return [(lot, part) for (lot, _), part in found.items()]


def fund_rest(w, report):
    """The store pays what a corrected report owes more."""
    due = selectors.outstanding([report.pk])[report.pk, "USD"]
    assert due
    if due > 0:
        services.record_remittance(
            licensee=w.good, payer=w.good.name, amount=Money(services.up_to_coin(due, "USD"), "USD"),
            received_date=date(2008, 2, 1), reference="more", allocations=[services.Allocation(report, due)],
            by=w.fiona, now=noon(date(2008, 2, 1)),
        )  # fmt: skip
