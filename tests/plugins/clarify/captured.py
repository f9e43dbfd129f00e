"""The same rows in every container that people have: tables, captures of CSV and JSON, with and without labels."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Payload = tuple[str, str]
"""Data and encoding."""


def csv_payload(values: Sequence[Any]) -> Payload:
    return ",".join(str(value) for value in values), "CSV"


def list_payload(values: Sequence[Any]) -> Payload:
    return json.dumps(list(values)), "JSON"


def instances_payload(values: Sequence[Any]) -> Payload:
    return json.dumps({"instances": [{"features": list(values)}]}), "JSON"


def features_payload(values: Sequence[Any]) -> Payload:
    return json.dumps({"features": list(values)}), "JSON"


def in_base64(payload: Payload) -> Payload:
    return base64.b64encode(payload[0].encode()).decode(), "BASE64"


def part(payload: Payload, content_type: str | None = None) -> dict[str, Any]:
    data, encoding = payload
    return {"data": data, "encoding": encoding, **({"observedContentType": content_type} if content_type else {})}


def write_captures(
    path: Path,
    requests: Sequence[Payload] | None,
    responses: Sequence[Payload] | None,
    labels: Sequence[Payload] | None = None,
) -> Path:
    """Write one record a row; of the parts that are given."""
    count = len(next(rows for rows in (requests, responses, labels) if rows is not None))
    records = []
    for index in range(count):
        record: dict[str, Any] = {"captureData": {}}
        if requests is not None:
            record["captureData"]["endpointInput"] = part(requests[index])
        if responses is not None:
            record["captureData"]["endpointOutput"] = part(responses[index])
        if labels is not None:
            record["groundTruthData"] = part(labels[index])
        record["eventMetadata"] = {"eventId": str(index), "inferenceTime": "2026-01-31T10:05:09Z"}
        records.append(json.dumps(record | {"eventVersion": "0"}))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(records) + "\n")
    return path


def payloads(rows: Sequence[Sequence[Any]], form: Callable[[Sequence[Any]], Payload]) -> list[Payload]:
    return [form(row) for row in rows]
