"""Random data, split at random places, agrees with the definitions of the metrics; state survives its trip."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import BatchView
from engine.analyzers.state import decode_state, encode_state
from engine.analyzers.state_bytes import dumps, loads
from plugins.bias.formulas import POST_TRAINING, PRE_TRAINING, number_of
from plugins.bias.report import report_of
from plugins.bias.settings import BiasSettings
from plugins.bias.tally import Tally
from plugins.bias.verification import metrics_in
from tests.plugins.bias.brute_force import Row, metrics

SETTINGS = BiasSettings.model_validate(
    {
        "label": "label", "predicted_label": "guess", "label_values_or_threshold": ["yes"], "group_variable": "town",
        "facet": [{"name_or_index": "sex", "value_or_threshold": ["f"]}], "on_degenerate": "report",
    }
)  # fmt: skip
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["f", "m", "x", None]), st.sampled_from(["yes", "no", None]), st.sampled_from(["yes", "no"]),
        st.sampled_from(["a", "b", None]), st.integers(0, 3),
    ),
    min_size=1,
    max_size=40,
)  # fmt: skip


def tally_of(rows: list[tuple[Any, ...]], chosen: BiasSettings = SETTINGS) -> Tally:
    columns = [pa.array(column) for column in zip(*rows, strict=True)]
    kinds = [pa.string()] * 4 + [pa.int64()]
    batch = pa.RecordBatch.from_arrays(
        [column.cast(kind) for column, kind in zip(columns, kinds, strict=True)], ["sex", "label", "guess", "town", "n"]
    )
    tally = Tally(settings=chosen)
    tally.update(BatchView(batch))
    return tally


@settings(max_examples=200, deadline=None)
@given(rows=ROWS, cut=st.integers(0, 40))
def test_every_metric_is_what_its_definition_says(rows: list[tuple[Any, ...]], cut: int) -> None:
    whole = tally_of(rows)
    if 0 < cut < len(rows):
        parts = [tally_of(rows[:cut]), tally_of(rows[cut:])]
        restored = [decode_state(part, loads(dumps(encode_state(part)))) for part in parts]
        restored[0].merge(restored[1])
        assert report_of(restored[0]).analysis(restored[0]) == report_of(whole).analysis(whole)
        whole = restored[0]
    plain = [Row(r[0] == "f", r[1] == "yes", r[2] == "yes", r[3]) for r in rows]
    expected = metrics(plain)
    degenerate = not any(row.p for row in plain)  # rows without a positive label are defined
    for found in metrics_in(report_of(whole).analysis(whole)):
        if degenerate:
            assert found.value is None
        elif found.name != "FT":
            value, wanted = number_of(found.value), expected[found.name]
            assert (value is None) == (wanted is None), found.name
            assert value is None or wanted is None or value == pytest.approx(wanted, rel=1e-9, abs=1e-12), found.name


def test_a_regression_by_its_threshold() -> None:
    """Labels and predictions of many values: positive is what lies above the threshold."""
    chosen = SETTINGS.model_copy(update={"label_values_or_threshold": [0.5]})
    rng = np.random.default_rng(0)
    sexes, labels = rng.choice(["f", "m"], 200).tolist(), rng.random(200)
    guesses = labels + rng.normal(0, 0.3, 200)
    arrays = [pa.array(sexes), pa.array(labels), pa.array(guesses), pa.array(["a", "b"] * 100)]
    tally = Tally(settings=chosen)
    tally.update(BatchView(pa.RecordBatch.from_arrays(arrays, ["sex", "label", "guess", "town"])))
    analysis = report_of(tally).analysis(tally)
    rows = zip(sexes, labels, guesses, ["a", "b"] * 100, strict=True)
    expected = metrics([Row(s == "f", bool(y > 0.5), bool(p > 0.5), g) for s, y, p, g in rows])
    found = {metric.name: number_of(metric.value) for metric in metrics_in(analysis) if metric.name != "FT"}
    assert found == pytest.approx(expected)
    assert analysis.post_training_bias_metrics is not None
    largest = max(float(labels.max()), float(guesses.max()))
    assert analysis.post_training_bias_metrics["label_value_or_threshold"] == f"(0.5, {largest!r}]"


def test_all_names_are_covered() -> None:
    rows = [Row(d, y, p, g) for d in (True, False) for y in (True, False) for p in (True, False) for g in "ab"]
    assert set(metrics(rows)) == {*PRE_TRAINING, *POST_TRAINING} - {"FT"}


@pytest.mark.parametrize(
    ("rows", "name", "value"),
    [
        # No row of a is predicted positive: 1/0 acceptances against 0 of 1.
        ([("m", "yes", "no"), ("f", "yes", "yes")], "DCA", "Infinity"),
        ([("m", "yes", "yes"), ("f", "yes", "no"), ("f", "yes", "no")], "DCA", "-Infinity"),
        ([("m", "yes", "no"), ("f", "no", "yes")], "DI", "Infinity"),
        # Both groups have misses and no false alarms: infinity less infinity is 0, as an integer.
        ([("m", "yes", "no"), ("f", "yes", "no"), ("m", "yes", "yes")], "TE", 0),
        ([("m", "yes", "yes"), ("f", "yes", "no")], "TE", "Infinity"),
    ],
)
def test_divisions_by_zero(rows: list[tuple[str, ...]], name: str, value: Any) -> None:
    tally = tally_of([(*row, "a", 1) for row in rows])
    found = {metric.name: metric.value for metric in metrics_in(report_of(tally).analysis(tally))}
    assert found[name] == value
    assert not isinstance(found[name], float) or math.isfinite(found[name])
