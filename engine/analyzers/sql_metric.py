"""A metric written as a SQL aggregate in the configuration: ``avg(CASE WHEN name = '' THEN 1 ELSE 0 END)``."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator
from sqlglot import exp

from engine.analyzers.base import DatasetAnalyzer, setting
from engine.analyzers.metric import metric
from engine.analyzers.sql_engine import run_over, value_of
from engine.analyzers.sql_nodes import AGGREGATES
from engine.analyzers.sql_parsing import ParsedSql, parse_sql
from engine.analyzers.sql_partials import Partial, PartialResults, partial_of, value_of_aggregate
from engine.columns.batch import BatchView


@dataclass(frozen=True)
class AggregateSql:
    """A checked aggregate.

    Attributes:
        tree: The expression over aggregates, which stand in it as columns ``a0``, ``a1``, ...
        partials: The aggregates.
        parsed: The whole expression, over columns.
    """

    tree: exp.Expression
    partials: tuple[Partial, ...]
    parsed: ParsedSql


@lru_cache(maxsize=64)
def parse_aggregate(text: str) -> AggregateSql:
    """Parse and check an aggregate.

    Raises:
        ValueError: It is not allowed.
    """
    parsed, partials = parse_sql(text), []

    def replace(node: exp.Expression) -> exp.Expression:
        if not isinstance(node, AGGREGATES):
            return node
        if any(isinstance(inner, AGGREGATES) for inner in node.walk() if inner is not node):
            raise ValueError(f"{text!r} aggregates an aggregate")
        partials.append(partial_of(node))
        return exp.column(f"a{len(partials) - 1}")

    tree = parsed.tree.copy().transform(replace)
    bare = [column.name for column in tree.find_all(exp.Column) if not column.name.startswith("a")]
    if bare:
        name = parsed.bound[int(bare[0][1:])].name
        raise ValueError(f"{text!r} uses column {name!r} outside of an aggregate; write, for example, avg({name})")
    if not partials:
        raise ValueError(
            f"{text!r} aggregates nothing; allowed are count, sum, avg, min, max, count_if, stddev, variance"
        )
    return AggregateSql(tree, tuple(partials), parsed)


def _legal(text: str) -> str:
    parse_aggregate(text)
    return text


@metric(name="sql", worse="higher", cloudwatch="{metric}", label="A SQL aggregate of the configuration")
class SqlMetric(DatasetAnalyzer):
    """The value of a SQL aggregate over all records; NULL and a division by zero are no value."""

    sql: Annotated[str, AfterValidator(_legal)] = setting(
        default="count(*)", description="The aggregate, in Spark's SQL."
    )
    results: PartialResults = field(default_factory=PartialResults)

    @property
    def reads(self) -> tuple[str, ...]:
        return parse_aggregate(self.sql).parsed.columns

    def update(self, batch: BatchView) -> None:
        aggregate = parse_aggregate(self.sql)
        select = ", ".join(text for partial in aggregate.partials for text in partial.select)
        row = [column[0].as_py() for column in run_over(batch, aggregate.parsed.bound, select).columns]
        found = PartialResults([partial.kind for partial in aggregate.partials])
        for partial in aggregate.partials:
            found.values.append(row[: len(partial.select)])
            row = row[len(partial.select) :]
        self.results.merge(found)

    def result(self) -> float | None:
        aggregate = parse_aggregate(self.sql)
        merged: list[list[Any] | None] = [*self.results.values] or [None] * len(aggregate.partials)
        values = {f"a{i}": value_of_aggregate(partial, merged[i]) for i, partial in enumerate(aggregate.partials)}
        found = value_of(aggregate.tree.sql("duckdb"), values)
        return None if found is None else float(found)
