"""Any state is the same again after its bytes, in both forms; nothing in the data looks like an array."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from engine.analyzers.base import ColumnAnalyzer
from engine.analyzers.categories import Categories
from engine.analyzers.state import Max, Min, decode_state, encode_state
from engine.analyzers.state_bytes import dumps, loads, pack, unpack
from engine.columns.view import ColumnView

FORMS = [(dumps, loads), (pack, unpack)]

kinds = st.sampled_from(
    ["<f8", "<i8", "|u1", "<u8", "<i4", "<f4", "<f2", "|b1", "<c16", "<M8[us]", "<m8[D]", "<U3", "|S2"]
).map(np.dtype)
shapes: st.SearchStrategy[Any] = st.integers(0, 5) | arrays_of.array_shapes(
    min_dims=0, max_dims=4, min_side=0, max_side=3
)
arrays = kinds.flatmap(lambda kind: arrays_of.arrays(kind, shapes))
texts = st.sampled_from(["$array", "$$array", "$", "array", "data", '"$', ""]) | st.text(max_size=5)
plain = st.none() | st.booleans() | st.integers() | st.floats() | texts
states = st.recursive(
    plain | arrays, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
)


def shown(value: Any) -> Any:
    """The value with what tells it from others in sight: types and bits of arrays, NaN, the sign of zero."""
    if isinstance(value, np.ndarray):
        return ("array", value.dtype.str, value.shape, value.tobytes())
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


@pytest.mark.parametrize(("write", "read"), FORMS)
@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(24, dtype=">i4").reshape(2, 3, 4)[:, ::-1, ::2],
        np.array([[True], [False]]),
        np.array(7.5),
        np.zeros((0, 3), np.float32),
        np.zeros((2, 0)),
        np.array([["2020-01-01", "NaT"]], "datetime64[ns]"),
        np.array(["", "ab"], "<U2"),
        np.zeros((2, 2), "<U0"),
    ],
)
def test_an_array_keeps_its_shape_and_cells(
    write: Callable[[Any], bytes], read: Callable[[bytes], Any], array: np.ndarray[Any, Any]
) -> None:
    found = read(write({"items": array}))["items"]
    assert (found.shape, found.dtype) == (array.shape, array.dtype.newbyteorder("<"))
    assert found.tolist() == array.tolist()


def test_arrays_of_one_dimension_are_written_as_ever() -> None:
    """States that baselines have kept can be read."""
    assert dumps({"x": np.array([1, 2], np.uint8)}) == b'{"x":{"$array":["|u1","AQI="]}}'


@dataclass
class Grid(ColumnAnalyzer):
    """Counts in two dimensions, and the largest of each cell."""

    cells: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros((2, 3)))
    largest: Annotated[npt.NDArray[np.float64], Max] = field(default_factory=lambda: np.zeros((2, 2)))
    smallest: Annotated[npt.NDArray[np.float64], Min] = field(default_factory=lambda: np.zeros((2, 2)))

    def update(self, column: ColumnView) -> None:
        """Nothing: tests set the state."""

    def result(self) -> float:
        """One cell."""
        return float(self.cells[0, 2])


@pytest.mark.parametrize(("write", "read"), FORMS)
def test_merge_of_states_with_two_dimensions_adds_cell_by_cell(
    write: Callable[[Any], bytes], read: Callable[[bytes], Any]
) -> None:
    numbers = np.arange(6.0).reshape(2, 3)
    corner = np.array([[1.0, -1.0], [0.0, 2.0]])
    one, other = Grid(numbers, corner, corner), Grid(np.asfortranarray(10 * numbers), -corner, -corner)
    total = decode_state(Grid(), read(write(encode_state(one))))
    total.merge(decode_state(Grid(), read(write(encode_state(other)))))
    assert total.cells.tolist() == [[0, 11, 22], [33, 44, 55]]  # 11 times each number, by hand
    assert total.largest.tolist() == [[1, 1], [0, 2]]
    assert total.smallest.tolist() == [[-1, -1], [0, -2]]
    assert total.result() == 22


def test_merge_of_arrays_of_other_shapes_is_refused_and_not_stretched() -> None:
    with pytest.raises(ValueError, match=r"shapes \(2, 3\) and \(1, 3\)"):
        Grid().merge(Grid(np.zeros((1, 3))))
    with pytest.raises(ValueError, match=r"shapes \(0,\) and \(1,\)"):
        Grid(np.zeros(0)).merge(Grid(np.zeros(1)))


@pytest.mark.parametrize("write", [dumps, pack])
def test_what_is_no_state_is_said(write: Callable[[Any], bytes]) -> None:
    with pytest.raises(TypeError, match="plain values, lists, mappings and arrays; found set"):
        write({"seen": {1, 2}})
