"""Expressions that mix texts and numbers, which Spark allows and DuckDB does not."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from engine.analyzers.sql_engine import NUMBER
from engine.analyzers.sql_nodes import BRANCHING, COMPARISONS, MAYBE_TEXT, NUMERIC, is_number, operands_of


def with_numbers(tree: Any) -> Any:
    """The tree with what may be a text read as a number where one is needed: ``trim(x) * 2``, ``coalesce(x, 0) > 1``."""
    for node in list(tree.find_all(*NUMERIC, *COMPARISONS)):
        operands = operands_of(node)
        if isinstance(node, NUMERIC) or any(is_number(operand.unnest()) for operand in operands):
            for operand in operands:
                if isinstance(operand.unnest(), MAYBE_TEXT):
                    operand.replace(exp.func(NUMBER, operand.copy()))
    return tree


def values_beside(node: Any) -> list[Any]:
    """The other values that an expression may have of which a node is one: ``0`` for x in ``coalesce(x, 0)``."""
    branch, whole = node, node.parent
    while isinstance(whole, exp.Paren):
        branch, whole = whole, whole.parent
    if isinstance(whole, exp.If) and isinstance(whole.parent, exp.Case) and branch is whole.args.get("true"):
        whole = whole.parent
    if not isinstance(whole, BRANCHING):
        return []
    values = [value.unnest() for value in _branches(whole)]
    return [value for value in values if value is not node] if any(value is node for value in values) else []


def _branches(node: Any) -> list[Any]:
    if isinstance(node, exp.Case):
        values = [each.args["true"] for each in node.args["ifs"]]
        return [*values, node.args["default"]] if node.args.get("default") else values
    if isinstance(node, exp.If):
        return [each for each in (node.args["true"], node.args.get("false")) if each is not None]
    return operands_of(node)
