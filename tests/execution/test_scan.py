"""The fused pass: split states merge to the state of the whole, whatever columns a split happens to hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analyzers.base import ColumnAnalyzer
from engine.analyzers.completeness import Completeness
from engine.datasets.base import Dataset, Reader, ReadReport, Split
from engine.datasets.column_types import widest
from engine.errors import DataFormatError
from engine.execution.analyses import NoSegments
from engine.execution.analysis import analyse
from engine.execution.inline import InlineRunner
from engine.execution.scan import ScanTask, decode


@dataclass(frozen=True)
class Memory:
    """A reader of records held in memory, one list of dictionaries a split."""

    parts: tuple[tuple[dict[str, int | None], ...], ...]
    wide: frozenset[str] = field(default_factory=frozenset)
    format: str = "memory"

    def read(
        self, split: Split, report: ReadReport, columns: tuple[str, ...] | None = None
    ) -> Iterator[pa.RecordBatch]:
        for record in self.parts[split.index]:
            if record.get("odd") and "odd" not in self.wide:
                report.conflict("odd", "text")
            chosen = {key: [value] for key, value in record.items() if columns is None or key in columns}
            yield pa.RecordBatch.from_pydict(chosen)

    def retyped(self, types: Mapping[str, str]) -> Reader:
        return Memory(self.parts, self.wide | set(types))


class CompletenessOnly(NoSegments):
    def of_column(self, column: str) -> dict[str, ColumnAnalyzer]:
        return {"completeness": Completeness()}


completeness = CompletenessOnly()


records = st.fixed_dictionaries({"a": st.none() | st.integers(0, 9)}, optional={"b": st.integers(0, 9)})


@given(st.lists(st.lists(records, max_size=4), min_size=1, max_size=4))
def test_a_column_absent_from_a_part_is_a_column_of_nulls(parts: list[list[dict[str, int | None]]]) -> None:
    reader = Memory(tuple(map(tuple, parts)))
    dataset = Dataset(reader, tuple(Split(i, ()) for i in range(len(parts))))
    metrics = analyse(dataset, completeness, InlineRunner(), lambda found: None).metrics
    everything = [record for part in parts for record in part]
    assert metrics.rows == len(everything)
    for name, column in metrics.columns.items():
        present = sum(record.get(name) is not None for record in everything)
        assert column["completeness"].num_present == present
        assert column["completeness"].num_missing == len(everything) - present
    assert set(metrics.columns) == {name for record in everything for name in record}


def test_a_column_that_does_not_fit_its_type_is_read_again_alone() -> None:
    reader = Memory((({"a": 1, "odd": 0},), ({"a": 2, "odd": 5},)))
    dataset = Dataset(reader, (Split(0, ()), Split(1, ())))
    metrics = analyse(dataset, completeness, InlineRunner(), lambda found: None).metrics
    assert metrics.rows == 2
    assert metrics.columns["odd"]["completeness"].num_present == 2
    assert metrics.columns["a"]["completeness"].num_present == 2


def test_an_error_in_a_partition_of_a_table_is_told_as_it_is() -> None:
    def batches() -> Iterator[pa.RecordBatch]:
        yield pa.RecordBatch.from_pydict({"a": [1]})
        raise DataFormatError("the label 'churned' is no column")

    answer = ScanTask(Memory(()), completeness).of_table(batches(), "partition 0")
    with pytest.raises(DataFormatError, match="'churned'"):
        decode(answer, completeness)


def test_state_survives_its_bytes() -> None:
    task = ScanTask(Memory((({"a": 1}, {"a": None}),)), completeness)
    state = decode(task(Split(0, ())), completeness)
    assert (state.table.rows, state.table.columns["a"]["completeness"].result().num_missing) == (2, 1)


def test_widest() -> None:
    assert [widest(a, b) for a, b in [("double", "integer"), ("text", "integer"), ("boolean", "boolean")]] == [
        "double",
        "text",
        "boolean",
    ]
