"""The metrics of the data quality monitor from Deequ's own analyzers: the reference that our analyzers are held to.

As Deequ's profiler does: types, completeness, distinct and value counts of the cells as they are, numbers of the cells as double.
The frame must be one of :func:`engine.deequ.frames.frame_of` with ``infer=False``; of one split its KLL sketches equal ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.analyzers.completeness import CompletenessResult
from engine.analyzers.data_types import DataTypeResult, DataTypes
from engine.analyzers.moments import MomentsResult
from engine.analyzers.quantiles import KllResult
from engine.columns.data_types import CLASSES
from engine.deequ.errors import DeequError
from engine.deequ.jvm import Jvm, items, optional, pairs
from engine.deequ.strategies import reason_of
from engine.metrics import DatasetMetrics

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

KLL = (2048, 0.64, 10)
"""Size, shrinking factor and buckets of the monitor's sketches."""

_NUMERIC = ("Integral", "Fractional")
_NULL = "NullValue"
"""What Deequ's Histogram calls a missing value, and also a text of that spelling."""


def profile(jvm: Jvm, frame: DataFrame, most_categories: int = 120) -> DatasetMetrics:
    """Metrics of every column, in the form in which the data quality monitor takes them.

    Args:
        jvm: The JVM.
        frame: The data, texts as texts. Nested columns have a completeness only.
        most_categories: Estimated distinct values up to which values are counted.

    Raises:
        DeequError: Deequ gives up.
    """
    names = frame.columns
    metrics = _profile(jvm, frame.toDF(*(f"c{index}" for index in range(len(names)))), most_categories)
    return replace(metrics, columns=dict(zip(names, metrics.columns.values(), strict=True)))


def _profile(jvm: Jvm, frame: DataFrame, most_categories: int) -> DatasetMetrics:
    plain = [field.name for field in frame.schema.fields if field.dataType.typeName() not in ("array", "map", "struct")]
    rows, generic = _generic(jvm, frame, plain)
    kinds = {name: result["data_type"].inferred for name, result in generic.items()}
    numeric = _numbers(jvm, frame, [name for name, kind in kinds.items() if kind in _NUMERIC])
    few = [
        name
        for name, kind in kinds.items()
        if kind not in _NUMERIC and 0 < generic[name]["distinct"] <= most_categories
    ]
    counts = _counts(jvm, frame, few, {name: result["completeness"].num_missing for name, result in generic.items()})
    nested = {name: {"completeness": _presence(frame, name, rows)} for name in frame.columns if name not in plain}
    columns = {
        name: nested.get(name) or generic[name] | numeric.get(name, _NO_NUMBERS) | {"categories": counts.get(name)}
        for name in frame.columns
    }
    return DatasetMetrics(rows, columns)


_NO_NUMBERS: dict[str, Any] = {"moments": None, "kll": None}


def _generic(jvm: Jvm, frame: DataFrame, names: list[str]) -> tuple[int, dict[str, dict[str, Any]]]:
    """Rows of the frame, and of each column completeness, classes of cells and distinct count."""
    cls = jvm.deequ.analyzers
    none = jvm.option()
    wanted: dict[tuple[str, str], Any] = {("", "Size"): cls.Size(none)}
    for name in names:
        wanted[name, "Completeness"] = cls.Completeness(name, none, none)
        wanted[name, "DataType"] = cls.DataType(name, none)
        wanted[name, "Distinct"] = cls.ApproxCountDistinct(name, none)
    found = _run(jvm, frame, wanted)
    rows = int(found["", "Size"])
    return rows, {name: _general(rows, found, name) for name in names}


def _general(rows: int, found: dict[tuple[str, str], Any], name: str) -> dict[str, Any]:
    values = {kind: value.absolute() for kind, value in pairs(found[name, "DataType"].values())}
    counts = {kind: int(values.get(kind, 0)) for kind in CLASSES}
    present = rows - counts["Unknown"]
    completeness = CompletenessResult(present, rows - present, float(found[name, "Completeness"]))
    return {
        "completeness": completeness,
        "data_type": DataTypeResult(_inferred(counts), counts),
        "distinct": int(found[name, "Distinct"]),
    }


def _inferred(counts: dict[str, int]) -> str:
    """Deequ's decision, which is the same as in our own analyzer (deequ.md 2)."""
    import numpy as np

    return DataTypes(counts=np.array([counts[kind] for kind in CLASSES], np.int64)).result().inferred


def _numbers(jvm: Jvm, frame: DataFrame, names: list[str]) -> dict[str, dict[str, Any]]:
    """Moments and sketches of the columns that hold numbers, whatever their type is."""
    if not names:
        return {}
    cls, none = jvm.deequ.analyzers, jvm.option()
    kll = jvm.option(jvm.kll_parameters(*KLL))
    doubles = frame.selectExpr(*(f"CAST({name} AS DOUBLE) AS {name}" for name in names))
    makers: dict[str, Callable[[str], Any]] = {
        "mean": lambda c: cls.Mean(c, none),
        "sum": lambda c: cls.Sum(c, none),
        "std_dev": lambda c: cls.StandardDeviation(c, none),
        "min": lambda c: cls.Minimum(c, none, none),
        "max": lambda c: cls.Maximum(c, none, none),
        "kll": lambda c: cls.KLLSketch(c, kll),
    }
    wanted = {(name, key): make(name) for name in names for key, make in makers.items()}
    found = _run(jvm, doubles, wanted)
    return {name: _moments_and_sketch({key: found[name, key] for key in makers}) for name in names}


def _moments_and_sketch(found: dict[str, Any]) -> dict[str, Any]:
    sketch = found.pop("kll")
    if found["mean"] is None or sketch is None:
        return _NO_NUMBERS
    data = [list(level) for level in sketch.data()]
    count = sum(len(level) << height for height, level in enumerate(data))
    buckets = [(b.lowValue(), b.highValue(), int(b.count())) for b in items(sketch.buckets())]
    moments = MomentsResult(count=count, variance=found["std_dev"] ** 2, **found)
    return {"moments": moments, "kll": KllResult(buckets, KLL[:2], data)}


def _counts(jvm: Jvm, frame: DataFrame, names: Iterable[str], missing: dict[str, int]) -> dict[str, dict[str, int]]:
    """How often each value occurs."""
    histogram = jvm.deequ.analyzers.Histogram
    rest = [getattr(histogram, f"apply$default${index}") for index in range(2, 7)]
    wanted = {(name, "Histogram"): histogram(name, *[default() for default in rest]) for name in names}
    found = _run(jvm, frame, wanted) if wanted else {}
    return {name: _without_nulls(value, missing[name]) for (name, _), value in found.items()}


def _without_nulls(histogram: Any, missing: int) -> dict[str, int]:
    counts = {text: int(value.absolute()) for text, value in pairs(histogram.values())}
    texts = counts.pop(_NULL, 0) - missing
    return counts | ({_NULL: texts} if texts > 0 else {})


def _presence(frame: DataFrame, name: str, rows: int) -> CompletenessResult:
    """Deequ refuses nested columns; Spark counts them."""
    present = frame.where(f"{name} IS NOT NULL").count()
    return CompletenessResult(present, rows - present, present / rows)


def _run(jvm: Jvm, frame: DataFrame, wanted: dict[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
    """Values of analyzers in one run; None for those that have none."""
    analyzers = list(wanted.values())
    builder = jvm.deequ.analyzers.runners.AnalysisRunner.onData(jvm.dataset(frame)).addAnalyzers(jvm.seq(analyzers))
    try:
        context = builder.run()
    except Exception as error:
        raise DeequError(f"Deequ gave up: {reason_of(error)}") from error
    return {key: _value(optional(context.metric(analyzer))) for key, analyzer in wanted.items()}


def _value(metric: Any) -> Any:
    if metric is None or not metric.value().isSuccess():
        return None
    return metric.value().get()
