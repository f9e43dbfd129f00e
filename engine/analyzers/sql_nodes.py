"""What SQL expressions may be made of, by what it means for the columns within."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

AGGREGATES = (
    exp.Count, exp.CountIf, exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Stddev, exp.StddevPop, exp.StddevSamp,
    exp.Variance, exp.VariancePop, exp.LogicalAnd, exp.LogicalOr,
)  # fmt: skip
SCALARS = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Neg, exp.Not, exp.And, exp.Or,
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.IntDiv, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE,
    exp.NullSafeEQ, exp.Is, exp.In, exp.Between, exp.Like, exp.ILike, exp.RegexpLike, exp.Case, exp.If, exp.Coalesce,
    exp.Nullif, exp.Cast, exp.TryCast, exp.DataType, exp.Abs, exp.Round, exp.Floor, exp.Ceil, exp.Sqrt, exp.Pow,
    exp.Ln, exp.Exp, exp.Length, exp.Lower, exp.Upper, exp.Trim, exp.Substring, exp.Concat, exp.StartsWith,
    exp.Greatest, exp.Least, exp.Distinct, exp.Star, exp.IsNan, exp.Escape, exp.EndsWith, exp.Contains,
)  # fmt: skip
NUMERIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.IntDiv, exp.Neg, exp.Abs, exp.Round, exp.Floor, exp.Ceil,
            exp.Sqrt, exp.Pow, exp.Ln, exp.Exp, exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Stddev, exp.StddevPop,
            exp.StddevSamp, exp.Variance, exp.VariancePop)  # fmt: skip
MAYBE_TEXT = (exp.Trim, exp.Substring, exp.Concat, exp.Lower, exp.Upper, exp.Coalesce, exp.Case, exp.If, exp.Nullif)
BRANCHING = (exp.Coalesce, exp.Case, exp.If, exp.Nullif)
NUMBER_TYPES = ("TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL")
COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.Between, exp.In)


def operands_of(node: Any) -> list[Any]:
    """The expressions within a node, as far as they stand right below it."""
    return list(node.iter_expressions())


def is_number(node: exp.Expression) -> bool:
    """Whether an expression is a number for sure."""
    return (isinstance(node, exp.Literal) and not node.is_string) or isinstance(node, (*NUMERIC, exp.Length))
