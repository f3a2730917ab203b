"""Codes and their words: why something was refused, asked for, reduced, or needs a look.

Rows keep the code and the figures it needs; a person reads the words in their own language, whenever that is.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog import faults
from claims.refusals import REFUSALS
from core.templatetags.roms import amount_text

# What a reviewer may give as the reason for a line of a claim.
DECISION: dict[str, Promise] = {
    "proof_in_order": _("The proof is in order."),
    "proof_missing": _("The proof is missing or does not name this track."),
    "proof_covers_less": _("The proof covers a smaller share, period or territory."),
    "proof_of_another_right": _("The proof is about another right."),
    "not_this_recording": _("The proof is about another recording."),
    "already_paid": _("The same money was already paid."),
    "principal_has_it": _("The principal or agent of the holder has it."),
    "paid_before_portal": _("This money was paid to the holder before the portal existed; the payment is on file."),
    "fraud_suspected": _("The papers do not stand up to a check."),
    "holder_has_it_already": _("This share is already recorded for you."),
    "authority_missing": _("The authority to act for the owner is missing."),
    "identity_unclear": _("It is unclear who makes the claim."),
    "rival_proof_stronger": _("Another holder's proof is stronger."),
    "parties_agree": _("The parties agree."),
    "other": _("Another reason, see the note."),
}

# What a reviewer may give as the reason why a row of an opt-out stays in the stores.
OPT_OUT_DECISION: dict[str, Promise] = {
    code: DECISION[code]
    for code in ("proof_missing", "not_this_recording", "proof_of_another_right", "authority_missing", "other")
} | {
    "owner_is_another": _("The recorded owner is another holder."),
    "ownership_unclear": _("It is unclear who owns the track."),
}

# What a reviewer may give as the reason for a word about who a holder is.
IDENTITY: dict[str, Promise] = {
    "identity_in_order": _("The papers show who it is."),
    "identity_missing": _("No identity document is here, or it cannot be read."),
    "identity_expired": _("The document has run out."),
    "identity_name_differs": _("The name in the document is another one."),
    "identity_not_the_person": _("The document is of somebody else."),
    "identity_company_unknown": _("The company is not in its country's register, or was dissolved."),
    "identity_may_not_speak": _("It is not shown that this person may act for the company or the heirs."),
    "identity_heirs_unclear": _("It is not shown who the heirs are."),
    "identity_registered_twice": _("This holder is registered twice."),
    "identity_fraud_suspected": _("There are signs of fraud."),
    "identity_to_be_renewed": _("It was checked long ago."),
    "identity_other": _("Another reason, see the words."),
}

# What a reviewer may give as the reason for a word about an agent's letter.
AUTHORITY: dict[str, Promise] = {
    "letter_in_order": _("The letter says so, and who signed it may say so."),
    "letter_unreadable": _("The letter cannot be read."),
    "letter_not_signed": _("The letter is not signed, or not by the owner of the rights."),
    "letter_says_less": _("The letter says less than was asked for."),
    "letter_run_out": _("The letter has run out or was taken back."),
    "letter_principal_unclear": _("It is unclear who the owner of the rights is."),
    "letter_other": _("Another reason, see the words."),
}

# What happened to a case or a holder that is no status of it.
EVENTS: dict[str, Promise] = {
    "member_owner": _("Somebody became owner"),
    "member_editor": _("Somebody may file from now on"),
    "member_reader": _("Somebody may read from now on"),
    "ended": _("Its end was set"),
    "returned": _("Tracks came back"),
    "suit_filed": _("The sender has gone to court"),
    "uploaded": _("Uploaded"),
    "looked": _("Opened"),
    "forgotten": _("Kept long enough and destroyed"),
    "member_removed": _("Somebody no longer acts for the holder"),
}

# What an automatic check found.
CHECKS: dict[str, Promise] = {
    "nothing_mistaken": _("Nothing this holder sent lately turned out mistaken."),
    "some_mistaken": _("Mistaken of what this holder sent in %(days)s days: %(count)s."),
    "many_mistaken": _("Many mistaken of what this holder sent in %(days)s days: %(count)s."),
    "holder_verified": _("The holder's identity is verified."),
    "holder_under_review": _("The holder's identity is not verified yet."),
    "holder_refused": _("The holder's identity was not verified."),
    "holder_suspended": _("The holder is suspended."),
    "tracks_known": _("All tracks are in the catalogue: %(tracks)s."),
    "tracks_without_isrc": _("Tracks without an ISRC: %(count)s of %(tracks)s. Compare title, artist and duration."),
    "tracks_sharing_isrc": _("Tracks that share an ISRC with another track: %(count)s of %(tracks)s."),
    "tracks_merged": _("Tracks merged into others: %(count)s."),
    "no_duplicate": _("The holder has no other claim or share for these lines."),
    "already_claimed": _("Lines in another open claim of the same holder: %(count)s (%(claims)s)."),
    "already_held": _("Lines that are shares the holder has already: %(count)s."),
    "paid_before": _("Paid before the portal or outside it: %(claims)s."),
    "room_left": _("The shares fit beside those recorded."),
    "above_hundred": _("Lines that would exceed 100 %% with shares of others: %(count)s; they will become disputes."),
    "no_overlap": _("No other open claim is about the same part."),
    "same_interest": _(
        "Lines also claimed by the holder's own principal, agent, society or member: %(count)s (%(claims)s)."
        " One interest, no rival; only one of them can be granted."
    ),
    "other_claims": _("Lines that compete with open claims: %(count)s (%(claims)s)."),
    "not_withdrawn": _("No track is withdrawn from stores."),
    "withdrawn_by_other": _("Lines withdrawn by another holder: %(count)s."),
    "withdrawn_by_self": _("Lines withdrawn by the holder: %(count)s; later sales are kept apart."),
    "money_waiting": _("Money waits for these lines: %(amounts)s."),
    "no_money_waiting": _("No money waits for these lines yet."),
    "evidence_there": _("Documents shown: %(count)s."),
    "vault_covers": _("Checked documents prove %(count)s of %(lines)s lines."),
    "vault_covers_some": _("Checked documents prove only %(count)s of %(lines)s lines."),
    "evidence_missing": _("No document is shown."),
    "large_sum": _("A large sum waits for these lines: %(amounts)s."),
    "documents_fit": _("A document of title is shown: %(count)s."),
    "documents_of_identity": _("The documents shown prove who somebody is, not what is owned: %(count)s."),
    "no_inheritance": _("An heir claims, and no certificate of inheritance is shown."),
    "few_claims": _("Claims of the same holder or person in %(days)s days: %(count)s."),
    "many_claims": _("Many claims of the same holder or person in %(days)s days: %(count)s."),
    "no_account_known": _("No bank account is known yet."),
    "names_alike": _("The holder's name fits the tracks: %(percent)s %% alike at least."),
    "names_far": _("Tracks whose names are far from the holder's: %(count)s of %(tracks)s (%(percent)s %% alike)."),
    "song_names": _("A song's writer need not be named on its tracks."),
    "nothing_known": _("Nothing is known from a fraud."),
    "known_from_fraud": _("Known from a fraud: %(marks)s. Do not decide alone."),
    "authority_in_order": _("The authority covers the claim."),
    "authority_too_narrow": _("The authority to act does not cover the claim."),
    "sender_is_holder": _("The holder acts for itself."),
    "owned_by_record": _("A share of each of the %(tracks)s tracks is recorded for the holder."),
    "owned_by_evidence": _("%(count)s of %(tracks)s tracks stand on documents only: a person must look at them."),
    "owned_by_nothing": _("%(count)s of %(tracks)s tracks stand on no recorded share and no document."),
    "owned_by_another": _("%(count)s of %(tracks)s tracks are recorded as wholly owned by others."),
    "no_other_holders": _("Nobody else holds a share in the same rights."),
    "other_holders": _("%(holders)s other holders have shares in %(count)s of %(tracks)s tracks; they may contest."),
    "tracks_disputed": _("The ownership of %(count)s tracks is in dispute."),
    "tracks_undisputed": _("No track is in dispute."),
    "tracks_already_out": _("%(count)s of %(tracks)s tracks are out already."),
    "tracks_asked_before": _("%(count)s of %(tracks)s tracks are in another open opt-out of the same holder."),
    "tracks_not_out": _("No track is out already."),
    "rows_without_track": _("%(count)s of %(rows)s rows are no certain track; nothing leaves for them."),
    "rows_all_found": _("All %(rows)s rows were found."),
}

# Why a row of an opt-out takes nothing out of the stores.
OPT_OUT_ROWS: dict[str, Promise] = {
    "unknown_row": _("No such track is in the catalogue."),
    "ambiguous_row": _("Several tracks fit and none was chosen."),
    "repeated_row": _("The same track stands in an earlier row."),
    "already_out": _("The track is out already."),
    "not_chosen": _("The row was not chosen."),
}

# Why a list of repertoire, or a row of it, is not taken.
LISTS: dict[str, Promise] = {
    "list_file_too_large": _("The file is larger than 256 MB. Please send it in parts."),
    "list_busy": _("The list is being looked up, or was used already. Please look at it as it is now."),
    "nothing_chosen": _("No row is chosen. Please choose at least one group or row."),
    "list_rows_max": _("The list has more than 1,000,000 rows. Please send it in parts."),
    "list_empty": _("The list has no row."),
    "row_says_nothing": _("The row says nothing that a track could be found by: no ISRC, no title, no number."),
    "leaves_in_part": _("The message takes it down there only; it leaves where this opt-out says."),
    "row_unknown": _("No such track is in the catalogue."),
    "row_unreadable": _("The row cannot be read."),
    "row_duplicate": _("An earlier row names the same track."),
    "row_not_mine": _("The track is recorded as wholly owned by others."),
    "row_doubtful": _("A track looks alike, but not enough to be sure."),
    "row_version": _("Only another version is in the catalogue: live, karaoke, remix or cover."),
    "row_other_artist": _("Only a track of the same title by another artist is in the catalogue."),
}

# How an attempt to deliver a notice ended.
DELIVERY: dict[str, Promise] = {
    "connection": _("The store's server could not be reached."),
    "timeout": _("The store's server took too long."),
    "tls": _("The store's certificate is not valid."),
    "redirect": _("The store's server pointed elsewhere; redirects are not followed."),
    "private_address": _("The store's address lies inside a private network."),
    "not_https": _("The store's address is not https."),
    "bad_address": _("The store's address is not valid."),
    "unknown_host": _("The store's server name is not known."),
    "no_webhook": _("The store has no webhook."),
    "no_secret": _("The store's signing secret cannot be read."),
    "mail": _("The mail was not taken."),
    "internal": _("A fault of the portal; the log says more."),
}

# Why a holder is not paid yet.
PAYOUT_STOPS: dict[str, Promise] = {
    "window_open": _("Everybody may still object to the first claim of this holder."),
    "objection_open": _("An objection to a claim of this holder is not decided."),
    "objection_accepted": _("An objection to a claim of this holder was accepted."),
}

# What happened in a dispute beside its status.
DISPUTE: dict[str, Promise] = {
    "amended": _("The terms were changed and signed anew."),
    "joined": _("Another party joined."),
    "cut_out": _("A part of the days or territories goes on by itself."),
    "hold_ordered": _("A reviewer stopped paying what is contested."),
    "verdict": _("A reviewer of the panel has judged."),
    "escalated": _("Persons must look at it now. No money and no right has moved."),
    "confirm": _("The party shows proof that it is its own."),
    "release": _("The party gives it up."),
    "reduce": _("The party claims a smaller part."),
    "period": _("The party says it is its own only in some days."),
    "split": _("The party proposes or accepts a split."),
    "version": _("The party says these are two different recordings."),
}

_answered = _("The store's server answered %(status)s.")
ALL: dict[str, Promise] = {
    **DECISION,
    **OPT_OUT_DECISION,
    **IDENTITY,
    **AUTHORITY,
    **CHECKS,
    **OPT_OUT_ROWS,
    **LISTS,
    **REFUSALS,
    **PAYOUT_STOPS,
    **DELIVERY,
    **DISPUTE,
}


SAID: dict[str, Promise] = {
    **IDENTITY,
    **AUTHORITY,
    **DISPUTE,
    "facts_changed": _("Name, kind or country was changed."),
}
"""Reasons that a history shows in words."""


def words(code: str, params: Mapping[str, Any] | None = None) -> str:
    """This will say a code in the reader's language; an unknown code stands for itself."""
    if code.startswith("http_"):
        return _answered % {"status": code.removeprefix("http_")}
    text = str(ALL[code]) if code in ALL else code
    if params is not None and "%(amounts)s" in text:
        params = {**params, "amounts": _amounts(params["amounts"])}
    return text % params if params is not None and "%(" in text else text.replace("%%", "%")


def _amounts(said: str) -> str:
    """This will write amounts kept as `28.68028186 USD, 1.00000000 EUR` as pages show them."""
    pairs = (amount.split() for amount in said.split(", "))
    return ", ".join(f"{amount_text(Decimal(value), currency, exact=False)} {currency}" for value, currency in pairs)


def row_reason(row: Mapping[str, Any]) -> str:
    """This will say what is wrong with a row of a list: its fault, else its outcome, else how sure it is."""
    if row["fault"]:
        said = words(row["fault"]) if row["fault"] in ALL else str(faults.explain(row["fault"]).problem)
        return f"{row['fault_column']}: {said}" if row["fault_column"] else said
    if f"row_{row['outcome']}" in LISTS:
        return words(f"row_{row['outcome']}")
    return words(f"row_{row['group']}")
