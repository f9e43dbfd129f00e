"""A column that an analyzer of the monitor cannot take costs itself alone, however the data is split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pytest

from engine.analyzers.base import ColumnAnalyzer
from engine.analyzers.completeness import Completeness
from engine.columns.view import ColumnView
from engine.datasets.base import ReadReport
from engine.errors import ConfigurationError
from engine.execution.analyses import NoSegments
from engine.execution.scan import ScanState, ScanTask, absorb, decode
from engine.execution.scan_metrics import metrics_of
from engine.metrics import failure_texts


@dataclass
class Picky(ColumnAnalyzer):
    """Raises where a column holds a text it was told of."""

    rows: int = 0

    def update(self, column: ColumnView) -> None:
        for text, error in ERRORS.items():
            if text in column.array.to_pylist():
                raise error
        self.rows += len(column)

    def result(self) -> int:
        return self.rows


ERRORS: dict[str, Exception] = {
    "arrow": pa.ArrowNotImplementedError("no function for this type"),
    "unicode": UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    "overflow": OverflowError("int too large to convert to float"),
    "setting": ConfigurationError("the setting x is wrong"),
}


@dataclass(frozen=True)
class Both(NoSegments):
    def of_column(self, column: str) -> Mapping[str, ColumnAnalyzer]:
        return {"completeness": Completeness(), "picky": Picky()}


class Ordered:
    """What is asked of a dataset."""

    sort_columns = False
    columns = ("a", "b")


def analysed(parts: list[list[pa.RecordBatch]]) -> Any:
    analyses = Both()
    total = ScanState.empty(analyses)
    for number, batches in enumerate(parts):
        task = ScanTask(None, analyses)  # type: ignore[arg-type]
        absorb(total, decode(task.analyse(batches, ReadReport(), f"split {number}"), analyses), analyses)
    return metrics_of(Ordered(), total)  # type: ignore[arg-type]


def batch(a: str, b: str) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"a": [a, "1"], "b": [b, None]})


@pytest.mark.parametrize("kind", ["arrow", "unicode", "overflow"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_update_column_that_raises_anywhere_is_left_out_everywhere(kind: str, place: int) -> None:
    batches = [batch("1", kind if place == number else "2") for number in range(3)]
    for parts in ([batches], [[one] for one in batches], [batches[:2], batches[2:]]):
        metrics = analysed(parts)
        assert list(metrics.columns) == ["a"]
        assert (metrics.rows, metrics.columns["a"]["picky"]) == (6, 6)
        (failure,) = metrics.failures
        assert (failure.column, failure.metric) == ("b", "all metrics")
        (text,) = failure_texts(metrics.failures)
        assert text.startswith("column 'b' cannot be analysed and is left out (split ")
        assert f"type string: {type(ERRORS[kind]).__name__}: " in text


def test_update_column_that_comes_later_and_raises_is_left_out() -> None:
    first = pa.RecordBatch.from_pydict({"a": ["1"]})
    metrics = analysed([[first], [batch("1", "arrow")], [first]])
    assert list(metrics.columns) == ["a"]
    assert metrics.columns["a"]["picky"] == 4


def test_update_column_with_an_error_of_the_user_stops_the_job() -> None:
    with pytest.raises(ConfigurationError, match="the setting x is wrong"):
        analysed([[batch("setting", "2")]])
