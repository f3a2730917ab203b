"""A holder of very many tracks and a reviewer on its claim: every page of them (`python -m bench.bench_holder`).

    ROMS_BENCH_CLAIMED=100000 python -m bench.bench_holder

Two reports with a line for every track are taken in; one holder claims all tracks and is awarded them; a second claim
on all of them is under review. The pages lead from the balance through entries and an accrual to the report and its
lines, and through the claim, its review and the home pages. One reader asks, one page after the other.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from bench.bench_distribution import ANALYZE
from bench.clients import ask, running_web
from bench.goals import said
from bench.world import load_catalogue, names_of, run, running_portal

TRACKS = int(os.environ.get("ROMS_BENCH_CLAIMED", "100000"))
SECONDS = 4.0
GOAL = 0.3

BUILD = """
import json, django
django.setup()
from decimal import Decimal
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from catalog.models import Track
from claims import services
from claims.models import Claim
from payouts import selectors
from tests import factories
from tests.conftest import person
alice, charlie, rita, sofia = person("alice"), person("charlie"), person("rita"), factories.a_colleague("sofia")
frank = person("frank")
tracks = Track.objects.order_by("pk")
store = factories.a_licensee()
codes = list(tracks.values_list("pk", "title", "artist", "isrcs__isrc"))
for month in ("2006-10", "2006-11"):
    factories.a_report(store, factories.flat_lines(*(
        {"DspResourceId": f"T{pk}", "Title": title, "DisplayArtistName": artist, "ISRC": isrc, "Usages": 1 + pk % 5}
        for pk, title, artist, isrc in codes
    ), month=month))
label, rival = factories.a_holder("Label", owner=alice), factories.a_holder("Rival", owner=charlie)
terms = services.Terms(percents={"owns_master": Decimal(100)}, territories=factories.the_world())
ids = [pk for pk, *_ in codes]
def filed(by, holder):
    claim = services.create_draft(holder=holder, track_ids=ids, terms=terms, by=by, now=timezone.now())
    claim = services.file_claim(claim=claim, signature="Alice Example", language="en", by=by, now=timezone.now())
    return services.start_review(claim=claim, by=rita, now=timezone.now())
won = filed(alice, label)
services.approve_claim(claim=won, by=rita, now=timezone.now())
if services.open_proposal(won):
    services.confirm_decision(claim=won, by=sofia, now=timezone.now())
while services.award_claim(claim_id=won.pk, now=timezone.now()):
    pass
won.refresh_from_db()
asked = filed(charlie, rival)
def cookie(user):
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
from sales.models import SalesReport
report = SalesReport.objects.order_by("pk").first()
track = tracks[len(ids) // 2]
money = f"/money/{label.public_id}"
bands = [f"{money}/in/{band.place}/{band.currency}/" for band in selectors.bands(label)]
last = f"?page={len(ids) // 50}"
of_holder = {
    "home": "/home/",
    "balance": f"{money}/",
    "tracks of a balance": bands[0],
    "their last page": bands[0] + last,
    "entries": f"{money}/tracks/{track.public_id}/phonogram/",
    "accrual and lines": f"{money}/tracks/{track.public_id}/phonogram/{report.public_id}/",
    "statement": f"{money}/statement/?start=2000-01-01&end=2100-01-01",
    "payments": f"{money}/payments/",
    "claims": "/claims/",
    "claim": f"/claims/{won.public_id}/",
    "its last lines": f"/claims/{won.public_id}/" + last,
    "receipt": f"/claims/{won.public_id}/receipt/",
    "holder": f"/owners/{label.public_id}/",
    "track": f"/tracks/{track.public_id}/",
}
of_reviewer = {
    "home": "/home/",
    "queue": "/review/",
    "claim to decide": f"/review/claims/{asked.public_id}/",
    "its last lines": f"/review/claims/{asked.public_id}/" + last,
    "claim awarded": f"/review/claims/{won.public_id}/",
    "claims alike": "/review/groups/",
    "small claims": "/review/batches/",
    "unmatched": "/unmatched/",
    "report": f"/reports/{report.public_id}/",
    "line": f"/reports/{report.public_id}/files/1/lines/{len(ids) // 2}/",
}
of_finance = {"home": "/home/", "batches": "/finance/payouts/", "amounts due": "/finance/amounts-due/"}
people = (("holder", alice, of_holder), ("reviewer", rita, of_reviewer), ("finance", frank, of_finance))
print(json.dumps([won.status, [[who, cookie(user), pages] for who, user, pages in people]]))
"""


def main() -> None:
    """This will print the figures of one run."""
    with tempfile.TemporaryDirectory(prefix="roms-bench-") as folder, running_portal(Path(folder)) as environment:
        load_catalogue(Path(folder), [names_of(number) for number in range(1, TRACKS + 1)], environment)
        status, people = json.loads(run(BUILD, environment=environment).splitlines()[-1])
        run(ANALYZE, environment=environment | {"ROMS_DB_ROLE": "owner"})
        slow = []
        with running_web(environment) as port:
            for who, cookie, pages in people:
                for what, path in pages.items():
                    ask(port, [path], seconds=1.0, clients=1, cookie=cookie)
                    found = ask(port, [path], seconds=SECONDS, clients=1, cookie=cookie)
                    sys.stdout.write(
                        f"{who:<9} {what:<20} median {found.median * 1000:>7.1f} ms  p95 {found.p95 * 1000:>7.1f} ms\n"
                    )
                    sys.stdout.flush()
                    if found.p95 > GOAL:
                        slow.append(f"{who}: {what}")
    over = ", ".join(slow) or "none"
    figure = f"pages over {GOAL * 1000:.0f} ms p95 of a holder of {TRACKS:,} tracks ({status}): {over}"
    sys.stdout.write(said("P12", figure, is_reached=not slow) + "\n")


if __name__ == "__main__":
    main()
