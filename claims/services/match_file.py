"""A file of matches: every row says what it would do, or did. Keys matched before are corrected, with their money.

All corrections of a file to the same track are one correction, so that a long file does not slip below the limit above
which a second person must confirm.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from accounts.models import User
from catalog import services as catalog
from catalog.models import Track
from claims import selectors
from claims.reasons import words
from claims.services.correction import ask_correction, rematch_of
from claims.services.errors import NotAReviewer, Refused
from claims.services.unmatched import Act, Choice, decide_keys, find_track
from core.ids import BadPublicId, normalise_public_id
from sales.formats.match_file import MatchRow
from sales.models import Licensee, StoreKey


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What a row does: matched, moved, withdrawn, asked (a second person), same, refused; `problem` in words."""

    row: MatchRow
    does: str
    key: StoreKey | None = None
    track: Track | None = None
    problem: str = ""
    case: str = ""


def apply_match_file(
    *,
    rows: Sequence[MatchRow],
    licensee: Licensee | None,
    by: User,
    now: datetime,
    name: str,
    is_dry_run: bool,
) -> list[FileOutcome]:
    """This will match, correct and withdraw what a file says, row by row, or only say what it would do.

    Keys are the portal's own (KEY-...) or, with `licensee`, those of the store. Raises: NotAReviewer.
    """
    if not selectors.may_match(by):
        raise NotAReviewer
    planned = _without_repeats([_plan(row, licensee) for row in rows])
    if is_dry_run:
        return planned
    corrected: dict[int | None, list[FileOutcome]] = defaultdict(list)
    done: dict[int, FileOutcome] = {}
    for each in planned:
        if each.does == "matched":
            done[each.row.number] = _match(each, by, now, name)
        elif each.does in ("moved", "withdrawn"):
            corrected[each.track.pk if each.track else None].append(each)
    for group in corrected.values():
        done |= {each.row.number: each for each in _correct(group, by, now, name)}
    return [done.get(each.row.number, each) for each in planned]


def _plan(row: MatchRow, licensee: Licensee | None) -> FileOutcome:
    if row.fault:
        return FileOutcome(row, "refused", problem=words(row.fault))
    key = _key(row.key, licensee)
    if key is None:
        return FileOutcome(row, "refused", problem=words("no_such_key"))
    if key.kind != StoreKey.Kind.TRACK:
        return FileOutcome(row, "refused", key, problem=words("not_a_track_key"))
    if not row.track:
        return FileOutcome(row, "withdrawn" if key.track_id else "same", key)
    try:
        track = find_track(row.track)
    except Refused as refusal:
        return FileOutcome(row, "refused", key, problem=str(refusal))
    if key.track_id is None:
        return FileOutcome(row, "matched", key, track)
    return FileOutcome(row, "same" if key.track_id == track.pk else "moved", key, track)


def _without_repeats(planned: list[FileOutcome]) -> list[FileOutcome]:
    """This will refuse a key's second row: which of them is meant nobody knows."""
    seen: set[int] = set()
    kept = []
    for each in planned:
        if each.key is not None and each.key.pk in seen:
            each = replace(each, does="refused", problem=words("repeated_key"))
        elif each.key is not None:
            seen.add(each.key.pk)
        kept.append(each)
    return kept


def _key(text: str, licensee: Licensee | None) -> StoreKey | None:
    keys = StoreKey.objects.select_related("licensee", "track")
    try:
        return keys.filter(public_id=normalise_public_id(text, "KEY")).first()
    except BadPublicId:
        pass
    return keys.filter(licensee=licensee, key=text, kind=StoreKey.Kind.TRACK).first() if licensee else None


def _match(each: FileOutcome, by: User, now: datetime, name: str) -> FileOutcome:
    assert each.key is not None
    assert each.track is not None
    choice = Choice(each.key, Act.MATCH, (each.track.public_id,))
    (outcome,) = decide_keys(choices=[choice], by=by, now=now, reason=name)
    return replace(each, does="refused", problem=outcome.problem) if outcome.problem else each


def _correct(group: Sequence[FileOutcome], by: User, now: datetime, name: str) -> list[FileOutcome]:
    keys = [each.key for each in group if each.key is not None]
    try:
        with transaction.atomic():
            case = ask_correction(correction=rematch_of(group[0].track), keys=keys, by=by, now=now, reason=name)
    except (Refused, catalog.CatalogueError) as refusal:
        return [replace(each, does="refused", problem=str(refusal)) for each in group]
    waits = case.status != case.Status.DONE
    return [replace(each, does="asked" if waits else each.does, case=case.public_id) for each in group]
