"""The store's and the society's pages about what was sold."""

from sales.views.calendar import calendar
from sales.views.mapping import mapping, mapping_template, mapping_templates, retire_template
from sales.views.month import months, reopen_month
from sales.views.report import (
    correction_file,
    decide_report,
    report,
    report_line,
    report_progress,
    reports,
    reprocess_report,
)
from sales.views.snapshot import snapshots
