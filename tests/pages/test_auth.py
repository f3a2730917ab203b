"""Signing up, confirming, logging in, by email only; the outbox and the profile."""

import re

from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import OutboxMessage, User

KEPT = {"EMAIL_BACKEND": "accounts.outbox.EmailBackend", "ROMS_OUTBOX_PAGE": True}
PASSWORD = "a long enough phrase 77"


def sign_up(client, email="alice@example.org"):
    return client.post(reverse("account_signup"), {"email": email, "password1": PASSWORD, "password2": PASSWORD})


def test_sign_up_confirm_and_log_in(db):
    client = Client()

    assert sign_up(client).url == reverse("account_email_verification_sent")
    link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)[1]
    assert "Is <strong>alice@example.org</strong> yours?" in client.get(link).content.decode()
    client.post(link)
    answer = client.post(reverse("account_login"), {"login": "alice@example.org", "password": PASSWORD})

    assert answer.url == reverse("dashboard")


def test_log_in_before_confirming_is_refused_and_sends_the_link_again(db):
    sign_up(Client())

    answer = Client().post(reverse("account_login"), {"login": "alice@example.org", "password": PASSWORD})

    assert answer.url == reverse("account_email_verification_sent")


def test_a_wrong_password_is_said_on_the_page_with_a_summary(alice):
    answer = Client().post(reverse("account_login"), {"login": "alice@example.org", "password": "wrong"})

    assert 'role="alert"' in answer.content.decode()


def test_signing_up_twice_does_not_tell_that_the_address_is_known(alice):
    assert sign_up(Client()).url == reverse("account_email_verification_sent")
    assert User.objects.filter(email="alice@example.org").count() == 1


def test_outbox_shows_mail_only_where_it_is_opened(db):
    assert Client().get(reverse("accounts:outbox")).status_code == 404
    with override_settings(**KEPT):
        sign_up(Client())
        shown = Client().get(reverse("accounts:outbox")).content.decode()

        assert OutboxMessage.objects.count() == 1
        assert "alice@example.org" in shown
        assert re.search(r'<a href="http://testserver/accounts/confirm-email/', shown)


def test_outbox_is_closed_when_mail_is_really_sent(db):
    with override_settings(**{**KEPT, "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"}):
        assert Client().get(reverse("accounts:outbox")).status_code == 404


def test_profile_changes_name_and_language(alice, client_of):
    client = client_of(alice)

    answer = client.post(reverse("accounts:profile"), {"display_name": "Alice", "language": "ru"})

    alice.refresh_from_db()
    assert (alice.language, answer.status_code) == ("ru", 302)
    assert '<html lang="ru">' in client.get(reverse("accounts:profile")).content.decode()


def test_profile_refuses_an_unknown_language(alice, client_of):
    answer = client_of(alice).post(reverse("accounts:profile"), {"display_name": "Alice", "language": "xx"})

    assert answer.status_code == 422
    assert 'href="#id_language"' in answer.content.decode()


def test_account_pages_use_our_look(alice, client_of):
    for name in ("account_email", "account_change_password", "mfa_index", "account_reset_password"):
        page = client_of(alice).get(reverse(name), follow=True).content.decode()
        assert 'class="masthead"' in page, name
        assert "<script>" not in page, name


def test_an_address_to_log_in_by_is_added_only_by_who_proves_it_again(alice, client_of):
    client, said = client_of(alice, seconds=3600), {"email": "dora@example.org", "action_add": ""}

    assert client.post("/accounts/email/", said).url.startswith("/accounts/reauthenticate/")
    assert EmailAddress.objects.filter(user=alice).count() == 1
    client.post("/accounts/reauthenticate/", {"password": "correct horse alice"})
    client.post("/accounts/email/", said)
    assert EmailAddress.objects.filter(user=alice).count() == 2
