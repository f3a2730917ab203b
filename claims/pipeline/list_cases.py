"""Lines of a claim or an opt-out, however many: written by one statement from ids, from other lines, or from a list."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from claims.models import Claim, ClaimLine, OptOut, RepertoireList

CHOSEN = """
SELECT DISTINCT coalesce(t.merged_into_id, t.id) AS track_id
FROM claims_repertoirerow r JOIN catalog_track t ON t.id = r.track_id
WHERE r.list_id = %(list)s AND r.is_chosen AND r.outcome <> 'mine'
"""
"""What is recorded for the holder already is not claimed again; it can still be taken out of the stores."""
NAMED = "SELECT DISTINCT unnest(%(ids)s::bigint[]) AS track_id"
BEFORE = "SELECT DISTINCT track_id FROM line_track"
CLAIM_LINES = """
INSERT INTO claims_claimline
    (claim_id, track_id, "right", percent, territories_id, start, "end", outcome, outcome_reason)
SELECT %(claim)s, c.track_id, p."right", p.percent, %(territories)s, %(start)s, %(end)s, 'pending', ''
FROM ({chosen}) c JOIN catalog_track t ON t.id = c.track_id
CROSS JOIN unnest(%(rights)s::text[], %(percents)s::numeric[]) AS p ("right", percent)
ORDER BY t.artist, t.title, c.track_id, p."right"
"""
"""In the order in which pages show them, so that a page of 100,000 lines need not sort them."""
OPT_OUT_LINES = """
WITH numbered AS (
    SELECT r.*, coalesce(t.merged_into_id, t.id) AS known, max(r.row_no) OVER () AS highest,
        CASE WHEN r.is_chosen THEN row_number() OVER (
            PARTITION BY coalesce(t.merged_into_id, t.id), r.is_chosen ORDER BY r.row_no, r.place) END AS turn
    FROM claims_repertoirerow r LEFT JOIN catalog_track t ON t.id = r.track_id WHERE r.list_id = %(list)s
)
INSERT INTO claims_optoutline (opt_out_id, row_no, typed, found_by, track_id, candidates, outcome, outcome_reason)
SELECT %(opt_out)s,
    CASE WHEN place = 0 THEN row_no ELSE highest + row_number() OVER (ORDER BY place = 0, row_no, place) END,
    typed, left(found_by, 12), CASE WHEN turn = 1 THEN known END, '{}',
    CASE WHEN turn = 1 THEN 'pending' ELSE 'unknown' END,
    CASE WHEN turn = 1 THEN '' WHEN turn > 1 OR outcome = 'duplicate' THEN 'repeated_row'
        WHEN known IS NULL THEN 'unknown_row' WHEN outcome = 'withdrawn' THEN 'already_out'
        ELSE 'not_chosen' END
FROM numbered WHERE place = 0 OR is_chosen
"""
SETTLE = """
UPDATE claims_optoutline l SET outcome = 'unknown', outcome_reason = CASE
    WHEN s.track_id IS NULL AND cardinality(l.candidates) > 0 THEN 'ambiguous_row'
    WHEN s.track_id IS NULL THEN 'unknown_row' ELSE 'repeated_row' END
FROM (
    SELECT id, track_id, row_number() OVER (PARTITION BY track_id ORDER BY row_no) AS turn
    FROM claims_optoutline WHERE opt_out_id = %(opt_out)s AND outcome = 'pending'
) s
WHERE l.id = s.id AND (s.track_id IS NULL OR s.turn > 1)
"""


OUTCOMES = """
UPDATE claims_claimline l
SET outcome = v.outcome, outcome_reason = v.reason, granted_percent = v.granted, share_id = v.share
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::numeric[], %s::bigint[])
    AS v (id, outcome, reason, granted, share)
WHERE l.id = v.id
"""


def write_outcomes(lines: Sequence[ClaimLine]) -> None:
    """This will write what became of these lines: outcome, reason, what was granted and the share, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            OUTCOMES,
            [
                [line.pk for line in lines],
                [str(line.outcome) for line in lines],
                [line.outcome_reason for line in lines],
                [line.granted_percent for line in lines],
                [line.share_id for line in lines],
            ],
        )


def write_claim_lines(
    claim: Claim,
    *,
    percents: Mapping[str, Decimal],
    territories_id: int,
    start: date | None,
    end: date | None,
    track_ids: Collection[int] | None = None,
) -> int:
    """This will write a line per track and right, in the place of those there are; returns how many.

    The tracks are `track_ids`; without them those chosen in the claim's list, or those the claim has.
    """
    wanted: dict[str, Any] = {
        "claim": claim.pk,
        "list": claim.repertoire_id,
        "ids": sorted(set(track_ids or ())),
        "rights": list(percents),
        "percents": list(percents.values()),
        "territories": territories_id,
        "start": start,
        "end": end,
    }
    source = NAMED if track_ids is not None else CHOSEN if claim.repertoire_id else BEFORE
    with connection.cursor() as cursor:
        if source == BEFORE:
            cursor.execute(
                "CREATE TEMP TABLE line_track ON COMMIT DROP AS"
                " SELECT DISTINCT track_id FROM claims_claimline WHERE claim_id = %(claim)s",
                wanted,
            )
        cursor.execute("DELETE FROM claims_claimline WHERE claim_id = %(claim)s", wanted)
        cursor.execute(CLAIM_LINES.format(chosen=source), wanted)
        written = cursor.rowcount
        if source == BEFORE:
            cursor.execute("DROP TABLE line_track")
    return written


def write_opt_out_lines(opt_out: OptOut, found: RepertoireList) -> None:
    """This will write every row of a list as a line: the chosen ones open, the others with why nothing leaves."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM claims_optoutline WHERE opt_out_id = %s", [opt_out.pk])
        cursor.execute(OPT_OUT_LINES, {"list": found.pk, "opt_out": opt_out.pk})


def settle_opt_out_lines(opt_out: OptOut) -> None:
    """This will say of every open line without a track of its own why nothing leaves for it."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, {"opt_out": opt_out.pk})
