"""Checks and analyzers, run by Deequ's own VerificationSuite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.deequ.calling import add_to, make_analyzer, refuse_faulty_sql
from engine.deequ.column_names import ColumnNames
from engine.deequ.config import DeequConfig
from engine.deequ.custom_sql import takeable_sql
from engine.deequ.entries import AnalyzerConfig, CheckConfig
from engine.deequ.errors import DeequError
from engine.deequ.jvm import Jvm
from engine.deequ.reading import errors_of, metrics_of, read_constraint, renamed, with_nearest
from engine.deequ.repository import open_repository, result_key
from engine.deequ.results import DeequMetric, Outcome
from engine.deequ.strategies import reason_of
from engine.deequ.suites import Part, SuiteRun, run_suites
from engine.metrics import MetricFailure

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

VIEW = "dataset"
"""Name of the data in the SQL of ``customSql``."""

Entry = CheckConfig | AnalyzerConfig


@dataclass(frozen=True)
class JudgedRows:
    """What :func:`engine.deequ.failing_rows.failing_rows` needs of a run.

    Attributes:
        result: Deequ's own result.
        outcomes: Of its configured checks, by Deequ's descriptions of them (unique, whatever their names are).
        names: Aliases of columns; None where it ran on the data as they are.
    """

    result: Any
    outcomes: dict[str, Outcome]
    names: ColumnNames | None


@dataclass(frozen=True)
class Verified:
    """Outcomes in the order of the checks, all successful metrics, the analyzers that failed, and the runs."""

    outcomes: list[Outcome]
    metrics: list[DeequMetric]
    failures: list[MetricFailure]
    runs: list[JudgedRows]


def verify(
    jvm: Jvm, frame: DataFrame, config: DeequConfig, moment: datetime | None = None, own: Sequence[Any] = ()
) -> Verified:
    """Run the checks and analyzers.

    A check that cannot be run (its SQL or pattern is faulty, Spark refuses its expression) fails alone.

    Args:
        jvm: The JVM.
        frame: The data.
        config: Checks, analyzers and repository.
        moment: Time of the data, for the repository; None means now.
        own: Further checks as objects of pydeequ's class Check.
    """
    frame.createOrReplaceTempView(VIEW)
    return _Verification(jvm, frame, config, moment or datetime.now(timezone.utc)).run(own)


@dataclass
class _Verification:
    """The state of a call of :func:`verify`. Parts are numbered: checks, then analyzers, then the caller's own checks."""

    jvm: Jvm
    frame: DataFrame
    config: DeequConfig
    moment: datetime
    faults: dict[int, str] = field(default_factory=dict)
    outcomes: dict[int, list[Outcome]] = field(default_factory=dict)
    metrics: list[DeequMetric] = field(default_factory=list)
    runs: list[JudgedRows] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.entries: list[Entry] = [*self.config.checks, *self.config.analyzers]
        self.names = ColumnNames.of_frame(self.jvm, self.frame)
        kept = self.config.repository
        self.repository = open_repository(self.jvm, kept) if kept else None

    def run(self, own: Sequence[Any]) -> Verified:
        plain, aliased = self._parts()
        first = len(self.entries)
        plain += [Part(first + index, check=check._Check) for index, check in enumerate(own)]  # noqa: SLF001 - no other way
        self._run(plain, self.frame, None)
        if aliased:
            self._run(aliased, self.names.with_aliases(self.frame), self.names)
        checks = len(self.config.checks)
        failed = {key: text for key, text in self.faults.items() if checks <= key < first}
        for key in self.faults.keys() - failed.keys():
            self.outcomes[key] = [self._fault(key)]
        return Verified(
            [outcome for key in sorted(self.outcomes) for outcome in self.outcomes[key]],
            self.metrics,
            [_failure(self.config.analyzers[key - checks], text) for key, text in sorted(failed.items())],
            self.runs,
        )

    def _parts(self) -> tuple[list[Part], list[Part]]:
        """What can be run: on the data as they are, and with aliases of columns."""
        plain: list[Part] = []
        aliased: list[Part] = []
        for key, entry in enumerate(self.entries):
            try:
                refuse_faulty_sql(self.frame, entry)
                translated = takeable_sql(self.jvm.session, self.names.entry(entry))
                part = self._part(key, translated)
            except DeequError as error:
                self.faults[key] = str(error)
            except Exception as error:  # noqa: BLE001 - whatever Deequ refuses (a pattern, a table) concerns this entry alone
                self.faults[key] = f"cannot be run: {reason_of(error)}"
            else:
                (aliased if self.names.has_alias(_columns(translated)) else plain).append(part)
        return plain, aliased

    def _part(self, key: int, entry: Entry) -> Part:
        if isinstance(entry, AnalyzerConfig):
            return Part(key, analyzer=make_analyzer(self.jvm, entry))
        checks = self.jvm.deequ.checks
        level = getattr(checks.CheckLevel, entry.level.capitalize())()
        empty = checks.Check(level, _name(key), self.jvm.seq([]))
        return Part(key, check=add_to(self.jvm, empty, entry, self.repository))

    def _run(self, parts: Sequence[Part], frame: DataFrame, names: ColumnNames | None) -> None:
        for run in run_suites(self.jvm, partial(self._builder, frame), parts):
            if run.result is None:
                self.faults.update((part.key, f"cannot be run: {run.error}") for part in run.parts)
            else:
                self._take(run, names)

    def _builder(self, frame: DataFrame) -> Any:
        builder = self.jvm.deequ.VerificationSuite().onData(self.jvm.dataset(frame))
        if self.repository is None or self.config.repository is None:
            return builder
        key = result_key(self.jvm, self.moment, self.config.repository.tags)
        return builder.useRepository(self.repository).saveOrAppendResult(key)

    def _take(self, run: SuiteRun, names: ColumnNames | None) -> None:
        shown = names.shown if names else str
        judged: dict[str, Outcome] = {}
        for part in run.parts:
            if part.check is None:
                self.faults.update((part.key, shown(text)) for text in errors_of(part, run.result))
                continue
            found = [read_constraint(one) for one in part.constraint_results(run.result)]
            self.outcomes[part.key] = [self._outcome(part, read, shown) for read in found]
            if part.key < len(self.config.checks):
                judged[_name(part.key)] = self.outcomes[part.key][0]
        self.metrics += [renamed(metric, shown) for metric in metrics_of(self.jvm, run.result)]
        self.runs.append(JudgedRows(run.result, judged, names))

    def _outcome(self, part: Part, read: Any, shown: Any) -> Outcome:
        status, value, message, constraint = read
        if part.key >= len(self.config.checks):
            level = "warning" if part.check.level().toString() == "Warning" else "error"
            return Outcome(part.check.description(), "check", level, constraint, (), status, value, message)  # type: ignore[arg-type]
        entry = self.config.checks[part.key]
        columns = tuple(entry.all_columns)
        if status == "Failure":
            message = with_nearest(shown(message), columns, self.frame.columns)
        return Outcome(entry.title, "check", entry.level, shown(constraint), columns, status, value, message)

    def _fault(self, key: int) -> Outcome:
        text = self.faults[key]
        if key >= len(self.entries):
            name = f"check {key - len(self.entries) + 1} of the call"
            return Outcome(name, "check", "error", name, (), "Failure", None, text)
        entry = self.config.checks[key]
        columns = tuple(entry.all_columns)
        message = with_nearest(text, columns, self.frame.columns)
        return Outcome(entry.title, "check", entry.level, entry.check, columns, "Failure", None, message)


def _name(key: int) -> str:
    return f"model_monitor_check_{key}"


def _columns(entry: Entry) -> list[str]:
    nested = entry.arguments.get("analyzer")
    return [*entry.all_columns, *(nested.all_columns if isinstance(nested, AnalyzerConfig) else [])]


def _failure(entry: AnalyzerConfig, text: str) -> MetricFailure:
    return MetricFailure(f"deequ.{entry.name}", ",".join(entry.all_columns), "Deequ", text)
