"""Checks that awkward data does no harm: nulls, nothing, NaN, other encodings."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pyarrow as pa

from engine.analyzers.measured import Measured, measured
from engine.testing.subject import Subject, derived_inputs, flat, numbers_in, same_results


def results_of(subject: Subject) -> list[Any]:
    """Results on all samples, whatever kind of metric it is."""
    if subject.is_analyzer:
        return [subject.fed([sample]).result() for sample in subject.samples()]
    inputs = derived_inputs(subject)
    return [subject.new().compute(now, before) for now in inputs for before in (None, *inputs)]


def check_result_is_json(subject: Subject) -> None:
    """A result is a number, None, Measured, or a mapping of these, and everything in it can be written as JSON."""
    for result in results_of(subject):
        for key, found in measured(subject.metric.name, result):
            assert isinstance(found, Measured)
            json.dumps(dict(found.detail))
            assert all(isinstance(sentence, str) for sentence in found.explanation), f"{key}: explanation must be texts"


def check_all_null(subject: Subject) -> None:
    """A column without values gives None or a finite number, not an error."""
    if subject.of_column:
        parts: list[Any] = [pa.nulls(5, array.type) for array in subject.samples()]
    else:
        parts = [_nulls(sample) for sample in subject.samples()]
    for part in parts:
        _finite(subject.fed([part]).result(), f"5 nulls of type {getattr(part, 'type', 'any')}")


def check_empty(subject: Subject) -> None:
    """No batch at all, and a batch without rows, give None or a finite number, not an error."""
    _finite(subject.new().result(), "no batch")
    for sample in subject.samples():
        _finite(subject.fed([sample.slice(0, 0)]).result(), "a batch without rows")


def check_nan_and_infinities(subject: Subject) -> None:
    """NaN and infinities in the data do not spoil the result: the engine counts them as missing."""
    odd = pa.array([1.0, math.nan, math.inf, -math.inf, 2.0, 1e308, -1e308, 5e-324, -0.0, None])
    if subject.of_column:
        parts: list[Any] = [odd.cast(pa.string()), *([odd] if "number" in subject.takes else [])]
    else:
        parts = [_replaced(sample, odd) for sample in subject.samples()]
    for part in parts:
        result = subject.fed([part]).result()
        assert not any(math.isnan(number) for number in numbers_in(result)), (
            f"the result is {flat(result)}: NaN came through"
        )


def check_batch_not_mutated(subject: Subject) -> None:
    """update() leaves the batch as it is: other metrics read the same arrays."""
    for sample in subject.samples():
        copy = pa.concat_arrays([sample]) if subject.of_column else None
        before = sample.to_pylist()
        subject.fed([copy if copy is not None else sample])
        assert _equal((copy if copy is not None else sample).to_pylist(), before), (
            "the values of the batch were changed"
        )


def check_encodings(subject: Subject) -> None:
    """The same values give the same result as a slice of a longer array, by reference to a dictionary, or as large texts."""
    for sample in subject.samples():
        plain = subject.fed([sample])
        for name, other in _encodings(sample).items():
            found = subject.fed([other])
            assert same_results(plain, found), (
                f"{name} gives {flat(found.result())}, the plain array {flat(plain.result())}. "
                "Read column.valid, column.numbers or column.value_counts instead of column.array."
            )


def check_without_baseline(subject: Subject) -> None:
    """A derived metric copes with a column that the baseline did not have, and with results that are None."""
    nothing = dict.fromkeys(derived_inputs(subject)[0])
    for now in (*derived_inputs(subject), nothing):
        for before in (None, nothing):
            _finite(subject.new().compute(now, before), f"baseline {before}")


def _finite(result: Any, data: str) -> None:
    wrong = [number for number in numbers_in(result) if not math.isfinite(number)]
    assert not wrong, f"{data}: the result is {flat(result)}; allowed are None and finite numbers"


def _nulls(batch: pa.RecordBatch) -> pa.RecordBatch:
    arrays = [pa.nulls(5, field.type) for field in batch.schema]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _replaced(batch: pa.RecordBatch, odd: pa.Array) -> pa.RecordBatch:
    """The batch with odd values in place of its floating-point ones."""
    rows = np.arange(len(odd)) % max(len(batch), 1)
    arrays = [odd if pa.types.is_floating(array.type) else array.take(pa.array(rows)) for array in batch.columns]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _encodings(sample: Any) -> dict[str, Any]:
    if isinstance(sample, pa.RecordBatch):
        return {"a slice": pa.concat_batches([sample, sample]).slice(len(sample))}
    found = {"a slice": pa.concat_arrays([sample, sample]).slice(len(sample))}
    if pa.types.is_string(sample.type):
        found |= {"large text": sample.cast(pa.large_string()), "a dictionary": sample.dictionary_encode()}
    return found


def _equal(one: list[Any], other: list[Any]) -> bool:
    return repr(one) == repr(other)
