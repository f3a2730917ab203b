"""Who sees which notices, and what is due to be sent."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from catalog.models import HolderMember, Return, TrackIsrc, Withdrawal
from catalog.territories import WORLD, codes_of
from claims.formats.takedown_notice import LeavingRight, NoticeTrack
from claims.models import (
    Acknowledgement,
    NoticeDelivery,
    NoticeRow,
    Observation,
    OptOut,
    StoreMessage,
    TakedownNotice,
    Webhook,
    WebhookSecret,
)
from claims.selectors.people import Person, in_force, may_review
from sales.models import Licensee, LicenseeMember

Status = TakedownNotice.Status
UNANSWERED = (Status.QUEUED, Status.SENT, Status.OVERDUE)


def notices_for(user: Person) -> QuerySet[TakedownNotice]:
    """This will give the notices a person may see: a store its own, a holder those of its opt-outs, staff all."""
    if not user.is_authenticated:
        return TakedownNotice.objects.none()
    notices = TakedownNotice.objects.select_related("licensee", "opt_out__holder").order_by("-pk")
    if may_review(user):
        return notices
    mine = HolderMember.objects.filter(user_id=user.pk or 0).values("holder")
    return notices.filter(
        Q(licensee__in=LicenseeMember.objects.filter(user_id=user.pk or 0).values("licensee"))
        | Q(opt_out__holder__in=mine)
        | (Q(opt_out__authority__agent__in=mine) & in_force("opt_out__authority__"))
    )


def counted_notices(user: Person) -> QuerySet[TakedownNotice]:
    """This will give the notices a person may see with the state of their rows counted."""
    return _counted(notices_for(user))


def acts_for_store(user: Person, notice: TakedownNotice) -> bool:
    """This will tell whether a person may answer a notice: somebody of that store."""
    return LicenseeMember.objects.filter(user_id=user.pk or 0, licensee=notice.licensee_id).exists()


def store_notices(user: Person) -> QuerySet[TakedownNotice]:
    """This will give the notices of the stores a person acts for, with the state of their rows counted."""
    stores = LicenseeMember.objects.filter(user_id=user.pk or 0).values("licensee")
    notices = TakedownNotice.objects.filter(licensee__in=stores).select_related("licensee")
    return _counted(notices).order_by("-pk")


def notices_of(opt_out: OptOut) -> QuerySet[TakedownNotice]:
    """This will list what the stores were told of an opt-out, with deliveries and the state of the rows counted."""
    notices = TakedownNotice.objects.filter(opt_out=opt_out).select_related("licensee", "acknowledgement")
    return _counted(notices).prefetch_related("deliveries").order_by("licensee__name")


class UntoldKey(NamedTuple):
    """A key under which a store sells a track that is out, and which no notice to it has named."""

    notice: int
    """The first notice of the opt-out to this store."""
    withdrawal: int
    track: int
    key: str
    url: str


def untold_keys(
    *, today: date, track_ids: Collection[int] | None = None, notice: TakedownNotice | None = None
) -> list[UntoldKey]:
    """This will find keys of tracks that are out which the stores were not told of: of some tracks or all."""
    only = "" if track_ids is None else "AND k.track_id = ANY (%(tracks)s)"
    only += "" if notice is None else " AND n.id = %(notice)s"
    values: dict[str, date | int | list[int]] = {
        "today": today,
        "tracks": list(track_ids or ()),
        "notice": notice.pk if notice else 0,
    }
    with connection.cursor() as cursor:
        cursor.execute(UNTOLD.format(only=only), values)
        return [UntoldKey(*row) for row in cursor.fetchall()]


UNTOLD = """
SELECT DISTINCT n.id, w.id, k.track_id, k.key, k.url
FROM claims_takedownnotice n
JOIN sales_licensee l ON l.id = n.licensee_id AND l.status <> 'ended'
JOIN claims_noticerow r ON r.notice_id = n.id
JOIN claims_noticerow_withdrawals x ON x.noticerow_id = r.id
JOIN catalog_withdrawal w ON w.id = x.withdrawal_id AND w.start IS DISTINCT FROM w."end"
    AND (w."end" IS NULL OR w."end" > %(today)s)
CROSS JOIN LATERAL (
    SELECT w.track_id AS id WHERE w.track_id IS NOT NULL
    UNION ALL SELECT p.track_id FROM catalog_trackwork p WHERE p.work_id = w.work_id
) t
JOIN sales_storekey k ON k.track_id = t.id AND k.licensee_id = n.licensee_id AND k.kind = 'track'
WHERE n.follows_id IS NULL AND n.kind = 'takedown' {only} AND NOT EXISTS (
    SELECT FROM claims_noticerow_withdrawals y JOIN claims_noticerow told ON told.id = y.noticerow_id
    JOIN claims_takedownnotice m ON m.id = told.notice_id
    WHERE y.withdrawal_id = w.id AND m.licensee_id = n.licensee_id AND k.key = ANY (told.store_keys)
)
ORDER BY 1, 3, 4, 2
"""


def own_stores(user: Person) -> QuerySet[Licensee]:
    """This will give the stores a person acts for; staff acts for none."""
    return Licensee.objects.filter(members__user=user.pk or 0).order_by("name", "pk")


def webhook_of(store: Licensee) -> Webhook | None:
    """This will give where a store's server is called; None: it is not."""
    return Webhook.objects.filter(licensee=store).exclude(url="").first()


def secrets_in_force(hook: Webhook, at: datetime) -> QuerySet[WebhookSecret]:
    """This will give the secrets that sign at a moment, newest first."""
    return hook.secrets.filter(Q(ends_at=None) | Q(ends_at__gt=at)).order_by("-created_at", "-pk")


def receipt_of(notice: TakedownNotice) -> Acknowledgement | None:
    """This will give the store's receipt of a notice, if there is one."""
    return Acknowledgement.objects.filter(notice=notice).first()


def _counted(notices: QuerySet[TakedownNotice]) -> QuerySet[TakedownNotice]:
    removed = Q(rows__state=NoticeRow.State.REMOVED)
    return notices.annotate(row_count=Count("rows"), removed_count=Count("rows", filter=removed))


def notice_rows(notice: TakedownNotice) -> QuerySet[NoticeRow]:
    """This will give the tracks of a notice with codes and withdrawals, in a fixed order."""
    returns = Prefetch("returns", queryset=Return.objects.order_by("pk"))
    withdrawals = Withdrawal.objects.select_related("territories").prefetch_related(returns)
    facts = Prefetch("withdrawals", queryset=withdrawals.order_by("right", "pk"))
    isrcs = Prefetch("track__isrcs", queryset=TrackIsrc.objects.order_by("isrc"))
    return notice.rows.select_related("track", "notice__reentry").prefetch_related(isrcs, facts).order_by("pk")


def message_rows(rows: Iterable[NoticeRow]) -> Iterator[NoticeTrack]:
    """This will put rows of `notice_rows` into the words of the message, one by one."""
    for row in rows:
        yield NoticeTrack(
            track=row.track.public_id,
            artist=row.track.artist,
            title=row.track.title,
            isrcs=tuple(code.isrc for code in row.track.isrcs.all()),
            store_keys=tuple(row.store_keys),
            urls=tuple(row.urls),
            leaving=tuple(
                LeavingRight(
                    fact.public_id,
                    fact.right,
                    fact.start,
                    _end_told(row, fact),
                    fact.territories.label,
                    _ddex_codes(fact.territories.bits),
                )
                for fact in row.withdrawals.all()
            ),
        )


def _end_told(row: NoticeRow, fact: Withdrawal) -> date | None:
    """The end as this very notice says it, whatever was decided after it: a message is the same on every attempt."""
    act, returns = row.notice.reentry, list(fact.returns.all())
    if act is not None:
        return next((one.start for one in returns if one.source == act.public_id), fact.end)
    return returns[0].end_before if returns else fact.end


@lru_cache(maxsize=256)
def _ddex_codes(bits: int) -> tuple[str, ...]:
    """Territories as a DDEX message writes them."""
    return ("Worldwide",) if bits == WORLD else tuple(codes_of(bits))


def dead_deliveries() -> QuerySet[NoticeDelivery]:
    """This will list deliveries that were given up: a person must act."""
    dead = NoticeDelivery.objects.filter(state=NoticeDelivery.State.DEAD)
    return dead.select_related("notice__licensee").order_by("pk")


def notices_ending(*, now: datetime, within: timedelta, limit: int = 500) -> list[TakedownNotice]:
    """This will list notices whose time ends soon, with open rows, of which the store was not reminded yet."""
    open_ones = TakedownNotice.objects.filter(
        status__in=(Status.SENT, Status.ACKNOWLEDGED), deadline_at__gt=now, deadline_at__lte=now + within
    )
    reminded = StoreMessage.objects.filter(
        kind=StoreMessage.Kind.NOTICE_REMINDER, subject=OuterRef("public_id"), licensee=OuterRef("licensee")
    )
    found = open_ones.filter(~Exists(reminded)).exclude(sent_at__gt=F("deadline_at") - within)
    return list(found.select_related("licensee").order_by("pk")[:limit])


def observations_of(notice: TakedownNotice) -> QuerySet[Observation]:
    """This will list what was seen of the rows of a notice, newest look first."""
    seen = Observation.objects.filter(row__notice=notice).select_related("row__track", "screenshot", "note", "by")
    return seen.order_by("-seen_at", "-pk")


def store_messages(user: Person) -> QuerySet[StoreMessage]:
    """This will list what the stores of a person were told beside the notices, each once, oldest first."""
    stores = LicenseeMember.objects.filter(user_id=user.pk or 0).values("licensee")
    shown = StoreMessage.objects.filter(licensee__in=stores, channel=StoreMessage.Channel.WORKSPACE)
    return shown.select_related("licensee").order_by("pk")


def store_messages_about(notice: TakedownNotice) -> QuerySet[StoreMessage]:
    """This will list what the store was told about a notice after it, oldest first."""
    told = StoreMessage.objects.filter(licensee=notice.licensee_id, data__notice=notice.public_id)
    return told.filter(channel=StoreMessage.Channel.WORKSPACE).order_by("pk")


def overdue_notices(*, now: datetime, limit: int = 500) -> list[TakedownNotice]:
    """This will list notices whose store has had its time and has not said that all is removed."""
    asked = (NoticeRow.State.NOTIFIED, NoticeRow.State.ACKNOWLEDGED)
    partly = Exists(NoticeRow.objects.filter(notice=OuterRef("pk"), state__in=asked))
    open_ones = Q(status__in=(Status.SENT, Status.ACKNOWLEDGED)) | (Q(status=Status.COUNTERED) & partly)
    return list(TakedownNotice.objects.filter(open_ones, deadline_at__lte=now).order_by("pk")[:limit])
