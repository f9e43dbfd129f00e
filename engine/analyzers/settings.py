"""The settings of a metric, checked by a pydantic model made from its fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic.errors import PydanticSchemaGenerationError

from engine.analyzers.base import Metric
from engine.config_errors import explain_settings
from engine.errors import PluginError


def settings_model(cls: type[Metric]) -> type[BaseModel]:
    """A pydantic model of the fields declared with ``setting(...)``.

    Raises:
        PluginError: A setting has a type that cannot be checked.
    """
    hints = get_type_hints(cls, include_extras=True)
    fields: dict[str, Any] = {
        f.name: (hints[f.name], Field(f.default, **f.metadata.get("limits", {})))
        for f in dataclasses.fields(cls)
        if f.metadata.get("setting")
    }
    try:
        return create_model(cls.__name__, __config__=ConfigDict(extra="forbid", validate_default=True), **fields)
    except (PydanticSchemaGenerationError, TypeError) as error:
        raise PluginError(f"metric {cls.__name__}: a setting cannot be checked: {error}") from error


def validated_settings(cls: type[Metric], given: Mapping[str, Any], where: str) -> dict[str, Any]:
    """All settings of a metric: the user's where given, else the defaults.

    Args:
        cls: The metric.
        given: The user's choice.
        where: What they belong to, for messages.

    Raises:
        ConfigurationError: A setting is unknown or its value not allowed.
    """
    model = settings_model(cls)
    try:
        checked = model.model_validate(dict(given))
    except ValidationError as error:
        raise explain_settings(error, model, where) from None
    return {name: getattr(checked, name) for name in model.model_fields}
