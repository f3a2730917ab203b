"""Tables of sales in the layouts shops really use, made from the same lines, and the rules that read each."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl

from sales.formats.rules import Rules


@dataclass(frozen=True)
class Line:
    """One line of a month, as the shop knows it."""

    key: str
    title: str
    artist: str
    day: date
    territory: str
    units: int
    price: Decimal


@dataclass(frozen=True)
class Layout:
    """How a shop writes its lines down."""

    encoding: str = "utf-8"
    delimiter: str = ";"
    quote: str = '"'
    decimal: str = ","
    thousands: str = ""
    dates: str = "dmy"
    order: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    lead: int = 0
    has_total: bool = False
    is_workbook: bool = False
    sign: str = ""

    @property
    def names(self) -> list[str]:
        """The names of the columns, in this layout's order."""
        usual = ["Код", "Название", "Исполнитель", "День", "Страна", "Штук", "Цена"]
        latin = ["Number", "Title", "Artist", "Day", "Country", "Units", "Price"]
        return [(latin if self.encoding == "cp1252" else usual)[place] for place in self.order]

    def rules(self) -> Rules:
        """What a person would say about it."""
        ours = ["DspResourceId", "Title", "DisplayArtistName", "SaleDate", "Territory", "Usages"]
        ours.append("PriceConsumerPaidExcSalesTax")
        columns = {ours[place]: name for place, name in zip(self.order, self.names, strict=True)}
        how = {"encoding": self.encoding, "delimiter": self.delimiter, "quote": self.quote}
        if self.is_workbook:
            how = {"encoding": "utf-8", "delimiter": "", "quote": "", "sheet": "Sheet"}
        return Rules(
            **how,
            skip=self.lead,
            columns=columns,
            constants={"Currency": "RUB"},
            decimal=self.decimal,
            thousands=self.thousands,
            dates=self.dates,
        )

    def written(self, lines: Sequence[Line]) -> bytes:
        """The file of these lines."""
        rows: list[list[Any]] = [[f"Report {number}"] for number in range(self.lead)]
        rows.append(list(self.names))
        for line in lines:
            cells = [line.key, line.title, line.artist, self._day(line.day), line.territory, str(line.units)]
            cells.append(self._amount(line.price))
            rows.append([cells[place] for place in self.order])
        if self.has_total:
            rows.append(["Total" if self.encoding == "cp1252" else "Итого", *[""] * 6])
        return self._workbook(rows) if self.is_workbook else self._text(rows)

    def _day(self, day: date) -> str:
        return day.strftime({"dmy": "%d.%m.%Y", "mdy": "%m/%d/%Y", "ymd": "%Y-%m-%d"}[self.dates])

    def _amount(self, amount: Decimal) -> str:
        whole, _, rest = f"{amount:f}".partition(".")
        if self.thousands and len(whole) > 3:
            whole = f"{int(whole):,}".replace(",", self.thousands)
        return (f"{whole}{self.decimal}{rest}" if rest else whole) + self.sign

    def _text(self, rows: list[list[Any]]) -> bytes:
        return ("\r\n".join(self.delimiter.join(map(self._cell, row)) for row in rows) + "\r\n").encode(self.encoding)

    def _cell(self, text: str) -> str:
        if self.quote and (self.delimiter in text or self.quote in text or text.startswith(" ")):
            return self.quote + text.replace(self.quote, self.quote * 2) + self.quote
        return text

    def _workbook(self, rows: list[list[Any]]) -> bytes:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        saved = io.BytesIO()
        book.save(saved)
        return saved.getvalue()
