"""One track out of the store, from the holder's statement to the store's acknowledgement."""

from catalog import territories
from catalog.models import Withdrawal
from catalog.rights import Right
from claims import selectors as cases
from claims import services as claims
from claims.formats.pasted_list import read_list
from claims.models import OptOut, TakedownNotice
from roms_portal.demo import cases as demo
from roms_portal.headless import work_off
from roms_portal.walkthrough.claim import award
from roms_portal.walkthrough.state import Figures, Walk, expect, work_until


def request_opt_out(state: Walk) -> Figures:
    """The holder wants one track out of the store, with proof and a sworn statement."""
    by, track = state.cast["alice"], state.tracks[0]
    terms = claims.OptOutTerms(
        rights=[Right.PHONOGRAM], territories=territories.worldwide(), licensees=[state.licensee]
    )
    rows = read_list(track.public_id, rows_max=10)
    opt_out = claims.draft_opt_out(holder=state.holder, terms=terms, rows=rows, by=by, now=state.now)
    demo.show_proof(state.holder, by, state.now, opt_out=opt_out)
    sworn = claims.Sworn(
        contact={"name": "Alice", "email": by.email}, confirmed=("authorised", "accurate"), signature="Alice"
    )
    state.opt_out = claims.request_opt_out(opt_out=opt_out, sworn=sworn, by=by, now=state.now)
    return {"opt_out": opt_out.public_id, "track": str(track)}


def grant(state: Walk) -> Figures:
    """A reviewer grants it: the track is out, the money stays the holder's."""
    opt_out = OptOut.objects.get(pk=state.opt_out.pk)
    claims.grant_opt_out(opt_out=opt_out, by=state.cast["rita"], now=state.now)
    work_off(state.now)
    out = Withdrawal.objects.filter(source=opt_out.public_id)
    expect(out.count() == 1, f"{out.count()} withdrawals")
    award(state)
    return {"withdrawal": out[0].public_id, "from": out[0].start.isoformat()}


def send_notice(state: Walk) -> Figures:
    """The store is told, by every way it can be reached."""
    notices = TakedownNotice.objects.filter(opt_out=state.opt_out, licensee=state.licensee)
    work_until(state, lambda: not notices.filter(status=TakedownNotice.Status.QUEUED).exists())
    notice = notices.get()
    expect(notice.status == TakedownNotice.Status.SENT, f"the notice is {notice.status}")
    return {
        "notice": notice.public_id,
        "ways": dict(notice.deliveries.values_list("channel", "state")),
        "store_keys": [key for row in notice.rows.all() for key in row.store_keys],
    }


def acknowledge(state: Walk) -> Figures:
    """The store acknowledges and says it has removed the track."""
    by = state.cast["store"]
    notice = cases.notices_for(by).get(opt_out=state.opt_out)
    claims.acknowledge_notice(notice=notice, by=by, now=state.now, reference="walkthrough")
    removed = claims.mark_rows_removed(notice=notice, by=by, now=state.now)
    notice.refresh_from_db()
    expect(notice.status == TakedownNotice.Status.COMPLIED, f"the notice is {notice.status}")
    return {"notice": notice.public_id, "removed": removed, "status": notice.status}
