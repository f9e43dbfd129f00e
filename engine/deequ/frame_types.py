"""Types of a frame's columns, and how batches of our readers become them."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from engine.columns.numbers import parse

_WIDENED = {
    pa.uint8(): pa.int16(), pa.uint16(): pa.int32(), pa.uint32(): pa.int64(), pa.uint64(): pa.decimal128(20, 0),
    pa.float16(): pa.float32(), pa.large_string(): pa.string(), pa.string_view(): pa.string(), pa.null(): pa.string(),
    pa.large_binary(): pa.binary(), pa.date64(): pa.date32(),
}  # fmt: skip


def sparks_type(kind: pa.DataType) -> pa.DataType:
    """The nearest type that Spark has.

    >>> sparks_type(pa.dictionary(pa.int8(), pa.large_string())), sparks_type(pa.timestamp("ns"))
    (DataType(string), TimestampType(timestamp[us, tz=UTC]))
    """
    if pa.types.is_dictionary(kind):
        return sparks_type(kind.value_type)
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", "UTC")
    if pa.types.is_time(kind) or pa.types.is_decimal256(kind):
        return pa.string()
    if pa.types.is_duration(kind):
        return pa.int64()
    return _WIDENED.get(kind, kind)


def conformed(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """A batch with the columns and types of a frame; columns that it lacks are nulls."""
    present = dict(zip(batch.schema.names, batch.columns, strict=True))
    arrays = [
        cast(present[field.name], field.type) if field.name in present else pa.nulls(batch.num_rows, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def cast(array: pa.Array, kind: pa.DataType) -> pa.Array:
    """Values as another type. Text that is no such number, NaN and infinities become null, as in our own statistics.

    >>> cast(pa.array(["7", "+1", "- 5", None]), pa.int64()).to_pylist()
    [7, 1, None, None]
    """
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if pa.types.is_string(array.type) and pa.types.is_floating(kind):
        return _floats(array)
    if pa.types.is_string(array.type) and pa.types.is_integer(kind):
        plain = pc.replace_substring_regex(array, r"\A\+", "")
        return pc.if_else(pc.match_substring_regex(plain, r"\A-?\d+\z"), plain, None).cast(kind)
    if pa.types.is_floating(array.type):
        array = pc.if_else(pc.is_finite(array), array, None)
    if pa.types.is_timestamp(array.type) and pa.types.is_timestamp(kind):
        return array.cast(kind, safe=False)
    return array.cast(kind)


def _floats(texts: pa.Array) -> pa.Array:
    present = pc.is_valid(texts)
    numbers = pa.array(parse(texts.drop_null()), from_pandas=True)
    places = pc.if_else(present, pc.subtract(pc.cumulative_sum(present.cast(pa.int64())), 1), None)
    return numbers.take(places)


def inferred_type(found: Mapping[str, object] | None, largest: float) -> pa.DataType:
    """The type of a column of texts from what its cells are.

    Args:
        found: ``inferred`` of the data types' result.
        largest: Largest magnitude of its numbers.
    """
    name = None if found is None else found["inferred"]
    if name == "Integral":
        return pa.int64() if largest < 2**63 else pa.float64()
    return {"Fractional": pa.float64(), "Boolean": pa.bool_()}.get(str(name), pa.string())
