"""Sound recordings as catalogued, and the products that hold them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models.functions import MD5, Now
from django.utils.translation import gettext_lazy as _

from core.ids import PublicIdField

ARTIST_KEY = models.Func(
    models.F("name_key"), models.Value("|"), models.Value(2), function="split_part", output_field=models.TextField()
)
"""The key of the artist: the second half of a name key."""


class NameKind(models.TextChoices):
    """Whose name stands on a track."""

    ARTIST = "artist", _("an artist")
    LABEL = "label", _("a label")


class Track(models.Model):
    """One sound recording. A remix, live take, remaster or cover is another track until a person says otherwise.

    An ISRC is evidence, not a key: a track has none, one or many, and one ISRC may sit on two tracks by mistake.
    """

    public_id = PublicIdField(prefix="TRK")
    title = models.CharField(max_length=500)
    artist = models.CharField(max_length=500, help_text="Display artist as catalogued.")
    duration_seconds = models.PositiveIntegerField(null=True, blank=True)
    label = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=12, blank=True, help_text="BCP 47 tag of title and artist.")
    name_key = models.CharField(max_length=500, help_text="catalog.names.name_key(title, artist).")
    search_text = models.TextField(help_text="All names and the label as Latin words (catalog.names.search_text).")
    label_key = models.CharField(max_length=250, blank=True, help_text="catalog.names.artist_key(label).")
    match_codes = ArrayField(models.IntegerField(), null=True, editable=False, help_text="catalog.matching.codes.")
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["name_key"], name="track_name_key"),
            models.Index(ARTIST_KEY, name="track_artist"),
            models.Index(fields=["label_key"], name="track_label", condition=~models.Q(label_key="")),
            GinIndex(SearchVector("search_text", config="simple"), name="track_search_words", fastupdate=False),
            GinIndex(fields=["match_codes"], name="track_match_codes", fastupdate=False),
            models.Index(fields=["id"], name="track_without_codes", condition=models.Q(match_codes=None)),
        ]

    def __str__(self) -> str:
        return f"{self.artist} - {self.title}"


class TrackName(models.Model):
    """Another way title and artist are written: a second script, a translation, a spelling a store uses."""

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="names")
    title = models.CharField(max_length=500)
    artist = models.CharField(max_length=500)
    language = models.CharField(max_length=12, blank=True)
    name_key = models.CharField(max_length=500)
    match_codes = ArrayField(models.IntegerField(), null=True, editable=False, help_text="catalog.matching.codes.")

    class Meta:
        indexes = [
            models.Index(fields=["name_key"], name="trackname_name_key"),
            models.Index(ARTIST_KEY, name="trackname_artist"),
            GinIndex(fields=["match_codes"], name="trackname_match_codes", fastupdate=False),
            models.Index(fields=["id"], name="trackname_without_codes", condition=models.Q(match_codes=None)),
        ]
        constraints = [models.UniqueConstraint("track", MD5("title"), MD5("artist"), name="trackname_once")]

    def __str__(self) -> str:
        return f"{self.artist} - {self.title}"


class TrackIsrc(models.Model):
    """An ISRC somebody gave this track: 12 characters, no hyphens. Deliberately not unique across tracks."""

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="isrcs")
    isrc = models.CharField(max_length=12)

    class Meta:
        indexes = [models.Index(fields=["isrc"], name="trackisrc_isrc")]
        constraints = [
            models.UniqueConstraint(fields=["track", "isrc"], name="trackisrc_once"),
            models.CheckConstraint(
                condition=models.Q(isrc__regex=r"^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$"), name="trackisrc_shape"
            ),
        ]

    def __str__(self) -> str:
        return self.isrc


class Release(models.Model):
    """A product that holds tracks: an album, a single."""

    public_id = PublicIdField(prefix="REL")
    title = models.CharField(max_length=500)
    artist = models.CharField(max_length=500, blank=True)
    label = models.CharField(max_length=300, blank=True)
    icpn = models.CharField(max_length=14, blank=True, help_text="UPC/EAN, a string: zeros count.")
    released_date = models.DateField(null=True, blank=True)
    name_key = models.CharField(max_length=500)
    tracks = models.ManyToManyField(Track, through="ReleaseTrack", related_name="releases")

    class Meta:
        indexes = [
            models.Index(fields=["icpn"], condition=~models.Q(icpn=""), name="release_icpn"),
            models.Index(fields=["name_key"], name="release_name_key"),
        ]

    def __str__(self) -> str:
        return self.title


class ReleaseTrack(models.Model):
    """Where a track stands on a release. A release sale is spread over these rows by the tariff's key."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="places")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="places")
    sequence = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "sequence"], name="releasetrack_place_once")]

    def __str__(self) -> str:
        return f"{self.release} #{self.sequence}"


class SearchWord(models.Model):
    """Every distinct word of the tracks' search texts: a mistyped word is corrected here, not in a million rows."""

    word = models.CharField(max_length=60, primary_key=True)
    spellings = ArrayField(models.IntegerField(), editable=False, help_text="catalog.spelling.spellings.")

    class Meta:
        indexes = [
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="searchword_trigrams"),
            GinIndex(fields=["spellings"], name="searchword_spellings", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.word


class CatalogueChange(models.Model):
    """A track or release that is new, or that has a new name or code: names nobody knew may be its own.

    Statement-level triggers write these rows, whoever changed it; what matches names takes them away, in the
    transaction that looks again at what was unmatched (sales). So nothing is forgotten and nothing is looked at twice.
    """

    track = models.ForeignKey(
        Track, null=True, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    release = models.ForeignKey(
        Release, null=True, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    def __str__(self) -> str:
        return f"track {self.track_id}" if self.track_id else f"release {self.release_id}"
