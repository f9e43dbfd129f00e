"""Reads that meet a busy store or a broken connection are done again, and what stays broken is said in plain words.

Arrow repeats requests by itself, but gives up where the answer "503 Slow Down" is longer than the range that was asked for. So what
reads from a store is done again as a whole: a split is small, and its state is new each time.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from engine.errors import StoreError
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
        retry=retry_if_exception(_may_pass),
        stop=stop_after_attempt(tries),
        wait=wait_random_exponential(multiplier=0.5, max=20),
        before_sleep=lambda state: _say(state, what),
        reraise=True,
    )
    try:
        return retrying(read)
    except OSError as error:
        if not _of_store(error, what):
            raise
        advice = (
            f"It failed {tries} times (s3.tries): try again later."
            if _may_pass(error)
            else "Check the credentials and the name."
        )
        raise StoreError(f"{what}: the store does not let it be read: {error}. {advice}") from error


def _of_store(error: OSError, what: str) -> bool:
    """Whether it is the store that fails: what is missing there is said better by those who look for it."""
    remote = re.search(r"\b(s3|s3a|s3n|hdfs|viewfs)://", what) is not None
    return bool(_OF_STORE.search(str(error))) or (remote and not isinstance(error, FileNotFoundError))


def _may_pass(error: BaseException) -> bool:
    found = _OF_STORE.search(str(error)) if isinstance(error, OSError) else None
    return found is not None and found["code"] not in _FINAL


def _say(state: RetryCallState, what: str) -> None:
    error = state.outcome.exception() if state.outcome else None
    _LOG.warning("%s: read again after: %s", what, error)
