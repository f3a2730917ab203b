"""What the public reads of the register."""

from register.selectors.entry import (
    CASES_MAX,
    Asked,
    Found,
    Leaving,
    changed_at,
    entry_by_number,
    entry_changed_at,
    find,
    history,
    related,
    state_choices,
    state_words,
    stores,
    stores_of,
    titles,
    tracks_left,
    words_published,
)
from register.selectors.passage import passages_waiting

__all__ = [
    "CASES_MAX",
    "Asked",
    "Found",
    "Leaving",
    "changed_at",
    "entry_by_number",
    "entry_changed_at",
    "find",
    "history",
    "passages_waiting",
    "related",
    "state_choices",
    "state_words",
    "stores",
    "stores_of",
    "titles",
    "tracks_left",
    "words_published",
]
