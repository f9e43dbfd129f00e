"""What a record preprocessor is called with: the surface of SageMaker's captured-data object."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.datasets.json_writing import payload_text

_PARTS = {
    "endpoint_input": "endpointInput",
    "endpoint_output": "endpointOutput",
    "batch_transform_output": "batchTransformOutput",
}


class EventData:
    """One part of a record. A script may change its members."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.encoding: Any = raw.get("encoding")
        data = raw.get("data")
        self.data: Any = None if data is None else payload_text(data)
        self.observedContentType: Any = raw.get("observedContentType")
        self.mode: Any = raw.get("mode")

    def as_dict(self) -> dict[str, Any]:
        """Encoding, data and content type."""
        return {"encoding": self.encoding, "data": self.data, "observedContentType": self.observedContentType}


class EventMetadata:
    """Identity and time of the invocation."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.event_id: Any = raw.get("eventId")
        self.event_time: Any = raw.get("inferenceTime")
        self.custom_attribute: Any = raw.get("customAttributes")
        self.inference_id: Any = raw.get("inferenceId")


@dataclass(frozen=True)
class _CaptureParts:
    """The older interface ``record.event_data.endpointInput``, which old scripts use."""

    endpointInput: EventData | None  # noqa: N815
    endpointOutput: EventData | None  # noqa: N815
    batchTransformOutput: EventData | None  # noqa: N815


class CaptureRecord:
    """A captured record: parts, event, and the parsed line."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.event_dict = raw
        capture = raw.get("captureData") or {}
        self.endpoint_input = _event_data(capture.get("endpointInput"))
        self.endpoint_output = _event_data(capture.get("endpointOutput"))
        self.batch_transform_output = _event_data(capture.get("batchTransformOutput"))
        self.ground_truth = _event_data(raw.get("groundTruthData"))
        event = raw.get("eventMetadata")
        self.event_metadata = EventMetadata(event) if isinstance(event, dict) else None
        self.event_version = raw.get("eventVersion")

    @property
    def event_data(self) -> _CaptureParts:
        """The parts under the names that they have in the file."""
        return _CaptureParts(self.endpoint_input, self.endpoint_output, self.batch_transform_output)

    @cached_property
    def _dict(self) -> dict[str, Any]:
        raw = dict(self.event_dict)
        capture = dict(raw.get("captureData") or {})
        for attribute, member in _PARTS.items():
            part = getattr(self, attribute)
            if part is not None:
                capture[member] = {**(capture.get(member) or {}), **part.as_dict()}
        raw["captureData"] = capture
        if self.ground_truth is not None:
            raw["groundTruthData"] = {**(raw.get("groundTruthData") or {}), **self.ground_truth.as_dict()}
        return raw

    def as_dict(self) -> dict[str, Any]:
        """The record with the parts as they are now; computed by the first call."""
        return self._dict

    def __str__(self) -> str:
        return json.dumps(self.as_dict())


def _event_data(raw: Any) -> EventData | None:
    return EventData(raw) if isinstance(raw, dict) else None
