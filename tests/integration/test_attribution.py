"""Attribution on Spark, in a processing job, and as its page says."""

from __future__ import annotations

import json
import re
import shlex
import warnings
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.testing.applicants import write_applicants
from tests.integration.conftest import REPOSITORY, run_of_page
from tests.integration.test_bias import container

PAGE = (REPOSITORY / "docs" / "attribution.md").read_text(encoding="utf-8")


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_a_linear_model_on_spark(tmp_path: Path) -> None:
    """Its values are known: the coefficient times the distance from the mean of the background."""
    import joblib
    from sklearn.linear_model import LinearRegression

    rng = np.random.default_rng(0)
    x = rng.normal(size=(500, 3))
    model = LinearRegression().fit(x, x @ [3.0, -1.0, 0.5])
    joblib.dump(model, tmp_path / "model")
    lines = ["a,b,c", *(",".join(map(repr, row)) for row in x.tolist())]
    (tmp_path / "d.csv").write_text("\n".join(lines) + "\n")
    settings = {
        "model": {"path": str(tmp_path / "model"), "loader": "sklearn"}, "headers": ["a", "b", "c"],
        "methods": {"shap": {"baseline": [[0, 0, 0], [1, 2, 3]]}},
    }  # fmt: skip
    texts = []
    for runner in ("spark", "inline"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            engine.baseline(
                tmp_path / "d.csv", output=tmp_path / runner, runner=runner, monitor="attribution", settings=settings,
                input={"split_bytes": 8000},
            )  # fmt: skip
        texts.append((tmp_path / runner / "analysis.json").read_text())
    assert texts[0] == texts[1]
    block = json.loads(texts[0])["explanations"]["kernel_shap"]["label0"]
    exact = np.abs(model.coef_ * (x - [0.5, 1.0, 1.5])).mean(axis=0)
    assert list(block["global_shap_values"].values()) == pytest.approx(exact.tolist(), rel=1e-6)
    assert block["expected_value"] == pytest.approx(float(model.predict([[0.5, 1.0, 1.5]])[0]))


def test_a_processing_job(tmp_path: Path) -> None:
    data, config = tmp_path / "processing" / "input" / "data", tmp_path / "processing" / "input" / "config"
    config.mkdir(parents=True)
    description = {
        "dataset_type": "text/csv", "headers": ["sex", "age", "income", "years", "label", "prediction", "score"], "label": "label",
        "methods": {"shap": {"baseline": [[40, 40, 10]]}, "report": {"name": "report"}},
        "model": {"path": "engine.testing.applicants:scores", "loader": "python"}, "predictor": {"model_name": "m"},
    }  # fmt: skip
    (config / "analysis_config.json").write_text(json.dumps(description | {"headers": ["age", "income", "years"]}))
    for name, spread in (("before", 40.0), ("after", 0.5)):
        rows = write_applicants(tmp_path / "all.csv", 200, seed=1, spread=spread, header=False).read_text().splitlines()
        data.mkdir(exist_ok=True)
        (data / "a.csv").write_text("".join(",".join(row.split(",")[1:4]) + "\n" for row in rows))
        variables = {} if name == "before" else {
            "analysis_type": "MODEL_EXPLAINABILITY", "baseline_constraints": str(tmp_path / "analysis.json"),
            "dataset_source": str(data), "output_path": str(tmp_path / "processing" / "output"),
        }  # fmt: skip
        done = container(tmp_path, **variables)
        assert done.returncode == 0, done.stderr
        if name == "before":
            (tmp_path / "processing" / "output" / "analysis.json").rename(tmp_path / "analysis.json")
    assert (tmp_path / "output" / "message").read_text().startswith("CompletedWithViolations")


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_the_page_runs_as_printed(tmp_path: Path) -> None:
    write_applicants(tmp_path / "training.csv", 500, seed=1, spread=40)
    write_applicants(tmp_path / "requests.csv", 500, seed=2, spread=0.5)
    for name, text in re.findall(r"^```yaml ([\w.-]+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE):
        (tmp_path / name).write_text(re.sub(r"\b(training\.csv|attribution-baseline)\b", rf"{tmp_path}/\1", text))
    for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE):
        for line in block.splitlines():
            names = ("attribution.yaml", "requests.csv", "attribution-baseline", "attribution-report")
            places = {name: str(tmp_path / name) for name in names}
            done = run_of_page(*(places.get(word, word) for word in shlex.split(line)[1:]))
            assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "attribution-report" / "constraint_violations.json").read_text())["violations"]
    shown = json.loads(re.findall(r"^```json\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)[0])
    assert shown.keys() == found[0].keys()
    assert (shown["label"], shown["metric_name"]) == (found[0]["label"], found[0]["metric_name"])
