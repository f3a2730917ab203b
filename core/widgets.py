"""Form fields as browsers know them."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """A day from the browser's own calendar, which takes and gives YYYY-MM-DD whatever language the page is in."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
