"""Documents that are damaged or were edited badly: read, or refused by name. Nothing of a file is a defect of the program."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest

import engine
from engine.documents.analysis import Analysis
from tests.documents.mutations import mutated

ROWS = "\n".join(
    f"{number},{number / 7:.3f},{'abc'[number % 3]},{'' if number % 9 == 0 else number * number}"
    for number in range(60)
)
FILES = ("statistics.json", "constraints.json", "states.json")
ROUNDS = 60
"""For each of the files; more were run when this was written."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data, and the baseline of a job with a plugin's metric and slices."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "d.csv").write_text(f"id,share,kind,square\n{ROWS}\n")
    engine.baseline(
        folder / "d.csv",
        output=folder / "base",
        runner="inline",
        metrics=["drift", "outlier_share"],
        segments={"by": ["kind"]},
    )
    return folder


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_document_is_read_or_refused_by_name(made: Path, tmp_path: Path, name: str) -> None:
    rng = random.Random(f"{name} 18")  # noqa: S311 - a seed, no secret
    document = json.loads((made / "base" / name).read_bytes())
    refused = 0
    for _ in range(ROUNDS):
        shutil.copytree(made / "base", tmp_path / "base", dirs_exist_ok=True)
        text = mutated(document, rng)
        (tmp_path / "base" / name).write_bytes(text)
        try:
            engine.monitor(
                made / "d.csv", baseline=tmp_path / "base", output=tmp_path / "out", runner="inline",
                metrics=["drift", "outlier_share"], segments={"by": ["kind"]},
            )  # fmt: skip
        except engine.MonitorError as error:
            assert name in str(error), text[:2000]  # noqa: PT017 - it may also be read
            refused += 1
    assert refused > ROUNDS // 4


def group(entry: dict[str, object]) -> dict[str, object]:
    """A block with one group of one facet."""
    return {"pre_training_bias_metrics": {"facets": {"sex": [entry]}}}


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"post_training_bias_metrics": {"facets": [1]}}, "'facets' is [1]: it must be a JSON object"),
        (group({"value_or_threshold": 0, "metrics": []}), "'facets.sex[0].value_or_threshold' is 0"),
        (group({"value_or_threshold": "0"}), "'facets.sex[0].metrics' is missing"),
        (
            {"explanations": {"kernel_shap": {"label0": {"global_shap_values": {"age": "high"}}}}},
            "global_shap_values.age' is 'high'",
        ),
    ],
)  # fmt: skip
def test_an_analysis_of_another_form_is_refused(block: dict[str, object], expected: str) -> None:
    with pytest.raises(engine.MonitorError) as caught:
        Analysis.parse(json.dumps({"version": "1.0", **block}), "analysis.json")
    assert "analysis.json: " in str(caught.value)
    assert expected in str(caught.value)


def test_an_analysis_keeps_what_it_holds_beside() -> None:
    body = {"version": "1.0", "pre_training_bias_metrics": {"label": "y", "facets": {"s": [{"value_or_threshold": "0", "metrics": [
        {"name": "CI", "value": "NaN", "mine": 1}]}]}}, "mine": [2]}  # fmt: skip
    assert json.loads(Analysis.parse(json.dumps(body), "analysis.json").to_json()) == body
