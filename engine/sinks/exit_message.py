"""The exit message of a job, in the words that the monitoring service and its users look for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.failures import message_of

LIMIT = 1024
"""Bytes that the service keeps."""


def completed_message(violations: int, failed: Sequence[str] = ()) -> str:
    """The message of a job that ran to its end.

    Args:
        violations: Their number.
        failed: Metrics of plugins that failed, each with its reason.

    >>> completed_message(0)
    'Completed: Job completed successfully with no violations.'
    >>> completed_message(1, ["metric 'x' failed (result): ValueError: no"])
    "CompletedWithViolations: Job completed successfully with 1 violations. Failed: metric 'x' failed (result): ValueError: no."
    """
    end = f" Failed: {'; '.join(failed)}." if failed else ""
    if not violations:
        return f"Completed: Job completed successfully with no violations.{end}"
    return f"CompletedWithViolations: Job completed successfully with {violations} violations.{end}"


def write_message(path: str | Path, text: str) -> None:
    """Write a message, cut to what the service keeps, but not within a character: the service fails on broken UTF-8."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    kept = text.encode("utf-8", "backslashreplace")[:LIMIT].decode("utf-8", "ignore")
    target.write_bytes(kept.encode("utf-8"))


def cause(text: str) -> str:
    """What of an error may leave the job: its first line. Those after it may quote a script and its data."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "The job failed; see its log.")


@contextmanager
def failures_told(path: str | None) -> Iterator[None]:
    """Leave the cause of a failure as the exit message: that of an earlier job would tell of a success."""
    try:
        yield
    except Exception as error:
        if path:
            with suppress(OSError):
                write_message(path, cause(message_of(error)))
        raise
