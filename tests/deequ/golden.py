"""Cases of Deequ's own behaviour, and what they are in our configuration."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import SHARED

FILE = SHARED / "golden" / "deequ_cases.json"
CASES: list[dict[str, Any]] = json.loads(FILE.read_text()) if FILE.exists() else []


def of_kind(*kinds: str) -> list[dict[str, Any]]:
    """Cases by kind of their target."""
    return [case for case in CASES if case["target"]["kind"] in kinds]


def cases(*kinds: str) -> pytest.MarkDecorator:
    """Parametrize over cases; one that is skipped where the reference data are not."""
    found = [pytest.param(case, id=case["id"]) for case in of_kind(*kinds)]
    return pytest.mark.parametrize("case", found or [pytest.param(None, marks=pytest.mark.skip("no reference data"))])


def check_entry(constraint: dict[str, Any], level: str) -> dict[str, Any]:
    """A constraint of a case as an entry of ``deequ.checks``."""
    first, *others = constraint["args"]
    columns = [*first, *others] if isinstance(first, list) else [first, *others]
    entry: dict[str, Any] = {"check": constraint["method"], "level": level.lower()}
    several = len(columns) > 1 or isinstance(first, list)
    entry |= {"columns": columns} if several else {"column": columns[0]}
    return entry | {key: constraint[key] for key in ("assertion", "where") if key in constraint}


def analyzer_entry(target: dict[str, Any]) -> dict[str, Any]:
    """The target of a case as an entry of ``deequ.analyzers``."""
    params = dict(target.get("params", {}))
    entry: dict[str, Any] = {"name": target["name"], "arguments": {}}
    pair = [params.pop(key) for key in ("firstColumn", "secondColumn", "numerator", "denominator") if key in params]
    if pair:
        entry["columns"] = pair
    kll = {key: params.pop(key) for key in ("sketchSize", "shrinkingFactor", "numberOfBuckets") if key in params}
    if kll:
        entry["arguments"]["kllParameters"] = kll
    entry["arguments"] |= params.pop("analyzerOptions", None) or {}
    if "maxDetailBins" in params:
        entry["arguments"]["maxBins"] = params.pop("maxDetailBins")
    for key, value in params.items():
        if key in ("column", "columns", "where"):
            if value:
                entry[key] = value
        elif value is not None:
            entry["arguments"][key] = value
    return entry
