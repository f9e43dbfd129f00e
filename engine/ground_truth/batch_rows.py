"""Rows of a batch transform's output as capture records, so that labels join them by the id that the transform appended.

``GenerateInferenceId`` appends the id and the time of the job: as the two last fields of a row of CSV, or as two keys of a
JSON object. The rest of the row becomes the payload of ``batchTransformOutput``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from engine.datasets.json_writing import payload_text
from engine.datasets.manifests import RESERVED

_ID, _TIME = RESERVED
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?")

Wrapped = tuple[str, str]
"""The inference id, and the record as a line."""


def from_object(row: Mapping[str, Any]) -> Wrapped | None:
    """Return a JSON row as a record; None where it has no inference id.

    >>> from_object({"a": 1, "SageMakerInferenceId": "i7", "SageMakerInferenceTime": "2026-01-31T10:00:00Z"})[0]
    'i7'
    """
    key = row.get(_ID)
    if key is None or isinstance(key, dict | list):
        return None
    features = {name: value for name, value in row.items() if name not in RESERVED}
    return _record(payload_text(key), row.get(_TIME), payload_text(features), "JSON")


def from_csv(row: str) -> Wrapped | None:
    """Return a row of CSV as a record; None where its two last fields are no id and time.

    >>> from_csv("34,red,0.81, i7,2026-01-31T10:00:00Z")[0]
    'i7'
    """
    parts = row.rstrip("\r\n").rsplit(",", 2)
    if len(parts) < 3:
        return None
    features, key, time = parts[0], *(part.strip().strip('"').strip() for part in parts[1:])
    return _record(key, time, features, "CSV") if key and _MOMENT.fullmatch(time) else None


def _record(key: str, time: Any, payload: str, encoding: str) -> Wrapped:
    event = {"eventId": key} | ({"inferenceTime": payload_text(time)} if time is not None else {})
    content_type = "application/json" if encoding == "JSON" else "text/csv"
    part = {"observedContentType": content_type, "mode": "OUTPUT", "data": payload, "encoding": encoding}
    record = {"captureData": {"batchTransformOutput": part}, "eventMetadata": event, "eventVersion": "0"}
    return key, json.dumps(record, ensure_ascii=False, separators=(",", ":"))
