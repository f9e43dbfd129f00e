"""From an entry of the configuration to a call in the JVM: the arguments of Deequ's methods and constructors in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine.deequ.arguments import KllParameters
from engine.deequ.assertion_text import parse_assertion
from engine.deequ.entries import AnalyzerConfig, CheckConfig, argument, flavour_of
from engine.deequ.errors import DeequError
from engine.deequ.jvm import Jvm
from engine.deequ.signatures import ANALYZERS, ASSERTIONS, CHECKS, PAIRS
from engine.deequ.strategies import make_strategy, reason_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Entry = AnalyzerConfig | CheckConfig


def add_to(jvm: Jvm, check: Any, entry: CheckConfig, repository: Any = None) -> Any:
    """Deequ's Check with one more constraint.

    Args:
        jvm: The JVM.
        check: Deequ's Check.
        entry: What to add.
        repository: Deequ's repository, for anomalies.
    """
    words = entry.form(entry.check, CHECKS[entry.check])
    values = [_value(jvm, entry, word.rstrip("?"), repository) for word in words]
    made = getattr(check, entry.check)(*values)
    return made.where(entry.where) if entry.where else made


def make_analyzer(jvm: Jvm, entry: AnalyzerConfig) -> Any:
    """Deequ's analyzer. What the constructor has beyond the signature takes Deequ's defaults."""
    words = entry.form(entry.name, ANALYZERS[entry.name])
    cls = getattr(jvm.deequ.analyzers, entry.name)
    values = [_value(jvm, entry, word.rstrip("?"), None) for word in words]
    from py4j.protocol import Py4JError

    while True:
        try:
            values.append(getattr(cls, f"apply$default${len(values) + 1}")())
        except (Py4JError, TypeError):  # there is no such method
            return cls(*values)


def refuse_faulty_sql(frame: DataFrame, entry: Entry) -> None:
    """Let Spark look at the SQL of an entry, before Deequ does.

    Raises:
        DeequError: Spark cannot read it.
    """
    texts = {"where": entry.where} | {key: argument(entry.arguments, key) for key in ("columnCondition", "predicate")}
    for key, text in texts.items():
        try:
            if text is not None:
                frame.where(text)
        except Exception as error:
            title = entry.title if isinstance(entry, CheckConfig) else entry.name
            raise DeequError(f"cannot be run: {key} of {title}, {text!r}: {reason_of(error)}") from error


def _value(jvm: Jvm, entry: Entry, word: str, repository: Any) -> Any:
    if word in PAIRS:
        return (entry.columns or [])[PAIRS[word]]
    if word in ASSERTIONS:
        return _assertion(jvm, entry, word)
    if word in _MAKERS:
        return _MAKERS[word](jvm, entry)
    return repository if word == "repository" else _plain(jvm, entry, word)


def _assertion(jvm: Jvm, entry: Entry, word: str) -> Any:
    given = entry.assertion if isinstance(entry, CheckConfig) else None
    if given is None:
        return jvm.deequ.checks.Check.IsOne()
    return jvm.assertion(parse_assertion(given, flavour_of(word)))


def _plain(jvm: Jvm, entry: Entry, word: str) -> Any:
    """An argument that is passed as it is."""
    value = argument(entry.arguments, word, _DEFAULTS.get(word))
    return jvm.map(value) if isinstance(value, dict) else value


def _pattern(jvm: Jvm, entry: Entry) -> Any:
    return jvm.regex(argument(entry.arguments, "pattern"))


def _name(jvm: Jvm, entry: Entry) -> Any:
    """``constraintName``: a text for satisfies, an Option for hasPattern."""
    given = argument(entry.arguments, "constraintName")
    if isinstance(entry, CheckConfig) and entry.check == "satisfies":
        return given or argument(entry.arguments, "columnCondition")
    return jvm.option(given)


def _kll(jvm: Jvm, entry: Entry) -> Any:
    given: KllParameters | None = argument(entry.arguments, "kllParameters")
    if given is None:
        return jvm.option()
    return jvm.option(jvm.kll_parameters(given.sketchSize, given.shrinkingFactor, given.numberOfBuckets))


def _edges(jvm: Jvm, entry: Entry) -> Any:
    given = argument(entry.arguments, "customEdges")
    return jvm.option(None if given is None else jvm.array("double", given))


def _other(jvm: Jvm, entry: Entry) -> Any:
    from engine.datasets.table_reader import TableReader

    return jvm.dataset(TableReader((argument(entry.arguments, "otherDataset"),)).dataframe(jvm.session))


def _text_of(value: str | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_DEFAULTS: dict[str, Any] = {
    "maxBins": 1000, "relativeError": 0.01, "includeLowerBound": True, "includeUpperBound": True, "tags": {},
}  # fmt: skip

_MAKERS: dict[str, Callable[[Jvm, Entry], Any]] = {
    "column": lambda _, e: e.column,
    "columns": lambda jvm, e: jvm.seq(e.all_columns),
    "columnsRead": lambda jvm, e: jvm.list(e.all_columns),
    "first": lambda _, e: e.all_columns[0],
    "others": lambda jvm, e: jvm.seq(e.all_columns[1:]),
    "hint": lambda jvm, e: jvm.option(getattr(e, "hint", None)),
    "where": lambda jvm, e: jvm.option(e.where),
    "udf": lambda jvm, _: jvm.option(),
    "options": lambda jvm, e: jvm.options(argument(e.arguments, "nullBehavior"), argument(e.arguments, "filteredRow")),
    "pattern": _pattern,
    "constraintName": _name,
    "kllParameters": _kll,
    "customEdges": _edges,
    "binCount": lambda jvm, e: jvm.option(argument(e.arguments, "binCount")),
    "allowedValues": lambda jvm, e: jvm.array("java.lang.String", [_text_of(v) for v in argument(e.arguments, "allowedValues")]),
    "dataType": lambda jvm, e: jvm.deequ.constraints.ConstrainableDataTypes.withName(argument(e.arguments, "dataType")),
    "otherDataset": _other,
    "matchColumnMappings": lambda jvm, e: jvm.option(
        jvm.map(e.arguments["matchColumnMappings"]) if "matchColumnMappings" in e.arguments else None
    ),
    "strategy": lambda jvm, e: make_strategy(jvm, argument(e.arguments, "strategy")),
    "analyzer": lambda jvm, e: make_analyzer(jvm, argument(e.arguments, "analyzer")),
    "after": lambda jvm, e: jvm.moment(argument(e.arguments, "after")),
    "before": lambda jvm, e: jvm.moment(argument(e.arguments, "before")),
}  # fmt: skip
"""How the words of a signature become values."""
