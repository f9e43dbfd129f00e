"""Analyse a dataset with a runner: one pass, then again only for columns whose optimistic type was too narrow."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from engine.datasets.base import Dataset, QuarantinedRecord, Reader
from engine.datasets.column_types import type_note
from engine.execution.analyses import Analyses
from engine.execution.runner import Progress, Runner, silent
from engine.execution.scan import ScanState, ScanTask, absorb, decode
from engine.execution.scan_metrics import metrics_of
from engine.metrics import DatasetMetrics

_LOG = logging.getLogger(__name__)

Quarantine = Callable[[list[QuarantinedRecord]], None]


@dataclass
class Analysis:
    """What a pass found, as state that can still be merged.

    Attributes:
        total: The whole dataset.
        chunks: Parts of it, where the caller asked for them.
    """

    dataset: Dataset
    total: ScanState
    chunks: list[ScanState] = field(default_factory=list)

    @property
    def metrics(self) -> DatasetMetrics:
        """The results."""
        return metrics_of(self.dataset, self.total, self.chunks)


def analyse(
    dataset: Dataset,
    analyses: Analyses,
    runner: Runner,
    quarantine: Quarantine,
    progress: Progress = silent,
    chunk_of: Sequence[int] | None = None,
) -> Analysis:
    """Run the fused pass.

    Args:
        dataset: What to read.
        analyses: Which analyzers there are.
        runner: Where the tasks run; it must have been entered.
        quarantine: Receives the malformed records.
        progress: Told about finished splits.
        chunk_of: Number of the chunk that each split belongs to, -1 for none; None for no chunks.

    Returns:
        The states of every column.
    """
    one_pass = _Pass(dataset, analyses, runner, progress, chunk_of)
    found = one_pass.scan(dataset.reader, None)
    quarantine(found.total.quarantined)
    reader, conflicts = dataset.reader, found.total.conflicts
    # What looks at several columns at once, or at parts of the data, must see all of them with their final types.
    everything = bool(found.total.table.dataset or analyses.segments or found.chunks)
    while conflicts:
        _LOG.info("reading again, with wider types: %s", ", ".join(f"{c} as {t}" for c, t in sorted(conflicts.items())))
        reader = reader.retyped(conflicts)
        again = one_pass.scan(reader, None if everything else tuple(sorted(conflicts)))
        if everything:
            found = again
        else:
            found.total.table.replace_columns(again.total.table)
            found.total.notes = _without_types_of(conflicts, found.total.notes) | again.total.notes
        conflicts = again.total.conflicts
    return found


def _without_types_of(columns: Iterable[str], notes: Counter[str]) -> Counter[str]:
    """Notes without those that name a type in which a column is not read after all."""
    starts = tuple(type_note(column) for column in columns)
    return Counter({text: count for text, count in notes.items() if not text.startswith(starts)})


@dataclass(frozen=True)
class _Pass:
    """What stays the same when columns are read again."""

    dataset: Dataset
    analyses: Analyses
    runner: Runner
    progress: Progress
    chunk_of: Sequence[int] | None

    def scan(self, reader: Reader, columns: tuple[str, ...] | None) -> Analysis:
        total = ScanState.empty(self.analyses)
        numbers = self.chunk_of or ()
        chunks = [ScanState.empty(self.analyses) for _ in range(max(numbers, default=-1) + 1)]
        task = ScanTask(reader, self.analyses, columns)
        for index, data in enumerate(self.runner.scan(task, self.dataset.splits, self.progress)):
            state = decode(data, self.analyses)
            absorb(total, state, self.analyses)
            if index < len(numbers) and numbers[index] >= 0:  # some files belong to no chunk
                absorb(chunks[numbers[index]], state, self.analyses)
        return Analysis(self.dataset, total, chunks)
