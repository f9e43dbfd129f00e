"""Parquet files that store a column in different types, or in types that are no table columns."""

from __future__ import annotations

import json
import tempfile
import uuid
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.errors import DataFormatError
from tests.datasets.reading import opened, read

IDS = [uuid.UUID(int=index << 64 | 7) for index in range(3)]


class Unregistered(pa.ExtensionType):  # type: ignore[misc]
    """A type that readers do not know."""

    def __init__(self) -> None:
        super().__init__(pa.int32(), "tests.unregistered")

    def __arrow_ext_serialize__(self) -> bytes:
        return b""

    @classmethod
    def __arrow_ext_deserialize__(cls, storage: pa.DataType, serialized: bytes) -> Unregistered:
        return cls()


def extension(kind: pa.DataType, storage: pa.Array) -> pa.Array:
    return pa.ExtensionArray.from_storage(kind, storage)


def write(folder: Path, tables: Sequence[pa.Table]) -> Path:
    folder.mkdir(exist_ok=True)
    for index, table in enumerate(tables):
        pq.write_table(table, folder / f"{index}.parquet")
    return folder


def statistics(data: Path, output: Path) -> Any:
    engine.baseline(str(data), output=str(output), runner="inline")
    return json.loads((output / "statistics.json").read_text())


READABLE: dict[str, tuple[pa.Array, list[Any]]] = {
    "uuid": (extension(pa.uuid(), pa.array([id_.bytes for id_ in IDS], pa.binary(16))), [str(id_) for id_ in IDS]),
    "json": (extension(pa.json_(pa.string()), pa.array(['{"a":1}', "2", None])), ['{"a":1}', "2", None]),
    "bool8": (extension(pa.bool8(), pa.array([1, 0, None], pa.int8())), [True, False, None]),
    "opaque": (extension(pa.opaque(pa.int32(), "x", "y"), pa.array([1, 2, None], pa.int32())), [1, 2, None]),
    "unregistered": (extension(Unregistered(), pa.array([1, 2, None], pa.int32())), [1, 2, None]),
    "string_view": (pa.array(["a", "b", None], pa.string_view()), ["a", "b", None]),
    "binary_view": (pa.array([b"a", b"b", None], pa.binary_view()), [b"a", b"b", None]),
    "int_dictionary": (pa.array([1, 2, None]).dictionary_encode(), [1, 2, None]),
    "binary_dictionary": (pa.array([b"a", b"b", None]).dictionary_encode(), [b"a", b"b", None]),
    "decimal32": (pa.array([Decimal("5.25"), None, None], pa.decimal32(5, 2)), [Decimal("5.25"), None, None]),
}  # fmt: skip
LEFT_OUT = {
    "list": pa.array([[1], [2], None]),
    "large_list": pa.array([[1], [2], None], pa.large_list(pa.int32())),
    "fixed_list": pa.array([[1, 2], [2, 3], None], pa.list_(pa.int32(), 2)),
    "list_view": pa.array([[1], [2], None], pa.list_view(pa.int32())),
    "map": pa.array([[("a", 1)], [], None], pa.map_(pa.string(), pa.int32())),
    "tensor": extension(
        pa.fixed_shape_tensor(pa.int32(), [2]), pa.array([[1, 2], [3, 4], [5, 6]], pa.list_(pa.int32(), 2))
    ),
    "list_of_uuid": pa.ListArray.from_arrays(pa.array([0, 1, 2, 3], pa.int32()), READABLE["uuid"][0]),
}


@pytest.mark.parametrize("in_struct", [False, True])
@pytest.mark.parametrize("name", READABLE)
def test_a_column_of_an_extension_or_an_odd_layout_is_what_it_stores(
    tmp_path: Path, name: str, in_struct: bool
) -> None:
    array, values = READABLE[name]
    column = pa.StructArray.from_arrays([array], ["m"]) if in_struct else array
    pq.write_table(pa.table({"n": [1, 2, 3], "v": column}), tmp_path / "t.parquet")
    rows, report = read(tmp_path)
    found = "v.m" if in_struct else "v"
    assert opened(tmp_path).columns == ("n", found)
    assert [(row["n"], row[found]) for row in rows] == list(zip([1, 2, 3], values, strict=True))
    assert not report.notes
    features = statistics(tmp_path, tmp_path / "out")["features"]
    assert [feature["name"] for feature in features] == ["n", found]


@pytest.mark.parametrize("in_struct", [False, True])
@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_column_that_is_no_table_column_costs_only_itself(tmp_path: Path, name: str, in_struct: bool) -> None:
    column = pa.StructArray.from_arrays([LEFT_OUT[name]], ["m"]) if in_struct else LEFT_OUT[name]
    pq.write_table(pa.table({"n": [1, 2, 3], "v": column}), tmp_path / "t.parquet")
    rows, report = read(tmp_path)
    assert rows == [{"n": 1}, {"n": 2}, {"n": 3}]
    (note,) = report.notes
    assert note.startswith(f"column {'v.m' if in_struct else 'v'!r} is left out: ")


def test_texts_that_are_no_utf8_cost_only_themselves(tmp_path: Path) -> None:
    broken = pa.array([b"a", b"\xff\xfe", b"b", None, b"caf\xe9"] * 2).view(pa.string())
    plain = {"use_dictionary": False}
    for index, options in enumerate(({}, plain)):
        pq.write_table(pa.table({"n": range(10), "v": broken}), tmp_path / f"{index}.parquet", **options)
    rows, report = read(tmp_path)
    assert [row["v"] for row in rows] == ["a", "��", "b", None, "caf�"] * 4
    assert dict(report.notes) == {"cells of column 'v' that are no UTF-8, in which U+FFFD stands for what is broken": 8}


@pytest.mark.parametrize(
    ("table", "names"),
    [
        (pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["x", "x"]), "'x', 'x'"),
        (pa.table({"a.b": [1], "a": [{"b": 2}]}), "'a.b', 'b' in 'a'"),
        (pa.table({"a.b": [[1]], "a": [{"b": 2}]}), "'a.b', 'b' in 'a'"),
        (pa.table({"a.b": [{"c": 1}], "a": [{"b.c": 2}]}), "'c' in 'a.b', 'b.c' in 'a'"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 3])
def test_columns_of_one_flat_name_are_refused_in_any_file(
    tmp_path: Path, table: pa.Table, names: str, place: int
) -> None:
    tables = [pa.table({"n": [1]})] * 5
    tables[place] = table
    with pytest.raises(DataFormatError, match=names) as error:
        read(write(tmp_path / "in", tables))
    assert f"{place}.parquet" in str(error.value)


def test_names_that_differ_by_case_are_two_columns(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1], "A": [2]}), tmp_path / "t.parquet")
    assert read(tmp_path)[0] == [{"a": 1, "A": 2}]


def test_a_file_without_any_column_of_the_others_has_rows_all_the_same(tmp_path: Path) -> None:
    tables = [pa.table({"a": [1, 2]}), pa.table({"l": [[1], [2], [3]]}), pa.table({"a": [3]})]
    rows, _ = read(write(tmp_path / "in", tables))
    assert [row["a"] for row in rows] == [1, 2, None, None, None, 3]


@pytest.mark.parametrize(
    "table", [pa.table({"l": [[1]]}), pa.table({"m": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int8()))})]
)
def test_rows_of_which_no_column_can_be_read_are_not_called_no_records(tmp_path: Path, table: pa.Table) -> None:
    pq.write_table(table, tmp_path / "t.parquet")
    with pytest.raises(DataFormatError, match=rf"no column that can be read: '{table.schema.names[0]}' \("):
        opened(tmp_path)


def test_the_note_names_column_and_types(tmp_path: Path) -> None:
    tables = [
        pa.table({"v": pa.array([1, 2], kind)}) for kind in (pa.int32(), pa.int64(), pa.int32(), pa.int16(), pa.int64())
    ]
    rows, report = read(write(tmp_path / "in", tables))
    assert [row["v"] for row in rows] == [1, 2] * 5
    assert dict(report.notes) == {
        "column 'v' is stored as int32 in some files and read as int64, the common type of all": 2,
        "column 'v' is stored as int16 in some files and read as int64, the common type of all": 1,
    }


KINDS = (
    pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint64(), pa.float32(), pa.float64(),
    pa.decimal128(7, 2), pa.decimal128(30, 5), pa.string(), pa.null(),
)  # fmt: skip
cells = st.lists(st.none() | st.integers(0, 100), min_size=1, max_size=12)
parts = st.lists(st.tuples(st.sampled_from(KINDS), cells), min_size=2, max_size=6)


def stored(values: Sequence[int | None], kind: pa.DataType) -> pa.Array:
    """Integers in any type."""
    if pa.types.is_null(kind):
        return pa.nulls(len(values))
    if pa.types.is_string(kind):
        return pa.array([None if value is None else str(value) for value in values], pa.string())
    if pa.types.is_decimal(kind):
        return pa.array([None if value is None else Decimal(value) for value in values], kind)
    return pa.array(values, pa.int64()).cast(kind)


@settings(max_examples=25)
@given(parts, st.booleans())
def test_any_mix_of_types_gives_the_statistics_of_one_table(
    files: list[tuple[pa.DataType, list[int | None]]], reverse: bool
) -> None:
    """Independent of this project's rules: Arrow makes one table of the common type, for numbers by its permissive promotion."""
    numbers = [kind for kind, _ in files if not pa.types.is_string(kind)]
    texts = len(numbers) < len(files)
    if texts and any(pa.types.is_floating(kind) or pa.types.is_decimal(kind) for kind in numbers):
        return  # the text of 5 as a double is 5.0
    ordered = [(kind, values if kind != pa.null() else [None] * len(values)) for kind, values in files]
    ordered = ordered[::-1] if reverse else ordered
    common = pa.string() if texts else promoted(numbers)
    tables = [table_of(stored(values, kind)) for kind, values in ordered]
    whole = pa.concat_tables(table_of(stored(values, common)) for _, values in ordered)
    with tempfile.TemporaryDirectory() as folder:
        mixed, one = write(Path(folder) / "mixed", tables), write(Path(folder) / "one", [whole])
        assert statistics(mixed, Path(folder) / "a")["features"] == statistics(one, Path(folder) / "b")["features"]


def table_of(column: pa.Array) -> pa.Table:
    return pa.table({"v": column, "w": range(len(column))})


def promoted(kinds: list[pa.DataType]) -> pa.DataType:
    """Doubles beside decimals and 64-bit integers without a sign beside signed ones aside, as Arrow promotes."""
    if (
        any(pa.types.is_floating(kind) for kind in kinds)
        and len({str(k) for k in kinds if not pa.types.is_null(k)}) > 1
    ):
        return pa.float32() if all(pa.types.is_float32(k) or pa.types.is_null(k) for k in kinds) else pa.float64()
    decimals = [kind for kind in kinds if pa.types.is_decimal(kind)]
    integers = {str(kind) for kind in kinds if pa.types.is_integer(kind)}
    if decimals:
        scale = max(kind.scale for kind in decimals)
        whole = max(20 if integers else 0, *(kind.precision - kind.scale for kind in decimals))
        return pa.decimal128(whole + scale, scale)
    if "uint64" in integers and any(name.startswith("i") for name in integers):
        return pa.decimal128(20, 0)
    return pa.unify_schemas([pa.schema([("v", kind)]) for kind in kinds], promote_options="permissive").field("v").type


def test_the_order_of_columns_and_files_makes_no_difference(tmp_path: Path) -> None:
    tables = [
        pa.table({"a": pa.array([1, 2], pa.int32()), "b": ["x", "y"]}),
        pa.table({"b": [True, False], "a": pa.array([2.5, None])}),
        pa.table({"c": [1, 2], "a": pa.array([3, 4], pa.int8())}),
    ]
    forward = statistics(write(tmp_path / "f", tables), tmp_path / "1")["features"]
    backward = statistics(write(tmp_path / "b", tables[::-1]), tmp_path / "2")["features"]
    by_name = [{feature["name"]: feature["inferred_type"] for feature in features} for features in (forward, backward)]
    assert by_name[0] == by_name[1] == {"a": "Fractional", "b": "String", "c": "Integral"}


def test_notes_name_the_type_in_which_a_column_is_read_in_the_end(tmp_path: Path) -> None:
    kinds = [pa.int64(), pa.int16(), pa.int64(), pa.int64(), pa.float32(), pa.int64(), pa.int64()]
    folder = write(tmp_path / "in", [pa.table({"v": pa.array([1, 2], kind)}) for kind in kinds])
    result = engine.baseline(str(folder), output=str(tmp_path / "out"), runner="inline")
    notes = [note for note in result.notes if "is stored as" in note]
    assert sorted(note.partition(" in some files")[0].rpartition(" ")[2] for note in notes) == [
        "float",
        "int16",
        "int64",
    ]
    assert all("read as double" in note for note in notes)
