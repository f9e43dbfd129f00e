"""SQL aggregates: the value of the whole table whatever the split, and clear words for what is not allowed."""

from __future__ import annotations

import math
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analyzers.sql_metric import SqlMetric, parse_aggregate
from engine.chosen_metrics import choose
from engine.columns.batch import BatchView
from engine.config_sections import MetricConfig
from engine.errors import ConfigurationError, PluginError
from engine.plugins import discover
from engine.testing import metric_checks

rows = st.lists(
    st.tuples(
        st.none() | st.floats(-1e6, 1e6), st.none() | st.sampled_from(["", "a", "7", "2.5"]), st.none() | st.booleans()
    ),
    max_size=30,
)


def batch(found: list[tuple[Any, Any, Any]]) -> pa.RecordBatch:
    x, t, b = ([row[i] for row in found] for i in range(3))
    return pa.RecordBatch.from_arrays(
        [pa.array(x, pa.float64()), pa.array(t, pa.string()), pa.array(b, pa.bool_())], ["x", "t", "b"]
    )


def over(sql: str, *batches: pa.RecordBatch) -> float | None:
    total = SqlMetric(sql)
    for part in batches:
        metric = SqlMetric(sql)
        metric.update(BatchView(part))
        total.merge(metric)
    return total.result()


QUERIES = [
    "count(*)",
    "count(x)",
    "sum(x)",
    "avg(x)",
    "min(x)",
    "max(x)",
    "stddev_pop(x)",
    "stddev(x)",
    "variance(x)",
    "var_pop(x)",
    "count_if(x > 0)",
    "bool_and(b)",
    "bool_or(b)",
    "avg(CASE WHEN t = '' THEN 1 ELSE 0 END)",
    "sum(x) / count(*)",
    "1 - avg(x) * 2",
    "CASE WHEN count(*) > 3 THEN max(x) ELSE min(x) END",
    "count_if(t IN ('a', '7')) / count(t)",
    "avg(if(x BETWEEN 0 AND 10, 1.0, 0.0))",
]


@pytest.mark.parametrize("sql", QUERIES)
@given(parts=st.lists(rows, min_size=1, max_size=4))
def test_any_split_gives_what_duckdb_gives_of_the_whole(sql: str, parts: list[list[Any]]) -> None:
    whole = pa.Table.from_batches([batch(part) for part in parts])
    expected = duckdb.from_arrow(whole).aggregate(sql).fetchall()[0][0]
    if sql.startswith("count_if") and expected is None and "/" not in sql:
        expected = 0  # as in Spark
    found = over(sql, *(batch(part) for part in parts))
    if expected is None or (isinstance(expected, float) and not math.isfinite(expected)):
        assert found is None or not math.isfinite(found)
    else:
        assert found == pytest.approx(float(expected), rel=1e-9, abs=1e-6)


def test_texts_that_spell_numbers() -> None:
    part = batch([(None, text, None) for text in ("7", "2.5", "a", "", None)])
    assert over("sum(t)", part) == 9.5
    assert over("avg(t)", part) == 4.75
    assert over("count_if(t > 3)", part) == 1
    assert over("max(t)", part) == 7
    assert over("avg(CASE WHEN t <> '' THEN t END)", part) == 4.75


def test_no_rows_and_division_by_zero() -> None:
    assert SqlMetric("count(*)").result() == 0
    assert SqlMetric("avg(x)").result() is None
    assert over("avg(x)", batch([])) is None
    assert over("sum(x) / 0", batch([(1.0, None, None)])) is None


@pytest.mark.parametrize("name", ["a b", "a.b", 'quo"te', "x); DROP TABLE batch; --", "Größe", "select"])
def test_columns_of_any_name(name: str) -> None:
    part = pa.RecordBatch.from_pydict({name: [1.0, 3.0], "other": [0.0, 0.0]})
    metric = SqlMetric(f"avg(`{name}`)")
    metric.update(BatchView(part))
    assert metric.result() == 2.0
    assert metric.reads == (name,)


def test_a_column_that_a_batch_lacks_is_null_there() -> None:
    one, other = pa.RecordBatch.from_pydict({"x": [1.0]}), pa.RecordBatch.from_pydict({"y": [1.0]})
    assert over("count(x) / count(*)", one, other) == 0.5


REFUSED = {
    "avg(x) OVER ()": "holds WINDOW",
    "(SELECT 1)": "holds SUBQUERY",
    "avg(x IN (SELECT 1))": "not allowed here",
    "read_csv('/etc/passwd')": "holds READCSV",
    "max(getenv('HOME'))": "calls 'getenv'",
    "sum(count(*))": "aggregates an aggregate",
    "x": "uses column 'x' outside of an aggregate; write, for example, avg(x)",
    "avg(x) + y": "uses column 'y' outside",
    "count(DISTINCT x)": "whose state would not stay small",
    "1": "aggregates nothing; allowed are count, sum",
    "sum(x); DROP TABLE t": "is not one expression",
    "sum(x), 1": "is not one expression",
    "sum(x) FROM t": "has a clause",
    "sum(": "is not SQL",
    "sum(*)": "allowed only in count",
    "sum(x) FILTER (WHERE x > 1)": "holds FILTER",
    "COPY t TO 'x'": "is not",
}


@pytest.mark.parametrize("sql", REFUSED)
def test_what_is_not_legal(sql: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse_aggregate(sql)
    assert REFUSED[sql] in str(caught.value)


def test_the_configuration_names_the_metric() -> None:
    registry = discover()
    with pytest.raises(ConfigurationError, match=r"settings of metric 'm': 'sql' is 'x': 'x' uses column 'x' outside"):
        choose([MetricConfig(name="m", sql="x")], registry)
    with pytest.raises(PluginError, match="the name is taken by engine"):
        choose([MetricConfig(name="data_quality", sql="count(*)")], registry)
    with pytest.raises(ConfigurationError, match="have no meaning beside 'sql'"):
        choose([MetricConfig(name="m", sql="count(*)", columns=["a"])], registry)


@metric_checks(SqlMetric, settings={"sql": "stddev(number) / (1 + count_if(text = 'a'))"})
def test_it_conforms(check: Any) -> None:
    check()
