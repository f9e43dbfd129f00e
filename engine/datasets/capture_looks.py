"""A first look at the payloads of many records, at once: which of them are one row as they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_WELL_FORMED = r'^(?:[^",]*|"(?:[^"]|"")*")(?:,(?:[^",]*|"(?:[^"]|"")*"))*$'
_OPENS_LIST = r"(?:^|,)\s*\["
_FLAT_LIST = r"\[[^\[\]{}]*\]"
_ONE_IN_A_LIST = (
    r'^\{\s*"[^"\\]*"\s*:\s*\[\s*(?:'
    rf"\{{[^\[\]{{}}]*(?:{_FLAT_LIST}[^\[\]{{}}]*)*\}}|{_FLAT_LIST}"
    r")\s*\]\s*\}$"
)
"""An object of one member, which is a list of one object or one list: ``{"instances": [{"x": [1, 2]}]}``. That is one row."""

_PLAIN_NUMBERS = r"^[-+0-9.eE,]+$"
"""What says the same as CSV and as JSON, and cannot hold JSON of another kind."""

Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Look:
    """What a look at the payloads of one part says of each; an absent payload is one row of nothing.

    Attributes:
        plain: It is one row of the expected kind as it stands, unless another part says that it is more.
        firm: It is one row, and cannot be more.
        many: It may be more rows.
    """

    plain: Flags
    firm: Flags
    many: Flags


def look_at(text: pa.Array, encoding: pa.Array, kind: str, header: str | None = None, *, is_request: bool) -> Look:
    """Look at the payloads of one part.

    Args:
        text: Payloads without line ends at their end.
        encoding: Encodings that the records declare, those of BASE64 already decoded.
        kind: ``csv`` or ``json``, what the payloads are expected to be.
        header: A line of names; a payload that holds nothing else is no row.
        is_request: Whether a line of CSV is one row; in other parts its fields may belong to several.
    """
    absent = flags(pc.is_null(text))
    if kind == "json":
        plain = ~has(text, "\n") & flags(pc.starts_with(text, "{"))
        lists = has(text, "[")
        if (lists & plain).any():
            lists &= ~flags(pc.fill_null(pc.match_substring_regex(text, _ONE_IN_A_LIST), False))
        return Look(plain | absent, plain & ~lists & ~absent, (lists | ~plain) & ~absent)
    one_line = ~has(text, "\n") & ~has(text, "\r")
    marked = flags(
        pc.fill_null(pc.starts_with(text, "\ufeff"), False)
    )  # a byte-order mark is no part of the first cell
    plain = one_line & ~marked & _is_csv(text, encoding)
    if header is not None:
        plain &= flags(pc.not_equal(text, header))
    firm = plain & ~absent
    if not is_request:
        firm &= ~has(text, ",")
    return Look(plain | absent, firm, ~plain & ~absent)


def _is_csv(text: pa.Array, encoding: pa.Array) -> Flags:
    declared = flags(pc.fill_null(pc.equal(encoding, "CSV"), False))
    plain = declared
    if not declared.all():
        as_json = flags(pc.fill_null(pc.equal(encoding, "JSON"), False))
        plain = declared | (as_json & flags(pc.match_substring_regex(text, _PLAIN_NUMBERS)))
    if has(text, "[").any():
        plain &= ~flags(pc.match_substring_regex(text, _OPENS_LIST))
    if has(text, "{").any():
        plain &= ~flags(pc.match_substring_regex(text, r'^[\s"]*\{'))
    if has(text, '"').any():
        plain &= flags(pc.match_substring_regex(text, _WELL_FORMED))
    return plain


def flags(array: pa.Array) -> Flags:
    """Return booleans as an array of numpy; nulls are true."""
    values: Flags = pc.fill_null(array, True).to_numpy(zero_copy_only=False)
    return values


def has(text: pa.Array, character: str) -> Flags:
    """Return whether each text holds a character; a look at the whole buffer spares the look at each."""
    buffer = text.buffers()[2]
    if buffer is None or re.search(re.escape(character.encode()), buffer) is None:
        return np.zeros(len(text), bool)
    matches: Flags = pc.fill_null(pc.match_substring(text, character), False).to_numpy(zero_copy_only=False)
    return matches
