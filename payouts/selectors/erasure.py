"""Who asked to be forgotten, and what of them would go."""

from typing import NamedTuple

from django.db.models import Q, QuerySet

from accounts.models import OutboxMessage, User
from catalog.models import HolderIdentifier, HolderMember, HolderName, RightsHolder
from claims.models import CaseMessage, EvidenceDocument
from core.models import Event, PartyKey
from payouts.models import ErasureRequest, Payee, Payment, Statement
from payouts.selectors.access import Person

ON_ITS_WAY = (Payment.Status.APPROVED, Payment.Status.SENT)


def may_erase(user: Person) -> bool:
    """This will tell whether the person decides who is forgotten: a supervisor."""
    return isinstance(user, User) and user.is_active and user.role == User.Role.SUPERVISOR


def erasures_for(user: Person) -> QuerySet[ErasureRequest]:
    """This will list the requests a supervisor sees, those that wait first, then the newest."""
    found = ErasureRequest.objects.select_related("user", "holder", "asked_by", "proposed_by", "decided_by")
    found = found.annotate(is_waiting=Q(status__in=ErasureRequest.OPEN)).order_by("-is_waiting", "-pk")
    return found if may_erase(user) else found.none()


def erasures_of(user: User) -> QuerySet[ErasureRequest]:
    """This will list what a person asked for, and what was asked about the person, newest first."""
    return ErasureRequest.objects.filter(Q(asked_by=user) | Q(user=user)).select_related("holder").order_by("-pk")


def own_erasures(user: User, most: int) -> list[tuple[ErasureRequest, str]]:
    """This will give the newest of them with the words of who refused."""
    found = list(erasures_of(user)[:most])
    refused = Event.objects.filter(
        noun=ErasureRequest._meta.label, object_id__in=[each.pk for each in found], to_status="refused"
    )
    words = dict(refused.values_list("object_id", "note__text"))
    return [(each, words.get(each.pk) or "") for each in found]


def holders_to_forget(user: User) -> QuerySet[RightsHolder]:
    """This will list the holders a person may ask to have forgotten: those it owns."""
    own = HolderMember.objects.filter(user=user, role=HolderMember.Role.OWNER).values("holder_id")
    return RightsHolder.objects.filter(pk__in=own, merged_into=None).order_by("name", "pk")


def subject_called(who: str) -> User | RightsHolder | None:
    """This will find a person by its mail address, or a holder by its number."""
    holder = RightsHolder.objects.filter(public_id=who.strip().upper()).first()
    return holder or User.objects.filter(email=who.strip().lower()).first()


class Goes(NamedTuple):
    """One kind of what would go: a code the page has words for, and how many."""

    code: str
    number: int


def what_goes(request: ErasureRequest) -> list[Goes]:
    """This will count what would go with a person or a holder, kind by kind; what there is none of is left out."""
    found = _of_person(request.user) if request.user else _of_holder(request.holder_id or 0)
    return [each for each in found if each.number]


def _of_person(user: User) -> list[Goes]:
    said = Event.objects.filter(by=user, note__isnull=False, note__erased_at=None)
    return [
        Goes("account", 1),
        Goes("memberships", HolderMember.objects.filter(user=user).count()),
        Goes("keys", user.api_tokens.filter(revoked_at=None).count()),
        Goes("words", said.count()),
        Goes("mails", OutboxMessage.objects.filter(to__icontains=user.email).count()),
    ]


def _of_holder(holder: int) -> list[Goes]:
    mine = {"holder": holder}
    return [
        Goes("names", 1 + HolderName.objects.filter(**mine).count()),
        Goes("numbers", HolderIdentifier.objects.filter(**mine).count()),
        Goes("documents", EvidenceDocument.objects.filter(**mine).exclude(stored="").count()),
        Goes("messages", CaseMessage.objects.filter(**mine).exclude(sealed=b"").count()),
        Goes("payees", Payee.objects.filter(**mine).count()),
        Goes("statements", Statement.objects.filter(**mine).count()),
    ]


def left_alone(request: ErasureRequest) -> list[RightsHolder]:
    """This will list the holders for which nobody could act any more once a person is forgotten."""
    if request.user is None:
        return []
    own = HolderMember.objects.filter(user=request.user).values("holder_id")
    others = HolderMember.objects.filter(holder__in=own).exclude(user=request.user).values("holder_id")
    return list(RightsHolder.objects.filter(pk__in=own).exclude(pk__in=others).order_by("name", "pk")[:20])


def is_paid_just_now(holder: RightsHolder) -> bool:
    """This will tell whether a payment to a holder is on its way."""
    return Payment.objects.filter(holder=holder, status__in=ON_ITS_WAY).exists()


def is_forgotten(subject: User | RightsHolder) -> bool:
    """This will tell whether a person's or holder's key was destroyed already."""
    kind = "user" if isinstance(subject, User) else "holder"
    return PartyKey.objects.filter(party=f"{kind}:{subject.pk}", erased_at__isnull=False).exists()
