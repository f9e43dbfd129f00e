"""What a job found, and where it was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from engine.deequ.results import DeequResults, measurements_of, violations_of
from engine.documents.document import Document
from engine.documents.violations import Violation
from engine.job_plan import Kind
from engine.measurements.measurement import Measurement
from engine.metrics import MetricFailure


@dataclass
class JobResult:
    """What a job found and wrote."""

    kind: Kind
    rows: int
    malformed: int
    statistics: Document
    constraints: Document
    violations: list[Violation] = field(default_factory=list)
    documents: dict[str, Path | str] = field(default_factory=dict)
    quarantine: Path | str | None = None
    message: str = ""
    notes: dict[str, int] = field(default_factory=dict)
    measurements: list[Measurement] = field(default_factory=list)
    failures: list[MetricFailure] = field(default_factory=list)
    undelivered: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    deequ: DeequResults | None = None

    def add_deequ(self, found: DeequResults) -> None:
        """Put what Deequ found beside the rest."""
        self.deequ = found
        self.violations = self.violations + violations_of(found.outcomes)
        self.failures = self.failures + found.failures
        self.measurements = self.measurements + measurements_of(found)
