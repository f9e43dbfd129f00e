"""Jobs two at a time: all partitions once and in order, whatever the jobs do."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.execution.waves import AT_A_TIME, in_waves


def unused() -> None:
    raise AssertionError("cancelled")


@given(st.integers(0, 60), st.integers(1, 8), st.integers(1, 40))
def test_every_partition_runs_once_and_in_order(partitions: int, cores: int, most_bytes: int) -> None:
    def job(part: range) -> Sequence[bytes]:
        return [b"%06d" % i for i in part]

    with patch("engine.execution.waves.WAVE_BYTES", most_bytes):
        waves = list(in_waves(job, partitions, cores, unused))
    assert [int(answer) for wave in waves for answer in wave] == list(range(partitions))
    assert all(len(wave) <= max(2 * cores, 40 // 6) for wave in waves)


def test_the_next_job_runs_while_the_first_has_not_ended() -> None:
    meeting = threading.Barrier(AT_A_TIME, timeout=30)

    def job(part: range) -> Sequence[bytes]:
        meeting.wait()
        return [b"1" for _ in part]

    assert sum(map(len, in_waves(job, 4, 1, unused))) == 4


def test_a_failure_cancels_what_runs_and_is_told() -> None:
    cancelled = threading.Event()

    def job(part: range) -> Sequence[bytes]:
        if part.start == 0:
            raise ValueError("the first job")
        assert cancelled.wait(30), "the second job was left to run"
        return []

    with pytest.raises(ValueError, match="the first job"):
        list(in_waves(job, 100, 1, cancelled.set))


def test_no_more_is_run_for_one_who_wants_no_more() -> None:
    cancelled, started = threading.Event(), []

    def job(part: range) -> Sequence[bytes]:
        started.append(part.start)
        if part.start:
            cancelled.wait(30)
        return [b"1" for _ in part]

    waves = in_waves(job, 1000, 1, cancelled.set)
    assert next(waves)
    waves.close()  # type: ignore[attr-defined]
    assert cancelled.is_set()
    assert len(started) <= AT_A_TIME + 1
