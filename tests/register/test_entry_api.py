"""The register as JSON says what its pages say: same filters, same cuts, same words left out, kept by any cache."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from claims import services as claims
from register.models import Entry
from tests import factories

NOW = datetime(2007, 6, 20, 12, tzinfo=UTC)


@pytest.fixture
def granted(alice, rita, store):
    """An opt-out of one track, granted, with an objection of the store; all of it in the register."""
    factories.a_store("AllofMP3", member=store)
    label = factories.a_holder("Secret Label", owner=alice)
    track = factories.a_track("Группа крови", "Кино", isrc="RUA010500001")
    case = claims.grant_opt_out(opt_out=factories.an_opt_out(alice, label, track, now=NOW), by=rita, now=NOW)
    claims.object_to_notice(notice=case.notices.get(), reason="We have a licence.", by=store, now=NOW)
    factories.in_register(now=NOW + timedelta(hours=1))
    return case


def asked(path="", **query):
    answer = Client().get(f"/api/v1/register/{path}", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_list_and_entry_say_what_the_pages_say_and_no_more(granted):
    shop = granted.notices.get().licensee
    rows = asked(q="RU-A01-05-00001")["results"]
    assert [row["kind"] for row in rows] == ["objection", "notice", "decision", "opt_out"]
    assert [row["kind"] for row in asked(kind="notice", state="countered", store=shop.code)["results"]] == ["notice"]
    assert asked(kind="notice", end="2007-06-19")["results"] == []

    whole = asked(f"{granted.public_id}/")
    assert (whole["id"], whole["state"], whole["holder"], whole["tracks"]) == (rows[-1]["id"], "granted", "", 1)
    (left,) = whole["left"]
    assert (left["isrcs"], left["withdrawals"][0]["start"]) == (["RUA010500001"], "2007-06-20")
    assert set(whole["related"]) == {row["id"] for row in rows[:-1]}
    objection = asked(f"{rows[0]['id']}/")
    assert [(one["part"], one["status"], one["text"]) for one in objection["passages"]] == [
        ("objection", "waiting", None)
    ]
    said = str(rows) + str(whole) + str(objection)
    assert "Secret Label" not in said
    assert "We have a licence" not in said


@pytest.mark.slow
def test_pages_go_on_after_an_entry_and_caches_keep_them(granted):
    at = Entry.objects.get(kind="opt_out").at
    Entry.objects.bulk_create(
        Entry(
            kind="notice", noun="x", object_id=n, number=f"TDN-{n}", opt_out=granted, state="sent", at=at, changed_at=at
        )
        for n in range(120)
    )
    seen, following = [], ""
    while following is not None:
        page = asked(after=following) if following else asked()
        seen += [row["id"] for row in page["results"]]
        following = page["next"]
    assert len(seen) == len(set(seen)) == 124

    first = Client().get("/api/v1/register/")
    assert "Cookie" not in first.headers.get("Vary", "")
    assert "public" in first.headers["Cache-Control"]
    again = Client().get("/api/v1/register/", headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?start=soon", 400),
        ("?kind=love", 400),
        ("?after=REG-00000000000", 404),
        ("REG-00000000000/", 404),
        ("?q=%00", 400),
    ],
)
def test_what_cannot_be_meant_is_a_problem_document(db, query, status):
    answer = Client().get(f"/api/v1/register/{query}")

    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
