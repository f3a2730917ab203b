"""How a store's own tables are read: templates made in the browser, remembered, every change a new version."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.ids import PublicIdField
from sales.models.licensee import Licensee


class MappingTemplate(models.Model):
    """One layout of one store. Its newest version reads the next file whose columns it knows, until it is retired."""

    public_id = PublicIdField(prefix="MAP")
    licensee = models.ForeignKey(Licensee, on_delete=models.PROTECT, related_name="mapping_templates")
    name = models.CharField(max_length=80)
    retired_at = models.DateTimeField(null=True, blank=True, help_text="No new file is read by it since.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["licensee", "name"], name="mappingtemplate_name")]

    def __str__(self) -> str:
        return self.name


class MappingVersion(models.Model):
    """What a template said at one time; never changed, because reports name the version that read them."""

    template = models.ForeignKey(MappingTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    rules = models.JSONField(help_text="As sales.formats.rules spells them.")
    columns = ArrayField(models.CharField(max_length=60), help_text="Names of the columns of the file it was made for.")
    fingerprint = models.CharField(max_length=64, help_text="Of the columns it needs, in any order and case.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="mappingversion_once")]

    def __str__(self) -> str:
        return f"{self.template} {self.number}"
