"""What a machine, a disk or a store causes is explained; only what is left over is called a defect."""

from __future__ import annotations

import errno
import os

import pytest

from engine.errors import DataFormatError
from engine.failures import is_defect, message_of


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/data/out"),
            "/data/out: no space left on device. Make room there",
        ),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "No space left on device. Make room there"),
        (PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/x"), "/x: permission denied. Let the user"),
        (
            OSError(errno.EROFS, os.strerror(errno.EROFS), "/x"),
            "/x: read-only file system. Name a place that can be written",
        ),
        (OSError(errno.EMFILE, os.strerror(errno.EMFILE)), "Too many open files. Allow more open files (ulimit -n)"),
        (OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), "/x"), "file name too long. Name a shorter path"),
        (OSError("Couldn't deserialize thrift"), "Couldn't deserialize thrift. Check the disk, the network"),
        (
            OSError("AWS Error NETWORK_CONNECTION during GetObject operation: curlCode: 28, Timeout was reached; x"),
            "S3: it cannot be reached (Timeout was reached)",
        ),
        (MemoryError(), "Out of memory"),
        (RecursionError(), "nested too deep"),
        (
            UnicodeEncodeError("utf-8", "a\ud800b", 1, 2, "surrogates not allowed"),
            r"'a\ud800b' holds half of a character",
        ),
        (DataFormatError("x.csv: no"), "x.csv: no"),
        (OSError("s3://K:geheim@b"), "s3://***@b"),
    ],
)
def test_what_the_surroundings_cause_is_no_defect(error: BaseException, expected: str) -> None:
    text = message_of(error)
    assert expected in text
    assert "defect" not in text
    assert not is_defect(error)
    assert "geheim" not in text


def test_only_what_is_left_over_is_a_defect() -> None:
    assert message_of(KeyError("x")) == "Unexpected KeyError: 'x'. This is a defect of model-monitor."
    assert is_defect(KeyError("x"))
