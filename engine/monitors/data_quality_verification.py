"""Verification of the data quality monitor: all checks, of all rows and of each slice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.constraints.column_count import check_columns
from engine.constraints.column_data import CheckOptions, ColumnData
from engine.constraints.switches import switches_of
from engine.documents.baseline import Baseline
from engine.documents.constraints import FeatureConstraints
from engine.documents.statistics import Statistics
from engine.documents.violations import Violation, in_slice
from engine.measurements.measurement import Measurement
from engine.metrics import DatasetMetrics
from engine.monitors.data_quality_checks import Outcome, outcomes_of
from engine.monitors.data_quality_statistics import statistics_of


@dataclass(frozen=True)
class Verdict:
    """What became of one constraint: its row in the table of results, and the violation where it is broken."""

    row: Measurement
    violation: Violation | None = None


@dataclass(frozen=True)
class Verification:
    """What is held against what.

    Attributes:
        metrics: What the pass found.
        statistics: The document of all rows.
        baseline: The baseline, with what its job kept of its slices.
        options: Choices of the run.
        histogram_limit: As for the document.
    """

    metrics: DatasetMetrics
    statistics: Statistics
    baseline: Baseline
    options: CheckOptions
    histogram_limit: int

    def verdicts(self) -> list[Verdict]:
        """One for each constraint: by column, then of the table, then the same of each slice. None without constraints."""
        if self.baseline.constraints is None:
            return []
        whole = [_verdict(outcome, column) for column in self.columns() for outcome in outcomes_of(column)]
        return (
            whole + self._of_table() + [verdict for label in self.metrics.slices for verdict in self._of_slice(label)]
        )

    def columns(self) -> list[ColumnData]:
        """Columns that both the constraints and the data have, in the order of the constraints."""
        return list(self._columns(self.metrics, self.statistics, self.baseline.statistics))

    def _columns(
        self, metrics: DatasetMetrics, statistics: Statistics, baseline: Statistics | None
    ) -> Iterator[ColumnData]:
        if self.baseline.constraints is None:
            return
        current, before = statistics.by_name(), baseline.by_name() if baseline else {}
        for feature in self.baseline.constraints.features:
            if feature.name in current:
                yield ColumnData(
                    constraints=feature,
                    metrics=metrics.columns.get(feature.name, {}),
                    current=current[feature.name],
                    baseline=before.get(feature.name),
                    switches=switches_of(self.baseline.constraints, feature),
                    options=self.options,
                )

    def _of_slice(self, label: str) -> Iterator[Verdict]:
        """A slice is held against the constraints of the whole, and its distributions against the same slice of the baseline."""
        part, before = self.metrics.slices[label], self.baseline.slices.get(label)
        bounds = self._completeness_of_slice(before) if before is not None else {}
        enough = part.enough_rows and (before is None or before.enough_rows)
        expected = statistics_of(before, self.histogram_limit) if before is not None else None
        for found in self._columns(part, statistics_of(part, self.histogram_limit), expected):
            column = replace(found, constraints=bounds.get(found.name, found.constraints))
            for outcome in outcomes_of(column):
                judged = enough if outcome.distance is not None else part.enough_rows
                yield _verdict(outcome, column, label, judged)

    def _completeness_of_slice(self, before: DatasetMetrics) -> dict[str, FeatureConstraints]:
        """Constraints of columns that lacked more in this slice of the baseline than in all of it: that is no change.

        A completeness that somebody set above that of the whole baseline stays as it is.
        """
        constraints = self.baseline.constraints.by_name() if self.baseline.constraints else {}
        whole = _completeness_of(self.baseline.statistics)
        eased = {}
        for name, feature in constraints.items():
            results = before.columns.get(name, {}).get("completeness")
            usual = results.completeness if results is not None else 1.0
            required = feature.completeness
            if required is not None and usual < required <= whole.get(name, 0.0):
                eased[name] = feature.model_copy(update={"completeness": usual})
        return eased

    def _of_table(self) -> list[Verdict]:
        constraints = self.baseline.constraints
        if constraints is None or not switches_of(constraints).evaluate:
            return []
        names = [feature.name for feature in self.statistics.features]
        expected = [feature.name for feature in constraints.features]
        violations = {v.constraint_check_type: v for v in check_columns(names, expected, self.options.list_columns)}
        differences = {
            "missing": [name for name in expected if name not in names],
            "extra": [name for name in names if name not in expected],
        }
        return [
            Verdict(
                _row_of_table(which, columns, violations.get(f"{which}_column_check")),
                violations.get(f"{which}_column_check"),
            )
            for which, columns in differences.items()
        ]


def _completeness_of(statistics: Statistics | None) -> dict[str, float]:
    """Fraction of values that are present, by column."""
    counts = {f.name: f.common for f in statistics.features} if statistics else {}
    return {
        name: common.num_present / (common.num_present + common.num_missing)
        for name, common in counts.items()
        if common is not None and common.num_present + common.num_missing
    }


def _verdict(outcome: Outcome, column: ColumnData, label: str | None = None, enough: bool = True) -> Verdict:
    """A verdict, unless the constraints are switched off or the rows are few."""
    violation, status, check = outcome.violation, outcome.status, outcome.check if column.switches.evaluate else None
    if check is None:
        violation, status = None, "measured" if outcome.value is not None else status
    elif not enough:
        violation, status = None, "not_enough_data"
    row = Measurement(
        outcome.metric, column.name, label, outcome.value, None, outcome.distance, outcome.threshold, status,
        detail=outcome.detail, check=check,
    )  # fmt: skip
    return Verdict(row, in_slice(violation, label) if violation is not None and label is not None else violation)


def _row_of_table(which: str, columns: list[str], violation: Violation | None) -> Measurement:
    return Measurement(
        f"{which}_columns", value=float(len(columns)), threshold=0.0, status="violation" if violation else "ok",
        detail={"columns": columns} if columns else {}, check=f"{which}_column_check",
    )  # fmt: skip
