"""Every error of the API is one problem document."""

import pytest
from django.core.cache import cache

from core.api import PROBLEM_TYPE

pytestmark = pytest.mark.django_db
in_doors = pytest.mark.urls("tests.api.doors")


def problem_of(response, status):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == PROBLEM_TYPE
    body = response.json()
    assert body["status"] == status
    assert body["type"] == f"urn:roms:problem:{body['code']}"
    assert body["detail"]
    return body


def test_unknown_address_is_a_problem(client):
    body = problem_of(client.get("/api/v1/no/such/thing/"), 404)

    assert body["code"] == "not_found"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_unknown_address_is_a_problem_for_every_method(client, method):
    problem_of(getattr(client, method)("/api/v1/nowhere"), 404)


def test_wrong_method_is_a_problem(client):
    response = client.post("/api/v1/")

    assert problem_of(response, 405)["code"] == "method_not_allowed"
    assert "GET" in response["Allow"]


@in_doors
def test_validation_names_every_field_at_fault(client):
    data = {"lines": [{"percent": "50"}, {"percent": "half"}]}

    body = problem_of(client.post("/case/", data, content_type="application/json"), 400)

    assert body["code"] == "invalid"
    assert {(field["name"], field["code"]) for field in body["fields"]} == {
        ("title", "required"),
        ("lines.1.percent", "invalid"),
    }


@in_doors
def test_broken_json_is_a_problem(client):
    body = problem_of(client.post("/case/", b'{"title":', content_type="application/json"), 400)

    assert body["code"] == "parse_error"


@in_doors
def test_unknown_content_type_is_a_problem(client):
    assert problem_of(client.post("/case/", b"<a/>", content_type="text/xml"), 415)["code"] == "unsupported_media_type"


@in_doors
def test_large_body_is_refused_before_it_is_read(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    body = problem_of(client.post("/case/", b'"' + b"x" * 200 + b'"', content_type="application/json"), 413)

    assert body["code"] == "body_too_large"


@in_doors
def test_large_form_is_refused_before_it_is_read(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    answer = client.post("/case/", b"title=" + b"x" * 200, content_type="application/x-www-form-urlencoded")

    assert problem_of(answer, 413)["code"] == "body_too_large"


@in_doors
@pytest.mark.parametrize(
    ("what", "status", "code"),
    [
        ("moved", 409, "moved_meanwhile"),
        ("taken", 409, "share_taken"),
        ("terms", 422, "bad_token_terms"),
        ("model", 400, "invalid"),
    ],
)
def test_domain_exception_becomes_a_problem(client, what, status, code):
    body = problem_of(client.get(f"/raising/{what}/"), status)

    assert body["code"] == code


@in_doors
@pytest.mark.parametrize(("what", "words"), [("moved", "moved on"), ("step", "moved on"), ("fine", "eight decimals")])
def test_an_exception_for_logs_gets_words_for_people(client, what, words):
    body = client.get(f"/raising/{what}/").json()

    assert words in body["detail"]
    assert "claims.Claim" not in body["detail"]


@in_doors
def test_domain_exception_may_name_fields(client):
    body = problem_of(client.get("/raising/taken/"), 409)

    assert body["fields"] == [{"name": "percent", "code": "above_100", "detail": "12 % are left."}]


@in_doors
def test_fault_of_the_program_is_not_hidden(client):
    with pytest.raises(ZeroDivisionError):
        client.get("/raising/bug/")


@in_doors
def test_fault_of_the_program_is_a_problem_without_details_to_the_outside(client):
    client.raise_request_exception = False

    body = problem_of(client.get("/api/v1/raising/bug/"), 500)

    assert body["code"] == "internal_error"
    assert "Zero" not in str(body)


@in_doors
def test_visitor_must_log_in(client):
    response = client.get("/mine/")

    assert problem_of(response, 401)["code"] == "not_authenticated"
    assert response["WWW-Authenticate"].startswith("Bearer")


@in_doors
def test_too_many_requests_say_when_to_come_back(client, settings):
    cache.clear()
    settings.ROMS_API_RATES = {"anonymous": "2/min", "person": None}

    said, kind = {"title": "x", "lines": []}, "application/json"
    claims_to_be = [{"X-Forwarded-For": f"203.0.113.{number}"} for number in range(3)]
    answers = [client.post("/case/", said, content_type=kind, headers=address) for address in claims_to_be]

    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    assert problem_of(answers[2], 429)["code"] == "throttled"
    assert int(answers[2]["Retry-After"]) > 0


@pytest.mark.parametrize("text", ['{"title": "\\u0000"}', '{"title": "\\ud800"}', '{"\\ud800": 1}', "[" * 20_000])
@in_doors
def test_json_that_is_no_text_or_too_deep_is_a_problem(client, text):
    body = problem_of(client.post("/case/", text, content_type="application/json"), 400)

    assert body["code"] == "parse_error"


def test_nul_in_an_address_or_a_question_is_a_problem(client):
    assert problem_of(client.get("/api/v1/tracks/?q=%00"), 400)["code"] == "not_text"
    assert problem_of(client.get("/api/v1/tracks/%00/"), 404)["code"] == "not_found"


def test_a_version_nobody_has_never_reaches_a_header(client):
    assert client.get("/api/v1/schema/?version=%0d%0aX-Evil:%201").status_code == 200
