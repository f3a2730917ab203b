"""CISAC Common Works Registration 2.1 and 2.2: works, who wrote and publishes them, and the shares they declare.

Fixed places in lines of text; positions are those of the CWR 2.2 revision 2 specification (2.1 ends its lines earlier).
NWR and REV transactions are read; those of other groups (ACK, AGR, ISW, EXC) register nothing and are refused, with the
registration an acknowledgement repeats. Counts of the trailer that do not fit are told, the works still taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import BinaryIO, Final

from catalog.formats.cells import LABEL_LENGTH_MAX, TEXT_LENGTH_MAX
from catalog.formats.rows import Catalogue, DeclaredParty, WorkRow
from catalog.formats.tables import FOUND_LENGTH_MAX, CannotRead, RowFault
from catalog.identifiers import BadIdentifier, normalise_ipi, normalise_iswc
from catalog.isrc import BadIsrc, normalise_isrc

LINE_BYTES_MAX: Final = 4096
_WORK_STARTS: Final = ("NWR", "REV")
_OTHER_STARTS: Final = ("ACK", "AGR", "ISW", "EXC", "WRK", "DRW", "LIC")
_PUBLISHERS: Final = ("SPU", "OPU")
_WRITERS: Final = ("SWR", "OWR")
_ENDS: Final = ("GRT", "TRL", "GRH")


@dataclass(slots=True)
class _Open:
    """The transaction being read."""

    line_no: int
    row: WorkRow
    parties: list[DeclaredParty] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    isrcs: list[str] = field(default_factory=list)
    performers: list[str] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


def read_cwr(file: BinaryIO) -> Catalogue:
    """This will read one transmission and give its works and faults, lazily. Raises: CannotRead."""
    lines = _lines(file)
    _, header = next(lines, (0, ""))
    if not header.startswith("HDR"):
        raise CannotRead("header_missing", "HDR")
    version = header[101:104].strip() or "2.1"
    if not version.startswith("2"):
        raise CannotRead("cwr_version", version)
    return Catalogue(f"CWR {version}", _rows(lines, _submitter(header)))


def _lines(file: BinaryIO) -> Iterator[tuple[int, str]]:
    file.seek(0)
    line_no = 0
    while raw := file.readline(LINE_BYTES_MAX):
        line_no += 1
        if len(raw) >= LINE_BYTES_MAX:
            raise CannotRead("line_too_long")
        text = raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").rstrip("\r\n\x1a")
        if text.strip():
            yield line_no, text.replace("\0", "\ufffd")


def _submitter(header: str) -> str:
    """The sender's name; an 11-digit IPI may have run over the field before it (2.1 revision 8)."""
    return _cell(header, 15, 45) or _cell(header, 6, 9)


def _cell(line: str, start: int, length: int) -> str:
    return " ".join(line[start - 1 : start - 1 + length].split())


def _rows(lines: Iterator[tuple[int, str]], submitter: str) -> Iterator[WorkRow | RowFault]:
    current: _Open | None = None
    works, records, is_echo = 0, 1, False
    for line_no, line in lines:
        records += 1
        kind = line[:3]
        if kind in _WORK_STARTS or kind in _OTHER_STARTS or kind in _ENDS:
            yield from _close(current)
            current = None
        if kind == "GRH":
            is_echo = line[3:6] not in _WORK_STARTS
        if kind in _WORK_STARTS and not is_echo:
            works += 1
            current = _open(line_no, line, submitter)
        elif kind in _OTHER_STARTS:
            yield RowFault(line_no, kind, "not_a_registration", line[19:79].strip())
            works += 1
        elif kind == "TRL":
            yield from _trailer_faults(line_no, line, works, records)
        elif current is not None:
            _add(current, line_no, kind, line)
    yield from _close(current)


def _trailer_faults(line_no: int, line: str, works: int, records: int) -> Iterator[RowFault]:
    for name, said, counted in (("transactions", _cell(line, 9, 8), works), ("records", _cell(line, 17, 8), records)):
        if said.isdecimal() and int(said) != counted:
            yield RowFault(line_no, name, "count_differs", f"{int(said)} / {counted}", is_fatal=False)


def _open(line_no: int, line: str, submitter: str) -> _Open:
    row = WorkRow(
        line_no=line_no,
        title=_cell(line, 20, 60)[:TEXT_LENGTH_MAX],
        submitter=submitter[:LABEL_LENGTH_MAX],
        submitter_number=_cell(line, 82, 14),
        is_revision=line.startswith("REV"),
    )
    current = _Open(line_no, row)
    iswc = _cell(line, 96, 11)
    if iswc:
        try:
            current.row = replace(row, iswc=normalise_iswc(iswc))
        except BadIdentifier:
            current.faults.append(RowFault(line_no, "ISWC", "bad_iswc", iswc, is_fatal=False))
    return current


def _add(current: _Open, line_no: int, kind: str, line: str) -> None:
    if kind in _PUBLISHERS:
        name, role = _cell(line, 31, 45), _cell(line, 77, 2)
        current.parties.append(_party(current, line_no, kind, line, (name, role), (88, 116, 124)))
    elif kind in _WRITERS:
        name = " ".join(part for part in (_cell(line, 74, 30), _cell(line, 29, 45)) if part)
        current.parties.append(_party(current, line_no, kind, line, (name, _cell(line, 105, 2)), (116, 130, 138)))
    elif kind == "ALT":
        current.titles.append(_cell(line, 20, 60))
    elif kind == "PER":
        current.performers.append(" ".join(part for part in (_cell(line, 65, 30), _cell(line, 20, 45)) if part))
    elif kind == "REC" and (code := _cell(line, 250, 12)):
        try:
            current.isrcs.append(normalise_isrc(code))
        except BadIsrc:
            current.faults.append(RowFault(line_no, "ISRC", "bad_isrc", code, is_fatal=False))


def _party(
    current: _Open, line_no: int, kind: str, line: str, said: tuple[str, str], places: tuple[int, int, int]
) -> DeclaredParty:
    ipi_place, performing, mechanical = places
    ipi = _cell(line, ipi_place, 11)
    if ipi.strip("0"):
        try:
            ipi = normalise_ipi(ipi)
        except BadIdentifier:
            current.faults.append(RowFault(line_no, "IPI", "bad_ipi", ipi, is_fatal=False))
            ipi = ""
    return DeclaredParty(
        name=said[0][:LABEL_LENGTH_MAX] or "?",
        role=said[1],
        ipi=ipi if ipi.strip("0") else "",
        is_publisher=kind in _PUBLISHERS,
        is_controlled=kind in ("SPU", "SWR"),
        performing=_share(current, line_no, _cell(line, performing, 5)),
        mechanical=_share(current, line_no, _cell(line, mechanical, 5)),
    )


def _share(current: _Open, line_no: int, text: str) -> Decimal:
    """Five digits, two of them decimals: 05000 is 50.00 %."""
    if not text:
        return Decimal(0)
    if not text.isdecimal() or int(text) > 10_000:
        current.faults.append(RowFault(line_no, "share", "bad_share", text, is_fatal=False))
        return Decimal(0)
    return Decimal(int(text)).scaleb(-2)


def _close(current: _Open | None) -> Iterator[WorkRow | RowFault]:
    if current is None:
        return
    row = replace(
        current.row,
        other_titles=tuple(dict.fromkeys(title for title in current.titles if title)),
        parties=tuple(current.parties),
        isrcs=tuple(dict.fromkeys(current.isrcs)),
        performers=tuple(dict.fromkeys(name for name in current.performers if name)),
    )
    if not row.title:
        yield RowFault(current.line_no, "title", "cell_missing", row.submitter_number[:FOUND_LENGTH_MAX])
        return
    yield row
    yield from current.faults
