"""One table of sales, rendered in every profile and version of DSR, and as the flat template: for tests.

Every rendering is made from the cell numbers of the standard as they stand in Part 8, written out here a second time,
so that a wrong number in the readers' own tables shows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tests.factories import flat_lines


@dataclass(frozen=True)
class Sold:
    """A line of the table: what was sold where, how often, and for how much a unit."""

    own: str
    title: str
    territory: str
    usages: int
    returns: int
    price: str
    is_release: bool = False

    @property
    def units(self):
        return self.usages - self.returns

    @property
    def revenue(self):
        return str(Decimal(self.price) * self.units)


ARTIST = "Кино"
TABLE = (
    Sold("own1", "Кукушка", "RU", 3, 1, "0.10"),
    Sold("own1", "Кукушка", "US", 2, 0, "0.20"),
    Sold("own2", "Звезда по имени Солнце", "RU", 2, 0, "0.10"),
    Sold("own2", "Звезда по имени Солнце", "US", 7, 3, "0.20"),
    Sold("own3", "Пачка сигарет", "US", 1, 2, "0.20"),
)
ALBUM = Sold("alb1", "Группа крови", "RU", 4, 1, "0.90", is_release=True)


def at(cells, **more):
    """A record: the cells by their number (from 1), the others empty."""
    numbered = cells | {int(name[1:]): text for name, text in more.items()}
    return "\t".join(str(numbered.get(number, "")) for number in range(1, max(numbered) + 1))


def head(profile, version, *, message="M1", number=1, files=1, **more):
    cells = ["HEAD", "dsrf/1.3/1.4.1/1.4", profile, version, message, "2006-11-03T07:59:30Z", number, files]
    cells += ["2006-10-01", "2006-10-31", "PADPIDA0000000000X", "Store"]
    return at(dict(enumerate(cells, 1)), **more)


def a_file(records: Iterable[str], profile="BasicAudioProfile", version="1.4", *, end="\n", foot=True, **of_head):
    """A whole file: HEAD, the records, and a footer that counts right."""
    body = [head(profile, version, **of_head), *records]
    is_wide = any(line.startswith("SR0") for line in body)
    summaries = sum(line.startswith("SY") for line in body)
    blocks = len({line.split("\t")[1] for line in body if line[:2] in ("RE", "AS", "SU", "LI", "RU")})
    if foot and is_wide:
        body.append(at({1: "SRFO", 2: len(body) + 1, 3: summaries}))
    elif foot:
        total = len(body) + 1
        body.append(at({1: "FOOT", 2: total, 3: total, 4: summaries, 5: blocks, 6: blocks}))
    return (end.join(body) + end).encode()


def territories(table: Sequence[Sold]) -> dict[str, list[Sold]]:
    return {
        place: [line for line in table if line.territory == place] for place in sorted({s.territory for s in table})
    }


def totals(table):
    """What a summary states about its lines: usages, and the net revenue they brought."""
    return sum(line.usages for line in table), sum(Decimal(line.revenue) for line in table)


def resource(code, block, sold):
    if sold.is_release:
        return at({1: "RE01", 2: block, 3: "REF", 4: sold.own, 8: ARTIST, 10: sold.title})
    return at({1: code, 2: block, 3: "REF", 4: sold.own, 6: sold.title, 8: ARTIST, 10: "PT3M", 11: "SoundRecording"})


def basic_blocks(table, version="1.4", sy="SY02.03", asset="AS02.03", use="SU01.02", of_head=None):
    records = []
    for place, lines in territories(table).items():
        usages, revenue = totals(lines)
        cells = {1: sy, 2: f"S{place}", 5: "PayAsYouGoModel", 6: "PermanentDownload", 7: place, 9: usages}
        records.append(at(cells | {11: "USD", 12: revenue}))
    for n, sold in enumerate(table, 1):
        records.append(resource(asset, n, sold))
        used = {5: "REF"} if sold.is_release else {6: "REF"}
        cells = {1: use, 2: n, 3: f"S{sold.territory}", 4: f"T{n}", 7: "true", 8: "false"} | used
        records.append(at(cells | {9: sold.usages, 10: sold.returns, 11: sold.price}))
    return a_file(records, "BasicAudioProfile", version, **(of_head or {}))


def streams_in_blocks(table):
    """SU02 has no cell for returns: units below zero are given back."""
    records = []
    for place, lines in territories(table).items():
        cells = {1: "SY01.02", 2: f"S{place}", 5: "PayAsYouGoModel", 7: place, 9: totals(lines)[0]}
        records.append(at(cells | {11: "USD", 12: totals(lines)[1]}))
    for n, sold in enumerate(table, 1):
        records.append(resource("AS01.02", n, sold))
        use = {1: "SU02.02", 2: n, 3: f"S{sold.territory}", 5 if sold.is_release else 6: "REF", 7: "TRUE"}
        records += [at(use | {4: f"T{n}+", 8: sold.usages, 9: sold.price})]
        records += [at(use | {4: f"T{n}-", 8: -sold.returns, 9: sold.price})] if sold.returns else []
    return a_file(records, "BasicAudioProfile", "1.3")


def basic_wide(table, version="1.4"):
    records = []
    for place, lines in territories(table).items():
        usages, revenue = totals(lines)
        cells = {1: "SY01", 2: f"S{place}", 5: "PayAsYouGoModel", 6: "PermanentDownload", 7: place, 9: usages}
        records.append(at(cells | {11: "USD", 12: revenue}))
    for n, sold in enumerate(reversed(table), 1):
        cells = {1: "SR01", 2: f"S{sold.territory}", 3: sold.own, 5: sold.title, 7: ARTIST, 33: 1, 34: f"T{n}"}
        records.append(at(cells | {35: "true", 36: "false", 37: sold.usages, 38: sold.returns, 39: sold.price}))
    return a_file(records, "BasicAudioProfileSRB", version)


def ugc_blocks(table, version="1.2", profile="UGCProfile", with_licensors=False):
    """SU03 names the store's own number and has revenue of its own; the summary may stand in LI01."""
    records = []
    for place, lines in territories(table).items():
        cells = {1: "SY02", 2: f"S{place}", 5: "AdvertisementSupportedModel", 6: "Stream", 7: place}
        records.append(at(cells | {9: totals(lines)[0], 11: "USD", 12: totals(lines)[1], 19: "Music"}))
    for n, sold in enumerate(table, 1):
        records.append(resource("AS02", n, sold))
        cells = {1: "SU03", 2: n, 3: f"T{n}", 4: "" if with_licensors else f"S{sold.territory}", 5: sold.own}
        records.append(at(cells | {6: f"{sold.units}.0", 7: sold.revenue, 8: "20061001", 9: "20061031"}))
        for controller, share in (("PUB_1", "0.6"), ("PUB_2", "0.4")) if with_licensors else ():
            li = {1: "LI01", 2: n, 3: f"S{sold.territory}", 4: controller, 7: share, 9: sold.revenue, 10: sold.revenue}
            records.append(at(li))
    return a_file(records, profile, version)


def ugc_subscriptions(table):
    """SY04 has the currency, SY09 and SY05 are parts of it; lines refer to the lowest."""
    records = [
        at({1: "SY04.01", 2: "ALL", 5: "SubscriptionModel", 7: "Worldwide", 9: "x", 10: 1, 15: "USD", 19: "99.00"})
    ]
    for place, lines in territories(table).items():
        records.append(
            at({1: "SY09.01", 2: f"U{place}", 3: "SubscriptionModel", 5: place, 13: "7.00", 16: "USD", 22: "ALL"})
        )
        cells = {1: "SY05.03", 2: f"S{place}", 5: "SubscriptionModel", 11: "MechanicalRight", 12: totals(lines)[0]}
        records.append(at(cells | {15: totals(lines)[1], 24: "Music", 26: f"U{place}"}))
    for n, sold in enumerate(table, 1):
        records.append(resource("AS01.02", n, sold))
        records.append(at({1: "SU03.02", 2: n, 3: f"T{n}", 5: sold.own, 6: sold.units, 7: sold.revenue}))
        records.append(at({1: "LI01.03", 2: n, 3: f"S{sold.territory}", 4: "PUB", 7: "1", 9: "0", 10: "0"}))
    return a_file(records, "UgcProfile", "1.4")


def ugc_wide(table, version="1.2"):
    """A line per rights controller repeats the use; it counts once."""
    records = []
    for place, lines in territories(table).items():
        cells = {1: "SY02.02", 2: f"S{place}", 5: "AdvertisementSupportedModel", 7: place}
        records.append(at(cells | {9: totals(lines)[0], 11: "USD", 12: totals(lines)[1]}))
    for n, sold in enumerate(table, 1):
        cells = {1: "SR03", 2: f"S{sold.territory}", 3: sold.own, 5: sold.title, 7: ARTIST, 32: f"T{n}"}
        cells |= {33: sold.units, 34: sold.revenue, 35: "2006-10-01", 36: "2006-10-31"}
        records += [at(cells | {38: controller, 41: "0.5"}) for controller in ("PUB_1", "PUB_2")]
    return a_file(records, "UGCProfileSRB", version)


def royalty_blocks(table):
    records = []
    for place, lines in territories(table).items():
        cells = {1: "SY07", 2: f"S{place}", 5: "PayAsYouGoModel", 7: place, 8: "MechanicalRight", 10: totals(lines)[0]}
        records.append(at(cells | {12: "USD", 13: totals(lines)[1], 17: "0.01", 18: "0.01"}))
    for n, sold in enumerate(table, 1):
        records.append(resource("AS02.01", n, sold))
        records.append(at({1: "SU03.01", 2: n, 3: f"T{n}", 5: sold.own, 6: sold.units, 7: sold.revenue}))
        records.append(at({1: "LI01.01", 2: n, 3: f"S{sold.territory}", 4: "PUB", 7: "1", 9: "0.01", 10: "0.01"}))
    return a_file(records, "RoyaltyReportingProfile", "1.0.1")


def financial(table, version="1.0", prices=True):
    """Amounts stand in the currency of the transaction (RUB here) and of accounting; the second is taken."""
    records = []
    for place, lines in territories(table).items():
        usages, revenue = totals(lines)
        cells = {1: "SY10", 2: f"S{place}", 5: "PayAsYouGoModel", 6: "PermanentDownload", 7: "2006-10-01"}
        cells |= {8: "2006-10-31", 13: place, 17: usages, 18: usages, 19: 0, 20: 1, 21: "RUB", 22: "USD", 23: "26.8"}
        records.append(at(cells | {33: "99", 34: "99", 37: "1000.00", 38: revenue, 46: revenue}))
    for n, sold in enumerate(table, 1):
        named = (
            {5: sold.own, 10: sold.title, 12: ARTIST} if sold.is_release else {16: sold.own, 21: sold.title, 23: ARTIST}
        )
        cells = {1: "SR08", 2: f"T{n}", 5: "REL"} | named | {25: f"S{sold.territory}", 26: "2006-10-15"}
        cells |= {
            27: sold.usages,
            28: sold.returns,
            29: sold.units,
            36: "2.70",
            41: "100",
            46: "54.00",
            47: sold.revenue,
        }
        records += [at(cells | ({37: sold.price} if prices else {}) | {48: "false"}), at({1: "DE01", 2: "x"})]
    return a_file(records, "FinancialReportingToRecordCompaniesProfileSRB", version)


def flat(table):
    rows = []
    for sold in table:
        names = {"DspResourceId": sold.own, "Title": sold.title, "DisplayArtistName": ARTIST}
        if sold.is_release:
            names = {"DspReleaseId": sold.own, "ReleaseTitle": sold.title, "ReleaseDisplayArtistName": ARTIST}
        quantities = {"Territory": sold.territory, "Usages": sold.usages, "Returns": sold.returns}
        prices = {"PriceConsumerPaidExcSalesTax": sold.price, "NetRevenue": sold.revenue}
        rows.append({"DspResourceId": "", "Title": ""} | names | quantities | prices)
    return flat_lines(*rows)
