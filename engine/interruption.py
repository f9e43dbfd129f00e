"""Stopping at the right moment: what must be done as a whole is finished first."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold SIGTERM and SIGINT back until the block has ended; then the last of them is handled as usual.

    Signals are the main thread's business: in another thread nothing is held back, and nothing can interrupt.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []
    before = {number: signal.signal(number, lambda received, _: held.append(received)) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if held:
        os.kill(os.getpid(), held[-1])


@contextmanager
def interruptible_again() -> Iterator[None]:
    """Put back what handled SIGINT before the block.

    pyspark installs a handler that asks its session to cancel jobs, and leaves it there when the session has ended: Ctrl-C would
    then end in an ``AttributeError``.
    """
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread() and before is not None:
            signal.signal(signal.SIGINT, before)


@contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does, by ``KeyboardInterrupt``, so that everything is cleaned up."""

    def stop(*_: object) -> None:
        logging.disable(logging.CRITICAL)  # Spark's gateway would log the interruption as an error, with a traceback
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        logging.disable(logging.NOTSET)
