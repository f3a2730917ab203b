"""The shape of what a person types here."""

from sales.forms.report import DECISIONS, DecisionForm, ReasonForm, UploadForm

__all__ = ["DECISIONS", "DecisionForm", "ReasonForm", "UploadForm"]
