"""A double-entry ledger that the database itself keeps honest.

An `Entry` is one business event; its `Posting`s move money between `Account`s. Sent to the database by services only,
and then never changed: the application's role may insert and select, nothing else, and may not even choose the columns
that prove when an entry was made. The triggers in sql/ refuse, whoever asks:

* at commit, an entry with fewer than 2 or more than 50,000 postings, or out of balance in any currency;
* a posting for an entry that was not made in the same database transaction;
* an amount finer than 1e-8, below zero, or on both sides;
* any update, deletion or truncation.

`AccountBalance` is a cache kept by the posting trigger. `LogLeaf` gives committed entries their place in the log.
Posting, AccountBalance and LogLeaf have no foreign key constraints: checking them row by row would cost more than all
else. Their triggers check entries and accounts for a whole statement at once, and neither can go away afterwards.
`LogNode` keeps the roots of complete stretches of the log, so that a proof need not hash it anew; `LogCheckpoint` is
what was signed of it and published, `DailyProof` what the published identities came to at the end of a day.
`BooksClose` is the day the books are closed up to: entries dated before it are refused (see sql/closes.sql).
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ledger.chart import PLACES
from ledger.fields import Digest, RandomSalt, TransactionId, TransactionIdField, TransactionTime, amount_field


class Account(models.Model):
    """One place where money of one currency rests; never changed after it was made (see `ledger.chart`)."""

    address = models.TextField(_("address"))
    currency = models.CharField(_("currency"), max_length=3)
    place = models.TextField(_("place"))
    owner = models.TextField(_("owner"), blank=True)
    item = models.TextField(_("item"), blank=True)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(fields=["address", "currency"], name="ledger_account_address"),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="ledger_account_currency"),
            models.CheckConstraint(condition=Q(place__in=PLACES), name="ledger_account_place"),
            models.CheckConstraint(
                condition=Q(address__regex="^[a-z0-9_:]+$")
                & Q(owner__regex="^[a-z0-9_:]*$")
                & Q(item__regex="^[a-z0-9_:]*$"),
                name="ledger_account_opaque",
            ),
        ]
        indexes = [
            models.Index(fields=["item"], name="ledger_account_item"),
            models.Index(fields=["owner"], name="ledger_account_owner", condition=~Q(owner="")),
            models.Index(fields=["place"], name="ledger_account_house", condition=Q(item="")),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.currency}"


class Entry(models.Model):
    """One business event; the columns with a database default are the database's alone."""

    kind = models.TextField(_("kind"))
    idempotency_key = models.TextField(_("idempotency key"))
    content_hash = Digest(_("content hash"), max_length=32)
    batch = models.TextField(_("batch"), blank=True)
    event_at = models.DateTimeField(_("event at"))
    created_at = models.DateTimeField(_("created at"), db_default=TransactionTime(), editable=False)
    xid = TransactionIdField(_("transaction"), db_default=TransactionId(), editable=False)
    salt = Digest(_("salt"), max_length=32, db_default=RandomSalt(), editable=False)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(fields=["idempotency_key"], name="ledger_entry_idempotency_key"),
            models.CheckConstraint(
                condition=Q(kind__regex="^[a-z_]+$")
                & Q(idempotency_key__regex="^[!-~]+$")
                & Q(batch__regex="^[!-~]*$"),
                name="ledger_entry_opaque",
            ),
        ]
        indexes = [
            models.Index(fields=["batch"], name="ledger_entry_batch", condition=~Q(batch="")),
            models.Index(fields=["xid"], name="ledger_entry_xid"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.idempotency_key}"


class Posting(models.Model):
    """One side of an entry: exactly one of debit and credit is above zero."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="postings", db_constraint=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="postings", db_constraint=False)
    lot = models.BigIntegerField(_("lot"), null=True, blank=True)
    debit = amount_field(_("debit"))
    credit = amount_field(_("credit"))

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.CheckConstraint(
                condition=Q(debit=0, credit__gt=0) | Q(credit=0, debit__gt=0), name="ledger_posting_one_side"
            ),
        ]

    def __str__(self) -> str:
        return f"posting {self.pk}"


class AccountBalance(models.Model):
    """The sums of an account's postings, kept by the posting trigger; a cache, checked by verify_ledger."""

    account = models.OneToOneField(
        Account, models.PROTECT, primary_key=True, related_name="balance", db_constraint=False
    )
    debit = amount_field(_("debit"))
    credit = amount_field(_("credit"))

    class Meta:
        verbose_name = _("balance")
        verbose_name_plural = _("balances")

    def __str__(self) -> str:
        return f"balance of account {self.pk}"


class LogLeaf(models.Model):
    """The place of a committed entry in the log: positions from 0 without a gap (RFC 6962)."""

    position = models.BigIntegerField(_("position"), primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="leaf", db_constraint=False)
    leaf_hash = Digest(_("leaf hash"), max_length=32)

    class Meta:
        verbose_name = _("log leaf")
        verbose_name_plural = _("log leaves")
        constraints = [models.CheckConstraint(condition=Q(position__gte=0), name="ledger_logleaf_position")]

    def __str__(self) -> str:
        return f"leaf {self.position}"


class LogNode(models.Model):
    """The root over the leaves [index, index + 1) x 256**level of the log, once they are all there."""

    level = models.PositiveSmallIntegerField(_("level"))
    index = models.BigIntegerField(_("index"))
    root = Digest(_("root"), max_length=32)

    class Meta:
        verbose_name = _("log node")
        verbose_name_plural = _("log nodes")
        constraints = [
            models.UniqueConstraint(fields=["level", "index"], name="ledger_lognode_place"),
            models.CheckConstraint(condition=Q(level__gte=1, index__gte=0), name="ledger_lognode_above_leaves"),
        ]

    def __str__(self) -> str:
        return f"node {self.level}/{self.index}"


class LogCheckpoint(models.Model):
    """A size and root of the log that were signed and published; `note` is the signed text (see `ledger.note`)."""

    size = models.BigIntegerField(_("entries in the log"), unique=True)
    root = Digest(_("root"), max_length=32)
    note = models.TextField(_("signed text"))
    signed_at = models.DateTimeField(_("signed at"))

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="ledger_logcheckpoint_size")]

    def __str__(self) -> str:
        return f"checkpoint {self.size}"


class DailyProof(models.Model):
    """The published identities at the end of a day (UTC), as `[name, currency, left, right]`; amounts are text."""

    day = models.DateField(_("day"), unique=True)
    identities = models.JSONField(_("identities"))
    checkpoint = models.ForeignKey(LogCheckpoint, models.PROTECT, related_name="days", null=True)
    proved_at = models.DateTimeField(_("proved at"))

    class Meta:
        verbose_name = _("daily proof")
        verbose_name_plural = _("daily proofs")

    def __str__(self) -> str:
        return f"proof of {self.day}"

    @property
    def holds(self) -> bool:
        """Tell whether all identities held."""
        return all(left == right for _name, _currency, left, right in self.identities)


class BooksClose(models.Model):
    """The books are closed up to a day, or opened again from an earlier one: proposed by one, decided by another.

    proposed -> in_force | refused        the newest that came in force holds, so opening again is a close of its own
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a second person")
        IN_FORCE = "in_force", _("Decided")
        REFUSED = "refused", _("Refused")

    MOVES = {Status.PROPOSED: {Status.IN_FORCE, Status.REFUSED}, Status.IN_FORCE: set(), Status.REFUSED: set()}

    first_open = models.DateField(_("first open day"), help_text="Entries dated before it (UTC) are refused.")
    status = models.CharField(max_length=8, choices=Status, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, help_text="Set by the database, once no entry is being written.")

    class Meta:
        verbose_name = _("closing of the books")
        verbose_name_plural = _("closings of the books")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "in_force", "refused"]), name="ledger_booksclose_status_known"
            ),
            models.UniqueConstraint(
                fields=["status"], condition=Q(status="proposed"), name="ledger_booksclose_one_waits"
            ),
            models.CheckConstraint(
                condition=Q(status="proposed") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="ledger_booksclose_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="ledger_booksclose_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"books open from {self.first_open}"
