"""quarantine.jsonl: the records that could not be read, one a line, with file, position and reason."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from engine.datasets.base import QuarantinedRecord


def quarantine_lines(records: Sequence[QuarantinedRecord], total: int) -> str:
    """The text of the file.

    Args:
        records: Those that were kept.
        total: Number of malformed records. If there were more than are kept, a last line says how many.
    """
    lines, listed = [_line(record.as_dict()) for record in records], sum(record.records for record in records)
    if total > listed:
        reason = "more malformed records; only the first of each split are listed"
        lines.append(_line({"not_listed": total - listed, "reason": reason}))
    return "".join(lines)


def _line(value: dict[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False)
    # Bytes that are not UTF-8 arrive as lone surrogates, which no file can hold; JSON can escape them.
    return text.encode("utf-8", "backslashreplace").decode() + "\n"
