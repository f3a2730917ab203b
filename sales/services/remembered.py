"""Which remembered mapping template reads a file, if one does: by the columns it needs, tried on the first rows.

A file is never read on the strength of its header alone: where the content does not fit, two templates fit, or the
period must be said, a person is asked and the file waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from sales.formats import flat, guess, mended, rules, sheet, table, values
from sales.formats.errors import BadFile
from sales.formats.recognise import Recognised, encoding_of, recognise
from sales.models import Licensee, MappingTemplate, MappingVersion, ReportFile
from sales.pipeline import preview, reading

NEEDS_MAPPING, MISFIT, UNCLEAR, NEEDS_PERIOD = "needs_mapping", "mapping_misfit", "mapping_unclear", "needs_period"
REASONS = (NEEDS_MAPPING, MISFIT, UNCLEAR, NEEDS_PERIOD)
"""Why a table waits for a person who makes, corrects or chooses its template, or says its period."""
TABLE_FAULTS = ("unknown_format", "columns_missing", "column_twice", "wrong_encoding")
PLAIN_ROWS = 50


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A table nobody has said how to read; `version` is the template that nearly fits."""

    cut: table.Cut
    code: str
    params: dict[str, Any] = field(default_factory=dict)
    version: MappingVersion | None = None

    def to_json(self) -> dict[str, Any]:
        """Return what is kept of it beside the file until a person has said how to read it."""
        kept: dict[str, Any] = reading.to_json(Recognised(self.cut.packing, self.cut.encoding, None, None))
        return kept | ({"nearly": self.version.pk} if self.version else {})


@dataclass(frozen=True, slots=True)
class _Fit:
    """A template whose columns a file has."""

    version: MappingVersion
    bound: rules.Bound
    found: table.Table


def recognise_for(
    *,
    licensee: Licensee,
    raw: BinaryIO,
    size: int,
    limit: int,
    template: MappingTemplate | None = None,
    period: str = "",
) -> Recognised | Unmapped:
    """This will tell what a file of a store is: a DSR, our own template, a remembered layout, or a table to be mapped.

    With `template` only that one is tried, and the file waits when it does not fit.

    Raises: BadFile when it is nothing that could be a table of sales.
    """
    versions = newest_versions(licensee, template)
    looks = _looks(raw, size, limit) if versions else None
    if looks and (found := _remembered(versions, *looks, raw, template=template, period=period)):
        return found
    raw.seek(0)
    try:
        known = recognise(raw, size, limit)
    except BadFile as error:
        if error.code not in TABLE_FAULTS:
            raise
        looks = looks or _looks(raw, size, limit)
        if looks and (unmapped := _as_table(*looks, raw)):
            return unmapped
        raise
    if known.template and not known.head:
        looks = looks or _looks(raw, size, limit)
        if looks and not _reads_plainly(known.template, *looks, raw):
            return _as_table(*looks, raw) or known
    return known


def newest_versions(licensee: Licensee, template: MappingTemplate | None = None) -> list[MappingVersion]:
    """This will find the newest version of each template a store has, or of the one asked for."""
    versions = MappingVersion.objects.filter(template__licensee=licensee).select_related("template")
    versions = versions.filter(template=template) if template else versions.filter(template__retired_at=None)
    newest: dict[int, MappingVersion] = {}
    for version in versions.order_by("template", "number"):
        newest[version.template_id] = version
    return list(newest.values())


def cut_of(looks: rules.Rules, packing: str, sample: bytes) -> table.Cut:
    """This will give the cut a template's words mean for a file packed in this way."""
    if packing in ("zip", "xlsx"):
        return table.Cut("xlsx", "utf-8", "", "", looks.sheet)
    words = table.decoded(sample, looks.encoding)
    is_old_mac = "\n" not in words and "\r" in words
    return table.Cut(packing, looks.encoding, looks.delimiter, looks.quote, is_old_mac=is_old_mac)


def table_of(packing: str, sample: bytes, raw: BinaryIO, cut: table.Cut | None = None) -> table.Table:
    """This will cut a file's first rows, as said or as they look.

    Raises: BadFile.
    """
    if packing not in ("zip", "xlsx") and cut is None:
        cut = table.guess_cut(packing, sample, _encoding(sample))
    return table.rows_of(cut or table.Cut("xlsx"), sample, raw)


def _looks(raw: BinaryIO, size: int, limit: int) -> tuple[str, bytes] | None:
    """This will give how a file is packed and its first text; None when it is no table for a plain reason."""
    raw.seek(0)
    try:
        packing, sample = table.sample_of(raw, size, limit)
        if packing == "zip":
            sheet.check(raw, limit)
    except BadFile:
        return None
    raw.seek(0)
    return (packing, sample) if packing == "zip" or sample.strip(b"\r\n\t \0") else None


def _encoding(sample: bytes) -> str:
    try:
        return table.encoding_of(sample, encoding_of(sample))
    except BadFile:
        return "utf-8"


def _as_table(packing: str, sample: bytes, raw: BinaryIO) -> Unmapped | None:
    try:
        found = table_of(packing, sample, raw)
    except BadFile:
        return None
    return Unmapped(found.cut, NEEDS_MAPPING) if table.is_table(found) else None


def _reads_plainly(template: flat.Template, packing: str, sample: bytes, raw: BinaryIO) -> bool:
    """This will say whether our template's own way of writing reads at least one of the first rows.

    A table whose names happen to be ours but whose numbers or dates are written in another way is not ours.
    """
    try:
        found = table_of(packing, sample, raw)
    except BadFile:
        return True
    rows = [row for row in found.rows if row[0] > template.line_no][:PLAIN_ROWS]
    for ours in ("Usages", "PriceConsumerPaidExcSalesTax", "NetRevenue"):
        cells = table.column(rows, template.columns[ours]) if ours in template.columns else []
        is_read = any(cell.replace(".", "", 1).lstrip("-").isdecimal() for cell in cells)
        if cells and not is_read and guess.looks_like_money(cells):
            return False
    for ours, reads in (("SaleDate", flat.parse_day), ("UsagePeriod", flat.parse_period)):
        cells = table.column(rows, template.columns[ours]) if ours in template.columns else []
        if cells and not any(reads(cell) for cell in cells) and values.orders_of(cells):
            return False
    return True


def _remembered(
    versions: Sequence[MappingVersion],
    packing: str,
    sample: bytes,
    raw: BinaryIO,
    *,
    template: MappingTemplate | None,
    period: str,
) -> Recognised | Unmapped | None:
    fits = [fit for version in versions if (fit := _fit(version, packing, sample, raw))]
    mending = next((own for fit in fits if (own := _mending(fit))), None)
    if mending:
        return mending
    if not fits:
        if template is None or not versions:
            return None
        unmapped = _as_table(packing, sample, raw)
        return unmapped and replace(unmapped, code=MISFIT, params={"template": template.name}, version=versions[0])
    most = max(len(fit.bound.rules.used()) for fit in fits)
    best = [fit for fit in fits if len(fit.bound.rules.used()) == most]
    if len(best) > 1:
        names = ", ".join(sorted(fit.version.template.name for fit in best))
        return Unmapped(best[0].found.cut, UNCLEAR, {"templates": names}, best[0].version)
    fit, name = best[0], best[0].version.template.name
    bound = replace(fit.bound, period=period if fit.bound.rules.needs_period() else "")
    tried = preview.preview(fit.found, sample, replace(bound, period=bound.period or "2000-01"))
    if not _is_good(tried, fit):
        worst = max(tried.faults, key=lambda code: tried.faults[code], default="")
        params = {"template": name, "rejected": tried.rejected, "read": tried.read, "code": worst}
        return Unmapped(fit.found.cut, MISFIT, params, fit.version)
    if bound.rules.needs_period() and not values.parse_use_period(bound.period, "ymd"):
        return Unmapped(fit.found.cut, NEEDS_PERIOD, {"template": name}, fit.version)
    return reading.mapped_as(bound, fit.found.cut)


def _fit(version: MappingVersion, packing: str, sample: bytes, raw: BinaryIO) -> _Fit | None:
    """This will find a template's columns in a file, cut as the template says or as the file looks."""
    said = rules.from_json(version.rules)
    cuts = [cut_of(said, packing, sample)]
    if packing != "zip":
        cuts.append(replace(cuts[0], encoding=_encoding(sample)))
        cuts.append(table.guess_cut(packing, sample, _encoding(sample)))
    for cut in dict.fromkeys(cuts):
        try:
            found = table.rows_of(cut, sample, raw)
        except BadFile:
            continue
        if not said.has_header and found.width != len(version.columns):
            continue
        bound = rules.bind(said, found.rows[: rules.HEADER_WITHIN])
        if bound:
            known = {rules.key_of(name) for name in version.columns}
            extra = tuple(name for name in bound.names if said.has_header and rules.key_of(name) not in known)
            own = replace(
                bound.rules, encoding=cut.encoding, delimiter=cut.delimiter, quote=cut.quote, sheet=found.cut.sheet
            )
            bound = replace(bound, rules=own, template=version.template.public_id, version=version.number, extra=extra)
            return _Fit(version, bound, found)
    return None


def _mending(fit: _Fit) -> Recognised | None:
    """This will read a file of mended lines as the report was read whose lines they are: by the same words, and for
    the same period. What it mends, and whether it may, is looked at where reports are corrected."""
    marked = next((name for name in fit.bound.extra if name.startswith(mended.MARK)), "")
    file = ReportFile.objects.filter(
        licensee=fit.version.template.licensee_id, report__public_id=marked.removeprefix(mended.MARK).strip()
    ).order_by("number")
    first = file.first() if marked else None
    theirs = reading.from_json(first.reading).bound if first else None
    if theirs is None or theirs.template != fit.bound.template:
        return None
    cut = fit.found.cut
    said = replace(theirs.rules, encoding=cut.encoding, delimiter=cut.delimiter, quote=cut.quote, sheet=cut.sheet)
    bound = rules.bind(said, fit.found.rows[: rules.HEADER_WITHIN])
    if bound is None:
        return None
    bound = replace(bound, template=theirs.template, version=theirs.version, period=theirs.period)
    return reading.mapped_as(bound, cut)


def _is_good(tried: preview.Preview, fit: _Fit) -> bool:
    """This will say whether a template reads a sample as one would expect of the layout it was made for."""
    if tried.rejected * 5 > tried.read or not tried.accepted:
        return False
    if tried.remarks["isrc_wrong"] * 2 > tried.read:
        return False
    said, places = fit.bound.rules, fit.bound.places
    rows = [row for row in fit.found.rows if row[0] > fit.bound.line_no]
    columns = [places[said.columns[ours]] for ours in rules.NUMBERS if ours in said.columns]
    money = [text for place in columns for text in table.column(rows, place)]
    decimal, _, is_open = guess.separators(money)
    return is_open or not any("." in text or "," in text for text in money) or decimal == said.decimal
