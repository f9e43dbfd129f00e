"""What a file holds: by its extension, then by its first bytes."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from engine.datasets.json_shape import are_lines
from engine.datasets.text_blocks import GZIP_MAGIC
from engine.errors import DataFormatError
from engine.filesystems import open_file

FORMATS = ("capture", "csv", "jsonl", "parquet", "table")
_HEAD = 256 * 1024
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ARCHIVES = {
    b"PK\x03\x04": "a zip archive, as Excel's .xlsx files are",
    b"BZh": "compressed by bzip2",
    b"\x28\xb5\x2f\xfd": "compressed by zstd",
    b"\xfd7zXZ": "compressed by xz",
}
_JSON = ("capture", "jsonl")
_ENDINGS = {
    ".parquet": ("parquet",), ".pq": ("parquet",), ".csv": ("csv",), ".tsv": ("csv",), ".json": _JSON, ".jsonl": _JSON,
}  # fmt: skip


@dataclass(frozen=True)
class Detected:
    """A format.

    Attributes:
        format: One of :data:`FORMATS`.
        json_lines: For JSON: True for one record a line, False for one document a file, None where it does not show.
    """

    format: str
    json_lines: bool | None = None


def detect(uri: str, known: str | None = None) -> Detected:
    """Say what a file holds.

    Args:
        uri: The file.
        known: Its format where the user names one.

    Raises:
        DataFormatError: It is binary, and no Parquet, or text in another encoding than UTF-8, or surely not of the known format.
    """
    told = _told_by_name(uri) if known is None else (known,)
    if told == ("parquet",):
        return Detected("parquet")
    head = first_bytes(uri)
    _check_encoding(uri, head)
    if known and head.startswith(b"PAR1"):
        raise DataFormatError(
            f"{uri}: this is Parquet, and input.format is {known}. Set it to parquet, or leave it out."
        )
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if told == ("csv",):
        _check_no_json(uri, text, known)
    if told in (("csv",), ("capture",)):
        return Detected(told[0])
    if known:
        return Detected(known, are_lines(text))
    if head.startswith(b"PAR1"):
        return Detected("parquet")
    if b"\0" in head[:4096]:
        raise DataFormatError(
            f"{uri}: this is neither text nor Parquet. Allowed formats are {', '.join(FORMATS)}; "
            "compressed text must be gzip."
        )
    return _of_text(text)


def named_otherwise(uris: Iterable[str], format_name: str) -> list[str]:
    """Files whose ending tells of another format.

    >>> named_otherwise(["a.jsonl", "b.csv.gz", "c"], "capture")
    ['b.csv.gz']
    """
    return [uri for uri in uris if format_name not in (_told_by_name(uri) or (format_name,))]


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


def _told_by_name(uri: str) -> tuple[str, ...]:
    """The formats that the ending of a file allows; none if it tells nothing."""
    name = uri.rsplit("/", 1)[-1].lower().removesuffix(".gz")
    return next((formats for ending, formats in _ENDINGS.items() if name.endswith(ending)), ())


def _check_encoding(uri: str, head: bytes) -> None:
    start = head[:4096]
    if start.startswith(_UTF16) or _is_wide(start):
        raise DataFormatError(f"{uri}: this is text in UTF-16. Save it as UTF-8, with or without a byte order mark.")
    for magic, kind in _ARCHIVES.items():
        if start.startswith(magic) and not start.isascii():
            raise DataFormatError(f"{uri}: this is {kind}. Unpack it; compressed text must be gzip.")


def _check_no_json(uri: str, text: bytes, known: str | None) -> None:
    """Refuse JSON as CSV: its first object would become the names of the columns, without an error."""
    first, _, second = (line.strip() for line in text.partition(b"\n"))
    is_laid_out = (first, second[:1]) in ((b"{", b'"'), (b"[", b"{"))
    if not is_laid_out and not _is_json_record(first):
        return
    advice = "Leave input.format out" if known else "Set input.format to jsonl or capture, or rename the file"
    raise DataFormatError(f"{uri}: this is JSON, and {'input.format' if known else 'its name'} says CSV. {advice}.")


def _is_json_record(line: bytes) -> bool:
    r"""Whether a line is a JSON object, or the beginning of a list of objects.

    >>> [_is_json_record(line) for line in (b'{"a": 1}', b'[{"a": 1},', b'{"a": 1},5', b"[0.1,0.9]", b"{a},{b}")]
    [True, True, False, False, False]
    """
    if not line.startswith((b"{", b"[")):
        return False
    text = line.decode("utf-8", "replace")
    inner = text.lstrip("[ ")
    try:
        value, end = json.JSONDecoder().raw_decode(inner)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and (inner != text or end == len(inner))


def _is_wide(start: bytes) -> bool:
    """Whether every second byte is zero, as in UTF-16 without its mark."""
    return len(start) > 1 and any(half and not any(half) for half in (start[0::2], start[1::2]))


def _of_text(head: bytes) -> Detected:
    if not head.startswith((b"{", b"[")):
        return Detected("csv")
    if head.startswith(b"{") and b'"captureData"' in head.partition(b"\n")[0]:
        return Detected("capture")
    return Detected("jsonl", are_lines(head))
