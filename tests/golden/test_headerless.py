"""The data quality cases of which only documents are known: a headerless baseline, and that of a preprocessor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import engine
from engine.documents.statistics import Statistics
from engine.monitors.data_quality import DataQualityMonitor
from tests.monitors.document_metrics import metrics_from

NO_HEADER = {"format": "csv", "csv": {"header": False}}


def read(path: Path) -> Any:
    return json.loads(path.read_text())


def write_rows(path: Path, signs: list[int]) -> Path:
    """Rows of fractions with these signs."""
    path.write_text("\n".join(",".join(f"{sign * (row + 0.5)}" for sign in signs) for row in range(20)) + "\n")
    return path


def test_constraints_of_the_headerless_case(shared: Path, tmp_path: Path) -> None:
    """Its rows are not published; fractions with the signs that its constraints tell give the whole document."""
    theirs = read(shared / "golden" / "fraud-dq-headerless" / "constraints.json")
    signs = [1 if f["num_constraints"]["is_non_negative"] else -1 for f in theirs["features"]]
    engine.baseline(write_rows(tmp_path / "rows.csv", signs), output=tmp_path / "out", runner="inline", input=NO_HEADER)
    assert read(tmp_path / "out" / "constraints.json") == theirs


def test_violations_of_the_headerless_case(shared: Path, tmp_path: Path) -> None:
    """A batch of one column against the constraints of eight."""
    folder = shared / "golden" / "fraud-dq-headerless"
    engine.monitor(
        write_rows(tmp_path / "batch.csv", [1]),
        baseline={"constraints": folder / "constraints.json"},
        output=tmp_path / "out",
        runner="inline",
        input=NO_HEADER,
    )
    assert read(tmp_path / "out" / "constraint_violations.json") == read(folder / "constraint_violations.json")


def test_suggestion_of_the_preprocessed_case(shared: Path) -> None:
    """Its constraints were edited by hand afterwards: an override, a second column and old switches came in."""
    folder = shared / "golden" / "sdk-monitor-intro"
    statistics = Statistics.parse((folder / "statistics.json").read_text(), "statistics.json")
    theirs = read(folder / "constraints.json")["features"][0]
    del theirs["string_constraints"]["monitoring_config_overrides"]
    (ours,) = DataQualityMonitor().suggest(metrics_from(statistics), statistics).features
    assert ours.model_dump(exclude_none=True) == theirs


SCRIPT = """
def preprocess_handler(line):
    return {"message": "preproc-not-YET-supported-for-csv-json"}
"""


def test_run_of_the_preprocessed_case(shared: Path, tmp_path: Path) -> None:
    """A script that gives their one value gives their statistics; the column added by hand is missing."""
    folder = shared / "golden" / "sdk-monitor-intro"
    theirs = read(folder / "statistics.json")
    (tmp_path / "preprocessor.py").write_text(SCRIPT)
    (tmp_path / "rows.csv").write_text("1,2\n" * theirs["dataset"]["item_count"])
    result = engine.monitor(
        tmp_path / "rows.csv",
        baseline={key: folder / f"{key}.json" for key in ("statistics", "constraints")},
        output=tmp_path / "out",
        runner="inline",
        input={**NO_HEADER, "preprocessor": str(tmp_path / "preprocessor.py")},
    )
    ours = read(tmp_path / "out" / "statistics.json")
    assert ours["dataset"] == theirs["dataset"]
    ours["features"][0]["string_statistics"].pop("completeness")  # files of 2019 have no such key yet
    assert ours["features"] == theirs["features"]
    assert [v.constraint_check_type for v in result.violations] == ["missing_column_check"]
