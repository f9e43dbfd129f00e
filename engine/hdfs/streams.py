"""Files of hdfs-native, as Python knows files."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from engine.errors import StoreError
from engine.hdfs.failures import os_errors

if TYPE_CHECKING:
    import hdfs_native


class InputFile(io.RawIOBase):
    """A file, read in ranges. Beyond its end there is nothing, where the client's own file would end the process."""

    def __init__(self, reader: hdfs_native.FileReader, path: str) -> None:
        self._reader, self._path = reader, path
        self._size, self._position = len(reader), 0

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
        try:
            with os_errors(self._path):
                data = self._reader.read_range(self._position, stop - self._position)
        except OSError as error:
            # Not an OSError: readers take one for a broken file, and go on without its records.
            raise StoreError(f"{self._path}: HDFS does not let it be read: {error}. Try again later.") from error
        self._position = stop
        return data


class OutputFile(io.RawIOBase):
    """A new file, complete when it is closed."""

    def __init__(self, writer: hdfs_native.FileWriter, path: str) -> None:
        self._writer, self._path = writer, path

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        with os_errors(self._path):
            return self._writer.write(data)

    def close(self) -> None:
        if not self.closed:
            super().close()
            with os_errors(self._path):
                self._writer.close()
