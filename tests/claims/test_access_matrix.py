"""Who opens and changes what of a holder: nobody, stranger, viewer, removed member, rival, owner of a suspended one.

Every page, file and JSON address about a holder, its people, documents and agents is opened and written to as each of
them; what a writing door answered is compared with what stands in the database before and after.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from catalog import services as catalog
from catalog.models import Authority, HolderIdentifier, HolderInvitation, HolderMember, HolderName, RightsHolder
from claims import services
from claims.models import EvidenceDocument, EvidenceUse
from core.models import Event
from tests import factories

pytestmark = pytest.mark.django_db
KEPT = (Authority, HolderIdentifier, HolderInvitation, HolderMember, HolderName, EvidenceDocument, EvidenceUse)


@pytest.fixture
def world(alice, bob, charlie, stranger, rita):
    """Alice's label with everything a holder can have; Bob may read, Charlie is a rival, one more was removed."""
    from tests.conftest import person

    now, gone = timezone.now(), person("gone")
    label = factories.a_holder("Alice Records", owner=alice, reader=bob)
    agency = factories.a_holder("Agency", owner=person("agent"))
    factories.a_holder("Rival", owner=charlie)
    catalog.add_member(holder=label, user=gone, role="owner", by=alice, now=now)
    claim = factories.a_claim(gone, label, filed=False)
    document = services.add_evidence(
        holder=label, name="a.txt", content=b"proof", kind="contract", by=gone, now=now, claim=claim
    )
    spare = services.add_evidence(holder=label, name="b.txt", content=b"more", kind="contract", by=gone, now=now)
    invitation = catalog.invite_member(holder=label, email="x@example.org", role="owner", by=alice, now=now)
    paper = factories.an_authority(label, agency)
    catalog.remove_member(holder=label, user=gone, by=alice, now=now)
    return {
        "holder": label.public_id,
        "claim": claim.public_id,
        "document": document.public_id,
        "spare": spare.public_id,
        "invitation": invitation.public_id,
        "paper": paper.public_id,
        "agency": agency.public_id,
        "gone": gone,
    }


READS = [
    "/owners/{holder}/",
    "/owners/{holder}/people/",
    "/owners/{holder}/documents/",
    "/owners/{holder}/agents/",
    "/documents/{document}/",
    "/evidence/{document}/",
    "/authorities/{paper}/",
    "/claims/{claim}/",
    "/money/{holder}/",
    "/api/v1/holders/{holder}/",
    "/api/v1/holders/{holder}/members/",
    "/api/v1/authorities/{paper}/",
]


def writes(world):
    """Every door that changes something of the holder, with a body that would work for its owner."""
    today = str(timezone.now().date())
    scope = {"purposes": ["collect"], "rights": ["work"], "where": "world"}
    letter = {"file": SimpleUploadedFile("l.txt", b"letter"), "name": "X", "kind": "person"}
    upload = {"kind": "contract", "file": SimpleUploadedFile("c.txt", b"c")}
    doors = {
        "/owners/{holder}/edit/": {"name": "Taken", "kind": "person", "country": ""},
        "/owners/{holder}/names/": {"text": "Taken"},
        "/owners/{holder}/numbers/": {"scheme": "inn", "value": "7707083893"},
        "/owners/{holder}/answer/": {"text": "Verify me."},
        "/owners/{holder}/people/": {"email": "puppet@example.org", "role": "owner"},
        "/owners/{holder}/people/role/": {"email": "bob@example.org", "role": "owner"},
        "/owners/{holder}/people/remove/": {"email": "alice@example.org"},
        "/owners/{holder}/invitations/{invitation}/revoke/": {},
        "/owners/{holder}/documents/": upload,
        "/documents/{spare}/ask/": {},
        "/documents/{spare}/check/": {"rights": ["work"], "where": "world"},
        "/documents/{spare}/refuse/": {"text": "No."},
        "/claims/{claim}/show-document/": {"document": world["spare"]},
        "/owners/{holder}/agents/new/": scope | {"agent": world["agency"]},
        "/owners/{holder}/agents/ask/": scope | letter,
        "/authorities/{paper}/end/": {"end": today},
        "/authorities/{paper}/decide/": {"outcome": "refused", "reason": "letter_other", "text": "No."},
        "/api/v1/holders/{holder}/invitations/": {"email": "puppet@example.org", "role": "owner"},
        "/api/v1/holders/{holder}/members/remove/": {"email": "alice@example.org"},
        "/api/v1/holders/{holder}/answer/": {"text": "Verify me."},
        "/api/v1/holders/{holder}/review/": {"outcome": "verified", "reason": "identity_in_order", "text": "x"},
        "/api/v1/authorities/{paper}/end/": {"end": today},
    }
    return {address.format(**world): body for address, body in doors.items()}


def state():
    """All that a writing door could have changed."""
    rows = [list(model.objects.order_by("pk").values()) for model in (RightsHolder, *KEPT)]
    return [*rows, Event.objects.exclude(to_status="looked").count()]


def test_nobody_stranger_removed_member_and_rival_find_no_door(world, stranger, charlie, client_of):
    people = [(client_of(user), {404}) for user in (stranger, world["gone"], charlie)]
    for client, expected in [(Client(), {302, 401, 403}), *people]:
        for address in READS:
            assert client.get(address.format(**world)).status_code in expected, address
        before = state()
        for address, body in writes(world).items():
            assert client.post(address, body).status_code in expected, address
        assert state() == before


@pytest.mark.slow
def test_a_viewer_reads_all_and_changes_nothing(world, bob, client_of):
    client = client_of(bob)

    for address in READS:
        assert client.get(address.format(**world)).status_code == 200, address
    before = state()
    for address, body in writes(world).items():
        assert client.post(address, body).status_code in (302, 403, 404, 422), address
    assert state() == before


@pytest.mark.slow
def test_the_owner_of_a_suspended_holder_reads_all_and_changes_nothing(world, alice, client_of):
    RightsHolder.objects.filter(public_id=world["holder"]).update(status="suspended")
    client = client_of(alice)

    for address in READS:
        assert client.get(address.format(**world)).status_code == 200, address
    before = state()
    for address, body in writes(world).items():
        assert client.post(address, body).status_code in (302, 403, 404, 422), address
    assert state() == before


def test_the_same_doors_work_for_the_owner(world, alice, client_of):
    """Without this the tests above would pass on doors that are broken."""
    RightsHolder.objects.filter(public_id=world["holder"]).update(status="registered")
    client, staff = client_of(alice), ("/check/", "/refuse/", "/decide/", "/review/")
    addresses = {address: body for address, body in writes(world).items() if not address.endswith(staff)}
    again = ("/api/v1/holders/", "/api/v1/authorities/", "/people/remove/", "/agents/ask/")

    for address, body in addresses.items():
        if not address.startswith(again[:2]) and not address.endswith(again[2:]):
            before = state()
            assert client.post(address, body).status_code == 302, address
            assert state() != before, address
