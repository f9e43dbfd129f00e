from __future__ import annotations

import os
import signal

import pytest

from engine.interruption import terminable, uninterrupted


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_waits_for_the_end_of_the_block(number: int) -> None:
    done: list[str] = []
    before = signal.getsignal(number)

    def work() -> None:
        with terminable():
            with uninterrupted():
                os.kill(os.getpid(), number)
                done.append("inside")
            done.append("after")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["inside"]
    assert signal.getsignal(number) is before
