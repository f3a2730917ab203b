"""What the money office refuses, in classes a door can tell apart."""


class NotFinance(Exception):
    """Only the money office enters payments."""

    status = 403


class CannotErase(Exception):
    """This person or holder is not forgotten now, or not by this person."""


class EntryDiffers(Exception):
    """A line of the bank and the entry it should explain differ, there is none, or another line explains it."""

    status = 409


class BadRefund(Exception):
    """A refund is of nothing or of less than a coin, or another one waits."""


class MoreThanCredit(Exception):
    """A store has less credit than should be sent back."""

    status = 409


class BadConversion(Exception):
    """What the bank is said to have changed does not fit the payments named, or they are in another conversion."""


class BadPlan(Exception):
    """A plan of instalments does not add up, names notes that are in another, or days that are over."""


class NothingMissed(Exception):
    """A plan of which no part was missed is not ended."""

    status = 409


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


class NothingToPay(Exception):
    """There is no money that could leave, or nobody it could go to."""

    status = 409


class DecidedThemselves(Exception):
    """Who decided a holder's claim does not approve its payment."""

    status = 403


class NoDebtor(Exception):
    """The account the society pays from is not set up."""

    status = 409


class FileNotTheSame(Exception):
    """A bank file made again is not what was sent."""

    status = 409


class BadBankAnswer(Exception):
    """The file is none of the bank's messages, or contradicts itself."""


class BankFileChanged(Exception):
    """A message of the bank was taken in before with other content."""

    status = 409


class OrderDiffers(Exception):
    """An answer is about an order that is not ours, or not as we sent it."""

    status = 409


class NothingDue(Exception):
    """The store owes nothing for this report."""

    status = 409


class LineDone(Exception):
    """A line of a bank file is no money that waits for a person."""

    status = 409


class BadResidence(Exception):
    """A certificate of tax residence names no country, or no day."""


class BadBooking(Exception):
    """A booking of the house is nothing the bank books, or pays on more tax than was kept back."""


class BookingKnown(Exception):
    """This reference was entered before, with other figures."""

    status = 409


class BadSanctionsList(Exception):
    """What was uploaded is no list of names, or nobody said whose."""


class BadClose(Exception):
    """The books cannot be closed up to this day, or another close waits."""

    status = 409


class BooksBusy(Exception):
    """Entries are being written: a close cannot come in force at this moment."""

    status = 409
