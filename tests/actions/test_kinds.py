"""A kind of check that does not exist is never reported: a pattern for it is named when the job is planned."""

from __future__ import annotations

from typing import Any

import pytest

from engine.actions.kinds import KINDS, warn_of_unknown_kinds
from engine.config import make_config


def warned(caplog: pytest.LogCaptureFixture, **options: Any) -> str:
    warn_of_unknown_kinds(make_config(["a"], "o", options=options))
    return caplog.text


def test_a_mistyped_severity_is_named_with_the_nearest_kind(caplog: pytest.LogCaptureFixture) -> None:
    text = warned(caplog, severities={"completness_check": "info"})
    assert "severities: 'completness_check' matches no kind" in text
    assert "Did you mean 'completeness_check'?" in text


def test_a_pattern_of_an_action_is_named_with_the_action(caplog: pytest.LogCaptureFixture) -> None:
    when = {"kinds": ["drift*", "*_drift_check"]}
    text = warned(caplog, actions=[{"action": "sns", "when": when}])
    assert "when.kinds of sns: 'drift*' matches no kind" in text
    assert "'*_drift_check'" not in text


def test_known_kinds_and_patterns_are_silent(caplog: pytest.LogCaptureFixture) -> None:
    severities = {**dict.fromkeys(KINDS, "info"), "extra_*": "info", "*": "error"}
    assert not warned(caplog, severities=severities)
