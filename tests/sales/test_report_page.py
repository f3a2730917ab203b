"""The page of a report: figures that add up, faults by code, decisions, the file to mend, the same over JSON."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sales.models import SalesReport
from tests.factories import a_licensee, a_report, flat_lines

pytestmark = pytest.mark.django_db
GOOD = {"DspResourceId": "7", "Title": "x", "DisplayArtistName": "y"}
BAD = GOOD | {"Usages": "two"}
WORSE = GOOD | {"Currency": "DM"}


@pytest.fixture
def shop(store):
    return a_licensee("shop", member=store)


def text(client, address, **query):
    return client.get(address, query).content.decode()


@pytest.mark.slow
def test_figures_add_up_and_faults_can_be_looked_at_by_code(client_of, store, shop):
    report = a_report(shop, flat_lines(GOOD, BAD, BAD, WORSE))
    client, address = client_of(store), reverse("sales:report", args=[report.public_id])

    page = text(client, address)

    assert "1 accepted + 3 rejected = 4 lines read" in page
    assert report.fault_codes == {"not_a_number": 2, "currency_unknown": 1}
    assert text(client, address, code="currency_unknown").count("report.tsv, line") == 1
    assert text(client, address, code="nonsense").count("report.tsv, line") == 3
    assert "of: Consumer price" in page
    assert "First report" not in page  # there is one version only


@pytest.mark.slow
def test_rejected_lines_are_given_to_mend_and_taken_back(client_of, store, stranger, shop):
    report = a_report(shop, flat_lines(GOOD, BAD))
    client = client_of(store)

    file = client.get(reverse("sales:correction_file", args=[report.public_id]))
    content = b"".join(file.streaming_content)
    mended = SimpleUploadedFile("mended.tsv", content.replace(b"two", b"2"))
    answer = client.post(reverse("sales:reports"), {"licensee": shop.pk, "file": mended})

    made = SalesReport.objects.get(kind="supplement")
    assert 'filename="report.rejected.tsv"' in file["Content-Disposition"]
    assert answer["Location"] == reverse("sales:report", args=[made.public_id])
    page = text(client, answer["Location"])
    assert "2 accepted + 0 rejected = 2 lines read" in page
    assert "Versions of this report" in page
    assert client.get(reverse("sales:correction_file", args=[made.public_id])).status_code == 404
    assert client_of(stranger).get(reverse("sales:correction_file", args=[report.public_id])).status_code == 404
    again = SimpleUploadedFile("mended.tsv", content.replace(b"two", b"3"))
    refused = client.post(reverse("sales:reports"), {"licensee": shop.pk, "file": again})
    assert refused.status_code == 422
    assert f"which report {made.public_id} has replaced" in refused.content.decode()


@pytest.mark.slow
def test_the_difference_stands_on_the_page_before_it_is_posted(client_of, frank, store, shop):
    a_report(shop, flat_lines(GOOD))
    held = a_report(shop, flat_lines(GOOD, GOOD))
    address = reverse("sales:report", args=[held.public_id])

    assert "What taking over would change" in text(client_of(frank), address)
    assert "Decide so" in text(client_of(frank), address)
    assert "Decide so" not in text(client_of(store), address)


@pytest.mark.slow
def test_finance_has_a_report_read_again(client_of, frank, rita, shop):
    report = a_report(shop, flat_lines(GOOD))
    address = reverse("sales:reprocess_report", args=[report.public_id])

    assert client_of(rita).post(address, {"reason": "x"}).status_code == 404
    assert client_of(frank).post(address, {}).status_code == 422
    assert client_of(frank).post(address, {"reason": "To see."}).status_code == 302

    made = SalesReport.objects.get(kind="reprocess")
    assert (made.status, made.reason) == ("rejected", "nothing_changed")
    again = reverse("sales:reprocess_report", args=[made.public_id])
    assert client_of(frank).post(again, {"reason": "x"}).status_code == 422


@pytest.mark.slow
def test_the_same_over_json(client_of, frank, store, rita, shop):
    report = a_report(shop, flat_lines(GOOD, BAD, WORSE))
    held = a_report(shop, flat_lines(GOOD, GOOD))
    shown = client_of(store).get(f"/api/v1/reports/{held.public_id}/").json()
    decide = f"/api/v1/reports/{held.public_id}/decide/"
    words = {"decision": "supersede", "reason": "One was missing."}

    assert (shown["kind"], shown["supersedes"]) == ("correction", report.public_id)
    assert shown["difference"]["currencies"][0]["difference"] == "0.01500000"
    assert shown["decisions"] == ["supersede", "keep_both", "reject"]
    faults = client_of(store).get(f"/api/v1/reports/{report.public_id}/faults/?code=not_a_number").json()
    assert [row["line"] for row in faults["results"]] == [3]
    file = client_of(store).get(f"/api/v1/reports/{report.public_id}/rejected-lines/")
    assert b"1:3" in b"".join(file.streaming_content)
    assert client_of(store).post(decide, words).status_code == 404
    assert client_of(rita).post(decide, words).status_code == 404
    assert client_of(frank).post(decide, words).status_code == 200
    assert client_of(frank).post(decide, words).json()["code"] == "report_not_held"
    reprocess = f"/api/v1/reports/{report.public_id}/reprocess/"
    assert client_of(frank).post(reprocess, {"reason": "x"}).json()["code"] == "report_not_in_force"
    reprocess = f"/api/v1/reports/{held.public_id}/reprocess/"
    assert client_of(frank).post(reprocess, {"reason": "To see."}).status_code == 202


@pytest.mark.slow
def test_notes_can_be_looked_at_per_report(client_of, frank, shop, now):
    from payouts import services

    first, second = a_report(shop, flat_lines(GOOD)), a_report(shop, flat_lines(GOOD, month="2006-11"))
    for report in (first, second):
        services.issue_amounts_due(report=report, now=now)

    page = text(client_of(frank), reverse("payouts:amounts_due"), report=first.public_id)

    assert "SHOP-00001" in page
    assert "SHOP-00002" not in page


def test_the_open_figures_say_how_large_catalogues_are_or_that_nobody_knows(client, shop, now):
    from datetime import date
    from io import BytesIO

    from sales import services

    assert "Their size is unknown" in text(client, reverse("openness"))
    services.receive_snapshot(
        licensee=shop,
        stream=BytesIO(b"TrackId,Title\n1,x\n"),
        name="a.csv",
        taken_date=date(2007, 6, 1),
        by=None,
        now=now,
    )
    assert "1 entry, as the store reported on" in text(client, reverse("openness"))


@pytest.mark.slow
def test_a_store_sees_what_it_owes_in_all(client_of, store, frank, shop):
    a_report(shop, flat_lines(GOOD | {"Usages": 100}))
    a_report(shop, flat_lines(GOOD | {"Usages": 200}, month="2006-11"))
    page = reverse("sales:reports")

    assert 'value="4.50000000"' in text(client_of(store), page)
    assert 'value="4.50000000"' not in text(client_of(frank), page)
