"""Deequ's ConstraintSuggestionRunner: its suggestions as Deequ's JSON, as YAML for ``deequ.checks``, and as DQDL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import yaml
from pydantic import Field

from engine.config_sections import Section
from engine.deequ.column_names import ColumnNames
from engine.deequ.entries import CheckConfig
from engine.deequ.errors import DeequError
from engine.deequ.jvm import Jvm, items, pairs
from engine.deequ.strategies import reason_of
from engine.deequ.suggested_code import as_check, as_rule

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class SuggestConfig(Section):
    """How to look for suggestions."""

    rules: Literal["DEFAULT", "STRING", "NUMERICAL", "COMMON", "EXTENDED"] = "DEFAULT"
    """Deequ's set of rules."""
    columns: list[str] | None = None
    """Columns to look at; null means all."""
    test_ratio: float | None = Field(None, gt=0, lt=1)
    """Share of the rows that the suggestions are tested on instead of learnt from; null tests none."""
    seed: int | None = None
    """Seed of that division; null divides differently each time."""
    most_categories: int = Field(120, ge=0)
    """Estimated distinct values up to which a column is categorical."""


@dataclass(frozen=True)
class Suggestion:
    """One of Deequ's suggestions.

    Attributes:
        column: The column.
        constraint: Deequ's text of the constraint.
        current_value: What it was derived from.
        description: In words.
        rule: The rule that made it.
        code: Deequ's Scala code.
        check: The same as an entry of ``deequ.checks``.
        dqdl: The same as a DQDL rule; None where there is none.
        test_status: Success or Failure on the test rows; None without a test.
    """

    column: str
    constraint: str
    current_value: str
    description: str
    rule: str
    code: str
    check: CheckConfig
    dqdl: str | None
    test_status: str | None = None


@dataclass(frozen=True)
class Suggestions:
    """All suggestions, in the order of the columns and rules.

    Attributes:
        json: Deequ's own JSON; with a test Deequ's form with ``constraint_result_on_test_set``.
    """

    entries: list[Suggestion]
    json: str

    @property
    def usable(self) -> list[Suggestion]:
        """Without HasMean: by a known fault Deequ suggests the maximum as the mean (deequ.md 1.2)."""
        return [entry for entry in self.entries if entry.check.check != "hasMean"]

    @property
    def yaml(self) -> str:
        """A section ``deequ`` with the checks."""
        bodies = [entry.check.model_dump(exclude_defaults=True) for entry in self.usable]
        checks = [{"check": body.pop("check"), **body} for body in bodies]
        text: str = yaml.safe_dump({"deequ": {"checks": checks}}, sort_keys=False, allow_unicode=True, width=120)
        return text

    @property
    def dqdl(self) -> str:
        """A ruleset."""
        rules = dict.fromkeys(entry.dqdl for entry in self.usable if entry.dqdl is not None)
        return "Rules = [\n" + ",\n".join(f"    {rule}" for rule in rules) + "\n]\n"


def suggest(jvm: Jvm, frame: DataFrame, config: SuggestConfig) -> Suggestions:
    """Let Deequ suggest constraints.

    Raises:
        DeequError: Deequ cannot profile the data (it has no rows, or a column of lists), or a column is not there.
    """
    package, names = jvm.deequ.suggestions, ColumnNames.of_frame(jvm, frame)
    builder = package.ConstraintSuggestionRunner().onData(jvm.dataset(names.renamed(frame)))
    builder = builder.addConstraintRules(getattr(package.Rules, config.rules)())
    builder = builder.withLowCardinalityHistogramThreshold(config.most_categories)
    if config.columns is not None:
        builder = builder.restrictToColumns(jvm.seq([names.plain(name) for name in config.columns]))
    if config.test_ratio is not None:
        seed = jvm.option() if config.seed is None else jvm.java.optionOfLong(config.seed)
        builder = builder.useTrainTestSplitWithTestsetRatio(config.test_ratio, seed)
    try:
        result = builder.run()
    except Exception as error:
        raise DeequError(f"Deequ cannot suggest constraints: {reason_of(error)}") from error
    return _suggestions(jvm, result, names, config.test_ratio is not None)


def _suggestions(jvm: Jvm, result: Any, names: ColumnNames, tested: bool) -> Suggestions:
    by_column = {name.strip("`"): list(items(several)) for name, several in pairs(result.constraintSuggestions())}
    found = [suggestion for name in names.columns for suggestion in by_column.get(names.plain(name), [])]
    statuses = _statuses(jvm, result) if tested else {}
    entries = [_entry(jvm, suggestion, statuses, names) for suggestion in found]
    own = json.loads(jvm.deequ.suggestions.ConstraintSuggestionResult.getConstraintSuggestionsAsJson(result))
    body = _ordered([_shown(line, names) for line in own["constraint_suggestions"]], entries)
    if tested:  # Deequ's own pairs them by two different orders
        body = [line | {"constraint_result_on_test_set": e.test_status} for line, e in zip(body, entries, strict=True)]
    return Suggestions(entries, json.dumps({"constraint_suggestions": body}, indent=2, ensure_ascii=False) + "\n")


def _ordered(lines: list[dict[str, Any]], entries: Sequence[Suggestion]) -> list[dict[str, Any]]:
    """Deequ's entries in the order of the columns; Deequ's own is that of a hash map."""
    known = {(line["column_name"], line["code_for_constraint"]): line for line in lines}
    return [known[entry.column, entry.code] for entry in entries]


def _statuses(jvm: Jvm, result: Any) -> dict[int, str]:
    """Results on the test rows by the identity of their constraint."""
    checks = pairs(result.verificationResult().get().checkResults())
    found = [one for _, check in checks for one in items(check.constraintResults())]
    return {jvm.identity(one.constraint()): one.status().toString() for one in found}


def _shown(line: dict[str, Any], names: ColumnNames) -> dict[str, Any]:
    """An entry of Deequ's JSON with the names of the data."""
    code = names.shown_in_code(line["code_for_constraint"])
    texts = {key: names.shown(line[key]) for key in ("constraint_name", "description") if key in line}
    return line | texts | {"column_name": names.shown(line["column_name"].strip("`")), "code_for_constraint": code}


def _entry(jvm: Jvm, suggestion: Any, statuses: dict[int, str], names: ColumnNames) -> Suggestion:
    column, code = names.shown(suggestion.columnName().strip("`")), suggestion.codeForConstraint()
    identity = jvm.identity(suggestion.constraint())
    rule = suggestion.suggestingRule().toString().partition("(")[0]
    check = as_check(code, suggestion.columnName(), column)
    return Suggestion(
        column, names.shown(suggestion.constraint().toString()), suggestion.currentValue(),
        names.shown(suggestion.description()), rule, names.shown_in_code(code), check, as_rule(check),
        statuses.get(identity),
    )  # fmt: skip
