"""Spark's meaning of an expression, written for DuckDB: where the two differ, the tree is changed, so that the value is Spark's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from engine.analyzers.sql_engine import NUMBER

_INTEGERS = {"TINYINT": 2**7, "SMALLINT": 2**15, "INT": 2**31, "BIGINT": 2**63}
"""Types of whole numbers, and the bound of each."""

_BELOW_LONG = 2.0**63 - 1024
"""The largest double that is a long."""


def as_spark_means(tree: Any) -> Any:
    """The same expression with Spark's rules: no value of a logarithm below zero, of a division by zero, of a cast that fails.

    >>> import sqlglot
    >>> as_spark_means(sqlglot.parse_one("ln(x) % y", read="spark")).sql("duckdb")
    'CASE WHEN x > 0 THEN LN(x) END % NULLIF(y, 0)'
    """
    whole: Any = tree.copy()
    for node in reversed(list(whole.walk())):  # what lies within comes first
        rewrite = _REWRITES.get(type(node))
        changed = node if rewrite is None else rewrite(node)
        if node is whole:
            whole = changed
        elif changed is not node:
            node.replace(changed)
    return whole


def _logarithm(node: exp.Expression) -> exp.Expression:
    x = node.this
    return exp.Case(ifs=[exp.If(this=exp.GT(this=_safe(x), expression=exp.Literal.number(0)), true=node.copy())])


def _root(node: exp.Expression) -> exp.Expression:
    nan = exp.cast(exp.Literal.string("nan"), "double")
    negative = exp.If(this=exp.LT(this=_safe(node.this), expression=exp.Literal.number(0)), true=nan)
    return exp.Case(ifs=[negative], default=node.copy())


def _remainder(node: exp.Expression) -> exp.Expression:
    return exp.Mod(this=_safe(node.this), expression=_no_zero(node.expression))


def _whole_quotient(node: exp.Expression) -> exp.Expression:
    return _whole(exp.Div(this=_safe(node.this), expression=_no_zero(node.expression), typed=False, safe=False))


def _quotient(node: exp.Expression) -> exp.Expression:
    return exp.Div(this=_safe(node.this), expression=_no_zero(node.expression), typed=False, safe=False)


def _cast(node: exp.Expression) -> Any:
    name = node.args["to"].this.value
    if name in _INTEGERS:
        return _whole(exp.func(NUMBER, node.this.copy()), name)
    if name in ("FLOAT", "DOUBLE"):
        return exp.func(NUMBER, node.this.copy())
    return exp.TryCast(this=node.this.copy(), to=node.args["to"].copy())


def _whole(number: Any, kind: str = "BIGINT") -> exp.Expression:
    """A number cut off at the point, and at the bounds of a type."""
    least, most = -float(_INTEGERS[kind]), min(float(_INTEGERS[kind] - 1), _BELOW_LONG)
    low = exp.Greatest(this=exp.Trunc(this=number), expressions=[exp.Literal.number(least)])
    within = exp.Least(this=low, expressions=[exp.Literal.number(most)])
    known = exp.If(
        this=exp.Is(this=number.copy(), expression=exp.Null()), true=exp.Null()
    )  # greatest passes over nulls
    return exp.TryCast(this=exp.Case(ifs=[known], default=within), to=exp.DataType.build(kind))


def _pattern(node: exp.Expression) -> exp.Expression:
    if isinstance(node.parent, exp.Escape):
        return node
    return exp.Escape(this=node.copy(), expression=exp.Literal.string("\\"))


def _part(node: exp.Expression) -> exp.Expression:
    start = node.args.get("start")
    if start is None:
        return node
    first = exp.If(this=exp.EQ(this=_safe(start), expression=exp.Literal.number(0)), true=exp.Literal.number(1))
    changed = node.copy()
    changed.set("start", exp.Case(ifs=[first], default=start.copy()))
    return changed


def _no_zero(node: exp.Expression) -> exp.Expression:
    return exp.Nullif(this=node.copy(), expression=exp.Literal.number(0))


def _safe(node: exp.Expression) -> exp.Expression:
    return node.copy() if isinstance(node, exp.Column | exp.Literal | exp.Paren | exp.Func) else exp.paren(node.copy())


_REWRITES: dict[Any, Callable[[Any], Any]] = {
    exp.Ln: _logarithm,
    exp.Sqrt: _root,
    exp.Mod: _remainder,
    exp.IntDiv: _whole_quotient,
    exp.Div: _quotient,
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.Like: _pattern,
    exp.ILike: _pattern,
    exp.Substring: _part,
}
