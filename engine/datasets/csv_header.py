"""Whether the first line of a CSV file holds names or values. What was found out, and not said by the user, is noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.datasets.csv_fields import is_number
from engine.datasets.csv_names import header_names
from engine.errors import DataFormatError

OTHER_HEADER = "files whose header names other columns than the first file's, read by position"
NO_HEADER = "files without a header among files that have one: their first line was read as a record"
NAMES_AGAIN = "files whose first line is the names of the columns though there should be no header: it was left out"
NAMES_LATER = "files with a header among files that have none: it was left out"
LIKE_NAMES = "files whose first line looks like a header, read as a record as input.csv.header is false"

_SHOWN = 5


@dataclass(frozen=True)
class Heading:
    """What the first line of a dataset is.

    Attributes:
        header: Whether it holds names.
        note: What to tell the user; empty where nothing is remarkable.
    """

    header: bool
    note: str = ""


def find_heading(uri: str, fields: Sequence[str], header: bool | None, names: Sequence[str]) -> Heading:
    """Say whether the first line of the first file holds names.

    A number can be no name of a column, unless the line counts 0, 1, 2, ... as pandas does where columns have no names. Without a
    baseline all fields must be numbers, with a baseline of other names and as many columns one is enough.

    Args:
        uri: The file.
        fields: The fields of the line.
        header: What the user says; None if nothing.
        names: Names of the columns by position, from the baseline; empty without one.

    Raises:
        DataFormatError: The user says that it holds names, and it holds values in the place of the baseline's names.
    """
    if header is False or _share_a_name(fields, names):
        return Heading(header is not False)
    as_many = bool(names) and len(fields) == len(names) and not any(map(_is_value, names))
    values = _holds_values(fields, at_least_one=as_many)
    if not values:
        return Heading(True, _foreign(uri, fields, names) if as_many else "")
    if header is None:
        return Heading(
            False,
            f"the first line of {uri} holds values ({_shown(fields)}): it was read as a record, and no file is expected "
            "to have a header (input.csv.header: true takes it as names, false confirms that there are none)",
        )
    if as_many and _holds_values(fields, at_least_one=False):
        raise DataFormatError(
            f"{uri}: input.csv.header is true, but the first line holds values ({_shown(fields)}) and not the names of the "
            f"baseline ({_shown(names)}). Set input.csv.header to false, or write the names into the file."
        )
    return Heading(True, f"the names of the columns, from the first line of {uri}, look like values: {_shown(fields)}")


def starts_with_header(fields: Sequence[str], names: Sequence[str]) -> tuple[bool, str]:
    """Say of the first line of any file of a dataset with a header whether it is one, and what to note.

    Args:
        fields: The fields of the line.
        names: The columns.
    """
    if header_names(fields) == tuple(names):
        return True, ""
    pairs = zip(fields, names, strict=False)
    if any(_is_value(field) and not _is_value(name) for field, name in pairs):
        return False, NO_HEADER
    return True, OTHER_HEADER


def repeats_names(fields: Sequence[str], below: Sequence[str], names: Sequence[str], said: bool) -> tuple[bool, str]:
    """Say of the first line of any file of a dataset without a header whether it is one all the same, and what to note.

    Args:
        fields: The fields of the line.
        below: Those of the next line; none without one.
        names: The columns.
        said: Whether the user says that there is none; else it is known of the first file alone.
    """
    if list(map(_plain, fields)) == list(map(_plain, names)):
        return True, NAMES_AGAIN
    distinct = len(set(fields)) == len(fields) and all(field.strip() and not _is_value(field) for field in fields)
    if not distinct or not any(map(_is_value, below)):
        return False, ""
    return (False, LIKE_NAMES) if said else (True, NAMES_LATER)


def _is_value(field: str) -> bool:
    """Whether a field is a number, with a decimal point or a decimal comma."""
    return is_number(field.replace(",", ".", 1))


def _share_a_name(fields: Sequence[str], names: Sequence[str]) -> bool:
    return not {_plain(name) for name in names}.isdisjoint(map(_plain, fields))


def _plain(name: str) -> str:
    return name.strip().lower()


def _holds_values(fields: Sequence[str], at_least_one: bool) -> bool:
    numbers = [_is_value(field) for field in fields if field.strip()]
    return not _counts(fields) and any(numbers) and (at_least_one or all(numbers))


def _counts(fields: Sequence[str]) -> bool:
    """Whether the fields are 0, 1, 2, ..., perhaps behind the empty name of an index."""
    counted = list(fields[1:] if fields[:1] == [""] else fields)
    return len(counted) > 2 and counted == [str(i) for i in range(len(counted))]


def _foreign(uri: str, fields: Sequence[str], names: Sequence[str]) -> str:
    return (
        f"none of the names in the first line of {uri} ({_shown(fields)}) is a column of the baseline ({_shown(names)}); "
        "if it is a record, set input.csv.header to false"
    )


def _shown(fields: Sequence[str]) -> str:
    more = ", ..." if len(fields) > _SHOWN else ""
    return ", ".join(field[:40] for field in fields[:_SHOWN]) + more
