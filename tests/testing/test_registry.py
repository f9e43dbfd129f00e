"""Every built-in analyzer and every metric of a bundled plugin keeps the rules: a new one is tested the day it is added."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest

import engine.analyzers
from engine.analyzers.base import Analyzer
from engine.analyzers.built_in import BUILT_IN
from engine.analyzers.sql_metric import SqlMetric
from engine.plugins import discover
from engine.testing import check_metric
from jobs.bundled import BUNDLED, bundle_plugins

bundle_plugins()
REGISTRY = discover()
SUBJECTS = {**BUILT_IN, SqlMetric.name: SqlMetric, **{plugin.name: plugin.cls for plugin in REGISTRY.of_kind("metric")}}
SETTINGS: dict[str, dict[str, object]] = {
    "equal_columns": {"left": "number", "right": "text"},
    "estimated_performance": {"score": "number"},
    "calibration_error": {"score": "number", "label": "text"},
    "sum_holds": {"parts": ["a", "b"], "total": "c"},
}
"""Of metrics whose settings have no defaults that make sense everywhere."""
NOT_STATED: dict[str, dict[str, str]] = {}
"""Expected failures by metric and check, each with its reason."""


@pytest.mark.parametrize("name", SUBJECTS)
def test_it_conforms(name: str) -> None:
    results = check_metric(SUBJECTS[name], settings=SETTINGS.get(name), expected_failures=NOT_STATED.get(name))
    assert [f"{result.name}: {result.reason}" for result in results if not result.passed] == []


def test_all_plugins_load() -> None:
    assert REGISTRY.failures == {}


def test_every_analyzer_is_in_the_registry() -> None:
    found = set()
    for module in pkgutil.iter_modules(engine.analyzers.__path__):
        for value in vars(importlib.import_module(f"engine.analyzers.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Analyzer) and value.__module__.endswith(module.name):
                found.add(value.name)
    assert found - {""} - set(SUBJECTS) == set()


def test_every_folder_of_plugins_is_bundled() -> None:
    folders = {
        path.name
        for path in (Path(__file__).resolve().parents[2] / "plugins").iterdir()
        if (path / "__init__.py").exists()
    }
    shared = {"clarify"}  # what two monitors share, and no plugin of its own
    assert {module.removeprefix("plugins.") for module in BUNDLED.values()} == folders - shared
