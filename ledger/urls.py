"""Which address opens which door of `ledger`."""

from datetime import date

from django.urls import URLPattern, URLResolver, path, register_converter

from ledger import views


class DayConverter:
    """A day as in 2026-11-27."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """This will read the day. Raises: ValueError, which Django takes for no match."""
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        """This will write the day."""
        return str(value)


register_converter(DayConverter, "day")

app_name = "ledger"
urlpatterns: list[URLPattern | URLResolver] = [
    path("ledger/", views.check, name="check"),
    path("ledger/checkpoint", views.latest_checkpoint, name="latest_checkpoint"),
    path("ledger/checkpoints/<int:size>", views.checkpoint, name="checkpoint"),
    path("ledger/consistency/<int:first>/<int:second>", views.consistency, name="consistency"),
    path("ledger/days/<day:day>/", views.day, name="day"),
]
