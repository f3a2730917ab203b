"""App `roms_portal`: the composition root."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers the checks of the installation."""

    name = "roms_portal"

    def ready(self) -> None:
        """This will make the checks known to Django."""
        from . import checks  # noqa: F401
