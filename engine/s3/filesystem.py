"""The file system of a bucket: Arrow's own, which is faster, or s3fs where requests must carry what Arrow's cannot."""

from __future__ import annotations

import logging
import os
from functools import lru_cache

from pyarrow import fs

from engine.errors import ConfigurationError
from engine.s3.settings import S3Settings, current_s3

_LOG = logging.getLogger(__name__)

PART_BYTES = 16 * 1024 * 1024
"""Larger objects are written in parts of this size."""


def s3_filesystem(bucket: str) -> fs.FileSystem:
    """The file system that reaches a bucket by the settings of this process.

    Raises:
        ConfigurationError: The settings need a package that is not installed.
    """
    settings = current_s3()
    if settings.requester_pays or settings.write_options:
        return _with_options(settings, endpoint_of(settings), _region_for(bucket, settings))
    return plain_filesystem(bucket, settings.tries)


def plain_filesystem(bucket: str, tries: int) -> fs.S3FileSystem:
    """Arrow's own file system for a bucket, which asks that many times."""
    settings = current_s3()
    return _plain(endpoint_of(settings), _region_for(bucket, settings), tries)


def endpoint_of(settings: S3Settings) -> str | None:
    """Where S3 is, if it is not AWS's own."""
    return settings.endpoint_url or os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or None


def _region_for(bucket: str, settings: S3Settings) -> str | None:
    return settings.region or (_region() if endpoint_of(settings) else _region_of(bucket) or _region())


def _region() -> str | None:
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or None


@lru_cache(maxsize=256)
def _region_of(bucket: str) -> str | None:
    """Where a bucket is: a request to another region would be refused. None when AWS does not tell."""
    try:
        return str(fs.resolve_s3_region(bucket))
    except (OSError, ValueError) as error:
        _LOG.debug("the region of bucket %s is not known: %s", bucket, error)
        return None


@lru_cache(maxsize=8)
def _plain(endpoint: str | None, region: str | None, tries: int) -> fs.S3FileSystem:
    options: dict[str, str] = {}
    if endpoint:
        scheme, _, host = endpoint.rpartition("://")
        options |= {"endpoint_override": host.rstrip("/"), "scheme": scheme or "https"}
    if region or endpoint:
        options["region"] = region or "us-east-1"
    return fs.S3FileSystem(retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=tries), **options)


@lru_cache(maxsize=8)
def _with_options(settings: S3Settings, endpoint: str | None, region: str | None) -> fs.FileSystem:
    try:
        import s3fs
    except ImportError as error:
        raise ConfigurationError(
            "The S3 settings requester_pays, encryption, kms_key_id and acl need the package s3fs: "
            "pip install 'open-model-monitor[s3]'."
        ) from error
    made = s3fs.S3FileSystem(
        requester_pays=settings.requester_pays,
        s3_additional_kwargs=settings.write_options,
        client_kwargs={key: value for key, value in (("endpoint_url", endpoint), ("region_name", region)) if value},
        config_kwargs={"retries": {"mode": "standard", "max_attempts": settings.tries}},
        use_listings_cache=False,
        default_cache_type="none",  # what is asked for is read, and no more
        default_block_size=PART_BYTES,
        skip_instance_cache=True,
    )
    return fs.PyFileSystem(fs.FSSpecHandler(made))
