"""Deequ's suggestions are Scala code of a few fixed forms (deequ.md 1.2); here they become checks and DQDL rules."""

from __future__ import annotations

import json
import re
from typing import Any

from engine.deequ.entries import CheckConfig
from engine.deequ.errors import DeequError

_ASSERTION = re.compile(r"_ (>=|<=|==) (-?[\d.]+(?:E-?\d+)?)")
_TEXT = re.compile(r'\s*,?\s*("(?:[^"\\]|\\.)*")')
_DQDL_TYPES = {"Integral": "LONG", "Fractional": "DOUBLE", "Boolean": "BOOLEAN"}


def as_check(code: str, written: str, column: str) -> CheckConfig:
    r"""The entry of ``deequ.checks`` that a suggestion's code stands for.

    Args:
        code: For example ``.hasCompleteness("age", _ >= 0.8, Some("It should be above 0.8!"))``.
        written: The column as the code has it (newer releases put backticks around odd names).
        column: The column.

    Raises:
        DeequError: The code has another form.

    >>> as_check('.isContainedIn("c", Array("a, \\"b", "d)"), _ >= 0.9, Some("x"))', "c", "c").arguments
    {'allowedValues': ['a, "b', 'd)']}
    """
    method = re.match(r"\.(\w+)\(", code)
    start = len(method[0]) + len(f'"{written}"') if method else 0
    if method is None or code[len(method[0]) : start] != f'"{written}"':
        raise DeequError(f"Deequ suggested code of an unknown form: {code}")
    rest = code[start:]
    arguments: dict[str, Any] = {}
    if rest.startswith(", Array("):
        values, rest = _texts(rest.removeprefix(", Array("))
        arguments["allowedValues"] = values
    kind = re.search(r"ConstrainableDataTypes\.(\w+)", rest)
    if kind:
        arguments["dataType"] = kind[1]
    bound = _ASSERTION.search(rest)
    assertion = f"{bound[1]} {bound[2]}" if bound else None
    return CheckConfig(check=method[1], column=column, assertion=assertion, arguments=arguments)


def _texts(source: str) -> tuple[list[str], str]:
    """The Java texts at the start of a source, and what follows them."""
    found, position = [], 0
    while match := _TEXT.match(source, position):
        found.append(json.loads(match[1]))
        position = match.end()
    return found, source[position:]


def as_rule(check: CheckConfig) -> str | None:
    """The DQDL rule of the same meaning; None where DQDL has none that Deequ evaluates so.

    Of values in a list Deequ's DQDL ignores the threshold, and cannot read those with quotes or commas (2.1.0 with dqdl 1.0.0).

    >>> as_rule(CheckConfig(check="hasMax", column="age", assertion="== 9.0"))
    'ColumnValues "age" <= 9.0'
    """
    column, assertion = _quoted(check.column or ""), str(check.assertion or "")
    number = assertion.rpartition(" ")[2]
    if check.check == "isContainedIn":
        plain = not any(set(str(value)) & set("'\",\\") for value in check.arguments["allowedValues"])
        if assertion or not plain:
            return None
        values = ", ".join(_quoted(str(value)) for value in check.arguments["allowedValues"])
        return f"ColumnValues {column} in [{values}]{_present(check)}"
    if check.check == "hasDataType":
        return f'ColumnDataType {column} = "{_DQDL_TYPES[check.arguments["dataType"]]}"'
    form = _FORMS[check.check]
    return form.format(column=column, number=number, equal=assertion.replace("==", "="), present=_present(check))


def _present(check: CheckConfig) -> str:
    """A filter for missing values, which pass Deequ's checks and fail DQDL's rules."""
    name = (check.column or "").replace("`", "``")
    return f" where {_quoted(f'`{name}` IS NOT NULL')}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_FORMS = {
    "isComplete": "IsComplete {column}",
    "hasCompleteness": "Completeness {column} {equal}",
    "isNonNegative": "ColumnValues {column} >= 0{present}",
    "isUnique": "IsUnique {column}",
    "hasMin": "ColumnValues {column} >= {number}",
    "hasMax": "ColumnValues {column} <= {number}",
    "hasMean": "Mean {column} {equal}",
    "hasStandardDeviation": "StandardDeviation {column} {equal}",
    "hasMinLength": "ColumnLength {column} {equal}",
    "hasMaxLength": "ColumnLength {column} {equal}",
}
