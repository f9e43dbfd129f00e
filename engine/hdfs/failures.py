"""Failures of hdfs-native as Arrow and its callers know them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EACCES, EEXIST, ENOENT

_OF_NAME_NODE = re.compile(r'RPCError\("(?:[\w.]+\.)?(?P<kind>[\w$]+)", "(?P<text>.*?)(?:\\n|\n|"\)$)', re.DOTALL)
_OF_CLIENT = re.compile(r'\w+\("(?P<text>.*)"\)')
_MOST = 300


@contextmanager
def os_errors(path: str) -> Iterator[None]:
    """Let the block raise ``OSError`` for whatever fails there, without the name node's stack trace.

    Args:
        path: What it is about.
    """
    try:
        yield
    except FileNotFoundError:
        raise FileNotFoundError(ENOENT, "No such file or folder", path) from None
    except FileExistsError as error:
        raise FileExistsError(EEXIST, _first_line(error), path) from None
    except OSError as error:
        raise OSError(_first_line(error)) from error
    except RuntimeError as error:  # all that is not one of those is this
        found = _OF_NAME_NODE.match(str(error))
        text = (found["text"] if found else _first_line(error)).replace('\\"', '"')
        if found and found["kind"] == "AccessControlException":
            raise PermissionError(EACCES, text) from None
        raise OSError(f"{found['kind']}: {text}" if found else text) from error


def _first_line(error: Exception) -> str:
    line = str(error).partition("\n")[0][:_MOST]
    found = _OF_CLIENT.fullmatch(line)
    return found["text"] if found else line
