"""Holders: registered by anybody, verified by another person, acted for by their members."""

from datetime import date

import pytest

from catalog import selectors, services, territories
from catalog.models import Authority, HolderMember, RightsHolder
from core.workflow import MoveNotAllowed, events_of
from tests.factories import a_holder

pytestmark = pytest.mark.django_db
Status = RightsHolder.Status


@pytest.fixture
def kino(alice, now):
    """Alice's label, just registered."""
    return services.register_holder(name="Кино", kind="company", country="ru", by=alice, now=now)


def test_register_holder_makes_its_person_the_owner(alice, now):
    holder = services.register_holder(
        name=" Виктор Цой ",
        kind="person",
        country="RU",
        by=alice,
        now=now,
        names=[("Viktor Tsoi", "ru-Latn")],
        identifiers=[("isni", "0000 0001 2146 438X")],
    )

    assert holder.name == "Виктор Цой"
    assert holder.name_key == "coi viktor"
    assert holder.status == Status.REGISTERED
    assert selectors.role_in(alice, holder) == HolderMember.Role.OWNER
    assert [name.name_key for name in holder.names.all()] == ["coi viktor"]
    assert holder.identifiers.get().value == "000000012146438X"
    assert [event.to_status for event in events_of(holder)] == ["registered"]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": "  "}, services.NameMissing),
        ({"country": "XX"}, services.UnknownCountry),
        ({"identifiers": [("inn", "7707083894")]}, services.WrongNumber),
    ],
)
def test_register_holder_refuses_wrong_cells_and_writes_nothing(alice, now, fields, error):
    with pytest.raises(error):
        services.register_holder(**{"name": "A", "kind": "person", "by": alice, "now": now} | fields)

    assert not RightsHolder.objects.exists()


def test_holders_for_shows_a_reader_but_does_not_let_it_write(alice, bob, charlie):
    holder = a_holder(owner=alice, reader=bob)

    assert [list(selectors.holders_for(user)) for user in (alice, bob, charlie)] == [[holder], [holder], []]
    assert [list(selectors.holders_for(user, writing=True)) for user in (alice, bob)] == [[holder], []]
    assert not selectors.may_write(bob, holder)
    for refused in (bob, charlie):
        with pytest.raises(services.NotAMember):
            services.add_holder_name(holder=holder, text="Other", by=refused)


def test_the_same_name_and_number_again_change_nothing(kino, alice):
    for _ in range(2):
        services.add_holder_name(holder=kino, text="Kino", language="ru-Latn", by=alice)
        services.add_identifier(holder=kino, scheme="inn", value="7707083893", by=alice)

    assert (kino.names.count(), kino.identifiers.count()) == (1, 1)


def test_verification_is_asked_for_and_decided_by_another_person(kino, alice, rita, now):
    services.ask_for_verification(holder=kino, by=alice, now=now)

    services.refuse_holder(holder=kino, by=rita, now=now, reason="The paper is of somebody else.")
    services.ask_for_verification(holder=kino, by=alice, now=now)
    services.verify_holder(holder=kino, by=rita, now=now)

    path = ["registered", "under_review", "refused", "under_review", "verified"]
    assert [event.to_status for event in events_of(kino)] == path
    with pytest.raises(MoveNotAllowed):
        services.refuse_holder(holder=kino, by=rita, now=now, reason="Too late.")


def test_verify_holder_takes_a_registered_one_under_review_on_the_way(kino, rita, now):
    services.verify_holder(holder=kino, by=rita, now=now)

    assert [event.to_status for event in events_of(kino)] == ["registered", "under_review", "verified"]


def test_nobody_decides_about_their_own_holder(rita, alice, frank, now):
    own = services.register_holder(name="Rita's", kind="person", by=rita, now=now)
    joined = a_holder(status="registered", reader=rita)

    for holder in (own, joined):
        with pytest.raises(services.DecidesOwnCase):
            services.verify_holder(holder=holder, by=rita, now=now)
    for person in (alice, frank):
        with pytest.raises(services.NotAReviewer):
            services.verify_holder(holder=own, by=person, now=now)


def test_a_refusal_needs_words(kino, rita, now):
    with pytest.raises(services.ReasonMissing):
        services.refuse_holder(holder=kino, by=rita, now=now, reason=" ")


def test_every_step_of_a_holder_not_declared_is_refused(now, rita):
    for status in Status:
        for to, decide in ((Status.VERIFIED, services.verify_holder), (Status.REFUSED, services.refuse_holder)):
            holder = a_holder(status=status)
            if to in RightsHolder.MOVES[status] or status == Status.REGISTERED:
                assert decide(holder=holder, by=rita, now=now, reason="r").status == to
            else:
                with pytest.raises(MoveNotAllowed):
                    decide(holder=holder, by=rita, now=now, reason="r")


def test_members_come_and_go_but_an_owner_stays(kino, alice, bob, now):
    services.add_member(holder=kino, user=bob, role="reader", by=alice, now=now)

    with pytest.raises(services.NotAMember):
        services.remove_member(holder=kino, user=alice, by=bob, now=now)
    with pytest.raises(services.LastOwner):
        services.remove_member(holder=kino, user=alice, by=alice, now=now)
    with pytest.raises(services.LastOwner):
        services.add_member(holder=kino, user=alice, role="reader", by=alice, now=now)
    services.add_member(holder=kino, user=bob, role="owner", by=alice, now=now)
    services.remove_member(holder=kino, user=alice, by=bob, now=now)

    assert [member.user for member in kino.members.all()] == [bob]


def test_an_authority_is_given_by_the_principal_or_seen_by_a_reviewer_never_by_the_agent(alice, charlie, rita, now):
    principal, agent = a_holder(owner=alice), a_holder(owner=charlie)
    terms = {
        "principal": principal,
        "agent": agent,
        "purposes": ["collect"],
        "rights": ["phonogram"],
        "territory_set": territories.worldwide(),
        "now": now,
    }

    with pytest.raises(services.NotAMember):
        services.grant_authority(**terms, by=charlie, document_sha256="0" * 64)
    with pytest.raises(services.NotAMember):
        services.grant_authority(**terms, by=rita)
    services.grant_authority(**terms, by=rita, document_sha256="0" * 64)
    given = services.grant_authority(**terms, by=alice, start=date(2006, 1, 1))

    with pytest.raises(services.EndsWrongly):
        services.end_authority(authority=given, end=date(2005, 1, 1), by=alice, now=now)
    with pytest.raises(services.EndsWrongly):
        services.end_authority(authority=given, end=date(2006, 7, 1), by=charlie, now=now)
    services.end_authority(authority=given, end=date(2026, 7, 1), by=charlie, now=now)
    assert Authority.objects.get(pk=given.pk).end == date(2026, 7, 1)
