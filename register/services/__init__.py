"""What writes in the register: entries brought up to date, words redacted."""

from register.services.copy import write_copy
from register.services.entry import read_on
from register.services.figure import record_day, record_figures
from register.services.open_data import forget_files, publish_day
from register.services.passage import (
    NotARedactor,
    NothingLeft,
    OwnCase,
    PassageError,
    publish_passage,
    show_original,
    withhold_passage,
)
