"""Whether JSON is one object a line or one document, by the first bytes of a file."""

from __future__ import annotations

import json

from engine.datasets.json_depth import is_too_deep

_DECODER = json.JSONDecoder()


def are_lines(head: bytes) -> bool | None:
    r"""Say how a file is laid out.

    Args:
        head: Its first bytes, from the first bracket on.

    Returns:
        True for several values on lines of their own, False for one document, None where both readings are one or neither is plain.

    >>> are_lines(b'{"a": 1}\n{"a": 2}'), are_lines(b'{\n "a": 1\n}'), are_lines(b'{"a": 1}')
    (True, False, None)
    """
    line, _, rest = head.partition(b"\n")
    follows = rest.lstrip()[:1]
    if is_too_deep(line):
        return False if head[:1] == b"[" and not follows else None
    if _is_whole(line):
        return True if follows in (b"{", b"[") else (False if head[:1] == b"[" else None)
    if head[:1] == b"[":
        return False
    return None if not follows or not _is_cut_open(line) or _holds_another(head) else False


def _is_whole(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _is_cut_open(line: bytes) -> bool:
    """Whether a line is the beginning of a document over several lines, such as ``{``."""
    try:
        json.loads(line)
    except json.JSONDecodeError as error:
        return error.pos >= len(line.decode("utf-8", "replace").rstrip())
    except (ValueError, RecursionError):
        return False
    return False


def _holds_another(head: bytes) -> bool:
    """Whether another value follows the first one."""
    text = head.decode("utf-8", "replace")
    if is_too_deep(head):
        return False
    try:
        _, stop = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return False
    return bool(text[stop:].strip())
