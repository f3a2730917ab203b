"""Mapping templates over JSON and from the command line do what the pages do."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from sales.models import MappingTemplate, SalesReport
from tests.factories import a_licensee
from tests.sales.test_mapping import NOVEMBER, OCTOBER

pytestmark = pytest.mark.django_db
UNITS = "Track ID;Title;Units;Revenue;Currency\n7;A;2;1.00;USD\n8;B;1;0.50;USD\n"


@pytest.fixture
def shop(store):
    return a_licensee("shop", member=store)


def send(client, text, **more):
    file = SimpleUploadedFile("report.csv", text.encode("cp1251"))
    return client.post("/api/v1/reports/", {"store": "shop", "file": file, **more}).json()


def post(client, address, body):
    return client.post(f"/api/v1/{address}", json.dumps(body), content_type="application/json")


@pytest.mark.slow
def test_a_template_is_proposed_tried_saved_and_used(client_of, store, shop):
    client = client_of(store)
    report = send(client, OCTOBER)
    assert (report["status"], report["reason"]["code"]) == ("held", "needs_mapping")

    draft = post(client, f"reports/{report['id']}/mapping/preview/", {}).json()
    spoiled = post(
        client, f"reports/{report['id']}/mapping/preview/", {"rules": draft["rules"] | {"decimal": "."}}
    ).json()
    made = post(client, "mapping-templates/", {"report": report["id"], "name": "Monthly", "rules": draft["rules"]})

    assert (draft["missing"], draft["lines_accepted"], draft["total_lines"]) == ([], 2, [6])
    assert draft["rows"][3]["taken"]["price"] == "3.50000000"
    assert (spoiled["lines_accepted"], spoiled["rows"][3]["fault"]["code"]) == (0, "number_style")
    assert made.status_code == 201
    assert made.json()["versions"][0]["columns"][0] == "Исполнитель"
    assert client.get(f"/api/v1/reports/{report['id']}/").json()["status"] == "posted"
    assert send(client, NOVEMBER)["id"] == SalesReport.objects.get(status="posted", usage_start="2006-11-01").public_id
    listed = client.get("/api/v1/mapping-templates/").json()["results"]
    assert [(row["name"], row["newest"], row["reports_read"]) for row in listed] == [("Monthly", 1, 2)]


def test_what_is_left_to_be_said_is_a_problem_with_its_fields(client_of, store, shop):
    client = client_of(store)
    report = send(client, OCTOBER)
    rules = post(client, f"reports/{report['id']}/mapping/preview/", {}).json()["rules"]

    answer = post(client, "mapping-templates/", {"report": report["id"], "name": "x", "rules": rules | {"dates": ""}})
    wrong = post(client, "mapping-templates/", {"report": report["id"], "name": "x", "rules": {"nonsense": 1}})

    assert answer.status_code == 422
    assert [field["name"] for field in answer.json()["fields"]] == ["SaleDate"]
    assert (wrong.status_code, wrong.json()["fields"][0]["name"]) == (400, "rules")


@pytest.mark.slow
def test_a_template_made_ahead_reads_the_first_file(client_of, store, shop):
    client = client_of(store)
    rules = {
        "encoding": "cp1251",
        "delimiter": ";",
        "columns": {"Usages": "Units", "NetRevenue": "Revenue", "DspResourceId": "Track ID", "Title": "Title"},
        "constants": {"Currency": "USD"},
        "totals": [],
    }
    columns = ["Track ID", "Title", "Units", "Revenue", "Currency"]

    made = post(client, "mapping-templates/", {"store": "shop", "name": "Units", "rules": rules, "columns": columns})
    sent = send(client, UNITS, template="Units", period="2006-10")

    assert made.status_code == 201
    found = client.get(f"/api/v1/reports/{sent['id']}/").json()
    assert (found["status"], found["lines_accepted"]) == ("posted", 2)
    assert send(client, UNITS, template="Other").keys() >= {"fields"}


def test_nobody_maps_for_another_store(client_of, store, stranger, shop):
    report = send(client_of(store), OCTOBER)

    assert post(client_of(stranger), f"reports/{report['id']}/mapping/preview/", {}).status_code == 404
    body = {"store": "shop", "name": "x", "rules": {}, "columns": ["a"]}
    assert post(client_of(stranger), "mapping-templates/", body).status_code == 404
    assert client_of(stranger).get("/api/v1/mapping-templates/").json()["results"] == []


@pytest.mark.slow
def test_the_command_reads_through_a_named_template(client_of, store, shop, tmp_path, capsys):
    client = client_of(store)
    report = send(client, UNITS)
    rules = post(client, f"reports/{report['id']}/mapping/preview/", {}).json()["rules"]
    body = {"report": report["id"], "name": "Units", "rules": rules, "period": "2006-10"}
    assert post(client, "mapping-templates/", body).status_code == 201
    path = tmp_path / "november.csv"
    path.write_text(UNITS.replace("2;1.00", "3;1.50"))

    call_command("import_sales", str(path), licensee="shop", template="Units", period="2006-11", json=True)

    said = json.loads(capsys.readouterr().out)
    assert (said["status"], said["base"]) == ("posted", {"USD": "2.00000000"})
    assert MappingTemplate.objects.get().versions.count() == 1
    with pytest.raises(CommandError, match="Known: Units"):
        call_command("import_sales", str(path), licensee="shop", template="Other")
