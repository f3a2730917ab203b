"""What a payment of a store pays: which report how much, how much of that is tax, and at which rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from core.money import Money
from payouts import selectors
from payouts.amounts import changed
from payouts.formats.rates import NoRate, Rate, rate_on
from payouts.models import Remittance
from payouts.services.errors import BadRemittance, MoreThanDue
from sales.models import Licensee, SalesReport

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Allocation:
    """The part of a payment that is for one report, in the currency the reports are paid in.

    `amount` empty = all that is still due, as far as money reaches.
    """

    report: SalesReport
    amount: Decimal | None = None


class Part(NamedTuple):
    """How much of a payment goes to a lot, and how much of that is tax."""

    lot: int
    amount: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Incoming:
    """A payment as somebody enters it; whoever decides its parts has locked the reports."""

    licensee: Licensee
    amount: Money
    received_date: date
    allocations: Sequence[Allocation]
    paid_in: str
    rates: str

    @property
    def lots(self) -> list[int]:
        """The lots of the reports named."""
        return [allocation.report.lot_number for allocation in self.allocations]

    def decide(self) -> tuple[list[Part], dict[str, Any]]:
        """This will say what goes to each report, and the columns of the change. Raises: MoreThanDue, BadRemittance."""
        if self.paid_in == self.amount.currency:
            return self._parts(self.amount.amount), {}
        rate = self._rate()
        due = selectors.open_amounts(self.lots)
        whole = sum((max(ZERO, due[lot, self.paid_in].total) for lot in self.lots), ZERO)
        parts = self._parts(changed(self.amount.amount, whole, rate.rate)[1])
        wanted = sum((part.amount for part in parts), ZERO)
        if not wanted:
            return parts, {}
        taken, worth = changed(self.amount.amount, wanted, rate.rate)
        return parts, {
            "changed_to": self.paid_in,
            "changed": taken,
            "worth": worth,
            "rate": rate.rate,
            "rate_date": rate.day,
            "rate_source": rate.source,
        }

    def _rate(self) -> Rate:
        try:
            return rate_on(self.received_date, self.amount.currency, self.paid_in, self.rates)
        except NoRate as error:
            raise BadRemittance(
                _("The central bank has no rate from %(paid)s to %(into)s of %(day)s or shortly before.")
                % {"paid": self.amount.currency, "into": self.paid_in, "day": self.received_date}
            ) from error

    def _parts(self, left: Decimal) -> list[Part]:
        """Decide how much goes to each report, oldest wish first, and how much of that is tax: in proportion."""
        due = selectors.open_amounts(self.lots)
        parts = []
        for allocation in self.allocations:
            lot = allocation.report.lot_number
            owed = due[lot, self.paid_in]
            part = max(ZERO, min(owed.total, left)) if allocation.amount is None else allocation.amount
            if part < 0 or part > min(max(owed.total, ZERO), left):
                raise MoreThanDue(
                    _("%(report)s still owes %(owed)s, and %(left)s of the payment is left.")
                    % {
                        "report": allocation.report.public_id,
                        "owed": Money(owed.total, self.paid_in),
                        "left": Money(left, self.paid_in),
                    }
                )
            if part:
                parts.append(Part(lot, part, owed.vat_in(part)))
                left -= part
        return parts

    def is_same(self, known: Remittance) -> bool:
        """This will tell whether entering a known payment again says nothing new: same figures, for the same reports.

        A report that was named without an amount may have got nothing, because nothing was due or no money was left.
        """
        figures = (known.licensee_id, known.amount, known.currency, known.received_date)
        mine = (self.licensee.pk, self.amount.amount, self.amount.currency, self.received_date)
        put = dict(known.allocations.values_list("report_id", "amount"))
        asked = {allocation.report.lot_number: allocation.amount for allocation in self.allocations}
        if figures != mine or (put and known.paid_in != self.paid_in) or not put.keys() <= asked.keys():
            return False
        if any(wish is not None and wish != put.get(lot, ZERO) for lot, wish in asked.items()):
            return False
        due = selectors.open_amounts(sorted(asked.keys() - put.keys()))
        open_amount = max((due[lot, self.paid_in].total for lot in asked.keys() - put.keys()), default=ZERO)
        spent = sum(put.values()) if known.changed is None else known.changed
        return open_amount <= 0 or spent == known.amount
