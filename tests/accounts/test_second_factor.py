"""A second factor: always for staff, before bank details for others, and never a wall in the demo."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from accounts import services
from accounts.sudo import second_factor_required, sudo_required
from roms_portal.urls import urlpatterns as portal
from tests.accounts.codes import SECRET, code, give_second_factor

pytestmark = pytest.mark.django_db
SETUP = "/accounts/2fa/totp/activate/"


@login_required
@sudo_required
def decide(request):
    return HttpResponse(f"decided {request.POST.get('what', '')}")


@login_required
@second_factor_required
def bank(request):
    return HttpResponse("bank details")


urlpatterns = [path("test/decide/", decide), path("test/bank/", bank), *portal]
handler404 = "roms_portal.views.not_found"


@pytest.fixture
def doors(settings):
    """Two doors that ask, beside the portal's own."""
    settings.ROOT_URLCONF = __name__


@pytest.fixture(autouse=True)
def fresh_codes():
    """A code counts once; the next test of the same half minute starts anew."""
    cache.clear()


@pytest.fixture
def strict(settings):
    """As on a real installation."""
    settings.ROMS_SECOND_FACTOR = True


def log_in(name, client=None):
    client = client or Client()
    answer = client.post(
        reverse("account_login"), {"login": f"{name}@example.org", "password": f"correct horse {name}"}
    )
    return client, answer


# Staff ---------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_staff_without_a_second_factor_can_do_nothing_but_set_it_up(strict, rita, frank, client_of):
    for person in (rita, frank):
        client = client_of(person)
        for address in ("/home/", "/review/", "/search/", "/profile/keys/", "/admin/", "/nothing-here/", "/claims/"):
            answer = client.get(address)
            assert answer.status_code == 404 if address == "/nothing-here/" else answer.url == SETUP, address
        fragment = client.get("/search/", headers={"HX-Request": "true"})
        assert fragment["HX-Redirect"] == SETUP
        refused = client.get("/api/v1/claims/")
        assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_missing")
        assert client.get(SETUP).status_code in (200, 302)
        assert client.post(reverse("account_logout")).status_code == 302


def test_a_key_of_staff_is_worth_nothing_without_a_second_factor(strict, rita):
    now = timezone.now()
    _, key = services.create_token(user=rita, name="till", scopes=["read"], expires_at=now + timedelta(days=1), now=now)
    headers = {"Authorization": f"Bearer {key}"}

    refused = Client().get("/api/v1/claims/", headers=headers)
    give_second_factor(rita)
    allowed = Client().get("/api/v1/claims/", headers=headers)

    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_missing")
    assert allowed.status_code == 200


def test_staff_of_a_demo_and_people_without_a_role_are_not_stopped(settings, rita, alice, client_of):
    assert client_of(rita).get("/home/").status_code == 200
    settings.ROMS_SECOND_FACTOR = True
    assert client_of(alice).get("/home/").status_code == 200


def test_staff_set_it_up_log_in_with_it_and_cannot_take_it_off(strict, rita):
    client, answer = log_in("rita")
    assert answer.url == "/home/"
    assert client.get("/home/").url == SETUP
    page = client.get(SETUP, follow=True)  # asks for the password once more, then shows the secret
    if "password" in page.content.decode() and "secret" not in (page.context or {}):
        page = client.post(
            page.request["PATH_INFO"] + "?next=" + SETUP, {"password": "correct horse rita"}, follow=True
        )
    secret = re.search(r'id="secret"[^>]*>([A-Z2-7]+)<', page.content.decode())[1]

    done = client.post(SETUP, {"code": code(secret)}, follow=True)

    assert "Recovery codes" in done.content.decode()
    assert client.get("/home/").status_code == 200
    kept = Authenticator.objects.get(user=rita, type="totp")
    assert secret not in str(kept.data)
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=rita, type="totp").exists()
    cache.clear()
    other, asked = log_in("rita")
    assert asked.url == "/accounts/2fa/authenticate/"
    assert other.get("/home/").status_code == 302
    assert other.post(asked.url, {"code": "000000"}).status_code == 200
    assert other.post(asked.url, {"code": code(secret)}).url == "/home/"


def test_a_recovery_code_opens_once(strict, rita):
    give_second_factor(rita)
    spare = Authenticator.objects.get(user=rita, type="recovery_codes").wrap().get_unused_codes()[0]

    client, asked = log_in("rita")
    assert client.post(asked.url, {"code": spare}).url == "/home/"
    again, asked = log_in("rita")
    assert again.post(asked.url, {"code": spare}).status_code == 200


def test_the_admin_has_no_log_in_of_its_own(strict, rita):
    rita.is_staff = True
    rita.save()
    give_second_factor(rita)

    answer = Client().post(
        "/admin/login/", {"username": "rita@example.org", "password": "correct horse rita", "next": "/admin/"}
    )

    assert answer.url.startswith(reverse("account_login"))


# Proving it again -----------------------------------------------------------------------------------------------------
def test_who_logged_in_just_now_decides_at_once_and_later_proves_it_again(doors, alice, client_of):
    assert client_of(alice).post("/test/decide/", {"what": "a"}).content == b"decided a"
    stale = client_of(alice, seconds=301)

    asked = stale.post("/test/decide/", {"what": "b"})
    wrong = stale.post(asked.url, {"password": "wrong"})
    done = stale.post(asked.url, {"password": "correct horse alice"})

    assert asked.url.startswith("/accounts/reauthenticate/")
    assert wrong.status_code == 200
    assert done.content == b"decided b"


def test_who_has_a_second_factor_proves_it_by_that_not_by_the_password(doors, alice, client_of):
    give_second_factor(alice)
    client = client_of(alice)

    asked = client.post("/test/decide/", {"what": "c"})
    by_password = client.post("/accounts/reauthenticate/?next=/test/decide/", {"password": "correct horse alice"})
    done = client.post("/accounts/2fa/reauthenticate/?next=/test/decide/", {"code": code()}, follow=True)

    assert asked.url.startswith("/accounts/2fa/reauthenticate/")
    assert b"decided" not in by_password.content
    assert b"decided" in done.content
    assert client.post("/test/decide/", {"what": "d"}).content == b"decided d"


def test_bank_details_need_a_second_factor_and_one_lands_where_one_was_going(doors, strict, alice, client_of):
    client = client_of(alice)

    asked = client.get("/test/bank/")
    give_second_factor(alice)
    page = client.get(reverse("mfa_view_recovery_codes"))

    assert asked.url == SETUP
    assert client.get("/test/bank/").url.startswith("/accounts/2fa/reauthenticate/")
    assert client_of(alice, method="mfa").get("/test/bank/").content == b"bank details"
    if page.status_code == 302:
        page = client.post(page.url, {"code": code(SECRET)}, follow=True)
    assert 'href="/test/bank/"' in page.content.decode()


def test_a_demo_asks_for_the_password_before_bank_details(doors, alice, client_of):
    assert client_of(alice).get("/test/bank/").content == b"bank details"
    assert client_of(alice, seconds=301).get("/test/bank/").url.startswith("/accounts/reauthenticate/")


def test_making_a_key_asks_who_is_there(alice, client_of):
    assert client_of(alice, seconds=301).get("/profile/keys/").url.startswith("/accounts/reauthenticate/")
