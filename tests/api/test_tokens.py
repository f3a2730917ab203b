"""Keys for programs: shown once, kept hashed, narrow, ending."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts import services
from accounts.models import ApiToken

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.doors")]
NOW = datetime(2007, 7, 2, tzinfo=UTC)


@pytest.fixture
def key_of():
    def make(user, *scopes, days=30):
        now = timezone.now()
        return services.create_token(
            user=user, name="till", scopes=scopes, expires_at=now + timedelta(days=days), now=now
        )

    return make


def bearer(key):
    return {"HTTP_AUTHORIZATION": f"Bearer {key}"}


def test_key_is_kept_as_a_hash_only(alice, key_of):
    token, key = key_of(alice, "read")

    assert key.startswith("roms_")
    token.refresh_from_db()
    kept = " ".join(str(getattr(token, field.attname)) for field in token._meta.concrete_fields)
    assert key not in kept
    assert key[10:] not in kept


def test_key_acts_for_its_person(client, alice, key_of):
    token, key = key_of(alice, "read")

    response = client.get("/mine/", **bearer(key))

    assert response.json() == {"email": "alice@example.org"}
    token.refresh_from_db()
    assert token.last_used_at is not None


def test_key_does_only_what_its_scopes_allow(client, alice, key_of):
    _, reading = key_of(alice, "read")
    _, writing = key_of(alice, "write")

    assert client.post("/mine/", **bearer(reading)).status_code == 403
    assert client.get("/mine/", **bearer(writing)).status_code == 403
    assert client.post("/mine/", **bearer(writing)).status_code == 200


def test_key_that_is_unknown_expired_or_revoked_is_refused(client, alice, key_of):
    revoked, revoked_key = key_of(alice, "read")
    services.revoke_token(token=revoked, now=timezone.now())
    expired, expired_key = key_of(alice, "read")
    past = timezone.now() - timedelta(days=2)
    ApiToken.objects.filter(pk=expired.pk).update(created_at=past, expires_at=past + timedelta(days=1))

    for key in (revoked_key, expired_key, "roms_nothing", ""):
        response = client.get("/mine/", **bearer(key))
        assert response.status_code == 401
        assert response.json()["code"] == "authentication_failed"


def test_key_of_a_closed_account_is_refused(client, alice, key_of):
    _, key = key_of(alice, "read")
    alice.is_active = False
    alice.save()

    assert client.get("/mine/", **bearer(key)).status_code == 401


@pytest.mark.parametrize(
    ("scopes", "days"), [((), 30), (("everything",), 30), (("read",), 0), (("read",), -1), (("read",), 800)]
)
def test_create_token_refuses_bad_terms(alice, scopes, days):
    with pytest.raises(services.BadTokenTerms):
        services.create_token(user=alice, name="x", scopes=scopes, expires_at=NOW + timedelta(days=days), now=NOW)


@pytest.mark.urls("roms_portal.urls")
class TestPage:
    """The profile page of keys."""

    def test_shows_a_new_key_once(self, client_of, alice):
        browser = client_of(alice)

        page = browser.post("/profile/keys/", {"name": "till", "scopes": ["read"], "days": "30"})

        key = re.search(r"roms_[\w-]{40,}", page.content.decode())[0]
        assert services.use_token(key=key, now=timezone.now()).user == alice
        assert key not in browser.get("/profile/keys/").content.decode()

    def test_answers_422_for_a_form_with_faults(self, client_of, alice):
        assert client_of(alice).post("/profile/keys/", {"name": "till"}).status_code == 422
        assert not ApiToken.objects.exists()

    def test_revokes_own_keys_only(self, client_of, alice, stranger, key_of):
        token, _ = key_of(alice, "read")
        address = f"/profile/keys/{token.public_id}/revoke/"

        assert client_of(stranger).post(address).status_code == 404
        assert client_of(alice).get(address).status_code == 405
        assert client_of(alice).post(address).status_code == 302
        token.refresh_from_db()
        assert token.revoked_at is not None
