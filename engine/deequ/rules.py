"""DQDL rules, evaluated by Deequ's own EvaluateDataQuality (deequ.md 6.10)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.deequ.errors import DeequError
from engine.deequ.jvm import Jvm
from engine.deequ.results import Outcome
from engine.deequ.strategies import reason_of
from engine.errors import ConfigurationError
from engine.filesystems import read_text

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_RULESET = re.compile(r"\A(?:\s*#[^\n]*\n)*\s*(?:mode\s*=|Rules\s*=\s*\[)", re.IGNORECASE)
_COLUMN = re.compile(r'^\s*\w+\s+((?:"[^"]*"\s*)+)')


def read_rules(rules: str) -> str:
    """The ruleset, from its own text or from the file that it names. Needs no Spark.

    Args:
        rules: ``deequ.rules`` of the configuration.

    Raises:
        ConfigurationError: There is no such file, or what it holds does not start as a ruleset does.
    """
    text = rules
    if "[" not in rules and "\n" not in rules.strip():
        try:
            text = read_text(rules)
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"deequ.rules: {rules!r} is no ruleset and no file that can be read: {error}. {_FORM}"
            ) from error
    if not _RULESET.match(text):
        raise ConfigurationError(f"deequ.rules: {text.strip()[:60]!r} is no ruleset. {_FORM}")
    return text


_FORM = 'Write it as Rules = [ IsComplete "age", RowCount > 100 ], or name a file with that.'


def evaluate_rules(jvm: Jvm, frame: DataFrame, rules: str) -> list[Outcome]:
    """Run a ruleset.

    Raises:
        DeequError: It cannot be parsed.
        ConfigurationError: It cannot be read.
    """
    text = read_rules(rules)
    try:
        rows = jvm.frame(jvm.deequ.dqdl.EvaluateDataQuality.process(jvm.dataset(frame), text)).collect()
    except Exception as error:
        raise DeequError(f"deequ.rules: Deequ cannot run the ruleset: {reason_of(error)} {_FORM}") from error
    written = "".join(text.split())
    ordered = sorted(rows, key=lambda row: written.find("".join(row["Rule"].split())))
    return [_outcome(row.asDict()) for row in ordered]


def _outcome(row: Mapping[str, Any]) -> Outcome:
    rule, failed = row["Rule"], row["Outcome"] != "Passed"
    numbers = list((row["EvaluatedMetrics"] or {}).values())
    value = float(numbers[0]) if len(numbers) == 1 else None
    message = (row["FailureReason"] or "The rule is not met.") if failed else ""
    status = "Failure" if failed else "Success"
    return Outcome(rule, "rule", "error", row["EvaluatedRule"] or rule, _columns(rule), status, value, message)  # type: ignore[arg-type]


def _columns(rule: str) -> tuple[str, ...]:
    """The columns that follow the name of a rule.

    >>> _columns('ColumnValues "age" between 1 and 9'), _columns("RowCount > 4")
    (('age',), ())
    """
    match = _COLUMN.match(rule)
    return tuple(re.findall(r'"([^"]*)"', match[1])) if match else ()
