"""Files that lie elsewhere and are read in ranges, as Python knows files."""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from typing import Any


class RangedFile(io.RawIOBase, ABC):
    """A file of known size. Beyond its end there is nothing."""

    def __init__(self, size: int) -> None:
        self._size, self._position = size, 0

    @abstractmethod
    def read_range(self, start: int, stop: int) -> bytes:
        """All bytes of a range, which lies inside of the file and is not empty."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._position = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence] + offset
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        stop = self._size if size is None or size < 0 else min(self._position + size, self._size)
        if stop <= self._position:
            return b""
        data = self.read_range(self._position, stop)
        self._position = stop
        return data

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
