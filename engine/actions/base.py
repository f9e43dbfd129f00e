"""What an action is: a class that sends an event of violations somewhere. What a third party writes to add one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from pydantic import BaseModel


@dataclass(frozen=True)
class ViolationEvent:
    """Violations of a job that an action is told of; the same job on the same data makes the same event.

    Attributes:
        key: Idempotency key, 64 characters: an event that arrives twice has the same.
        run: Name of the run.
        monitor: Name of the monitor.
        endpoint: Name of the endpoint; None if not told.
        schedule: Name of the schedule; None if not told.
        start: Start of the analysis window, ISO 8601; None without one.
        end: Its end.
        report: Folder of the documents: path or URI.
        severity: Highest severity among the violations.
        violations: Those that the action asked for, each as in ``constraint_violations.json`` with its ``severity``.
        left_out: Further ones that did not fit into the size that receivers take.
    """

    key: str
    run: str
    monitor: str
    endpoint: str | None
    schedule: str | None
    start: str | None
    end: str | None
    report: str
    severity: str
    violations: tuple[dict[str, Any], ...]
    left_out: int = 0

    @property
    def text(self) -> str:
        """In a sentence for a person."""
        of = f" of {self.endpoint or self.schedule}" if self.endpoint or self.schedule else ""
        window = f", {self.start} to {self.end}" if self.start and self.end else ""
        number = len(self.violations) + self.left_out
        first = f" First: {self.violations[0].get('description')}" if self.violations else ""
        return f"Model monitor {self.monitor}{of}{window}: {number} violations ({self.severity}). Report: {self.report}.{first}"

    def as_dict(self) -> dict[str, Any]:
        """As values of JSON, with the text."""
        return {**asdict(self), "violations": list(self.violations), "text": self.text}


class Action(ABC):
    """Sends events of violations somewhere.

    Attributes:
        name: Key in the configuration, for example ``sns``.
        Settings: Pydantic model of the settings; the class is called with an instance as its only argument.
    """

    name: ClassVar[str]
    Settings: ClassVar[type[BaseModel]]

    @abstractmethod
    def __init__(self, settings: Any) -> None:
        """Take the settings; open nothing yet."""

    @abstractmethod
    def send(self, event: ViolationEvent) -> None:
        """Deliver an event. It may be called again with the same event, which ``event.key`` tells.

        Raises:
            RefusedError: Trying again is of no use.
            Exception: Anything else is tried again.
        """
