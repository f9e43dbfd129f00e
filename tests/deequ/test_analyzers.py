"""Analyzers as the configuration names them, on Deequ's own cases, in as few runs as there are datasets."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.deequ.config import DeequConfig
from engine.deequ.jvm import Jvm
from engine.deequ.running import run
from engine.deequ.signatures import ANALYZERS
from tests.deequ.conftest import frame_from
from tests.deequ.golden import analyzer_entry, of_kind

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("deequ")]


NOT_IN_DEFAULT = {"eq-where"}
"""Cases of later releases: 2.0.7 cannot filter an exact quantile by a text. Patterns are tested as checks."""


def groups() -> list[list[dict[str, Any]]]:
    """Cases with one number as result, by their data."""
    found: dict[str, list[dict[str, Any]]] = {}
    for case in of_kind("analyzer"):
        value = case["expected"].get("value")
        name = case["target"]["name"]
        simple = isinstance(value, int | float) and name in ANALYZERS and not ANALYZERS[name].newer
        if case["id"] in NOT_IN_DEFAULT or "since" in case or "Patterns." in str(case["target"]):
            continue
        if simple and "columns" in case["input"] and all(case["input"]["columns"].values()):
            found.setdefault(json.dumps(case["input"], sort_keys=True), []).append(case)
    return list(found.values())


GROUPS = groups()


@pytest.mark.parametrize(
    "group",
    GROUPS,
    ids=lambda g: g[0]["id"] if g else "none",
)
def test_deequs_own_cases(jvm: Jvm, shared: Path, group: list[dict[str, Any]]) -> None:
    given = group[0]["input"]
    columns = {name: [_typed(v, given["types"][name]) for v in values] for name, values in given["columns"].items()}
    frame = frame_from(jvm, columns, given["types"])
    for case in group:
        config = DeequConfig.model_validate({"analyzers": [analyzer_entry(case["target"])]})
        metrics = run(jvm, frame, config).metrics
        value = case["expected"]["value"]
        assert metrics, case["id"]
        if not math.isnan(value):
            assert metrics[0].value == pytest.approx(value, rel=1e-6), case["id"]


def _typed(value: Any, kind: str) -> Any:
    if isinstance(value, str) and kind != "string":
        return Decimal(value) if kind.startswith("decimal") else float(value) if kind in ("double", "float") else value
    return value


def test_there_are_many() -> None:
    assert not GROUPS or sum(map(len, GROUPS)) > 50
