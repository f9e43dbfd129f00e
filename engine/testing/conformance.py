"""The conformance kit: named checks that every metric passes, whoever wrote it.

Use it in a test of your own::

    from engine.testing import metric_checks

    @metric_checks(BlankShare)
    def test_conformance(check):
        check()
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.analyzers.base import Metric
from engine.testing import checks_of_data, checks_of_declaration, checks_of_state
from engine.testing.subject import Subject

Check = Callable[[Subject], None]


def _named(*checks: Check) -> dict[str, Check]:
    return {check.__name__.removeprefix("check_"): check for check in checks}


OF_ALL = _named(
    checks_of_declaration.check_documented,
    checks_of_declaration.check_settings_validated,
    checks_of_declaration.check_picklable,
)
OF_METRICS = _named(
    checks_of_declaration.check_declaration_legal,
    checks_of_declaration.check_suggestion_holds,
    checks_of_data.check_result_is_json,
)
"""Not of the parts of a monitor, which say nothing about themselves."""
OF_ANALYZERS = _named(
    checks_of_state.check_merge_identity,
    checks_of_state.check_merge_associative,
    checks_of_state.check_any_split,
    checks_of_state.check_merge_leaves_other,
    checks_of_state.check_state_round_trip,
    checks_of_state.check_fresh_is_empty,
    checks_of_state.check_bounded_state,
    checks_of_state.check_deterministic,
    checks_of_data.check_all_null,
    checks_of_data.check_empty,
    checks_of_data.check_nan_and_infinities,
    checks_of_data.check_batch_not_mutated,
    checks_of_data.check_encodings,
)
OF_DERIVED = _named(checks_of_data.check_without_baseline)


@dataclass(frozen=True)
class CheckResult:
    """What came of a check.

    Attributes:
        name: Of the check.
        passed: Whether the metric keeps the rule, or is known not to.
        skipped: Whether it is known not to.
        reason: Why it failed, or why that was expected.
    """

    name: str
    passed: bool
    skipped: bool = False
    reason: str = ""


def checks_for(
    metric: type[Metric], settings: Mapping[str, Any] | None = None, data: Sequence[Any] = ()
) -> dict[str, Check]:
    """The checks that apply to a metric, by name; each is called with a :class:`~engine.testing.subject.Subject`."""
    subject = Subject(metric, settings or {}, tuple(data))
    chosen = dict(OF_ALL)
    if metric.spec is not None:
        chosen |= OF_METRICS
    return chosen | (OF_ANALYZERS if subject.is_analyzer else OF_DERIVED)


def check_metric(
    metric: type[Metric],
    *,
    settings: Mapping[str, Any] | None = None,
    data: Sequence[Any] = (),
    expected_failures: Mapping[str, str] | None = None,
) -> list[CheckResult]:
    """Run all checks that apply.

    Args:
        metric: The class.
        settings: Settings to try it with; the defaults otherwise.
        data: Arrays of a column, or batches for a metric of whole records; generated otherwise.
        expected_failures: Reasons by name of a check. One that passes all the same fails, so that the list stays true.

    Returns:
        One result a check.

    Raises:
        ValueError: An expected failure has no reason, or names no check.
    """
    expected = dict(expected_failures or {})
    checks = checks_for(metric, settings, data)
    for name, reason in expected.items():
        if name not in checks or not reason.strip():
            raise ValueError(f"expected failure {name!r} needs a reason and one of the names {', '.join(checks)}")
    subject = Subject(metric, settings or {}, tuple(data))
    return [_run(name, check, subject, expected.get(name)) for name, check in checks.items()]


def _run(name: str, check: Check, subject: Subject, expected: str | None) -> CheckResult:
    try:
        check(subject)
    except Exception as error:  # noqa: BLE001 - a metric under test may raise anything
        told = str(error) if isinstance(error, AssertionError) else f"{type(error).__name__}: {error}"
        if expected is not None:
            return CheckResult(name, passed=True, skipped=True, reason=expected)
        return CheckResult(name, passed=False, reason=f"{subject.metric.name}: {told}")
    if expected is not None:
        return CheckResult(name, passed=False, reason=f"passes, though it was expected to fail ({expected})")
    return CheckResult(name, passed=True)
