from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timezone

from hypothesis import given
from hypothesis import strategies as st

from engine.actions.events import MOST_BYTES, EventSource, event_of
from engine.config_sections import WhenConfig
from engine.documents.violations import Violation

SOURCE = EventSource(
    "run", "data_quality", "demo", None, datetime(2026, 1, 31, 10, tzinfo=timezone.utc), None, "report"
)


def violation(column: str | None, kind: str, **more: str) -> Violation:
    return Violation(feature_name=column, constraint_check_type=kind, description="It moved.", **more)


FOUND = [
    violation("age", "baseline_drift_check"),
    violation("income_1", "completeness_check"),
    violation(None, "lessthan_threshold", metric_name="f1"),
    violation("age", "metric_check", severity="info"),
    violation("age", "deequ_warning"),
]


def kinds(when: WhenConfig, **severities: str) -> list[str]:
    event = event_of("sns", when, FOUND, severities, SOURCE)  # type: ignore[arg-type]
    return [found["constraint_check_type"] for found in event.violations] if event else []


def test_violations_are_chosen_by_severity_column_and_kind() -> None:
    assert kinds(WhenConfig()) == [found.constraint_check_type for found in FOUND]
    assert kinds(WhenConfig(severity="warning")) == [
        "baseline_drift_check", "completeness_check", "lessthan_threshold", "deequ_warning",
    ]  # fmt: skip
    assert kinds(WhenConfig(severity="error")) == ["baseline_drift_check", "completeness_check", "lessthan_threshold"]
    assert kinds(WhenConfig(severity="error"), completeness_check="warning") == [
        "baseline_drift_check",
        "lessthan_threshold",
    ]
    assert kinds(WhenConfig(columns=["income*", "f1"])) == ["completeness_check", "lessthan_threshold"]
    assert kinds(WhenConfig(kinds=["*_check"], columns=["age"])) == ["baseline_drift_check", "metric_check"]
    assert kinds(WhenConfig(columns=["nobody"])) == []


def test_the_key_is_that_of_the_facts() -> None:
    """The same job on the same data has the same key, wherever it writes; anything else has another one."""

    def key(source: EventSource = SOURCE, entry: str = "sns", found: list[Violation] = FOUND) -> str:
        event = event_of(entry, WhenConfig(), found, {}, source)
        assert event is not None
        return event.key

    assert key() == key() == key(replace(SOURCE, report="elsewhere"))
    others = [
        key(replace(SOURCE, run="other")), key(replace(SOURCE, start=None)), key(entry="webhook"), key(found=FOUND[1:]),
    ]  # fmt: skip
    assert len({key(), *others}) == 5
    assert len(key()) == 64


@given(st.lists(st.text(max_size=50_000), min_size=1, max_size=20))
def test_an_event_fits_what_receivers_take(texts: list[str]) -> None:
    found = [Violation(feature_name="a", constraint_check_type="c", description=text) for text in texts]
    event = event_of("sns", WhenConfig(), found, {}, SOURCE)
    assert event is not None
    assert len(event.violations) + event.left_out == len(texts)
    assert len(json.dumps(event.violations)) <= MOST_BYTES + 2 * len(texts)


def test_the_text_says_what_a_person_needs() -> None:
    event = event_of("sns", WhenConfig(), FOUND, {}, SOURCE)
    assert event is not None
    assert event.text == ("Model monitor data_quality of demo: 5 violations (error). Report: report. First: It moved.")
    assert event.as_dict()["text"] == event.text
