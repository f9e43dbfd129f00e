"""Outputs of the closed container that are known as printed tables: first columns, six digits, first items of sketches."""

from __future__ import annotations

import itertools
import json
import re
from functools import reduce
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest

import engine
from engine.pipeline import JobResult
from tests.golden.printed_tables import Printed, agrees, rows

BASELINES = [
    ("cifar-data-quality", "validation_with_predictions.csv", "printed_outputs.txt", (79, 80)),
    ("churn-data-quality", "training-dataset-with-header.csv", "printed_outputs_2022-03.txt", (32, 33)),
]
TRAFFIC_BEFORE_THE_LOOP = 120
"""Requests that the notebook of the churn case sends once before it sends the whole file again and again."""


def printed(shared: Path, case: str, name: str) -> Printed:
    return Printed((shared / "golden" / case / name).read_text())


@pytest.mark.parametrize(("case", "data", "name", "cells"), BASELINES)
def test_a_baseline(shared: Path, tmp_path: Path, case: str, data: str, name: str, cells: tuple[int, int]) -> None:
    engine.baseline(shared / "golden" / case / data, output=tmp_path, runner="inline")
    for file, cell in zip(("statistics.json", "constraints.json"), cells, strict=True):
        features = json.loads((tmp_path / file).read_text())["features"]
        compared = 0
        for feature, row in zip(features, rows(printed(shared, case, name).table(cell)), strict=False):
            for path, text in row.items():
                value = reduce(lambda inner, key: inner[key], path.split("."), feature)
                assert agrees(value, text), (feature["name"], path, value, text)
                compared += 1
        assert compared >= 12


def capture(row: str, index: int) -> str:
    """A record as the endpoint captured it; the scores are not published, only that none is an integer."""
    members = {
        "endpointInput": {"observedContentType": "text/csv", "mode": "INPUT", "data": row, "encoding": "CSV"},
        "endpointOutput": {
            "observedContentType": "text/csv; charset=utf-8",
            "mode": "OUTPUT",
            "data": f"0.{1000 + index % 9000}5",
            "encoding": "CSV",
        },
    }
    event = {"eventId": f"{index}", "inferenceTime": "2022-03-24T00:23:04Z"}
    return json.dumps({"captureData": members, "eventMetadata": event, "eventVersion": "0"})


def churn_run(shared: Path, tmp_path: Path, requests: int) -> JobResult:
    """The monitoring run on as many requests as the printed share of the violations implies."""
    folder = shared / "golden" / "churn-data-quality"
    engine.baseline(folder / "training-dataset-with-header.csv", output=tmp_path / "baseline", runner="inline")
    sent = (folder / "test-dataset-input-cols.csv").read_text().splitlines()
    loop = itertools.islice(itertools.cycle(sent), requests - TRAFFIC_BEFORE_THE_LOOP)
    lines = [capture(row, index) for index, row in enumerate([*sent[:TRAFFIC_BEFORE_THE_LOOP], *loop])]
    (tmp_path / "captures.jsonl").write_text("\n".join(lines))
    return engine.monitor(
        tmp_path / "captures.jsonl", baseline=tmp_path / "baseline", output=tmp_path / "out", runner="inline"
    )


@pytest.mark.parametrize(
    ("name", "cell", "requests", "not_ours"),
    [
        ("printed_outputs_2022-03.txt", 52, 1919, 0),
        # The container of 2020 counted one violation more, which is not among those that were printed.
        ("printed_outputs_2020-11.txt", 51, 1412, 1),
    ],
)
def test_violations_of_the_churn_run(
    shared: Path, tmp_path: Path, name: str, cell: int, requests: int, not_ours: int
) -> None:
    found = churn_run(shared, tmp_path, requests)
    ours = [violation.model_dump() for violation in found.violations]
    theirs = list(rows(printed(shared, "churn-data-quality", name).table(cell)))
    assert len(theirs) == 10
    assert [row for row in theirs if row not in ours] == []
    (total,) = re.findall(r"with (\d+) violations", printed(shared, "churn-data-quality", name).text)
    assert len(ours) == int(total) - not_ours
    if not not_ours:
        assert found.message in printed(shared, "churn-data-quality", name).text


def abalone_table(shared: Path) -> dict[str, tuple[str, str]]:
    """Inferred type and drift of each column, as the visualising notebook prints them."""
    lines = (shared / "golden" / "abalone-data-drift" / "violations_table.txt").read_text().splitlines()
    cells = [line.split() for line in itertools.takewhile(lambda line: "cell 12" not in line, lines) if line[0] == "_"]
    return {feature: (kind, drift) for feature, kind, _completeness, drift, _categorical in cells}


def values(kind: str, size: int, shift: float) -> list[str]:
    """Quantiles of a normal distribution, or of zeros and ones, as the text of cells."""
    if kind == "Integral":
        return [str(index % 2) for index in range(size)]
    return [f"{NormalDist(shift, 1).inv_cdf((index + 0.5) / size):.6f}" for index in range(size)]


def write_table(path: Path, columns: dict[str, list[str]]) -> Path:
    path.write_text("\n".join([",".join(columns), *map(",".join, zip(*columns.values(), strict=True))]))
    return path


def test_drift_at_35_rows_and_none_of_columns_of_another_type(shared: Path, tmp_path: Path) -> None:
    """The rows are not published: ours have the types of theirs, and move the columns that moved there.

    Integers where fractions are expected fail the type check and get no drift, and Robust drift fires at 35 rows. The
    descriptions are read with the expressions of the notebook that printed the table.
    """
    table = abalone_table(shared)
    assert len(table) == 11
    reference = {name: values("Fractional", 2000, 0.0) for name in table}
    current = {
        name: values(kind, 35, 0.0 if drift == "N/A" and kind == "Fractional" else 1.5)
        for name, (kind, drift) in table.items()
    }
    engine.baseline(write_table(tmp_path / "train.csv", reference), output=tmp_path / "baseline", runner="inline")
    current_file = write_table(tmp_path / "current.csv", current)
    result = engine.monitor(current_file, baseline=tmp_path / "baseline", output=tmp_path / "out", runner="inline")
    found: dict[str, dict[str, Any]] = {}
    for violation in result.violations:
        found.setdefault(violation.constraint_check_type, {})[violation.feature_name or ""] = violation.description
    assert found.keys() == {"data_type_check", "baseline_drift_check"}
    assert found["data_type_check"].keys() == {name for name, (kind, _) in table.items() if kind == "Integral"}
    assert found["baseline_drift_check"].keys() == {name for name, (_, drift) in table.items() if drift != "N/A"}
    for description in found["baseline_drift_check"].values():
        distance = re.search("distance: (.+) exceeds", description)
        assert distance
        assert 0.1 < float(distance[1]) < 1
