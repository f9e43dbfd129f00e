"""Captures of batch transform jobs: manifests that name the objects a job read and wrote.

``<destination>/input/yyyy/mm/dd/hh/<uuid>.json`` and ``<destination>/output/...`` each hold a JSON array: first
``{"prefix": "s3://bucket/folder/"}``, then names of objects below it. A processing job finds the objects in their place; whoever
reads the destination itself finds the manifests.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Sequence
from itertools import chain

from pyarrow import fs

from engine.datasets.listing import SourceFile
from engine.errors import NoDataError
from engine.filesystems import open_file, resolve

RESERVED = ("SageMakerInferenceId", "SageMakerInferenceTime")
"""Keys that ``GenerateInferenceId`` adds to each JSON row, for joins; they are no features."""

_LOG = logging.getLogger(__name__)
_SIDE = re.compile(r"/(input|output)/\d{4}/\d{2}/\d{2}/\d{2}/[^/]+$")


def follow_manifests(files: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
    """Replace manifests by the files that they name.

    Where both sides of jobs are there, those of the output are followed: its rows are what a monitor analyses, and with a
    join of the source they hold the input, too.

    Args:
        files: What was discovered. The first that is not empty shows whether there are manifests: a folder of captures holds
            either, and to open thousands of other files for a look would cost more than to read them.

    Raises:
        NoDataError: A manifest names a file that is not there, or all files named are empty.
    """
    first = next(file for file in files if file.size)
    if not re.search(r"\.(jsonl?|manifest)$", first.uri) or _named(first) is None:
        return tuple(files)
    found = tuple(sorted(set(chain.from_iterable(_followed(file) for file in _one_side(files)))))
    if not any(file.size for file in found):
        raise NoDataError(f"No data found: all {len(found)} files that the capture manifests name are empty.")
    return found


def _one_side(files: Sequence[SourceFile]) -> list[SourceFile]:
    sides = [match and match[1] for match in (_SIDE.search(file.uri) for file in files)]
    if not {"input", "output"} <= set(sides):
        return list(files)
    _LOG.warning("the captures hold manifests of input and of output; those of input are left out")
    return [file for file, side in zip(files, sides, strict=True) if side != "input"]


def _followed(file: SourceFile) -> Iterator[SourceFile]:
    names = _named(file)
    if names is None:
        yield file
        return
    for name, info in zip(names, _infos(names), strict=True):
        if info.type != fs.FileType.File:
            raise NoDataError(
                f"The capture manifest {file.uri} names {name}, which does not exist. "
                "Restore the object, or leave the manifest out."
            )
        yield SourceFile(name, info.size)


def _infos(names: Sequence[str]) -> list[fs.FileInfo]:
    """One question for all files of a manifest: they have one prefix, so one file system."""
    if not names:
        return []
    places = [resolve(name) for name in names]
    return list(places[0][0].get_file_info([path for _, path in places]))


def _named(file: SourceFile) -> list[str] | None:
    """URIs in a manifest; None if the file is none."""
    with open_file(file.uri) as source:
        if not bytes(source.read_at(64, 0)).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
            return None
        text = bytes(source.read_at(file.size, 0))
    try:
        content = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    head, *names = content or [None]
    if not isinstance(head, dict) or head.keys() != {"prefix"} or not all(isinstance(name, str) for name in names):
        return None
    return [str(head["prefix"]) + name for name in names]
