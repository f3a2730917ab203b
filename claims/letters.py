"""What a mail about a case says. The case's own number and the page that says more; nothing about anybody else.

No name, no amount, no reason: those are on the page, behind the log-in, for who may see them.
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from claims.models import CaseMail, StoreMessage

Topic = CaseMail.Topic
Kind = StoreMessage.Kind


class Letter(NamedTuple):
    """Subject and text; `%(case)s` is the number of the case."""

    subject: Promise | str
    text: Promise | str


LETTERS: dict[str, Letter] = {
    Topic.CLAIM_ASKED: Letter(
        _("Claim %(case)s: we need something from you"),
        _(
            "The reviewer asks for more before deciding. The question is on the page of the claim: answer there, and"
            " add documents if you need to. Nothing is lost while it waits."
        ),
    ),
    Topic.CLAIM_REMINDED: Letter(
        _("Claim %(case)s: a question is still open"),
        _(
            "The reviewer's question on the page of the claim is not answered yet. If the time to answer passes,"
            " nothing is lost and nothing moves: a person looks at the case as it is."
        ),
    ),
    Topic.CLAIM_MESSAGE: Letter(
        _("Claim %(case)s: a message for you"), _("It is on the page of the claim, where you can answer it.")
    ),
    Topic.OPT_OUT_REMINDED: Letter(
        _("Opt-out %(case)s: a question is still open"),
        _(
            "The reviewer's question on the page of the opt-out is not answered yet. If the time to answer passes,"
            " nothing is lost and nothing moves: a person looks at the case as it is."
        ),
    ),
    Topic.OPT_OUT_MESSAGE: Letter(
        _("Opt-out %(case)s: a message for you"), _("It is on the page of the opt-out, where you can answer it.")
    ),
    Topic.CLAIM_APPROVED: Letter(
        _("Claim %(case)s: approved"),
        _("What became of every line, and why, is on the page of the claim. What you won is being posted."),
    ),
    Topic.CLAIM_REJECTED: Letter(
        _("Claim %(case)s: not accepted"),
        _(
            "The reasons for every line are on the page of the claim. No money has moved: it waits, and you can file"
            " again with other proof at any time."
        ),
    ),
    Topic.OPT_OUT_ASKED: Letter(
        _("Opt-out %(case)s: we need something from you"),
        _(
            "The reviewer asks for more before deciding. The question is on the page of the opt-out: answer there, and"
            " add documents if you need to."
        ),
    ),
    Topic.OPT_OUT_GRANTED: Letter(
        _("Opt-out %(case)s: granted"),
        _(
            "The stores are being told. Which tracks leave, from when, and what each store answers is on the page of"
            " the opt-out. Money earned before stays yours."
        ),
    ),
    Topic.OPT_OUT_BACK: Letter(
        _("Opt-out %(case)s: tracks may be sold again"),
        _(
            "A person at ROMS ordered it, or who has the catalogue now asked for it. Which tracks, from when and why is"
            " on the page of the opt-out. Nothing you earned is lost, and what is yours you can take out again."
        ),
    ),
    Topic.OPT_OUT_COUNTER: Letter(
        _("Opt-out %(case)s: somebody objects"),
        _(
            "A store or another holder objects. Your tracks stay out while a person decides; no deadline brings them"
            " back. What is said, and what you can do, is on the page of the opt-out."
        ),
    ),
    Topic.COUNTER_ENDED: Letter(
        _("%(case)s: the objection is decided"),
        _("What was decided and why is on the page. Nothing you earned is lost, whatever the decision."),
    ),
    Topic.SENDER_SUSPENDED: Letter(
        _("%(case)s: no opt-outs for a time"),
        _(
            "A reviewer stopped new opt-outs of this holder. The reasons and how to appeal are on the page. What is out"
            " stays out; claims and money have nothing to do with it."
        ),
    ),
    Topic.SENDER_DECIDED: Letter(
        _("%(case)s: decided again"), _("What was decided about the stop of your opt-outs, and why, is on the page.")
    ),
    Topic.OPT_OUT_REFUSED: Letter(
        _("Opt-out %(case)s: not granted"),
        _("The reasons are on the page of the opt-out. You can send a new one with other proof at any time."),
    ),
    Topic.DISPUTE_OPENED: Letter(
        ngettext_lazy("A dispute was opened", "%(count)s disputes were opened", "count"),
        _(
            "Somebody else says that a part of what is recorded or claimed for you is theirs. You go on being paid"
            " until a person decides otherwise. Please say your side on the page. If the time to answer passes, no"
            " money and no right moves."
        ),
    ),
    Topic.DISPUTE_DIGEST: Letter(
        ngettext_lazy("One dispute of yours is open", "%(count)s disputes of yours are open", "count"),
        _(
            "What each party says, until when to answer, and what would settle it is on the page. You can answer many"
            " at once there, or with a file. If the time to answer passes, no money and no right moves."
        ),
    ),
    Topic.DISPUTE_HELD: Letter(
        _("Dispute %(case)s: the contested part is held"),
        _("A reviewer ordered that the contested part is not paid to anybody until the decision. Why is on the page."),
    ),
    Topic.DISPUTE_ENDED: Letter(
        _("Dispute %(case)s: ended"), _("Who has which part from now on, and why, is on the page of the dispute.")
    ),
    Topic.CHALLENGE_OPENED: Letter(
        _("%(case)s: somebody claims works of a name like yours"),
        _(
            "Somebody who was never paid by us claims works whose artist or label has a name like yours. Which works,"
            " and how to object with proof, is on the page. If they are not yours, there is nothing to do."
        ),
    ),
    Topic.OBJECTION_DECIDED: Letter(
        _("Objection %(case)s: decided"), _("What was decided, and why, is on the page of the objection.")
    ),
    Topic.CLAIM_REVOKED: Letter(
        _("Claim %(case)s: the approval was taken back"),
        _("The reasons are on the page of the claim. You can appeal: another person looks at it."),
    ),
    Topic.APPEAL_UPHELD: Letter(
        _("Appeal %(case)s: the first decision stands"),
        _("The reasons are on the page of the appeal. New proof can be shown at any time in a new claim."),
    ),
    Topic.APPEAL_REVERSED: Letter(
        _("Appeal %(case)s: decided in your favour"),
        _("What was refused is looked at anew. How it goes on is on the page of the appeal."),
    ),
    Topic.BREACH_FOUND: Letter(
        ngettext_lazy("A store sold a track you took out", "A store sold %(count)s tracks you took out", "count"),
        _(
            "A sales report has sales of what you took out, made after the store's time was over. Which ones, and what"
            " they came to, is on the page. The money is kept apart for you; asking for it admits nothing."
        ),
    ),
    Topic.TRACKS_LATER: Letter(
        _("New tracks came under a name you claimed"),
        _(
            "You asked to be told. They are on the list below: look, choose, and sign if they are yours. Nothing is"
            " claimed for you before you sign, and nothing is lost if you wait. You can stop this on the page."
        ),
    ),
    Topic.TRANSFER_ASKED: Letter(
        _("Transfer %(case)s: please confirm or refuse"),
        _(
            "Another holder proposes to hand rights over from a day on. Which rights, from when, and who, is on the"
            " page. Nothing changes before both sides have confirmed it."
        ),
    ),
    Topic.TRANSFER_DONE: Letter(
        _("Transfer %(case)s: done"),
        _(
            "Both sides have confirmed it. Money of what is used from the day on goes to the new holder; what was used"
            " before stays as it is."
        ),
    ),
    Topic.HOLDER_VERIFIED: Letter(
        _("Holder %(case)s: verified"), _("The identity is verified. Claims and opt-outs of this holder go on.")
    ),
    Topic.HOLDER_REFUSED: Letter(
        _("Holder %(case)s: not verified"),
        _("The identity could not be verified with what we have. You can bring better proof at any time."),
    ),
    Topic.HOLDER_ASKED: Letter(
        _("Holder %(case)s: we need something from you"),
        _(
            "The reviewer asks for more before the identity is verified. The question is on the page of the holder:"
            " answer there, and add documents if you need to. Nothing is lost while it waits."
        ),
    ),
    Topic.HOLDER_AGAIN: Letter(
        _("Holder %(case)s: the identity is looked at again"),
        _("Why is on the page of the holder. Your money stays yours meanwhile; nothing is paid out until it is done."),
    ),
    Topic.AUTHORITY_ASKED: Letter(
        _("Authority %(case)s: somebody says it may act for you"),
        _(
            "An agent has shown us a letter. Who, and how far it would go, is on the page. If you did not write the"
            " letter, tell us at once. Until a reviewer has read it, it allows nothing."
        ),
    ),
    Topic.AUTHORITY_GIVEN: Letter(
        _("Authority %(case)s: granted"),
        _("Who may act for whom, how far and until when is on the page. The owner can end it there on any day."),
    ),
    Topic.AUTHORITY_DENIED: Letter(
        _("Authority %(case)s: not granted"),
        _("The reason is on the page. You can show another letter at any time."),
    ),
    Topic.AUTHORITY_ENDED: Letter(
        _("Authority %(case)s: ends"),
        _(
            "From which day on is on the page. Money of what is used from that day goes to the owner of the rights;"
            " what was used before stays as it is."
        ),
    ),
    Topic.HOLDER_SUSPENDED: Letter(
        _("Holder %(case)s: suspended"),
        _(
            "Until a person decides otherwise nothing can be filed for this holder and nothing is paid out. The reason"
            " is on the page of the holder. You can write to us and ask that somebody else looks at it."
        ),
    ),
}

STORE_LETTERS: dict[str, Letter] = {
    Kind.NOTICE_REMINDER: Letter(
        "Notice %(subject)s: your time ends on %(deadline)s",
        "%(open)s of %(rows)s tracks of notice %(subject)s are not marked as removed yet. Your time ends on"
        " %(deadline)s. Please take them out of sale and say so, or object:",
    ),
    Kind.LICENCE_STOPPED: Letter(
        "Your licence stops on %(start)s",
        "From %(start)s on nothing may be sold under our licence, nor what you take up later. The %(titles)s titles you"
        " had are listed on the page below, with the reason. What you sold before stays owed.",
    ),
    Kind.LICENCE_RESUMED: Letter(
        "Your licence goes on from %(end)s",
        "The suspension from %(start)s was lifted: from %(end)s on you may sell under our licence again, except tracks"
        " that a takedown notice keeps out.",
    ),
    Kind.NOTICE_OVERDUE: Letter(
        "Notice %(subject)s is overdue",
        "Your time for notice %(subject)s is over and %(open)s of %(rows)s tracks are not marked as removed. Please"
        " take them out of sale now and say so, or object:",
    ),
    Kind.NOTICE_SEEN: Letter(
        "Notice %(notice)s: a track was seen in your store again",
        "Track %(track)s, which has to be out of your store, was seen there on %(seen)s. Please take it out of sale"
        " and say so:",
    ),
    Kind.FOUND_IN_REPORT: Letter(
        "Report %(report)s: sales of tracks that are out",
        "Report %(report)s has sales of tracks that had to be out of your store: %(breaches)s after your time was over,"
        " and %(unclear)s of which the report does not say when they were sold. Please say by %(answer_by)s how many"
        " of the latter were sold when:",
    ),
    Kind.LISTED_AGAIN: Letter(
        "Your catalogue of %(day)s lists tracks that are out",
        "The list of your catalogue of %(day)s has %(tracks)s tracks that had to be out of your store. Please take"
        " them out of sale:",
    ),
}
"""What a store is told by mail, in English as the notices are."""
