"""Responses of endpoints with Clarify's online explainability: the prediction is taken out of them.

Such a response is no longer what the model said, but an object with the model's answer in ``predictions.data`` and attributions in
``explanations``. Rows are made of the model's answer; attributions become columns only where a monitor asks for them:
``shap_<feature>__<label>``, and ``shap_base__<label>`` for what they add up from.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from engine.datasets.capture_csv import csv_fields
from engine.datasets.capture_decoding import decode
from engine.datasets.capture_rows import rows_in
from engine.datasets.json_writing import payload_text
from engine.datasets.payload import Payload
from engine.datasets.row_counts import MalformedPayloadError

_DATA, _ENCODING, _TYPE = (f"endpointOutput.{member}" for member in ("data", "encoding", "observedContentType"))


def unwrap(records: pa.Table, explanations: bool) -> pa.Table:
    """Records in which explained responses are the model's own.

    Args:
        records: As :func:`engine.datasets.capture_parts.parse_captures` gives them.
        explanations: Whether attributions become columns. The payloads of all explained responses are JSON then.
    """
    data, encodings = records.column(_DATA), records.column(_ENCODING)
    likely = pc.and_(pc.match_substring(data, '"explanations"'), pc.match_substring(data, '"predictions"'))
    packed = pc.and_(pc.equal(encodings, "BASE64"), pc.match_substring(records.column(_TYPE), "json"))
    chosen = pc.fill_null(pc.or_kleene(likely, packed), False)
    if not pc.any(chosen).as_py():
        return records
    texts, kinds = data.to_pylist(), encodings.to_pylist()
    for index in pc.indices_nonzero(chosen).to_pylist():
        found = _response(texts[index], kinds[index])
        if found is not None:
            texts[index], kinds[index] = _answer(found, explanations)
    return _replaced(_replaced(records, _DATA, texts), _ENCODING, kinds)


def _replaced(records: pa.Table, name: str, values: list[Any]) -> pa.Table:
    return records.set_column(records.schema.get_field_index(name), name, pa.array(values, pa.string()))


def _response(text: str, encoding: str | None) -> Mapping[str, Any] | None:
    """The explained response in a payload; None where it is something else."""
    try:
        plain = base64.b64decode(text, validate=True).decode("utf-8") if encoding == "BASE64" else text
        found = json.loads(plain)
    except (ValueError, RecursionError, binascii.Error):
        return None
    wrapped = isinstance(found, dict) and {"version", "predictions", "explanations"} <= found.keys()
    return found if wrapped and isinstance(found["predictions"], dict) else None


def _answer(response: Mapping[str, Any], explanations: bool) -> tuple[str, str]:
    """Payload and encoding of the model's own answer."""
    data = payload_text(response["predictions"].get("data", ""))
    kind = "JSON" if "json" in str(response["predictions"].get("content_type", "")).lower() else "CSV"
    if not explanations:
        return data, kind
    try:
        explained = (response["explanations"] or {}).get("kernel_shap") or []
        labels = response.get("label_headers") or []
        columns = [_attributions(record, labels) for record in explained]
        rows = _rows(decode("endpointOutput", data, kind, None, None), len(columns) or None)
    except (MalformedPayloadError, KeyError, TypeError, AttributeError):
        return data, kind  # read as it is, it is reported as malformed with its position
    columns = columns or [{} for _ in rows]
    if len(columns) != len(rows):
        return data, kind
    return "\n".join(json.dumps(row | _with_base(row, found)) for row, found in zip(rows, columns, strict=True)), "JSON"


def _rows(payload: Payload, count: int | None) -> list[dict[str, Any]]:
    """The rows of the model's answer as objects, so many as are explained where it allows that."""
    texts = rows_in(payload, count)
    if payload.kind == "json":
        return [json.loads(text) for text in texts]
    return [{f"_c{i}": _value(text) for i, text in enumerate(csv_fields(line))} for line in texts]


def _value(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _attributions(record: Any, labels: list[str]) -> dict[str, float]:
    """The attributions of a record by column; those of the parts of a text are added up."""
    found: dict[str, float] = {}
    for index, feature in enumerate(record or []):
        name = feature.get("feature_header", f"column_{index}")
        for part in feature["attributions"]:
            for output, value in enumerate(part["attribution"]):
                column = f"shap_{name}__{_label(output, labels)}"
                found[column] = found.get(column, 0.0) + value
    return found


def _label(output: int, labels: list[str]) -> str:
    return str(labels[output]) if output < len(labels) else f"label{output}"


def _with_base(row: Mapping[str, Any], attributions: dict[str, float]) -> dict[str, float]:
    """The attributions, and what is left of each prediction without them: they add up to the prediction."""
    labels = list(dict.fromkeys(column.rpartition("__")[2] for column in attributions))
    predicted = [value for value in row.values() if isinstance(value, float)]
    if len(predicted) != len(labels):
        return attributions
    sums = {label: sum(v for column, v in attributions.items() if column.endswith(f"__{label}")) for label in labels}
    bases = {f"shap_base__{label}": value - sums[label] for label, value in zip(labels, predicted, strict=True)}
    return attributions | bases
