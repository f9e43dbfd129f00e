"""What a file holds: by its extension, then by its first bytes."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from engine.datasets.text_blocks import GZIP_MAGIC
from engine.errors import DataFormatError
from engine.filesystems import open_file

FORMATS = ("capture", "csv", "jsonl", "parquet", "table")
_HEAD = 256 * 1024
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_JSON = ("capture", "jsonl")
_ENDINGS = {".parquet": ("parquet",), ".pq": ("parquet",), ".csv": ("csv",), ".json": _JSON, ".jsonl": _JSON}


@dataclass(frozen=True)
class Detected:
    """A format.

    Attributes:
        format: One of :data:`FORMATS`.
        json_lines: For JSON: one record a line, and not one document a file.
    """

    format: str
    json_lines: bool = True


def detect(uri: str) -> Detected:
    """Say what a file holds.

    Raises:
        DataFormatError: It is binary, and no Parquet, or text in another encoding than UTF-8.
    """
    told = _told_by_name(uri)
    if told == ("parquet",):
        return Detected("parquet")
    head = first_bytes(uri)
    if head.startswith(_UTF16):
        raise DataFormatError(f"{uri}: this is text in UTF-16. Save it as UTF-8, with or without a byte order mark.")
    if told == ("csv",):
        return Detected("csv")
    if head.startswith(b"PAR1"):
        return Detected("parquet")
    if b"\0" in head[:4096]:
        raise DataFormatError(
            f"{uri}: this is neither text nor Parquet. Legal formats are {', '.join(FORMATS)}; "
            "compressed text must be gzip."
        )
    return _of_text(head.removeprefix(b"\xef\xbb\xbf").lstrip())


def named_otherwise(uris: Iterable[str], format_name: str) -> list[str]:
    """Files whose ending tells of another format.

    >>> named_otherwise(["a.jsonl", "b.csv.gz", "c"], "capture")
    ['b.csv.gz']
    """
    return [uri for uri in uris if format_name not in (_told_by_name(uri) or (format_name,))]


def _told_by_name(uri: str) -> tuple[str, ...]:
    """The formats that the ending of a file allows; none if it tells nothing."""
    name = uri.rsplit("/", 1)[-1].lower().removesuffix(".gz")
    return next((formats for ending, formats in _ENDINGS.items() if name.endswith(ending)), ())


def first_bytes(uri: str) -> bytes:
    """The first bytes of a file, decompressed if they are gzip."""
    with open_file(uri) as file:
        head: bytes = file.read_at(_HEAD, 0)
    if not head.startswith(GZIP_MAGIC):
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, _HEAD)
    except zlib.error:
        return b""


def _of_text(head: bytes) -> Detected:
    if head.startswith(b"["):
        return Detected("jsonl", json_lines=False)
    if not head.startswith(b"{"):
        return Detected("csv")
    line, _, rest = head.partition(b"\n")
    if b'"captureData"' in head[: len(line)]:
        return Detected("capture")
    return Detected("jsonl", json_lines=not (rest and _is_cut_open(line)))


def _is_cut_open(line: bytes) -> bool:
    """Whether a first line is the beginning of a document over several lines, such as ``{``."""
    try:
        json.loads(line)
    except json.JSONDecodeError as error:
        return error.pos >= len(line.decode("utf-8", "replace").rstrip())
    except ValueError:
        return False
    return False
