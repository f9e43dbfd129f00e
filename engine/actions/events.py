"""Which violations an action is told of, and the event that it gets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.actions.base import ViolationEvent
from engine.columns.patterns import matches_pattern
from engine.config_sections import SEVERITIES, Severity, WhenConfig
from engine.documents.violations import Violation

MOST_BYTES = 200_000
"""Of the violations in an event: EventBridge and SNS take 256 KiB."""


@dataclass(frozen=True)
class EventSource:
    """What all events of a job have in common."""

    run: str
    monitor: str
    endpoint: str | None
    schedule: str | None
    start: datetime | None
    end: datetime | None
    report: str


def severity_of(violation: Violation, severities: Mapping[str, Severity]) -> Severity:
    """Its own key ``severity``, else that of the first pattern of its type, else ``error`` (Deequ's warnings: ``warning``).

    >>> found = Violation(feature_name="age", constraint_check_type="completeness_check", description="")
    >>> severity_of(found, {}), severity_of(found, {"complete*": "info"})
    ('error', 'info')
    """
    own = (violation.model_extra or {}).get("severity")
    if own in SEVERITIES:
        return own  # type: ignore[no-any-return]
    kind = violation.constraint_check_type
    usual: Severity = "warning" if kind == "deequ_warning" else "error"
    return next((level for pattern, level in severities.items() if matches_pattern(kind, pattern)), usual)


def event_of(
    key: str, when: WhenConfig, violations: Sequence[Violation], severities: Mapping[str, Severity], source: EventSource
) -> ViolationEvent | None:
    """The event for an action; None when it asked for none of the violations.

    Args:
        key: Name of the action's entry in the configuration.
        when: What it asked for.
        violations: All of the job.
        severities: Severities by pattern of ``constraint_check_type``.
        source: What all events of the job have in common.
    """
    graded = [(severity_of(violation, severities), violation) for violation in violations]
    wanted = [(level, violation) for level, violation in graded if _asked_for(violation, level, when)]
    if not wanted:
        return None
    found = [{**violation.model_dump(mode="json", exclude_none=True), "severity": level} for level, violation in wanted]
    start, end = _iso(source.start), _iso(source.end)
    told = [source.run, source.monitor, source.endpoint, source.schedule, start, end, key, found]
    digest = hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()
    kept = _fitting(found)
    worst = max((level for level, _ in wanted), key=SEVERITIES.index)
    return ViolationEvent(
        digest, source.run, source.monitor, source.endpoint, source.schedule, start, end, source.report, worst,
        tuple(kept), len(found) - len(kept),
    )  # fmt: skip


def _iso(time: datetime | None) -> str | None:
    return None if time is None else time.strftime("%Y-%m-%dT%H:%M:%SZ")


def _asked_for(violation: Violation, level: Severity, when: WhenConfig) -> bool:
    column = violation.feature_name or (violation.model_extra or {}).get("metric_name") or ""
    return (
        SEVERITIES.index(level) >= SEVERITIES.index(when.severity)
        and _matches(violation.constraint_check_type, when.kinds)
        and _matches(str(column), when.columns)
    )


def _matches(name: str, patterns: Sequence[str] | None) -> bool:
    return patterns is None or any(matches_pattern(name, pattern) for pattern in patterns)


def _fitting(violations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    size, kept = 0, []
    for violation in violations:
        size += len(json.dumps(violation))  # ASCII, as it is sent
        if size > MOST_BYTES:
            break
        kept.append(violation)
    return kept
