"""What a holder is told: balances, the way down to the accrual, and statements with a hash."""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import services as catalog
from catalog.models import RightsShare, TerritorySet
from core import vault
from core.money import Money
from ledger import chart, recipes
from ledger import services as ledger
from payouts import selectors, services
from payouts.formats.statement_csv import ALWAYS, WORDINGS, as_csv, digest
from tests import factories
from tests.payouts.world import NOW, award, posted_report

pytestmark = pytest.mark.django_db
D = Decimal
YEAR = {"start": date(2007, 1, 1), "end": date(2008, 1, 1)}


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode())))


def pay_may(world, amount="30.01"):
    services.record_remittance(
        licensee=world.licensee,
        payer="Xrost",
        amount=Money(D(amount), "USD"),
        received_date=date(2007, 7, 20),
        reference="XR-1",
        allocations=[services.Allocation(world.may)],
        by=world.frank,
        now=NOW,
    )


def choose(world, choice):
    RightsShare.objects.create(
        holder=world.label,
        track=world.kino,
        right="phonogram",
        percent=100,
        territories=TerritorySet.objects.create(bits=1, label="x"),
        choice=choice,
        source="test",
    )


def test_statement_shows_opening_movements_and_closing(world):
    pay_may(world)

    facts = selectors.statement_facts(holder=world.label, **YEAR)

    assert facts.opening == ()
    assert [(m.place, m.report, m.amount) for m in facts.movements] == [
        ("payable", world.may.public_id, D("10.00000001")),
        ("held", world.june.public_id, D("3.33333333")),
    ]
    assert [(s.place, s.amount, s.received, s.waiting) for s in facts.closing] == [
        ("held", D("3.33333333"), D(0), D("3.33333333")),
        ("payable", D("10.00000001"), D("10.00000001"), D(0)),
    ]


def test_opening_of_a_later_period_is_the_closing_of_the_earlier(world):
    first = selectors.statement_facts(holder=world.label, start=date(2007, 7, 1), end=date(2007, 7, 3))
    second = selectors.statement_facts(holder=world.label, start=date(2007, 7, 3), end=date(2007, 8, 1))

    assert second.opening == first.closing == second.closing
    assert list(second.movements) == []


def test_file_has_the_facts_of_the_page_to_the_last_digit(world):
    choose(world, "pay")
    rows = rows_of(as_csv(selectors.statement_facts(holder=world.label, **YEAR)))

    movements = [row for row in rows if row["row"] == "movement"]
    assert [(row["amount"], row["received"], row["waiting"]) for row in movements] == [
        ("10.00000001", "0.00000000", "10.00000001"),
        ("3.33333333", "0.00000000", "3.33333333"),
    ]
    assert movements[0]["title"] == "Группа крови"
    assert movements[0]["choice"] == "pay"
    texts = [row["text"] for row in rows if row["row"] == "text"]
    assert ALWAYS in texts
    assert WORDINGS["reserve"] not in texts


def test_reserving_holder_reads_the_reservation(world):
    choose(world, "reserve")

    facts = selectors.statement_facts(holder=world.label, **YEAR)

    assert facts.wording == "reserve"
    assert WORDINGS["reserve"] in as_csv(facts).decode()


def test_text_that_looks_like_a_formula_stays_text(world):
    world.kino.title = "=HYPERLINK(1)"
    world.kino.save()

    rows = rows_of(as_csv(selectors.statement_facts(holder=world.label, **YEAR)))

    assert {row["title"] for row in rows if row["row"] == "movement"} == {"'=HYPERLINK(1)"}


def test_same_facts_are_the_same_file_and_one_kept_statement(world):
    first = services.keep_statement(holder=world.label, by=world.alice, now=NOW, **YEAR)

    assert services.keep_statement(holder=world.label, by=world.alice, now=NOW, **YEAR) == first
    pay_may(world)
    assert services.keep_statement(holder=world.label, by=world.alice, now=NOW, **YEAR).sha256 != first.sha256


def test_only_who_may_act_for_the_holder_keeps_a_statement(world):
    for person in (world.bob, world.stranger, world.frank):
        with pytest.raises(services.MayNotKeep):
            services.keep_statement(holder=world.label, by=person, now=NOW, **YEAR)


def test_kept_statement_is_sealed_and_gone_with_the_key_of_its_holder(world):
    kept = services.keep_statement(holder=world.label, by=world.alice, now=NOW, **YEAR)

    with default_storage.open(kept.stored) as file:
        stored = file.read()
    assert "Северный".encode() not in stored
    assert digest(services.open_statement(kept)) == kept.sha256
    vault.erase(f"holder:{world.label.pk}", now=NOW)
    with pytest.raises(vault.PartyErased):
        services.open_statement(kept)


def test_statement_needs_a_day(world):
    with pytest.raises(selectors.StatementPeriod):
        selectors.statement_facts(holder=world.label, start=date(2007, 1, 1), end=date(2007, 1, 1))


class TestPages:
    """The pages of a holder's money."""

    def chain(self, world):
        base = f"/money/{world.label.public_id}"
        track = f"{base}/tracks/{world.kino.public_id}/phonogram"
        return [
            f"{base}/",
            f"{base}/in/payable/USD/",
            f"{track}/",
            f"{track}/{world.may.public_id}/",
            f"{base}/statement/",
            f"{base}/statement.csv",
        ]

    def test_every_amount_leads_down_to_the_accrual(self, world, client_of):
        browser = client_of(world.alice)
        addresses = self.chain(world)[:4]

        for address, following in pairwise(addresses):
            page = browser.get(address).content.decode()
            assert 'value="10.00000001"' in page
            assert f'href="{following}"' in page
        assert 'value="10.00000001"' in browser.get(addresses[-1]).content.decode()

    def test_reader_sees_all_and_keeps_nothing(self, world, client_of):
        browser = client_of(world.bob)

        assert {browser.get(address).status_code for address in self.chain(world)} == {200}
        assert browser.post(f"/money/{world.label.public_id}/statement/keep/").status_code == 404

    def test_stranger_and_store_see_nothing(self, world, client_of):
        for person in (world.stranger, world.store):
            for address in self.chain(world):
                assert client_of(person).get(address).status_code == 404

    def test_visitor_is_asked_to_log_in(self, world, client):
        for address in self.chain(world):
            assert client.get(address).status_code == 302

    def test_finance_sees_any_holder(self, world, client_of):
        assert client_of(world.frank).get(self.chain(world)[0]).status_code == 200

    def test_wrong_method_is_refused(self, world, client_of):
        for address in self.chain(world):
            assert client_of(world.alice).post(address).status_code == 405

    def test_track_without_money_of_the_holder_is_404(self, world, client_of):
        base = f"/money/{world.label.public_id}/tracks"

        for address in (
            f"{base}/{world.star.public_id}/phonogram/",
            f"{base}/{world.kino.public_id}/work/",
            f"{base}/{world.kino.public_id}/nonsense/",
            f"/money/{world.label.public_id}/in/nowhere/USD/",
        ):
            assert client_of(world.alice).get(address).status_code == 404

    def test_statement_page_and_file_agree_on_the_hash(self, world, client_of):
        browser = client_of(world.alice)
        base = f"/money/{world.label.public_id}"
        query = "?start=2007-01-01&end=2008-01-01"

        file = browser.get(f"{base}/statement.csv{query}")

        assert digest(file.getvalue()) == file["X-Content-SHA256"]
        page = browser.get(f"{base}/statement/{query}").content.decode()
        assert file["X-Content-SHA256"] in page
        assert "AllofMP3" in page

    def test_long_statement_is_read_in_pieces_and_says_its_hash_with_the_file(self, world, client_of, monkeypatch):
        whole = as_csv(selectors.statement_facts(holder=world.label, **YEAR))
        for name in ("selectors.statement.PIECE", "formats.statement_csv.PIECE", "formats.statement_csv.HASHED_MAX"):
            monkeypatch.setattr(f"payouts.{name}", 1)
        browser, base = client_of(world.alice), f"/money/{world.label.public_id}"
        query = {"start": "2007-01-01", "end": "2008-01-01"}

        file = browser.get(f"{base}/statement.csv", query)

        assert file.getvalue() == whole
        assert file["X-Content-SHA256"] == digest(whole)
        assert digest(whole) not in browser.get(f"{base}/statement/", query).content.decode()
        body = browser.get("/api/v1/statements/", {"holder": world.label.public_id, **query}).json()
        assert (body["sha256"], body["count"]) == (None, 2)

    def test_period_stays_in_the_form_in_russian_too(self, world, client_of):
        client = client_of(world.alice)
        client.cookies["django_language"] = "ru"

        page = client.get(f"/money/{world.label.public_id}/statement/").content.decode()

        assert len(re.findall(r'<input type="date" name="(?:start|end)" value="\d{4}-\d\d-\d\d"', page)) == 2

    def test_kept_statement_stays_as_it_was(self, world, client_of):
        browser = client_of(world.alice)
        base = f"/money/{world.label.public_id}"
        query = {"start": "2007-01-01", "end": "2008-01-01"}
        before = browser.get(f"{base}/statement.csv", query).getvalue()

        kept = browser.post(f"{base}/statement/keep/", query)
        pay_may(world)

        assert browser.get(kept.url).getvalue() == before
        assert client_of(world.bob).get(kept.url).getvalue() == before
        assert browser.get(f"{base}/statement.csv", query).getvalue() != before

    def test_statement_of_an_erased_holder_is_404(self, world, client_of):
        kept = services.keep_statement(holder=world.label, by=world.alice, now=NOW, **YEAR)
        vault.erase(f"holder:{world.label.pk}", now=NOW)

        address = f"/money/{world.label.public_id}/statements/{kept.public_id}.csv"
        assert client_of(world.alice).get(address).status_code == 404

    def test_removed_member_sees_nothing_more(self, world, client_of):
        kept = services.keep_statement(holder=world.label, by=world.alice, now=NOW, **YEAR)
        catalog.remove_member(holder=world.label, user=world.bob, by=world.alice, now=NOW)

        for address in [*self.chain(world), f"/money/{world.label.public_id}/statements/{kept.public_id}.csv"]:
            assert client_of(world.bob).get(address).status_code == 404

    def test_balance_in_the_list_leaves_out_what_was_paid(self, world, client_of):
        part = [recipes.Part(chart.track_item(world.kino.pk, "phonogram"), world.may.pk, D("10.00000001"))]
        who = {"owner": chart.holder(world.label.pk), "currency": "USD", "parts": part}
        for kind in ("payout", "settlement"):
            lines = getattr(recipes, kind)(**who)
            ledger.post_entry(kind=kind, idempotency_key=kind, event_at=NOW, postings=lines)
        cash = recipes.disbursement(owner=who["owner"], currency="USD", net=D("10.00000001"))
        ledger.post_entry(kind="disbursement", idempotency_key="cash", event_at=NOW, postings=cash)

        assert selectors.totals_of([world.label]) == {world.label.pk: [Money(D("3.33333333"), "USD")]}

    def test_finance_lists_holders_with_totals_at_a_fixed_cost(self, world, client_of, django_assert_max_num_queries):
        browser = client_of(world.frank)
        factories.a_holder("Empty hands")

        page = browser.get("/money/").content.decode()

        assert 'value="13.33333334"' in page
        assert "Empty hands" in page
        for number in range(5):
            factories.a_holder(f"Holder {number}")
        with django_assert_max_num_queries(12):
            browser.get("/money/")

    @pytest.mark.parametrize("page", ["in/payable/USD/", "statement/"])
    def test_pages_of_money_cost_the_same_for_many_tracks(self, world, client_of, page):
        browser, address = client_of(world.alice), f"/money/{world.label.public_id}/{page}"

        def cost():
            with CaptureQueriesContext(connection) as queries:
                browser.get(address)
            return len(queries)

        cost()
        for_one = cost()
        tracks = [factories.a_track(f"More {number}") for number in range(4)]
        report = posted_report(world.licensee, date(2007, 3, 1), {(track, "phonogram"): D(1) for track in tracks})
        for track in tracks:
            award(world.label, track, "phonogram", report, D(1))

        assert cost() == for_one <= 37
        assert browser.get(address).content.decode().count("More ") == 4

    def test_period_without_a_day_is_told(self, world, client_of):
        page = client_of(world.alice).get(f"/money/{world.label.public_id}/statement/?start=2007-02-01&end=2007-01-01")

        assert page.status_code == 422

    def test_money_leads_to_the_only_holder(self, world, client_of):
        assert client_of(world.alice).get("/money/").url == f"/money/{world.label.public_id}/"
        assert client_of(world.stranger).get("/money/").status_code == 200


class TestFinancePages:
    """Amounts due and payments."""

    def form(self, world, **changes):
        return {
            "licensee": world.licensee.pk,
            "payer": "Xrost",
            "amount": "30.01",
            "currency": "USD",
            "received_date": "2007-07-20",
            "reference": "XR-7",
            "reports": [world.may.public_id],
        } | changes

    def test_finance_enters_a_payment(self, world, client_of):
        browser = client_of(world.frank)

        assert browser.post("/finance/remittances/", self.form(world)).status_code == 302
        page = browser.get("/finance/remittances/").content.decode()
        assert 'value="30.01' in page
        assert "XR-7" in page
        assert selectors.outstanding([world.may.pk])[world.may.pk, "USD"] == 0

    @pytest.mark.parametrize("changes", [{"amount": "30.001"}, {"amount": "x"}, {"reports": ["RPT-0"]}, {"payer": ""}])
    def test_faulty_payment_is_told(self, world, client_of, changes):
        assert client_of(world.frank).post("/finance/remittances/", self.form(world, **changes)).status_code == 422

    def test_refused_payment_is_told(self, world, client_of):
        browser = client_of(world.frank)
        browser.post("/finance/remittances/", self.form(world))

        page = browser.post("/finance/remittances/", self.form(world, amount="31.00"))

        assert page.status_code == 422
        assert "entered before" in page.content.decode()

    def test_store_reads_its_own_and_enters_nothing(self, world, client_of):
        services.issue_amounts_due(report=world.may, now=NOW)
        browser = client_of(world.store)

        assert "ALLOFMP3-00001" in browser.get("/finance/amounts-due/").content.decode()
        assert browser.get("/finance/remittances/").status_code == 200
        assert browser.post("/finance/remittances/", self.form(world)).status_code == 404

    def test_credits_of_many_stores_cost_as_much_as_of_one(self, world, django_assert_num_queries):
        from sales.models import Licensee

        for number in range(3):
            other = Licensee.objects.create(code=f"other{number}", name=f"Other {number}")
            for currency in ("USD", "EUR"):
                services.record_remittance(
                    licensee=other, payer="x", amount=Money(D(number + 1), currency), received_date=date(2007, 7, 20),
                    reference=f"{number}{currency}", allocations=[], by=world.frank, now=NOW,
                )  # fmt: skip

        with django_assert_num_queries(3):
            credits = selectors.credits_for(world.frank)

        assert [(store.code, str(credit)) for store, credit in credits][:2] == [
            ("other0", "1 EUR"),
            ("other0", "1 USD"),
        ]
        assert len(credits) == 6

    def test_others_see_nothing(self, world, client_of):
        for person in (world.alice, world.stranger):
            assert client_of(person).get("/finance/amounts-due/").status_code == 404
            assert client_of(person).get("/finance/remittances/").status_code == 404
