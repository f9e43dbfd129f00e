"""JSON is read in two ways: by pyarrow a block at a time, and by Python line by line. Both give the same columns."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.datasets.json_columns import FlatColumns, from_objects
from engine.datasets.json_parsing import flat_columns, objects, parse_table
from engine.datasets.json_records import RecordShape, _Rows, parse_records
from engine.datasets.json_values import parse_json

numbers = st.integers(-5, 5) | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.sampled_from('aé"\\{}[]\n,:0'), max_size=4) | st.sampled_from(
    ["2026-01-31", "10:00", "2026-01-31T10:00:00Z"]
)
literals = (
    st.builds(json.dumps, st.none() | st.booleans() | numbers | texts)
    | st.sampled_from(["-0", "-0.0", "1e999", "-1E+400", "NaN", "Infinity", "01", "9" * 400, '"\\ud800"', '"\\udc00x"', "x"])
)  # fmt: skip
keys = st.sampled_from(["a", "b", "c", "instances", "é", "", '"', "\udc00"])


def written(members: list[tuple[str, str]]) -> str:
    return "{" + ",".join(f"{json.dumps(key)}:{text}" for key, text in members) + "}"


values = st.recursive(
    literals,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]")
        | st.lists(st.tuples(keys, inner), max_size=3, unique_by=lambda pair: pair[0]).map(written)
    ),
    max_leaves=6,
)
objects_written = st.lists(st.tuples(keys, values), max_size=4).map(written)
lines = st.lists(
    objects_written | st.sampled_from(["", " ", "null", "5", "[]", '{"a":', "2}", '{"a":1}{"a":2}', ' {"a": 3}\t\r']),
    max_size=6,
)


def seen(columns: FlatColumns, empty: bool = True) -> dict[str, Any]:
    """Types and values by name; columns of nothing but nulls that places of lists of uneven objects have only to pyarrow aside."""
    return {
        name: (str(array.type), array.to_pylist())
        for name, array in columns.columns.items()
        if empty or array.null_count < len(array)
    }


def slowly(data: bytes) -> tuple[FlatColumns, list[tuple[int, str]]]:
    malformed: list[tuple[int, str]] = []
    return from_objects([v for _, v in objects(data, lambda at, why, _: malformed.append((at, why)))]), malformed


@given(lines)
@example(['{"a":1}{"a":2}', '{"a":', "3}"])
@example(['{"a":{"b":1}', '}{"a":{"b":2}}'])
@example(["null"])
@example(['{"a":[null,{"b":1}]}'])
@example(['{"a":[{"b":1},null]}', '{"a":[{"b":2}]}'])
@example(['{"a":null}', '{"a":{"b":1}}'])
@example(['{"a":' + "9" * 5000 + "}"])
@example(['{"a":-0}', '{"a":0.5}'])
@example(['{"a":[1,2.5]}'])
@example(['{"a":[{"b":1},{"b":0.5}]}'])
@example(['{"a.b":1,"a":{"b":2}}'])
def test_both_ways_give_the_same_columns(texts: list[str]) -> None:
    data = "\n".join(texts).encode()
    table = parse_table(data)
    fast = None if table is None else flat_columns(table)
    slow, malformed = slowly(data)
    if fast is not None:
        assert not malformed
        assert fast.rows == slow.rows
        assert seen(fast, empty="[" not in data.decode()) == seen(slow, empty="[" not in data.decode())


@given(lines)
def test_both_ways_give_the_same_rows_of_datasets(texts: list[str]) -> None:
    data = "\n".join(texts).encode()
    malformed: list[int] = []
    columns = parse_records(data, lambda at, *_: malformed.append(at), RecordShape())
    rows = _Rows(RecordShape())
    good = []
    for line in data.split(b"\n"):
        if line.strip():
            try:
                good.append(rows.add(parse_json(line)) is None)
            except ValueError:
                good.append(False)
    one_by_one = rows.flat(frozenset())
    assert (columns.rows, len(malformed)) == (one_by_one.rows, good.count(False))
    assert seen(columns, empty=False) == seen(one_by_one, empty=False)
    assert columns.notes == one_by_one.notes


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", 2.0**63),
        ("-9223372036854775809", -(2.0**63)),
        ("9" * 308, 1e308),
        ("9" * 309, None),
        ("-" + "9" * 5000, None),
        ("1e999", None),
        ("NaN", None),
        ("-Infinity", None),
        ("-0", 0),
        ("-0.0", 0.0),
        ("5e-324", 5e-324),
    ],
)
@pytest.mark.parametrize("beside", ['{"b": "x"}', '{"b": "\\ud800"}'])  # the second is read line by line
def test_numbers_beyond_integers_are_doubles_and_beyond_doubles_missing(text: str, number: Any, beside: str) -> None:
    column = parse_records(f'{{"v": {text}}}\n{beside}'.encode(), lambda *_: None, RecordShape()).columns["v"]
    assert column.to_pylist() == [number, None]
    assert str(column.type) == ("int64" if isinstance(number, int) else "double")
    assert math.copysign(1, column.to_pylist()[0] or 0) == math.copysign(1, number or 0)
