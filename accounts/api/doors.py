"""Authentication by key, and the permission that compares a key's scopes with what a view does.

A person in a browser session may do over JSON what they may do on pages. A key is narrower: reading needs `read`,
anything else the view's `write_scope` (`write` unless it says otherwise).
"""

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts import services
from accounts.models import ApiToken, User
from accounts.sudo import proved_recently

if TYPE_CHECKING:  # rest_framework.views itself loads this module
    from rest_framework.views import APIView


class TokenAuthentication(BaseAuthentication):
    """Reads `Authorization: Bearer roms_...`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """This will find the person of the key; without a key another way may answer."""
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        try:
            token = services.use_token(key=b" ".join(words[1:]).decode("latin-1"), now=timezone.now())
        except services.BadToken as error:
            raise exceptions.AuthenticationFailed(str(error)) from error
        except services.SecondFactorMissing as error:
            raise exceptions.PermissionDenied(str(error), code="second_factor_missing") from error
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """This will tell a client without a key how to show one (and make the answer 401, not 403)."""
        return 'Bearer realm="ROMS"'


class HasScope(BasePermission):
    """Lets a key do only what it was made for."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """This will compare the scopes; sessions and visitors have no key and are judged by other rules."""
        if not isinstance(request.auth, ApiToken):
            return True
        needed = ApiToken.Scope.READ if request.method in SAFE_METHODS else getattr(view, "write_scope", "write")
        self.message = _("The key lacks the scope `%(scope)s`.") % {"scope": needed}
        return needed in request.auth.scopes


class ProvedRecently(BasePermission):
    """For decisions about money: a session must have proved again who sits there; a key was made under such a proof."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """This will let keys pass, and sessions whose person proved it within the last minutes."""
        self.code = "proof_needed"
        self.message = _("Confirm who you are first: log in again, or open any such page in the browser.")
        return isinstance(request.auth, ApiToken) or proved_recently(request._request)


class ProvedToWrite(ProvedRecently):
    """The same where one address is read and written: who only reads need not prove it again."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """This will let readers pass."""
        return request.method in SAFE_METHODS or super().has_permission(request, view)
