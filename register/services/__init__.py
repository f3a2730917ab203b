"""What writes in the register: entries brought up to date, words redacted."""

from register.services.entry import read_on
from register.services.passage import (
    NotARedactor,
    NothingLeft,
    OwnCase,
    PassageError,
    publish_passage,
    show_original,
    withhold_passage,
)

__all__ = [
    "NotARedactor",
    "NothingLeft",
    "OwnCase",
    "PassageError",
    "publish_passage",
    "read_on",
    "show_original",
    "withhold_passage",
]
