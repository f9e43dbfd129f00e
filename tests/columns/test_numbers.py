"""Numbers of texts against casts of Spark 3.5.9: ``cast(text as double)``, run once and written down here."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest

from engine.columns.batch import BatchView, row_numbers
from engine.columns.numbers import parse, parse_texts
from engine.columns.view import ColumnView

SPARK: dict[str, float | None] = {
    "1": 1.0, " 1": 1.0, "1 ": 1.0, "  1": 1.0, "\t1": 1.0, "1\t": 1.0, "\n1": 1.0, "\r1": 1.0, "\x001": 1.0,
    "\u00a01": None, "\u30001": None, "\u20031": None, "+1": 1.0, "-1": -1.0, "- 1": None, "+ 1": None, "--1": None,
    "1.": 1.0, "1.5": 1.5, ".5": 0.5, "-.5": -0.5, "+.5": 0.5, "1e5": 1e5, "1E5": 1e5, "1e+5": 1e5, "1e-5": 1e-5,
    "1.e5": 1e5, ".5e1": 5.0, "1e": None, "e5": None, "1e5.5": None, "1L": None, "0x1F": None, "1_000": None,
    "1,000": None, "\u0661": None, "\uff11": None, "\u00b2": None, "1e308": 1e308, "1.8e308": math.inf, "1e400": math.inf,
    "-1e400": -math.inf, "1e-400": 0.0, "9" * 400: math.inf, "9" * 400 + ".5": math.inf, "9223372036854775808": 2.0**63,
    "9007199254740993": 2.0**53, "nan": math.nan, "NaN": math.nan, "inf": math.inf, "-inf": -math.inf,
    "Infinity": math.inf, "-Infinity": -math.inf, "null": None, "NULL": None, "": None, " ": None, "true": None,
    "-0.0": -0.0, "-0": -0.0, "00": 0.0, "007": 7.0, " 1.5": 1.5, " - 1": None, "$1": None, "1%": None, "1/2": None,
    "1 000": None, "1e1000000000000": math.inf, "1.5 ": 1.5, " 1e5": 1e5, " +1": 1.0, "- 1e5": None,
}  # fmt: skip

JAVA_SOURCE = ("1d", "1f", "1D", "1.5F", "1e5d", "0x1p3")
"""Numbers for Spark, as Java's parser takes its own literals. They are texts here."""


@pytest.mark.parametrize("text", SPARK)
def test_parse_texts_any_spelling_is_what_spark_casts_and_missing_unless_finite(text: str) -> None:
    expected = SPARK[text]
    wanted = math.nan if expected is None or not math.isfinite(expected) else expected
    for others in ([], ["x"], ["1"], [" 2"], ["+3", None]):  # what else is in the array decides which way is taken
        found = parse_texts(pa.array([text, *others], pa.string()))[0]
        assert repr(float(found)) == repr(float(wanted))
        assert repr(float(row_numbers(pa.array([text, *others], pa.string()))[0])) == repr(float(wanted))


@pytest.mark.parametrize("text", JAVA_SOURCE)
def test_parse_texts_literals_of_java_are_texts(text: str) -> None:
    assert math.isnan(parse_texts(pa.array([text]))[0])


@pytest.mark.parametrize(
    ("cells", "mean"),
    [
        (["1.0", " 3.0"], 2.0),
        ([" 1.0", " 3.0"], 2.0),
        ([" 7", "9"], 8.0),
        ([" 1e1", "+2", " 3.5"], 31 / 6),
        (["- 5", " 5", "7"], 6.0),
    ],
)
def test_a_blank_before_a_number_is_cut_off_and_one_behind_a_sign_is_not(cells: list[str], mean: float) -> None:
    assert ColumnView("x", pa.array(cells)).numbers.mean() == pytest.approx(mean, rel=1e-15)
    assert ColumnView("x", pa.array(cells).dictionary_encode()).numbers.mean() == pytest.approx(mean, rel=1e-15)
    assert np.nanmean(BatchView(pa.record_batch({"x": cells})).numbers("x")) == pytest.approx(mean, rel=1e-15)


def test_parse_beyond_doubles_is_infinite_and_small_is_zero() -> None:
    assert parse(pa.array(["1e400", "-1e400", "9" * 400, "1e-400"])).tolist() == [math.inf, -math.inf, math.inf, 0.0]
