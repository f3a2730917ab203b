"""The OpenAPI document and the page drawn from it."""

import json

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    return json.loads(Client().get("/api/v1/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json").content)


def test_document_is_valid_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    validate_schema(document)


def test_every_operation_says_what_an_error_looks_like(document):
    for address, operations in document["paths"].items():
        for method, operation in operations.items():
            error = operation["responses"]["default"]["content"]["application/problem+json"]
            assert error["schema"] == {"$ref": "#/components/schemas/Problem"}, (method, address)


def test_every_operation_has_a_description(document):
    for address, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation.get("description"), (method, address)


def test_drawing_the_document_gives_no_warning(capfd):
    from drf_spectacular.drainage import GENERATOR_STATS
    from drf_spectacular.generators import SchemaGenerator

    GENERATOR_STATS.reset()
    SchemaGenerator().get_schema(request=None, public=True)

    assert not GENERATOR_STATS, capfd.readouterr().err


@pytest.mark.slow
def test_docs_page_shows_every_operation_without_script_or_outside_resource(client, document):
    page = client.get("/api/v1/docs/").content.decode()

    for address in document["paths"]:
        assert f"<code>{address}</code>" in page
    body = page.partition("<main")[2].partition("</main>")[0]
    assert "<script" not in body
    assert "style=" not in body
