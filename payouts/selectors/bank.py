"""What the bank told us."""

from django.db.models import QuerySet

from payouts.models import BankFile, BankLine
from payouts.selectors.access import Person, is_finance


def bank_files_for(user: Person) -> QuerySet[BankFile]:
    """This will list the files taken in, newest first, for the money office; nobody else sees one."""
    found = BankFile.objects.select_related("taken_by").order_by("-id")
    return found if is_finance(user) else found.none()


def bank_lines_waiting(user: Person) -> QuerySet[BankLine]:
    """This will list the lines that wait for a person, oldest first."""
    found = BankLine.objects.filter(outcome=BankLine.Outcome.WAITING).select_related("file").order_by("id")
    return found if is_finance(user) else found.none()
