"""What the public reads, as rows."""

from register.models.entry import Entry, ReadUntil
from register.models.figure import Figure
from register.models.open_data import ForgottenFile, OpenFile
from register.models.passage import Passage, PassageText
