"""What is refused of a claim: its terms, its tracks, its time."""

from claims.services.errors.base import Refused


class ClaimEmpty(Refused):
    """The claim names no track."""

    code = "claim_empty"


class NoRole(Refused):
    """Nothing was said about what the holder did."""

    code = "no_role"


class BadPercent(Refused):
    """A share is not above 0 and at most 100 %."""

    code = "bad_percent"


class BadPeriod(Refused):
    """A period ends before it starts."""

    code = "bad_period"


class AuthorityNeeded(Refused):
    """Somebody claims for another without an authority of that holder."""

    code = "authority_needed"


class HolderNotVerified(Refused):
    """A claim cannot be approved before its holder is verified."""

    code = "holder_not_verified"
    status = 409


class NothingAmended(Refused):
    """The terms are as they were."""

    code = "nothing_amended"


class PeriodIsOver(Refused):
    """The last day asked for lies before the first day on which the tracks could leave."""

    code = "period_is_over"


class WordsNeeded(Refused):
    """The other side must be told why, in words."""

    code = "words_needed"


class CaseClosed(Refused):
    """The case has ended: nothing more is said or shown in it."""

    code = "case_closed"
    status = 409


class NothingAsked(Refused):
    """No money of sales after a withdrawal is kept apart for the holder."""

    code = "nothing_kept_apart"
    status = 409


class SwornIncomplete(Refused):
    """An element of 17 USC 512(g)(3) is missing."""

    code = "sworn_incomplete"


class BadPaidBefore(Refused):
    """What was paid before cannot be recorded or decided like this; the code says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__()
