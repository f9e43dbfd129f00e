"""What tells a complete window from an interrupted one: a small file that is written last, after all else is done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from pyarrow import fs
from pydantic import BaseModel, ValidationError

from engine.config import Config
from engine.filesystems import read_text, resolve
from engine.sinks.files import write_documents

FILE_NAME = "window.json"


class Completed(BaseModel):
    """What a window found, and of which job it is.

    Attributes:
        start: First moment of the window, ISO 8601.
        end: Moment after it.
        job: Fingerprint of what the window was asked for.
        rows: Records that were read.
        violations: How many.
        message: The exit message.
        documents: Names of the files that were written.
        failures: What failed without stopping the job: metrics of plugins, columns, deliveries. A sentence each.
    """

    start: str
    end: str
    job: str
    rows: int
    violations: int
    message: str
    documents: list[str]
    failures: list[str] = []


def completed(folder: str, job: str) -> Completed | None:
    """What an earlier run left in a window's folder, if that is complete and of the same job.

    Args:
        folder: Path or URI of the window's reports.
        job: Fingerprint (:func:`fingerprint`).
    """
    try:
        found = Completed.model_validate_json(read_text(f"{folder}/{FILE_NAME}"))
    except (OSError, ValidationError, UnicodeDecodeError):
        return None
    system, path = resolve(folder)
    infos = system.get_file_info([f"{path}/{name}" for name in found.documents])
    there = all(info.type == fs.FileType.File for info in infos)
    return found if there and found.job == job else None


def forget(folder: str) -> None:
    """Remove the mark of an earlier run before a window is done again: until the end it is not complete."""
    system, path = resolve(f"{folder}/{FILE_NAME}")
    if system.get_file_info(path).type == fs.FileType.File:
        write_documents(folder, {FILE_NAME: None})


def mark(folder: str, found: Completed) -> None:
    """Say that a window is complete."""
    write_documents(folder, {FILE_NAME: found.model_dump_json(indent=2) + "\n"})


def fingerprint(config: Config, files: str) -> str:
    """What the results follow from: the configuration, the contents of the files it names, and the input's files.

    Args:
        config: The window's configuration.
        files: Fingerprint of the names and sizes of the input's files.
    """
    told = config.model_dump(mode="json", exclude={"output", "runner", "message_file", "fail_on_violation"})
    baseline = config.baseline
    named = [
        *((baseline.statistics, baseline.constraints) if baseline else ()),
        config.input.preprocessor,
        config.postprocessor,
        *config.plugins.files,
    ]
    contents = [hashlib.sha256(content).hexdigest() for name in named if name for content in _contents(name)]
    return hashlib.sha256(json.dumps([told, contents, files], sort_keys=True).encode()).hexdigest()


def _contents(place: str) -> Iterable[bytes]:
    """Bytes of a file, or of the JSON documents in a folder; of a missing one nothing, which the job itself reports."""
    system, path = resolve(place)
    info = system.get_file_info(path)
    if info.type == fs.FileType.Directory:
        inside = system.get_file_info(fs.FileSelector(path))
        paths = sorted(one.path for one in inside if one.type == fs.FileType.File and one.path.endswith(".json"))
    else:
        paths = [path] if info.type == fs.FileType.File else []
    for one in paths:
        with system.open_input_stream(one) as stream:
            yield bytes(stream.read())
