"""Capture records with payloads of any kind, written and read whole."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from engine.datasets.base import ReadReport
from engine.datasets.settings import CaptureSettings
from tests.datasets.reading import Rows, read

MEMBERS = {"request": "endpointInput", "response": "endpointOutput", "label": "groundTruthData"}
ALL = tuple(MEMBERS.values())


def payload(data: Any, encoding: str, content_type: str | None = None) -> dict[str, Any]:
    types = {} if content_type is None else {"observedContentType": content_type}
    if encoding == "BASE64":
        return {"data": base64.b64encode(data.encode()).decode(), "encoding": encoding, **types}
    return {"data": data, "encoding": encoding, **types}


def captured(**parts: dict[str, Any]) -> dict[str, Any]:
    """A record of the payloads ``request``, ``response`` and ``label``."""
    named = {MEMBERS[name]: part for name, part in parts.items()}
    label = {name: named.pop(name) for name in ("groundTruthData",) if name in named}
    return {"captureData": named, **label, "eventMetadata": {"eventId": "e"}, "eventVersion": "0"}


def csv(text: str) -> dict[str, Any]:
    return payload(text, "CSV")


def as_json(value: Any) -> dict[str, Any]:
    return payload(value if isinstance(value, str) else json.dumps(value), "JSON")


def read_records(folder: Path, *records: dict[str, Any], **settings: Any) -> tuple[Rows, ReadReport]:
    """The rows of records, read with the settings of captures."""
    path = folder / "records.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    names = settings.pop("names", None)
    return read(path, format="capture", names=names, capture=CaptureSettings(**settings))


def present(rows: Rows) -> Rows:
    """Rows without the columns that they have no value in."""
    return [{name: cell for name, cell in row.items() if cell is not None} for row in rows]
