"""Any state is the same again after its bytes, in both forms; nothing in the data looks like an array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from engine.analyzers.categories import Categories
from engine.analyzers.state import decode_state, encode_state
from engine.analyzers.state_bytes import dumps, loads, pack, unpack
from engine.columns.view import ColumnView

FORMS = [(dumps, loads), (pack, unpack)]

kinds = st.sampled_from(["<f8", "<i8", "|u1", "<u8", "<i4"]).map(np.dtype)
arrays = kinds.flatmap(lambda kind: arrays_of.arrays(kind, st.integers(0, 5)))
texts = st.sampled_from(["$array", "$$array", "$", "array", "data", '"$', ""]) | st.text(max_size=5)
plain = st.none() | st.booleans() | st.integers() | st.floats() | texts
states = st.recursive(
    plain | arrays, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
)


def shown(value: Any) -> Any:
    """The value with what tells it from others in sight: types and bits of arrays, NaN, the sign of zero."""
    if isinstance(value, np.ndarray):
        return ("array", value.dtype.str, value.tobytes())
    if isinstance(value, dict):
        return [(key, shown(item)) for key, item in value.items()]
    return [shown(item) for item in value] if isinstance(value, list) else (type(value), repr(value))


@pytest.mark.parametrize(("write", "read"), FORMS)
@given(state=states)
def test_a_state_is_the_same_after_its_bytes(
    write: Callable[[Any], bytes], read: Callable[[bytes], Any], state: Any
) -> None:
    assert shown(read(write(state))) == shown(state)


@pytest.mark.parametrize(("write", "read"), FORMS)
@pytest.mark.parametrize("values", [["array", "data"], ["$array"], ["$array", "$$array", "$"]])
def test_values_that_look_like_an_array(
    write: Callable[[Any], bytes], read: Callable[[bytes], Any], values: list[str]
) -> None:
    counted = Categories()
    counted.update(ColumnView("x", pa.array(values)))
    assert decode_state(Categories(), read(write(encode_state(counted)))).counts == dict.fromkeys(values, 1)


@pytest.mark.parametrize(("write", "read"), FORMS)
def test_arrays_can_be_changed_afterwards(write: Callable[[Any], bytes], read: Callable[[bytes], Any]) -> None:
    found = read(write({"registers": np.zeros(3, np.uint8), "items": np.array([1.5])}))
    found["items"] += 1
    assert (found["items"].tolist(), found["items"].flags.aligned) == ([2.5], True)


def test_an_array_with_the_largest_byte_first_is_turned_round() -> None:
    found = unpack(pack({"items": np.array([1.5, -2.0], ">f8")}))["items"]
    assert (found.dtype.str, found.tolist()) == ("<f8", [1.5, -2.0])


@pytest.mark.parametrize("write", [dumps, pack])
def test_what_is_no_state_is_said(write: Callable[[Any], bytes]) -> None:
    with pytest.raises(TypeError, match="plain values, lists, mappings and arrays; found set"):
        write({"seen": {1, 2}})
