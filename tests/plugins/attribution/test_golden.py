"""Real outputs of Clarify: Kernel SHAP of a logistic model, within what repeated runs of the original differ by."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

import engine
from engine.documents.analysis import Analysis
from plugins.attribution.ranking import ndcg
from tests.plugins.bias.test_golden import logistic_model

pytestmark = pytest.mark.golden

BASELINE = [39, 2, 184870, 10, 10, 3, 6, 1, 4, 1, 1597, 61, 41, 37]
MODEL: list[tuple[npt.NDArray[np.float64], float]] = []


def predict(features: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The model of the notebook; the job calls it by this name."""
    weights, bias = MODEL[0]
    found: npt.NDArray[np.float64] = 1 / (1 + np.exp(-(features @ weights + bias)))
    return found


@pytest.mark.parametrize("name", ["shap-adult-endpoint", "shap-adult-batch"])
def test_kernel_shap(shared: Path, tmp_path: Path, name: str) -> None:
    case = shared / "golden" / name
    MODEL[:] = [logistic_model(shared / "golden" / "shap-adult-endpoint")]
    expected = json.loads((case / "analysis.json").read_text())["explanations"]["kernel_shap"]["label0"]
    headers = list(expected["global_shap_values"])
    settings = {
        "model": {"path": f"{__name__}:predict", "loader": "python"}, "headers": headers, "features": "features", "label": "label",
        "methods": {"shap": {"baseline": [{"features": BASELINE}], "num_samples": 100, "agg_method": "mean_abs"}},
    }  # fmt: skip
    shutil.copy(case / "validation-dataset.jsonl", tmp_path / "d.jsonl")
    engine.baseline(
        tmp_path / "d.jsonl", output=tmp_path / "out", runner="inline", monitor="attribution", settings=settings
    )
    found = json.loads((tmp_path / "out" / "analysis.json").read_text())["explanations"]["kernel_shap"]
    assert list(found) == ["label0"]
    assert list(found["label0"]) == list(expected)
    values = found["label0"]["global_shap_values"]
    assert list(values) == headers
    assert found["label0"]["expected_value"] == pytest.approx(expected["expected_value"], rel=1e-6)
    # How many samples the original took is not known; few of them add noise to small values.
    assert values == pytest.approx(expected["global_shap_values"], rel=0.06, abs=1e-3)
    assert (ndcg(expected["global_shap_values"], values) or 0) > 0.999


def test_two_runs_of_the_original_rank_alike(shared: Path) -> None:
    files = [shared / "golden" / name / "analysis.json" for name in ("shap-adult-endpoint", "shap-adult-batch")]
    runs = [
        json.loads(file.read_text())["explanations"]["kernel_shap"]["label0"]["global_shap_values"] for file in files
    ]
    assert ndcg(*runs) == pytest.approx(1, abs=1e-3)


def test_a_file_of_clarify_survives_a_round_trip(shared: Path) -> None:
    for file in [*shared.glob("golden/*/analysis.json"), *shared.glob("golden/examples-fraud-clarify/*/analysis.json")]:
        text = file.read_text()
        assert json.loads(Analysis.parse(text, str(file)).to_json()) == json.loads(text)
        assert Analysis.parse(text, str(file)).to_json() == text.rstrip("\n"), file
