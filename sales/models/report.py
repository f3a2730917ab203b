"""What stores deliver: reports, their files as received, and what was wrong with single lines."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import PublicIdField
from sales.models.licensee import Licensee


class SalesReport(models.Model):
    """One delivery (a DSR, or a flat file) of one or several files; it posts when all its files are in.

    received -> parsed -> matched -> posted -> superseded
        |         |         |
        +---------+---------+---> rejected     (nothing in it can be used; the original is kept)
        +---------+---------+---> held         (a person decides: `reason` says about what)
             held -> received | matched | rejected

    Identity is licensee + sender + message id (flat files: template + period). One *live* report per identity that
    corrects nothing; a correction names what it `supersedes` and is held with the difference until a person lets it
    take over. Corrections, supplements (mended lines) and reprocessings make a chain; its money stays in the `lot` of
    the first report, so what the store paid for stays paid, and only differences are posted.
    A long job belongs to whoever holds the lease: `lease_until` and the fencing number `fence`, checked by every
    stage's write, so a worker that was thought dead cannot write over its successor.
    """

    class Status(models.TextChoices):
        RECEIVED = "received", _("Received")
        HELD = "held", _("Held for a person")
        PARSED = "parsed", _("Read")
        MATCHED = "matched", _("Matched")
        POSTED = "posted", _("Posted")
        REJECTED = "rejected", _("Rejected")
        SUPERSEDED = "superseded", _("Superseded")

    class Kind(models.TextChoices):
        ORIGINAL = "original", _("First report")
        CORRECTION = "correction", _("Correction")
        SUPPLEMENT = "supplement", _("Mended lines")
        REPROCESS = "reprocess", _("Read again")

    MOVES = {
        Status.RECEIVED: {Status.PARSED, Status.HELD, Status.REJECTED},
        Status.HELD: {Status.RECEIVED, Status.MATCHED, Status.REJECTED},
        Status.PARSED: {Status.MATCHED, Status.HELD, Status.REJECTED},
        Status.MATCHED: {Status.POSTED, Status.HELD, Status.REJECTED},
        Status.POSTED: {Status.SUPERSEDED},
        Status.REJECTED: set(),
        Status.SUPERSEDED: set(),
    }

    public_id = PublicIdField(prefix="RPT")
    licensee = models.ForeignKey(Licensee, on_delete=models.PROTECT, related_name="reports")
    sender = models.CharField(max_length=100, help_text="Sender party id, or `template:<name>` of a flat file.")
    message_id = models.CharField(max_length=200, help_text="Sender's message id, or the period of a flat file.")
    profile = models.CharField(max_length=80, blank=True, help_text="BasicAudioProfile 1.3, flat ...")
    usage_start = models.DateField(null=True, blank=True)
    usage_end = models.DateField(null=True, blank=True, help_text="First day after the usage period (half-open).")
    file_count = models.PositiveSmallIntegerField(default=1, help_text="Files the sender announced.")
    status = models.CharField(max_length=12, choices=Status, default=Status.RECEIVED)
    reason = models.CharField(max_length=60, blank=True, help_text="Code of why it is held or rejected.")
    reason_params = models.JSONField(default=dict, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ORIGINAL)
    supersedes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors")
    lot = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="chain",
        help_text="First report of the chain, under which the ledger keeps the money; empty: itself.",
    )
    difference = models.JSONField(
        default=dict, blank=True, help_text="What taking over would post, as the person who decides saw it."
    )
    is_confirmed = models.BooleanField(default=False, help_text="A person let this difference be posted.")
    is_kept = models.BooleanField(default=False, help_text="A person said it is one more report, not a repetition.")
    content_sha256 = models.CharField(
        max_length=64, blank=True, help_text="Of what the accepted lines sum to, in any order, file or format."
    )
    terms_sha256 = models.CharField(
        max_length=64, blank=True, help_text="Of what the store's tariffs and licences said of its period when read."
    )
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    posted_at = models.DateTimeField(null=True, blank=True)
    booked_month = models.DateField(
        null=True, blank=True, help_text="First day of the month in whose books it counts; a late one's is not its own."
    )
    is_late = models.BooleanField(default=False, help_text="Its month was closed, so it counts in an open one.")
    lines_read = models.BigIntegerField(default=0)
    lines_accepted = models.BigIntegerField(default=0)
    lines_rejected = models.BigIntegerField(default=0)
    lines_unmatched = models.BigIntegerField(default=0)
    footer_faults = models.JSONField(default=list, blank=True, help_text="Differences to the file's own counts.")
    stated = models.JSONField(
        default=list, blank=True, help_text="The footer's counts beside ours: [{file, cell, stated, counted}]."
    )
    fault_codes = models.JSONField(default=dict, blank=True, help_text="Rejected lines by code, all of them.")
    workings = models.JSONField(
        default=dict, blank=True, help_text="Storage names of what stages hand on; can be made again from the archive."
    )
    stage = models.CharField(max_length=40, blank=True, help_text="What is being done now; for the progress bar.")
    progress_percent = models.PositiveSmallIntegerField(default=0)
    leased_by = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["licensee", "sender", "message_id"],
                condition=~models.Q(status__in=["held", "rejected", "superseded"]) & models.Q(supersedes__isnull=True),
                name="salesreport_one_live_per_identity",
            ),
            models.UniqueConstraint(
                fields=["supersedes"],
                condition=models.Q(status__in=["posted", "superseded"]),
                name="salesreport_one_successor",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["original", "correction", "supplement", "reprocess"]),
                name="salesreport_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["received", "held", "parsed", "matched", "posted", "rejected", "superseded"]
                ),
                name="salesreport_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(lines_read=models.F("lines_accepted") + models.F("lines_rejected"))
                | models.Q(status__in=["received", "held", "rejected"]),
                name="salesreport_every_line_accounted",
            ),
        ]
        indexes = [
            models.Index(fields=["lot"], condition=models.Q(lot__isnull=False), name="salesreport_lot"),
            models.Index(
                fields=["licensee", "content_sha256"],
                condition=~models.Q(content_sha256=""),
                name="salesreport_content",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def lot_number(self) -> int:
        """Number of the lot under which the ledger keeps this report's money."""
        return int(self.lot_id or self.pk)


class ReportFile(models.Model):
    """One file exactly as it came in, found again by its content. The original is never changed or deleted.

    A report that reads the files of an earlier one again has rows of its own that are copies of the first.
    """

    report = models.ForeignKey(SalesReport, null=True, blank=True, on_delete=models.PROTECT, related_name="files")
    licensee = models.ForeignKey(Licensee, on_delete=models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64, help_text="Of the bytes as received.")
    size = models.BigIntegerField(help_text="Bytes as received.")
    name = models.CharField(max_length=300, help_text="The sender's file name; never used to decide anything.")
    stored = models.CharField(max_length=300, help_text="Storage name of the original (zstd unless it came packed).")
    archive = models.JSONField(
        default=list, blank=True, help_text="The columnar archive: [{name in the storage, first_line, lines}]."
    )
    reading = models.JSONField(
        default=dict, blank=True, help_text="How it was recognised: packing, encoding, record layout or columns."
    )
    mapping = models.ForeignKey(
        "sales.MappingVersion",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="files",
        help_text="Which version of a mapping template it is read through, if any.",
    )
    number = models.PositiveSmallIntegerField(default=1, help_text="x of `x of y`.")
    received_at = models.DateTimeField()
    error = models.CharField(max_length=60, blank=True, help_text="Code, when the whole file cannot be read.")
    error_params = models.JSONField(default=dict, blank=True)
    copy_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies")
    mended = ArrayField(
        models.BigIntegerField(), default=list, blank=True, help_text="Lines a supplement replaces: left out here."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["licensee", "sha256"],
                condition=models.Q(copy_of__isnull=True),
                name="reportfile_once_per_licensee",
            )
        ]

    def __str__(self) -> str:
        return self.name


class LineFault(models.Model):
    """What was wrong with one line: file, line, cell, what was found and, by its code, what to do.

    `is_fatal` rejected the line; otherwise it was accepted with this remark. The first LINE_FAULTS_KEPT of a report
    stand here; the archive has all of them.
    """

    file = models.ForeignKey(ReportFile, on_delete=models.CASCADE, related_name="faults")
    line_no = models.BigIntegerField(help_text="1 = first line of the file.")
    cell = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=60)
    found = models.CharField(max_length=200, blank=True)
    is_fatal = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["file", "line_no"], name="linefault_place")]

    def __str__(self) -> str:
        return f"line {self.line_no}: {self.code}"


class SummaryRecord(models.Model):
    """A DSR summary (SY..): the sales context its lines refer to, with the sender's own totals beside ours."""

    report = models.ForeignKey(SalesReport, on_delete=models.CASCADE, related_name="summaries")
    key = models.CharField(max_length=100, help_text="SummaryRecordId.")
    record_type = models.CharField(max_length=8)
    territory = models.CharField(max_length=20, blank=True)
    commercial_model = models.CharField(max_length=60, blank=True)
    use_type = models.CharField(max_length=60, blank=True)
    currency = models.CharField(max_length=3)
    net_revenue = models.DecimalField(max_digits=24, decimal_places=8, null=True, blank=True)
    usages_stated = models.BigIntegerField(null=True, blank=True)
    usages_counted = models.BigIntegerField(default=0)
    use_start = models.DateField()
    use_end = models.DateField(help_text="Half-open; the report's period unless the summary has its own.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="summaryrecord_once")]

    def __str__(self) -> str:
        return f"{self.report} {self.key}"


class ReportTotal(models.Model):
    """What one report came to in one currency."""

    report = models.ForeignKey(SalesReport, on_delete=models.CASCADE, related_name="totals")
    currency = models.CharField(max_length=3)
    units = models.BigIntegerField()
    base = models.DecimalField(max_digits=24, decimal_places=8)
    royalty = models.DecimalField(max_digits=24, decimal_places=8)
    base_missing_units = models.BigIntegerField(default=0, help_text="Units whose line lacks every named base.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "currency"], name="reporttotal_once")]

    def __str__(self) -> str:
        return f"{self.report} {self.currency}"
