"""A group that does not occur has no metrics, and the user hears of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import engine
from tests.plugins.bias.test_jobs import SETTINGS, table


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["f"], []),
        ([], []),
        (["female"], ["facet sex: no row has the value female"]),
        (["f", "m"], ["facet sex: every row has the value f,m"]),
    ],
)
def test_a_group_without_rows_or_without_a_rest_is_noted(
    tmp_path: Path, values: list[Any], expected: list[str]
) -> None:
    facet = [{"name_or_index": "sex", "value_or_threshold": values}]
    result = engine.baseline(
        table(tmp_path / "a.csv"), output=tmp_path / "out", runner="inline", monitor="bias",
        settings=SETTINGS | {"facet": facet},
    )  # fmt: skip
    assert [note.split(" (value_or")[0] for note in result.notes] == expected


def test_a_threshold_that_nothing_exceeds_is_noted(tmp_path: Path) -> None:
    facet = [{"name_or_index": "income", "value_or_threshold": [1000]}]
    settings = SETTINGS | {"facet": facet, "data_type_rule": "clarify"}
    rows = [f"{i}.5,{i % 2},{i // 2 % 2},{20 + i % 7}" for i in range(100)]
    (tmp_path / "a.csv").write_text("\n".join(["income,label,guess,age", *rows]) + "\n")
    result = engine.baseline(
        tmp_path / "a.csv", output=tmp_path / "out", runner="inline", monitor="bias", settings=settings
    )
    assert any(note.startswith("facet income: no row has the value") for note in result.notes)
