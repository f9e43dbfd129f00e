"""Delivers events at least once: what did not arrive stays in a file beside the documents, to be sent again."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from pydantic import TypeAdapter, ValidationError
from tenacity import Retrying, retry_if_not_exception_type, stop_after_attempt, wait_random_exponential

from engine.actions.base import Action, ViolationEvent
from engine.actions.events import EventSource, event_of
from engine.config_sections import Severity, WhenConfig
from engine.documents.violations import Violation
from engine.errors import MonitorError, RefusedError
from engine.filesystems import read_text
from engine.foreign_code import ForeignError, call_foreign
from engine.sinks.files import write_documents

FILE_NAME = "pending_actions.json"
LONGEST_PAUSE = 20
"""Seconds between two tries, at most."""

_LOG = logging.getLogger(__name__)
_EVENTS = TypeAdapter(dict[str, ViolationEvent])


@dataclass(frozen=True)
class PlannedAction:
    """An action as the configuration has it.

    Attributes:
        key: Name of its entry.
        action: What sends.
        when: What it is told of.
        tries: How often it is tried.
    """

    key: str
    action: Action
    when: WhenConfig
    tries: int

    def send(self, event: ViolationEvent) -> str | None:
        """Deliver an event; why it did not arrive, or None."""
        retrying = Retrying(
            retry=retry_if_not_exception_type((RefusedError, KeyboardInterrupt)),
            stop=stop_after_attempt(self.tries),
            wait=wait_random_exponential(multiplier=0.5, max=LONGEST_PAUSE),
            reraise=True,
        )
        module = type(self.action).__module__
        try:
            retrying(lambda: call_foreign(lambda: self.action.send(event), module, through=(MonitorError,)))
        except (MonitorError, ForeignError) as error:  # an action may raise anything; the documents are what counts
            return f"action {self.key!r} did not arrive ({str(error).strip().rstrip('.')})"
        _LOG.info("action %r delivered (%s)", self.key, event.key)
        return None


def events_of(
    actions: Sequence[PlannedAction],
    violations: Sequence[Violation],
    severities: Mapping[str, Severity],
    source: EventSource,
) -> dict[str, ViolationEvent]:
    """The events of a job by the keys of their actions."""
    made = {one.key: event_of(one.key, one.when, violations, severities, source) for one in actions}
    return {key: event for key, event in made.items() if event is not None}


def pending_text(events: Mapping[str, ViolationEvent]) -> str | None:
    """The file of events that are still to be delivered; None when there are none."""
    if not events:
        return None
    return json.dumps({key: asdict(event) for key, event in events.items()}, indent=2) + "\n"


def deliver(actions: Sequence[PlannedAction], events: Mapping[str, ViolationEvent], report: str) -> list[str]:
    """Deliver the events, and leave in the report's folder what did not arrive.

    Args:
        actions: All that are configured.
        events: By the keys of their actions.
        report: Folder with the file of pending events.

    Returns:
        Why something did not arrive.
    """
    by_key = {one.key: one for one in actions}
    failures: list[str] = []
    left = dict(events)
    for key, event in events.items():
        if key not in by_key:
            failures.append(f"action {key!r} is not in the configuration; allowed: {', '.join(by_key) or 'none'}")
            continue
        reason = by_key[key].send(event)
        if reason is not None:
            failures.append(reason)
            continue
        del left[key]
        failures += _kept(report, left, key)
    for failure in failures:
        _LOG.warning("%s; 'model-monitor deliver %s --config FILE' sends it again", failure, report)
    return failures


def _kept(report: str, left: Mapping[str, ViolationEvent], key: str) -> list[str]:
    """Update the file of pending events; why that is not possible, if so: the event itself has arrived."""
    try:
        write_documents(report, {FILE_NAME: pending_text(left)})
    except MonitorError as error:
        return [f"action {key!r} arrived, but stays in {FILE_NAME} ({str(error).rstrip('.')})"]
    return []


def pending(report: str) -> dict[str, ViolationEvent]:
    """What a job could not deliver.

    Raises:
        MonitorError: The file cannot be read.
    """
    place = f"{report.rstrip('/')}/{FILE_NAME}"
    try:
        return _EVENTS.validate_json(read_text(place))
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise MonitorError(f"{place} is not a file of pending actions: {reason}. Run the job again.") from error
