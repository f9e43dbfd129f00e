"""Checks and analyzers, run by Deequ's own VerificationSuite in one go."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from engine.deequ.calling import add_to, make_analyzer
from engine.deequ.config import DeequConfig
from engine.deequ.entries import AnalyzerConfig, CheckConfig, argument
from engine.deequ.errors import DeequError
from engine.deequ.jvm import Jvm, items, optional, pairs
from engine.deequ.repository import open_repository, result_key
from engine.deequ.results import DeequMetric, Outcome
from engine.deequ.strategies import reason_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

VIEW = "dataset"
"""Name of the data in the SQL of ``customSql``."""

LONGEST = 300
"""Characters of a message that are kept."""


@dataclass(frozen=True)
class Verified:
    """A run of the suite: outcomes in the order of the checks, all successful metrics, and Deequ's own result.

    Attributes:
        ran: The outcomes of the configured checks that ran, by Deequ's descriptions of them (unique, whatever their names are).
    """

    outcomes: list[Outcome]
    metrics: list[DeequMetric]
    result: Any
    ran: dict[str, Outcome]


def verify(
    jvm: Jvm, frame: DataFrame, config: DeequConfig, moment: datetime | None = None, own: Sequence[Any] = ()
) -> Verified:
    """Run the checks and analyzers.

    A check that cannot be run (its SQL or pattern is faulty) fails alone, and Deequ never sees it: inside of Deequ one
    faulty expression would fail every metric of the same pass.

    Args:
        jvm: The JVM.
        frame: The data.
        config: Checks, analyzers and repository.
        moment: Time of the data, for the repository; None means now.
        own: Further checks as objects of pydeequ's class Check.

    Raises:
        DeequError: Deequ itself gives up.
    """
    builder = jvm.deequ.VerificationSuite().onData(jvm.dataset(frame))
    repository = open_repository(jvm, config.repository) if config.repository else None
    if repository is not None and config.repository is not None:
        key = result_key(jvm, moment or datetime.now(timezone.utc), config.repository.tags)
        builder = builder.useRepository(repository).saveOrAppendResult(key)
    frame.createOrReplaceTempView(VIEW)
    made, faults = _made(jvm, frame, config.checks, repository)
    for check in [*made.values(), *(check._Check for check in own)]:  # noqa: SLF001 - pydeequ has no other way
        builder = builder.addCheck(check)
    for entry in config.analyzers:
        _refuse_faulty(frame, entry)
        builder = builder.addRequiredAnalyzer(make_analyzer(jvm, entry))
    try:
        result = builder.run()
    except Exception as error:
        raise DeequError(f"Deequ gave up: {reason_of(error)}") from error
    found = _results_by_name(result)
    ran = {
        _name(i): _outcome(entry, frame, found.pop(_name(i))[0]) for i, entry in enumerate(config.checks) if i in made
    }
    outcomes = [faults[i] if i in faults else ran[_name(i)] for i in range(len(config.checks))]
    outcomes += [_foreign(name, one) for name, several in found.items() for one in several]
    return Verified(outcomes, _metrics(jvm, result), result, ran)


def _name(index: int) -> str:
    return f"model_monitor_check_{index}"


def _made(
    jvm: Jvm, frame: DataFrame, entries: Sequence[CheckConfig], repository: Any
) -> tuple[dict[int, Any], dict[int, Outcome]]:
    """Deequ's checks by number, and the outcomes of those that cannot be run."""
    made, faults = {}, {}
    for index, entry in enumerate(entries):
        level = getattr(jvm.deequ.checks.CheckLevel, entry.level.capitalize())()
        empty = jvm.deequ.checks.Check(level, _name(index), jvm.seq([]))
        try:
            _refuse_faulty(frame, entry)
            made[index] = add_to(jvm, empty, entry, repository)
        except DeequError as error:
            faults[index] = _fault(entry, str(error))
        except Exception as error:  # noqa: BLE001 - whatever Deequ refuses (a pattern, a table) concerns this check alone
            faults[index] = _fault(entry, f"cannot be run: {reason_of(error)}")
    return made, faults


def _refuse_faulty(frame: DataFrame, entry: CheckConfig | AnalyzerConfig) -> None:
    texts = {"where": entry.where} | {key: argument(entry.arguments, key) for key in ("columnCondition", "predicate")}
    for key, text in texts.items():
        try:
            if text is not None:
                frame.where(text)
        except Exception as error:
            title = entry.title if isinstance(entry, CheckConfig) else entry.name
            raise DeequError(f"cannot be run: {key} of {title}, {text!r}: {reason_of(error)}") from error


def _fault(entry: CheckConfig, message: str) -> Outcome:
    return Outcome(entry.title, "check", entry.level, entry.check, tuple(entry.all_columns), "Failure", None, message)


def _results_by_name(result: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for check, judged in pairs(result.checkResults()):
        entries = found.setdefault(check.description(), [])
        entries += [(check, one) for one in items(judged.constraintResults())]
    return found


def _outcome(entry: CheckConfig, frame: DataFrame, found: Any) -> Outcome:
    status, value, message, constraint = _read(found[1])
    columns = tuple(entry.all_columns)
    if status == "Failure":
        message = _with_nearest(message, columns, frame.columns)
    return Outcome(entry.title, "check", entry.level, constraint, columns, status, value, message)


def _foreign(name: str, found: Any) -> Outcome:
    """The outcome of a constraint of a check that is not ours."""
    status, value, message, constraint = _read(found[1])
    level = "warning" if found[0].level().toString() == "Warning" else "error"
    return Outcome(name, "check", level, constraint, (), status, value, message)  # type: ignore[arg-type]


def _read(one: Any) -> Any:
    metric = optional(one.metric())
    value = metric.value().get() if metric is not None and metric.value().isSuccess() else None
    number = float(value) if isinstance(value, int | float) else None
    message = _shortened(optional(one.message()) or "")
    return one.status().toString(), number, message, one.constraint().toString()


def _shortened(message: str) -> str:
    """A message without the hundreds of values of a histogram or sketch."""
    if len(message) <= LONGEST:
        return message
    shown, joint, end = message[:LONGEST], " does not meet", message.rpartition(" does not meet")[2]
    return f"{shown} ...{joint}{end}" if joint in message else f"{shown} ..."


def _with_nearest(message: str, columns: Sequence[str], legal: Sequence[str]) -> str:
    """Deequ's message; for a column that is not there with the nearest one, and all."""
    for column in columns:
        if column.strip("`").lower() not in {name.lower() for name in legal} and "does not include column" in message:
            nearest = difflib.get_close_matches(column, legal, n=1)
            hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
            return f"{message}{hint} Columns: {', '.join(legal)}."
    return str(message)


def _metrics(jvm: Jvm, result: Any) -> list[DeequMetric]:
    # Not as JSON: Deequ's writer refuses NaN, which the correlation with a constant column is.
    found = jvm.deequ.VerificationResult.successMetricsAsDataFrame(jvm.java_session, result, jvm.seq([]))
    return [DeequMetric(m["entity"], m["instance"], m["name"], float(m["value"])) for m in jvm.frame(found).collect()]
