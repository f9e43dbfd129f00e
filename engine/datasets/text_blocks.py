"""Text of a fragment in blocks of whole records. A range owns the records that start in it, wherever it is cut."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from engine.datasets.base import Fragment, ReadReport
from engine.filesystems import open_file

BLOCK_BYTES = 8 * 1024 * 1024
"""Text parsed at once. Fixed: results must not depend on the machine."""

BATCH_ROWS = 65_536
"""Rows of a batch at most."""

GZIP_MAGIC = b"\x1f\x8b"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PROBE = 64 * 1024
_NEWLINE, _BLANK = ord("\n"), ord(" ")

Cut = Callable[[bytes], int]
"""Says how many leading bytes of some text are whole records."""


@dataclass(frozen=True)
class Block:
    """Whole records, and the offset of the first in the (decompressed) file."""

    data: bytes
    offset: int


def after_last_newline(data: bytes) -> int:
    """The cut of formats with one record a line."""
    return data.rfind(b"\n") + 1


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


def blocks(fragment: Fragment, report: ReadReport, cut: Cut = after_last_newline) -> Iterator[Block]:
    """Read a fragment.

    Args:
        fragment: A byte range, or a whole gzip file.
        report: Told about empty files and truncated gzip streams.
        cut: Where the last whole record of a piece of text ends.

    Yields:
        Blocks in file order, of about 8 MiB; larger when one record is larger. A byte-order mark is left out.
    """
    if fragment.size == 0:
        report.note("empty files")
        return
    with open_file(fragment.uri) as file:
        zipped = fragment.compression == "gzip" or (fragment.start == 0 and file.read_at(2, 0) == GZIP_MAGIC)
        pieces = _inflated(file, fragment, report, cut) if zipped else _plain(file, fragment, cut)
        for block in pieces:
            marked = block.offset == 0 and block.data.startswith(_BYTE_ORDER_MARK)
            text = Block(block.data[3:], 3) if marked else block
            if text.data:
                yield text


def _plain(file: pa.NativeFile, fragment: Fragment, cut: Cut) -> Iterator[Block]:
    position = _aligned(file, fragment.start, fragment.size)
    stop = _aligned(file, fragment.start + fragment.length, fragment.size)
    want = BLOCK_BYTES
    while position < stop:
        data = file.read_at(min(want, stop - position), position)
        if not data:
            return
        whole = len(data) if position + len(data) >= stop else cut(data)
        if whole:
            yield Block(data[:whole], position)
            position, want = position + whole, BLOCK_BYTES
        else:
            want *= 2


def _aligned(file: pa.NativeFile, offset: int, size: int) -> int:
    """The first start of a line at or after ``offset``."""
    if offset <= 0 or offset >= size:
        return min(max(offset, 0), size)
    position = offset - 1
    while position < size:
        data = file.read_at(_PROBE, position)
        found = data.find(b"\n")
        if found >= 0:
            return int(position + found + 1)
        position += max(len(data), 1)
    return size


def _inflated(file: pa.NativeFile, fragment: Fragment, report: ReadReport, cut: Cut) -> Iterator[Block]:
    text, offset, want = b"", 0, BLOCK_BYTES
    damage: list[str] = []
    for piece in _gunzip(file, damage):
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


def _gunzip(file: pa.NativeFile, damage: list[str]) -> Iterator[bytes]:
    """Decompress all members of a gzip file; what is wrong with it goes to ``damage``, after all that could be read."""
    inflate = zlib.decompressobj(wbits=31)
    file.seek(0)  # on files of Python's, what was read at a place moves it
    while data := file.read(1024 * 1024):
        while data:
            try:
                yield inflate.decompress(data)
            except zlib.error as error:
                damage.append(f"gzip stream is corrupt: {error}")
                return
            data = inflate.unused_data.lstrip(b"\0") if inflate.eof else b""
            if inflate.eof and (data or file.tell() < file.size()):
                inflate = zlib.decompressobj(wbits=31)
    if not inflate.eof:
        damage.append("gzip stream is truncated: records before the break are kept")
