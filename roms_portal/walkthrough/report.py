"""The store's report and the tracks it is about."""

from catalog import services as catalog
from catalog.isrc import BadIsrc, normalise_isrc
from catalog.models import Track
from roms_portal.demo.world import store_with_terms
from roms_portal.walkthrough.state import Figures, Walk, amounts, expect, work_until
from sales import services as sales
from sales.models import ReportTotal, Sale, SalesReport, StoreKey


def import_report(state: Walk) -> Figures:
    """The store sends its report."""
    state.licensee = store_with_terms(state.cast["store"], code=state.code)
    with state.path.open("rb") as stream:
        receipt = sales.receive_report(
            licensee=state.licensee, stream=stream, name=state.path.name, by=state.cast["store"], now=state.now
        )
    work_until(state, lambda: not sales.due_reports(report_id=receipt.report.pk))
    report = state.report = SalesReport.objects.get(pk=receipt.report.pk)
    expect(
        report.status == SalesReport.Status.POSTED,
        f"the report is {report.status}: {report.reason} {report.reason_params}",
    )
    expect(report.lines_read == report.lines_accepted + report.lines_rejected, "lines are missing")
    totals = ReportTotal.objects.filter(report=report)
    return {
        "report": report.public_id,
        "profile": report.profile,
        "again": receipt.is_duplicate,
        "lines_read": report.lines_read,
        "lines_accepted": report.lines_accepted,
        "lines_rejected": report.lines_rejected,
        "base": amounts({total.currency: total.base for total in totals}),
        "accrued": amounts({total.currency: total.royalty for total in totals}),
    }


def catalogue_tracks(state: Walk) -> Figures:
    """Tracks nobody has catalogued are added from the report's own lines, and their money follows."""
    keys = StoreKey.objects.filter(
        licensee=state.licensee, kind=StoreKey.Kind.TRACK, track=None, sales__report=state.report
    )
    unknown = [key for key in keys.distinct().order_by("pk") if key.title and key.artist]
    new = [catalog.NewTrack(title=key.title, artist=key.artist, isrcs=_codes(key.isrc), label="") for key in unknown]
    ids = catalog.add_tracks(tracks=new) if new else []
    rows = Track.objects.in_bulk(ids)
    for key, track_id in zip(unknown, ids, strict=True):
        sales.match_store_key(
            key=key, track=rows[track_id], by=state.cast["rita"], now=state.now, reasons=["from the report's line"]
        )
    return {
        "tracks_added": len(ids),
        "tracks_known": Sale.objects.filter(report=state.report, track__isnull=False)
        .values("track")
        .distinct()
        .count(),
    }


def _codes(isrc: str) -> tuple[str, ...]:
    try:
        return (normalise_isrc(isrc),) if isrc else ()
    except BadIsrc:
        return ()
