"""How a published figure is written."""

from decimal import Decimal

from django import template

from core.templatetags.roms import number

register = template.Library()


@register.filter
def whole(value: Decimal) -> str:
    """This will show a count kept with decimals as a whole number in groups of three."""
    return number(int(value))
