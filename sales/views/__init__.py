"""The store's and the society's pages about what was sold."""

from sales.views.report import decide_report, report, report_line, report_progress, reports

__all__ = ["decide_report", "report", "report_line", "report_progress", "reports"]
