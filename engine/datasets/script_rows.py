"""What a record preprocessor returns, as rows of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from engine.datasets.capture_csv import csv_fields, csv_records
from engine.datasets.capture_parts import GROUND_TRUTH
from engine.datasets.capture_record import CaptureRecord
from engine.datasets.json_values import clean_text, decode_json
from engine.datasets.scalar_text import scalar_text

Row = dict[str, str | None]

_OBJECTS = re.compile(r"\s*\[\s*\{")


@dataclass(frozen=True)
class ReturnedRows:
    """Turns returned values into rows.

    Attributes:
        unchanged: The rows of a record that the script returned as it is.
        renamed: Names of the baseline's features, for keys that are positions.
    """

    unchanged: Callable[[CaptureRecord], list[Row]]
    renamed: Mapping[str, str] = field(default_factory=dict)

    def rows(self, value: Any) -> list[Row]:
        """The rows of one returned value.

        Raises:
            TypeError: The value is nothing that a preprocessor may return.
        """
        if value is None:
            return []
        if isinstance(value, list | tuple):
            return [row for item in value for row in self.rows(item)]
        if isinstance(value, dict):
            return [{clean_text(str(key)): _cell(key, item) for key, item in value.items()}]
        if isinstance(value, CaptureRecord):
            return self.unchanged(value)
        if isinstance(value, str):
            return self._text_rows(clean_text(value))
        allowed = "a dict, a list of dicts, None, a line of CSV, or the record itself"
        raise TypeError(f"the handler returned {type(value).__name__}; allowed is {allowed}")

    def _text_rows(self, text: str) -> list[Row]:
        """The rows of a text: objects of JSON, one or a list or one a line, or lines of CSV."""
        if text.lstrip().startswith("{") or _OBJECTS.match(text):
            return [row for value in _json_values(text) for row in self.rows(value)]
        return [
            {f"_c{i}": field or None for i, field in enumerate(csv_fields(record))}
            for record in csv_records("the text that the handler returned", text)
        ]

    def table(self, rows: Sequence[Row]) -> pa.Table:
        """Rows as columns of text, sorted by key."""
        return pa.table(
            {
                self.renamed.get(key, key): pa.array([row.get(key) for row in rows], pa.string())
                for key in sorted_keys(rows)
            }
        )


def sorted_keys(rows: Iterable[Row]) -> list[str]:
    """Return all keys of some rows in the order of the columns, those of the label last."""
    return sorted({key for row in rows for key in row}, key=lambda key: (is_label(key), _text_order(key)))


def is_label(key: str) -> bool:
    """Whether a key is that of a label.

    >>> is_label("groundTruthData"), is_label("groundTruthData.0"), is_label("score")
    (True, True, False)
    """
    return key == GROUND_TRUTH or key.startswith(f"{GROUND_TRUTH}.")


def names_by_position(keys: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """The baseline's names of keys, when the keys are positions and nothing else.

    >>> names_by_position(["00", "01"], ["age", "plan"]), names_by_position(["0", "x"], ["age", "plan"])
    ({'00': 'age', '01': 'plan'}, {})
    """
    placed = [key for key in keys if not is_label(key)]
    positions = all(key.isdigit() or key.removeprefix("_c").isdigit() for key in placed)
    if not positions or len(names) != len(placed) or set(placed) & set(names):
        return {}
    return dict(zip(placed, names, strict=True))


def _text_order(key: str) -> tuple[str, int]:
    """The order of keys as text; only names that the engine gave (``_c2``, ``_c10``) are in order of position."""
    digits = key.removeprefix("_c")
    return ("_c", int(digits)) if digits != key and digits.isdigit() else (key, 0)


def _json_values(text: str) -> list[Any]:
    """The values of a JSON text, or of JSON Lines."""
    try:
        return [decode_json(text)]
    except (ValueError, RecursionError):
        pass
    try:
        return [decode_json(line) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError):
        raise TypeError(
            "the handler returned text that begins like JSON and is not JSON; allowed are json.dumps of a dict or of a list of "
            "dicts, and the dict itself"
        ) from None


def _cell(key: Any, value: Any) -> str | None:
    try:
        text = scalar_text(value)
    except TypeError as error:
        allowed = "numbers, text, booleans and None"
        raise TypeError(f"the value of key {key!r} is not flat: {error}; allowed are {allowed}") from error
    return None if text is None else clean_text(text)
