"""What is refused in a dispute, a transfer, an appeal or an objection."""

from claims.services.errors.base import Refused


class TheyDispute(Refused):
    """Two holders who are in a dispute with each other are not merged before it ends."""

    code = "they_dispute"


class NotAParty(Refused):
    """Only a party of a dispute may answer in it."""

    code = "not_a_party"
    status = 403


class BadSettlement(Refused):
    """The shares do not name every party, or exceed what the others leave."""

    code = "bad_settlement"


class BadAnswer(Refused):
    """An answer in a dispute asks for more than before, for days outside it, or splits it wrongly."""

    code = "bad_answer"


class NotYourSide(Refused):
    """The person acts for neither side of a transfer, or only for the one that has confirmed."""

    code = "not_your_side"
    status = 403


class TransferToSelf(Refused):
    """A holder cannot hand over to itself."""

    code = "transfer_to_self"


class NothingToTransfer(Refused):
    """The giver has nothing of that from that day on."""

    code = "nothing_to_transfer"


class DisputeFirst(Refused):
    """A dispute about the shares is open; it is decided first."""

    code = "dispute_first"
    status = 409


class NothingRefused(Refused):
    """Nothing of the case was refused, so there is nothing to appeal against."""

    code = "nothing_refused"
    status = 409
