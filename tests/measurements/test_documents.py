"""Results and constraints of plugins in the documents: SageMaker's readers still read them, people may edit them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import engine
from engine import ColumnView, Measured, metric, setting
from engine.errors import BaselineError
from tests.monitors.test_sdk_readers import through_the_sdk


@metric(takes="number", worse="higher")
class Top:
    """Largest number, with the state of the baseline to compare with."""

    power: float = setting(default=1.0, gt=0, description="Exponent.")
    largest: float = 0.0

    def update(self, column: ColumnView) -> None:
        self.largest = max([self.largest, *column.numbers.tolist()])

    def merge(self, other: Any) -> None:
        self.largest = max(self.largest, other.largest)

    def result(self) -> float:
        return float(self.largest**self.power)

    def compare(self, baseline: Any) -> Measured:
        return Measured(self.result(), baseline.result(), distance=self.result() - baseline.result())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.csv").write_text("a,b\n" + "".join(f"{i},x\n" for i in range(100)))
    (tmp_path / "now.csv").write_text("a,b\n" + "".join(f"{2 * i},x\n" for i in range(100)))
    engine.baseline(tmp_path / "base.csv", output=tmp_path / "bl", runner="inline", metrics=[Top])
    return tmp_path


def run(folder: Path, **options: Any) -> Any:
    return engine.monitor(
        folder / "now.csv", baseline=folder / "bl", output=folder / "out", runner="inline", metrics=[Top], **options
    )


def test_documents_hold_them_beside_the_built_in_fields(folder: Path) -> None:
    statistics = json.loads((folder / "bl" / "statistics.json").read_text())
    assert [feature.get("metrics") for feature in statistics["features"]] == [{"top": {"value": 99.0}}, None]
    constraints = json.loads((folder / "bl" / "constraints.json").read_text())
    (found,) = [feature["metrics"]["top"] for feature in constraints["features"] if "metrics" in feature]
    assert found == {"threshold": pytest.approx(108.9), "comparison_operator": "GreaterThanThreshold"}


def test_sagemakers_readers_still_read_them(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAGEMAKER_SUPPRESS_V2_WARNING", "1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    sdk = pytest.importorskip("sagemaker.model_monitor", reason="needs version 2 of the SageMaker SDK")
    run(folder)
    text = (folder / "out" / "statistics.json").read_text()
    statistics = through_the_sdk(sdk.Statistics, text, monkeypatch)
    assert statistics.body_dict["features"][0]["metrics"]["top"]["value"] == 198.0
    text = (folder / "out" / "constraints.json").read_text()
    constraints = through_the_sdk(sdk.Constraints, text, monkeypatch)
    assert constraints.body_dict["features"][0]["metrics"] == {
        "top": {"threshold": pytest.approx(217.8), "comparison_operator": "GreaterThanThreshold"}
    }


def test_the_baselines_state_is_compared_with(folder: Path) -> None:
    result = run(folder)
    (found,) = [m for m in result.measurements if m.metric == "top"]
    assert (found.value, found.baseline, found.distance, found.status) == (198.0, 99.0, 99.0, "ok")
    (folder / "bl" / "states.json").unlink()
    (without,) = [m for m in run(folder).measurements if m.metric == "top"]
    assert (without.value, without.baseline, without.distance, without.status) == (198.0, 99.0, None, "violation")


def test_an_edited_constraint_holds(folder: Path) -> None:
    path = folder / "bl" / "constraints.json"
    document = json.loads(path.read_text())
    document["features"][0]["metrics"]["top"] = {
        "threshold": 10,
        "comparison_operator": "GreaterThanThreshold",
        "why": "x",
    }
    path.write_text(json.dumps(document))
    (violation,) = [v for v in run(folder).violations if v.constraint_check_type == "metric_check"]
    assert violation.description == "Metric top with 99.0 was greater than threshold 10.0"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"threshold": "high"}, "'threshold' is 'high'"),
        ({"threshold": 1, "comparison_operator": "Above"}, "'comparison_operator' is 'Above'"),
    ],
)
def test_a_constraint_that_is_not_legal_is_named(folder: Path, entry: dict[str, Any], message: str) -> None:
    path = folder / "bl" / "constraints.json"
    document = json.loads(path.read_text())
    document["features"][0]["metrics"]["top"] = entry
    path.write_text(json.dumps(document))
    with pytest.raises(BaselineError) as caught:
        run(folder)
    assert "constraints.json: metrics.top of a" in str(caught.value)
    assert message in str(caught.value)


def test_a_broken_state_file_is_named(folder: Path) -> None:
    (folder / "bl" / "states.json").write_text('{"table": {}}')
    with pytest.raises(
        BaselineError, match=r"states.json does not fit the metrics of this job .*Make the baseline again"
    ):
        run(folder)


def test_the_table_is_the_same_bytes_for_the_same_job(folder: Path) -> None:
    run(folder)
    first = (folder / "out" / "metrics.parquet").read_bytes()
    run(folder)
    assert (folder / "out" / "metrics.parquet").read_bytes() == first
    table = pq.read_table(folder / "out" / "metrics.parquet").to_pylist()
    assert {row["run"] for row in table} == {table[0]["run"]}
    assert {"completeness", "mean", "baseline_drift", "top"} <= {row["metric"] for row in table}
    named = run(folder, run_id="2026-01-31", input={"start": "2026-01-31T10:00:00Z"})
    assert named.documents
    (row, *_) = pq.read_table(folder / "out" / "metrics.parquet").to_pylist()
    assert (row["run"], row["window_start"].isoformat()) == ("2026-01-31", "2026-01-31T10:00:00+00:00")
