"""Writes the store's monthly sales reports: seeded, so the same month is the same bytes on every machine.

AllofMP3 sold by the megabyte; a line's price follows from length and bit rate. Cards were taken until autumn 2006 (Visa
stopped in September, MasterCard in October), then gift codes sold by Xrost. The first months are DSR files, which say
nothing of how a customer paid; the rest is the flat template.
"""

import calendar
import csv
import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from roms_portal.demo.repertoire import DemoRelease, DemoTrack, repertoire

LAST = date(2007, 6, 1)
DSR_MONTHS = {date(2005, 1, 1), date(2005, 2, 1), date(2005, 3, 1)}
TERRITORIES = ("US", "GB", "DE", "CA", "AU", "FR", "SE", "NL", "DK", "RU", "UA", "IT")
TERRITORY_WEIGHTS = (30, 18, 9, 8, 6, 5, 5, 4, 3, 6, 3, 3)
BIT_RATES = (128, 192, 256, 320)
PER_MEGABYTE = Decimal("0.02")
STORE_DPID = "PADPIDA2007010101A"
FLAT_COLUMNS = (
    "SaleDate",
    "UsagePeriod",
    "SaleOf",
    "DspResourceId",
    "ISRC",
    "Title",
    "DisplayArtistName",
    "DspReleaseId",
    "ReleaseTitle",
    "ICPN",
    "Territory",
    "Channel",
    "Usages",
    "Returns",
    "PriceConsumerPaidExcSalesTax",
    "NetRevenue",
    "Currency",
    "Url",
)
UNKNOWN = (
    ("Nochnoy Proezd (demo)", "Garage Tape 17"),
    ("Письмо без адреса", "Неизвестный исполнитель"),
    ("Track 03", "Unknown Artist"),
    ("Zimnyaya rabota", "Dvor 12"),
)
"""What the store sold and nobody has catalogued: this money waits as unidentified."""


@dataclass(frozen=True, slots=True)
class DemoSale:
    """One reported usage."""

    day: date
    track: DemoTrack | None
    release: DemoRelease | None
    title: str
    artist: str
    store_id: str
    territory: str
    channel: str
    units: int
    returns: int
    price: Decimal

    @property
    def revenue(self) -> Decimal:
        """What the store took, without sales tax."""
        return self.price * (self.units - self.returns)


def months() -> list[date]:
    """This will give the months of the demo, oldest first."""
    return [date(2005 + n // 12, n % 12 + 1, 1) for n in range(30)]


def month_end(month: date) -> date:
    """This will give the first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def file_name(month: date) -> str:
    """This will name a month's report as the store would."""
    if month in DSR_MONTHS:
        return f"DSR_ROMS_AllofMP3_Download_{month:%Y-%m}_multi_1of1_{month_end(month):%Y%m}05T080000.tsv"
    return f"allofmp3-sales-{month:%Y-%m}.csv"


def write_report(month: date, lines: int = 450) -> bytes:
    """This will write one month's report of about `lines` lines."""
    sales = sorted(_sales(month, lines), key=lambda sale: (sale.day, sale.store_id, sale.territory, sale.channel))
    return _dsr(month, sales) if month in DSR_MONTHS else _flat(sales)


def _sales(month: date, lines: int) -> Iterator[DemoSale]:
    draw = random.Random(f"roms demo {month}")  # noqa: S311 (figures of a demo)
    tracks = [track for track in repertoire() if track.release.year <= month.year]
    weights = [1000 // (1 + (track.number * 7919) % 97) + 10 for track in tracks]
    days = calendar.monthrange(month.year, month.month)[1]
    releases = sorted({track.release for track in tracks if track.release.title}, key=lambda release: release.icpn)
    for track in draw.choices(tracks, weights, k=lines):
        day, where, channel = month.replace(day=draw.randint(1, days)), _territory(draw), _channel(draw, month)
        price = _price(track.seconds, draw.choice(BIT_RATES))
        units = draw.choice((2, 5, 8, 12, 20, 35, 60, 110))
        returns = 1 if draw.random() < 0.02 else 0
        names = _names(draw, track)
        yield DemoSale(day, track, None, *names, f"T{track.number:06d}", where, channel, units, returns, price)
    for release in draw.sample(releases, k=min(len(releases), max(2, lines // 60))):
        length = sum(track.seconds for track in tracks if track.release == release)
        day = month.replace(day=draw.randint(1, days))
        key = f"A{release.icpn[7:12]}"
        price = _price(length, 192)
        where, channel = _territory(draw), _channel(draw, month)
        yield DemoSale(day, None, release, release.title, release.artist, key, where, channel, 1, 0, price)
    for number, (title, artist) in enumerate(UNKNOWN, start=1):
        day = month.replace(day=draw.randint(1, days))
        where, channel = _territory(draw), _channel(draw, month)
        yield DemoSale(day, None, None, title, artist, f"U{number:06d}", where, channel, 24, 0, _price(200, 192))


def _names(draw: random.Random, track: DemoTrack) -> tuple[str, str]:
    """Give title and artist as the store wrote them that day: mostly as catalogued, sometimes in Latin letters."""
    if track.title_other and track.artist_other != track.artist and draw.random() < 0.3:
        return track.title_other, track.artist_other
    return track.title, track.artist


def _territory(draw: random.Random) -> str:
    return draw.choices(TERRITORIES, TERRITORY_WEIGHTS)[0]


def _channel(draw: random.Random, month: date) -> str:
    if month >= date(2006, 11, 1):
        return "xrost"
    if month >= date(2006, 10, 1):
        return "mastercard"
    return draw.choice(("visa", "visa", "mastercard"))


def _price(seconds: int, bit_rate: int) -> Decimal:
    megabytes = Decimal(seconds * bit_rate) / Decimal(8 * 1024)
    return (megabytes * PER_MEGABYTE).quantize(Decimal("0.0001"))


def _flat(sales: Sequence[DemoSale]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(FLAT_COLUMNS)
    for sale in sales:
        release = sale.release or (sale.track.release if sale.track else None)
        isrc = sale.track.isrc if sale.track and sale.track.number % 9 else ""
        writer.writerow(
            [
                sale.day.isoformat(),
                f"{sale.day:%Y-%m}",
                "release" if sale.release else "track",
                "" if sale.release else sale.store_id,
                isrc,
                "" if sale.release else sale.title,
                sale.artist,
                f"A{release.icpn[7:12]}" if release and release.icpn else "",
                release.title if release else "",
                release.icpn if release else "",
                sale.territory,
                sale.channel,
                sale.units,
                sale.returns,
                sale.price,
                sale.revenue,
                "USD",
                f"https://www.allofmp3.example/track/{sale.store_id}" if not sale.release else "",
            ]
        )
    return out.getvalue().encode()


def _dsr(month: date, sales: Sequence[DemoSale]) -> bytes:
    """Write DSR Basic Audio, one block per resource or release, one summary per territory."""
    last_day = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    territories = sorted({sale.territory for sale in sales})
    created = f"{month_end(month).replace(day=5)}T08:00:00Z"
    rows: list[list[str]] = [
        [
            *("HEAD", "dsrf/1.1/1.4.1/1.3", "BasicAudioProfile", "1.3", f"AOM-{month:%Y%m}", created, "1", "1"),
            *(str(month), str(last_day), STORE_DPID, "AllofMP3", "Download", "", "ROMS"),
        ]
    ]
    for number, territory in enumerate(territories, start=1):
        inside = [sale for sale in sales if sale.territory == territory]
        units = sum(sale.units for sale in inside)
        revenue = sum((sale.revenue for sale in inside), Decimal(0))
        rows.append(
            [
                *("SY01.02", f"S{number}", "AllofMP3", "", "PayAsYouGoModel", "PermanentDownload", territory),
                *("Download", str(units), "", "USD", f"{revenue:.4f}"),
            ]
        )
    blocks: dict[str, list[DemoSale]] = {}
    for sale in sales:
        blocks.setdefault(sale.store_id, []).append(sale)
    for block, inside in enumerate(blocks.values(), start=1):
        rows += _block(str(block), inside, territories)
    count = str(len(rows) + 1)
    rows.append(["FOOT", count, count, str(len(territories)), str(len(blocks)), str(len(blocks))])
    return "".join("\t".join(row) + "\n" for row in rows).encode()


def _block(block: str, sales: Sequence[DemoSale], territories: Sequence[str]) -> Iterator[list[str]]:
    first = sales[0]
    if first.release:
        release = first.release
        names = [release.artist, "", release.title, "", "Album"]
        yield ["RE01.02", block, "R1", first.store_id, "", "", release.icpn, *names]
    isrc = first.track.isrc if first.track else ""
    seconds = first.track.seconds if first.track else 200
    length = f"PT{seconds // 60}M{seconds % 60}S"
    title, artist = (first.track.title, first.track.artist) if first.track else (first.title, first.artist)
    yield ["AS02.03", block, "T1", first.store_id, isrc, title, "", artist, "", length, "SoundRecording"]
    for number, sale in enumerate(sales, start=1):
        sold = ("R1", "") if sale.release else ("", "T1")
        yield [
            *("SU01.02", block, f"S{territories.index(sale.territory) + 1}", f"{sale.day:%Y%m%d}-{block}-{number}"),
            *(*sold, "true", "false", str(sale.units), str(sale.returns), f"{sale.price:.4f}"),
        ]
