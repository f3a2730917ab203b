"""Words for codes on the catalogue's pages."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalog.models import LicensorStatement
from catalog.territories import words_of

register = template.Library()

CHANGE_NAMES = {
    "new": gettext_noop("New track"),
    "changed": gettext_noop("Track gets more"),
    "new_work": gettext_noop("New work"),
}


@register.filter
def where(label: object) -> str:
    """This will say a set of territories in the reader's language: `{{ claim.territories|where }}`."""
    return words_of(str(label))


@register.simple_tag
def change_name(kind: str) -> str:
    """This will name what a catalogue file changes: `{% change_name change.kind %}`."""
    if kind in CHANGE_NAMES:
        return _(CHANGE_NAMES[kind])
    return str(LicensorStatement.Kind(kind).label)
