"""The fixture ``check_metric``, for every test of a package in whose environment the engine is installed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest


@pytest.fixture
def check_metric() -> Callable[..., None]:
    """Run the conformance kit on a metric: ``check_metric(BlankShare)``; all broken rules are named at once."""

    def run(
        metric: Any,
        *,
        settings: Mapping[str, Any] | None = None,
        data: Sequence[Any] = (),
        expected_failures: Mapping[str, str] | None = None,
    ) -> None:
        from engine.testing import check_metric as check  # not when pytest starts: most tests need none of it

        results = check(metric, settings=settings, data=data, expected_failures=expected_failures)
        broken = [f"{result.name}: {result.reason}" for result in results if not result.passed]
        assert not broken, "\n".join(broken)

    return run
