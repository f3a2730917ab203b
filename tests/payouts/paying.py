"""Steps of a payout, for the tests about it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from core.money import Money
from payouts import selectors, services
from payouts.models import Payment, PayoutBatch
from payouts.services import Allocation
from tests.conftest import person

D = Decimal
NOW = datetime(2007, 9, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
DEBTOR = services.Debtor(name="ROMS", iban="DE02120300000000202051", bic="BYLADEM1001")


def staff(name, role):
    user = person(name)
    user.role = role
    user.save(update_fields=["role"])
    return user


def fund(licensee, report, amount, frank):
    return services.record_remittance(
        licensee=licensee,
        payer="Xrost",
        amount=Money(D(amount), "USD"),
        received_date=date(2007, 7, 20),
        reference=f"{report.pk}-{amount}",
        allocations=[Allocation(report)],
        by=frank,
        now=NOW,
    )


def draft(world, now=NOW, currency="USD"):
    return services.draft_batch(currency=currency, by=world.frank, now=now)


def approve(world, batch, now=NOW):
    return services.approve_batch(batch=PayoutBatch.objects.get(pk=batch.pk), by=world.sue, now=now)


def send(world, batch, now=NOW, version="pain.001.001.09"):
    batch.refresh_from_db()
    return services.send_batch(
        batch=batch, version=version, execution_date=now.date(), debtor=DEBTOR, by=world.frank, now=now
    )


def sent(world, now=NOW):
    batch = draft(world, now)
    approve(world, batch, now)
    send(world, batch, now)
    return batch, batch.payments.get(holder=world.label)


def take(world, content, now=NOW):
    return services.take_bank_file(content=content, by=world.frank, now=now)


def places(holder, currency="USD"):
    return {band.place: band.amount for band in selectors.bands(holder) if band.currency == currency and band.amount}


def state(payment):
    return Payment.objects.get(pk=payment.pk).status


def left_out(batch):
    return {payment.holder.public_id: payment.reason for payment in batch.payments.filter(status="left_out")}
