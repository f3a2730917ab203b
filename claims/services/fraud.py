"""What of a case is known from a fraud: names, numbers, mail addresses and documents, compared as digests."""

from claims.models import Claim, FraudMark, OptOut
from claims.services.house_rule import digest_of

Kind = FraudMark.Kind


def marks_of(case: Claim | OptOut) -> list[FraudMark]:
    """This will list the marks that fit a case's holder, the people who act for it, or its documents."""
    holder = case.holder
    values = [(Kind.NAME, name) for name in (holder.name, *holder.names.values_list("text", flat=True))]
    values += [(Kind.NUMBER, number) for number in holder.identifiers.values_list("value", flat=True)]
    mails = {case.created_by.email, *holder.members.values_list("user__email", flat=True)}
    for mail in sorted(mails):
        values += [(Kind.MAIL, mail), (Kind.MAIL, mail.rpartition("@")[2])]
    values += [(Kind.DOCUMENT, sha) for sha in case.evidence_uses.values_list("document__sha256", flat=True)]
    digests = {digest_of(kind, value) for kind, value in values}
    return list(FraudMark.objects.filter(digest__in=digests, ended_at=None).order_by("pk"))
