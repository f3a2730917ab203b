"""What is refused to who decides: the wrong person, the wrong time, half a decision."""

from claims.services.errors.base import Refused


class NotAReviewer(Refused):
    """The person does not decide cases."""

    code = "not_a_reviewer"
    status = 403


class DecidesOwnCase(Refused):
    """The person made the case or belongs to one of its parties."""

    code = "decides_own_case"
    status = 403


class FactsChanged(Refused):
    """What the case stands on has changed since it was filed or last looked at."""

    code = "facts_changed"
    status = 409


class KinHasIt(Refused):
    """What is claimed is recorded for the holder's principal or agent: they never conflict, so nothing is contested."""

    code = "kin_has_it"


class LinesUndecided(Refused):
    """A line has no decision."""

    code = "lines_undecided"


class ReasonNeeded(Refused):
    """A line is reduced or rejected without a reason."""

    code = "reason_needed"


class BadReduction(Refused):
    """A reduced share is not smaller than the claimed one, or not above 0."""

    code = "bad_reduction"


class BeingDecided(Refused):
    """Two reviewers are deciding the claim just now."""

    code = "being_decided"
    status = 409


class BadClock(Refused):
    """A clock's time is not above 0, its reminder not before its end, or it would hold from a day that is past."""

    code = "bad_clock"


class ChecksRunning(Refused):
    """A case is decided only after its checks have finished."""

    code = "checks_running"
    status = 409


class NothingAccepted(Refused):
    """A grant that would take out no track is a refusal."""

    code = "nothing_accepted"


class NeedsAnother(Refused):
    """Who asked for a correction does not confirm it."""

    code = "needs_another"
    status = 403


class NotStaff(Refused):
    """Only the society's staff may do this."""

    code = "not_staff"
    status = 403


class NotMoneyOffice(Refused):
    """Only the money office orders runs."""

    code = "not_money_office"
    status = 403


class OrderedThemselves(Refused):
    """Who ordered a run does not approve it."""

    code = "ordered_themselves"
    status = 403


class NotASupervisor(Refused):
    """Only a supervisor changes the numbers a review goes by."""

    code = "not_a_supervisor"
    status = 403


class BadNumber(Refused):
    """A number does not fit its rule: negative, of another unit, or from a day that is past."""

    code = "bad_number"


class KnownAlready(Refused):
    """The same is remembered already."""

    code = "known_already"
    status = 409


class LeasedByAnother(Refused):
    """Somebody else has the case just now."""

    code = "leased_by_another"
    status = 409


class NotYourLease(Refused):
    """The person does not have the case any more."""

    code = "not_your_lease"
    status = 409


class DecidedBefore(Refused):
    """Who decided first does not decide again."""

    code = "decided_before"
    status = 403


class NothingProposed(Refused):
    """No decision waits for a second reviewer."""

    code = "nothing_proposed"
    status = 409


class NothingForBatch(Refused):
    """No small claim waits whose checks are in order."""

    code = "nothing_for_batch"
    status = 409


class SampleNotSeen(Refused):
    """A drawn claim has not been looked at."""

    code = "sample_not_seen"
    status = 409


class SampleNotGood(Refused):
    """A drawn claim was not in order."""

    code = "sample_not_good"
    status = 409


class AboveRunningTotal(Refused):
    """The sum approved lightly for one holder, person or agent would be above the limit."""

    code = "above_running_total"
    status = 409
