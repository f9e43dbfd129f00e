"""nDCG, worked out by hand and held to scikit-learn."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from plugins.attribution.ranking import ndcg

BASE = {"SAT": 0.7, "GPA": 0.5, "rank": 0.05}


@pytest.mark.parametrize(
    ("baseline", "current", "expected"),
    [
        (BASE, BASE, 1.0),
        # Order rank, GPA, SAT: (0.05 + 0.5/log2(3) + 0.7/2) / (0.7 + 0.5/log2(3) + 0.05/2) = 0.7154649 / 1.0404649
        (BASE, {"SAT": 0.1, "GPA": 0.2, "rank": 0.7}, 0.7154649 / 1.0404649),
        # SAT and GPA share places 2 and 3: (0.05 + (0.7 + 0.5)(1/log2(3) + 1/2)/2) / 1.0404649
        (BASE, {"SAT": 0.2, "GPA": 0.2, "rank": 0.7}, (0.05 + 1.2 * (1 / math.log2(3) + 0.5) / 2) / 1.0404649),
        # Magnitudes count: the order is the same.
        ({"a": -0.7, "b": 0.5}, {"a": 0.9, "b": -0.1}, 1.0),
        ({"a": 0.7}, {"a": 0.0}, 1.0),
        # Only b and c are in both: reversed, (1 + 2/log2(3)) / (2 + 1/log2(3))
        (
            {"a": 9.0, "b": 2.0, "c": 1.0},
            {"b": 1.0, "c": 2.0, "d": 5.0},
            (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3)),
        ),
        ({"a": 1.0}, {"b": 1.0}, None),
        ({"a": 0.0, "b": 0.0}, {"a": 1.0, "b": 2.0}, None),
    ],
)
def test_by_hand(baseline: dict[str, float], current: dict[str, float], expected: float | None) -> None:
    found = ndcg(baseline, current)
    assert found == (None if expected is None else pytest.approx(expected, rel=1e-6))


VALUES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=12)


@given(pairs=VALUES)
def test_against_sklearn(pairs: list[tuple[int, int]]) -> None:
    gains, scores = [float(g) for g, _ in pairs], [float(s) for _, s in pairs]
    names = [str(i) for i in range(len(pairs))]
    found = ndcg(dict(zip(names, gains, strict=True)), dict(zip(names, scores, strict=True)))
    assert (found or 0.0) == pytest.approx(ndcg_score([gains], [scores]))
