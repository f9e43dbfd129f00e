"""How published files, old documentation and samples spell the keys and values of ``constraints.json``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

KEYS = {"comparion_method": "comparison_method", "enable_comparisons": "perform_comparison"}
"""A misprint of the documentation until November 2020, and a name from before the release."""

IGNORED_KEYS = ("min_domain_mass",)
"""Names from before the release without a meaning today."""

METHODS = {"robust": "Robust", "simple": "Simple", "linf_robust": "Robust", "linf_simple": "Simple"}
DRIFT_METHODS = {"linfinity": "LInfinity", "chisquared": "ChiSquared", "chisquare": "ChiSquared"}
TYPES = {"integral": "Integral", "fractional": "Fractional", "string": "String", "unknown": "Unknown"}
SWITCHES = {"enabled": "Enabled", "disabled": "Disabled", "true": "Enabled", "false": "Disabled"}


def canonical_keys(body: Any, declared: Mapping[str, Any]) -> Any:
    """Rename keys to the declared names; unknown ones stay. A canonical key beside its alias wins."""
    if not isinstance(body, Mapping):
        return body
    renamed: dict[str, Any] = {}
    for key, value in body.items():
        name = _canonical(str(key), declared)
        if name == key or (name not in body and name not in renamed):
            renamed[name] = value
    return renamed


def _canonical(key: str, declared: Mapping[str, Any]) -> str:
    snake = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", key).lower()
    for candidate in (snake, KEYS.get(snake, snake)):
        if candidate in declared:
            return candidate
    return key


def canonical_value(value: Any, spellings: Mapping[str, str]) -> Any:
    """The canonical spelling of a value, whatever its case; an unknown one as it is, for the validator to refuse."""
    if isinstance(value, (str, bool)):
        return spellings.get(str(value).lower().replace("-", "_"), value)
    return value
