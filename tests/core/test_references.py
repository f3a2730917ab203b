"""References that are checked once per statement hold as foreign keys do."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.models import Withdrawal
from catalog.territories import worldwide
from claims import services
from claims.models import NoticeRow, OptOutLine, RepertoireRow
from tests.factories import a_holder, a_store, a_track, an_opt_out

pytestmark = pytest.mark.django_db

NOBODY = 10**9


def refuses(write, named):
    with pytest.raises(IntegrityError, match=named), transaction.atomic():
        write()


def test_nothing_refers_to_what_is_not_there(alice, rita):
    label, track = a_holder("Label", owner=alice), a_track("Song")
    a_store("Shop")
    opt_out = an_opt_out(alice, label, track)
    services.grant_opt_out(opt_out=opt_out, by=rita, now=timezone.now())
    row, line, fact = NoticeRow.objects.get(), OptOutLine.objects.get(), Withdrawal.objects.get()

    like = {"holder": label, "right": "phonogram", "territories": worldwide(), "start": date(2006, 1, 1)}
    for wrong in ("holder_id", "track_id", "territories_id"):
        new = Withdrawal(**like, track=track, basis="owner_opt_out", source="test")
        setattr(new, wrong, NOBODY)
        refuses(new.save, f"catalog_withdrawal refers to {wrong} {NOBODY}")
    refuses(lambda: NoticeRow.objects.create(notice_id=NOBODY, track=track), "notice_id")
    refuses(lambda: NoticeRow.objects.filter(pk=row.pk).update(track_id=NOBODY), "track_id")
    refuses(lambda: row.withdrawals.through.objects.create(noticerow=row, withdrawal_id=NOBODY), "withdrawal_id")
    refuses(lambda: line.withdrawals.through.objects.create(optoutline_id=NOBODY, withdrawal=fact), "optoutline_id")
    refuses(lambda: OptOutLine.objects.filter(pk=line.pk).update(track_id=NOBODY), "track_id")
    refuses(lambda: RepertoireRow.objects.create(list_id=NOBODY, row_no=1), "list_id")
    refuses(lambda: OptOutLine.objects.filter(pk=line.pk)._raw_delete("default"), "claims_optoutline_withdrawals")
