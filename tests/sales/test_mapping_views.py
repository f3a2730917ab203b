"""The pages about mapping templates: by plain forms, with faults beside their fields, for those it concerns."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sales.models import MappingTemplate, SalesReport
from tests.factories import a_licensee, a_report
from tests.sales.test_mapping import NOVEMBER, OCTOBER

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(store):
    return a_licensee("shop", member=store)


def upload(client, shop, text, name="october.csv"):
    file = SimpleUploadedFile(name, text.encode("cp1251"))
    client.post(reverse("sales:reports"), {"licensee": shop.pk, "file": file})
    return SalesReport.objects.order_by("-pk").first()


def filled(page):
    """What a browser would send of the second form of the page, as it is."""
    form = next(part for part in page.content.decode().split("<form") if "hx-post" in part and "csrf" in part)
    data = dict(re.findall(r'<input type="(?:text|hidden|number)" name="([\w-]+)" value="([^"]*)"', form))
    data |= {name: "" for name in re.findall(r'<input type="text" name="([\w-]+)"', form) if name not in data}
    for name, options in re.findall(r'<select name="([\w-]+)"(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        data[name] = chosen[1] if chosen else ""
    data["totals"] = "итого, total"
    return {name: value.replace("&#x27;", "'").replace("&quot;", '"') for name, value in data.items()}


def test_a_store_maps_its_columns_and_the_report_is_posted(client_of, store, shop):
    client = client_of(store)
    report = upload(client, shop, OCTOBER)
    address = reverse("sales:mapping", args=[report.public_id])
    assert address in client.get(reverse("sales:report", args=[report.public_id])).content.decode()

    page = client.get(address)
    answer = client.post(address, filled(page) | {"act": "save"})

    assert "Of the first 2 lines 2 would be taken" in page.content.decode()
    assert answer["Location"] == reverse("sales:report", args=[report.public_id])
    report.refresh_from_db()
    assert (report.status, report.lines_accepted) == ("posted", 2)
    template = MappingTemplate.objects.get()
    assert template.name in client.get(answer["Location"]).content.decode()
    assert upload(client, shop, NOVEMBER, "november.csv").status == "posted"
    assert template.name in client.get(reverse("sales:mapping_templates")).content.decode()
    detail = client.get(reverse("sales:mapping_template", args=[template.public_id])).content.decode()
    assert report.public_id in detail
    assert "Кол-во" in detail


@pytest.mark.slow
def test_what_is_left_to_be_said_comes_back_beside_its_field(client_of, store, shop):
    client = client_of(store)
    report = upload(client, shop, OCTOBER)
    address = reverse("sales:mapping", args=[report.public_id])
    data = filled(client.get(address))

    answer = client.post(address, data | {"dates": "", "act": "save"})
    twice = client.post(address, data | {"column-0": data["column-1"], "act": "save"})

    assert (answer.status_code, twice.status_code) == (422, 422)
    assert "it is never guessed" in answer.content.decode()
    assert "is this already" in twice.content.decode()
    assert SalesReport.objects.get().status == "held"


@pytest.mark.slow
def test_the_first_lines_follow_what_is_said(client_of, store, shop):
    client = client_of(store)
    report = upload(client, shop, OCTOBER)
    address = reverse("sales:mapping", args=[report.public_id])
    data = filled(client.get(address))

    fragment = client.post(address, data | {"decimal": "."}, headers={"HX-Request": "true"}).content.decode()
    cut = client.get(address, {"encoding": "koi8-r", "delimiter": ";", "quote": '"', "skip": 2, "has_header": "on"})

    assert "<html" not in fragment
    assert "Цена, руб.: 3,50. This is no number as the template writes them." in fragment
    assert "Кино" not in cut.content.decode()


@pytest.mark.slow
def test_a_template_is_retired_by_a_person(client_of, store, shop):
    client = client_of(store)
    report = upload(client, shop, OCTOBER)
    address = reverse("sales:mapping", args=[report.public_id])
    client.post(address, filled(client.get(address)) | {"act": "save"})
    template = MappingTemplate.objects.get()

    client.post(reverse("sales:retire_template", args=[template.public_id]))

    template.refresh_from_db()
    assert template.retired_at is not None
    assert upload(client, shop, NOVEMBER, "november.csv").status == "held"


@pytest.mark.slow
def test_a_reviewer_and_another_store_map_nothing(client_of, rita, stranger, frank, store, shop):
    report = upload(client_of(store), shop, OCTOBER)
    address = reverse("sales:mapping", args=[report.public_id])

    assert client_of(rita).get(address).status_code == 404
    assert client_of(stranger).get(address).status_code == 404
    assert client_of(frank).get(address).status_code == 200


def test_a_report_that_waits_for_nothing_has_no_mapping_page(client_of, store, shop):
    report = a_report(shop)

    answer = client_of(store).get(reverse("sales:mapping", args=[report.public_id]))

    assert answer["Location"] == reverse("sales:report", args=[report.public_id])
