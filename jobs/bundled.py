"""The plugins that come with the engine, named for places where nothing is installed (a zip given to spark-submit).

An installation finds the same ones by its entry points (``setup.cfg``).
"""

from __future__ import annotations

from importlib.util import find_spec

from engine.plugins import bundle

BUNDLED: dict[str, str] = {
    "actions": "plugins.actions",
    "attribution": "plugins.attribution",
    "bias": "plugins.bias",
    "drift": "plugins.drift",
    "model_quality": "plugins.model_quality",
    "outliers": "plugins.outliers",
    "performance_estimation": "plugins.performance_estimation",
    "relations": "plugins.relations",
    "text": "plugins.text",
}
"""Modules of the bundled plugins by name."""


def bundle_plugins() -> None:
    """Make the bundled plugins known."""
    bundle({name: module for name, module in BUNDLED.items() if find_spec(module) is not None})
