"""Numbers as texts, as Spark 3.5 writes ``cast(x as string)``: by Java's ``Float.toString`` and ``Double.toString``."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from engine.columns.java_text import as_text


@pytest.mark.parametrize(
    ("values", "kind", "texts"),
    [
        ([0.1, 123456.7, 1e-3, 3.4e38, None], pa.float32(), ["0.1", "123456.7", "0.001", "3.4E38", None]),
        ([16777216.0, 9.999e-4, -0.25], pa.float32(), ["1.6777216E7", "9.999E-4", "-0.25"]),
        ([0.1, 123456.7, 1e-4], pa.float64(), ["0.1", "123456.7", "1.0E-4"]),
        ([0.5, None], pa.float16(), ["0.5", None]),
        ([], pa.float32(), []),
    ],
)
def test_as_text_of_floats_is_their_fewest_digits(values: list[Any], kind: pa.DataType, texts: list[Any]) -> None:
    assert as_text(pa.array(values, pa.float64()).cast(kind)).to_pylist() == texts
