"""What the settings of all actions have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class ActionSettings(BaseModel):
    """Read-only, and strict about its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
