"""Asks each bucket of a job once whether it is there, before any work: what fails later fails after many tries, or after hours."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from pyarrow import fs

from engine.errors import StoreError
from engine.s3.answers import is_unreachable, reason_of
from engine.s3.filesystem import endpoint_of, plain_filesystem
from engine.s3.settings import current_s3

_LOG = logging.getLogger(__name__)

_SCHEMES = ("s3://", "s3a://", "s3n://")
_TRIES = 3


def check_stores(value: Any) -> None:
    """Ask for the bucket of every URI in a value.

    A store that answers, and refuses, may still let the job do its work: a role may read objects, and not ask for buckets.

    Args:
        value: A URI, or mappings and lists of them; anything else in it is left alone.

    Raises:
        StoreError: A store does not answer, or there is no such bucket.
    """
    for uri in s3_uris(value):
        bucket = uri.partition("://")[2].partition("/")[0]
        if bucket and "@" not in bucket and ":" not in bucket:  # the others are refused where they are opened
            _check(uri, bucket, endpoint_of(current_s3()))


def s3_uris(value: Any) -> Iterator[str]:
    """The URIs of S3 in a value.

    >>> list(s3_uris({"paths": ["s3://a/b", "c"], "model": {"uri": "s3a://d"}}))
    ['s3://a/b', 's3a://d']
    """
    if isinstance(value, str) and value.startswith(_SCHEMES):
        yield value
    for inner in value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ():
        yield from s3_uris(inner)


def _check(uri: str, bucket: str, endpoint: str | None) -> None:
    at = f" at {endpoint}" if endpoint else ""
    try:
        is_there = _is_there(bucket, endpoint)
    except OSError as error:
        raise StoreError(
            f"{uri}: S3{at}: {reason_of(error)}. Check the network, and the endpoint "
            "(s3.endpoint_url, else AWS_ENDPOINT_URL_S3, else AWS_ENDPOINT_URL)."
        ) from error
    if not is_there:
        raise StoreError(f"{uri}: there is no bucket {bucket!r}{at}. Check its name, the endpoint and the account.")


@lru_cache(maxsize=256)
def _is_there(bucket: str, endpoint: str | None) -> bool:
    """Whether there is a bucket, as far as the store tells.

    Raises:
        OSError: Nobody answers.
    """
    try:
        kind = plain_filesystem(bucket, _TRIES).get_file_info(bucket).type
    except OSError as error:
        if is_unreachable(error):
            raise
        _LOG.debug("bucket %s at %s: %s", bucket, endpoint or "AWS", error)
        return True
    return bool(kind != fs.FileType.NotFound)
