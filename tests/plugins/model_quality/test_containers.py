"""The same labels and predictions give the same figures in every spelling and container. The figures are scikit-learn's."""

from __future__ import annotations

import base64
import itertools
import json
import tempfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config_sections import RunnerConfig
from engine.ground_truth.merging import MergeSettings, merge_ground_truth
from tests.plugins.model_quality.captured import block_of, figures, record, values

sk = pytest.importorskip("sklearn.metrics")

Row = tuple[int, int, float]
"""Label, prediction, score."""
Spelling = tuple[str, str]
"""How 0 and 1 are written."""

SPELLINGS: list[Spelling] = [
    ("0", "1"),
    ("0.0", "1.0"),
    ("0.", "1."),
    ("-0.0", "1e0"),
    ("00", "01"),
    ("+0", "+1"),
    ("0.000000000000000000e+00", "1.000000000000000000e+00"),
    (" 0", "1 "),
    ("false", "true"),
    ("False", "TRUE"),
]
JSON_SPELLINGS: list[Spelling] = [
    *(("0", "1"), ("0.0", "1.0"), ("-0.0", "1e0"), ("false", "true")),
    *(('"0"', '"1.0"'), ('"False"', '"True"')),
]
SETTINGS = {"problem_type": "BinaryClassification", "ground_truth_attribute": "label", "inference_attribute": "guess"}
SCORED = SETTINGS | {"probability_attribute": "score"}

rows = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 8).map(lambda n: n / 8)), min_size=1, max_size=12
).map(lambda some: [(0, 1, 0.25), (1, 0, 0.75), *some])
few = settings(max_examples=8, deadline=None)


def expected(some: Sequence[Row]) -> dict[str, float]:
    """The figures by scikit-learn."""
    labels, guesses, scores = zip(*some, strict=True)
    return {
        "accuracy": sk.accuracy_score(labels, guesses),
        "recall": sk.recall_score(labels, guesses),
        "precision": sk.precision_score(labels, guesses, zero_division=0.0),
        "f1": sk.f1_score(labels, guesses, zero_division=0.0),
        "auc": sk.roc_auc_score(labels, scores),
    }


def check(block: dict[str, Any], some: Sequence[Row]) -> None:
    """Compare what a job computed with the right figures, and the confusion matrix with the counts."""
    right, computed = expected(some), values(block)
    assert {name: computed[name] for name in right} == pytest.approx(right, abs=1e-12)
    counts = [[sum((row[0], row[1]) == (i, j) for row in some) for j in (0, 1)] for i in (0, 1)]
    assert [list(line.values()) for line in computed["confusion_matrix"].values()] == counts


@few
@given(rows, st.sampled_from(SPELLINGS), st.sampled_from(SPELLINGS))
def test_figures_of_csv_are_the_same_in_every_spelling(some: list[Row], mine: Spelling, theirs: Spelling) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        lines = [f"{mine[label]},{theirs[guess]},{score:.18e}" for label, guess, score in some]
        path.write_text("\n".join(["Label,guess,score", *lines]) + "\n")
        check(block_of(path, Path(folder) / "out", SCORED), some)


@few
@given(rows, st.sampled_from(JSON_SPELLINGS), st.sampled_from(JSON_SPELLINGS))
def test_figures_of_json_lines_are_the_same_in_every_spelling(
    some: list[Row], mine: Spelling, theirs: Spelling
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        lines = [
            f'{{"a":{{"label":{mine[label]},"guess":[{theirs[guess]}],"score":{score}}}}}'
            for label, guess, score in some
        ]
        path.write_text("\n".join(lines) + "\n")
        paths = {
            "ground_truth_attribute": "$.a.label",
            "inference_attribute": "a.guess[0]",
            "probability_attribute": "$['a']['score']",
        }
        check(block_of(path, Path(folder) / "out", SCORED | paths), some)


TYPED: dict[str, Callable[[list[int]], pa.Array]] = {
    "int8": lambda bits: pa.array(bits, pa.int8()),
    "uint64": lambda bits: pa.array(bits, pa.uint64()),
    "float32": lambda bits: pa.array([float(bit) for bit in bits], pa.float32()),
    "float64": lambda bits: pa.array([float(bit) for bit in bits], pa.float64()),
    "bool": lambda bits: pa.array([bool(bit) for bit in bits]),
    "decimal": lambda bits: pa.array([Decimal(bit) for bit in bits], pa.decimal128(10, 2)),
    "string": lambda bits: pa.array([str(bit) for bit in bits]),
    "large_string": lambda bits: pa.array([f"{bit}.0" for bit in bits], pa.large_string()),
    "dictionary": lambda bits: pa.array([str(bit) for bit in bits]).dictionary_encode(),
}


@few
@given(rows, st.sampled_from(sorted(TYPED)), st.sampled_from(sorted(TYPED)))
def test_figures_of_parquet_are_the_same_in_every_type(some: list[Row], mine: str, theirs: str) -> None:
    labels, guesses, scores = (list(column) for column in zip(*some, strict=True))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.parquet"
        columns = {"label": TYPED[mine](labels), "guess": TYPED[theirs](guesses), "score": pa.array(scores)}
        pq.write_table(pa.table(columns), path)
        check(block_of(path, Path(folder) / "out", SCORED), some)


RESPONSES: dict[str, tuple[Callable[[int, float], str], str, dict[str, Any]]] = {
    "csv": (lambda g, s: f"{g},{s}", "CSV", {"inference_attribute": 0, "probability_attribute": 1}),
    "csv list": (lambda g, s: f'{g},"[{1 - s}, {s}]"', "CSV", {"inference_attribute": 0, "probability_attribute": 1}),
    "list": (lambda g, s: f"[{g}.0, {s}]", "JSON", {"inference_attribute": "0", "probability_attribute": "1"}),
    "object": (
        lambda g, s: json.dumps({"Guess": str(g), "s": [1 - s, s]}),
        "JSON",
        {"inference_attribute": "guess", "probability_attribute": "s"},
    ),
    "base64": (
        lambda g, s: base64.b64encode(json.dumps({"predictions": [{"g": g, "s": s}]}).encode()).decode(),
        "BASE64",
        {"inference_attribute": "predictions[*].g", "probability_attribute": "predictions[0].s"},
    ),
}


@few
@given(rows, st.sampled_from(sorted(RESPONSES)), st.sampled_from(SPELLINGS))
def test_figures_of_captures_are_the_same_in_every_form(some: list[Row], form: str, spelling: Spelling) -> None:
    write, encoding, attributes = RESPONSES[form]
    records = [
        record(i, (write(guess, score), encoding), (spelling[label], "CSV"))
        for i, (label, guess, score) in enumerate(some)
    ]
    with tempfile.TemporaryDirectory() as folder:
        check(figures(Path(folder), records, {"problem_type": "BinaryClassification", **attributes}), some)


BATCHES: dict[str, tuple[Callable[[list[Row]], str], str]] = {
    "csv lines": (lambda some: "\n".join(f"{g},{s}" for _, g, s in some), "CSV"),
    "lists": (lambda some: json.dumps([[g, s] for _, g, s in some]), "JSON"),
    "predictions": (lambda some: json.dumps({"predictions": [[g, s] for _, g, s in some]}), "JSON"),
}


@pytest.mark.parametrize("form", BATCHES)
@settings(max_examples=4, deadline=None)
@given(some=rows, sizes=st.lists(st.integers(1, 4), min_size=14, max_size=14))
def test_figures_of_merged_mini_batches_are_those_of_their_rows(form: str, some: list[Row], sizes: list[int]) -> None:
    write, encoding = BATCHES[form]
    ends = list(itertools.accumulate(sizes, initial=0))
    batches = [some[start:end] for start, end in itertools.pairwise(ends) if some[start:end]]
    with tempfile.TemporaryDirectory() as folder:
        records = [record(i, (write(batch), encoding), (_lines(batch), "CSV")) for i, batch in enumerate(batches)]
        attributes = {"inference_attribute": 0, "probability_attribute": 1}
        source = {"format": "capture", "capture": {"parts": ["endpointOutput", "groundTruthData"]}}
        merged, output = _merged(Path(folder), records), Path(folder) / "out"
        check(block_of(merged, output, {"problem_type": "BinaryClassification", **attributes}, source), some)


def _lines(batch: list[Row]) -> str:
    return "\n".join(str(label) for label, _, _ in batch)


def _merged(root: Path, records: list[dict[str, Any]]) -> Path:
    """The records taken apart into captures and labels, and joined by the merge job."""
    truths = [
        {
            "groundTruthData": entry.pop("groundTruthData"),
            "eventMetadata": {"eventId": entry["eventMetadata"]["eventId"]},
        }
        for entry in records
    ]
    for name, lines in (("captures", records), ("labels", truths)):
        (root / name).mkdir()
        (root / name / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    captures, labels, merged = (str(root / name) for name in ("captures", "labels", "merged"))
    merge_ground_truth(MergeSettings((captures,), (labels,), merged, runner=RunnerConfig(kind="inline")))
    return root / "merged"
