"""How our JSON doors describe themselves in the OpenAPI document."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


class Schema(AutoSchema):
    """drf-spectacular's, which looks for the model of a related field; our shapes have none: their ids are texts."""

    def get_operation_id(self) -> str:
        """This will name an operation by its view, and by its noun where that leaves it out.

        `reports`, `post_reports`, `approve_claim`, `takedown_notices_acknowledge`.
        """
        name = type(self.view).__name__
        noun = self.path.removeprefix("/api/v1/").partition("/")[0].replace("-", "_")
        if noun.removesuffix("s") not in name:
            name = f"{noun}_{name}"
        return name if self.method == "GET" or len(self.view.allowed_methods) <= 2 else f"{self.method.lower()}_{name}"

    def _map_serializer_field(self, field: Any, direction: str, bypass_extensions: bool = False) -> Any:
        many = isinstance(field, serializers.ManyRelatedField)
        inner = field.child_relation if many else field
        if not isinstance(inner, serializers.SlugRelatedField) or hasattr(field.parent, "Meta"):
            return super()._map_serializer_field(field, direction, bypass_extensions)
        text: dict[str, Any] = {"type": "string"}
        if field.help_text:
            text["description"] = str(field.help_text)
        return {"type": "array", "items": text} if many else text
