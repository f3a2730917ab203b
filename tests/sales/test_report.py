from decimal import Decimal

import pytest

from ledger.selectors import balance
from sales.models import Sale
from tests.factories import a_licensee, a_report, a_track, flat_lines

pytestmark = pytest.mark.django_db


def test_a_report_becomes_fifteen_percent_in_the_ledger():
    track = a_track("Кукушка", "Кино", isrc="RUA010600001")
    store = a_licensee()

    report = a_report(
        store, flat_lines({"DspResourceId": "7", "Title": "Kukushka", "ISRC": "RU-A01-06-00001", "Usages": 3})
    )

    assert report.status == "posted", (report.reason, report.reason_params)
    assert (report.lines_read, report.lines_accepted, report.lines_rejected, report.lines_unmatched) == (1, 1, 0, 0)
    sale = Sale.objects.get(report=report)
    assert (sale.track, sale.base, sale.royalty) == (track, Decimal("0.30"), Decimal("0.045"))
    assert balance(f"track:{track.pk}:phonogram:unclaimed", "USD").amount == Decimal("0.0225")
    assert balance(f"track:{track.pk}:performance:unclaimed", "USD").amount == Decimal("0.009")
    assert balance(f"track:{track.pk}:work:unclaimed", "USD").amount == Decimal("0.0135")
    assert balance(f"licensee:{store.pk}:receivable", "USD").amount == Decimal("0.045")
