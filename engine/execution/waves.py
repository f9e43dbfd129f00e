"""Jobs of a few partitions each, two at a time: no core waits for the end of a job, and the driver holds only so much state."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

WAVE_BYTES = 96 * 1024 * 1024
"""Answers of one job, of which a driver holds three: two that run and one that it uses."""

AT_A_TIME = 2

Job = Callable[[range], Sequence[bytes]]
"""Runs the partitions and gives their answers, in order."""


def in_waves(job: Job, partitions: int, cores: int, cancel: Callable[[], None]) -> Iterator[Sequence[bytes]]:
    """Run all partitions.

    Args:
        job: Called from threads of its own.
        partitions: How many there are.
        cores: How many run at a time. The first jobs have twice as many partitions, so that their answers are used while others
            run; later ones have what :data:`WAVE_BYTES` allow.
        cancel: Ends the jobs that are running; called when one failed, or the caller wants no more.

    Yields:
        The answers of each job, in the order of the partitions.

    >>> [list(answers) for answers in in_waves(lambda part: [b"%d" % i for i in part], 10, 4, lambda: None)]
    [[b'0', b'1', b'2', b'3', b'4', b'5', b'6', b'7'], [b'8', b'9']]
    """
    running: deque[Future[Sequence[bytes]]] = deque()
    size, start = 2 * cores, 0
    with ThreadPoolExecutor(AT_A_TIME, "wave") as threads:

        def keep_busy() -> None:
            nonlocal start
            while start < partitions and len(running) < AT_A_TIME:
                running.append(threads.submit(job, range(start, min(start + size, partitions))))
                start += size

        try:
            keep_busy()
            while running:
                answers = running.popleft().result()
                size = max(cores, WAVE_BYTES // max(map(len, answers)))
                keep_busy()
                yield answers
        except BaseException:
            for waiting in running:
                waiting.cancel()
            cancel()
            raise
