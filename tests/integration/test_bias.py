"""Bias as users of Clarify run it: a processing job with its file, and the commands of the page."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.testing.applicants import write_applicants
from tests.integration.conftest import REPOSITORY, run_of_page

PAGE = (REPOSITORY / "docs" / "bias.md").read_text(encoding="utf-8")
CONFIG = {
    "dataset_type": "text/csv", "headers": ["sex", "age", "income", "years", "label", "prediction", "score"], "label": "label",
    "predicted_label": "prediction", "label_values_or_threshold": [1],
    "facet": [{"name_or_index": "sex", "value_or_threshold": ["f"]}],
    "group_variable": "age", "methods": {"pre_training_bias": {"methods": "all"}, "post_training_bias": {"methods": "all"}},
}  # fmt: skip


def container(root: Path, **variables: str) -> Any:
    environment = {**os.environ, "OPT_ML_ROOT": str(root), "MONITOR_RUNNER": "inline", **variables}
    return subprocess.run(
        [sys.executable, "-m", "jobs.sagemaker"],
        cwd=REPOSITORY,
        check=False,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_processing_job_of_clarify(tmp_path: Path) -> None:
    """No variable at all for the baseline, those of the platform for the run."""
    data, config = tmp_path / "processing" / "input" / "data", tmp_path / "processing" / "input" / "config"
    config.mkdir(parents=True)
    (config / "analysis_config.json").write_text(json.dumps(CONFIG))
    write_applicants(data / "a.csv", 1000, seed=1, header=False)
    done = container(tmp_path)
    assert done.returncode == 0, done.stderr
    output = tmp_path / "processing" / "output"
    found = json.loads((output / "analysis.json").read_text())
    assert list(found) == ["version", "post_training_bias_metrics", "pre_training_bias_metrics"]
    (output / "analysis.json").rename(tmp_path / "analysis.json")
    write_applicants(data / "a.csv", 1000, seed=2, unfair=0.3, header=False)
    schedule = {
        "analysis_type": "MODEL_BIAS", "baseline_constraints": str(tmp_path / "analysis.json"),
        "publish_cloudwatch_metrics": "Enabled",
        "sagemaker_monitoring_schedule_name": "s", "dataset_source": str(data), "output_path": str(output),
    }  # fmt: skip
    done = container(tmp_path, **schedule)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "output" / "message").read_text().startswith("CompletedWithViolations")
    violations = json.loads((output / "constraint_violations.json").read_text())["violations"]
    assert "DPPL" in {violation["metric_name"] for violation in violations}
    lines = (tmp_path / "output" / "metrics" / "cloudwatch" / "cloudwatch_metrics.jsonl").read_text()
    assert '"bias_metric_DPPL"' in lines


def test_a_broken_file_is_named_in_the_message(tmp_path: Path) -> None:
    config = tmp_path / "processing" / "input" / "config"
    config.mkdir(parents=True)
    (config / "analysis_config.json").write_text("{")
    assert container(tmp_path).returncode == 1
    message = (tmp_path / "output" / "message").read_text()
    assert "analysis_config.json is not JSON: line 1, column 2" in message


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_the_page_runs_as_printed(tmp_path: Path) -> None:
    write_applicants(tmp_path / "validated.csv", 2000, seed=1)
    write_applicants(tmp_path / "labelled.csv", 2000, seed=2, unfair=0.3)
    for name, text in re.findall(r"^```yaml ([\w.-]+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE):
        (tmp_path / name).write_text(re.sub(r"\b(validated\.csv|labelled\.csv|bias-\w+)\b", rf"{tmp_path}/\1", text))
    told = ""
    for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE):
        for line in block.splitlines():
            words = shlex.split(line)[1:]
            places = {
                name: str(tmp_path / name) for name in ("bias.yaml", "labelled.csv", "bias-baseline", "bias-report")
            }
            done = run_of_page(*(places.get(word, word) for word in words))
            assert done.returncode == 0, done.stderr
            told += done.stdout
    found = json.loads((tmp_path / "bias-report" / "constraint_violations.json").read_text())["violations"]
    shown = json.loads(re.findall(r"^```json\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)[0])
    assert shown["facet"] in {violation["facet"] for violation in found}
    assert shown["metric_name"] in {violation["metric_name"] for violation in found}
    assert shown.keys() == found[0].keys()
