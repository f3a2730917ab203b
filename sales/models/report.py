"""What stores deliver: reports, their files as received, and what was wrong with single lines."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import PublicIdField
from sales.models.licensee import Licensee


class SalesReport(models.Model):
    """One delivery (a DSR, or a flat file) of one or several files; it posts when all its files are in.

    received -> parsed -> matched -> posted -> superseded
        |         |         |
        |         +---------+---> rejected     (nothing in it can be used; the original is kept)
        +-> held                               (same identity, other content: a person supersedes or rejects)
             held -> received | rejected

    Identity is licensee + sender + message id (flat files: template + period). One *live* report per identity.
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

    MOVES = {
        Status.RECEIVED: {Status.PARSED, Status.HELD, Status.REJECTED},
        Status.HELD: {Status.RECEIVED, Status.REJECTED},
        Status.PARSED: {Status.MATCHED, Status.REJECTED},
        Status.MATCHED: {Status.POSTED, Status.REJECTED},
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
    supersedes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors")
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    posted_at = models.DateTimeField(null=True, blank=True)
    lines_read = models.BigIntegerField(default=0)
    lines_accepted = models.BigIntegerField(default=0)
    lines_rejected = models.BigIntegerField(default=0)
    lines_unmatched = models.BigIntegerField(default=0)
    footer_faults = models.JSONField(default=list, blank=True, help_text="Differences to the file's own counts.")
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
                condition=~models.Q(status__in=["held", "rejected", "superseded"]),
                name="salesreport_one_live_per_identity",
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

    def __str__(self) -> str:
        return self.public_id


class ReportFile(models.Model):
    """One file exactly as it came in, found again by its content. The original is never changed or deleted."""

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
    number = models.PositiveSmallIntegerField(default=1, help_text="x of `x of y`.")
    received_at = models.DateTimeField()
    error = models.CharField(max_length=60, blank=True, help_text="Code, when the whole file cannot be read.")
    error_params = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["licensee", "sha256"], name="reportfile_once_per_licensee")]

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
