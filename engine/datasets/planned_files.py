"""Files as they were when the job was planned: what has changed since then stops the job, as it would be read wrong in silence."""

from __future__ import annotations

import pyarrow as pa

from engine.errors import InputChangedError
from engine.filesystems import open_file
from engine.s3.trying import is_store_failure

_ADVICE = "It was changed or replaced while the job ran: wait until nothing writes to the input, and run the job again."


def open_planned(uri: str, size: int) -> pa.NativeFile:
    """Open a file that had so many bytes.

    Raises:
        InputChangedError: It has another size now, or is no file any more.
        OSError: A store does not let it be opened.
    """
    try:
        file = open_file(uri)
    except OSError as error:
        if is_store_failure(error, uri):
            raise
        raise InputChangedError(f"{uri}: was a file when the job was planned, and cannot be opened: {error}") from error
    now = file.size()
    if now != size:
        file.close()
        raise InputChangedError(_changed(uri, now, size))
    return file


def read_planned(file: pa.NativeFile, uri: str, length: int, position: int) -> bytes:
    """Exactly ``length`` bytes, which were there when the job was planned.

    Raises:
        InputChangedError: The file ends before them.
    """
    data: bytes = file.read_at(length, position)
    check_bytes_read(uri, position + len(data), position + length)
    return data


def check_bytes_read(uri: str, now: int, planned: int) -> None:
    """Compare where a file ends with where it should.

    Raises:
        InputChangedError: It ends earlier, or later.
    """
    if now != planned:
        raise InputChangedError(_changed(uri, now, planned))


def _changed(uri: str, now: int, planned: int) -> str:
    kind = "shorter" if now < planned else "longer"
    return f"{uri}: the file is {kind} than when the job was planned: {now:,} bytes instead of {planned:,}. {_ADVICE}"
