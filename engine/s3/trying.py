"""Reads that meet a busy store or a broken connection are done again, and what stays broken is said in plain words.

Arrow repeats requests by itself, but gives up where the answer "503 Slow Down" is longer than the range that was asked for. So what
reads from a store is done again as a whole: a split is small, and its state is new each time.
"""

from __future__ import annotations

import errno
import logging
import re
from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from engine.errors import StoreError
from engine.s3.answers import reason_of
from engine.s3.settings import current_s3

_T = TypeVar("_T")
_LOG = logging.getLogger(__name__)

_OF_STORE = re.compile(r"AWS Error (?P<code>\w+)")
_FINAL = {
    "ACCESS_DENIED",
    "NO_SUCH_BUCKET",
    "NO_SUCH_KEY",
    "RESOURCE_NOT_FOUND",
    "INVALID_ACCESS_KEY_ID",
    "SIGNATURE_DOES_NOT_MATCH",
}

_CLIENTS = ("aiohttp", "aiobotocore", "botocore")
"""Packages below s3fs whose exceptions come through it."""
_PASSING = (errno.EBUSY, errno.EIO, errno.ETIMEDOUT, errno.ECONNRESET, errno.EPIPE)


def tried_again(read: Callable[[], _T], what: str) -> _T:
    """Call a function that reads, again when the store fails for a reason that may pass.

    Args:
        read: Reads and gives a result; it can be called again.
        what: Name of what is read, for messages.

    Raises:
        StoreError: The store refuses, or fails at every try. Errors of anything else come as they are.
    """
    tries = current_s3().tries
    retrying = Retrying(
        retry=retry_if_exception(lambda error: _may_pass(error, what)),
        stop=stop_after_attempt(tries),
        wait=wait_random_exponential(multiplier=0.5, max=20),
        before_sleep=lambda state: _say(state, what),
        reraise=True,
    )
    try:
        return retrying(read)
    except Exception as error:
        if not (is_store_failure(error, what) or _is_remote(error, what)):
            raise
        raise StoreError(f"{what}: {_told(error, what, tries)}") from error


def _told(error: Exception, what: str, tries: int) -> str:
    """What failed, and what to do."""
    if isinstance(error, FileNotFoundError):
        return f"{error}. It was there when the job was planned: it must stay there, and be there for every executor."
    if isinstance(error, PermissionError) and not _is_remote(error, what):
        return f"{error}. Let the user who runs the job read all files, or leave it out."
    advice = (
        f"It failed {tries} times (s3.tries): try again later."
        if _may_pass(error, what)
        else "Check the credentials and the name."
    )
    return f"the store does not let it be read: {reason_of(error)}. {advice}"


def is_store_failure(error: BaseException, what: str) -> bool:
    """Whether it is surely the store that fails, and not the file that is wrong: then no record may be taken for malformed.

    Args:
        error: What was raised.
        what: URI or name of what is read.
    """
    if type(error).__module__.partition(".")[0] in _CLIENTS or isinstance(error, PermissionError | FileNotFoundError):
        return True
    # A client says with a number what went wrong; what Arrow says of a broken file has none.
    numbered = _is_remote(error, what) and isinstance(error, OSError) and error.errno is not None
    return numbered or (isinstance(error, OSError) and _OF_STORE.search(str(error)) is not None)


def _is_remote(error: BaseException, what: str) -> bool:
    """Whether something fails in a store: what is missing there is said better by those who look for it."""
    remote = re.search(r"\b(s3|s3a|s3n|hdfs|viewfs)://", what) is not None
    return remote and isinstance(error, OSError) and not isinstance(error, FileNotFoundError)


def _may_pass(error: BaseException, what: str) -> bool:
    if not is_store_failure(error, what):
        return False
    found = _OF_STORE.search(str(error))
    if found:
        return found["code"] not in _FINAL
    return not isinstance(error, OSError) or error.errno in _PASSING


def _say(state: RetryCallState, what: str) -> None:
    error = state.outcome.exception() if state.outcome else None
    _LOG.warning("%s: read again, as the store failed: %s", what, reason_of(error) if error else "no answer")
