"""What we tell the log-in library: secrets of second factors are sealed, and who has one proves it with that."""

from base64 import b64decode, b64encode
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from accounts import selectors
from core import vault

PARTY = "second_factors"


class AccountAdapter(DefaultAccountAdapter):
    """Asks again by the strongest proof a person has."""

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """This will offer the second factor alone to who has one: a stolen password must not be enough."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [method for method in methods if method["id"] != "reauthenticate"] or methods


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps secrets of second factors under a master key that is not in the database."""

    def encrypt(self, text: str) -> str:
        """This will seal a secret before it is stored."""
        return b64encode(vault.encrypt(PARTY, text.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """This will open a stored secret."""
        return vault.decrypt(PARTY, b64decode(encrypted_text)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """This will keep the second factor of who must have one."""
        return not selectors.must_have_second_factor(authenticator.user)
