"""Spreadsheets written row by row: amounts exact in the file, memory that does not grow with their number.

openpyxl writes numbers with 16 significant digits, so an amount with eight decimals would lose some above 99 million;
it is also ten times slower. A spreadsheet program shows 15 digits; the file has all. No cell is ever a formula.
"""

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import IO
from xml.sax.saxutils import escape, quoteattr

Cell = str | int | Decimal | date | None
ROWS_MAX = 1_000_000
"""Rows of one sheet; the format knows 1,048,576."""
_TIME = (1980, 1, 1, 0, 0, 0)
_EPOCH = date(1899, 12, 30)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACK = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="#,##0.00000000"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="10"/><name val="Calibri"/></font>'
    '<font><b/><sz val="10"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class Book:
    """A workbook that is written while it grows; sheets stand in it in the order of their `place`."""

    def __init__(self, out: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._names: list[tuple[int, str]] = []

    def add_sheet(self, name: str, rows: Iterable[Sequence[Cell]], *, place: int, head: Sequence[str] = ()) -> None:
        """Write a sheet; `head` stands in bold and in sight; a sheet too long goes on in another."""
        pending, part = iter(rows), 0
        more = True
        while more:
            part += 1
            self._names.append((place, name if part == 1 else f"{name} {part}"))
            with self._zip.open(_entry(f"xl/worksheets/sheet{len(self._names)}.xml"), "w") as sheet:
                sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}">{_frozen(bool(head))}<sheetData>'.encode())
                if head:
                    sheet.write(_row(head, bold=True))
                more = False
                for number, row in enumerate(pending, 1):
                    sheet.write(_row(row))
                    if number == ROWS_MAX:
                        more = True
                        break
                sheet.write(b"</sheetData></worksheet>")

    def close(self) -> None:
        """Write what names the sheets; the file is whole afterwards."""
        order = sorted(enumerate(self._names, 1), key=lambda item: (item[1][0], item[0]))
        sheets = "".join(
            f'<sheet name={quoteattr(name[:31])} sheetId="{number}" r:id="rId{number}"/>' for number, (_, name) in order
        )
        links = "".join(
            f'<Relationship Id="rId{number}" Type="{_LINK}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            for number, _ in order
        )
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
            for number, _ in order
        )
        for name, text in {
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINK}"><sheets>{sheets}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACK}/relationships">{links}'
            f'<Relationship Id="rId0" Type="{_LINK}/styles" Target="styles.xml"/></Relationships>',
            "_rels/.rels": f'<Relationships xmlns="{_PACK}/relationships"><Relationship Id="rId1"'
            f' Type="{_LINK}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "[Content_Types].xml": f'<Types xmlns="{_PACK}/content-types"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{parts}</Types>',
        }.items():
            self._zip.writestr(_entry(name), _HEAD + text)
        self._zip.writestr(_entry("xl/styles.xml"), _STYLES)
        self._zip.close()


def _entry(name: str) -> zipfile.ZipInfo:
    """Name a part of the file with a fixed time, so that the same rows are the same bytes."""
    entry = zipfile.ZipInfo(name, _TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _frozen(head: bool) -> str:
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' if head else ""
    return f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'


def _row(cells: Sequence[Cell], bold: bool = False) -> bytes:
    return f"<row>{''.join(_cell(cell, bold) for cell in cells)}</row>".encode()


def _cell(cell: Cell, bold: bool) -> str:
    match cell:
        case None | "":
            return "<c/>"
        case Decimal():
            return f'<c s="2"><v>{cell:f}</v></c>'
        case int():
            return f"<c><v>{cell}</v></c>"
        case date():
            return f'<c s="3"><v>{(cell - _EPOCH).days}</v></c>'
    style = ' s="1"' if bold else ""
    return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{escape(_FORBIDDEN.sub("", cell))}</t></is></c>'
