"""What authors of plugins test with: the conformance kit, and synthetic captures.

The names are imported when first used: pytest loads this package wherever the engine is installed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.testing.conformance import CheckResult, check_metric, checks_for
    from engine.testing.parametrize import metric_checks

__all__ = ["CheckResult", "check_metric", "checks_for", "metric_checks"]

_HOME = {
    "CheckResult": "conformance",
    "check_metric": "conformance",
    "checks_for": "conformance",
    "metric_checks": "parametrize",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'engine.testing' has no attribute {name!r}")
    return getattr(import_module(f"engine.testing.{_HOME[name]}"), name)
