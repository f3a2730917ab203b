"""Books that are closed up to a day: two persons, a database that refuses, late bookings dated now, opening again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Event

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from core.money import Money
from core.workflow import MoveNotAllowed
from ledger import recipes
from ledger import services as ledger
from ledger.models import BooksClose, Entry
from payouts import selectors, services
from tests.conftest import person

D = Decimal
NOW = datetime(2007, 9, 3, 9, tzinfo=UTC)
JULY, AUGUST, SEPTEMBER = date(2007, 7, 1), date(2007, 8, 1), date(2007, 9, 1)


@pytest.fixture
def fiona(frank):
    found = person("fiona")
    found.role = "finance"
    found.save(update_fields=["role"])
    return found


def closed(frank, fiona, first_open=AUGUST, reason="July is reported."):
    close = services.propose_close(first_open=first_open, reason=reason, by=frank, now=NOW)
    return services.decide_close(close=close, approve=True, by=fiona, now=NOW)


def booked(frank, day, reference="F-1", currency="USD"):
    made = services.book_house(
        kind="interest", amount=Money(D("2.50"), currency), day=day, reference=reference, by=frank, now=NOW
    )
    return made, Entry.objects.get(idempotency_key=f"house:{made.public_id}")


@pytest.mark.django_db
class TestClosing:
    def test_what_comes_late_is_dated_now_and_its_document_keeps_its_day(self, frank, fiona):
        closed(frank, fiona)

        late, entry = booked(frank, date(2007, 7, 31))
        in_time, other = booked(frank, AUGUST, "F-2")

        assert selectors.closed_until() == AUGUST
        assert late.day == date(2007, 7, 31)
        assert entry.event_at == entry.created_at
        assert (in_time.day, other.event_at.date()) == (AUGUST, AUGUST)

    def test_many_at_once_are_dated_now_too(self, frank, fiona):
        closed(frank, fiona)
        lines = recipes.interest(currency="USD", amount=D(1))

        ledger.post_entries(rows=ledger.staged("late", "interest", lines), event_at=datetime(2007, 7, 9, tzinfo=UTC))

        entry = Entry.objects.get(idempotency_key="late")
        assert entry.event_at == entry.created_at

    def test_database_takes_nothing_dated_into_closed_time(self, frank, fiona):
        closed(frank, fiona)

        with pytest.raises(DatabaseError, match="closed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ledger_entry (kind, idempotency_key, content_hash, batch, event_at)"
                " VALUES ('interest', 'k', sha256('x'), '', '2007-07-31 23:59:59+00')"
            )

    def test_two_persons_and_one_proposal_at_a_time(self, frank, fiona, alice):
        close = services.propose_close(first_open=AUGUST, reason="July is reported.", by=frank, now=NOW)

        with pytest.raises(services.NotTheSecond):
            services.decide_close(close=close, approve=True, by=frank, now=NOW)
        with pytest.raises(services.NotFinance):
            services.decide_close(close=close, approve=True, by=alice, now=NOW)
        with pytest.raises(services.BadClose):
            services.propose_close(first_open=JULY, reason="No.", by=fiona, now=NOW)
        services.decide_close(close=close, approve=False, by=fiona, now=NOW)
        with pytest.raises(MoveNotAllowed):
            services.decide_close(close=close, approve=True, by=fiona, now=NOW)
        assert selectors.closed_until() is None

    @pytest.mark.parametrize("day", [date(2007, 8, 2), date(2007, 10, 1)])
    def test_books_close_up_to_a_month_that_has_begun(self, frank, day):
        with pytest.raises(services.BadClose):
            services.propose_close(first_open=day, reason="Early.", by=frank, now=NOW)

    def test_opening_again_is_a_close_of_its_own(self, frank, fiona):
        closed(frank, fiona)
        closed(fiona, frank, JULY, "A remittance of July was forgotten.")

        _made, entry = booked(frank, date(2007, 7, 31))

        assert entry.event_at.date() == date(2007, 7, 31)

    def test_decided_close_stays_as_it_is(self, frank, fiona):
        close = closed(frank, fiona)

        with pytest.raises(DatabaseError), transaction.atomic():
            BooksClose.objects.filter(pk=close.pk).update(first_open=JULY)
        with pytest.raises(DatabaseError), transaction.atomic():
            BooksClose.objects.filter(pk=close.pk).update(status="refused")
        with pytest.raises(DatabaseError), transaction.atomic():
            BooksClose.objects.create(
                first_open=JULY, status="in_force", proposed_by=frank, proposed_at=NOW, decided_by=fiona, decided_at=NOW
            )

    def test_page_shows_what_is_open_takes_a_proposal_and_the_second_decides(self, frank, fiona, alice, client_of):
        url = reverse("payouts:closes")
        booked(frank, JULY)
        assert client_of(alice).get(url).status_code == 404
        assert client_of(frank).post(url, {"first_open": "2007-08", "reason": ""}).status_code == 422

        assert client_of(frank).post(url, {"first_open": "2007-08", "reason": "July is reported."}).status_code == 302
        close = BooksClose.objects.get()
        page = client_of(frank).get(url).content.decode()
        assert "another person must decide" in page
        assert "USD: books and bank are not shown to agree" in page
        decide = reverse("payouts:decide_close", args=[close.pk])
        assert client_of(frank).post(decide, {"decision": "approve"}).status_code == 302
        assert selectors.closed_until() is None
        assert client_of(fiona).post(decide, {"decision": "approve"}).status_code == 302
        assert selectors.closed_until() == AUGUST
        assert "July is reported." in client_of(fiona).get(url).content.decode()


@pytest.mark.slow
@pytest.mark.usefixtures("committed_db")
class TestAtOnce:
    def test_close_waits_for_no_long_entry_and_comes_in_force_after_it(self, frank, fiona):
        close = services.propose_close(first_open=AUGUST, reason="July is reported.", by=frank, now=NOW)
        written, may_commit = Event(), Event()

        def write():
            try:
                with transaction.atomic():
                    booked(frank, date(2007, 7, 31))
                    written.set()
                    may_commit.wait(30)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(write)
            written.wait(30)
            with pytest.raises(services.BooksBusy):
                services.decide_close(close=close, approve=True, by=fiona, now=NOW)
            booked(frank, date(2007, 7, 30), "F-2", "EUR")  # who writes elsewhere does not wait
            may_commit.set()
            writing.result(30)
        close.refresh_from_db()
        services.decide_close(close=close, approve=True, by=fiona, now=NOW)

        dated = Entry.objects.filter(event_at__lt=datetime(2007, 8, 1, tzinfo=UTC))
        assert dated.count() == 2
