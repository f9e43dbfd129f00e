"""Files of hdfs-native, as Python knows files."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from engine.errors import StoreError
from engine.hdfs.failures import os_errors
from engine.ranged_file import RangedFile

if TYPE_CHECKING:
    import hdfs_native


class InputFile(RangedFile):
    """A file. Its reader would end the process where it is asked for what lies beyond the end."""

    def __init__(self, reader: hdfs_native.FileReader, path: str) -> None:
        super().__init__(len(reader))
        self._reader, self._path = reader, path

    def read_range(self, start: int, stop: int) -> bytes:
        try:
            with os_errors(self._path):
                return self._reader.read_range(start, stop - start)
        except OSError as error:
            # Not an OSError: readers take one for a broken file, and go on without its records.
            raise StoreError(f"{self._path}: HDFS does not let it be read: {error}. Try again later.") from error


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
