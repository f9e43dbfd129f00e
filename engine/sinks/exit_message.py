"""The exit message of a job, in the words that the monitoring service and its users look for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from engine.errors import MonitorError
from engine.failures import message_of
from engine.redaction import redacted
from engine.sinks.files import write_documents

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
    end = f" Failed: {redacted('; '.join(failed))}." if failed else ""
    if not violations:
        return f"Completed: Job completed successfully with no violations.{end}"
    return f"CompletedWithViolations: Job completed successfully with {violations} violations.{end}"


def write_message(path: str | Path, text: str) -> None:
    """Write a message, locally or to a store.

    It is cut to what the service keeps, but not within a character: the service fails on broken UTF-8.
    """
    kept = text.encode("utf-8", "backslashreplace")[:LIMIT].decode("utf-8", "ignore").encode("utf-8")
    if "://" in str(path):
        folder, _, name = str(path).rpartition("/")
        write_documents(folder, {name: kept})
        return
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(kept)


def leave_message(path: str | Path, text: str) -> str | None:
    """Write a message where that is possible: what it tells of is done, and stays done.

    Returns:
        Why it could not be written; None if it is.
    """
    try:
        write_message(path, text)
    except (OSError, MonitorError) as error:
        return redacted(f"the exit message is not in {path} ({message_of(error).rstrip('.')})")
    return None


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
            leave_message(path, cause(message_of(error)))
        raise
