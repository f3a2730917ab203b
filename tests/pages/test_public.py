"""The public pages, everybody's home, and what stands in the head of a page by who reads it."""

import re

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from core.models import Installation
from tests import factories

RIBBON = "Demonstration data: holders, claims and figures are invented"


def shown(client, name):
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", ["home", "how", "percent", "openness"])
def test_public_page_stands_alone(db, name):
    page = shown(Client(), name)

    assert page.count("<h1") == 1
    assert 'class="skip"' in page
    assert RIBBON not in page


def test_front_page_has_the_search_box_and_starts_with_no_opt_outs(db):
    page = shown(Client(), "home")

    assert f'action="{reverse("claims:search")}"' in page
    assert 'id="opt-outs-granted">0<' in page


def test_every_page_of_a_demo_says_so(db):
    Installation.objects.create(pk=1, kind="demo")

    assert RIBBON in shown(Client(), "home")
    assert RIBBON in Client().get("/nowhere/").content.decode()


def test_pages_speak_russian(db):
    client = Client()

    answer = client.post(reverse("set_language"), {"language": "ru", "next": "/how/"})

    assert answer.url == "/how/"
    page = shown(client, "how")
    assert '<html lang="ru">' in page


@pytest.mark.parametrize(
    ("who", "word"), [("stranger", "What to do next"), ("rita", "Waiting for a decision"), ("frank", "The money today")]
)
def test_home_after_log_in_is_by_role(db, request, client_of, who, word):
    assert word in shown(client_of(request.getfixturevalue(who)), "dashboard")


@pytest.mark.parametrize("who", ["stranger", "rita", "frank"])
def test_every_link_of_the_menu_opens_for_who_sees_it(db, request, client_of, who):
    client = client_of(request.getfixturevalue(who))
    head = client.get("/home/", follow=True).content.decode().split('id="menu"')[1].split("</nav>")[0]
    links = re.findall(r'<a href="([^"]+)"', head)

    assert len(links) > 3
    assert [link for link in links if client.get(link, follow=True).status_code != 200] == []


def test_home_of_a_holder_names_the_holder(alice, client_of):
    factories.a_holder("Tramway", owner=alice)

    page = shown(client_of(alice), "dashboard")

    assert "Tramway" in page
    assert "No money yet" in page


def test_home_of_a_store_lists_its_desk(store, client_of):
    from sales.models import Licensee, LicenseeMember

    shop = Licensee.objects.create(code="allofmp3", name="AllofMP3")
    LicenseeMember.objects.create(licensee=shop, user=store)

    page = shown(client_of(store), "dashboard")

    assert "<h1>AllofMP3</h1>" in page
    assert "Takedown notices" in page


def test_unknown_address_and_refused_form_are_explained(alice):
    assert "There is nothing here" in Client().get("/nowhere/").content.decode()
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("set_language"), {"language": "ru"})
    assert (answer.status_code, "nothing was changed" in answer.content.decode()) == (403, True)


def test_a_fault_of_ours_needs_no_database(monkeypatch, rf):
    from roms_portal.views import server_error

    answer = server_error(rf.get("/"))

    assert answer.status_code == 500
    assert "A fault of ours" in answer.content.decode()


def test_style_page_is_for_developers_only(db):
    assert Client().get("/styleguide/").status_code == 404
    with override_settings(ROMS_STYLEGUIDE=True):
        page = Client().get("/styleguide/").content.decode()
        wrong = Client().post("/styleguide/", {"track": ""})
    assert "Style page" in page
    assert wrong.status_code == 422
    assert 'class="error-summary"' in wrong.content.decode()
