"""The words of every refusal of a claim service (claims/services/errors), by its code. Pure data."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Why a service would not do something.
REFUSALS: dict[str, Promise] = {
    "file_empty": _("The file is empty."),
    "file_too_large": _("The file is larger than 20 MB. Please split it or save it smaller."),
    "file_kind_refused": _(
        "This kind of file cannot be taken as proof. Please send a PDF, PNG, JPEG, TXT, DOCX (no macros) or XLSX."
    ),
    "file_not_what_it_says": _("The file's content is not what its name says. Please give it its true ending."),
    "may_not_write": _("You may read the cases of this holder, but not change them."),
    "signature_missing": _("Please type your full name as your signature."),
    "claim_empty": _("The claim names no track."),
    "no_such_name": _("A name needs letters or digits."),
    "no_role": _("Please say what you did: own the master, perform, or write."),
    "bad_percent": _("A share must be above 0 and at most 100 %."),
    "bad_period": _("The period must end after it starts."),
    "authority_needed": _("Please choose for whom you act and show the authority."),
    "not_a_reviewer": _("Only reviewers decide cases."),
    "decides_own_case": _("Nobody decides a case of their own, or of a holder they belong to."),
    "holder_not_verified": _("The holder must be verified before a claim is approved or an opt-out granted."),
    "facts_changed": _(
        "Shares or disputes of these tracks have changed since the claim was filed. Please look again, then decide."
    ),
    "kin_has_it": _(
        "This is recorded for the holder's own principal, agent, society or member, and the two never conflict. Reject"
        " or reduce the lines, or let the claim be made in the name of who has it."
    ),
    "scope_needed": _("Say which rights the document proves."),
    "document_of_another": _("This document belongs to another holder."),
    "document_forgotten": _("This document was kept long enough and is gone. Add it anew if you still have it."),
    "unknown_kind": _("There is no such kind of document."),
    "they_dispute": _("The two are in a dispute with each other. It must end first."),
    "lines_undecided": _("Every line needs a decision."),
    "reason_needed": _("Please choose a reason for each line that is reduced or rejected."),
    "bad_reduction": _("A reduced share must be above 0 and smaller than the claimed one."),
    "not_a_party": _("Only a party of the dispute may answer."),
    "bad_answer": _(
        "This does not fit the dispute: ask for less than before, for days inside it, or split no more than 100 % among"
        " all parties, and show documents of the party itself."
    ),
    "being_decided": _("Two reviewers are deciding this claim just now. Please write them a message instead."),
    "mail_unknown_address": _("This address takes no mail. Please log in and write on the page of your case."),
    "mail_address_expired": _("This address is not good any more. Please log in and write on the page of your case."),
    "mail_other_sender": _("Answers are taken only from the address our mail went to."),
    "mail_not_yours": _("You may not write in this case any more."),
    "mail_automatic": _("Mails that programs write are not taken."),
    "mail_too_long": _(
        "An answer by mail may have 5,000 characters. Please shorten it, or write on the page of your case."
    ),
    "mail_empty": _("There is nothing new in this mail: please write above what you quote."),
    "mail_too_large": _("The mail is larger than 25 MB."),
    "mail_too_many_files": _("An answer by mail may have five files. Please add the others on the page of your case."),
    "mail_unreadable": _("This mail cannot be read."),
    "nothing_amended": _("Nothing would be other than it is."),
    "not_by_name": _("This list is no choice of a label, an artist or a release: nothing comes under it later."),
    "not_your_side": _("The other side must confirm this."),
    "transfer_to_self": _("Please name another holder than this one."),
    "nothing_to_transfer": _("From that day on the holder has nothing of this that could be handed over."),
    "bad_clock": _("The time must be above 0, a reminder before its end, and it can hold from today on."),
    "no_such_dispute": _("No dispute of yours has this number and party."),
    "no_such_document": _("You have no document with this number."),
    "cell_unreadable": _("A percent, a day or a split cannot be read."),
    "bad_settlement": _("The parties' shares must name every party and fit into what the others leave."),
}

# Why a step of an opt-out or of the answer to a notice is refused.
REFUSALS |= {
    "no_rows": _("Please name at least one track."),
    "list_too_long": _("The list is too long for one opt-out. Please send it in parts of 5,000 rows."),
    "no_track_found": _("No row is one certain track yet. Please correct the list or choose among the tracks offered."),
    "checks_running": _("The automatic checks are still running. Please wait a moment."),
    "nothing_accepted": _("No row would leave the stores. Please refuse the opt-out instead."),
    "period_is_over": _("The period asked for is over, so nothing can leave in it."),
    "words_needed": _("Please say why, in words."),
    "other_regime": _("The sender of this notice did not choose 17 USC 512. Please object on another ground."),
    "sworn_incomplete": _("A counter-notice under 17 USC 512(g) needs every statement, your address and signature."),
    "too_early": _("Under 17 USC 512(g)(2)(C) nothing comes back before ten business days after the counter-notice."),
    "suit_filed": _("The sender has gone to court, so nothing comes back under 17 USC 512(g)."),
    "stop_waits": _("Another stop of this store waits for a second person."),
    "stopped_already": _("The store has no licence on that day as it is."),
    "sender_suspended": _("This holder may send no opt-outs for a time. Why, and how to appeal, is on its page."),
    "too_many_opt_outs": _("Too many opt-outs in few days. Please put the tracks into one list, or wait some days."),
    "nothing_to_return": _("Nothing of this is out on that day any more, so nothing can come back."),
    "not_your_notice": _("Only the store a notice was sent to may answer it."),
    "no_rows_chosen": _("Please choose rows of this notice that are still open."),
    "bad_units": _("Please give a number from none to all of what was sold."),
    "observed_wrongly": _("Please give a time after the store was told, and not in the future."),
    "not_staff": _("Only staff may do this."),
    "case_closed": _("This case has ended, so nothing can be added to it."),
    "nothing_kept_apart": _("No money is kept apart for this holder, so there is nothing to ask for."),
}

# Why a line of a store's answer counts for nothing.
REFUSALS |= {
    "answer_unknown": _("The answer is not acknowledged, removed or objected."),
    "row_unknown": _("No row of this notice has this track or key."),
    "row_named_twice": _("Several rows have this key. Please name the track."),
    "row_closed": _("This row is removed already, or objected to."),
}

# Why a number of the review, or a mark of a fraud, is refused; and why a claim needs more proof.
REFUSALS |= {
    "not_a_supervisor": _("Only a supervisor changes these numbers."),
    "not_money_office": _("Only the money office does this."),
    "paid_before_figures": _("An amount above zero, a reference and a day that has come are needed."),
    "paid_before_period": _("The period has no day: it must end after it starts."),
    "paid_before_known": _("This reference was recorded before for this holder."),
    "paid_before_uncovered": _(
        "Less than this is payable to the holder in this scope: what left our own account must be covered in full."
    ),
    "paid_before_reason": _("Say why."),
    "ordered_themselves": _("You ordered this run: another person must approve it."),
    "bad_number": _("The number does not fit: not below 0, in the unit of its rule, from today on."),
    "known_already": _("This is remembered already."),
    "leased_by_another": _("Somebody else has this case just now."),
    "not_your_lease": _("You do not have this case any more."),
    "decided_before": _("Who decided first does not decide again. Somebody else must."),
    "dispute_first": _("A dispute about these shares is open. Please decide it first."),
    "nothing_refused": _("Nothing was refused here, so there is nothing to appeal against."),
    "nothing_proposed": _("No decision waits for a second reviewer."),
    "nothing_for_batch": _("No small claim waits whose checks are all in order."),
    "sample_not_seen": _("Please look at every drawn claim first."),
    "sample_not_good": _("A drawn claim was not in order, so the batch cannot be approved."),
    "above_running_total": _("With what was approved before, this would be above the limit for one holder or person."),
    "proof_needed": _("Please show a document that proves it."),
    "proof_too_thin": _("This claim needs full proof: a document of title must be shown before it is approved."),
}

# Why a correction of the catalogue, or a match, is refused.
REFUSALS |= {
    "needs_another": _("The money is above the limit, so somebody else must confirm what you asked for."),
    "nothing_to_correct": _("Nothing would change."),
    "no_such_track": _("No track has this number or ISRC."),
    "no_such_release": _("No release has this number, or several have this ICPN."),
    "several_tracks": _("Several tracks have this ISRC. Please give the number of one."),
    "key_already_matched": _("Somebody has matched this name meanwhile."),
    "not_a_release_key": _("This is the name of a track; a track is matched to a track."),
    "not_a_track_key": _("This is the name of a release; a release is matched to a release."),
    "already_proposed": _("You have proposed this already; it waits for ROMS."),
    "not_ones_proposal": _("Only the holder who proposed it may take it back."),
    "bad_pattern": _("A rule needs at least three letters or digits."),
    "rule_exists": _("This store has such a rule already."),
    "no_such_key": _("No store sold anything under this key."),
    "repeated_key": _("An earlier row names the same key."),
    "key_missing": _("The first cell is empty."),
    "too_many_cells": _("The row has more than two cells."),
    "unreadable_row": _("The row cannot be read."),
    "not_utf8": _("The file is no text in UTF-8."),
    "too_many_rows": _("The file has more than 20,000 rows. Please send it in parts."),
}
