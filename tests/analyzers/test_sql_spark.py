"""SQL metrics against Spark 3.5.9: each aggregate was run there once over the same table, and its value is written down here."""

from __future__ import annotations

import math
from typing import Any

import pyarrow as pa
import pytest

from engine.analyzers.judging import suggested
from engine.analyzers.measured import Measured
from engine.analyzers.metric_spec import MetricSpec
from engine.analyzers.sql_expression import evaluate_condition
from engine.analyzers.sql_metric import SqlMetric
from engine.columns.batch import BatchView

TABLE = {
    "x": pa.array([2.5, -1.5, 0.0, None, 1e300, 7.0, -7.0, 3.5]),
    "z": pa.array([0.0, 2.0, 0.0, 1.0, 2.0, -3.0, 3.0, None]),
    "i": pa.array([9007199254740993, 3, -7, None, 0, 9223372036854775807, 5, 2]),
    "t": pa.array(["a", "", None, " pad ", "B_b", "%x", "abc", "\xe9"]),
    "n": pa.array(["1e400", " 3.0", ".5", "- 5", "nan", "7", "1d", "true"]),
    "b": pa.array([True, False, None, True, False, True, None, True]),
    "e": pa.array(["1e200", "1e308", "2", "x", "1.", "1 ", "\t4", "inf"]),
}

SPARK: list[tuple[str, float | None]] = [
    ("avg(ln(x))", 173.72262293690963),
    ("sum(ln(x))", 694.8904917476385),
    ("count(ln(x))", 4),
    ("avg(x % z)", -0.375),
    ("count(x % z)", 4),
    ("sum(x % z)", -1.5),
    ("avg(x / z)", 1.25e299),
    ("count(x / z)", 4),
    ("sum(i div 2)", 4616189618054758400),
    ("sum(sqrt(x))", math.nan),
    ("count(sqrt(x))", 7),
    ("avg(pow(x, 2))", math.inf),
    ("sum(exp(z))", 39.631718017875876),
    ("avg(round(x))", 1.4285714285714286e299),
    ("avg(round(x, 1))", 1.4285714285714286e299),
    ("count(nullif(x, 0))", 6),
    ("max(greatest(x, z))", 1e300),
    ("min(least(x, z))", -7.0),
    ("count(greatest(x, z))", 8),
    ("sum(length(t))", 15),
    ("sum(length(trim(t)))", 13),
    ("count_if(t like '%b%')", 2),
    ("count_if(t ilike '%b%')", 2),
    ("count_if(t rlike 'b')", 2),
    ("count_if(concat(t, 'x') is null)", 1),
    ("count_if(concat(t, 'x') = 'ax')", 1),
    ("count_if(substring(t, 0, 1) = 'a')", 2),
    ("count_if(substring(t, 1, 1) = 'a')", 2),
    ("count_if(substring(t, -1, 1) = 'c')", 1),
    ("count_if(upper(t) = 'ABC')", 1),
    ("sum(cast(x as int))", 2147483651),
    ("sum(cast(t as int))", None),
    ("sum(cast(n as int))", 10),
    ("count(cast(b as int))", 6),
    ("sum(cast(b as int))", 4),
    ("count_if(i = 9007199254740993)", 1),
    ("count_if(i = 9007199254740992)", 0),
    ("count_if(i > 9007199254740992)", 2),
    ("count_if(i in (9007199254740992, 3))", 1),
    ("count_if(i between 9007199254740993 and 9007199254740993)", 1),
    ("max(i)", 9223372036854775807),
    ("sum(x * 1e300)", math.inf),
    ("max(x * x)", math.inf),
    ("sum(x) / 0", None),
    ("sum(x) / sum(z * 0)", None),
    ("sum(x) % 0", None),
    ("ln(sum(z) * 0)", None),
    ("sqrt(min(x))", math.nan),
    ("sum(x) * 1e300 * 1e300", math.inf),
    ("min(x) * 1e300 * 1e300 * 0", math.nan),
    ("count_if(n > 2)", 2),
    ("count_if(n = 7)", 1),
    ("count_if(n <> 7)", 2),
    ("count_if(t = 'a')", 1),
    ("count_if(t > 'a')", 2),
    ("count_if(t <=> null)", 1),
    ("count_if(x <=> z)", 1),
    ("count_if(b)", 4),
    ("count_if(not b)", 2),
    ("bool_and(b)", 0.0),
    ("bool_or(b)", 1.0),
    ("avg(if(b, 1, 0))", 0.5),
    ("count_if(x = 0)", 1),
    ("stddev(x)", math.nan),
    ("variance(z)", 3.904761904761905),
    ("stddev_pop(z)", 1.8294640678379568),
    ("avg(abs(z))", 1.5714285714285714),
    ("sum(case when x > 0 then 1 end)", 4),
    ("count_if(isnan(n))", 1),
    ("count_if(startswith(t, 'a'))", 2),
    ("count_if(endswith(t, 'c'))", 1),
    ("count_if(contains(t, 'b'))", 2),
    ("sum(-x)", -1e300),
    ("avg(coalesce(z, 0))", 0.625),
    ("avg(x % 0)", None),
    ("-7 % 3 + count(*)*0", -1),
    ("count_if(x % 2 = 1)", 1),
    ("count_if(i % 2 = 1)", 4),
    ("count_if(t in ('a', 'abc'))", 2),
    ("count_if(n between 2 and 8)", 2),
    ("avg(5)", 5.0),
    ("count(null)", 0),
    ("count_if(lower(t) like 'b\\\\_%')", 1),
    ("sum(exp(x))", math.inf),
    ("avg(ln(0))", None),
    ("avg(ln(-1))", None),
    ("avg(1/0)", None),
    ("avg(cast('x' as double))", None),
    ("avg(7 div 2)", 3.0),
    ("avg(-7 div 2)", -3.0),
    ("avg(mod(x, z))", -0.375),
    ("avg(x) % 3", 2.0),
    ("count_if(t is null)", 1),
    ("count_if(t = '')", 1),
    ("sum(length(n))", 24),
    ("count(if(x > 0, t, null))", 4),
]


def over(sql: str, columns: dict[str, pa.Array], cut: int = 3) -> float | None:
    """The value of an aggregate over columns that come in two batches."""
    whole = pa.RecordBatch.from_pydict(columns)
    total = SqlMetric(sql)
    for part in (whole.slice(0, cut), whole.slice(cut)):
        metric = SqlMetric(sql)
        metric.update(BatchView(part))
        total.merge(metric)
    return total.result()


@pytest.mark.parametrize(("sql", "expected"), SPARK)
def test_sql_metric_over_any_expression_has_sparks_value(sql: str, expected: float | None) -> None:
    found = over(sql, TABLE)
    assert found == (None if expected is None else pytest.approx(expected, rel=1e-12, nan_ok=True))


@pytest.mark.parametrize("stored", ["string", "large_string", "dictionary"])
def test_sql_metric_reads_numbers_in_texts_as_everywhere(stored: str) -> None:
    cells = pa.array(["1e400", " 3.0", ".5", "- 5", "nan", "7", "inf", "x", None])
    column = cells.dictionary_encode() if stored == "dictionary" else cells.cast(stored)
    assert over("sum(n)", {"n": column}) == 10.5  # 1e400, nan and inf are missing, as in JSON and Parquet
    assert over("avg(n)", {"n": column}) == 3.5
    assert over("max(n)", {"n": column}) == 7.0
    assert over("count_if(n > 2)", {"n": column}) == 2


@pytest.mark.parametrize("kind", [pa.float64(), pa.float32()])
def test_sql_metric_takes_nan_and_infinities_of_a_typed_column_for_missing(kind: Any) -> None:
    column = {"x": pa.array([1.0, math.nan, math.inf, -math.inf, None, 4.0], kind)}
    assert over("avg(x)", column) == 2.5
    assert over("count(x)", column) == 2
    assert over("count_if(x IS NULL)", column) == 4
    assert over("count_if(isnan(x))", column) == 1  # who asks for NaN is told of it


LARGE = 2**53 + 1


@pytest.mark.parametrize(
    "column",
    [
        pa.array([LARGE, LARGE - 1, 5]),
        pa.array([LARGE, LARGE - 1, 5], pa.uint64()),
        pa.array([LARGE, LARGE - 1, 5]).cast(pa.decimal128(38, 0)),
        pa.array([str(LARGE), str(LARGE - 1), " 5"]),
    ],
    ids=["int64", "uint64", "decimal", "text"],
)
def test_sql_metric_compares_whole_numbers_by_all_digits(column: Any) -> None:
    assert over(f"count_if(i = {LARGE})", {"i": column}) == 1
    assert over(f"count_if(i > {LARGE - 1})", {"i": column}) == 1
    assert over(f"count_if(i IN ({LARGE}, 5))", {"i": column}) == 2
    assert over("count_if(i % 2 = 1)", {"i": column}) == 2


def test_sql_metric_compares_columns_of_different_types_as_numbers() -> None:
    columns = {
        "i": pa.array([3, 7, 8, 1]),
        "s": pa.array(["3.0", "x", "8", None]),
        "u": pa.array(["3", "x", "8", None]),
    }
    assert over("count_if(i = s)", columns) == 2
    assert over("count_if(s = u)", columns) == 2  # two texts are compared as texts: x is x, 3.0 is not 3
    assert over("count_if(s <=> u)", columns) == 3


def test_sql_metric_with_an_infinite_sum_is_infinite_and_its_deviation_unknown() -> None:
    large = {"x": pa.array([1.5e308, 1.5e308, 1.0, 2.0])}
    assert over("sum(x)", large) == math.inf
    assert over("sum(x) / 2", large) == math.inf
    assert math.isnan(over("stddev(x)", large) or 0.0)
    assert over("sum(x) - sum(x)", large) is None or math.isnan(over("sum(x) - sum(x)", large) or 0.0)


@pytest.mark.parametrize("value", [math.inf, -math.inf])
@pytest.mark.parametrize("worse", ["higher", "lower", "either"])
def test_suggest_from_an_infinite_value_proposes_no_threshold(value: float, worse: Any) -> None:
    spec = MetricSpec(worse=worse)
    assert suggested(spec, None, Measured(value), []) is None
    assert suggested(spec, None, Measured(value), [Measured(value)] * 5) is None
    assert suggested(spec, None, Measured(value), [Measured(x) for x in (1.0, 2.0, 3.0, value)]) is not None


def test_evaluate_condition_names_columns_without_regard_to_case_and_reads_numbers_alike() -> None:
    batch = BatchView(pa.record_batch({"Age": pa.array([" 70", "20", "1e400", "x"])}))
    assert evaluate_condition(batch, "`Age` >= 65").to_pylist() == [True, False, None, None]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("sum(trim(n))", 10.5),
        ("sum(coalesce(n, 100))", 510.5),  # Spark takes the word, and its number is null
        ("sum(trim(n) * 2)", 21.0),
        ("count_if(trim(n) BETWEEN 2 AND 8)", 2),
        ("sum(CASE WHEN n = 'x' THEN 1 ELSE n END)", 11.5),
        ("sum(if(n = 'x', n, 0))", 0.0),
        ("sum(nullif(n, 7))", 3.5),
        ("count(cast(trim(n) as double))", 3),
        ("max(cast(concat(n, '0') as int))", 70),
        ("count_if(coalesce(n, 0) > 2)", 2),
        ("sum(coalesce(n, z))", 10.5),
        ("sum(CASE WHEN z IS NULL THEN i ELSE 1.5 END)", 36),
    ],
)
def test_sql_metric_reads_numbers_in_texts_that_are_computed_alike(sql: str, expected: float) -> None:
    cells = pa.array(["1e400", " 3.0", ".5", "1_000", "nan", "7", "inf", "x"])
    numbers = {"i": pa.array(range(1, 9)), "z": pa.array([None] * 8, pa.float64())}
    assert over(sql, {"n": cells, **numbers}) == expected
