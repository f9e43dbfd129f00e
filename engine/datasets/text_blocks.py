"""Text of a fragment in blocks of whole records. A range owns the records that start in it, wherever it is cut."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from engine.datasets.base import Fragment, ReadReport
from engine.datasets.planned_files import check_bytes_read, open_planned, read_planned

BLOCK_BYTES = 8 * 1024 * 1024
"""Text parsed at once. Fixed: results must not depend on the machine."""

BATCH_ROWS = 65_536
"""Rows of a batch at most."""

GZIP_MAGIC = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PROBE = 64 * 1024
_NEWLINE, _BLANK = ord("\n"), ord(" ")

Cut = Callable[[bytes], int]
"""Says how many leading bytes of some text are whole records."""

NEWLINE = re.compile(rb"\n")
ANY_LINE_END = re.compile(rb"\r\n|\n|\r")
"""Line ends of Unix, Windows and old Macs, also mixed, as in CSV."""


@dataclass(frozen=True)
class Block:
    """Whole records, and the offset of the first in the (decompressed) file."""

    data: bytes
    offset: int


def after_last_newline(data: bytes) -> int:
    """The cut of formats with one record a line."""
    return data.rfind(b"\n") + 1


def after_last_line_end(data: bytes) -> int:
    r"""The cut of CSV without line ends in quoted fields. A carriage return at the end may be half of a line end.

    >>> after_last_line_end(b"1\r2\r"), after_last_line_end(b"1\n2\r3")
    (2, 4)
    """
    return max(data.rfind(b"\n"), data.rfind(b"\r", 0, max(len(data) - 1, 0))) + 1


def line_starts(data: bytes) -> npt.NDArray[np.int64]:
    r"""Where the lines begin that hold more than blanks.

    >>> line_starts(b"one\n \r\ntwo").tolist()
    [0, 7]
    """
    text = np.frombuffer(data, np.uint8)
    starts = np.concatenate([[0], np.flatnonzero(text == _NEWLINE) + 1])
    if starts[-1] == len(data):
        starts = starts[:-1]
    if not (text[starts] <= _BLANK).any():
        return starts
    bounds = pairwise([*starts.tolist(), len(data)])
    return np.array([start for start, stop in bounds if data[start:stop].strip()], np.int64)


def blocks(
    fragment: Fragment, report: ReadReport, cut: Cut = after_last_newline, line_end: re.Pattern[bytes] = NEWLINE
) -> Iterator[Block]:
    """Read a fragment.

    Args:
        fragment: A byte range, or a whole gzip file.
        report: Told about empty files and truncated gzip streams.
        cut: Where the last whole record of a piece of text ends.
        line_end: What ends a line, for ranges that start within one.

    Yields:
        Blocks in file order, of about 8 MiB; larger when one record is larger. A byte-order mark is left out.

    Raises:
        InputChangedError: The file is not as long as when it was planned.
    """
    if fragment.size == 0:
        report.note("empty files")
        return
    with open_planned(fragment.uri, fragment.size) as file:
        zipped = fragment.compression == "gzip" or (fragment.start == 0 and file.read_at(2, 0) == GZIP_MAGIC)
        pieces = _inflated(file, fragment, report, cut) if zipped else _plain(file, fragment, cut, line_end)
        for block in pieces:
            marked = block.offset == 0 and block.data.startswith(BYTE_ORDER_MARK)
            text = Block(block.data[3:], 3) if marked else block
            if text.data:
                yield text


def _plain(file: pa.NativeFile, fragment: Fragment, cut: Cut, line_end: re.Pattern[bytes]) -> Iterator[Block]:
    position = _aligned(file, fragment, fragment.start, line_end)
    stop = _aligned(file, fragment, fragment.start + fragment.length, line_end)
    want = BLOCK_BYTES
    while position < stop:
        data = read_planned(file, fragment.uri, min(want, stop - position), position)
        whole = len(data) if position + len(data) >= stop else cut(data)
        if whole:
            yield Block(data[:whole], position)
            position, want = position + whole, BLOCK_BYTES
        else:
            want *= 2


def _aligned(file: pa.NativeFile, fragment: Fragment, offset: int, line_end: re.Pattern[bytes]) -> int:
    """The first start of a line at or after ``offset``."""
    size = fragment.size
    if offset <= 0 or offset >= size:
        return min(max(offset, 0), size)
    position = offset - 1
    while position < size:
        data = read_planned(file, fragment.uri, min(_PROBE, size - position), position)
        match = line_end.search(data)
        if match:
            return position + match.end()
        position += len(data)
    return size


def _inflated(file: pa.NativeFile, fragment: Fragment, report: ReadReport, cut: Cut) -> Iterator[Block]:
    text, offset, want = b"", 0, BLOCK_BYTES
    damage: list[str] = []
    for piece in _gunzip(file, fragment, damage):
        text += piece
        if len(text) < want:
            continue
        whole = cut(text)
        want = BLOCK_BYTES if whole else want * 2
        if whole:
            yield Block(text[:whole], offset)
            text, offset = text[whole:], offset + whole
    if damage:
        whole = cut(text)
        if whole:
            yield Block(text[:whole], offset)
        report.malformed(fragment.uri, {"byte": offset + whole}, damage[0])
    elif text:
        yield Block(text, offset)


def _gunzip(file: pa.NativeFile, fragment: Fragment, damage: list[str]) -> Iterator[bytes]:
    """Decompress all members of a gzip file; what is wrong with it goes to ``damage``, after all that could be read."""
    inflate, length = zlib.decompressobj(wbits=31), 0
    file.seek(0)  # on files of Python's, what was read at a place moves it
    while data := file.read(1024 * 1024):
        length += len(data)
        while data:
            try:
                yield inflate.decompress(data)
            except zlib.error as error:
                damage.append(f"gzip stream is corrupt: {error}")
                return
            data = inflate.unused_data.lstrip(b"\0") if inflate.eof else b""
            if inflate.eof and (data or length < fragment.size):
                inflate = zlib.decompressobj(wbits=31)
    check_bytes_read(fragment.uri, length, fragment.size)
    if not inflate.eof:
        damage.append("gzip stream is truncated: records before the break are kept")
