"""A statement kept as a paper, and every movement of it proved by the program auditors get: the walk's last word."""

import subprocess
import sys
from datetime import datetime
from io import BytesIO
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings

from accounts.models import User
from catalog.models import RightsHolder
from ledger import services as ledger
from ledger.proofs import prove_posting
from ledger.publishing import publish, signer
from payouts import papers
from payouts import selectors as money
from payouts import services as payouts
from payouts.formats.statement_rows import movements_of, payments_of, read_head

PROGRAM = settings.BASE_DIR / "static" / "ledger" / "verify.py"


class NotProved(Exception):
    """A paper or a proof is not what it should be."""


def paper_with_proofs(*, holder: RightsHolder, by: User, now: datetime, signed_at: datetime) -> dict[str, Any]:
    """This will sign the log, keep the holder's whole statement, set its paper and check the proof of every movement.

    Raises: NotProved.
    """
    ledger.sequence_log()
    ledger.sign_checkpoint(signer=signer(), publish=publish, now=signed_at)
    start, end = money.statement_period(holder, now.date())
    kept = payouts.keep_statement(holder=holder, start=start, end=end, by=by, now=now)
    content = BytesIO(payouts.open_statement(kept))
    pdf = papers.statement_pdf(content, sha256=kept.sha256, number=kept.public_id, day=kept.made_at.date())
    point = read_head(content).checkpoint
    if not pdf.startswith(b"%PDF-") or point is None:
        raise NotProved("the paper is no PDF" if point else "the statement is under no checkpoint")
    movements = list(movements_of(content))
    for movement in movements:
        _prove(movement.posting)
    return {
        "statement": kept.public_id,
        "pdf_bytes": len(pdf),
        "payments": len(list(payments_of(content))),
        "checkpoint": point.size,
        "movements_proved": len(movements),
    }


def _prove(posting_id: int) -> None:
    with NamedTemporaryFile("w", suffix=".json") as file:
        file.write(prove_posting(posting_id).as_json(signer().vkey))
        file.flush()
        done = subprocess.run([sys.executable, "-I", PROGRAM, file.name], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotProved(f"verify.py says of posting {posting_id}: {done.stdout}{done.stderr}")
