"""SQL expressions of users: parsed, checked against a list of what is legal, and written again for DuckDB.

What runs is never the user's text but the checked tree, in which columns have names of ours. So no text and no column name
can reach a file, a setting or another statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

AGGREGATES = (
    exp.Count, exp.CountIf, exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Stddev, exp.StddevPop, exp.StddevSamp,
    exp.Variance, exp.VariancePop, exp.LogicalAnd, exp.LogicalOr,
)  # fmt: skip
_SCALARS = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Neg, exp.Not, exp.And, exp.Or,
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.IntDiv, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE,
    exp.NullSafeEQ, exp.Is, exp.In, exp.Between, exp.Like, exp.ILike, exp.RegexpLike, exp.Case, exp.If, exp.Coalesce,
    exp.Nullif, exp.Cast, exp.TryCast, exp.DataType, exp.Abs, exp.Round, exp.Floor, exp.Ceil, exp.Sqrt, exp.Pow,
    exp.Ln, exp.Exp, exp.Length, exp.Lower, exp.Upper, exp.Trim, exp.Substring, exp.Concat, exp.StartsWith,
    exp.Greatest, exp.Least, exp.Distinct, exp.Star, exp.IsNan, exp.Escape, exp.EndsWith, exp.Contains,
)  # fmt: skip
_NUMERIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.IntDiv, exp.Neg, exp.Abs, exp.Round, exp.Floor, exp.Ceil,
            exp.Sqrt, exp.Pow, exp.Ln, exp.Exp, exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Stddev, exp.StddevPop,
            exp.StddevSamp, exp.Variance, exp.VariancePop)  # fmt: skip
_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.Between, exp.In)


@dataclass(frozen=True)
class ParsedSql:
    """A checked expression.

    Attributes:
        tree: The expression, with its columns named ``c0``, ``c1``, ...
        columns: The names that the user gave them, in that order.
    """

    tree: exp.Expression
    columns: tuple[str, ...]


def parse_sql(text: str) -> ParsedSql:
    """Parse an expression in Spark's SQL.

    A column that stands where a number is needed (arithmetic, a comparison with a number, sum, avg, min, max, stddev, variance) is
    read as a double; a text that spells no number is null there, as in Spark.

    Raises:
        ValueError: It is no expression, or holds something that is not legal here.

    >>> parsed = parse_sql("price * 2 > 10")
    >>> parsed.columns, parsed.tree.sql("duckdb")
    (('price',), 'TRY_CAST(c0 AS DOUBLE) * 2 > 10')
    """
    try:
        statements = sqlglot.parse(f"SELECT {text}", read="spark")
    except SqlglotError as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f"{text!r} is not SQL: {reason}") from None
    selects = [statement for statement in statements if isinstance(statement, exp.Select)]
    if len(statements) != 1 or len(selects) != 1 or len(selects[0].expressions) != 1:
        raise ValueError(f"{text!r} is not one expression")
    select = selects[0]
    clauses = [key for key, value in select.args.items() if value and key not in ("expressions", "kind")]
    if clauses:
        raise ValueError(f"{text!r} has a clause {clauses[0].upper()!r}; legal is an expression over columns alone")
    tree = select.expressions[0]
    problem = _alias(tree) or next((found for node in tree.walk() if (found := _problem(node))), None)
    if problem:
        raise ValueError(f"{text!r} {problem}")
    return _with_own_names(tree)


def _alias(tree: exp.Expression) -> str | None:
    if not isinstance(tree, exp.Alias | exp.Aliases):
        return None
    name = tree.alias or ", ".join(part.name for part in tree.expressions)
    return (
        f"gives the name {name!r} to an expression, which has no meaning here. Write the expression alone; a column whose "
        "name has blanks stands in backticks"
    )


def _problem(node: exp.Expression) -> str | None:
    if isinstance(node, exp.Anonymous):
        return f"calls {node.name!r}, which is not known here"
    if isinstance(node, exp.Star) and not isinstance(node.parent, exp.Count):
        return "holds *, which is legal only in count(*)"
    if isinstance(node, exp.Distinct):
        return "counts DISTINCT values, whose state would not stay small; statistics.json has an estimate"
    if isinstance(node, (*_SCALARS, *AGGREGATES)) and not (isinstance(node, exp.In) and node.args.get("query")):
        return None
    return (
        f"holds {type(node).__name__.upper()}, which is not legal here. Legal are columns, literals, arithmetic, "
        "comparisons, CASE, the usual functions of numbers and texts, and aggregates"
    )


def _with_own_names(tree: exp.Expression) -> ParsedSql:
    names: dict[str, str] = {}

    def rename(node: exp.Expression) -> exp.Expression:
        if not isinstance(node, exp.Column):
            return node
        name = ".".join(part.name for part in node.parts)
        own = exp.column(names.setdefault(name, f"c{len(names)}"))
        return exp.TryCast(this=own, to=exp.DataType.build("double")) if _wants_number(node) else own

    wanting = tree.copy()
    renamed: exp.Expression = wanting.transform(rename)
    return ParsedSql(renamed, tuple(names))


def _wants_number(column: exp.Expression) -> bool:
    child: exp.Expression | None = column
    parent: Any = column.parent
    while isinstance(parent, exp.Paren):
        child, parent = parent, parent.parent
    if isinstance(parent, _NUMERIC):
        return True
    if isinstance(parent, _COMPARISONS):
        others = [node for node in parent.iter_expressions() if node is not child]
        return bool(others) and all(_is_number(node) for node in others)
    return False


def _is_number(node: exp.Expression) -> bool:
    inner = node.unnest()
    return (isinstance(inner, exp.Literal) and not inner.is_string) or isinstance(inner, (*_NUMERIC, exp.Length))
