"""The conformance kit in pytest: one test a check, under the check's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from engine.analyzers.base import Metric
from engine.testing.conformance import check_metric, checks_for

Test = TypeVar("Test", bound=Callable[..., Any])


def metric_checks(
    metric: type[Metric],
    *,
    settings: Mapping[str, Any] | None = None,
    data: Sequence[Any] = (),
    expected_failures: Mapping[str, str] | None = None,
) -> Callable[[Test], Test]:
    """Give a test the argument ``check``, once for each check that applies; calling it raises if the metric breaks the rule.

    Args:
        metric: The class.
        settings: As for :func:`~engine.testing.conformance.check_metric`, like the rest.
        data: Arrays or batches.
        expected_failures: Reasons by name of a check.
    """
    import pytest

    expected = dict(expected_failures or {})
    names = list(checks_for(metric, settings, data))
    calls = [partial(_assert, name, metric, settings, data, expected) for name in names]
    return pytest.mark.parametrize("check", calls, ids=names)


def _assert(
    name: str,
    metric: type[Metric],
    settings: Mapping[str, Any] | None,
    data: Sequence[Any],
    expected: Mapping[str, str],
) -> None:
    results = check_metric(metric, settings=settings, data=data, expected_failures=expected)
    found = next(result for result in results if result.name == name)
    assert found.passed, f"{found.name}: {found.reason}"
    if found.skipped:
        import pytest

        pytest.xfail(found.reason)
