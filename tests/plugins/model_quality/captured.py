"""Merged captures for tests, and the figures that a baseline job finds in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import engine

Payload = tuple[str, str]
"""Text and encoding."""


def record(index: int, response: Payload, label: Payload, request: Payload | None = None) -> dict[str, Any]:
    """One merged record."""
    capture = {"endpointOutput": part(response)} | ({"endpointInput": part(request)} if request else {})
    event = {"eventId": f"event-{index}", "inferenceTime": "2026-01-31T10:05:09Z"}
    return {"captureData": capture, "groundTruthData": part(label), "eventMetadata": event, "eventVersion": "0"}


def part(payload: Payload) -> dict[str, str]:
    """A part of a record."""
    text, encoding = payload
    kind = "text/csv" if encoding == "CSV" else "application/json"
    return {"data": text, "encoding": encoding, "observedContentType": kind}


def figures(path: Path, records: Sequence[dict[str, Any]], settings: dict[str, Any]) -> dict[str, Any]:
    """The metrics of merged records, written below a folder."""
    job(path, records, settings)
    return block_in(path / "out")


def job(path: Path, records: Sequence[dict[str, Any]], settings: dict[str, Any]) -> engine.JobResult:
    """A baseline job over merged records, written below a folder."""
    folder = path / "merged"
    folder.mkdir(exist_ok=True)
    (folder / "a.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in records))
    parts = ["endpointOutput", "groundTruthData"]
    if "endpointInput" in records[0]["captureData"]:
        parts.insert(0, "endpointInput")
    source = {"format": "capture", "capture": {"parts": parts}}
    return run_baseline(folder, path / "out", settings, source)


def block_of(
    data: Path, output: Path, settings: dict[str, Any], source: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The block of metrics of a baseline job."""
    run_baseline(data, output, settings, source)
    return block_in(output)


def run_baseline(
    data: Path, output: Path, settings: dict[str, Any], source: dict[str, Any] | None = None
) -> engine.JobResult:
    """A baseline job."""
    options: dict[str, Any] = {"input": source} if source else {}
    return engine.baseline(data, output=output, runner="inline", monitor="model_quality", settings=settings, **options)


def block_in(output: Path) -> dict[str, Any]:
    """The block of metrics that a job wrote."""
    statistics = json.loads((output / "statistics.json").read_text())
    block: dict[str, Any] = next(value for name, value in statistics.items() if name.endswith("_metrics"))
    return block


def values(block: dict[str, Any]) -> dict[str, Any]:
    """The values of a block, and its confusion matrix."""
    return {name: entry.get("value", entry) for name, entry in block.items() if not name.endswith("_curve")}
