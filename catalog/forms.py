"""What people type and send to the catalogue's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """A catalogue file."""

    file = forms.FileField(
        label=_("Catalogue file"),
        help_text=_(
            "CSV, TSV or XLSX with columns as in the template; DDEX ERN; CWR; MusicBrainz JSON. "
            "The content counts, not the name."
        ),
        allow_empty_file=True,
    )
