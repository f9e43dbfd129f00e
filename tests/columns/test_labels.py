"""Labels in one canonical spelling."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.columns.labels import canonical_label, canonical_labels

ONE = ["1", "1.0", "1.", "1e0", "1E0", "+1", "01", "+01.00", "1.000000000000000000e+00", " 1 ", "10e-1", "0.1e1", "\t1"]


@pytest.mark.parametrize("text", ONE)
def test_canonical_labels_every_spelling_of_one_is_one(text: str) -> None:
    assert canonical_labels(pa.array([text])).to_pylist() == ["1"]


@pytest.mark.parametrize(
    "array",
    [
        pa.array([1], pa.int8()),
        pa.array([1], pa.uint64()),
        pa.array([1.0], pa.float64()),
        pa.array([1.0], pa.float32()),
        pa.array(np.array([1.0], np.float16)),
        pa.array([Decimal("1.00")], pa.decimal128(10, 2)),
        pa.array(["1.0"], pa.large_string()),
        pa.array(["1.0"]).dictionary_encode(),
        pa.array([1.0]).dictionary_encode(),
    ],
)
def test_canonical_labels_every_type_of_one_is_one(array: pa.Array) -> None:
    assert canonical_labels(array).to_pylist() == ["1"]


@pytest.mark.parametrize("text", ["0", "-0", "0.0", "-0.0", "+0", "0e5", ".0", "0.", "-0.0e-3"])
def test_canonical_labels_every_zero_is_zero(text: str) -> None:
    assert canonical_label(text) == "0"


@pytest.mark.parametrize("value", ["true", "True", "TRUE", " true", True, np.True_])
def test_canonical_labels_true_is_one_class(value: object) -> None:
    assert canonical_label(value) == "true"
    assert canonical_labels(pa.array([True, False, None])).to_pylist() == ["true", "false", None]


@pytest.mark.parametrize("missing", [None, float("nan"), "nan", "NaN", " NAN ", "", "  "])
def test_canonical_labels_missing_is_no_class(missing: object) -> None:
    assert canonical_label(missing) is None


@pytest.mark.parametrize(
    "text", ["a", "1a", "0x1", "1_000", "\uff11", "1 2", "- 5", "e5", ".", "+", "inf", "yes", "1e9999999"]
)
def test_canonical_labels_other_text_stays(text: str) -> None:
    assert canonical_label(text) == text


def test_canonical_labels_large_integers_and_their_doubles_are_one_class() -> None:
    integers, doubles = pa.array([10000001, 2**53, 10**15]), pa.array([10000001.0, 2.0**53, 1e15])
    assert canonical_labels(integers).equals(canonical_labels(doubles))
    assert canonical_labels(pa.array(["1e15", "10000001.000"])).to_pylist() == ["1000000000000000", "10000001"]


def test_canonical_labels_digits_beyond_a_double_are_kept() -> None:
    assert canonical_labels(pa.array(["9007199254740993", "9007199254740992"])).to_pylist() == [
        "9007199254740993",
        "9007199254740992",
    ]


def test_canonical_labels_huge_exponent_is_not_written_out() -> None:
    assert canonical_label("1e999999") == "1e999999"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_canonical_labels_of_a_double_and_its_texts_agree(number: float) -> None:
    texts = [repr(number), f"{number:.17e}", f" {number!r} "]
    expected = canonical_labels(pa.array([number]))[0].as_py()
    assert canonical_label(repr(number)) == expected
    assert {float(canonical_label(text) or 0.0) for text in texts} == {number}


@given(st.integers(-(2**63), 2**63 - 1))
def test_canonical_labels_of_an_integer_and_its_texts_agree(number: int) -> None:
    column = canonical_labels(pa.array([number], pa.int64()))[0].as_py()
    assert {column, canonical_label(f"{number}.0"), canonical_label(f"{number:+}"), canonical_label(number)} == {
        str(number)
    }


@given(st.lists(st.one_of(st.none(), st.sampled_from([*ONE, "x", "nan", ""])), max_size=20), st.integers(0, 5))
def test_canonical_labels_keep_rows_and_slices(texts: list[str | None], start: int) -> None:
    array = pa.array(texts, pa.string())[start:]
    assert canonical_labels(array).to_pylist() == [canonical_label(text) for text in texts[start:]]
