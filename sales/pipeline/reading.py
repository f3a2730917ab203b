"""How a file was recognised, kept as JSON beside it, so that years later it is read the same way."""

from datetime import date
from pathlib import Path
from typing import Any

from sales.formats import dsr, flat, rules, table
from sales.formats.recognise import Recognised
from sales.models import ReportFile, SummaryRecord
from sales.pipeline import files, mapped
from sales.pipeline.lines import Context, Source


def to_json(known: Recognised) -> dict[str, Any]:
    """Return what `from_json` needs to give the same reading."""
    found: dict[str, Any] = {"packing": known.packing, "encoding": known.encoding, "is_old_mac": known.is_old_mac}
    if known.head:
        head = known.head
        found["head"] = {
            **{name: getattr(head, name) for name in ("profile", "version", "message_id", "sender", "number", "files")},
            "usage_start": head.usage_start.isoformat(),
            "usage_end": head.usage_end.isoformat(),
        }
    if known.template:
        template = known.template
        found["template"] = {name: getattr(template, name) for name in ("delimiter", "columns", "width", "line_no")}
    if known.bound:
        found["mapping"] = rules.bound_to_json(known.bound)
    return found


def from_json(found: dict[str, Any]) -> Recognised:
    """Return the reading that `to_json` was given."""
    head = template = None
    if "head" in found:
        dates = {name: date.fromisoformat(found["head"][name]) for name in ("usage_start", "usage_end")}
        head = dsr.Head(**(found["head"] | dates))
    if "template" in found:
        template = flat.Template(**found["template"])
    bound = rules.bound_from_json(found["mapping"]) if "mapping" in found else None
    return Recognised(found["packing"], found["encoding"], head, template, found["is_old_mac"], bound)


def source_of(file: ReportFile, folder: Path) -> Source:
    """Return an archived file of a report as the pipeline reads it."""
    known = from_json(file.reading)
    parts = [files.local(part["name"], folder) for part in file.archive]
    is_plain, is_full = (all(part.get(said) for part in file.archive) for said in ("is_plain", "is_full"))
    return source(file.number, parts, known, is_plain=is_plain, is_full=is_full)


def source(
    number: int, parts: list[Path], known: Recognised, *, is_plain: bool = False, is_full: bool = False
) -> Source:
    """Return archived cells of a recognised file as the pipeline reads them: through its mapping, where it has one."""
    if known.bound:
        return Source(number, parts, None, mapped.template_of(known.bound), bound=known.bound)
    return Source(number, parts, known.head, known.template, is_plain, is_full)


def mapped_as(bound: rules.Bound, cut: table.Cut) -> Recognised:
    """Return a table cut in this way as a recognised file that is read through a mapping template."""
    template = flat.Template(cut.delimiter, dict(bound.places), len(bound.names), bound.line_no)
    return Recognised(cut.packing, cut.encoding, None, template, cut.is_old_mac, bound)


def contexts_of(report_id: int) -> list[Context]:
    """Return the stored summaries of a report as the contexts its lines refer to."""
    found: list[Context] = []
    for record in SummaryRecord.objects.filter(report_id=report_id).order_by("key"):
        summary = dsr.Summary(
            key=record.key,
            record_type=record.record_type,
            line_no=0,
            territory=record.territory,
            commercial_model=record.commercial_model,
            use_type=record.use_type,
            currency=record.currency,
            net_revenue=record.net_revenue,
            usages=record.usages_stated,
        )
        found.append(Context(len(found) + 1, summary, record.use_start, record.use_end))
    return found
