"""One table in every container that people have: files of each format, and captures of each encoding, one row a record or many."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Table = Mapping[str, Sequence[Any]]
"""Cells by column: int, float, str, bool or None."""
Source = dict[str, Any]
"""The section ``input`` that reads a container."""


def rows(table: Table) -> list[dict[str, Any]]:
    return [dict(zip(table, cells, strict=True)) for cells in zip(*table.values(), strict=True)]


def as_csv(table: Table, header: bool = False) -> str:
    """The rows as CSV; what is missing is an empty cell."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    if header:
        writer.writerow(table)
    for cells in zip(*table.values(), strict=True):
        writer.writerow([_cell(cell) for cell in cells])
    return target.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, float) else str(value)


def write_csv(folder: Path, table: Table) -> Source:
    (folder / "a.csv").write_text(as_csv(table, header=True), encoding="utf-8")
    return {"paths": [str(folder / "a.csv")]}


def write_json_lines(folder: Path, table: Table) -> Source:
    (folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows(table)), encoding="utf-8")
    return {"paths": [str(folder / "a.jsonl")]}


def write_json_document(folder: Path, table: Table) -> Source:
    (folder / "a.json").write_text(json.dumps(rows(table), indent=1), encoding="utf-8")
    return {"paths": [str(folder / "a.json")], "json_lines": False}


def write_parquet(folder: Path, table: Table) -> Source:
    pq.write_table(pa.table(dict(table)), folder / "a.parquet", row_group_size=7)
    return {"paths": [str(folder / "a.parquet")]}


def write_many_parquet(folder: Path, table: Table) -> Source:
    """Several files; the second half stores texts by reference, and its columns in another order."""
    whole = pa.table(dict(table))
    half = len(whole) // 2
    pq.write_table(whole.slice(0, half), folder / "a.parquet")
    pq.write_table(whole.slice(half).select(whole.schema.names[::-1]), folder / "b.parquet")
    return {"paths": [str(folder)]}


Payload = tuple[str, str]


def _captures(path: Path, payloads: Iterator[Payload]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    for index, (data, encoding) in enumerate(payloads):
        part = {"data": data, "encoding": encoding, "mode": "INPUT"}
        event = {"eventId": str(index), "inferenceTime": "2026-01-31T10:05:09Z"}
        lines.append(json.dumps({"captureData": {"endpointInput": part}, "eventMetadata": event, "eventVersion": "0"}))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def pieces(table: Table, sizes: Sequence[int]) -> Iterator[Table]:
    """The table cut into batches of the sizes, over and over."""
    count, start, turn = len(next(iter(table.values()))), 0, 0
    while start < count:
        size = sizes[turn % len(sizes)]
        yield {name: cells[start : start + size] for name, cells in table.items()}
        start, turn = start + size, turn + 1


def csv_payload(piece: Table) -> Payload:
    return as_csv(piece), "CSV"


def base64_payload(piece: Table) -> Payload:
    return base64.b64encode(as_csv(piece).encode()).decode(), "BASE64"


def json_payload(piece: Table) -> Payload:
    """One object, or a list of them."""
    items = rows(piece)
    return json.dumps(items[0] if len(items) == 1 else items), "JSON"


def json_lines_payload(piece: Table) -> Payload:
    return "\n".join(json.dumps(row) for row in rows(piece)), "JSON"


def base64_json_payload(piece: Table) -> Payload:
    return base64.b64encode(json_payload(piece)[0].encode()).decode(), "BASE64"


def write_captures(
    folder: Path, table: Table, payload: Callable[[Table], Payload], sizes: Sequence[int] = (1,)
) -> Source:
    _captures(folder / "c.jsonl", (payload(piece) for piece in pieces(table, sizes)))
    capture = {"parts": ["endpointInput"], "decode_base64": "auto"}
    return {"paths": [str(folder / "c.jsonl")], "format": "capture", "names": list(table), "capture": capture}


CONTAINERS: dict[str, Callable[[Path, Table], Source]] = {
    "csv": write_csv,
    "json lines": write_json_lines,
    "json document": write_json_document,
    "parquet": write_parquet,
    "parquet in several files": write_many_parquet,
    "captured csv": lambda folder, table: write_captures(folder, table, csv_payload),
    "captured csv in batches": lambda folder, table: write_captures(folder, table, csv_payload, (3, 1, 4)),
    "captured csv in base64": lambda folder, table: write_captures(folder, table, base64_payload, (1, 2)),
    "captured json": lambda folder, table: write_captures(folder, table, json_payload),
    "captured json in batches": lambda folder, table: write_captures(folder, table, json_payload, (2, 1, 5)),
    "captured json lines": lambda folder, table: write_captures(folder, table, json_lines_payload, (1, 3)),
    "captured json in base64": lambda folder, table: write_captures(folder, table, base64_json_payload, (4, 1)),
}
