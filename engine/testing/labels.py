"""Synthetic ground truth for synthetic captures: labels that come an hour later, some never."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np


def write_labels(
    captures: Path | str, folder: Path | str, seed: int = 0, *, wrong: float = 0.0, missing: float = 0.05
) -> int:
    """Write a label for each captured record, below ``<folder>/yyyy/mm/dd/hh/`` of the hour after its own.

    The score of a record is the probability of its label 1, so the scores are calibrated.

    Args:
        captures: Folder of captures with CSV payloads, as ``write_captures`` writes them.
        folder: Where.
        seed: Of the random numbers.
        wrong: Share of labels that are turned round: the relation that the model has learnt holds no longer.
        missing: Share of labels that never come.

    Returns:
        How many labels were written.
    """
    rng = np.random.default_rng(seed)
    files: dict[Path, list[str]] = {}
    for path in sorted(Path(captures).rglob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            event = record["eventMetadata"]
            score = float(record["captureData"]["endpointOutput"]["data"])
            label = int(rng.random() < score) ^ int(rng.random() < wrong)
            if rng.random() < missing:
                continue
            moment = datetime.fromisoformat(event["inferenceTime"].replace("Z", "+00:00")) + timedelta(hours=1)
            truth = {
                "groundTruthData": {"data": str(label), "encoding": "CSV"},
                "eventMetadata": {"eventId": event["eventId"]},
            }
            place = Path(folder) / moment.strftime("%Y/%m/%d/%H") / "labels.jsonl"
            files.setdefault(place, []).append(json.dumps(truth | {"eventVersion": "0"}, separators=(",", ":")))
    for place, lines in files.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return sum(map(len, files.values()))
