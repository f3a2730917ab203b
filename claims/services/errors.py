"""Why the claim services refuse, each with a stable code and words (claims/reasons.py)."""

from claims.reasons import words


class Refused(Exception):
    """A service would not do something; nothing was changed."""

    code = ""
    status = 422

    def __init__(self) -> None:
        super().__init__(words(self.code))


class ClaimEmpty(Refused):
    """The claim names no track."""

    code = "claim_empty"


class NoSuchName(Refused):
    """A name has no letter or digit, so nothing can be found under it."""

    code = "no_such_name"


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


class NotAReviewer(Refused):
    """The person does not decide cases."""

    code = "not_a_reviewer"
    status = 403


class DecidesOwnCase(Refused):
    """The person made the case or belongs to one of its parties."""

    code = "decides_own_case"
    status = 403


class HolderNotVerified(Refused):
    """A claim cannot be approved before its holder is verified."""

    code = "holder_not_verified"
    status = 409


class FactsChanged(Refused):
    """What the case stands on has changed since it was filed or last looked at."""

    code = "facts_changed"
    status = 409


class KinHasIt(Refused):
    """What is claimed is recorded for the holder's principal or agent: they never conflict, so nothing is contested."""

    code = "kin_has_it"


class ScopeNeeded(Refused):
    """It is not said which right a document proves."""

    code = "scope_needed"


class DocumentOfAnother(Refused):
    """A document proves things of its own holder only."""

    code = "document_of_another"


class DocumentForgotten(Refused):
    """A document was kept as long as the law lets it be, and is gone; whoever has it may show it anew."""

    code = "document_forgotten"


class UnknownKind(Refused):
    """There is no such kind of document."""

    code = "unknown_kind"


class TheyDispute(Refused):
    """Two holders who are in a dispute with each other are not merged before it ends."""

    code = "they_dispute"


class LinesUndecided(Refused):
    """A line has no decision."""

    code = "lines_undecided"


class ReasonNeeded(Refused):
    """A line is reduced or rejected without a reason."""

    code = "reason_needed"


class BadReduction(Refused):
    """A reduced share is not smaller than the claimed one, or not above 0."""

    code = "bad_reduction"


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


class BeingDecided(Refused):
    """Two reviewers are deciding the claim just now."""

    code = "being_decided"
    status = 409


class NothingAmended(Refused):
    """The terms are as they were."""

    code = "nothing_amended"


class NotByName(Refused):
    """The list is no choice by a name: nothing comes under it later."""

    code = "not_by_name"


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


class BadClock(Refused):
    """A clock's time is not above 0, its reminder not before its end, or it would hold from a day that is past."""

    code = "bad_clock"


class NoTrackFound(Refused):
    """No row of an opt-out is one certain track."""

    code = "no_track_found"


class NoRows(Refused):
    """An opt-out's list is empty."""

    code = "no_rows"


class ListTooLong(Refused):
    """An opt-out's list has more rows than one case takes."""

    code = "list_too_long"


class ChecksRunning(Refused):
    """A case is decided only after its checks have finished."""

    code = "checks_running"
    status = 409


class NothingAccepted(Refused):
    """A grant that would take out no track is a refusal."""

    code = "nothing_accepted"


class PeriodIsOver(Refused):
    """The last day asked for lies before the first day on which the tracks could leave."""

    code = "period_is_over"


class WordsNeeded(Refused):
    """The other side must be told why, in words."""

    code = "words_needed"


class NotYourNotice(Refused):
    """Somebody who does not act for the store answers its notice."""

    code = "not_your_notice"
    status = 403


class NoRowsChosen(Refused):
    """No row of the notice is chosen, or none that this answer could change."""

    code = "no_rows_chosen"


class NeedsAnother(Refused):
    """Who asked for a correction does not confirm it."""

    code = "needs_another"
    status = 403


class NothingToCorrect(Refused):
    """Nothing would be other than it is."""

    code = "nothing_to_correct"


class NoSuchTrack(Refused):
    """What was given is no track's id or ISRC."""

    code = "no_such_track"


class NoSuchRelease(Refused):
    """What was given is no release's id."""

    code = "no_such_release"


class SeveralTracks(Refused):
    """Several tracks have the ISRC that was given."""

    code = "several_tracks"


class CaseClosed(Refused):
    """The case has ended: nothing more is said or shown in it."""

    code = "case_closed"
    status = 409


class NothingAsked(Refused):
    """No money of sales after a withdrawal is kept apart for the holder."""

    code = "nothing_kept_apart"
    status = 409


class NotStaff(Refused):
    """Only the society's staff may do this."""

    code = "not_staff"
    status = 403


class BadUnits(Refused):
    """A store says it sold more after its time than in all, or less than nothing."""

    code = "bad_units"


class ObservedWrongly(Refused):
    """Somebody looked before the store was told, or in the future."""

    code = "observed_wrongly"


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


class DisputeFirst(Refused):
    """A dispute about the shares is open; it is decided first."""

    code = "dispute_first"
    status = 409


class NothingRefused(Refused):
    """Nothing of the case was refused, so there is nothing to appeal against."""

    code = "nothing_refused"
    status = 409


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


class ProofNeeded(Refused):
    """An objection comes without a document."""

    code = "proof_needed"


class ProofTooThin(Refused):
    """The risk or the money of a claim asks for a document of title, and none is shown."""

    code = "proof_too_thin"
    status = 409


class FileTooLarge(Refused):
    """A list's file is larger than one list takes; nothing was kept."""

    code = "list_file_too_large"
    status = 413


class ListBusy(Refused):
    """A list is being looked up, or was used, so it is not chosen from now."""

    code = "list_busy"
    status = 409


class NothingChosen(Refused):
    """No row of a list is chosen, so no case can be made of it."""

    code = "nothing_chosen"


class NothingToReturn(Refused):
    """Nothing of an opt-out is out any more on the day named, for these tracks, rights and stores."""

    code = "nothing_to_return"
    status = 409


class OtherRegime(Refused):
    """A counter-notice under 17 USC 512 against an opt-out whose sender chose no such clock."""

    code = "other_regime"
    status = 409


class SwornIncomplete(Refused):
    """An element of 17 USC 512(g)(3) is missing."""

    code = "sworn_incomplete"


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


class BadPaidBefore(Refused):
    """What was paid before cannot be recorded or decided like this; the code says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__()
