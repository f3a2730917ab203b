"""How money, time, status and form fields look on every page. Docs and examples: docs/ui.md.

No tag computes anything: amounts are shown digit by digit as they are stored, never through float, and a shortened
amount is cut, not rounded, so no page shows more than there is.
"""

from collections.abc import Container, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.db.models import Model
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format, get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from core.money import PLACES, Money, minor_places

register = template.Library()

THIN = "\u202f"  # narrow no-break space: groups of three digits
MINUS = "\u2212"
TONES = {
    "good": "accepted acknowledged approved awarded complied confirmed funded granted matched paid passed posted "
    "removed settled verified active ok done delivered found ready",
    "wait": "draft filed requested registered under_review evidence_requested awarding queued sent received parsed "
    "pending reduced disputed escalated unclear running suspended opened answered retracted held waiting warning "
    "due notified ambiguous more_asked conflict read",
    "bad": "rejected refused returned breached overdue failed countered ended revoked superseded error dead objected "
    "unreadable not_mine duplicate",
}
_TONE_OF = {word: tone for tone, words in TONES.items() for word in words.split()}


# Money ------------------------------------------------------------------------------------------------------------
@register.simple_tag
def money(amount: Money | Decimal | int | str | None, currency: str = "", exact: bool = False) -> SafeString:
    """This will show an amount: `{% money balance %}`, `{% money sale.base sale.currency exact=True %}`.

    Two decimals (the currency's own number), the rest in the title; an amount below one coin, and every amount with
    `exact`, shows all its decimals. The machine-readable amount is in `<data value>`.
    """
    if amount is None or amount == "":
        return format_html('<span class="money muted">{}</span>', "–")
    if isinstance(amount, Money):
        return money(amount.amount, amount.currency, exact)
    if isinstance(amount, float):
        raise TypeError("money is never float")
    value = Decimal(amount)
    head, tail = _split(value, minor_places(currency), exact)
    hides = bool(tail.strip("0")) and not exact
    title = _("exactly %(amount)s") % {"amount": f"{value:f} {currency}"} if hides else ""
    return format_html(
        '<span class="money{}"{}><data value="{}">{}{}</data>{}</span>',
        " negative" if value < 0 else "",
        format_html(' title="{}"', title) if title else "",
        f"{value:f}",
        head,
        format_html('<span class="tail">{}</span>', tail) if tail and exact else "",
        format_html(' <span class="cur">{}</span>', currency) if currency else "",
    )


def _split(value: Decimal, places: int, exact: bool) -> tuple[str, str]:
    """This will give the digits down to the coin and the digits beyond it; a sub-coin amount keeps all in front."""
    whole, _dot, decimals = f"{abs(value):f}".partition(".")
    decimals = decimals.ljust(PLACES, "0")
    coin, tail = decimals[:places], decimals[places:]
    if value and not exact and not int(whole + coin):
        coin, tail = decimals.rstrip("0"), ""
    grouped = f"{int(whole):,}".replace(",", THIN)
    head = (MINUS if value < 0 else "") + grouped + (get_format("DECIMAL_SEPARATOR") + coin if coin else "")
    return head, tail


def amount_text(value: Decimal, currency: str, exact: bool = True) -> str:
    """This will write an amount as pages show it, as plain text for papers."""
    head, tail = _split(value, minor_places(currency), exact)
    return f"{head}{tail if exact else ''}"


@register.filter
def percent(value: Decimal | int | str | None) -> str:
    """This will show a share without useless zeros: `33.333333` stays, `50.000000` is `50 %`."""
    if value is None:
        return "–"
    text = f"{Decimal(value):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", get_format("DECIMAL_SEPARATOR")) + "\u00a0%"


@register.filter
def number(value: int | None) -> str:
    """This will show a count in groups of three: `1 234 567`."""
    return "–" if value is None else f"{value:,}".replace(",", THIN)


@register.filter
def is_in(value: object, things: Container[object]) -> bool:
    """This will tell whether something is among others: `{{ track.pk|is_in:basket }}`."""
    return value in things


# Time -------------------------------------------------------------------------------------------------------------
@register.simple_tag
def when(moment: datetime | date | str | None, form: str = "") -> SafeString:
    """This will show a day or an instant (UTC, said so): `{% when claim.filed_at %}`, `{% when x "date" %}`."""
    if isinstance(moment, str):
        moment = parse_datetime(moment) or parse_date(moment)
    if moment is None:
        return format_html('<span class="muted">{}</span>', "–")
    if not isinstance(moment, datetime):
        return format_html('<time datetime="{}">{}</time>', moment.isoformat(), day_text(moment))
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    shown = day_text(local) if form == "date" else f"{day_text(local)}, {local:%H:%M} UTC"
    exact = f"{local:%Y-%m-%d %H:%M:%S} UTC"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact, shown)


@register.simple_tag
def period(start: date | None, end: date | None) -> str:
    """This will show a half-open period in words: `Jan 2005 to Jun 2007`, `from 3 May 2006`, `always`, `on no day`."""
    if not start and not end:
        return _("always")
    if not end:
        return _("from %(day)s") % {"day": day_text(start)}
    last = end - timedelta(days=1)
    if not start:
        return _("until %(day)s") % {"day": day_text(last)}
    if start >= end:
        return _("on no day")
    if start.day == 1 and end.day == 1:
        first_month, last_month = _month(start), _month(last)
        if (start.year, start.month) == (last.year, last.month):
            return _month(start, whole=True)
        return _("%(start)s to %(end)s") % {"start": first_month, "end": last_month}
    if start == last:
        return day_text(start)
    return _("%(start)s to %(end)s") % {"start": day_text(start), "end": day_text(last)}


@register.filter
def day_text(day: date | None) -> str:
    """This will write a day as every page does; '' where there is none."""
    return date_format(day, pgettext("how a day is written", "j M Y")) if day else ""


def _month(day: date, whole: bool = False) -> str:
    """This will name a month; Russian writes it out and small."""
    words = date_format(day, "F Y" if whole else pgettext("how a month is written", "M Y"))
    return words.lower() if (get_language() or "").startswith("ru") else words


# Status, icons, steps ---------------------------------------------------------------------------------------------
@register.inclusion_tag("components/_status.html")
def status(thing: Model | str, label: str = "", field: str = "status", tone: str = "") -> dict[str, str]:
    """This will show a status as a badge: `{% status claim %}`, `{% status line field="outcome" %}`,
    `{% status "passed" _("Passed") %}`. The tone (good, wait, bad) follows from the value unless given."""
    if isinstance(thing, str):
        value = thing
    else:
        value = str(getattr(thing, field))
        display = getattr(thing, f"get_{field}_display", None)
        label = label or (str(display()) if display else value)
    return {"value": value, "label": label or value, "tone": tone or _TONE_OF.get(value, "")}


@register.simple_tag
def icon(name: str) -> SafeString:
    """This will draw a small decorative icon of static/vendor/icons/icons.svg: `{% icon "search" %}`."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("vendor/icons/icons.svg"),
        name,
    )


@register.inclusion_tag("components/_steps.html")
def steps(current: int, *labels: str) -> dict[str, Any]:
    """This will show where somebody is in a form of several pages: `{% steps 2 _("Tracks") _("Proof") _("Sign") %}`."""
    return {"steps": [(label, number, number == current, number < current) for number, label in enumerate(labels, 1)]}


# Forms ------------------------------------------------------------------------------------------------------------
@register.inclusion_tag("components/_field.html")
def field(bound: BoundField, label: str = "", help: str = "", wide: bool = False) -> dict[str, Any]:
    """This will show a field with label, help, errors and what screen readers need: `{% field form.title %}`."""
    widget = bound.field.widget
    group = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    check = isinstance(widget, CheckboxInput)
    css = "form-check-input" if group or check else "form-select" if isinstance(widget, Select) else "form-control"
    words = [widget.attrs.get("class"), css, "is-invalid" if bound.errors else ""]
    attrs: dict[str, str | bool] = {"class": " ".join(filter(None, words))}
    return {
        "bound": bound,
        "kind": "group" if group else "check" if check else "plain",
        "control": "" if group else _control(bound, attrs, bool(help)),
        "options": _options(bound, attrs) if group else [],
        "id": bound.id_for_label or bound.auto_id,
        "label": label or bound.label,
        "help": help or bound.help_text,
        "wide": wide,
    }


def _control(bound: BoundField, attrs: dict[str, str | bool], has_help: bool) -> SafeString:
    described = [f"{bound.auto_id}_helptext"] if bound.help_text or has_help else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    if described:
        attrs = {**attrs, "aria-describedby": " ".join(described)}
    return bound.as_widget(attrs=attrs)


def _options(bound: BoundField, attrs: dict[str, str | bool]) -> Sequence[Any]:
    for option in bound.subwidgets:
        option.data["attrs"]["class"] = attrs["class"]
    return bound.subwidgets


@register.inclusion_tag("components/_errors.html")
def errors(*forms: BaseForm) -> dict[str, Any]:
    """This will list what is wrong on top of a page, each with a link to its field: `{% errors form %}`."""
    found = [
        (bound.id_for_label or bound.auto_id, bound.label, message)
        for form in forms
        if form
        for bound in form
        for message in bound.errors
    ]
    general = [message for form in forms if form for message in form.non_field_errors()]
    hidden = [message for form in forms if form for bound in form.hidden_fields() for message in bound.errors]
    return {"found": found, "general": [*general, *hidden], "any": bool(found or general)}


@register.simple_tag
def languages() -> list[tuple[str, str]]:
    """This will give the portal's languages by their own names."""
    own = {"en": "English", "ru": "Русский"}
    return [(code, own.get(code, str(name))) for code, name in settings.LANGUAGES]
