"""Words for codes on the pages of cases: reasons, checks, places of money, sealed file names."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import get_format
from django.utils.translation import get_language, gettext_lazy, gettext_noop
from django.utils.translation import gettext as _

from catalog import territories
from catalog.faults import explain
from catalog.matching import method_text, reason_text
from catalog.rights import Right
from claims import services
from claims.forms import LineForm, WatchForm
from claims.house_rules import MONEY, RULES, UNITS
from claims.models import DisputeParty, DisputeVerdict, EvidenceDocument, RepertoireRow
from claims.reasons import LISTS, words
from core.templatetags.roms import percent
from sales.models import StoreKey

register = template.Library()

CHECK_NAMES = {
    "identity": gettext_noop("Identity"),
    "identifier": gettext_noop("Tracks"),
    "duplicate": gettext_noop("Claimed before"),
    "shares": gettext_noop("Room"),
    "overlap": gettext_noop("Other claims"),
    "withdrawn": gettext_noop("Opt-outs"),
    "value": gettext_noop("Money"),
    "evidence": gettext_noop("Evidence"),
    "authority": gettext_noop("Authority"),
    "ownership": gettext_noop("Ownership"),
    "partial": gettext_noop("Other holders"),
    "disputed": gettext_noop("Disputes"),
    "already_out": gettext_noop("Out already"),
    "rows": gettext_noop("Rows"),
    "scope": gettext_noop("What the documents prove"),
    "velocity": gettext_noop("Pace"),
    "bank_account": gettext_noop("Bank account"),
    "name_distance": gettext_noop("Names"),
    "fraud": gettext_noop("Known from frauds"),
    "abuse": gettext_noop("Earlier opt-outs"),
}
PLACE_NAMES = {
    "unidentified": gettext_noop("Waits for a match"),
    "unclaimed": gettext_noop("Waits for a holder"),
    "disputed": gettext_noop("Disputed"),
    "held": gettext_noop("Held for its holder"),
    "post_withdrawal": gettext_noop("Sold after its holder left"),
    "payable": gettext_noop("Payable"),
    "in_payout": gettext_noop("Being paid"),
    "paid": gettext_noop("Paid"),
    "recoverable": gettext_noop("Overpaid"),
}
LIST_KINDS = {
    "chosen": gettext_lazy("Chosen"),
    "bad": gettext_lazy("To be mended"),
    "money": gettext_lazy("With money waiting"),
}
MATCH_OUTCOMES = {
    "matched": gettext_noop("Matched"),
    "moved": gettext_noop("Corrected"),
    "withdrawn": gettext_noop("Match withdrawn"),
    "asked": gettext_noop("Waits for a second person"),
    "same": gettext_noop("As it is already"),
    "refused": gettext_noop("Not done"),
}


@register.simple_tag
def list_reason(code: str) -> str:
    """This will say why a file could not be taken: `{% list_reason list.reason %}`."""
    if code in LISTS:
        return words(code)
    said = explain(code)
    return f"{said.problem} {said.remedy}"


@register.simple_tag
def row_fault(row: RepertoireRow) -> str:
    """This will say what is wrong with a cell of a row: `{% row_fault row %}`."""
    said = words(row.fault) if row.fault in LISTS else str(explain(row.fault).problem)
    return f"{row.fault_column}: {said}" if row.fault_column else said


@register.simple_tag
def list_kind(kind: str) -> str:
    """This will name the kind of rows that are shown: `{% list_kind kind %}`."""
    return str({**LIST_KINDS, **dict(RepertoireRow.Group.choices), **dict(RepertoireRow.Outcome.choices)}[kind])


@register.simple_tag
def reason(code: str, params: Mapping[str, Any] | None = None) -> str:
    """This will say the reason of a check or a decision: `{% reason check.reason check.params %}`."""
    return words(code, params)


@register.simple_tag
def line_form(prefix: str) -> LineForm:
    """This will give the form that decides a line otherwise than all: `{% line_form prefix as form %}`."""
    return LineForm(prefix=prefix, is_exception=True)


@register.simple_tag
def watch_form(kind: str, name: str) -> WatchForm:
    """This will give the form that asks to watch a name: `{% watch_form "artist" name as watch_form %}`."""
    return WatchForm(initial={"kind": kind, "name": name})


@register.simple_tag
def check_name(name: str) -> str:
    """This will name an automatic check: `{% check_name check.name %}`."""
    return _(CHECK_NAMES[name]) if name in CHECK_NAMES else name


@register.simple_tag
def rule_means(code: str) -> str:
    """This will say what a number of the review means: `{% rule_means rule.code %}`."""
    return str(RULES[code].means)


@register.simple_tag
def rule_unit(code: str) -> str:
    """This will say what a number of the review counts, where it is no money: `{% rule_unit rule.code %}`."""
    unit = RULES[code].unit
    return "" if unit == MONEY else str(UNITS[unit])


@register.filter
def plain(value: Decimal) -> str:
    """This will show a number without the zeros at its end: `{{ rule.value|plain }}`."""
    return f"{value.normalize():f}".replace(".", get_format("DECIMAL_SEPARATOR"))


@register.filter
def country(code: str) -> str:
    """This will name a country in the reader's language: `{{ holder.country|country }}`."""
    return territories.name_of(code, get_language() or "en")


@register.simple_tag
def place_name(place: str) -> str:
    """This will name a place where money rests: `{% place_name place %}`."""
    return _(PLACE_NAMES[place]) if place in PLACE_NAMES else place


@register.simple_tag
def document_name(document: EvidenceDocument) -> str:
    """This will unseal the name of a document for who may see it: `{% document_name document %}`."""
    return services.document_name(document)


@register.simple_tag
def right_name(right: str) -> str:
    """This will name a right in words: `{% right_name fact.right %}`."""
    return str(Right(right).label)


@register.simple_tag
def match_outcome(code: str) -> str:
    """This will say what became of a row of a match file: `{% match_outcome each.does %}`."""
    return _(MATCH_OUTCOMES[code])


@register.simple_tag
def matched_how(key: StoreKey) -> str:
    """This will say how a store's name was matched and why: `{% matched_how key %}`."""
    return " ".join([f"{method_text(key.match_method)}.", *(reason_text(code) for code in key.match_reasons)])


@register.simple_tag
def lookup(names: Mapping[str, str], code: str) -> str:
    """This will give the name of a code: `{% lookup names row.owner %}`."""
    return names.get(code, code)


@register.simple_tag
def verdict_part(verdict: DisputeVerdict, party: DisputeParty) -> str:
    """This will say what a verdict gives a party: `{% verdict_part verdict party %}`."""
    return percent(Decimal(verdict.percents.get(str(party.holder_id), 0)))


@register.simple_tag
def split_words(party: DisputeParty, parties: Sequence[DisputeParty]) -> str:
    """This will say the split a party accepts, part by part: `{% split_words party parties %}`."""
    names = {str(each.holder_id): each.holder.name for each in parties}
    split = party.split or {}
    return ", ".join(f"{names.get(holder, holder)} {percent(Decimal(part))}" for holder, part in split.items())


@register.simple_tag
def dispute_row_does(does: str) -> str:
    """This will say what a row of a table of answers does: `{% dispute_row_does each.does %}`."""
    return _(services.DISPUTE_ROW_DOES[does])
