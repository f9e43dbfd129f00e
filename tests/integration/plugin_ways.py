"""All ways in for one metric, run as a script of a user would: ``python -m tests.integration.plugin_ways FOLDER RUNNER [MASTER]``.

Prints, for each way, the violations, the CloudWatch line and the row of metrics.parquet as JSON.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

import engine

METRIC = '''import pyarrow.compute as pc

from engine import ColumnView, metric


@metric(takes="text", worse="higher")
class EmptyShare:
    """Share of texts that are empty."""

    empty: int = 0
    texts: int = 0

    def update(self, column: ColumnView) -> None:
        self.empty += pc.sum(pc.equal(column.valid, "")).as_py() or 0
        self.texts += len(column.valid)

    def result(self) -> float | None:
        return self.empty / self.texts if self.texts else None
'''
SQL = {"name": "empty_share", "sql": "avg(CASE WHEN trim(name) = '-' THEN 1 ELSE 0 END)"}


def ways(folder: Path, script: str) -> dict[str, dict[str, Any]]:
    """Options of a job by way in."""
    sys.path.insert(0, str(folder / "python"))
    return {
        "sql": {"metrics": [SQL]},
        "file": {"plugins": {"files": [str(folder / "empty_share.py")]}},
        "s3": {"plugins": {"files": [script]}},
        "package": {"metrics": ["packaged_empty_share"]},
        "python": {"metrics": [importlib.import_module("given_in_python").EmptyShare]},
    }


def write_inputs(folder: Path) -> None:
    """Data in which one text in ten is a dash, then half of them; the metric as a file, a module and an installed package."""
    for name, every in (("base", 10), ("now", 2)):
        rows = "".join(f"{i},{'-' if i % every == 0 else f'n{i % 300}'}\n" for i in range(1000))
        (folder / f"{name}.csv").write_text(f"id,name\n{rows}")
    metric = METRIC.replace('column.valid, ""', 'column.valid, "-"')
    (folder / "empty_share.py").write_text(metric)
    (folder / "python").mkdir()
    (folder / "python" / "given_in_python.py").write_text(metric)
    package = folder / "site" / "packaged"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(
        "from packaged.metrics import PackagedEmptyShare\n\n__all__ = ['PackagedEmptyShare']\n"
    )
    (package / "metrics.py").write_text(metric.replace("class EmptyShare", "class PackagedEmptyShare"))
    info = folder / "site" / "packaged-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: packaged\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[engine.plugins]\npackaged = packaged\n")


def run(folder: Path, runner: Any, script: str) -> dict[str, Any]:
    """Baseline and run by every way."""
    found = {}
    for way, options in ways(folder, script).items():
        output = folder / way
        engine.baseline(folder / "base.csv", output=output / "baseline", runner=runner, **options)
        cloudwatch = {"enabled": True, "metrics_dir": str(output / "metrics"), "metric_time": "2026-01-31T10:00:00Z"}
        result = engine.monitor(
            folder / "now.csv", baseline=output / "baseline", output=output / "out", runner=runner, cloudwatch=cloudwatch,
            **options,
        )  # fmt: skip
        rows = pq.read_table(output / "out" / "metrics.parquet").to_pylist()
        lines = (output / "metrics" / "cloudwatch_metrics.jsonl").read_text().splitlines()
        emitted = [json.loads(line) for line in lines if "empty_share" in line]
        found[way] = {
            "violations": [v.description for v in result.violations if v.constraint_check_type == "metric_check"],
            "cloudwatch": [line["Value"] for line in emitted],
            "rows": [
                [row["value"], row["baseline"], row["threshold"], row["status"]]
                for row in rows
                if "empty" in row["metric"]
            ],
            "statistics": (output / "out" / "statistics.json").read_text().count("empty_share"),
            "failures": [str(failure) for failure in result.failures],
        }
    return found


if __name__ == "__main__":
    where, kind, s3, *master = sys.argv[1:]
    if master:
        from engine.execution.spark import SparkRunner

        with SparkRunner(master[0]):
            print(json.dumps(run(Path(where), kind, s3)))
    else:
        print(json.dumps(run(Path(where), kind, s3)))
