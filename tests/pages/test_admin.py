"""What one person of the admin can do alone: enter and end terms, never rewrite them nor become somebody else."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib import admin

from core.admin import ReadOnlyAdmin
from sales.models import Tariff
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(frank, client_of):
    frank.is_staff = frank.is_superuser = True
    frank.save()
    return client_of(frank)


def test_only_stores_and_their_terms_are_entered_and_nothing_is_deleted(head, rf, frank):
    assert head.get("/admin/").status_code == 200
    request, pages = rf.get("/"), admin.site._registry
    request.user = frank

    writable = {model._meta.label for model, page in pages.items() if not isinstance(page, ReadOnlyAdmin)}
    assert writable == {"sales.Licensee", "sales.License", "sales.Tariff"}
    assert not [page for page in pages.values() if page.has_delete_permission(request)]
    for path in ("account/emailaddress", "mfa/authenticator", "auth/group"):
        assert head.get(f"/admin/{path}/").status_code == 404


def test_a_tariff_that_stands_can_only_be_ended(head):
    factories.a_licensee()
    tariff = Tariff.objects.get()
    inline = {f"splits-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL")}
    page = f"/admin/sales/tariff/{tariff.pk}/change/"

    assert head.get(page).status_code == 200
    assert head.get("/admin/sales/tariff/add/").status_code == 200
    assert head.get(f"/admin/sales/license/{tariff.license_id}/change/").status_code == 200
    head.post(page, inline | {"rate": "0.9", "base": "profit", "end": "2030-01-01"})

    assert Tariff.objects.values_list("rate", "end").get() == (Decimal("0.15"), date(2030, 1, 1))
