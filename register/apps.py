"""App `register`: what anybody may read: the register of opt-outs, open data, dated figures. Nothing below knows it."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "register"
    default_auto_field = "django.db.models.BigAutoField"
