"""How many rows a captured record is, where its parts do not say it alone.

A body of three lines of CSV is three rows. A list of three numbers is one row of three columns, or three rows of one: the
other parts of the record decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.datasets.json_rows import RowCount, Strength


class MalformedPayloadError(ValueError):
    """A payload cannot be made into rows; the text says why."""


def exactly(rows: int) -> RowCount:
    """Return the count of a payload that can be no other number of rows."""
    return RowCount(rows, (rows,), Strength.STRICT)


def one_or(rows: int) -> RowCount:
    """Return the count of a line of scores: one row, or a row for each of them."""
    return RowCount(1, (1, rows), Strength.WEAK) if rows > 1 else exactly(1)


def agree(counts: Mapping[str, RowCount], witnesses: Sequence[RowCount] = ()) -> int:
    """Return the number of rows of a record: the preferred number of the surest part that all parts allow.

    Args:
        counts: What each part in use says.
        witnesses: What captured parts say that are not in use. They help to choose among what the others allow.

    Raises:
        MalformedPayloadError: No number suits all parts.

    >>> agree({"endpointOutput": one_or(2), "endpointInput": exactly(2)})
    2
    """
    preferred = {count.preferred for count in counts.values()}
    if len(preferred) == 1 and not witnesses:
        return preferred.pop()
    ordered = sorted(counts.items(), key=lambda item: item[0] != "endpointInput")  # the request is asked first
    surest = sorted([*(count for _, count in ordered), *witnesses], key=lambda count: -count.strength)
    for candidate in surest:
        if all(candidate.preferred in count.allowed for count in counts.values()):
            return candidate.preferred
    listed = ", ".join(f"{part} {' or '.join(map(str, count.allowed))}" for part, count in counts.items())
    raise MalformedPayloadError(f"numbers of rows in the payloads differ: {listed}")
