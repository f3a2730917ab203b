"""Every address has a stranger test: what url_access.py says of it is tried as nobody and as somebody else."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.architecture.url_access import ADDRESSES, LIBRARY_PREFIXES

KINDS = {"public", "login", "private", "staff", "api_public", "api_login", "api_private", "hidden", "invited"}
OWNED = {"private", "staff", "api_private", "hidden"}


def named_addresses(resolver=None, namespace="") -> Iterator[tuple[str, bool]]:
    """This will walk the URL configuration and give each address's name and whether it takes arguments."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", bool(entry.pattern.regex.groups)
        else:
            yield from named_addresses(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)


def test_every_address_is_listed():
    ours = {name for name, _ in named_addresses() if not name.startswith(LIBRARY_PREFIXES)}
    listed = {address.name for address in ADDRESSES}

    assert not ours - listed - {"None"}, "add these to tests/architecture/url_access.py"
    assert not listed - ours, "these addresses are gone"
    assert {address.kind for address in ADDRESSES} <= KINDS


def test_private_addresses_with_arguments_are_tried_on_a_real_object():
    takes_arguments = {name for name, arguments in named_addresses() if arguments}

    for address in ADDRESSES:
        if address.kind in OWNED and address.name in takes_arguments:
            assert address.make, f"{address.name} needs `make`"


def call(client, address, method, arguments):
    return client.generic(method, reverse(address.name, kwargs=arguments))


def by_what_they_need():
    """This will put together the addresses that are tried on the same objects, which are dear to make."""
    groups = {}
    for address in ADDRESSES:
        groups.setdefault(address.make or address.name, []).append(address)
    return [pytest.param(group, id=group[0].name) for group in groups.values()]


@pytest.mark.parametrize("group", by_what_they_need())
def test_nobody_a_stranger_and_a_wrong_method(stranger, client_of, group):
    arguments = group[0].make() if group[0].make else {}

    for address in group:
        for method in address.methods:
            as_nobody(address, method, call(Client(), address, method, arguments))
            as_stranger(address, method, call(client_of(stranger), address, method, arguments))
        wrong = next(method for method in ("DELETE", "PUT", "GET", "POST") if method not in address.methods)
        answer = call(client_of(stranger), address, wrong, arguments)
        assert answer.status_code in ((404, 405, 403) if address.kind in OWNED else (405, 403)), (address.name, wrong)


def as_nobody(address, method, answer):
    """Who is not logged in sees what is public, and is sent to the login page else."""
    said = f"{address.name} {method}"
    if address.kind in ("public", "api_public"):
        assert answer.status_code < (400 if method == "GET" and address.name != "healthz" else 504), said
    elif address.kind.startswith("api_"):
        assert answer.status_code in (401, 403), said
    elif address.kind == "hidden":
        assert answer.status_code == 404, said
    else:
        assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login")), said


def as_stranger(address, method, answer):
    """Somebody logged in meets 404 at what is another's, like an address that does not exist."""
    said = f"{address.name} {method}"
    if address.kind in OWNED:
        assert answer.status_code == 404, said
    elif address.kind == "invited":
        assert answer.status_code == 403, said
    elif method == "GET" and address.name != "healthz":
        assert answer.status_code < 400, said
