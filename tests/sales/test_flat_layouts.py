"""The same month through any layout is the same month: to the last digit, and whatever is cut or spoiled."""

import io
from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.models import Posting
from sales import services
from sales.formats import guess, rules, table
from sales.formats.errors import BadFile
from sales.formats.recognise import encoding_of
from sales.models import Sale
from sales.pipeline import preview
from tests.factories import a_licensee, a_report, a_track, flat_lines
from tests.sales.layouts import Layout, Line

CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯ"
TEXTS = (
    st.text(alphabet=CYRILLIC + "abcXYZ 0123;,|\"'!-", min_size=1, max_size=20)
    .map(str.strip)
    .filter(lambda text: text and not text.lower().startswith(rules.values.TOTAL_WORDS))
)
LATIN = (
    st.text(alphabet="abcdeéèüñçXYZ 0123;,|\"'!-", min_size=1, max_size=20)
    .map(str.strip)
    .filter(lambda text: text and not text.lower().startswith(rules.values.TOTAL_WORDS))
)


def lines(texts):
    return st.lists(
        st.builds(
            Line,
            key=st.integers(1, 10**9).map(str),
            title=texts,
            artist=texts,
            day=st.dates(date(2006, 10, 1), date(2006, 10, 31)),
            territory=st.sampled_from(["RU", "US", "DE"]),
            units=st.integers(0, 10**6),
            price=st.decimals(0, 99_999, places=2),
        ),
        min_size=1,
        max_size=12,
    )


LAYOUTS = st.builds(
    Layout,
    encoding=st.sampled_from(["utf-8", "cp1251", "koi8-r", "utf-16-le", "utf-16-be", "utf-8-sig"]),
    delimiter=st.sampled_from([";", "\t", "|"]),
    decimal=st.sampled_from([",", "."]),
    thousands=st.sampled_from(["", " ", "'"]),
    dates=st.sampled_from(["dmy", "mdy", "ymd"]),
    order=st.permutations(range(7)).map(tuple),
    lead=st.integers(0, 3),
    has_total=st.booleans(),
    is_workbook=st.booleans(),
    sign=st.sampled_from(["", " руб.", " RUB"]),
)
QUICK = settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def read(content, said):
    """What a template makes of a file, by the very reader and checks of the pipeline."""
    said = replace(said, encoding="utf-8") if said.encoding == "utf-8-sig" else said
    packing, sample = table.sample_of(io.BytesIO(content), len(content), 1 << 30)
    cut = services.remembered.cut_of(said, packing, sample)
    found = table.rows_of(cut, sample, io.BytesIO(content))
    bound = rules.bind(said, found.rows, exact=True)
    assert bound is not None
    return found, preview.preview(found, sample, bound, shown=1000)


@pytest.fixture(autouse=True)
def known_territories(monkeypatch):
    monkeypatch.setattr(preview, "tariffs", SimpleNamespace(territory=str.upper))


@pytest.mark.slow
@QUICK
@given(sold=lines(TEXTS), layout=LAYOUTS)
def test_what_is_read_equals_what_was_sold(sold, layout):
    _, tried = read(layout.written(sold), layout.rules())

    assert (tried.read, tried.accepted) == (len(sold), len(sold)), tried.faults
    assert len(tried.totals) == layout.has_total
    taken = [row.taken for row in tried.rows if row.taken]
    for line, found in zip(sold, taken, strict=True):
        assert (found.store_id, found.title, found.artist) == (line.key, line.title, line.artist)
        assert (found.units, found.price, found.currency) == (line.units, line.price, "RUB")
        assert (found.territory, found.start) == (line.territory, date(2006, 10, 1))


@pytest.mark.slow
@QUICK
@given(sold=lines(LATIN), layout=LAYOUTS)
def test_western_letters_are_read_too(sold, layout):
    layout = replace(layout, encoding="cp1252", is_workbook=False, sign="")

    _, tried = read(layout.written(sold), layout.rules())

    assert [row.taken.title for row in tried.rows if row.taken] == [line.title for line in sold]


@pytest.mark.slow
@QUICK
@given(sold=lines(TEXTS), layout=LAYOUTS, data=st.data())
def test_a_spoiled_file_loses_no_line_in_silence(sold, layout, data):
    content = bytearray(layout.written(sold))
    cuts = data.draw(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(-255, 40)), max_size=6))
    for share, change in cuts:  # a share of the length: a workbook's length is not the same twice
        place = int(share * len(content))
        if change <= 0:
            content[place : place + 1] = bytes([-change])
        else:
            del content[place : place + change]
        if not content:
            return

    try:
        found, tried = read(bytes(content), layout.rules())
    except (BadFile, AssertionError):
        return

    filled = [line_no for line_no, cells in found.rows if any(cell.strip() for cell in cells)]
    after = [line_no for line_no in filled if line_no > layout.lead + 1]
    assert tried.accepted + tried.rejected == tried.read
    assert tried.read + len(tried.totals) >= len(after)


@QUICK
@given(content=st.binary(max_size=600))
def test_no_bytes_make_the_proposal_fall_over(content):
    try:
        packing, sample = table.sample_of(io.BytesIO(content), len(content), 1 << 30)
        found = table.rows_of(table.guess_cut(packing, sample, encoding_of(sample)), sample, io.BytesIO(content))
    except BadFile:
        return

    assert guess.guess(found).rules.skip >= 0


@pytest.mark.slow
@settings(QUICK, max_examples=150)
@given(sold=lines(TEXTS), layout=LAYOUTS, data=st.data())
def test_what_is_read_and_spoiled_at_length(sold, layout, data):
    test_what_is_read_equals_what_was_sold.hypothesis.inner_test(sold, layout)
    test_a_spoiled_file_loses_no_line_in_silence.hypothesis.inner_test(sold, layout, data)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_month_accrues_the_same_through_every_layout():
    track = a_track("Группа крови", "Кино")
    sold = [
        Line("7", "Группа крови", "Кино", date(2006, 10, 31), "RU", 3, Decimal("1234.57")),
        Line("7", "Группа крови", "Кино", date(2006, 10, 1), "US", 2, Decimal("0.10")),
        Line("8", "Мама", "Кино", date(2006, 10, 2), "DE", 7, Decimal("3.33")),
    ]
    layouts = [
        Layout(encoding="cp1251", decimal=",", thousands=" ", has_total=True, lead=2),
        Layout(encoding="koi8-r", delimiter="\t", decimal=".", dates="mdy", order=(6, 5, 4, 3, 2, 1, 0)),
        Layout(is_workbook=True, decimal=".", dates="ymd", order=(3, 1, 0, 2, 6, 5, 4)),
    ]

    ours = a_report(
        a_licensee(),
        flat_lines(
            *(
                {
                    "UsagePeriod": "",
                    "SaleDate": line.day.isoformat(),
                    "DspResourceId": line.key,
                    "Title": line.title,
                    "DisplayArtistName": line.artist,
                    "Territory": line.territory,
                    "Usages": line.units,
                    "PriceConsumerPaidExcSalesTax": line.price,
                    "Currency": "RUB",
                }
                for line in sold
            )
        ),
    )
    theirs = [mapped(layout, sold) for layout in layouts]

    assert ours.status == "posted"
    for report in theirs:
        assert report.status == "posted"
        assert accrued(report) == accrued(ours)
        assert posted(report) == posted(ours)
    assert Sale.objects.filter(track=track, report=theirs[0]).count() == 2


def mapped(layout, sold):
    now, content = timezone.now(), layout.written(sold)
    receipt = services.receive_report(
        licensee=a_licensee(), stream=io.BytesIO(content), name="october", by=None, now=now
    )
    assert receipt.report.reason == "needs_mapping"
    services.save_mapping(report=receipt.report, name="x", said=layout.rules(), by=None, now=now)
    receipt.report.refresh_from_db()
    return receipt.report


def accrued(report):
    return sorted(
        Sale.objects.filter(report=report).values_list(
            "store_key__title", "territory", "units", "base", "royalty", "royalty_work", "currency"
        )
    )


def posted(report):
    found = defaultdict(Decimal)
    for posting in Posting.objects.filter(entry__batch=report.public_id).select_related("account"):
        found[posting.account.place, posting.account.currency] += posting.debit - posting.credit
    return found
