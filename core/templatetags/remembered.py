"""A part of a page that is written once for the same words: `{% remembered ... %}`. Docs: docs/ui.md.

The part sees nothing of the page but the values it is given, so its text follows from them, from the language and from
the template alone: what was written for equal values is right, however long ago that was, and there is nothing to
forget when facts change. What differs on every page (a token, the address) is given after `later`: the part places it,
and it is put in each time.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

TEXTS_MAX: Final = 2_000
"""So many texts a part keeps; then it begins anew."""
PLAIN: Final = frozenset({str, int, bool, type(None), date, datetime})
"""Values whose equals look alike on a page."""


@register.tag
def remembered(parser: Parser, token: Token) -> "Remembered":
    """This will write `{% remembered a=x b=y later here=request.get_full_path %}...{% endremembered %}` once for equal
    `a` and `b`. Values are text, numbers, days, instants, None and tuples of them, or the page fails."""
    bits = token.split_contents()[1:]
    cut = bits.index("later") if "later" in bits else len(bits)
    given, later = bits[:cut], bits[cut + 1 :]
    values, places = token_kwargs(given, parser), token_kwargs(later, parser)
    if given or later:
        raise template.TemplateSyntaxError("remembered takes name=value, and more of them after `later`")
    body = parser.parse(("endremembered",))
    parser.delete_first_token()
    return Remembered(body, values, places)


class Remembered(template.Node):
    """The part, the values its text follows from, and what is put in each time."""

    def __init__(
        self, nodelist: NodeList, values: dict[str, FilterExpression], places: dict[str, FilterExpression]
    ) -> None:
        self.nodelist = nodelist
        self.values = values
        self.places = places
        self.texts: dict[tuple[Any, ...], Sequence[str]] = {}

    def render(self, context: Context) -> SafeString:
        """This will take the text from memory, or write it."""
        values = {name: value.resolve(context) for name, value in self.values.items()}
        key = (get_language(), *map(_spelled, values.values()))
        pieces = self.texts.get(key)
        if pieces is None:
            if len(self.texts) >= TEXTS_MAX:
                self.texts = {}
            pieces = self.texts[key] = self._written(context, values)
        if len(pieces) == 1:
            return SafeString(pieces[0])
        later = {name: conditional_escape(value.resolve(context)) for name, value in self.places.items()}
        return SafeString("".join(later[piece] if place % 2 else piece for place, piece in enumerate(pieces)))

    def _written(self, context: Context, values: dict[str, Any]) -> Sequence[str]:
        """Write it: every second piece is the name of what is put in later."""
        text = self.nodelist.render(context.new({**values, **{name: f"\0{name}\0" for name in self.places}}))
        return text.split("\0")


def _spelled(value: Any) -> Any:
    """What tells a value from all that look otherwise: 1.0 from 1.00, 1 from True, text from markup."""
    kind = type(value)
    if kind is str or value is None:
        return value
    if kind in PLAIN:
        return kind, value
    if isinstance(value, tuple):
        return kind, tuple(map(_spelled, value))
    if isinstance(value, Decimal | SafeString):
        return kind, str(value)
    raise TypeError(f"a remembered part is given {kind.__name__}, which may look otherwise with the same value")
