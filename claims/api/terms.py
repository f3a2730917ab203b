"""What is claimed, over JSON: percents, where, when, and what shall happen with the money."""

from typing import Any

from rest_framework import serializers

from catalog import territories
from catalog.models import Authority, RightsShare
from claims import services


class PercentsShape(serializers.Serializer[Any]):
    """What you did, each with your percent of it."""

    owns_master = serializers.DecimalField(max_digits=9, decimal_places=6, required=False)
    performed = serializers.DecimalField(max_digits=9, decimal_places=6, required=False)
    wrote = serializers.DecimalField(max_digits=9, decimal_places=6, required=False)


class TermsShape(serializers.Serializer[Any]):
    """What is claimed, where and when, and what shall happen."""

    percents = PercentsShape()
    choice = serializers.ChoiceField(choices=RightsShare.Choice.choices, default=RightsShare.Choice.PAY)
    territories = serializers.ListField(
        child=serializers.CharField(max_length=8), required=False, help_text="Codes; none: everywhere."
    )
    start = serializers.DateField(required=False, allow_null=True)
    end = serializers.DateField(required=False, allow_null=True, help_text="Half-open; none: later use too.")

    def validate_territories(self, codes: list[str]) -> list[str]:
        try:
            if codes:
                territories.resolve_bits([code.upper() for code in codes])
        except (territories.UnknownTerritory, territories.EmptyTerritorySet) as error:
            raise serializers.ValidationError(f"Not a territory: {error}", code="unknown") from error
        return [code.upper() for code in codes]


class SignatureShape(serializers.Serializer[Any]):
    """The typed signature; `text_sha256` is the wording you have read, see /claims/attestation/."""

    signature = serializers.CharField(max_length=200)
    text_sha256 = serializers.CharField(max_length=64)
    language = serializers.CharField(max_length=12, default="en")


def terms_of(form: dict[str, Any], *, standing: str, authority: Authority | None) -> services.Terms:
    """This will put what was sent into the words of the service."""
    codes = form.get("territories")
    return services.Terms(
        percents={role: percent for role, percent in form["percents"].items() if percent is not None},
        territories=territories.resolve(codes) if codes else territories.worldwide(),
        start=form.get("start"),
        end=form.get("end"),
        standing=standing,
        choice=form["choice"],
        authority=authority,
    )


def require_present_wording(form: dict[str, Any]) -> None:
    """This will stop a signature under another wording than the present. Raises: ValidationError."""
    text = services.attestation_text("claim", form["language"])
    if text.sha256 != form["text_sha256"]:
        raise serializers.ValidationError({"text_sha256": "This is not the present wording."}, code="other_wording")
