"""Forgetting what ended cases no longer need: documents shown for what was refused or withdrawn, words of threads.

What was decided, why, by whom, which document (its number, kind and hash) and every amount stay: only the file, its
name and the words of messages go. How long they are kept is a number of the house with its law (`keep_evidence_days`,
`keep_message_days`), counted from the day the case ended; an appeal begins it anew.
"""

from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction

from claims import selectors
from claims.models import CaseMessage, EvidenceDocument
from core.workflow import record_event

FORGOTTEN = "forgotten"


def forget_documents(*, before: datetime, now: datetime, most: int) -> int:
    """This will destroy documents that only cases refused or withdrawn before a moment were shown; returns how many.

    A file goes before its row says so: killed in between, the next run finds the row and goes on.
    """
    with transaction.atomic():
        wanted = selectors.documents_to_forget(before).order_by("pk").values_list("pk", flat=True)[:most]
        locked = EvidenceDocument.objects.select_for_update(of=("self",)).filter(pk__in=list(wanted)).order_by("pk")
        ids = [document.pk for document in locked]
        gone = list(selectors.documents_to_forget(before).filter(pk__in=ids))  # one may have been shown meanwhile
        for document in gone:
            default_storage.delete(document.stored)
            EvidenceDocument.objects.filter(pk=document.pk).update(stored="", name_sealed=b"")
            record_event(document, document.status, FORGOTTEN, by=None, now=now, reason_code="keep_evidence_days")
    return len(gone)


def forget_threads(*, before: datetime, most: int) -> int:
    """This will empty messages in cases that ended before a moment; who wrote when stays. Returns how many."""
    ids = selectors.messages_to_forget(before).order_by("pk").values("pk")[:most]
    return CaseMessage.objects.filter(pk__in=ids).update(sealed=b"")
