"""The stages of a report: received > parsed > matched > posted. Each ends in one transaction of its own.

A stage reads what the one before left in the storage and the database, so a worker may be killed at any instant: the
next one takes the lease and does the unfinished stage again, from its start. What a killed stage wrote to the storage
is written over; what it wrote to the database was never committed.
"""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import transaction
from duckdb import DuckDBPyConnection

from core.workflow import move
from sales.formats.errors import BadFile
from sales.formats.packing import unpack
from sales.formats.recognise import Recognised
from sales.models import LineFault, ReportFile, SalesReport, SummaryRecord
from sales.pipeline import difference, dsr_counts, facts, files, lines, match, parse, post, reading, rejected, tariffs
from sales.pipeline.engine import open_engine
from sales.pipeline.timing import timed
from sales.services import assemble, chain, months
from sales.services.lease import Lease
from sales.services.life import hold, reject
from sales.services.limits import Limits
from sales.services.own_words import own_words
from sales.services.space import full_disk_named
from sales.services.use_periods import cut_use_periods

Status = SalesReport.Status


def run_stage(*, lease: Lease, limits: Limits, now: datetime) -> bool:
    """This will do the next stage of the leased report; True when another stage is left.

    A file that breaks off or turns out to be no text ends the report as rejected.

    Raises: LeaseLost, NoSpace.
    """
    report = SalesReport.objects.select_related("licensee").get(pk=lease.report_id)
    stage = STAGES.get(Status(report.status))
    if stage is None:
        return False
    try:
        with full_disk_named(), files.scratch() as folder:
            stage(report, lease, limits, now, folder)
    except BadFile as error:
        with transaction.atomic():
            reject(lease.hold(), error.code, dict(error.params), by=None, now=now)
        return False
    except tariffs.NoTariff as error:
        with transaction.atomic():
            hold(lease.hold(), "no_tariff", {"start": error.start.isoformat()}, now)
        return False
    except tariffs.BadTariff as error:
        with transaction.atomic():
            hold(lease.hold(), "bad_tariff", {"start": error.start.isoformat()}, now)
        return False
    return SalesReport.objects.filter(pk=report.pk, status__in=STAGES).exists()


# Parse -------------------------------------------------------------------------------------------------------------
def _parse(report: SalesReport, lease: Lease, limits: Limits, now: datetime, folder: Path) -> None:
    """This will archive every file, check every line and sum the accepted ones."""
    received = list(report.files.order_by("number"))
    with timed("archive"):
        archived = [_archive(file, lease, limits, folder) for file in received]
    contexts = assemble.contexts(report, assemble.merged([one.structure for one in archived]))
    with open_engine(folder, threads=limits.engine_threads, memory=limits.engine_memory) as engine:
        sources = [_source(file, one) for file, one in zip(received, archived, strict=True)]
        lease.beat("checking", 55)
        with timed("check and sum"):
            lines.make_lines(engine, sources, contexts, territory=tariffs.territory)
            rejected.leave_out(engine, received)
            counted = facts.make_facts(engine, folder / "facts", folder / "identities")
        lease.beat("checking", 75)
        found = facts.faults(engine, counted, limits.faults_kept)
        counts, odd = _look_over(engine, received, sources, found, limits.faults_kept)
        odd += own_words(engine, sources, counted, found)
        terms = _cut_where_terms_change(engine, report, folder / "facts")
    workings = _keep_workings(report, folder)
    archives = _keep_archives(received, archived)
    lease.beat("checking", 80)
    with transaction.atomic():
        held = lease.hold()
        for file, archive in zip(received, archives, strict=True):
            ReportFile.objects.filter(pk=file.pk).update(archive=archive)
        _write_faults(received, archived, found, limits.faults_kept)
        _write_summaries(held, contexts, counted)
        held.lines_read, held.lines_accepted, held.lines_rejected = counted.read, counted.accepted, counted.rejected
        held.usage_start, held.usage_end = held.usage_start or counted.start, held.usage_end or counted.end
        ours = assemble.own_counts(received, archived, counts)
        held.stated = assemble.footers(received, archived, ours)
        held.footer_faults = assemble.differences(received, archived, ours, contexts, counted) + odd
        held.fault_codes, held.content_sha256 = counted.codes, _content(counted, contexts)
        if held.usage_start and held.usage_end:
            held.terms_sha256 = tariffs.digest(terms, held.usage_start, held.usage_end)
        held.workings = workings
        held.stage, held.progress_percent = "", 80
        held.save()
        if not counted.accepted and counted.read:
            worst = max(counted.codes, key=lambda code: counted.codes[code])
            reject(held, "no_line_accepted", {"lines": counted.read, "code": worst}, by=None, now=now)
            return
        if held.sender.startswith("template:"):
            chain.take_period(held)
        equal = chain.equal_report(held)
        if equal is not None:
            hold(held, "same_content", {"other": equal.public_id}, now)
        else:
            move(held, Status.PARSED, by=None, now=now)


def _archive(file: ReportFile, lease: Lease, limits: Limits, folder: Path) -> parse.Parsed:
    """This will read one file into the archive in `folder`, and from there into the storage."""
    known = reading.from_json(file.reading)
    into = folder / f"{file.number:03}"
    into.mkdir()
    try:
        with files.original(file.stored) as raw:
            if known.packing == "xlsx":
                return parse.archive_sheet(raw, known, into, beat=lambda _rows: lease.beat("reading", 20))
            pieces = unpack(raw, known.packing, file.size, limits.unpacked_bytes)
            return parse.archive(pieces, known, into, block=limits.block_bytes, beat=_share_of(file, known, lease))
    except BadFile as error:
        raise BadFile(error.code, **{"file": file.name, **error.params}) from error


def _share_of(file: ReportFile, known: Recognised, lease: Lease) -> Callable[[int], None]:
    """This will turn bytes read into percent; how far a packed file unpacks is a guess."""
    whole = max(1, file.size * (8 if known.packing else 1))
    return lambda done: lease.beat("reading", min(50, 50 * done // whole))


def _source(file: ReportFile, archived: parse.Parsed) -> lines.Source:
    known = reading.from_json(file.reading)
    parts = [part.path for part in archived.parts]
    return reading.source(file.number, parts, known, is_plain=archived.is_plain, is_full=archived.is_full)


def _cut_where_terms_change(engine: DuckDBPyConnection, report: SalesReport, target: Path) -> tariffs.Known:
    """This will sum the lines apart on both sides of the days on which the store's terms change; the terms known.

    Raises: NoTariff, BadTariff.
    """
    known = tariffs.terms_known(report.licensee_id)
    periods = facts.periods(engine)
    inside = {day for start, end in periods for day in tariffs.bounds(known, start, end)}
    if inside:
        facts.cut_facts(engine, target, sorted(inside))
        periods = facts.periods(engine)
    tariffs.agreement(report.licensee_id, periods)
    return known


def _look_over(
    engine: DuckDBPyConnection,
    received: list[ReportFile],
    sources: list[lines.Source],
    found: list[facts.FoundFault],
    limit: int,
) -> tuple[dict[int, dict[str, int]], list[assemble.Difference]]:
    """This will count what a DSR holds beside its sales lines, and add to `found` the transaction numbers used twice.

    Raises: BadFile when a file holds a second report.
    """
    head = sources[0].head
    if head is None:
        return {}, []
    try:
        dsr_counts.check_heads(engine)
    except BadFile as error:
        name = next(file.name for file in received if file.number == error.params["number"])
        raise BadFile(error.code, **{"file": name, **error.params}) from error
    said, again = dsr_counts.repeated_transactions(engine, head, max(0, limit - len(found)))
    found += again
    odd = dsr_counts.oddities(engine, len(received))
    if any("mends" in file.reading for file in received):  # mended lines come with their blocks once more
        odd = [one for one in odd if one["code"] != "blocks_repeated"]
    return dsr_counts.footer_counts(engine), [*odd, *said]


def _keep_workings(report: SalesReport, folder: Path) -> dict[str, str]:
    place = f"workings/{report.public_id}"
    return {name: files.replace(f"{place}/{name}.parquet", folder / name) for name in ("facts", "identities")}


def _keep_archives(received: list[ReportFile], archived: list[parse.Parsed]) -> list[list[dict[str, str | int]]]:
    return [
        [
            {
                "name": files.replace(f"archive/{file.licensee_id}/{file.sha256}/{part.path.name}", part.path),
                "first_line": part.first_line,
                "lines": part.lines,
                "is_plain": part.is_plain,
                "is_full": part.is_full,
            }
            for part in parsed.parts
        ]
        for file, parsed in zip(received, archived, strict=True)
    ]


def _write_faults(
    received: list[ReportFile], archived: list[parse.Parsed], found: list[facts.FoundFault], limit: int
) -> None:
    """This will write the faults of summaries and footers, then those of sales lines, up to the limit."""
    LineFault.objects.filter(file__in=received).delete()
    by_number = {file.number: file for file in received}
    rows = [
        LineFault(file=file, line_no=f.line_no, cell=f.cell, code=f.code, found=_plain(f.found), is_fatal=False)
        for file, parsed in zip(received, archived, strict=True)
        for f in parsed.structure.faults
    ]
    rows += [
        LineFault(
            file=by_number[f.file_no],
            line_no=f.line_no,
            cell=f.cell,
            code=f.code,
            found=_plain(f.found),
            is_fatal=f.is_fatal,
        )
        for f in found
    ]
    LineFault.objects.bulk_create(rows[:limit], batch_size=2000)


def _plain(text: str) -> str:
    return text.replace("\0", "\ufffd")[:200]


def _write_summaries(report: SalesReport, contexts: list[lines.Context], counted: facts.Counted) -> None:
    report.summaries.all().delete()
    SummaryRecord.objects.bulk_create(
        [
            SummaryRecord(
                report=report,
                key=context.summary.key[:100],
                record_type=context.summary.record_type,
                territory=context.summary.territory[:20],
                commercial_model=context.summary.commercial_model,
                use_type=context.summary.use_type,
                currency=context.summary.currency,
                net_revenue=context.summary.net_revenue,
                usages_stated=context.summary.usages,
                usages_counted=counted.usages.get(context.number, 0),
                use_start=context.start,
                use_end=context.end,
            )
            for context in contexts
        ]
    )


def _content(counted: facts.Counted, contexts: list[lines.Context]) -> str:
    """This will name what the accepted lines sum to; empty when there is none. What summaries add counts as well."""
    if not counted.accepted:
        return ""
    stated = sorted(f"{c.summary.territory}|{c.summary.currency}|{c.start}|{c.summary.net_revenue}" for c in contexts)
    return sha256("\n".join([counted.digest, *stated]).encode()).hexdigest()


# Match and post ----------------------------------------------------------------------------------------------------
def _match(report: SalesReport, lease: Lease, limits: Limits, now: datetime, folder: Path) -> None:
    """This will tie every distinct thing sold to a store key and, where it can, to a track or release."""
    identities = files.local(report.workings["identities"], folder)
    lease.beat("matching", 82)
    with transaction.atomic(), open_engine(folder, threads=limits.engine_threads) as engine:
        held = lease.hold()
        match.lock_keys(held.licensee_id)
        with timed("match"):
            held.lines_unmatched = match.match_keys(engine, held.licensee_id, identities, now)
        held.stage, held.progress_percent = "", 88
        held.save(update_fields=["lines_unmatched", "stage", "progress_percent"])
        move(held, Status.MATCHED, by=None, now=now)


def _post(report: SalesReport, lease: Lease, limits: Limits, now: datetime, folder: Path) -> None:
    """This will write the Sales and their postings, all in the transaction that makes the report posted.

    What takes the place of another report posts the difference, and may first have to wait for a person.
    """
    workings = {name: files.local(stored, folder) for name, stored in report.workings.items()}
    contexts = reading.contexts_of(report.pk)
    lease.beat("posting", 90)
    with transaction.atomic():
        held = lease.hold()
        match.lock_keys(held.licensee_id)
        old = chain.old_of(held, now)
        with open_engine(folder, threads=limits.engine_threads, memory=limits.engine_memory) as engine:
            if held.lines_accepted:
                with timed("compute Sales"):
                    post.make_sales(engine, held, workings, contexts, folder)
            else:
                difference.nothing_sold(engine)
            difference.load_old(engine, old, folder)
            if old is not None and not chain.may_take_over(held, old, difference.of_engine(engine, old), now):
                return
            if not months.may_be_booked(held, now):
                return
            if held.lines_accepted:
                with timed("write Sales"):
                    post.write_sales(engine, held, folder)
                    cut_use_periods(report_id=held.pk)
            with timed("postings"):
                post.write_postings(engine, held, limits.items_per_entry, now, folder)
        if old is not None:
            chain.take_over(held, old, now)
        held.posted_at, held.stage, held.progress_percent = now, "", 100
        held.save(update_fields=["posted_at", "stage", "progress_percent"])
        move(held, Status.POSTED, by=None, now=now)


STAGES = {Status.RECEIVED: _parse, Status.PARSED: _match, Status.MATCHED: _post}
