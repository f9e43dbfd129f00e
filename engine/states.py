"""The states of a baseline job, kept for those who compare with them: ``states.json``. Data only; reading it runs no code."""

from __future__ import annotations

import hashlib
import logging
import re
from typing import Any

from pyarrow import fs

from engine.analyzers.plugged import is_plugged
from engine.analyzers.state_bytes import dumps, loads
from engine.datasets.base import Dataset
from engine.errors import BaselineError
from engine.execution.analyses import Analyses
from engine.execution.scan import ScanState
from engine.execution.scan_metrics import metrics_of
from engine.execution.table_state import TableState
from engine.failures import message_of
from engine.filesystems import resolve
from engine.metrics import DatasetMetrics

FILE_NAME = "states.json"

_KEPT = ("categories",)
"""Analyzers of the engine whose states are kept for metrics derived from them: the documents list few values only."""

_HEAD = re.compile(rb'\{"version":2,"sha256":"([0-9a-f]{64})",')

_LOG = logging.getLogger(__name__)


def dump_states(total: ScanState) -> bytes:
    """The states of plugins' analyzers and the counts by value on all rows, and all states of the slices."""
    whole = total.table.encode()
    plugged = {
        name: {
            key: state for key, state in states.items() if key in _KEPT or is_plugged(total.table.columns[name][key])
        }
        for name, states in whole["columns"].items()
    }
    slices = {name: {label: table.encode() for label, table in tables.items()} for name, tables in total.slices.items()}
    return _sealed(dumps({"table": whole | {"columns": plugged}, "slices": slices}))


def load_states(folder: str, dataset: Dataset, analyses: Analyses) -> DatasetMetrics | None:
    """The states that a baseline's job kept, as metrics; None when it kept none.

    Args:
        folder: Folder of the baseline, or a file in it.
        dataset: The current data (for the order of columns).
        analyses: The analyzers to fill; those that are new have no baseline.

    Raises:
        BaselineError: The file is broken.
    """
    text = _read(folder)
    if text is None:
        return None
    try:
        return _decoded(_opened(text), dataset, analyses)
    except Exception as error:  # a plugin of another version may raise anything where it meets its old state
        reason = " ".join(str(error).split()) or type(error).__name__
        raise BaselineError(
            f"{folder}: the baseline's {FILE_NAME} does not fit the metrics of this job ({reason}). "
            "Make the baseline again, with the same plugins and settings."
        ) from error


def _decoded(raw: Any, dataset: Dataset, analyses: Analyses) -> DatasetMetrics:
    table = TableState.decode(raw["table"], analyses)
    slices = {
        name: {label: TableState.decode(part, analyses) for label, part in parts.items()}
        for name, parts in raw["slices"].items()
    }
    return metrics_of(dataset, ScanState(table, slices))


def _sealed(text: bytes) -> bytes:
    """The states after a checksum: shapes alone would not tell a state that was cut or edited from one that was counted."""
    return b'{"version":2,"sha256":"%b",%b' % (_digest(text[1:]), text[1:])


def _opened(text: bytes) -> Any:
    """The states of a file.

    Raises:
        ValueError: They are not those that were written.
    """
    head = _HEAD.match(text)
    if head is None:
        raise ValueError("it was written by another version, or changed")
    if head[1] != _digest(text[head.end() :]):
        raise ValueError("it was changed or cut after it was written")
    return loads(text)


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode()


def _read(folder: str) -> Any:
    try:
        system, path = resolve(folder)
        if system.get_file_info(path).type != fs.FileType.Directory:
            path = path.rpartition("/")[0]
        place = f"{path.rstrip('/')}/{FILE_NAME}"
        if system.get_file_info(place).type != fs.FileType.File:
            return None
        with system.open_input_stream(place) as stream:
            return stream.read()
    except OSError as error:
        raise BaselineError(f"{folder}: the baseline's {FILE_NAME} cannot be read: {message_of(error)}") from error
