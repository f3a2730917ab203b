"""A list of repertoire, up to a million rows, looked up before anybody signs: for a claim, an opt-out, or both.

What was received stays as it came (`RepertoireFile`, content-addressed). Its rows are a draft and nothing else: they
say what each row was found to be, and the holder chooses among them. What is signed in the end are the lines of the
claim or opt-out made from the chosen rows.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Authority, RightsHolder, Track
from catalog.rights import Right
from core.ids import PublicIdField


class RepertoireList(models.Model):
    """received > read > ready > confirmed        from ready also: received (a mended file came)

    received or read also > rejected; all but confirmed also > dropped; confirmed > ready (amended before it is signed)
    """

    class Status(models.TextChoices):
        RECEIVED = "received", _("Being read")
        READ = "read", _("Being looked up")
        READY = "ready", _("Looked up: please choose")
        CONFIRMED = "confirmed", _("Chosen")
        REJECTED = "rejected", _("Cannot be read")
        DROPPED = "dropped", _("Thrown away")

    MOVES = {
        Status.RECEIVED: {Status.READ, Status.REJECTED, Status.DROPPED},
        Status.READ: {Status.READY, Status.REJECTED, Status.DROPPED},
        Status.READY: {Status.RECEIVED, Status.CONFIRMED, Status.DROPPED},
        Status.CONFIRMED: {Status.READY},
        Status.REJECTED: {Status.DROPPED},
        Status.DROPPED: set(),
    }

    class Purpose(models.TextChoices):
        CLAIM = "claim", _("Claim the money")
        OPT_OUT = "opt_out", _("Take the tracks out of the stores")
        BOTH = "both", _("Pay me to date, remove me from tomorrow")

    class Source(models.TextChoices):
        FILE = "file", _("A file")
        PASTE = "paste", _("A typed or pasted list")
        BASKET = "basket", _("The basket")
        LABEL = "label", _("All tracks of a label")
        ARTIST = "artist", _("All tracks of an artist")
        RELEASE = "release", _("All tracks of a release")
        CATALOGUE = "catalogue", _("All tracks recorded for this owner")

    public_id = PublicIdField(prefix="LST")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="repertoire_lists")
    authority = models.ForeignKey(Authority, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=8, choices=Purpose)
    source = models.CharField(max_length=10, choices=Source)
    selection = models.CharField(max_length=500, blank=True, help_text="Whose tracks, where the source is a name.")
    rights = ArrayField(models.CharField(max_length=12, choices=Right), help_text="What the holder says is its own.")
    status = models.CharField(max_length=10, choices=Status, default=Status.RECEIVED)
    reason = models.CharField(max_length=60, blank=True, help_text="Why it cannot be read, a code.")
    row_count = models.PositiveIntegerField(default=0, help_text="Rows read so far.")
    counts = models.JSONField(default=dict, blank=True, help_text="Rows by group and outcome, once looked up.")
    is_followed = models.BooleanField(
        default=False, help_text="What comes later under the name is proposed to the holder, as a list of its own."
    )
    seen_track = models.BigIntegerField(default=0, help_text="The last track there was when it was looked under.")
    follows = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="followed_by",
        help_text="The followed list whose name these tracks came under.",
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(status__in=["received", "read"]),
                name="repertoirelist_due",
            ),
            models.Index(fields=["seen_track"], condition=models.Q(is_followed=True), name="repertoirelist_followed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["received", "read", "ready", "confirmed", "rejected", "dropped"]),
                name="repertoirelist_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(purpose__in=["claim", "opt_out", "both"]), name="repertoirelist_purpose_known"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class RepertoireFile(models.Model):
    """A file as it was received, under its content's name. A second one mends rows of the first."""

    list = models.ForeignKey(RepertoireList, on_delete=models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    stored = models.CharField(max_length=300)
    name_sealed = models.BinaryField(help_text="File name as uploaded, sealed under the holder's key.")
    kind = models.CharField(max_length=40, blank=True, help_text="What it was recognised as.")
    is_mended = models.BooleanField(default=False, help_text="Holds rows of the list again, by their numbers.")
    rows_read = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "sha256"], name="repertoirefile_once")]

    def __str__(self) -> str:
        return f"{self.list} {self.sha256[:12]}"


class RepertoirePart(models.Model):
    """Some rows of a list that one worker looks up in one transaction. While `done_at` is empty the sweep finds it."""

    list = models.ForeignKey(RepertoireList, on_delete=models.CASCADE, related_name="parts")
    first_row = models.PositiveIntegerField()
    last_row = models.PositiveIntegerField()
    done_at = models.DateTimeField(null=True, blank=True)
    waiting = models.JSONField(default=dict, blank=True, help_text="Money that waits for its tracks, by currency.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "first_row"], name="repertoirepart_once")]
        indexes = [
            models.Index(fields=["list"], condition=models.Q(done_at__isnull=True), name="repertoirepart_due"),
        ]

    def __str__(self) -> str:
        return f"{self.list} {self.first_row}-{self.last_row}"


class RepertoireRow(models.Model):
    """A row as it was given (`place` 0) and the track it was found to be, or one more track it may mean.

    Written by COPY and set-based updates only; the track is looked at again when a case is made from it, and its list
    is checked once per statement (core.sqlfiles.refers), so no foreign key is checked a million times here.
    """

    class Group(models.TextChoices):
        """How surely the track is the one meant; what is less sure is confirmed group by group."""

        EXACT = "exact", _("Exact")
        LIKELY = "likely", _("Likely")
        DOUBTFUL = "doubtful", _("Doubtful")
        VERSION = "version", _("Another version: live, karaoke, remix, cover")
        OTHER_ARTIST = "other_artist", _("Same title by another artist")

    class Outcome(models.TextChoices):
        PENDING = "pending", _("Not looked up yet")
        FOUND = "found", _("Found")
        UNKNOWN = "unknown", _("Not in the catalogue")
        UNREADABLE = "unreadable", _("Cannot be read")
        DUPLICATE = "duplicate", _("The same track as an earlier row")
        MINE = "mine", _("Recorded for you already")
        ASKED = "asked", _("In another open case of yours")
        CONFLICT = "conflict", _("Others have or claim it")
        NOT_MINE = "not_mine", _("Wholly owned by others")
        WITHDRAWN = "withdrawn", _("Out of the stores already")

    list = models.ForeignKey(
        RepertoireList, on_delete=models.CASCADE, related_name="rows", db_index=False, db_constraint=False
    )
    row_no = models.PositiveIntegerField()
    place = models.PositiveSmallIntegerField(db_default=0)
    typed = models.CharField(max_length=500, db_default="")
    title = models.CharField(max_length=500, db_default="")
    artist = models.CharField(max_length=500, db_default="")
    isrcs = ArrayField(models.CharField(max_length=12), db_default=[])
    track_ref = models.CharField(max_length=20, db_default="")
    address = models.CharField(max_length=500, db_default="")
    store_key = models.CharField(max_length=200, db_default="")
    seconds = models.PositiveIntegerField(null=True, blank=True)
    label = models.CharField(max_length=300, db_default="")
    release = models.CharField(max_length=500, db_default="")
    fault = models.CharField(max_length=30, db_default="", help_text="What is wrong with a cell: a code.")
    fault_column = models.CharField(max_length=30, db_default="")
    track = models.ForeignKey(
        Track, null=True, blank=True, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    group = models.CharField(max_length=12, choices=Group, db_default="")
    outcome = models.CharField(max_length=10, choices=Outcome, db_default=Outcome.PENDING)
    found_by = models.CharField(max_length=20, db_default="")
    score = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    reasons = models.JSONField(db_default=[])
    others_percent = models.DecimalField(max_digits=9, decimal_places=6, db_default=0)
    other_holders = models.PositiveSmallIntegerField(db_default=0, help_text="How many others have shares; never who.")
    has_money = models.BooleanField(db_default=False)
    is_out = models.BooleanField(db_default=False)
    is_chosen = models.BooleanField(db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "row_no", "place"], name="repertoirerow_once"),
            models.CheckConstraint(
                condition=models.Q(is_chosen=False) | models.Q(track__isnull=False),
                name="repertoirerow_chosen_known",
            ),
        ]

    def __str__(self) -> str:
        return self.typed
