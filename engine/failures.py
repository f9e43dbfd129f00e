"""Any exception as a message for the person who started the job: what the machine, a disk or a store causes is no defect."""

from __future__ import annotations

import errno

from engine.errors import MonitorError
from engine.redaction import redacted
from engine.s3.answers import OF_STORE, reason_of

_ADVICE = {
    errno.ENOSPC: "Make room there, or set TMPDIR or the output to a place that has it.",
    errno.EDQUOT: "Make room there, or name a place with a larger quota.",
    errno.EACCES: "Let the user who runs the job have access, or name another place.",
    errno.EPERM: "Let the user who runs the job have access, or name another place.",
    errno.EROFS: "Name a place that can be written.",
    errno.EMFILE: "Allow more open files (ulimit -n).",
    errno.ENFILE: "Allow more open files on this machine.",
    errno.ENAMETOOLONG: "Name a shorter path.",
    errno.ENOMEM: "Use a machine with more memory.",
}


def message_of(error: BaseException) -> str:
    """One message, without credentials and without a traceback.

    >>> message_of(OSError(errno.ENOSPC, "No space left on device", "/data/out"))
    '/data/out: no space left on device. Make room there, or set TMPDIR or the output to a place that has it.'
    """
    if isinstance(error, MonitorError):
        return str(error)
    return redacted(_told(error) or _defect(error))


def is_defect(error: BaseException) -> bool:
    """Whether only those who wrote this program can put it right."""
    return not isinstance(error, MonitorError) and _told(error) is None


def _told(error: BaseException) -> str | None:
    if isinstance(error, MemoryError):
        return "Out of memory: use a machine with more, more executors, or a smaller input.split_bytes."
    if isinstance(error, RecursionError):
        return "Something in the input, the baseline or the configuration is nested too deep to be read."
    if isinstance(error, UnicodeEncodeError):
        text = str(error.object)[max(error.start - 20, 0) : error.end + 20]
        return f"The text {text!r} holds half of a character (a lone surrogate), which no file can hold. Correct it."
    if isinstance(error, OSError):
        return _of_system(error)
    return None


def _of_system(error: OSError) -> str:
    if OF_STORE.search(str(error)):
        return f"S3: {reason_of(error)}. It said: {_first_line(error)}."
    reason = error.strerror or _first_line(error)
    place = f"{error.filename}: " if error.filename else ""
    advice = _ADVICE.get(error.errno or 0, "Check the disk, the network and the permissions.")
    return f"{place}{reason[:1].lower() if place else reason[:1]}{reason[1:].rstrip('.')}. {advice}"


def _defect(error: BaseException) -> str:
    return f"Unexpected {type(error).__name__}: {_first_line(error)}. This is a defect of model-monitor."


def _first_line(error: BaseException) -> str:
    """Spark's errors go on for pages."""
    return next(iter(str(error).splitlines()), "").rstrip(".")
