"""SQL expressions of users: parsed, checked against a list of what is allowed, and written again for DuckDB.

What runs is never the user's text but the checked tree, in which columns have names of ours. So no text and no column name
can reach a file, a setting or another statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from engine.analyzers.sql_columns import Role, SqlColumn
from engine.analyzers.sql_mixing import values_beside, with_numbers
from engine.analyzers.sql_nodes import AGGREGATES, COMPARISONS, NUMBER_TYPES, NUMERIC, SCALARS, is_number, operands_of
from engine.analyzers.sql_spark import as_spark_means


@dataclass(frozen=True)
class ParsedSql:
    """A checked expression.

    Attributes:
        tree: The expression as Spark means it, with names of ours for its columns.
        bound: What these stand for.
    """

    tree: exp.Expression
    bound: tuple[SqlColumn, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names that the user gave the columns, each once."""
        return tuple(dict.fromkeys(column.name for column in self.bound))


def parse_sql(text: str) -> ParsedSql:
    """Parse an expression in Spark's SQL.

    A column that stands where a number is needed (arithmetic, a comparison with a number, sum, avg, min, max, stddev, variance) is
    read as one; a text that spells no number is null there, as in Spark, and so are NaN and infinities, which are missing values.

    Raises:
        ValueError: It is no expression, or holds something that is not allowed here.

    >>> parsed = parse_sql("price * 2 > 10")
    >>> parsed.columns, parsed.tree.sql("duckdb")
    (('price',), 'c0 * 2 > 10')
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
        raise ValueError(f"{text!r} has a clause {clauses[0].upper()!r}; allowed is an expression over columns alone")
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
        return "holds *, which is allowed only in count(*)"
    if isinstance(node, exp.Distinct):
        return "counts DISTINCT values, whose state would not stay small; statistics.json has an estimate"
    if isinstance(node, (*SCALARS, *AGGREGATES)) and not (isinstance(node, exp.In) and node.args.get("query")):
        return None
    return (
        f"holds {type(node).__name__.upper()}, which is not allowed here. Allowed are columns, literals, arithmetic, "
        "comparisons, CASE, the usual functions of numbers and texts, and aggregates"
    )


def _with_own_names(tree: exp.Expression) -> ParsedSql:
    whole: Any = tree.copy()
    keys = [(node, (_name_of(node), *_role(node))) for node in whole.find_all(exp.Column)]
    bound = {key: SqlColumn(f"c{i}", *key) for i, key in enumerate(dict.fromkeys(key for _, key in keys))}
    for node, key in keys:
        own = exp.column(bound[key].own_name)
        whole = own if node is whole else whole
        node.replace(own)
    return ParsedSql(as_spark_means(with_numbers(whole)), tuple(bound.values()))


def _name_of(column: exp.Column) -> str:
    return ".".join(part.name for part in column.parts)


def _role(column: exp.Expression) -> tuple[Role, tuple[str, ...]]:
    """What a column stands for by what it stands in, and which columns it is compared with."""
    child: Any = column
    parent: Any = column.parent
    while isinstance(parent, exp.Paren):
        child, parent = parent, parent.parent
    if isinstance(parent, exp.IsNan):
        return "with_nan", ()
    if isinstance(parent, exp.Mod):
        return "exact", ()
    if isinstance(parent, exp.Cast | exp.TryCast):
        return _role_in_cast(parent.args["to"].this.value), ()
    if isinstance(parent, NUMERIC):
        return "number", ()
    if isinstance(parent, COMPARISONS):
        return _role_in_comparison([node.unnest() for node in operands_of(parent) if node is not child])
    return _role_in_comparison(values_beside(column))


def _role_in_cast(kind: str) -> Role:
    if kind in NUMBER_TYPES:
        return "number"
    return "text" if kind in ("TEXT", "VARCHAR", "CHAR") else "plain"


def _role_in_comparison(others: list[exp.Expression]) -> tuple[Role, tuple[str, ...]]:
    if others and all(is_number(node) for node in others):
        return "exact", ()
    names = tuple(_name_of(node) for node in others if isinstance(node, exp.Column))
    return ("compared", names) if names else ("plain", ())
