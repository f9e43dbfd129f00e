"""Arrays of any Arrow type as the columns of a table: extensions as what they store, odd layouts as plain ones."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_UUID_BYTES = 16
_DASHES = (8, 13, 18, 23)
"""Where a UUID's text has dashes."""
_HEX = np.frombuffer(b"0123456789abcdef", np.uint8)


def plain_array(array: pa.Array) -> pa.Array | None:
    """The values of an array as a table column holds them; None for what is no table column, such as lists.

    >>> plain_array(pa.array(["a"], pa.string_view())).type, plain_array(pa.array([[1]]))
    (DataType(string), None)
    """
    kind, types = array.type, pa.types
    if isinstance(kind, pa.BaseExtensionType):
        return _from_extension(array)
    if types.is_run_end_encoded(kind):
        return plain_array(pc.run_end_decode(array))
    if types.is_dictionary(kind):
        return array if _is_plain(kind.value_type) else plain_array(array.dictionary_decode())
    if types.is_string_view(kind) or types.is_binary_view(kind):
        return array.cast(pa.string() if types.is_string_view(kind) else pa.binary())
    return array if _is_plain(kind) else None


def plain_type(kind: pa.DataType) -> pa.DataType | None:
    """The type that :func:`plain_array` makes of a type.

    >>> plain_type(pa.uuid()), plain_type(pa.list_(pa.uuid()))
    (DataType(string), None)
    """
    if isinstance(kind, pa.BaseExtensionType):
        types = {"arrow.uuid": pa.string(), "arrow.bool8": pa.bool_()}
        name = kind.extension_name
        return types[name] if name in types else None if name.endswith("variant") else plain_type(kind.storage_type)
    if pa.types.is_run_end_encoded(kind):
        return plain_type(kind.value_type)
    if pa.types.is_dictionary(kind):
        return kind if _is_plain(kind.value_type) else plain_type(kind.value_type)
    if pa.types.is_string_view(kind) or pa.types.is_binary_view(kind):
        return pa.string() if pa.types.is_string_view(kind) else pa.binary()
    return kind if _is_plain(kind) else None


def _is_plain(kind: pa.DataType) -> bool:
    types = pa.types
    views = types.is_string_view(kind) or types.is_binary_view(kind)
    others = types.is_nested(kind) or types.is_interval(kind) or types.is_dictionary(kind)
    return not (isinstance(kind, pa.BaseExtensionType) or views or others)


def _from_extension(array: pa.ExtensionArray) -> pa.Array | None:
    name, storage = array.type.extension_name, array.storage
    if name == "arrow.uuid":
        return _uuid_texts(storage)
    if name == "arrow.bool8":
        return pc.not_equal(storage, 0)
    return None if name.endswith("variant") else plain_array(storage)


def _uuid_texts(storage: pa.FixedSizeBinaryArray) -> pa.Array:
    """The canonical texts of UUIDs: ``8-4-4-4-12`` hexadecimal digits."""
    rows, skipped = len(storage), storage.offset * _UUID_BYTES
    data = storage.buffers()[1]
    if data is None or not rows:
        return pa.nulls(rows, pa.string())
    digits = np.frombuffer(data, np.uint8, rows * _UUID_BYTES, skipped).reshape(rows, _UUID_BYTES)
    pairs = np.stack([_HEX[digits >> 4], _HEX[digits & 15]], axis=2).reshape(rows, 2 * _UUID_BYTES)
    texts = np.insert(pairs, [place - index for index, place in enumerate(_DASHES)], ord("-"), axis=1)
    offsets = np.arange(rows + 1, dtype=np.int32) * texts.shape[1]
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(texts))]
    return pc.if_else(storage.is_valid(), pa.Array.from_buffers(pa.string(), rows, buffers), None)


def repaired(array: pa.Array) -> tuple[pa.Array, int]:
    r"""An array whose texts are UTF-8, and how many cells were not: what is broken in them becomes U+FFFD.

    >>> broken = pa.array([b"a", b"\xff", None]).view(pa.string())
    >>> repaired(broken)[0].to_pylist(), repaired(broken)[1]
    (['a', '�', None], 1)
    """
    texts = array.dictionary if pa.types.is_dictionary(array.type) else array
    if not (pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type)) or _is_utf8(texts):
        return array, 0
    cells = texts.cast(pa.large_binary() if pa.types.is_large_string(texts.type) else pa.binary()).to_pylist()
    whole = pa.array([None if cell is None else cell.decode("utf-8", "replace") for cell in cells], pa.string())
    broken = pa.array([cell is not None and not _decodes(cell) for cell in cells])
    if pa.types.is_dictionary(
        array.type
    ):  # what was broken may be the same text now: the entries are no longer distinct
        whole, broken = whole.take(array.indices), broken.take(array.indices)
    return whole, int(pc.sum(broken).as_py() or 0)


def _is_utf8(texts: pa.Array) -> bool:
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _decodes(cell: bytes) -> bool:
    try:
        cell.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
