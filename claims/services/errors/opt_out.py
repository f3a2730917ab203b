"""What is refused of an opt-out, a notice, its answers and a return."""

from claims.services.errors.base import Refused


class NotYourNotice(Refused):
    """Somebody who does not act for the store answers its notice."""

    code = "not_your_notice"
    status = 403


class NoRowsChosen(Refused):
    """No row of the notice is chosen, or none that this answer could change."""

    code = "no_rows_chosen"


class ObservedWrongly(Refused):
    """Somebody looked before the store was told, or in the future."""

    code = "observed_wrongly"


class NothingToReturn(Refused):
    """Nothing of an opt-out is out any more on the day named, for these tracks, rights and stores."""

    code = "nothing_to_return"
    status = 409


class OtherRegime(Refused):
    """A counter-notice under 17 USC 512 against an opt-out whose sender chose no such clock."""

    code = "other_regime"
    status = 409


class TooEarly(Refused):
    """Under 17 USC 512(g)(2)(C) nothing comes back before ten business days."""

    code = "too_early"
    status = 409


class SuitFiled(Refused):
    """The sender has gone to court, so nothing comes back under 17 USC 512(g)."""

    code = "suit_filed"
    status = 409


class SenderSuspended(Refused):
    """The holder may send no opt-outs for a time."""

    code = "sender_suspended"
    status = 403


class TooManyOptOuts(Refused):
    """More opt-outs of one holder or person in few days than the house's number allows."""

    code = "too_many_opt_outs"
    status = 429
