"""Names on a sanctions list raise a case for a person, and stop nothing by themselves."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from catalog.models import HolderName, RightsHolder
from catalog.names import artist_key
from claims.services.evidence import party
from core.models import PartyKey
from core.workflow import MoveNotAllowed
from payouts import selectors, services
from payouts.models import SanctionsChoice, SanctionsEntry, SanctionsList, ScreeningCase
from tests import factories
from tests.payouts.paying import DAY, NOW, draft

pytestmark = pytest.mark.django_db
LIST = "number;name\nEU.1;Severnyy Veter\nEU.2;Somebody Else\nEU.2;Somebody Else\n"


@pytest.fixture
def paid_world(paid_world):
    """The money world, its label's name with the key a door would have written."""
    RightsHolder.objects.filter(pk=paid_world.label.pk).update(name_key=artist_key(paid_world.label.name))
    return paid_world


def upload(world, text=LIST, name="EU", by=None):
    return services.take_sanctions_list(name=name, content=text.encode(), by=by or world.frank, now=NOW)


def test_name_in_another_script_and_order_raises_a_case(paid_world):
    edition = upload(paid_world, "name\nВЕТЕР Северный\n")

    (case,) = ScreeningCase.objects.all()
    assert (case.holder, case.status, case.list_name) == (paid_world.label, "open", "EU")
    assert edition.entry_count == 1


def test_other_names_of_a_holder_are_looked_for_too(paid_world):
    other = factories.a_holder("Quite Another")
    HolderName.objects.create(holder=other, text="Somebody Else", name_key=artist_key("Somebody Else"))

    upload(paid_world)

    assert {case.holder for case in ScreeningCase.objects.all()} == {paid_world.label, other}


def test_case_keeps_nobody_out_of_a_payout_and_is_shown_beside_it(paid_world, client_of):
    upload(paid_world)

    batch = draft(paid_world)

    assert batch.payments.get(holder=paid_world.label).status == "drafted"
    page = client_of(paid_world.sue).get(f"/finance/payouts/{batch.public_id}/").content.decode()
    assert 'id="screened"' in page
    services.approve_batch(batch=batch, by=paid_world.sue, now=NOW)
    assert batch.payments.get(holder=paid_world.label).status == "approved"


def test_holder_who_came_after_the_list_is_found_when_a_payout_is_drafted(paid_world):
    label = RightsHolder.objects.filter(pk=paid_world.label.pk)
    later = label.values("name", "name_key").get()
    label.update(name="Before", name_key="before")
    upload(paid_world)
    assert not ScreeningCase.objects.exists()
    label.update(**later)

    draft(paid_world)

    assert ScreeningCase.objects.get().holder == paid_world.label


def test_name_on_a_bank_account_raises_a_case_of_its_holder(paid_world):
    """The account is Alice Example's, the label is called otherwise."""
    upload(paid_world, "number;name\nEU.4;EXAMPLE, Alice\nEU.5;Alice Other\n")

    (case,) = ScreeningCase.objects.all()
    assert (case.holder, case.number, case.entry.name) == (paid_world.label, "EU.4", "EXAMPLE, Alice")
    services.screen_everybody(choice_id=SanctionsChoice.objects.get().pk, now=NOW + DAY)
    assert ScreeningCase.objects.count() == 1


@pytest.mark.slow
def test_account_that_came_after_the_list_is_found_when_a_payout_is_drafted(paid_world):
    erased = factories.a_holder("Erased", owner=paid_world.alice)
    factories.a_payee(erased, by=paid_world.alice, second=paid_world.frank, now=NOW - 30 * DAY)
    PartyKey.objects.filter(party=party(erased)).update(wrapped=None, erased_at=NOW)
    upload(paid_world, "number;name\nEU.4;Charlie Example\n")
    assert not ScreeningCase.objects.exists()
    account = factories.an_account("gb", name="Charlie Example")
    proposed = services.propose_payee(
        holder=paid_world.label, account=account, currency="GBP", by=paid_world.alice, now=NOW
    )

    batch = draft(paid_world)

    assert ScreeningCase.objects.get().holder == paid_world.label
    services.end_payee(payee=proposed, reason="Mistyped.", by=paid_world.alice, now=NOW)
    draft(paid_world)
    assert ScreeningCase.objects.count() == 1
    assert batch.payments.get(holder=paid_world.label).reason == "account_changes"


def test_the_same_list_again_and_the_next_edition_raise_no_second_case(paid_world):
    first = upload(paid_world)
    assert upload(paid_world) == first
    services.decide_screening(
        case=ScreeningCase.objects.get(), same=False, reason="Born elsewhere.", by=paid_world.frank, now=NOW
    )

    upload(paid_world, LIST + "EU.3;Newcomer\n")
    services.screen_holders(holder_ids=[paid_world.label.pk], now=NOW + DAY)

    assert ScreeningCase.objects.get().status == "cleared"
    assert SanctionsList.objects.count() == 2
    assert selectors.editions_in_force() == [SanctionsList.objects.latest("pk").pk]


def test_an_earlier_edition_is_put_in_force_again_and_everybody_is_looked_for_by_it(paid_world, client_of):
    first = upload(paid_world, "number;name\nEU.9;Nobody Known\n")
    second = upload(paid_world, "number;name\nEU.7;Another Nobody\n")
    HolderName.objects.create(holder=paid_world.label, text="Nobody Known", name_key=artist_key("Nobody Known"))
    page = reverse("payouts:screening")
    again = client_of(paid_world.frank).post(
        page, {"name": "EU", "file": SimpleUploadedFile("a.csv", b"number;name\nEU.9;Nobody Known\n")}, follow=True
    )
    assert "kept already" in again.content.decode()
    assert selectors.editions_in_force() == [second.pk]

    client_of(paid_world.frank).post(reverse("payouts:choose_sanctions_list", kwargs={"edition_id": first.public_id}))

    assert selectors.editions_in_force() == [first.pk]
    assert ScreeningCase.objects.get().entry.edition == first
    assert services.screenings_due() == []
    assert "edition 2" in client_of(paid_world.frank).get(page).content.decode()


def test_decision_needs_finance_words_and_nobody_of_the_holder(paid_world, rita):
    upload(paid_world)
    case = ScreeningCase.objects.get()

    with pytest.raises(services.NotFinance):
        services.decide_screening(case=case, same=True, reason="x", by=rita, now=NOW)
    with pytest.raises(services.ReasonMissing):
        services.decide_screening(case=case, same=True, reason=" ", by=paid_world.frank, now=NOW)
    paid_world.label.members.create(user=paid_world.sue, role="reader")
    with pytest.raises(services.OwnHolder):
        services.decide_screening(case=case, same=True, reason="x", by=paid_world.sue, now=NOW)
    services.decide_screening(case=case, same=True, reason="Same birthday.", by=paid_world.frank, now=NOW)
    with pytest.raises(MoveNotAllowed):
        services.decide_screening(case=case, same=False, reason="x", by=paid_world.frank, now=NOW)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"A\0B\n", b"name;number\n;1\n"])
def test_what_is_no_list_is_refused(paid_world, content):
    with pytest.raises(services.BadSanctionsList):
        services.take_sanctions_list(name="EU", content=content, by=paid_world.frank, now=NOW)
    with pytest.raises(services.BadSanctionsList):
        services.take_sanctions_list(name=" ", content=b"name\nX\n", by=paid_world.frank, now=NOW)


def test_lists_are_kept_as_uploaded(paid_world):
    upload(paid_world)

    with pytest.raises(DatabaseError), transaction.atomic():
        SanctionsEntry.objects.update(name="x")


def test_screening_from_upload_to_decision_on_the_page(paid_world, client_of, stranger):
    browser = client_of(paid_world.frank)

    sent = browser.post("/finance/screening/", {"name": "UN", "file": SimpleUploadedFile("l.csv", LIST.encode())})

    assert sent.status_code == 302
    case = ScreeningCase.objects.get()
    assert "Severnyy Veter" in browser.get("/finance/screening/").content.decode()
    address = f"/finance/screening/{case.public_id}/decide/"
    assert client_of(stranger).post(address).status_code == 404
    browser.post(address, {"decision": "same"})
    assert ScreeningCase.objects.get().status == "open", "a decision says why"
    browser.post(address, {"decision": "same", "reason": "Same birthday."})
    assert ScreeningCase.objects.get().status == "confirmed"
    bad = browser.post("/finance/screening/", {"name": "UN", "file": SimpleUploadedFile("l.csv", b"\xff\xfe")})
    assert bad.status_code == 422
