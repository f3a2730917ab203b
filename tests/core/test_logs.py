"""A failing statement is logged without the row it was about."""

import logging

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from core.logs import WithoutRows


@pytest.mark.django_db
def test_the_log_shows_no_row(alice):
    seen = []
    handler = logging.Handler()
    handler.emit = lambda record: seen.append(WithoutRows("%(message)s").format(record))
    log = logging.getLogger("tests.rows")
    log.addHandler(handler)
    for change in ({"email": "ALICE@example.org\nDora\n"}, {"role": "Alice-at-home"}):
        try:
            with transaction.atomic():
                User.objects.filter(pk=alice.pk).update(**change)
        except IntegrityError as error:
            log.exception("It failed.")
            log.error("As the queue says it: %r", error)

    assert len(seen) == 4
    for text in seen:
        assert "DETAIL left out" in text
        assert not any(word in text for word in ("alice@example", "ALICE@", "Dora", "Alice-at-home"))
    assert "user_email_lower" in seen[0]
    assert "Traceback" in seen[0]
    assert settings.LOGGING["formatters"]["line"]["class"] == "core.logs.WithoutRows"
    assert connection.is_usable()
