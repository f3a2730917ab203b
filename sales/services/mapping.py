"""Mapping templates: tried on a file, saved as a version, used on the reports that wait for one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from core.workflow import move, record_event
from sales.formats import guess, rules, table
from sales.formats.errors import BadFile
from sales.formats.packing import unpack
from sales.formats.recognise import Recognised
from sales.models import Licensee, MappingTemplate, MappingVersion, ReportFile, SalesReport
from sales.pipeline import files, preview, reading
from sales.services.errors import SalesError
from sales.services.life import queue
from sales.services.limits import DEFAULT, Limits
from sales.services.remembered import REASONS, Unmapped, cut_of, recognise_for, table_of

Status = SalesReport.Status
WAITING_MAX = 24
"""Other waiting reports that go on with one saved template; each takes half a second to try."""


class MappingRefused(SalesError):
    """The template cannot read the file yet; `faults` says what is left to be said, as (code, where)."""

    code = "mapping_refused"

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__(", ".join(f"{code} {where}".strip() for code, where in faults))
        self.faults = list(faults)


class NotToBeMapped(SalesError):
    """Only a report that waits for a template can be given one."""

    code = "not_to_be_mapped"


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that waits, cut into rows; what is proposed for it; what the first rows come to."""

    file: ReportFile
    table: table.Table
    rules: rules.Rules
    questions: tuple[str, ...]
    period: str
    name: str
    names: tuple[str, ...]
    faults: list[tuple[str, str]]
    preview: preview.Preview


def waits_for_mapping(report: SalesReport) -> bool:
    """This will say whether a report is a table that waits for a person who says how to read it."""
    return report.status == Status.HELD and report.reason in REASONS


def draft_mapping(
    *,
    report: SalesReport,
    said: rules.Rules | None = None,
    period: str = "",
    looks: rules.Rules | None = None,
    limits: Limits = DEFAULT,
) -> Draft:
    """This will try a template on a waiting report's file: the one said, else the one that nearly fits, else a guess.

    `looks` says only how the text is cut and where the names of columns stand; the rest is guessed anew. Nothing is
    written.

    Raises: NotToBeMapped, BadFile.
    """
    if not waits_for_mapping(report):
        raise NotToBeMapped
    file = report.files.get()
    nearly = file.reading.get("nearly", 0)
    version = MappingVersion.objects.select_related("template").filter(pk=nearly).first()
    name = version.template.name if version else ""
    with files.original(file.stored) as raw:
        packing, sample = _sample(raw, file, limits)
        if said is None and looks is None and version is not None:
            said = _spelled(rules.from_json(version.rules), packing, sample, raw)
        cut = said or looks
        found = table_of(packing, sample, raw, cut_of(cut, packing, sample) if cut else None)
    questions: tuple[str, ...] = ()
    if said is None:
        proposed = guess.guess(found, file.name, (looks.skip, looks.has_header) if looks else None)
        said, questions, period = proposed.rules, proposed.questions, proposed.period
    bound, faults = _bound(said, found, period)
    tried = preview.preview(found, sample, bound) if not faults else preview.Preview()
    return Draft(file, found, said, questions, period, name, bound.names, faults, tried)


def save_mapping(
    *,
    report: SalesReport,
    name: str,
    said: rules.Rules,
    period: str = "",
    by: Any,
    now: datetime,
    limits: Limits = DEFAULT,
) -> MappingVersion:
    """This will remember a template under its name and let the waiting report be read through it.

    The same words again are the same version; other words under the same name are the next one. Other reports of the
    store that wait and that the template reads go on as well.

    Raises: NotToBeMapped, MappingRefused (the faults, or that not one of the first rows could be taken), BadFile.
    """
    draft = draft_mapping(report=report, said=said, period=period, limits=limits)
    name = " ".join(name.split())[:80]
    faults = [*draft.faults, *([] if name else [("say_name", "name")])]
    if not faults and not draft.preview.accepted:
        faults = [("nothing_accepted", "")]
    if faults:
        raise MappingRefused(faults)
    bound, _ = _bound(draft.rules, draft.table, period)
    with transaction.atomic():
        Licensee.objects.select_for_update(no_key=True).get(pk=report.licensee_id)
        held = SalesReport.objects.select_for_update(no_key=True).get(pk=report.pk)
        if not waits_for_mapping(held):
            raise NotToBeMapped
        version = _remember(held.licensee, name, draft.rules, draft.names, by, now)
        known = reading.mapped_as(
            replace(bound, template=version.template.public_id, version=version.number), draft.table.cut
        )
        _go_on(held, draft.file, known, version, by, now)
        _try_others(held.licensee, now, limits)
    return version


def create_template(
    *, licensee: Licensee, name: str, said: rules.Rules, columns: Sequence[str], by: Any, now: datetime
) -> MappingVersion:
    """This will remember a template before any file of its layout is here; `columns` are the names it will have.

    Raises: MappingRefused.
    """
    names = rules.names_of(columns)
    faults = [fault for fault in rules.faults(said, names, period="2000-01") if fault[0] != "say_period"]
    name = " ".join(name.split())[:80]
    if faults or not name:
        raise MappingRefused([*faults, *([] if name else [("say_name", "name")])])
    with transaction.atomic():
        Licensee.objects.select_for_update(no_key=True).get(pk=licensee.pk)
        return _remember(licensee, name, said, names, by, now)


def retire_template(*, template: MappingTemplate, by: Any, now: datetime) -> MappingTemplate:
    """This will let no new file be read through a template; reports it read keep naming it."""
    with transaction.atomic():
        locked = MappingTemplate.objects.select_for_update(no_key=True).get(pk=template.pk)
        if locked.retired_at is None:
            locked.retired_at = now
            locked.save(update_fields=["retired_at"])
            record_event(locked, "active", "retired", by=by, now=now, reason_code="retire_template")
        return locked


def version_of(known: Recognised) -> MappingVersion | None:
    """This will find the version a file is read through."""
    if known.bound is None:
        return None
    return MappingVersion.objects.filter(template__public_id=known.bound.template, number=known.bound.version).first()


def sender_of(known: Recognised | Unmapped | BadFile) -> str:
    """This will name the sender of a table: the template it is read through, which with the period is its identity."""
    if isinstance(known, Recognised):
        return f"template:{known.bound.template}" if known.bound else "template:flat"
    return "template:none"


def _sample(raw: Any, file: ReportFile, limits: Limits) -> tuple[str, bytes]:
    if file.reading.get("packing") == "xlsx":
        return "zip", b""
    sample = b""
    for piece in unpack(raw, file.reading.get("packing", ""), file.size, limits.unpacked_bytes):
        sample += piece
        if len(sample) >= table.SAMPLE:
            break
    return file.reading.get("packing", ""), sample[: table.SAMPLE]


def _spelled(said: rules.Rules, packing: str, sample: bytes, raw: Any) -> rules.Rules:
    """This will give remembered words with the line and the column names this file has, as far as it has them."""
    found = table_of(packing, sample, raw, cut_of(said, packing, sample))
    bound = rules.bind(said, found.rows[: rules.HEADER_WITHIN])
    if bound is None:
        return said
    return replace(bound.rules, skip=bound.line_no - 1 if said.has_header else said.skip)


def _bound(said: rules.Rules, found: table.Table, period: str) -> tuple[rules.Bound, list[tuple[str, str]]]:
    """This will bind words to a file cut by them; where they do not fit, to its columns all the same, with faults."""
    head = next((cells for line_no, cells in found.rows if line_no == said.skip + 1), [])
    names = rules.names_of(head if said.has_header else [""] * found.width, has_header=said.has_header)
    bound = rules.Bound(said, names, said.skip + said.has_header, period if said.needs_period() else "")
    return bound, rules.faults(said, names, period=period)


def _remember(
    licensee: Licensee, name: str, said: rules.Rules, names: Sequence[str], by: Any, now: datetime
) -> MappingVersion:
    """This will write the next version of a template, or find that the newest says the same. The store is locked."""
    template = MappingTemplate.objects.filter(licensee=licensee, name=name).first()
    taken = fingerprint(said, names)
    twins = MappingVersion.objects.filter(
        template__licensee=licensee, template__retired_at=None, fingerprint=taken
    ).select_related("template")
    for twin in twins.exclude(template=template) if template else twins:
        newest = twin.template.versions.order_by("-number").first()
        if newest is not None and newest.fingerprint == taken:
            raise MappingRefused([("columns_taken", twin.template.name)])
    if template is None:
        template = MappingTemplate.objects.create(licensee=licensee, name=name)
        record_event(template, "", "active", by=by, now=now, reason_code="create_template")
    elif template.retired_at is not None:
        template.retired_at = None
        template.save(update_fields=["retired_at"])
        record_event(template, "retired", "active", by=by, now=now, reason_code="revive_template")
    last = template.versions.order_by("-number").first()
    spelled = rules.to_json(said)
    if last is not None and rules.from_json(last.rules) == said and last.columns == list(names):
        return last
    return MappingVersion.objects.create(
        template=template,
        number=last.number + 1 if last else 1,
        rules=spelled,
        columns=list(names),
        fingerprint=taken,
        made_by=by,
        made_at=now,
    )


def fingerprint(said: rules.Rules, names: Sequence[str]) -> str:
    """This will give what two templates share that would fit the same files."""
    return rules.fingerprint(said.used() if said.has_header else [f"#{len(names)}", *said.used()])


def _go_on(
    held: SalesReport, file: ReportFile, known: Recognised, version: MappingVersion | None, by: Any, now: datetime
) -> None:
    file.reading, file.mapping = reading.to_json(known), version
    file.save(update_fields=["reading", "mapping"])
    held.sender, held.profile = sender_of(known)[:100], known.profile
    held.reason, held.reason_params, held.progress_percent = "", {}, 0
    held.save(update_fields=["sender", "profile", "reason", "reason_params", "progress_percent"])
    move(held, Status.RECEIVED, by=by, now=now, reason_code="mapped")
    queue(held)


def _try_others(licensee: Licensee, now: datetime, limits: Limits) -> None:
    """This will let other waiting reports of the store go on that a remembered template reads now."""
    waiting = SalesReport.objects.filter(licensee=licensee, status=Status.HELD, reason=REASONS[0])
    for report in waiting.select_for_update(no_key=True).order_by("pk")[:WAITING_MAX]:
        file = report.files.get()
        with files.scratch() as folder:
            path = folder / "received"
            with files.original(file.stored) as raw, path.open("wb") as copy:
                while piece := raw.read(1 << 20):
                    copy.write(piece)
            with path.open("rb") as raw:
                try:
                    found = recognise_for(licensee=licensee, raw=raw, size=file.size, limit=limits.unpacked_bytes)
                except BadFile:
                    continue
        if isinstance(found, Recognised) and found.bound:
            _go_on(report, file, found, version_of(found), None, now)
