"""The shape of what a person types here."""

from sales.forms.mapping import CutForm, MappingForm, cut_initial, in_words, initial
from sales.forms.report import DECISIONS, CloseMonthForm, DecisionForm, ReasonForm, SnapshotForm, UploadForm
