"""Metrics of small columns by plain Python: a second opinion that needs no analyzer."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from engine.columns.java_text import java_double

CLASSES = (
    ("Fractional", re.compile(r"(-|\+)? ?\d+((\.\d+)|((?:\.\d+)?[Ee][-+]?\d+))", re.ASCII)),
    ("Integral", re.compile(r"(-|\+)? ?\d+", re.ASCII)),
    ("Boolean", re.compile(r"true|false")),
)
TYPES = {"long": "Integral", "int": "Integral", "double": "Fractional", "boolean": "Boolean"}


def class_of(text: str) -> str:
    """Deequ's class of a text."""
    return next((name for name, pattern in CLASSES if pattern.fullmatch(text)), "String")


def text_of(value: Any) -> str:
    """A value as the JVM prints it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return java_double(value) if isinstance(value, float) else str(value)


def decided(counts: Mapping[str, int]) -> str:
    """Deequ's decision on the type of a column."""
    kinds = {kind for kind, count in counts.items() if count and kind != "Unknown"}
    if not kinds:
        return "Unknown"
    if "String" in kinds or ("Boolean" in kinds and len(kinds) > 1):
        return "String"
    return next(kind for kind in ("Boolean", "Fractional", "Integral") if kind in kinds)


def metrics_of(values: Sequence[Any], spark_type: str = "string", distinct: int | None = None) -> dict[str, Any]:
    """Results of the standard analyzers but the sketch."""
    present = [value for value in values if value is not None]
    types = Counter(TYPES.get(spark_type) or class_of(text_of(value)) for value in present)
    counts = {"Unknown": len(values) - len(present), **types}
    share = len(present) / len(values) if values else math.nan
    inferred = decided(counts)
    return {
        "completeness": SimpleNamespace(
            num_present=len(present), num_missing=len(values) - len(present), completeness=share
        ),
        "data_type": SimpleNamespace(inferred=inferred, counts=counts),
        "moments": moments_of([float(v) for v in present]) if inferred in ("Integral", "Fractional") else None,
        "kll": None,
        "distinct": len(set(present)) if distinct is None else distinct,
        "categories": dict(Counter(map(text_of, present))),
    }


def moments_of(numbers: Sequence[float]) -> Any:
    """Population moments."""
    mean = math.fsum(numbers) / len(numbers)
    deviation = math.sqrt(math.fsum((x - mean) ** 2 for x in numbers) / len(numbers))
    return SimpleNamespace(
        count=len(numbers), mean=mean, sum=math.fsum(numbers), std_dev=deviation, min=min(numbers), max=max(numbers)
    )


def shortest_and_longest(values: Sequence[Any]) -> tuple[int, int]:
    """Lengths of the texts, a missing one counting as empty."""
    lengths = [len(value or "") for value in values]
    return min(lengths), max(lengths)
