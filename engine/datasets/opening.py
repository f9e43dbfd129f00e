"""Open a dataset: find its files, say what they hold, plan the reader and the splits."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from engine.datasets.base import Dataset, Fragment, Reader, Split
from engine.datasets.capture_layout import CaptureLayout, infer_layout, ordered_parts
from engine.datasets.capture_parts import GROUND_TRUTH
from engine.datasets.csv_dialect import Dialect, find_dialect
from engine.datasets.csv_reader import plan_reader
from engine.datasets.detection import FORMATS, Detected, detect, named_otherwise
from engine.datasets.discovery import discover
from engine.datasets.exclusion import exclude
from engine.datasets.json_lines import plan_json
from engine.datasets.listing import SourceFile
from engine.datasets.manifests import RESERVED, follow_manifests
from engine.datasets.parquet_reader import plan_parquet
from engine.datasets.partitions import Partitions, find_partitions, with_partitions
from engine.datasets.payload_rules import PayloadRules
from engine.datasets.preprocessing import PreprocessedReader
from engine.datasets.settings import InputSettings
from engine.datasets.splitting import Cutter, csv_records, lines, plan, row_groups, whole
from engine.datasets.table_reader import TableReader
from engine.datasets.user_scripts import UserScript
from engine.errors import ConfigurationError
from engine.s3.trying import tried_again

_LOG = logging.getLogger(__name__)


def open_dataset(source: InputSettings) -> Dataset:
    """Open what the configuration names.

    Args:
        source: The ``input`` section of the configuration.

    Returns:
        The planned dataset. Planning reads file names, the first records, and CSV that is cut.

    Raises:
        NoDataError: There are no files, or none in the window.
        DataFormatError: A file is of no known format.
        ConfigurationError: A setting is not allowed.
        UserScriptError: The preprocessor cannot be loaded.
        StoreError: A store refuses, or fails at every try.
    """
    return tried_again(lambda: _planned(source), ", ".join(source.paths))


def _planned(source: InputSettings) -> Dataset:
    if source.format == "table":
        _warn_of_idle_script(source, "table")
        return Dataset(TableReader(tuple(source.paths), tuple(source.exclude_features)), (Split(0, ()),))
    files = follow_manifests(discover(source.paths, source.start, source.end, source.window_filter))
    filled = [file for file in files if file.size]
    detected = _detected(source, filled[0])
    if source.format is None:
        _warn_of_other_formats(filled, detected.format)
    fragments = [fragment for file in filled for fragment in whole(file)]
    dataset = _opened(source, detected, fragments, files)
    rows_of_batch_jobs = detected.format == "jsonl" and not source.preprocessor
    return exclude(dataset, source.exclude_features, RESERVED if rows_of_batch_jobs else ())


def _detected(source: InputSettings, first: SourceFile) -> Detected:
    """The format, and of JSON how it is laid out: as the file shows, else as the setting says."""
    if source.format not in (None, *FORMATS[:-1]):
        allowed = ", ".join(FORMATS[:-1])
        raise ConfigurationError(f"input.format: {source.format!r} is no format of files. Allowed: {allowed}.")
    detected = detect(first.uri, source.format)
    if detected.format != "jsonl" or detected.json_lines is None:
        return replace(detected, json_lines=source.json_lines)
    if detected.json_lines != source.json_lines and (source.format or not source.json_lines):
        _warn_of_other_layout(first.uri, detected.json_lines)
    return detected


def _warn_of_other_layout(uri: str, lines: bool) -> None:
    layout = "one JSON value a line" if lines else "one JSON document over several lines"
    setting, other = ("false", "true") if lines else ("true", "false")
    _LOG.warning(
        '%s holds %s and is read so, though input.json_lines ("line" of dataset_format) is %s: set it to %s',
        uri, layout, setting, other,
    )  # fmt: skip


def _warn_of_other_formats(files: Sequence[SourceFile], found: str) -> None:
    others = named_otherwise((file.uri for file in files), found)
    if others:
        _LOG.warning(
            "all files are read as %s, which the first one is; by their names %d are not, for example %s. "
            "Read one format at a time, or name it with input.format", found, len(others), others[0],
        )  # fmt: skip


def _opened(
    source: InputSettings, detected: Detected, fragments: list[Fragment], files: Sequence[SourceFile]
) -> Dataset:
    partitions = _partitions(source, detected, fragments)
    source = replace(source, names=partitions.without_last(source.names))
    dialect = find_dialect(fragments if detected.format == "csv" else (), source.csv, source.names)
    splits = plan(files, max(int(source.split_bytes), 1), _cutter(source, detected, dialect))
    if detected.format != "capture" and any(_record_window(source)):
        _LOG.warning("the analysis window was not applied to records, which have no time in %s", detected.format)
    if source.preprocessor and detected.format != "parquet":
        return _preprocessed(source, detected, dialect, fragments, splits)
    if detected.format == "capture":
        layout = _layout(source, fragments)
        return Dataset(layout.reader, splits, layout.columns.names, layout=layout.columns)
    if detected.format == "parquet":
        _warn_of_idle_script(source, "parquet")
    reader, columns = _reader(source, detected, dialect, fragments)
    return with_partitions(Dataset(reader, splits, columns, sort_columns=detected.format == "jsonl"), partitions)


def _partitions(source: InputSettings, detected: Detected, fragments: Sequence[Fragment]) -> Partitions:
    """The columns in the names of folders. Captures have their columns from requests and responses alone."""
    if detected.format == "capture" or source.preprocessor or not source.partition_columns:
        return Partitions((), {})
    return find_partitions(source.paths, [fragment.uri for fragment in fragments])


def _warn_of_idle_script(source: InputSettings, format_name: str) -> None:
    if source.preprocessor:
        _LOG.warning(
            "the preprocessor %s is not called: input of the format %s has no lines", source.preprocessor, format_name
        )


def _layout(source: InputSettings, fragments: list[Fragment]) -> CaptureLayout:
    return infer_layout(fragments, source.capture, source.names, *_record_window(source))


def _record_window(source: InputSettings) -> tuple[datetime | None, datetime | None]:
    """The window that each record must lie in."""
    return (source.start, source.end) if source.window_filter == "record" else (None, None)


def _reader(
    source: InputSettings, detected: Detected, dialect: Dialect, fragments: list[Fragment]
) -> tuple[Reader, tuple[str, ...] | None]:
    if detected.format == "jsonl":
        planned = plan_json(fragments, bool(detected.json_lines))
        return planned, tuple(sorted(planned.types))
    if detected.format == "parquet":
        return plan_parquet(fragments)
    reader = plan_reader(fragments, dialect, source.csv.header, source.names)
    return reader, reader.names


def _preprocessed(
    source: InputSettings,
    detected: Detected,
    dialect: Dialect,
    fragments: list[Fragment],
    splits: tuple[Split, ...],
) -> Dataset:
    script = UserScript.read(str(source.preprocessor))
    script.function("preprocess_handler")  # a script without it is told before anything runs
    capture = source.capture
    parts = ordered_parts(capture)
    has_label = capture.labels or GROUND_TRUTH in parts
    if has_label:
        parts = tuple(dict.fromkeys([*parts, GROUND_TRUTH]))
    payloads = PayloadRules(parts, {}, capture.decode_base64, capture.multi_row, capture.explanations)
    csv, window = (dialect.multiline, dialect.rules), _record_window(source)
    reader = PreprocessedReader(script, detected.format, payloads, {}, *csv, *window, has_label)
    if source.names:
        reader = reader.named_as(source.names, fragments)
    return Dataset(reader, splits, tuple(reader.renamed.values()) or None, sort_columns=not reader.renamed)


def _cutter(source: InputSettings, detected: Detected, dialect: Dialect) -> Cutter:
    if detected.format == "parquet":
        return row_groups
    if detected.format == "jsonl" and not detected.json_lines:
        return whole
    if detected.format == "csv" and source.csv.multiline is True:
        return whole
    if detected.format == "csv" and source.csv.multiline == "auto":
        return csv_records(dialect.rules)
    return lines
