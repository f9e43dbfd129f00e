"""Metrics of several columns name them in any form, as every other setting does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import engine

ROWS = "Amount,b.c,É\n" + "".join(f"{i},{2 * i},{i % 3}\n" for i in range(1, 11))


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ({"name": "m", "sql": "avg(amount)"}, 5.5),  # (1 + ... + 10) / 10
        ({"name": "m", "sql": "sum(`B.C`)"}, 110.0),
        ({"name": "m", "sql": "sum(CASE WHEN é = 0 THEN AMOUNT ELSE 0 END)"}, 18.0),  # 3 + 6 + 9
        ({"name": "sum_holds", "settings": {"parts": ["AMOUNT", "0"], "total": "B.C"}}, 1.0),
        ({"name": "equal_columns", "settings": {"left": "amount", "right": "B.C"}}, 0.0),
    ],
)
def test_metric_of_columns_in_another_case_has_its_value(tmp_path: Path, metric: dict[str, Any], value: float) -> None:
    (tmp_path / "a.csv").write_text(ROWS)
    result = engine.baseline(tmp_path / "a.csv", output=tmp_path / "out", runner="inline", metrics=[metric])
    assert not result.failures
    assert [found.value for found in result.measurements if found.metric == metric["name"]] == [pytest.approx(value)]


def test_metric_whose_name_fits_two_columns_fails_alone_and_lists_them(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"Age": 1, "AGE": 2, "x": 3}\n')
    metrics = [{"name": "m", "sql": "avg(age)"}, {"name": "n", "sql": "avg(X)"}]
    result = engine.baseline(tmp_path / "a.jsonl", output=tmp_path / "out", runner="inline", metrics=metrics)
    assert {found.metric: found.value for found in result.measurements if found.metric == "n"} == {"n": 3.0}
    assert [failure.metric for failure in result.failures] == ["m"]
    assert "Age" in result.failures[0].error
    assert "AGE" in result.failures[0].error
