"""Which characters a CSV file uses: what the user says, and for the rest what its first lines show."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.datasets.base import Fragment, ReadReport
from engine.datasets.csv_fields import split_fields
from engine.datasets.csv_records import end_of_line, first_records, separator_line
from engine.datasets.escape_detection import written_with_escapes
from engine.datasets.quotes import QuoteRules
from engine.datasets.settings import CsvSettings
from engine.datasets.text_blocks import ANY_LINE_END, after_last_line_end, blocks
from engine.errors import ConfigurationError

_CANDIDATES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_DECIMAL_COMMA = re.compile(r"\s*[+-]?\d+,\d+\s*")
_LINES = 50
"""Records that are looked at for the delimiter."""


@dataclass(frozen=True)
class Dialect:
    """How the files are written, and what to tell the user about it."""

    rules: QuoteRules
    multiline: bool
    notes: tuple[str, ...] = ()


def find_dialect(fragments: Sequence[Fragment], settings: CsvSettings, names: Sequence[str] | None = None) -> Dialect:
    """Say how CSV is written.

    Args:
        fragments: The files. The first block of the first, the middle and the last is looked at.
        settings: What the user says; it always holds.
        names: Names of the columns by position, from a baseline: with them one line shows the delimiter.

    Raises:
        ConfigurationError: The characters of the settings contradict one another, or cannot be used.
    """
    rules = _checked(settings)
    chosen = {index: fragments[index] for index in (0, len(fragments) // 2, len(fragments) - 1)} if fragments else {}
    samples = [sample for sample in map(_first_block, chosen.values()) if sample]
    multiline, notes = settings.multiline is not False, []
    if samples:
        delimiter = _delimiter(samples[0], rules, multiline, fragments[0].uri, len(names or ()))
        if settings.delimiter is None and delimiter != rules.delimiter:
            rules = replace(rules, delimiter=delimiter)
            notes.append(
                f"judging by the first lines, {_named(delimiter)} separates the fields (input.csv.delimiter sets it)"
            )
        elif delimiter != rules.delimiter:
            notes.append(
                f"{_named(delimiter)} splits the first lines into equally many fields, {_named(rules.delimiter)} "
                "(input.csv.delimiter) does not: check the setting"
            )
    if settings.escape is None:
        escaped = replace(rules, escape="\\")
        rules = escaped if any(written_with_escapes(sample, escaped) for sample in samples) else rules
    return Dialect(rules, multiline, tuple(notes))


def _checked(settings: CsvSettings) -> QuoteRules:
    """The dialect of the settings, a comma for a delimiter that is to be found out."""
    delimiter, escape = settings.delimiter or ",", settings.escape or ""
    for key, value in (("delimiter", delimiter), ("quote", settings.quote), ("escape", escape or "\\")):
        if len(value) != 1 or not value.isascii() or value in "\0\r\n":
            allowed = "one ASCII character, and neither a line end nor NUL"
            raise ConfigurationError(f"input.csv.{key}: {value!r} is not allowed; it must be {allowed}.")
    if delimiter in (settings.quote, escape):
        other = "quote" if delimiter == settings.quote else "escape"
        raise ConfigurationError(
            f"input.csv.{other} is {delimiter!r}, which is the delimiter (input.csv.delimiter), too: a character has one meaning."
        )
    return QuoteRules(delimiter, settings.quote, "" if escape == settings.quote else escape)


def _first_block(fragment: Fragment) -> bytes:
    block = next(blocks(fragment, ReadReport(), after_last_line_end, ANY_LINE_END), None)
    return b"" if block is None else block.data


def _delimiter(sample: bytes, rules: QuoteRules, multiline: bool, uri: str, expected: int) -> str:
    """The one that Excel is told, or the one other that splits all lines alike where the known one does not; else the known one."""
    start, named = separator_line(sample)
    if named in _CANDIDATES:
        return str(named)
    first_line = sample[start : end_of_line(sample, start)]
    candidates = [
        c for c in dict.fromkeys((rules.delimiter, *_CANDIDATES)) if c != rules.quote and c.encode() in first_line
    ]
    rows = {c: _rows(sample[start:], replace(rules, delimiter=c), multiline) for c in candidates}
    alike = [c for c in candidates if _splits_alike(rows[c], expected)]
    if "\t" in alike and uri.lower().removesuffix(".gz").endswith((".tsv", ".tab")):
        return "\t"
    if rules.delimiter == "," and ";" in alike and _has_decimal_commas(rows[";"]):
        return ";"
    return alike[0] if len(alike) == 1 and rules.delimiter not in alike else rules.delimiter


def _rows(sample: bytes, rules: QuoteRules, multiline: bool) -> list[list[str]]:
    """The fields of the first records."""
    heads = first_records(sample, rules, multiline, _LINES)
    return [split_fields(record.decode("utf-8", "replace"), rules) for _, record in heads]


def _splits_alike(rows: Sequence[Sequence[str]], expected: int) -> bool:
    widths = [len(row) for row in rows]
    return len(set(widths)) == 1 and widths[0] > 1 and (len(widths) > 1 or widths[0] == expected)


def _has_decimal_commas(rows: Sequence[Sequence[str]]) -> bool:
    """Whether all commas stand in numbers, as ``2,5``: then they part no fields."""
    with_comma = [field for row in rows for field in row if "," in field]
    return bool(with_comma) and all(_DECIMAL_COMMA.fullmatch(field) for field in with_comma)


def _named(delimiter: str) -> str:
    names: Mapping[str, str] = _CANDIDATES
    return f"a {names[delimiter]}" if delimiter in names else repr(delimiter)
