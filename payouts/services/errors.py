"""What the money office refuses, in classes a door can tell apart."""


class NotFinance(Exception):
    """Only the money office enters payments."""

    status = 403


class OwnStore(Exception):
    """Nobody enters payments of a store they act for."""

    status = 403


class BadRemittance(Exception):
    """A payment does not add up: nothing in it, finer than a coin, another currency, put to a report twice."""


class MoreThanDue(Exception):
    """More was put to a report than its store still owes for it, or more than was paid."""

    status = 409


class RemittanceKnown(Exception):
    """This payer's reference was entered before, with other figures or for other reports."""

    status = 409


class MayNotKeep(Exception):
    """The person may read this holder's money, not act for the holder."""

    status = 403


class MayNotChangePayee(Exception):
    """The person may not say where this holder's money goes."""

    status = 403


class NotTheSecond(Exception):
    """It needs two persons, and this is not another one, or not one who may."""

    status = 403


class OwnHolder(Exception):
    """Nobody decides about money of a holder they act for."""

    status = 403


class PayeeWaits(Exception):
    """Another change of the same holder's account is not decided yet."""

    status = 409


class BadCurrency(Exception):
    """The account cannot be paid in this currency."""


class ReasonMissing(Exception):
    """A decision of this kind needs words."""


class NothingHeld(Exception):
    """There is no order to lift."""

    status = 409
