"""The shape of what a person types here."""

from sales.forms.report import DECISIONS, CloseMonthForm, DecisionForm, ReasonForm, UploadForm

__all__ = ["DECISIONS", "CloseMonthForm", "DecisionForm", "ReasonForm", "UploadForm"]
