"""The whole main job on one real report, without a browser: from the store's file to the store's acknowledgement.

Every step goes through the services the pages call, with the demo's cast, and compares its figures with what the steps
before promised. A step that finds another figure stops the walk.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from time import monotonic

from roms_portal.demo.people import people
from roms_portal.demo.world import claim_installation
from roms_portal.headless import work_off
from roms_portal.walkthrough import claim, payout, report, takedown
from roms_portal.walkthrough.state import Figures, Step, StepFailed, Walk

__all__ = ["STEPS", "Step", "StepFailed", "walk"]

STEPS: Sequence[tuple[str, Callable[[Walk], Figures]]] = (
    ("import", report.import_report),
    ("catalogue", report.catalogue_tracks),
    ("find", claim.find),
    ("claim", claim.file_claim),
    ("check", claim.check),
    ("approve", claim.approve),
    ("award", claim.award),
    ("remittance", payout.pay_note),
    ("statement", payout.keep_statement),
    ("payee", payout.enter_payee),
    ("payout", payout.pay_holder),
    ("paper", payout.prove_paper),
    ("opt_out", takedown.request_opt_out),
    ("grant", takedown.grant),
    ("notice", takedown.send_notice),
    ("acknowledge", takedown.acknowledge),
    ("verify", payout.check_ledger),
)


def walk(*, path: Path, code: str, now: datetime) -> Iterator[Step]:
    """This will take the steps one by one, giving each when it is done. Raises: StepFailed, NotADemo."""
    claim_installation()
    state = Walk(path, code, now, people())
    for name, step in STEPS:
        began = monotonic()
        figures = step(state)
        work_off(state.now)
        yield Step(name, figures, round(monotonic() - began, 3))
