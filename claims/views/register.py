"""The tracks that left as a table file: which store, from when. Never who claimed or was paid."""

from collections.abc import Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims import selectors
from claims.formats.register import RegisterRow, as_csv
from claims.models import OptOutLine


@require_safe
def register_file(request: HttpRequest) -> StreamingHttpResponse:
    """This will give the whole register as a table file."""
    answer = StreamingHttpResponse(as_csv(_rows()), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="opt-outs-{timezone.now():%Y-%m-%d}.csv"'
    return answer


def _rows() -> Iterator[RegisterRow]:
    for line in selectors.public_register().iterator(chunk_size=1000):
        yield from _rows_of(line)


def _rows_of(line: OptOutLine) -> Iterator[RegisterRow]:
    case, track = line.opt_out, line.track
    assert track is not None
    for fact in line.withdrawals.all():
        yield RegisterRow(
            opt_out=case.public_id,
            granted=case.decided_at.date().isoformat() if case.decided_at else "",
            track=track.public_id,
            artist=track.artist,
            title=track.title,
            isrcs=" ".join(code.isrc for code in track.isrcs.all()),
            right=fact.right,
            start=fact.start.isoformat(),
            end=fact.end.isoformat() if fact.end else "",
            territories=case.territories.label,
            stores=", ".join(store.name for store in case.licensees.all()) or "all",
            basis=fact.basis,
            holder=case.holder.name if case.is_name_public else "",
        )
