"""From rows of payload texts to columns: one call of the CSV parser, and of the JSON parser for each JSON part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from engine.datasets.capture_payloads import Rows
from engine.datasets.csv_parsing import read_text
from engine.datasets.json_parsing import FlatColumns, parse_lines
from engine.datasets.quotes import QuoteRules


@dataclass(frozen=True)
class TableRules:
    """How rows become columns.

    Attributes:
        csv_parts: Parts with CSV payloads, in column order; their fields make one row.
        names: Names of the CSV columns.
        json_parts: Parts with JSON payloads, in column order.
        taken: Names of earlier parts' columns, for each JSON part; its columns of such a name get a prefix.
    """

    csv_parts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    json_parts: tuple[str, ...] = ()
    taken: Mapping[str, frozenset[str]] = field(default_factory=dict)


def tabulate(rows: Rows, rules: TableRules, types: Mapping[str, str]) -> tuple[dict[str, pa.Array], FlatColumns]:
    """Parse rows.

    Args:
        rows: The rows; those that turn out malformed are reported through them and left out of every column.
        rules: Which parts make which columns.
        types: Planned types of JSON columns.

    Returns:
        The CSV columns, and the JSON columns in their natural types with the number of rows.
    """
    wrong: dict[int, str] = {}
    csv = _csv(rows, rules, wrong)
    json = _json(rows, rules, types, wrong)
    if not wrong:
        return csv, json
    for row, reason in sorted(wrong.items()):
        rows.bad(int(rows.offsets[row]), reason)
    kept = np.setdiff1d(np.arange(len(rows.offsets)), np.array(list(wrong), np.int64))
    if not rules.json_parts:  # the parser has left them out already
        return csv, FlatColumns({}, len(kept))
    texts = {part: text.take(pa.array(kept)) for part, text in rows.texts.items()}
    return tabulate(Rows(texts, rows.offsets[kept], rows.bad), rules, types)


def _csv(rows: Rows, rules: TableRules, wrong: dict[int, str]) -> dict[str, pa.Array]:
    if not rules.csv_parts or not len(rows.offsets):
        return {}
    texts = [rows.texts[part] for part in rules.csv_parts]
    joined = texts[0] if len(texts) == 1 else pc.binary_join_element_wise(*texts, ",", null_handling="skip")

    def skip(row: pyarrow.csv.InvalidRow) -> str:
        reason = f"wrong number of columns: expected {row.expected_columns}, got {row.actual_columns}"
        wrong[row.number - 1] = reason
        return "skip"

    text = as_lines(pc.fill_null(joined, ""))
    table = read_text(text, rules.names, QuoteRules(), skip, keep_empty_lines=True)
    return {name: column.combine_chunks() for name, column in zip(rules.names, table.columns, strict=True)}


def _json(rows: Rows, rules: TableRules, types: Mapping[str, str], wrong: dict[int, str]) -> FlatColumns:
    columns: dict[str, pa.Array] = {}
    for part in rules.json_parts if len(rows.offsets) else ():
        taken = rules.taken.get(part, frozenset())
        texts = {name.removeprefix(f"{part}.") for name, kind in types.items() if kind == "text"}
        found = _json_part(rows, part, texts, wrong)
        for name in sorted(found.columns):
            columns[f"{part}.{name}" if name in taken or name in columns else name] = found.columns[name]
    return FlatColumns(columns, len(rows.offsets))


def _json_part(rows: Rows, part: str, texts: set[str], wrong: dict[int, str]) -> FlatColumns:
    lines = as_lines(pc.fill_null(rows.texts[part], "{}"))

    def bad(offset: int, reason: str, _line: bytes) -> None:
        wrong[lines.count(b"\n", 0, offset)] = f"{reason} in {part}"

    return parse_lines(lines, bad, texts)


def as_lines(texts: pa.Array) -> bytes:
    """Texts joined by line ends."""
    column = pa.array(texts, pa.string()) if not isinstance(texts, pa.ChunkedArray) else texts.combine_chunks()
    lists = pa.ListArray.from_arrays(pa.array([0, len(column)], pa.int32()), column)
    joined = pc.binary_join(lists, "\n")[0].as_buffer()
    return bytes(joined) + b"\n"
