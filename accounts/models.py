"""People who log in, and the mail they get on a machine without a mail server."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.ids import PublicIdField


class UserManager(BaseUserManager["User"]):
    """Makes users whose address is stored in one form."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """This will make a person who can log in. Raises: ValueError without an address."""
        if not email:
            raise ValueError("A user needs an email address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """This will make a person with every permission of the Django admin."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, email: str | None) -> "User":
        """This will find a person however the address is typed."""
        return self.get(email=(email or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in with an email address.

    `role` is what the person does for the society; most people have none. What a person may do for a rights holder
    or a store is a membership in another app.
    """

    class Role(models.TextChoices):
        NONE = "", _("no staff role")
        REVIEWER = "reviewer", _("reviewer")
        FINANCE = "finance", _("finance")
        SUPERVISOR = "supervisor", _("supervisor")

    email = models.EmailField(_("email address"), unique=True)
    display_name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    role = models.CharField(_("staff role"), max_length=20, choices=Role.choices, blank=True, default=Role.NONE)
    is_staff = models.BooleanField(_("may open the Django admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=["", "reviewer", "finance", "supervisor"]), name="user_role_known"
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower"),
        ]

    def __str__(self) -> str:
        return self.display_name or self.email

    def get_full_name(self) -> str:
        """This will give the name to greet the person with."""
        return str(self)


class OutboxMessage(models.Model):
    """A mail kept for the local outbox page, because no mail server is configured."""

    to = models.TextField()
    subject = models.TextField()
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.subject} -> {self.to}"


class ApiToken(models.Model):
    """A key for programs: the person's own rights, cut to some scopes, for a limited time.

    The key itself is shown once and never kept: only its SHA-256 is here, and `hint`, its first characters.
    """

    class Scope(models.TextChoices):
        READ = "read", _("Read what I may see")
        WRITE = "write", _("File claims and opt-outs for me")
        REPORTS = "reports", _("Upload sales reports and answer notices")
        DECIDE = "decide", _("Decide cases as staff")

    public_id = PublicIdField(prefix="TOK")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("what it is for"), max_length=100)
    hint = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope), verbose_name=_("may"))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="apitoken_expires_later"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}...)"
