"""The section ``deequ`` of the configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator
from typing_extensions import Self

from engine.config_sections import Location, Section
from engine.deequ.entries import AnalyzerConfig, CheckConfig
from engine.deequ.jar_pins import releases
from engine.deequ.signatures import ANALYZERS, CHECKS, DEFAULT_RELEASE, NEWER_RELEASE


def _one_or_several(value: Any) -> Any:
    return [value] if isinstance(value, str | Path) else value


class RepositoryConfig(Section):
    """Where Deequ's own JSON of metrics is kept."""

    path: Location
    """The file; also hdfs:// or s3:// where Spark can write there."""
    tags: dict[str, str] = Field({})
    """Tags of the results of this job."""


class DeequConfig(Section):
    """Deequ's own checks and rules, run by Deequ."""

    checks: list[CheckConfig] = Field([])
    """Calls of the methods of Deequ's Check."""
    rules: str | None = Field(None, min_length=1)
    """DQDL: the ruleset itself (Rules = [ ... ]), or the path of a file with it."""
    analyzers: list[AnalyzerConfig] = Field([])
    """Further metrics to compute and keep."""
    release: str | None = None
    """Release of Deequ; null takes the oldest of the tested ones that has all that is asked for."""
    jar: Annotated[list[Location], BeforeValidator(_one_or_several)] = Field([])
    """Jars of Deequ (and, for rules, of DQDL) to use instead of downloading them."""
    failing_rows: int = Field(0, ge=0)
    """Rows per check to write into deequ_failing_rows.parquet; 0 writes none."""
    repository: RepositoryConfig | None = None
    """Keep the metrics in Deequ's JSON repository; needed by isNewestPointNonAnomalous."""
    text_columns: list[str] = Field([])
    """Columns of CSV or captures that stay text though they look like numbers."""
    profiler: Literal["engine", "deequ"] = "engine"
    """Who computes the statistics; deequ is the reference, and many times slower."""

    @property
    def is_used(self) -> bool:
        """Whether Deequ has anything to do."""
        return bool(self.checks or self.rules or self.analyzers) or self.profiler == "deequ"

    @field_validator("release")
    @classmethod
    def _pinned(cls, release: str | None) -> str | None:
        if release is not None and release not in releases():
            raise ValueError(
                f"no tested release. Allowed: {', '.join(releases())}; for another one give its jar as deequ.jar"
            )
        return release

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        anomalies = [check.title for check in self.checks if check.check == "isNewestPointNonAnomalous"]
        if anomalies and self.repository is None:
            raise ValueError(f"{anomalies[0]} compares with the history of a repository: give deequ.repository.path")
        if self.release == DEFAULT_RELEASE and self.newer_parts:
            shown = ", ".join(self.newer_parts)
            raise ValueError(f"Deequ {DEFAULT_RELEASE} lacks {shown}: leave deequ.release out, or take {NEWER_RELEASE}")
        return self

    @property
    def newer_parts(self) -> list[str]:
        """What is asked for that the default release lacks."""
        found = ["DQDL rules"] if self.rules else []
        found += [check.check for check in self.checks if CHECKS[check.check].newer]
        return found + [analyzer.name for analyzer in self.analyzers if ANALYZERS[analyzer.name].newer]

    @property
    def chosen_release(self) -> str:
        """The release to use."""
        return self.release or (NEWER_RELEASE if self.newer_parts else DEFAULT_RELEASE)

    @property
    def asks_for_anything(self) -> bool:
        """Whether there is anything for Deequ to do."""
        return bool(self.checks or self.rules or self.analyzers or self.profiler == "deequ")
