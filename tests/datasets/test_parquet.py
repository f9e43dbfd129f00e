"""Parquet: every primitive type stays; nested ones are flattened or left out; a corrupt file is one entry."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import engine
from engine.datasets import parquet_reader
from engine.datasets.base import ReadReport
from tests.datasets.reading import opened, read, rows_of

MOMENT = dt.datetime(2026, 1, 31, 10)  # noqa: DTZ001 - a type without a zone
PRIMITIVES = {
    "int8": pa.array([1, None], pa.int8()), "int16": pa.array([1, None], pa.int16()),
    "int32": pa.array([1, None], pa.int32()), "int64": pa.array([1, None], pa.int64()),
    "uint8": pa.array([1, None], pa.uint8()), "uint16": pa.array([1, None], pa.uint16()),
    "uint32": pa.array([1, None], pa.uint32()), "uint64": pa.array([2**63, None], pa.uint64()),
    "float": pa.array([1.5, None], pa.float32()), "double": pa.array([1.5, None], pa.float64()),
    "bool": pa.array([True, None]), "string": pa.array(["a", None]), "large": pa.array(["a", None], pa.large_string()),
    "binary": pa.array([b"a", None]), "fixed": pa.array([b"ab", None], pa.binary(2)),
    "wide_decimal": pa.array([Decimal("1.50"), None], pa.decimal256(40, 2)),
    "decimal": pa.array([Decimal("1.50"), None], pa.decimal128(9, 2)),
    "date": pa.array([MOMENT.date(), None]), "time": pa.array([MOMENT.time(), None], pa.time64("us")),
    "milliseconds": pa.array([MOMENT.time(), None], pa.time32("ms")), "duration": pa.array([5, None], pa.duration("ms")),
    "timestamp": pa.array([MOMENT, None], pa.timestamp("us")), "nanoseconds": pa.array([MOMENT, None], pa.timestamp("ns")),
    "zoned": pa.array([MOMENT, None], pa.timestamp("us", "UTC")),
    "dictionary": pa.array(["a", None]).dictionary_encode(), "null": pa.nulls(2),
}  # fmt: skip


@pytest.mark.parametrize("name", PRIMITIVES)
def test_every_primitive_type_stays(tmp_path: Path, name: str) -> None:
    table = pa.table({name: PRIMITIVES[name]})
    pq.write_table(table, tmp_path / "t.parquet")
    dataset = opened(tmp_path)
    (batch,) = dataset.reader.read(dataset.splits[0], ReadReport())
    found, written = batch.schema.field(0).type, table.schema.field(0).type
    by_reference = pa.types.is_dictionary(found) and name in (
        "string",
        "large",
    )  # few texts stay as the file stores them
    assert found == written or (by_reference and found.value_type == pa.string())
    assert batch.column(0).to_pylist() == table.column(0).to_pylist()


def test_structs_are_flat_and_lists_are_left_out_with_a_note(tmp_path: Path) -> None:
    pq.write_table(pa.table({"s": [{"x": 1, "t": {"y": "a"}}], "l": [[1]]}), tmp_path / "t.parquet")
    rows, report = read(tmp_path)
    assert opened(tmp_path).columns == tuple(rows[0]) == ("s.x", "s.t.y")
    assert (rows[0]["s.x"], rows[0]["s.t.y"]) == (1, "a")
    assert any("'l'" in note for note in report.notes)


@pytest.mark.parametrize(("groups", "splits"), [(0.5, 10), (1, 10), (2, 5), (100, 1)])
def test_large_files_are_cut_by_row_groups(tmp_path: Path, groups: float, splits: int) -> None:
    pq.write_table(pa.table({"a": range(10_000), "b": range(10_000)}), tmp_path / "t.parquet", row_group_size=1000)
    metadata = pq.read_metadata(tmp_path / "t.parquet")
    stored = [sum(metadata.row_group(g).column(c).total_compressed_size for c in range(2)) for g in range(10)]
    dataset = opened(tmp_path, split_bytes=int(max(stored) * groups))
    assert len(dataset.splits) == splits
    assert [row["a"] for row in rows_of(dataset, ReadReport(), ("a",))] == list(range(10_000))


@pytest.mark.parametrize(
    ("table", "sizes"),
    [
        ({"a": range(1000)}, [1000]),
        ({"a": range(1025)}, [513, 512]),  # no more than 1,024 rows, in equal parts
        ({f"c{i}": range(1000) for i in range(20)}, [500, 500]),  # 160 bytes a row
        ({"a": range(100), "b": [f"{i:01600d}" for i in range(100)]}, [50, 50]),  # long texts
        ({"a": []}, []),
    ],
)
def test_batches_are_bound_by_rows_and_by_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: dict[str, list[object]], sizes: list[int]
) -> None:
    monkeypatch.setattr(parquet_reader, "BATCH_ROWS", 1024)
    monkeypatch.setattr(parquet_reader, "BATCH_BYTES", 100_000)
    pq.write_table(pa.table(table), tmp_path / "t.parquet")
    (split,) = opened(tmp_path).splits
    batches = parquet_reader.ParquetReader().read(split, ReadReport())
    assert [batch.num_rows for batch in batches if batch.num_rows] == sizes


def test_a_corrupt_file_does_not_stop_the_job(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "1.parquet")
    (tmp_path / "2.parquet").write_bytes(b"PAR1 and then something else")
    good = (tmp_path / "1.parquet").read_bytes()
    (tmp_path / "3.parquet").write_bytes(good[:4] + b"\xff" * 20 + good[24:])
    rows, report = read(tmp_path, split_bytes=100)
    assert {"a": 1} in rows
    assert 1 <= report.count <= 2
    assert report.records[0].file.endswith("2.parquet")
    assert "Parquet cannot be read" in report.records[0].reason


def test_a_row_group_that_cannot_be_read_counts_all_of_its_rows(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": range(3000)}), tmp_path / "t.parquet", row_group_size=1000, compression="none")
    chunk = pq.read_metadata(tmp_path / "t.parquet").row_group(1).column(0)
    content = bytearray((tmp_path / "t.parquet").read_bytes())
    content[chunk.dictionary_page_offset : chunk.dictionary_page_offset + 20] = b"\xff" * 20
    (tmp_path / "t.parquet").write_bytes(content)
    rows, report = read(tmp_path)
    assert [row["a"] for row in rows] == [*range(1000), *range(2000, 3000)]
    (lost,) = report.records
    assert (report.count, lost.records, lost.position) == (1000, 1000, {"row_group": 1})
    with pytest.raises(engine.MonitorError, match="1,000 of 3,000 records"):
        engine.baseline(tmp_path / "t.parquet", output=tmp_path / "out", runner="inline")
    assert '"records": 1000' in (tmp_path / "out" / "quarantine.jsonl").read_text()


TYPES = {
    "Integral": ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    "Fractional": ("float", "double", "decimal", "wide_decimal"),
    "String": (
        "bool",
        "string",
        "large",
        "binary",
        "fixed",
        "date",
        "time",
        "milliseconds",
        "duration",
        "timestamp",
        "nanoseconds",
        "zoned",
        "dictionary",
    ),
    "Unknown": ("null",),
}


def test_every_primitive_type_is_analysed(tmp_path: Path) -> None:
    """As the container maps them."""
    pq.write_table(pa.table(PRIMITIVES), tmp_path / "t.parquet")
    result = engine.baseline(tmp_path / "t.parquet", output=tmp_path / "out", runner="inline")
    found = {f.name: f for f in result.statistics.features}  # type: ignore[attr-defined]
    expected = {name: kind for kind, names in TYPES.items() for name in names}
    assert {name: feature.inferred_type for name, feature in found.items()} == expected
    for name, feature in found.items():
        if name != "null":
            assert (feature.common.num_present, feature.common.num_missing) == (1, 1), name
    assert found["decimal"].numerical_statistics.mean == found["wide_decimal"].numerical_statistics.mean == 1.5
    assert found["uint64"].numerical_statistics.max == 2.0**63
