"""What a Spark runner leaves behind in the process that used it."""

from __future__ import annotations

import signal

import pytest

from engine.execution.spark import SparkRunner

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]


def test_ctrl_c_is_after_a_session_what_it_was_before() -> None:
    """pyspark's handler would ask the session, which has ended, to cancel its jobs."""
    before = signal.getsignal(signal.SIGINT)
    own = lambda *_: None  # noqa: E731
    signal.signal(signal.SIGINT, own)
    try:
        with SparkRunner("local[1]"):
            pass
        assert signal.getsignal(signal.SIGINT) is own
    finally:
        signal.signal(signal.SIGINT, before)
