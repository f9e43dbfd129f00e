"""Writes the documents of a job: all of them or none.

They are written to a temporary folder beside the output folder, because SageMaker uploads whatever appears inside it,
and moved when all are complete. If a move fails, those already made are undone. A document that this job does not have,
such as the quarantine of a run without malformed records, must not stay from an earlier run: its name comes with None.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pyarrow import fs

from engine.errors import MonitorError
from engine.filesystems import resolve
from engine.sinks.objects import write_objects


def write_documents(output: str | Path, documents: Mapping[str, str | bytes | None]) -> dict[str, Path | str]:
    """Write documents into a folder, local or remote.

    Args:
        output: Folder; made if it is absent. A URI such as ``s3://bucket/prefix`` is written as objects.
        documents: Content by file name; text is encoded as UTF-8. None removes what an earlier job left there.

    Returns:
        Where each document is: a path, or a URI as text; those removed are nowhere.

    Raises:
        MonitorError: A document cannot be written; the folder is as it was before.
    """
    contents = {name: _encoded(content) for name, content in documents.items() if content is not None}
    stale = [name for name, content in documents.items() if content is None]
    place = str(output)
    if "://" in place and not place.startswith("file://"):
        written = write_objects(place, contents)
        _remove_objects(place, stale)
        return dict(written)
    folder = Path(resolve(place)[1])
    try:
        return dict(_write_local(folder, contents, stale))
    except OSError as error:
        raise MonitorError(
            f"{folder}: the documents cannot be written: {error.strerror or error}. None was changed. "
            "Name a folder that can be written with --output."
        ) from error


def _encoded(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")


def _remove_objects(prefix: str, names: list[str]) -> None:
    system, folder = resolve(prefix)
    for name in names:
        path = f"{folder}/{name}"
        try:
            if system.get_file_info(path).type == fs.FileType.File:
                system.delete_file(path)
        except OSError as error:
            raise MonitorError(
                f"{prefix}: {name} of an earlier job cannot be removed: {error}. "
                "Remove it, or let the credentials delete objects there."
            ) from error


def _write_local(folder: Path, contents: Mapping[str, bytes], stale: list[str]) -> dict[str, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    temporary = _folder_beside(folder)
    try:
        for name, content in contents.items():
            _write_synced(temporary / name, content)
        _move_all(temporary, folder, [*contents, *stale])
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return {name: folder / name for name in contents}


def _folder_beside(folder: Path) -> Path:
    """A new folder next to the output folder, so that a move is one step; elsewhere if that place cannot be written."""
    try:
        return Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError:
        return Path(tempfile.mkdtemp(prefix="model-monitor-"))


def _write_synced(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _move_all(source: Path, target: Path, names: list[str]) -> None:
    """Move documents into a folder, and remove from it those that the source does not have."""
    kept = source / "before"
    kept.mkdir()
    moved: list[str] = []
    try:
        for name in names:
            if (target / name).exists():
                (kept / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(target / name, kept / name)
            if (source / name).exists():
                _move(source / name, target / name)
            else:
                (target / name).unlink(missing_ok=True)
            moved.append(name)
    except OSError:
        for name in moved:
            _restore(kept / name, target / name)
        raise


def _restore(before: Path, path: Path) -> None:
    if before.exists():
        _move(before, path)
    else:
        path.unlink(missing_ok=True)


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # The output folder is a mount of its own, as in a container: the last step must happen inside it.
        partial = target.with_name(f".{target.name}.partial")
        try:
            _write_synced(partial, source.read_bytes())
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
