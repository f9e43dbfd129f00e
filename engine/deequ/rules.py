"""DQDL rules, evaluated by Deequ's own EvaluateDataQuality.

Three things are made up for: Deequ gives all rules with SQL the value of one of them, lets a faulty rule fail the others, and does
not look at thresholds.
"""

from __future__ import annotations

import logging
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from engine.deequ.column_names import ColumnNames
from engine.deequ.custom_sql import with_plain_result
from engine.deequ.errors import DeequError
from engine.deequ.jvm import Jvm
from engine.deequ.results import Outcome
from engine.deequ.rulesets import columns_in, has_custom_sql, split_rules, threshold_of, with_columns, with_sql
from engine.deequ.strategies import reason_of
from engine.errors import ConfigurationError
from engine.filesystems import read_text

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_RULESET = re.compile(r"\A(?:\s*#[^\n]*\n)*\s*(?:mode\s*=|Rules\s*=\s*\[)", re.IGNORECASE)
VIEWS = ("primary", "dataset")
"""Names of the data in SQL: that of Glue's rules, and that of checks."""

_LOG = logging.getLogger(__name__)


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

    Args:
        jvm: The JVM.
        frame: The data; SQL in rules knows it as ``primary`` and as ``dataset``.
        rules: ``deequ.rules`` of the configuration.

    Returns:
        The outcome of each rule, in their order.

    Raises:
        DeequError: It cannot be parsed.
        ConfigurationError: It cannot be read.
    """
    text = read_rules(rules)
    try:
        jvm.parse_rules(text)
    except Exception as error:
        raise DeequError(f"deequ.rules: Deequ cannot run the ruleset: {reason_of(error)} {_FORM}") from error
    with _views(frame):
        return _Evaluation(jvm, frame, split_rules(text)).run()


@contextmanager
def _views(frame: DataFrame) -> Iterator[None]:
    """Give the data the names that SQL knows them by; a view of such a name that was there before comes back."""
    session = frame.sparkSession
    before = {name: session.table(name) if session.catalog.tableExists(name) else None for name in VIEWS}
    for name in VIEWS:
        frame.createOrReplaceTempView(name)
    try:
        yield
    finally:
        for name, view in before.items():
            session.catalog.dropTempView(name)
            if view is not None:
                view.createOrReplaceTempView(name)


class _Evaluation:
    """Rules run together where their results can be told apart, and apart where not."""

    def __init__(self, jvm: Jvm, frame: DataFrame, rules: Sequence[str]) -> None:
        self.jvm, self.frame, self.rules = jvm, frame, rules
        self.names = ColumnNames.of_frame(jvm, frame)
        self.outcomes: dict[int, Outcome] = {}

    def run(self) -> list[Outcome]:
        written = [with_columns(rule, self._name) for rule in self.rules]
        own = [key for key, rule in enumerate(self.rules) if has_custom_sql(rule)]
        aliased = [key for key, rule in enumerate(written) if self.names.has_alias(columns_in(rule))]
        rest = [key for key in range(len(self.rules)) if key not in {*own, *aliased}]
        self._together(rest, written, self.frame)
        if aliased:
            self._together([key for key in aliased if key not in own], written, self.names.with_aliases(self.frame))
        for key in own:  # Deequ gives all of them the value of one
            rule = with_sql(written[key], partial(with_plain_result, self.jvm.session))
            self._alone(key, rule, self.names.with_aliases(self.frame) if key in aliased else self.frame)
        return [self.outcomes[key] for key in range(len(self.rules))]

    def _name(self, written: str) -> str:
        try:
            return self.names.plain(written) if self.names.find(written) else written
        except DeequError:  # the name fits two columns; Spark says so
            return written

    def _together(self, keys: Sequence[int], written: Sequence[str], frame: DataFrame) -> None:
        if not keys:
            return
        try:
            rows = {_spelled(row["Rule"]): row for row in self._rows([written[key] for key in keys], frame)}
        except Exception as error:  # noqa: BLE001 - it concerns some of these rules only
            rows = {}
            _LOG.debug("rules are run apart: %s", reason_of(error))
        for key in keys:
            row = rows.get(_spelled(written[key]))
            # One faulty expression fails all rules of a pass, and leaves them without a metric.
            if row is None or (row["Outcome"] != "Passed" and not row["EvaluatedMetrics"] and len(keys) > 1):
                self._alone(key, written[key], frame)
            else:
                self.outcomes[key] = self._outcome(key, row)

    def _alone(self, key: int, rule: str, frame: DataFrame) -> None:
        try:
            (row,) = self._rows([rule], frame)
        except Exception as error:  # noqa: BLE001 - it concerns this rule only
            row = {"Rule": self.rules[key], "Outcome": "Failed", "FailureReason": f"cannot be run: {reason_of(error)}"}
        self.outcomes[key] = self._outcome(key, row)

    def _rows(self, rules: Sequence[str], frame: DataFrame) -> list[dict[str, Any]]:
        text = "Rules = [\n" + ",\n".join(rules) + "\n]"
        found = self.jvm.deequ.dqdl.EvaluateDataQuality.process(self.jvm.dataset(frame), text)
        return [row.asDict() for row in self.jvm.frame(found).collect()]

    def _outcome(self, key: int, row: Mapping[str, Any]) -> Outcome:
        shown = self.names.shown
        own = has_custom_sql(self.rules[key])
        rule, failed = self.rules[key] if own else shown(row["Rule"]), row["Outcome"] != "Passed"
        metrics = dict(row.get("EvaluatedMetrics") or {})
        value = float(next(iter(metrics.values()))) if len(metrics) == 1 else None
        message = shown((row["FailureReason"] or "The rule is not met.").split("\n", 1)[0]) if failed else ""
        threshold = threshold_of(self.rules[key])
        if threshold is not None and metrics:
            message = _judged(threshold, next(iter(metrics)), value)
        evaluated = rule if own else shown(row.get("EvaluatedRule") or row["Rule"])
        status: Literal["Success", "Failure"] = "Failure" if message else "Success"
        return Outcome(rule, "rule", "error", evaluated, columns_in(self.rules[key]), status, value, message)


def _judged(threshold: str, metric: str, value: float | None) -> str:
    """Why the share of rows does not meet a threshold, which Deequ does not look at; empty if it does."""
    match = _COMPARISON.fullmatch(threshold.strip())
    if match is None or value is None or not metric.endswith(".Compliance"):
        return (
            f"cannot be judged: Deequ ignores 'with threshold {threshold}' here. Write it as a check: "
            "{check: satisfies, arguments: {columnCondition: ...}, assertion: ...}"
        )
    meets = _OPERATORS[match[1]](value, float(match[2]))
    return "" if meets else f"Value: {value} does not meet the threshold {threshold}!"


def _spelled(rule: str) -> str:
    """A rule without what Deequ writes otherwise."""
    return "".join(rule.split()).casefold()


_COMPARISON = re.compile(r"(>=|<=|!=|>|<|=)\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?)")
_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "=": operator.eq, "!=": operator.ne,
}  # fmt: skip
