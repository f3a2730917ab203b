"""Tables a store makes itself: kept until somebody maps the columns, remembered, never guessed wrong in silence."""

import io
from decimal import Decimal

import pytest
from django.utils import timezone

from sales import services
from sales.formats import rules
from sales.models import LineFault, MappingVersion, Sale, SalesReport
from sales.pipeline import rejected
from tests.factories import a_licensee, a_report

pytestmark = pytest.mark.django_db

HEADER = "Исполнитель;Название;Дата продажи;Страна;Кол-во;Цена, руб."
OCTOBER = f"""Отчёт магазина

{HEADER}
Кино;Группа крови;31.10.2006;RU;2;3,50
Алиса;Моё поколение;01.10.2006;RU;1;1 234,50
Итого;;;;3;1 241,50
"""
NOVEMBER = """Исполнитель;Название;Дата продажи;Страна;Кол-во;Цена, руб.
Кино;Группа крови;30.11.2006;RU;5;3,50
Кино;Звезда по имени Солнце;30.11.2006;RU;5;0,10
"""


def sent(shop, text, encoding="cp1251", name="report.csv", **options):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    receipt = services.receive_report(
        licensee=shop, stream=io.BytesIO(content), name=name, by=None, now=timezone.now(), **options
    )
    receipt.report.refresh_from_db()
    return receipt.report


def saved(report, now, name="Monthly", period="", **changes):
    from dataclasses import replace

    draft = services.draft_mapping(report=report)
    said = replace(draft.rules, **changes)
    version = services.save_mapping(
        report=report, name=name, said=said, period=period or draft.period, by=None, now=now
    )
    report.refresh_from_db()
    return version


def sums(report):
    return {
        (sale.store_key.title, sale.currency): (sale.units, sale.base) for sale in Sale.objects.filter(report=report)
    }


def test_a_table_of_its_own_is_kept_and_waits(now):
    report = sent(a_licensee(), OCTOBER)

    draft = services.draft_mapping(report=report)

    assert (report.status, report.reason) == ("held", "needs_mapping")
    assert (draft.rules.encoding, draft.rules.delimiter, draft.rules.decimal) == ("cp1251", ";", ",")
    assert draft.rules.constants == {"Currency": "RUB"}
    assert draft.rules.columns["Title"] == "Название"
    assert (draft.preview.read, draft.preview.accepted, draft.preview.totals) == (2, 2, [6])
    assert draft.faults == []


def test_a_mapped_report_is_posted_and_says_what_it_left_out(now):
    report = sent(a_licensee(), OCTOBER)

    version = saved(report, now)

    assert (report.status, report.lines_read, report.lines_accepted) == ("posted", 2, 2)
    assert sums(report) == {
        ("Группа крови", "RUB"): (2, Decimal("7.00")),
        ("Моё поколение", "RUB"): (1, Decimal("1234.50")),
    }
    assert report.files.get().mapping == version
    said = {row["code"]: row for row in report.footer_faults}
    assert said["totals_skipped"]["cell"] == "6"
    assert "total_differs" not in said


@pytest.mark.slow
def test_the_next_month_is_recognised_by_itself(now):
    shop = a_licensee()
    version = saved(sent(shop, OCTOBER), now)

    report = sent(shop, NOVEMBER)

    assert (report.status, report.lines_accepted) == ("posted", 2)
    assert report.files.get().mapping == version
    assert report.message_id == "2006-11-01--2006-12-01"
    assert MappingVersion.objects.count() == 1


@pytest.mark.slow
def test_columns_may_change_places_and_others_come(now):
    shop = a_licensee()
    saved(sent(shop, OCTOBER), now)
    moved = "Кол-во;цена, руб. ;Скидка;Название;Исполнитель;Страна;Дата продажи\n"
    moved += "2;0,50;нет;Пачка сигарет;Кино;RU;30.11.2006\n"

    report = sent(shop, moved, "utf-8")

    assert report.status == "posted"
    assert sums(report) == {("Пачка сигарет", "RUB"): (2, Decimal("1.00"))}
    assert {"code": "columns_new", "cell": "Скидка"} in report.footer_faults


@pytest.mark.slow
def test_a_file_whose_content_does_not_fit_its_header_is_held(now):
    shop = a_licensee()
    saved(sent(shop, OCTOBER), now)
    other = f"{HEADER}\nКино;Пачка сигарет;11/30/2006;RU;2;0.50\nКино;Пачка сигарет;11/29/2006;RU;2;0.50\n"

    report = sent(shop, other)

    assert (report.status, report.reason) == ("held", "mapping_misfit")
    assert not Sale.objects.filter(report=report).exists()
    version = saved(report, now, dates="mdy", decimal=".")
    assert (report.status, version.number) == ("posted", 2)


@pytest.mark.slow
def test_a_decimal_point_is_not_read_as_a_separator_of_thousands(now):
    shop = a_licensee()
    saved(sent(shop, OCTOBER), now, thousands=".")
    other = f"{HEADER}\nКино;Пачка сигарет;30.11.2006;RU;2;1.500\nКино;Мама;30.11.2006;RU;2;0.750\n"

    report = sent(shop, other)

    assert (report.status, report.reason) == ("held", "mapping_misfit")


@pytest.mark.slow
def test_an_ambiguous_date_is_asked_and_not_guessed(now):
    text = "date,track,artist,qty,amount,currency\n3/4/2006,A,B,1,0.99,USD\n5/6/2006,C,D,1,1.99,USD\n"
    report = sent(a_licensee(), text)

    draft = services.draft_mapping(report=report)

    assert draft.questions == ("dates",)
    assert draft.faults == [("say_date_order", "SaleDate")]
    with pytest.raises(services.MappingRefused):
        services.save_mapping(report=report, name="x", said=draft.rules, by=None, now=now)
    saved(report, now, dates="mdy")
    assert report.usage_start.isoformat() == "2006-03-01"


@pytest.mark.slow
def test_countries_may_be_written_out(now):
    rows = ["Россия", "Deutschland", "États-Unis", "France", "UA", "Атлантида"]
    text = "Месяц;Трек;Страна;Штук;Сумма, руб.\n" + "".join(f"10.2006;A;{place};1;1,00\n" for place in rows)
    report = sent(a_licensee(), text, "utf-8")

    saved(report, now)

    found = Sale.objects.filter(report=report).values_list("territory", flat=True)
    assert sorted(found) == ["", "DE", "FR", "RU", "UA", "US"]
    assert LineFault.objects.get(file__report=report).code == "territory_unknown"


@pytest.mark.slow
def test_a_fault_names_the_files_own_line_and_column(now):
    mixed = OCTOBER.replace("Итого", "Алиса;Трасса;1.13.2006;RU;1;2,00\nАлиса;Дождь;02.10.2006;RU;1;2.00 руб\nИтого")
    report = sent(a_licensee(), mixed)
    assert services.draft_mapping(report=report).questions == ("decimal", "dates")
    saved(report, now, dates="dmy", decimal=",")
    faults = {
        fault.line_no: (fault.cell, fault.code, fault.found) for fault in LineFault.objects.filter(file__report=report)
    }
    assert faults == {
        6: ("Дата продажи", "date_style", "1.13.2006"),
        7: ("Цена, руб.", "number_style", "2.00 руб"),
    }
    assert report.fault_codes == {"date_style": 1, "number_style": 1}


@pytest.mark.slow
def test_a_period_the_file_does_not_say_is_asked_for_each_file(now):
    shop = a_licensee()
    text = "Track ID;Title;Units;Revenue;Currency\n7;A;2;1.00;USD\n8;B;1;0.50;USD\n"
    report = sent(shop, text)
    assert ("say_period", "UsagePeriod") in services.draft_mapping(report=report).faults
    saved(report, now, period="2006-10")
    assert report.usage_end.isoformat() == "2006-11-01"

    following = sent(shop, text.replace("2;1.00", "3;1.50"))

    assert (following.status, following.reason) == ("held", "needs_period")
    template = MappingVersion.objects.get().template
    named = sent(shop, text.replace("2;1.00", "4;2.00"), template=template, period="2006-12")
    assert (named.status, named.usage_start.isoformat()) == ("posted", "2006-12-01")


@pytest.mark.slow
def test_other_waiting_reports_of_the_layout_go_on(now):
    shop = a_licensee()
    october, november = sent(shop, OCTOBER), sent(shop, NOVEMBER)
    assert november.status == "held"

    saved(october, now)

    november.refresh_from_db()
    assert november.status == "posted"


@pytest.mark.slow
def test_the_same_words_make_no_new_version_and_other_words_do(now):
    shop = a_licensee()
    first = saved(sent(shop, OCTOBER), now)
    again = sent(shop, NOVEMBER.replace("0,10", "0,10€"))
    assert again.status == "held"

    second = saved(again, now, constants={"Currency": "EUR"})

    assert (first.number, second.number) == (1, 2)
    assert first.template == second.template


@pytest.mark.slow
def test_returns_by_the_files_own_convention(now):
    text = "Month;Track ID;Title;Units;Revenue;Currency\n10.2006;7;A;5;2.50;USD\n10.2006;7;A;-2;-1.00;USD\n"
    report = sent(a_licensee(), text)

    saved(report, now)

    assert sums(report) == {("A", "USD"): (3, Decimal("1.50"))}
    wrong = sent(a_licensee(), text.replace("-1.00", "1.00"))
    saved(wrong, now, returns="negative_units")
    assert (wrong.lines_accepted, LineFault.objects.get(file__report=wrong).code) == (1, "sign_differs")


@pytest.mark.slow
def test_marked_returns_and_computed_columns(now):
    text = "Month;Track ID;Units;Price;Kind;Currency\n10.2006;7;5;0.50;sale;USD\n10.2006;7;2;0.50;Refund;USD\n"
    report = sent(a_licensee(base="net_revenue"), text)
    draft = services.draft_mapping(report=report)
    columns = {ours: name for ours, name in draft.rules.columns.items() if ours != "PriceConsumerPaidExcSalesTax"}

    saved(
        report,
        now,
        columns=columns,
        computed=(rules.Computed("NetRevenue", "times", "Price", "Units"),),
        returns="marked",
        returns_column="Kind",
        returns_words=("refund",),
    )

    sale = Sale.objects.get(report=report)
    assert (sale.units, sale.base) == (3, Decimal("1.50"))


@pytest.mark.slow
def test_a_quotient_that_does_not_come_out_is_refused(now):
    text = "Month;Track ID;Units;Amount;Currency\n10.2006;7;3;1.00;USD\n10.2006;8;4;1.00;USD\n"
    report = sent(a_licensee(), text)
    columns = {"UsagePeriod": "Month", "DspResourceId": "Track ID", "Usages": "Units", "Currency": "Currency"}

    saved(
        report,
        now,
        columns=columns,
        computed=(rules.Computed("PriceConsumerPaidExcSalesTax", "per", "Amount", "Units"),),
    )

    assert Sale.objects.get(report=report).base == Decimal("1.00")
    assert LineFault.objects.get(file__report=report).code == "not_exact"


@pytest.mark.slow
def test_two_templates_for_the_same_columns_are_refused(now):
    shop = a_licensee()
    saved(sent(shop, OCTOBER), now)
    report = sent(shop, NOVEMBER.replace("30.11", "11.30"))

    with pytest.raises(services.MappingRefused) as refused:
        saved(report, now, name="Other", dates="mdy")

    assert refused.value.faults == [("columns_taken", "Monthly")]


def test_our_own_names_with_another_way_of_writing_wait_for_a_mapping(now):
    text = "UsagePeriod;Title;DisplayArtistName;Usages;PriceConsumerPaidExcSalesTax;Currency\n2006-10;x;y;1;0,10;USD\n"

    report = sent(a_licensee(), text)

    assert (report.status, report.reason) == ("held", "needs_mapping")


@pytest.mark.parametrize("content", [b"<html><table><tr><td>a;b</td></tr></table>", b"hello\nworld\n", b"\n\n"])
def test_what_is_no_table_is_refused_as_before(content):
    assert sent(a_licensee(), content).status == "rejected"


def test_a_report_that_waits_is_not_resumed_by_a_decision(now):
    report = sent(a_licensee(), OCTOBER)

    assert services.decisions_of(report) == ["reject"]
    assert SalesReport.objects.get().status == "held"
    assert a_report().status == "posted"


@pytest.mark.slow
@pytest.mark.parametrize("period", ["", "2006-10"])
def test_rejected_lines_are_mended_in_the_files_own_layout(now, period):
    shop = a_licensee()
    text = "№;Песня;Месяц;Штук;Сумма, руб.\n7;A;10.2006;2;1,00\n8;B;10.2006;два;0,50\n"
    report = sent(shop, text.replace(";10.2006", ";x") if period else text)
    columns = {"DspResourceId": "№", "Title": "Песня", "Usages": "Штук", "NetRevenue": "Сумма, руб."}
    saved(report, now, columns=columns | ({} if period else {"UsagePeriod": "Месяц"}), dates="dmy", period=period)
    assert (report.lines_accepted, report.lines_rejected) == (1, 1)
    target = io.BytesIO()
    rejected.write_correction_file(report, target)

    made = sent(shop, target.getvalue().decode("utf-8-sig").replace("два", "2"), "utf-8")

    assert (made.kind, made.status, made.supersedes) == ("supplement", "posted", report)
    assert sums(made) == {("A", "RUB"): (2, Decimal("1.00")), ("B", "RUB"): (2, Decimal("0.50"))}
