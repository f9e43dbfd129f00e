from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine import pipeline
from engine.config import Config
from engine.documents.violations import Violation
from engine.sinks.exit_message import completed_message


class FakePipeline:
    """Stands for the pipeline: keeps the configuration that it was given, and answers or raises as told."""

    def __init__(self) -> None:
        self.config: Config
        self.kind = ""
        self.violations: list[Violation] = []
        self.error: Exception | None = None
        self.malformed = 0

    def run_job(self, config: Config, kind: str, console: Any = None) -> SimpleNamespace:
        self.config, self.kind = config, kind
        if self.error:
            raise self.error
        return SimpleNamespace(
            rows=1234,
            malformed=self.malformed,
            violations=self.violations,
            documents={"statistics.json": Path("out/statistics.json")},
            quarantine="out/quarantine.jsonl" if self.malformed else None,
            message=completed_message(len(self.violations)),
            notes={"shorter rows padded": 2},
            failures=[],
            seconds={"read": 1.0},
        )

    def plan_job(self, config: Config, kind: str) -> SimpleNamespace:
        self.config, self.kind = config, kind
        return SimpleNamespace(lines=lambda: ["files      1", "splits     2"])


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakePipeline:
    fake = FakePipeline()
    monkeypatch.setattr(pipeline, "run_job", fake.run_job)
    monkeypatch.setattr(pipeline, "plan_job", fake.plan_job)
    monkeypatch.setattr("jobs.sagemaker.run_job", fake.run_job)
    return fake


@pytest.fixture
def violation() -> Violation:
    return Violation(
        feature_name="age[red]\x1b[2J", constraint_check_type="data_type_check", description="Only 50.0% is Integral."
    )
