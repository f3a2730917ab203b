"""A page for a browser, its fragment for htmx."""

import pytest
from django.test import RequestFactory

from core.htmx import render

PAGE, FRAGMENT = "page.html", "_part.html"


@pytest.fixture(autouse=True)
def two_templates(settings):
    loaders = [("django.template.loaders.locmem.Loader", {PAGE: "whole {{ x }}", FRAGMENT: "part {{ x }}"})]
    settings.TEMPLATES = [
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"loaders": loaders}}
    ]


@pytest.mark.parametrize(
    ("headers", "shown"),
    [
        ({}, "whole 1"),
        ({"HX-Request": "true"}, "part 1"),
        ({"HX-Request": "true", "HX-Boosted": "true"}, "whole 1"),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, "whole 1"),
    ],
)
def test_render_chooses_page_or_fragment(headers, shown):
    response = render(RequestFactory().get("/", headers=headers), PAGE, FRAGMENT, {"x": 1}, status=422)

    assert response.content.decode() == shown
    assert response.status_code == 422
    assert "HX-Request" in response["Vary"]
