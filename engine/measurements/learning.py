"""What is said of thresholds that were to be learnt from chunks of the baseline and could not be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from engine.analyzers.judging import FEWEST_CHUNKS
from engine.analyzers.measured import Measured
from engine.measurements.evaluation import Evaluation

Results = Mapping[tuple[str | None, str, str], Measured]
"""Results by slice, column and key."""


def not_learnt(evaluation: Evaluation, chunks: Sequence[Results]) -> dict[str, int]:
    """Notes on metrics whose default threshold stands, with the number of results of each.

    Args:
        evaluation: The results on the whole baseline.
        chunks: Those on its chunks.
    """
    notes: Counter[str] = Counter()
    for result in evaluation.results:
        if result.slice is None and result.use.learn and result.use.spec.worse is not None:
            parts = [chunk.get((None, result.column, result.key)) for chunk in chunks]
            if sum(part is not None and part.alarming is not None for part in parts) < FEWEST_CHUNKS:
                notes[
                    f"thresholds of {result.use.key} that are not learnt but the default: of {len(chunks)} chunks of the baseline "
                    f"fewer than {FEWEST_CHUNKS} have a result (see learning)"
                ] += 1
    return dict(notes)
