"""Synthetic capture files: the same bytes for the same arguments. For demonstrations, tests and benchmarks."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np

COLUMNS = ("score", "age", "income", "tenure_months", "balance", "purchases", "plan", "country", "active")
"""Names of the columns in row order, the model's output first."""

START = datetime(2026, 1, 31, 10, tzinfo=timezone.utc)
_PLANS = ("free", "gold", "silver", "trial")
_COUNTRIES = ("BR", "DE", "FR", "IN", "JP", "US")
_TYPES = {
    "csv": ("text/csv", "CSV"),
    "json": ("application/json", "JSON"),
    "base64": ("application/octet-stream", "BASE64"),
}
RECORDS_A_FILE = 20_000


def write_captures(  # noqa: PLR0913 - options of a generator
    folder: Path | str,
    records: int,
    seed: int = 0,
    start: datetime = START,
    *,
    payload: str = "csv",
    drift: bool = False,
    hours: int = 1,
    endpoint: str = "demo-endpoint",
) -> list[Path]:
    """Write capture records below ``<folder>/<endpoint>/AllTraffic/yyyy/mm/dd/hh/``.

    Args:
        folder: Where.
        records: How many.
        seed: Of the random numbers.
        start: Time of the first record; they are spread evenly over ``hours``.
        payload: ``csv``, ``json``, or ``base64`` (of CSV).
        drift: Whether incomes are doubled, a plan is new, and ages are missing now and then.
        hours: Hours to spread the records over.
        endpoint: Name in the path.

    Returns:
        The files, in order.
    """
    rows = [_row(values, payload) for values in _values(np.random.default_rng(seed), records, drift)]
    step = timedelta(hours=hours) / max(records, 1)
    files: dict[Path, list[str]] = {}
    counts: dict[datetime, int] = {}
    for index, (output, inputs) in enumerate(rows):
        moment = start + index * step
        hour = moment.replace(minute=0, second=0, microsecond=0)
        part = counts.get(hour, 0) // RECORDS_A_FILE
        counts[hour] = counts.get(hour, 0) + 1
        path = Path(folder) / endpoint / "AllTraffic" / moment.strftime("%Y/%m/%d/%H") / f"captures-{part:04d}.jsonl"
        files.setdefault(path, []).append(_line(index, moment, output, inputs, payload))
    for path, lines in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return sorted(files)


Values = list[str | int | float | None]


def _values(rng: np.random.Generator, records: int, drift: bool) -> list[Values]:
    columns = [
        np.round(rng.beta(2, 5, records), 6).tolist(),
        rng.integers(18, 90, records).tolist(),
        np.round(rng.lognormal(10.5, 0.4, records) * (2 if drift else 1), 2).tolist(),
        rng.integers(0, 120, records).tolist(),
        np.round(rng.normal(1000, 400, records), 2).tolist(),
        rng.poisson(3, records).tolist(),
        np.array((*_PLANS, "platinum") if drift else _PLANS)[rng.integers(0, 4 + drift, records)].tolist(),
        np.array(_COUNTRIES)[rng.integers(0, len(_COUNTRIES), records)].tolist(),
        rng.integers(0, 2, records).tolist(),
    ]
    if drift:
        missing = rng.random(records) < 0.1
        columns[1] = [None if gone else age for gone, age in zip(missing.tolist(), columns[1], strict=True)]
    return [list(row) for row in zip(*columns, strict=True)]


def _row(values: Values, payload: str) -> tuple[str, str]:
    """Texts of the output's and the input's payload."""
    if payload == "json":
        named = dict(zip(COLUMNS, values, strict=True))
        return json.dumps({"score": named.pop("score")}), json.dumps(named)
    texts = ["" if value is None else str(value) for value in values]
    output, inputs = texts[0], ",".join(texts[1:]) + "\n"
    if payload == "base64":
        return base64.b64encode(output.encode()).decode(), base64.b64encode(inputs.encode()).decode()
    return output, inputs


def _line(index: int, moment: datetime, output: str, inputs: str, payload: str) -> str:
    content_type, encoding = _TYPES[payload]
    parts = {
        "endpointInput": {"observedContentType": content_type, "mode": "INPUT", "data": inputs, "encoding": encoding},
        "endpointOutput": {"observedContentType": content_type, "mode": "OUTPUT", "data": output, "encoding": encoding},
    }
    event = {"eventId": f"00000000-0000-4000-8000-{index:012d}", "inferenceTime": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}
    return json.dumps({"captureData": parts, "eventMetadata": event, "eventVersion": "0"}, separators=(",", ":"))
