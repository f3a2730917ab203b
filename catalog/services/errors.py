"""What a catalogue service refuses, each in words for the person who asked."""

from datetime import date

from django.utils.translation import gettext as _


class CatalogueError(Exception):
    """A catalogue service refused; the text says why."""

    message = ""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.message)


class NameMissing(CatalogueError):
    """A holder, track or work needs a name."""

    def __init__(self) -> None:
        super().__init__(_("A name is needed."))


class UnknownCountry(CatalogueError):
    """The country is no ISO 3166-1 code."""

    def __init__(self, code: str) -> None:
        super().__init__(_("%(code)s is no country code of two letters.") % {"code": code})


class NotAMember(CatalogueError):
    """The person may not act for this holder."""

    status = 403

    def __init__(self) -> None:
        super().__init__(_("You may not act for this holder."))


class LastOwner(CatalogueError):
    """A holder must keep one owner among its members."""

    def __init__(self) -> None:
        super().__init__(_("Somebody must remain owner of this holder."))


class AlreadyInvited(CatalogueError):
    """The address has an invitation nobody answered, or its person acts for the holder already."""

    status = 409

    def __init__(self) -> None:
        super().__init__(_("This address is invited already, or acts for the holder."))


class NotInvited(CatalogueError):
    """The invitation is for another address than those the person has confirmed."""

    status = 403

    def __init__(self) -> None:
        super().__init__(_("This invitation is for another address. Log in with the address the mail came to."))


class InvitationClosed(CatalogueError):
    """The invitation was used, taken back or is too old."""

    status = 409

    def __init__(self) -> None:
        super().__init__(_("This invitation no longer holds. Ask for a new one."))


class NotAReviewer(CatalogueError):
    """Only reviewers of the society decide this."""

    status = 403

    def __init__(self) -> None:
        super().__init__(_("Only a reviewer may decide this."))


class DecidesOwnCase(CatalogueError):
    """Nobody decides about a holder they belong to or registered."""

    status = 403

    def __init__(self) -> None:
        super().__init__(_("You belong to this holder or registered it, so somebody else must decide."))


class ReasonMissing(CatalogueError):
    """A refusal needs a reason."""

    def __init__(self) -> None:
        super().__init__(_("Say why."))


class SourceMissing(CatalogueError):
    """Membership of a society is said without a word on where it can be seen."""

    def __init__(self) -> None:
        super().__init__(_("Say where it can be seen: a contract, a statement, the number in a register."))


class AlreadyMember(CatalogueError):
    """The holder says of the same society already that it is a member now."""

    status = 409

    def __init__(self, society: str) -> None:
        super().__init__(_("%(society)s is named already. End that membership first.") % {"society": society})


class NothingGranted(CatalogueError):
    """An authority must allow something about some right."""

    def __init__(self) -> None:
        super().__init__(_("Choose what the agent may do, and for which rights."))


class DocumentMissing(CatalogueError):
    """An agent asks without a letter of its principal."""

    def __init__(self) -> None:
        super().__init__(_("Show the letter in which the owner of the rights says so."))


class MayNotDelegate(CatalogueError):
    """The agent may not grant a part of what it has, or has it no longer."""

    status = 403

    def __init__(self) -> None:
        super().__init__(_("This authority cannot be passed on to others."))


class AuthorityTooWide(CatalogueError):
    """An agent grants more than it has."""

    def __init__(self) -> None:
        super().__init__(_("An agent can pass on only what it has itself: rights, countries, tracks and days."))


class GoesInCircles(CatalogueError):
    """Nobody is agent of itself, through however many hands."""

    def __init__(self) -> None:
        super().__init__(_("An authority cannot lead back to somebody who gave it."))


class AlreadyExclusive(CatalogueError):
    """Another agent has the same, and one of the two is to be the only one."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("Another agent has the same for these rights, countries and days; one would be the only one.")
        )


class WrongNumber(CatalogueError):
    """An identifier's check digit does not fit."""

    def __init__(self, scheme: str, text: str) -> None:
        super().__init__(_("%(text)s is no valid %(scheme)s number.") % {"text": text, "scheme": scheme})


class ShareLimitExceeded(CatalogueError):
    """Shares of one subject, right, territory and day would exceed 100 %; nothing was written."""

    status = 409

    def __init__(self, *, kind: str, subject_id: int, right: str, start: date | None) -> None:
        super().__init__(_("Shares of one right would exceed 100 % at the same time in the same territory."))
        self.kind, self.subject_id, self.right, self.start = kind, subject_id, right, start


class PartLimitExceeded(CatalogueError):
    """The works of a track would make up more than 100 % of it on some day; nothing was written."""

    status = 409

    def __init__(self, track_id: int) -> None:
        super().__init__(_("The works of one track would make up more than 100 % of it."))
        self.track_id = track_id


class EndsWrongly(CatalogueError):
    """A fact can only be shortened, to a day not before its start."""

    def __init__(self) -> None:
        super().__init__(_("The end must lie between the start and the present end."))


class SameSubject(CatalogueError):
    """A track (or work) cannot become part of itself."""

    def __init__(self) -> None:
        super().__init__(_("Please name two different ones."))


class AlreadyMerged(CatalogueError):
    """What was merged into another is no longer merged itself; name the one it became part of."""

    status = 409

    def __init__(self, public_id: str) -> None:
        super().__init__(_("%(id)s was merged into another already.") % {"id": public_id})


class MergeEnded(CatalogueError):
    """The merge was undone before."""

    status = 409

    def __init__(self, public_id: str) -> None:
        super().__init__(_("%(id)s was undone already.") % {"id": public_id})


class SharesDiffer(CatalogueError):
    """One holder has shares in both that are not alike: which of them is right must be said first."""

    status = 409

    def __init__(self, holder: str) -> None:
        super().__init__(
            _("%(holder)s holds different shares of the two. Merge the other way round, or correct the shares first.")
            % {"holder": holder}
        )


class WorksDiffer(CatalogueError):
    """The two tracks play different works, and shares stand in the works: merge or link the works first."""

    status = 409

    def __init__(self) -> None:
        super().__init__(_("The two tracks play different songs that have owners. Merge the songs first."))
