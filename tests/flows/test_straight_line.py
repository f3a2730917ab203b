"""A corrected, re-matched, partly rejected month computed again by loops over its lines: the ledger says the same.

Nothing of the portal's arithmetic is used here: lines are read with `csv`, summed in dictionaries, divided by the
largest-remainder rule written out once more. Every account of the owed side is compared, to the last digit.
"""

import csv
import io
import random
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.utils import timezone

from catalog.territories import resolve
from claims import services as claims
from ledger.models import AccountBalance
from sales import services
from sales.models import Sale, StoreKey
from tests.factories import a_holder, a_licensee, a_report, a_share, a_track, flat_lines

pytestmark = pytest.mark.django_db
UNIT = Decimal("0.00000001")
RATE = Decimal("0.152137")
SPLIT = {"performance": 20, "phonogram": 50, "work": 30}
MIDDLE = date(2006, 10, 16)
FIRST, AFTER = date(2006, 10, 1), date(2006, 11, 1)
BAD = {"Usages": "x", "PriceConsumerPaidExcSalesTax": "0.123456789", "Currency": "XXX"}


def a_month(count):
    """Lines of nine keys, prices of seven decimals, some returns, one line in fifteen with one bad cell."""
    draw = random.Random(2006)
    lines = []
    for _ in range(count):
        key = draw.randrange(1, 10)
        line = {
            "DspResourceId": f"T{key}",
            "ISRC": f"RUA01060000{key}" if key <= 5 else "",
            "Title": f"Song {key}",
            "DisplayArtistName": "Kino",
            "UsagePeriod": "",
            "SaleDate": f"2006-10-{draw.randrange(1, 32):02}",
            "Territory": draw.choice(["RU", "US", "DE", ""]),
            "Channel": draw.choice(["visa", "xrost", ""]),
            "Usages": draw.randrange(1, 4),
            "Returns": draw.randrange(3, 6) if key == 4 and draw.random() < 0.4 else 0,
            "PriceConsumerPaidExcSalesTax": f"0.{draw.randrange(1, 9_999_999):07}",
            "Currency": draw.choice(["USD", "USD", "RUB"]),
        }
        if draw.random() < 1 / 15:
            name = draw.choice(list(BAD))
            line[name] = BAD[name]
        lines.append(line)
    return lines


def shared(total, weights):
    """The largest-remainder rule by hand: {key: part}, in whole units of 1e-8."""
    units, whole = abs(total) / UNIT, sum(weights.values())
    parts = {key: units * weight // whole for key, weight in weights.items()}
    rests = sorted(weights, key=lambda key: (-(units * weights[key] % whole), key))
    for key in rests[: int(units - sum(parts.values()))]:
        parts[key] += 1
    return {key: part * UNIT * (-1 if total < 0 else 1) for key, part in parts.items()}


def sums_of(content):
    """{(key, territory, channel, currency): {day: base}} of the lines that can be taken, and how many cannot."""
    sums, rejected = defaultdict(lambda: defaultdict(Decimal)), 0
    for row in csv.DictReader(io.StringIO(content.decode()), delimiter="\t"):
        if any(row[name] == bad for name, bad in BAD.items()):
            rejected += 1
            continue
        told = row["DspResourceId"], row["Territory"], row["Channel"] or "unknown", row["Currency"]
        worth = Decimal(row["PriceConsumerPaidExcSalesTax"]) * (int(row["Usages"]) - int(row["Returns"]))
        sums[told][date.fromisoformat(row["SaleDate"])] += worth
    return sums, rejected


def royalties_of(sums):
    """{told: royalty}: rate times base once per currency and sign, then shared by base."""
    owed = {}
    for currency in ("USD", "RUB"):
        for sign in (1, -1):
            bases = {
                (told[0], told[1], FIRST, AFTER, told[2], told): abs(sum(days.values()))
                for told, days in sums.items()
                if told[3] == currency and (-1 if sum(days.values()) < 0 else 1) == sign and sum(days.values())
            }
            whole = (sum(bases.values()) * RATE).quantize(UNIT, ROUND_HALF_UP) * sign
            owed |= {key[-1]: part for key, part in shared(whole, bases).items()}
    return owed


def expected(content, track_of, key_of, shares):
    """{(item, place, owner, currency): amount} of a whole month; `shares` says who gets what of a track's right."""
    sums, _ = sums_of(content)
    accounts = defaultdict(Decimal)
    for told, royalty in royalties_of(sums).items():
        key, territory, _, currency = told
        track = track_of.get(key)
        for right, part in shared(royalty, SPLIT).items():
            if track is None:
                accounts[f"key:{key_of[key]}:{right}", "unidentified", "", currency] += part
                continue
            for day, amount in stretches(part, sums[told], cut=track in shares["cut"]).items():
                weights = shares["who"](track, right, territory, day)
                weights["unclaimed", ""] = 100 - sum(weights.values())
                for (place, owner), slice_ in shared(amount, {k: w for k, w in weights.items() if w}).items():
                    accounts[f"track:{track}:{right}", place, owner, currency] += slice_
    return {account: amount for account, amount in accounts.items() if amount}


def stretches(part, days, *, cut):
    """One right's part of a Sale before and from the middle of the month."""
    if not cut:
        return {FIRST: part}
    gross = {FIRST: Decimal(0), MIDDLE: Decimal(0)}
    for day, base in days.items():
        gross[FIRST if day < MIDDLE else MIDDLE] += base
    return shared(part, gross)


def in_the_ledger():
    """All accounts of the owed side that hold something."""
    rows = AccountBalance.objects.exclude(account__item="").values_list(
        "account__item", "account__place", "account__owner", "account__currency", "debit", "credit"
    )
    return {row[:4]: row[5] - row[4] for row in rows if row[5] != row[4]}


def test_the_ledger_equals_the_lines_to_the_last_digit(frank):
    now = timezone.now()
    tracks = {f"T{n}": a_track(f"Song {n}", "Kino", isrc=f"RUA01060000{n}" if n <= 5 else "") for n in range(1, 7)}
    mine, yours = a_holder(), a_holder()
    a_share(tracks["T1"], mine, percent=60, territories=resolve(["RU"]))
    a_share(tracks["T1"], yours, territories=resolve(["US"]))
    a_share(tracks["T2"], mine, percent="33.333333", end=MIDDLE)
    a_share(tracks["T2"], yours, percent=50, start=MIDDLE)
    a_share(tracks["T4"], yours, percent="66.6", right="performance")
    store = a_licensee(rate=str(RATE))
    month = a_month(600)

    a_report(store, flat_lines(*month[:450]))
    corrected = a_report(store, flat_lines(*random.Random(1).sample(month, len(month))))
    services.supersede_report(report=corrected, by=frank, now=now, reason="The store forgot a week.")
    late = StoreKey.objects.get(licensee=store, key="T7")
    services.match_store_key(key=late, track=tracks["T3"], by=frank, now=now)
    claims.distribute(track_ids=[track.pk for track in tracks.values()], event="test", now=now)

    def who(track, right, territory, day):
        if (track, right) == (tracks["T1"].pk, "phonogram"):
            found = {"RU": (mine, 60), "US": (yours, 100)}.get(territory)
            return {("payable", f"holder:{found[0].pk}"): Decimal(found[1])} if found else {}
        if (track, right) == (tracks["T2"].pk, "phonogram"):
            holder, percent = (mine, Decimal("33.333333")) if day < MIDDLE else (yours, Decimal(50))
            return {("payable", f"holder:{holder.pk}"): percent}
        if (track, right) == (tracks["T4"].pk, "performance"):
            return {("payable", f"holder:{yours.pk}"): Decimal("66.6")}
        return {}

    corrected.refresh_from_db()
    assert corrected.status == "posted"
    content = flat_lines(*month)
    track_of = {key: track.pk for key, track in tracks.items()} | {"T7": tracks["T3"].pk}
    key_of = dict(StoreKey.objects.filter(licensee=store).values_list("key", "pk"))
    sums, rejected = sums_of(content)
    assert (corrected.lines_read, corrected.lines_rejected) == (600, rejected)
    assert rejected > 20
    assert any(sum(days.values()) < 0 for days in sums.values())
    assert set(Sale.objects.filter(report=corrected).values_list("cut_by", flat=True)) == {"", "lines"}
    assert in_the_ledger() == expected(content, track_of, key_of, {"cut": {tracks["T2"].pk}, "who": who})


def test_sales_to_america_under_a_licence_for_russia_are_owed_to_who_holds_america():
    track, russian, american = a_track("Song"), a_holder(), a_holder()
    a_share(track, russian, territories=resolve(["RU"]))
    a_share(track, american, territories=resolve(["US"]))
    store = a_licensee(territories=resolve(["RU"]))
    lines = [
        {"Title": "Song", "DisplayArtistName": "Kino", "Territory": code, "Usages": units}
        for code, units in (("US", 100), ("RU", 10), ("", 1))
    ]

    report = a_report(store, flat_lines(*lines, month="2006-06"))
    claims.distribute(track_ids=[track.pk], event="test", now=timezone.now())

    flagged = Sale.objects.filter(report=report).order_by("-units").values_list("territory", "is_outside_license")
    item = f"track:{track.pk}:phonogram"
    there = {(place, owner): amount for (on, place, owner, _), amount in in_the_ledger().items() if on == item}
    assert list(flagged) == [("US", True), ("RU", False), ("", False)]
    assert there == {
        ("payable", f"holder:{american.pk}"): Decimal("0.75"),
        ("payable", f"holder:{russian.pk}"): Decimal("0.075"),
        ("unclaimed", ""): Decimal("0.0075"),
    }
