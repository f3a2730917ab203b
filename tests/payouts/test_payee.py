"""Bank accounts: what is refused, that two persons are needed, that everybody is told, and that money waits."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from catalog import services as catalog
from catalog.models import HolderMember
from core import vault
from core.workflow import MoveNotAllowed, events_of
from payouts import selectors, services, tasks
from payouts.formats.account import BadAccount, BankAccount, read_account
from payouts.models import Payee, PayeeNotice
from tests import factories
from tests.conftest import person

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)
GOOD = {"name": "Alice Example", "account": "DE89370400440532013000", "bank": "COBADEFF"}


@pytest.fixture
def label(alice, bob):
    return factories.a_holder("Северный ветер", owner=alice, reader=bob)


def propose(holder, by, account=None, currency="EUR"):
    account = account or factories.an_account()
    return services.propose_payee(holder=holder, account=account, currency=currency, by=by, now=NOW)


@pytest.mark.parametrize("scheme", ["iban", "ru", "us", "gb", "other"])
def test_every_kind_of_account_is_read_in_one_spelling_and_comes_back(scheme):
    account = factories.an_account(scheme)

    assert " " not in account.account + account.bank
    assert BankAccount.from_json(account.as_json()) == account


@pytest.mark.parametrize(
    ("scheme", "changed", "field", "code"),
    [
        ("iban", {"account": "DE89370400440532013001"}, "account", "iban_wrong"),
        ("iban", {"account": "DE8937040044053201300"}, "account", "iban_wrong"),
        ("iban", {"account": "FR7630006000011234567890189"}, "bank", "bank_in_another_country"),
        ("iban", {"bank": "COBADEF"}, "bank", "bic_wrong"),
        ("iban", {"name": "  "}, "name", "name_missing"),
        ("iban", {"intermediary": "CHASUS33"}, "intermediary", "intermediary_needless"),
        ("ru", {"account": "40702810038000000001"}, "account", "russian_account_wrong"),
        ("ru", {"account": "4070281093800000000"}, "account", "russian_account_wrong"),
        ("ru", {"bank": "944525225"}, "bank", "bik_wrong"),
        ("ru", {"correspondent": "30101810500000000225"}, "correspondent", "correspondent_wrong"),
        ("us", {"bank": "021000022"}, "bank", "routing_number_wrong"),
        ("us", {"account": "12"}, "account", "account_wrong"),
        ("gb", {"bank": "12345"}, "bank", "sort_code_wrong"),
        ("gb", {"account": "1234567"}, "account", "account_wrong"),
        ("other", {"intermediary": "NOBANK"}, "intermediary", "bic_wrong"),
        ("other", {"account": "1€"}, "account", "account_wrong"),
    ],
)
def test_wrong_account_is_refused_naming_the_field(scheme, changed, field, code):
    with pytest.raises(BadAccount) as refused:
        factories.an_account(scheme, **changed)

    assert (refused.value.field, refused.value.code) == (field, code)


def test_bank_of_a_place_that_shares_the_iban_is_taken():
    account = {"account": "FR1420041010050500013M02606", "bank": "AGRIMQMX"}

    assert read_account(scheme="iban", name="Alice", **account).country == "FR"


def test_account_rests_sealed_and_dies_with_the_holder(label, alice):
    payee = propose(label, alice)

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(p::text, ' ') FROM payouts_payee p")
        (stored,) = cursor.fetchone()
    for secret in (GOOD["account"], GOOD["name"]):
        assert secret not in stored
        assert secret.encode().hex() not in stored
    assert services.open_payee(payee=payee).account == "DE89370400440532013000"
    vault.erase(f"holder:{label.pk}", now=NOW)
    with pytest.raises(vault.PartyErased):
        services.open_payee(payee=payee)


def test_only_who_may_act_for_the_holder_proposes(label, bob, charlie, frank):
    for somebody in (bob, charlie, frank):
        with pytest.raises(services.MayNotChangePayee):
            propose(label, somebody)


def test_account_is_paid_in_its_country_s_currency_only(label, alice):
    with pytest.raises(services.BadCurrency):
        propose(label, alice, factories.an_account("ru"), currency="USD")


def test_second_person_is_another_one_and_never_a_reader(label, alice, bob, charlie, rita):
    payee = propose(label, alice)

    for somebody in (alice, bob, charlie, rita):
        with pytest.raises(services.NotTheSecond):
            services.confirm_payee(payee=payee, by=somebody, now=NOW)


def test_colleague_confirms_for_an_organisation_and_not_for_a_person(alice, charlie, frank):
    label, artist = factories.a_holder(owner=alice), factories.a_holder(owner=alice, kind="person")
    for holder in (label, artist):
        HolderMember.objects.create(holder=holder, user=charlie, role="editor")

    assert services.confirm_payee(payee=propose(label, alice), by=charlie, now=NOW).status == "confirmed"
    with pytest.raises(services.NotTheSecond):
        services.confirm_payee(payee=propose(artist, alice), by=charlie, now=NOW)
    assert services.confirm_payee(payee=Payee.objects.get(holder=artist), by=frank, now=NOW).status == "confirmed"


def test_a_colleague_let_in_after_the_change_was_asked_or_lately_is_no_second_person(label, alice, charlie):
    catalog.add_member(holder=label, user=charlie, role="editor", by=alice, now=NOW - 3 * DAY)
    payee = propose(label, alice)

    with pytest.raises(services.NotTheSecond, match="7 days"):
        services.confirm_payee(payee=payee, by=charlie, now=NOW)
    assert services.confirm_payee(payee=payee, by=charlie, now=NOW + 4 * DAY).status == "confirmed"


@pytest.mark.slow
@pytest.mark.parametrize("broken", ["never", "reader", "removed"])
def test_a_break_in_acting_for_a_holder_begins_the_days_anew(label, alice, charlie, broken):
    catalog.add_member(holder=label, user=charlie, role="editor", by=alice, now=NOW - 90 * DAY)
    if broken == "reader":
        catalog.add_member(holder=label, user=charlie, role="reader", by=alice, now=NOW - 60 * DAY)
    elif broken == "removed":
        catalog.remove_member(holder=label, user=charlie, by=alice, now=NOW - 60 * DAY)
    if broken != "never":
        catalog.add_member(holder=label, user=charlie, role="owner", by=alice, now=NOW + DAY)
    payee = propose(label, alice)

    if broken == "never":
        assert services.confirm_payee(payee=payee, by=charlie, now=NOW).status == "confirmed"
    else:
        with pytest.raises(services.NotTheSecond):
            services.confirm_payee(payee=payee, by=charlie, now=NOW + 90 * DAY)


def test_finance_confirms_nothing_for_a_holder_of_its_own(label, alice, frank):
    HolderMember.objects.create(holder=label, user=frank, role="reader")

    with pytest.raises(services.NotTheSecond):
        services.confirm_payee(payee=propose(label, alice), by=frank, now=NOW)


def test_database_itself_wants_two_persons_and_one_account(label, alice, frank):
    payee = propose(label, alice)
    confirmed = {"confirmed_at": NOW, "payable_from": NOW, "status": "confirmed"}
    with pytest.raises(IntegrityError, match="confirmed_by_another"), transaction.atomic():
        Payee.objects.filter(pk=payee.pk).update(confirmed_by=alice, **confirmed)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Payee.objects.filter(pk=payee.pk).update(sealed=b"other")
    services.confirm_payee(payee=payee, by=frank, now=NOW)
    second = propose(label, alice, factories.an_account("us"), "USD")

    with pytest.raises(IntegrityError, match="payee_one_confirmed"), transaction.atomic():
        Payee.objects.filter(pk=second.pk).update(confirmed_by=frank, **confirmed)


def test_nothing_is_paid_while_a_change_waits_nor_in_its_cooling_off(label, alice, frank):
    def state(now):
        payees, faults = selectors.payees_in_force([label.pk], now)
        return faults.get(label.pk) or payees[label.pk].public_id

    assert state(NOW) == "no_payee"
    first = propose(label, alice)
    assert state(NOW) == "account_changes"
    services.confirm_payee(payee=first, by=frank, now=NOW)
    assert state(NOW + 6 * DAY) == "cooling_off"
    assert state(NOW + 7 * DAY) == first.public_id
    second = propose(label, alice, factories.an_account("us"), "USD")
    assert state(NOW + 30 * DAY) == "account_changes"
    services.confirm_payee(payee=second, by=frank, now=NOW + 30 * DAY)
    assert state(NOW + 31 * DAY) == "cooling_off"


def test_stopped_account_gives_its_place_back_to_the_one_before(label, alice, frank):
    first = services.confirm_payee(payee=propose(label, alice), by=frank, now=NOW)
    second = propose(label, alice, factories.an_account("us"), "USD")
    second = services.confirm_payee(payee=second, by=frank, now=NOW + 8 * DAY)

    services.end_payee(payee=second, reason="It was not us.", by=alice, now=NOW + 9 * DAY)

    payees, faults = selectors.payees_in_force([label.pk], NOW + 9 * DAY)
    assert (payees[label.pk], faults) == (first, {})
    with pytest.raises(MoveNotAllowed):
        services.confirm_payee(payee=second, by=frank, now=NOW + 10 * DAY)


def test_ending_needs_words(label, alice):
    with pytest.raises(services.ReasonMissing):
        services.end_payee(payee=propose(label, alice), reason=" ", by=alice, now=NOW)


def test_same_proposal_twice_is_one_and_another_waits_its_turn(label, alice):
    assert propose(label, alice) == propose(label, alice)
    with pytest.raises(services.PayeeWaits):
        propose(label, alice, factories.an_account("us"), "USD")


def test_everybody_is_told_at_every_address_known_then(label, alice, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    EmailAddress.objects.create(user=alice, email="old@example.org", verified=True)

    propose(label, alice)

    told = {address for mail in mailoutbox for address in mail.to}
    assert told == {"alice@example.org", "old@example.org", "bob@example.org"}
    assert all("/payees/" in mail.body and "DE89" not in mail.body + mail.subject for mail in mailoutbox)
    tasks.sweep_payee_notices()
    assert len(mailoutbox) == 3, "nobody is told twice"
    assert not PayeeNotice.objects.exclude(state="delivered").exists()


def test_same_account_of_another_holder_is_shown_to_finance(label, alice, charlie, frank):
    other = factories.a_holder("Rival", owner=charlie)
    propose(other, charlie)

    assert [payee.holder for payee in selectors.same_account(propose(label, alice))] == [other]


def test_hold_stops_and_only_another_person_lifts_it(label, frank, rita):
    supervisor = person("sue")
    supervisor.role = "supervisor"
    supervisor.save()
    services.order_hold(holder=label, reason="A letter from the court.", by=frank, now=NOW)

    assert services.order_hold(holder=label, reason="Again", by=rita, now=NOW).ordered_by == frank
    with pytest.raises(services.NotTheSecond):
        services.lift_hold(holder=label, reason="Done", by=frank, now=NOW)
    services.lift_hold(holder=label, reason="Done", by=supervisor, now=NOW)
    assert selectors.hold_of(label) is None
    with pytest.raises(services.NothingHeld):
        services.lift_hold(holder=label, reason="Done", by=supervisor, now=NOW)


# Pages --------------------------------------------------------------------------------------------------------------
def test_account_goes_from_the_form_to_the_second_person(label, alice, bob, frank, client_of):
    pages = f"/money/{label.public_id}/payees/"
    browser = client_of(alice)

    form = browser.post(f"{pages}new/", {"scheme": "iban", **GOOD, "currency": "eur", "bank": "AGRIFRPP"})
    assert form.status_code == 422
    assert "another country" in form.content.decode()
    assert browser.post(f"{pages}new/", {"scheme": "iban", **GOOD, "currency": "eur"}).status_code == 302
    payee = Payee.objects.get()
    page = browser.get(pages).content.decode()
    assert "3000" in page
    assert "DE89" not in page
    assert f"{payee.public_id}/confirm/" not in page, "who entered it does not confirm it"
    assert f"{payee.public_id}/end/" in page
    assert "confirm/" not in client_of(bob).get(pages).content.decode()

    finance = client_of(frank)
    assert payee.public_id in finance.get("/finance/payees/").content.decode()
    shown = finance.get(f"/finance/payees/{payee.public_id}/").content.decode()
    assert "DE89370400440532013000" in shown
    assert "none of the holder" in shown
    assert [event.to_status for event in events_of(payee)] == ["proposed", "looked"]
    finance.post(f"{pages}{payee.public_id}/confirm/")
    assert Payee.objects.get().status == "confirmed"


def test_home_of_finance_names_what_waits(label, alice, frank, client_of):
    url, waits = reverse("dashboard"), reverse("payouts:payees_waiting")
    assert 'id="duties"' not in client_of(frank).get(url).content.decode()

    propose(label, alice)

    assert waits in client_of(frank).get(url).content.decode()
    assert selectors.duties_of(frank) == [selectors.Duty("payee", 1)]
    assert selectors.duties_of(alice) == []


def test_nobody_touches_an_account_without_showing_again_who_they_are(label, alice, frank, client_of):
    payee, pages = propose(label, alice), f"/money/{label.public_id}/payees/"
    browser = client_of(alice, seconds=3600)

    typed = browser.post(f"{pages}new/", {"scheme": "iban", **GOOD, "currency": "EUR"})
    assert (typed.status_code, typed.url) == (302, f"{pages}new/")
    for answer in (
        browser.get(f"{pages}new/"),
        client_of(frank, seconds=3600).post(f"{pages}{payee.public_id}/confirm/"),
        client_of(frank, seconds=3600).get(f"/finance/payees/{payee.public_id}/"),
    ):
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/reauthenticate/")
    assert Payee.objects.get() == payee
    assert not any("DE89" in str(value) for value in browser.session.values())
    assert Payee.objects.get().status == "proposed"


def test_reader_changes_nothing_and_a_stranger_sees_nothing(label, alice, bob, stranger, client_of):
    payee, pages = propose(label, alice), f"/money/{label.public_id}/payees/"

    assert client_of(bob).get(pages).status_code == 200
    assert client_of(bob).get(f"{pages}new/").status_code == 404
    client_of(bob).post(f"{pages}{payee.public_id}/end/", {"reason": "x"})
    assert Payee.objects.get().status == "proposed"
    assert client_of(stranger).get(pages).status_code == 404


def test_finance_stops_payments_on_the_page(label, frank, client_of):
    pages = f"/money/{label.public_id}"

    client_of(frank).post(f"{pages}/hold/", {"reason": "A letter from the court."})

    assert "stopped by a person" in client_of(frank).get(f"{pages}/payees/").content.decode()
