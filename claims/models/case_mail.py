"""A mail to one person because something happened in a case of a holder the person acts for."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder
from claims.models.attempt import Attempted
from core.models import Event


class CaseMail(Attempted):
    """Written with what happened, sent by a task: one per Event, topic and person, so that nobody is told twice.

    It names the person's own case and nothing else: no name, amount or document of anybody. The words are in
    claims/letters.py, in the language of the person's profile.
    """

    class Topic(models.TextChoices):
        CLAIM_ASKED = "claim_asked", _("A reviewer asks for more about a claim")
        CLAIM_REMINDED = "claim_reminded", _("A question about a claim is still open")
        CLAIM_MESSAGE = "claim_message", _("A message about a claim")
        CLAIM_APPROVED = "claim_approved", _("A claim was approved")
        CLAIM_REJECTED = "claim_rejected", _("A claim was rejected")
        OPT_OUT_ASKED = "opt_out_asked", _("A reviewer asks for more about an opt-out")
        OPT_OUT_REMINDED = "opt_out_reminded", _("A question about an opt-out is still open")
        OPT_OUT_MESSAGE = "opt_out_message", _("A message about an opt-out")
        OPT_OUT_GRANTED = "opt_out_granted", _("An opt-out was granted")
        OPT_OUT_REFUSED = "opt_out_refused", _("An opt-out was refused")
        OPT_OUT_BACK = "opt_out_back", _("Tracks of an opt-out came back by order")
        OPT_OUT_COUNTER = "opt_out_counter", _("Somebody objects to an opt-out")
        COUNTER_ENDED = "counter_ended", _("An objection to an opt-out was decided")
        SENDER_SUSPENDED = "sender_stopped", _("A holder may send no opt-outs for a time")
        SENDER_DECIDED = "sender_decided", _("A stop of opt-outs was decided again")
        DISPUTE_OPENED = "dispute_opened", _("Disputes were opened")
        DISPUTE_DIGEST = "dispute_digest", _("Open disputes of the week")
        DISPUTE_HELD = "dispute_held", _("A hold was ordered in a dispute")
        DISPUTE_ENDED = "dispute_ended", _("A dispute was decided or settled")
        CLAIM_REVOKED = "claim_revoked", _("An approval was taken back")
        APPEAL_UPHELD = "appeal_upheld", _("An appeal was decided: the decision stands")
        APPEAL_REVERSED = "appeal_reversed", _("An appeal was decided: looked at anew")
        CHALLENGE_OPENED = "challenge_opened", _("Works of a similar name are open to objection")
        OBJECTION_DECIDED = "objection_ended", _("An objection was decided")
        BREACH_FOUND = "breach_found", _("A store sold what a holder took out")
        TRACKS_LATER = "tracks_later", _("Tracks came under a name that was claimed")
        TRANSFER_ASKED = "transfer_asked", _("Another holder proposes to hand a catalogue over")
        TRANSFER_DONE = "transfer_done", _("A catalogue was handed over")
        HOLDER_VERIFIED = "holder_verified", _("A holder was verified")
        HOLDER_REFUSED = "holder_refused", _("A holder was not verified")
        HOLDER_ASKED = "holder_asked", _("A reviewer asks for more about a holder's identity")
        HOLDER_AGAIN = "holder_again", _("A holder's identity is looked at again")
        AUTHORITY_ASKED = "authority_asked", _("An agent shows a letter of a holder")
        AUTHORITY_GIVEN = "authority_given", _("An agent may act for a holder")
        AUTHORITY_DENIED = "authority_denied", _("An agent's letter was not accepted")
        AUTHORITY_ENDED = "authority_ended", _("An agent's authority ends")
        HOLDER_SUSPENDED = "holder_suspended", _("A holder was suspended")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=16, choices=Topic)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="+")
    case = models.CharField(max_length=16, blank=True, help_text="Public id of the case; empty: several.")
    case_count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "topic", "user"], name="casemail_once")]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(state__in=["due", "failed"]), name="casemail_due"
            )
        ]

    def __str__(self) -> str:
        return self.message_id
