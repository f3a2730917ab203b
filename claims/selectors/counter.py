"""Who sees which objections, contests and counter-notices, and whose rights they stand on."""

from datetime import date

from django.db.models import Q, QuerySet

from catalog.models import HolderMember, RightsHolder, RightsShare, Withdrawal
from claims.models import CounterNotice, OptOut
from claims.selectors.opt_out import opt_outs_for
from claims.selectors.people import Person, may_review, may_write
from sales.models import LicenseeMember


def counter_notices_for(user: Person) -> QuerySet[CounterNotice]:
    """This will list those somebody may see, newest first: the own side, the opt-out's side, and reviewers all."""
    found = CounterNotice.objects.select_related(
        "opt_out__holder", "opt_out__authority", "notice", "licensee", "holder", "words", "appeal_of"
    ).order_by("-pk")
    if not user.is_authenticated:
        return found.none()
    return found if may_review(user) else found.filter(_own_side(user) | _against(user))


def is_own_counter(user: Person, counter: CounterNotice) -> bool:
    """This will tell whether somebody belongs to the side that filed it."""
    return CounterNotice.objects.filter(_own_side(user), pk=counter.pk).exists()


def may_write_counter(user: Person, counter: CounterNotice) -> bool:
    """This will tell whether somebody may take it back: of the store, or who may write for the holder."""
    if counter.holder is not None:
        return may_write(user, counter.holder)
    return is_own_counter(user, counter)


def _own_side(user: Person) -> Q:
    stores = LicenseeMember.objects.filter(user=user.pk or 0).values("licensee")
    holders = HolderMember.objects.filter(user=user.pk or 0).values("holder")
    return Q(licensee__in=stores) | Q(holder__in=holders) | Q(holder__merged_into__in=holders)


def _against(user: Person) -> Q:
    return Q(opt_out__in=opt_outs_for(user, mine=True).order_by().values("pk"))


def counter_notices_about(opt_out: OptOut) -> QuerySet[CounterNotice]:
    """This will list what was said against an opt-out, newest first."""
    return CounterNotice.objects.filter(opt_out=opt_out).select_related("licensee", "notice").order_by("-pk")


def contestable(day: date) -> QuerySet[Withdrawal]:
    """This will list the withdrawals another holder may contest: those in force, or to come, of an opt-out."""
    live = Withdrawal.objects.filter(Q(end=None) | Q(end__gt=day), source__startswith="OPT-")
    return live.select_related("track", "work", "territories")


def holds_in(holder: RightsHolder, withdrawal: Withdrawal, day: date) -> bool:
    """This will tell whether a share in the very right that was withdrawn is recorded for a holder on a day."""
    shares = RightsShare.objects.filter(holder=holder, right=withdrawal.right)
    shares = shares.filter(track=withdrawal.track_id) if withdrawal.track_id else shares.filter(work=withdrawal.work_id)
    begun = Q(start=None) | Q(start__lte=day)
    return shares.filter(begun & (Q(end=None) | Q(end__gt=day))).exists()
