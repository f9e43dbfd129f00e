"""The merge job: find the files, join in Spark (or in this process, for small data), publish the merged records.

The join is a shuffle of Spark's: neither labels nor captures have to fit into any memory. What comes out depends on the data
alone: one file of merged records for each capture file, in its order.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

import pyarrow as pa

from engine.config_sections import RunnerConfig
from engine.errors import MonitorError, NoDataError
from engine.execution.spark import SparkRunner
from engine.ground_truth.files import MergeFiles, merge_files
from engine.ground_truth.output import MergeWriter
from engine.ground_truth.publishing import NotRestoredError, Place, discard_all, publish
from engine.ground_truth.records import read_captures, read_labels

_LOG = logging.getLogger(__name__)
_CAPTURE_ROW = "key string, file int, place long, line string"
_LABEL_ROW = "key string, file int, place long, truth string"
_COUNT_ROW = "file int, captures long, matched long, malformed long, unused long"


_SPREAD = 32
SHUFFLE = "spark.sql.shuffle.partitions"
PARTITION_BYTES = 64 * 1024 * 1024
"""Of the shuffle: so many of them are sorted at once in each core, which an executor of 2 GiB can do for any amount of data."""
FEWEST_PARTITIONS = 8


@dataclass(frozen=True)
class MergeSettings:
    """What to merge.

    Attributes:
        captures: Files, folders or globs.
        ground_truth: The same.
        output: Folder for merged records, below which they keep their folders.
        unmatched: Folder for captures without a label, to be given again to the next run; None drops them.
        start: First moment of the window, by the hour folders of the captures.
        end: Moment after the window.
        runner: Where the join runs.
    """

    captures: tuple[str, ...]
    ground_truth: tuple[str, ...]
    output: str
    unmatched: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    runner: RunnerConfig = field(default_factory=RunnerConfig)


@dataclass(frozen=True)
class MergeResult:
    """What became of the records.

    Attributes:
        captures: Lines of captures.
        matched: Of these, written with a label.
        malformed: Of these, no capture records.
        labels: Distinct keys that have a label.
        unused: Of these, without a capture.
        duplicates: Labels that a later one replaced.
        bad_labels: Lines that are no labels.
        files: Where merged records are.
    """

    captures: int
    matched: int
    malformed: int
    labels: int
    unused: int
    duplicates: int
    bad_labels: int
    files: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """In one sentence."""
        return f"Completed: merged {self.matched} of {self.captures} captured records."

    def lines(self) -> list[str]:
        """What matched, what did not, and why."""
        without = self.captures - self.matched - self.malformed
        of_captures = (
            f"{self.captures:,} captured records: {self.matched:,} got a label, {without:,} have none yet, "
            f"{self.malformed:,} are malformed."
        )
        of_labels = (
            f"{self.labels:,} records have a label in the ground truth: {self.unused:,} of them were not captured here, "
            f"{self.duplicates:,} labels were replaced by later ones, {self.bad_labels:,} lines are no labels."
        )
        return [of_captures, of_labels]


def merge_ground_truth(settings: MergeSettings) -> MergeResult:
    """Join labels to captures.

    Raises:
        NoDataError: There are no captures, no labels, or none that match.
        MonitorError: Something cannot be read or written; nothing was changed.
    """
    files = merge_files(settings.captures, settings.ground_truth, settings.start, settings.end)
    _LOG.info("merging %d capture files with %d ground truth files", len(files.captures), len(files.labels))
    run = hashlib.sha256(repr(files).encode()).hexdigest()[:12]
    places = [Place(folder, run) for folder in (settings.output, settings.unmatched) if folder]
    restored = True
    try:
        for place in places:
            place.prepare()
        result = _joined(files, MergeWriter(files.captures, *(place.written for place in places)), settings.runner)
        moved = publish(places)
    except NotRestoredError:
        restored = False  # the hidden folders hold what was there before
        raise
    except OSError as error:
        raise MonitorError(
            f"The merge into {settings.output} failed, and changed nothing: {error}. Check that captures and labels can be "
            f"read, and that {' and '.join(place.folder for place in places)} can be written."
        ) from error
    finally:
        if restored:
            discard_all(places)
    return replace(result, files=tuple(moved[0]))


def _joined(files: MergeFiles, writer: MergeWriter, runner: RunnerConfig) -> MergeResult:
    counts = list(_inline(files, writer) if runner.kind == "inline" else _on_spark(files, writer, runner))
    result = _summed(counts)
    if not result.matched:
        raise NoDataError(
            f"No matching ground truth records found for captured data: {' '.join(result.lines())} Labels match by "
            "eventId, or by the capture's inferenceId where it has one."
        )
    return result


def _summed(counts: Sequence[dict[str, Any]]) -> MergeResult:
    names = [f.name for f in fields(MergeResult) if f.name != "files"]
    totals: dict[str, Any] = {name: sum(int(row.get(name, 0)) for row in counts) for name in names}
    return MergeResult(**totals)


def _on_spark(files: MergeFiles, writer: MergeWriter, config: RunnerConfig) -> Iterator[dict[str, Any]]:
    from pyspark.sql import functions as f

    with SparkRunner(config.master, config.conf) as runner:
        session = runner.session
        if SHUFFLE not in config.conf:
            session.conf.set(SHUFFLE, str(max(FEWEST_PARTITIONS, files.size // PARTITION_BYTES)))
        captures = session.range(0, len(files.captures), 1, len(files.captures)).mapInArrow(
            _Reading(files.captures, labels=False), _CAPTURE_ROW
        )
        labels = session.range(0, len(files.labels), 1, len(files.labels)).mapInArrow(
            _Reading(files.labels, labels=True), _LABEL_ROW
        )
        last = f.max(f.struct("file", "place", "truth")).alias("last")
        known = labels.groupBy("key").agg(last, f.count("*").alias("labels"))
        known = known.select("key", f.col("last.truth").alias("truth"), "labels").cache()
        usable = known.where("key IS NOT NULL")
        joined = captures.join(usable.select("key", "truth"), "key", "full_outer")
        # Labels without a record only have to be counted, wherever that is.
        place = f.coalesce("file", -1 - f.pmod(f.hash("key"), f.lit(_SPREAD)))
        ordered = joined.withColumn("to", place).repartition("to").sortWithinPartitions("file", "place").drop("to")
        yield from (row.asDict() for row in ordered.mapInArrow(writer, _COUNT_ROW).collect())
        totals = usable.agg(f.count("*"), f.sum(f.col("labels") - 1)).collect()[0]
        bad = known.where("key IS NULL").agg(f.sum("labels")).collect()[0][0]
        known.unpersist()
    yield _of_labels(totals[0], 0, totals[1], bad)


def _inline(files: MergeFiles, writer: MergeWriter) -> Iterator[dict[str, Any]]:
    truths: dict[str, str] = {}
    seen: set[str] = set()
    total = bad = 0
    for index, (uri, size) in enumerate(files.labels):
        for batch in read_labels(uri, size, index):
            for row in batch.to_pylist():
                total += 1
                if row["key"] is None:
                    bad += 1
                else:
                    truths[row["key"]] = row["truth"]

    def joined() -> Iterator[pa.RecordBatch]:
        for index, file in enumerate(files.captures):
            for batch in read_captures(file.uri, file.size, index):
                keys = batch.column("key").to_pylist()
                seen.update(key for key in keys if key in truths)
                found = pa.array([truths.get(key) for key in keys], pa.string())
                yield pa.RecordBatch.from_arrays([*batch.columns, found], [*batch.schema.names, "truth"])

    for batch in writer(joined()):
        yield from batch.to_pylist()
    yield _of_labels(len(truths), len(truths) - len(seen), total - bad - len(truths), bad)


def _of_labels(labels: int, unused: int, duplicates: int | None, bad: int | None) -> dict[str, int]:
    return {"labels": labels, "unused": unused, "duplicates": duplicates or 0, "bad_labels": bad or 0}


class _Reading:
    """Reads the files whose numbers a task is given."""

    def __init__(self, files: Sequence[Any], *, labels: bool) -> None:
        self._files = [(file[0], file[1]) if labels else (file.uri, file.size) for file in files]
        self._read = read_labels if labels else read_captures

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for index in batch.column(0).to_pylist():
                uri, size = self._files[index]
                yield from self._read(uri, size, index)
