"""From a path or URI to a pyarrow file system. Credentials come from the environment and are never logged."""

from __future__ import annotations

import os
from functools import lru_cache
from urllib.parse import unquote

import pyarrow as pa
from pyarrow import fs

from engine.errors import ConfigurationError
from engine.hdfs.filesystem import hdfs_filesystem
from engine.host_files import VARIABLE as HOST_FILES
from engine.host_files import host_filesystem
from engine.s3.filesystem import s3_filesystem

GOOGLE_SECONDS = 30
"""For all tries of a request to Google Cloud Storage."""

_HADOOP = ("hdfs", "viewfs")
_S3 = ("s3", "s3a", "s3n")


def resolve(uri: str) -> tuple[fs.FileSystem, str]:
    """Find the file system of a path or URI.

    Args:
        uri: Local path, ``file://``, ``s3://``, ``s3a://``, ``s3n://``, ``hdfs://`` or ``viewfs://`` URI, or another that
            pyarrow opens.

    Returns:
        The file system, and the path on it.

    Raises:
        ConfigurationError: No file system is known for the scheme, or what it needs is not installed.
        StoreError: It does not answer.
    """
    _check_name(uri)
    scheme, separator, rest = uri.partition("://")
    if not separator:
        return _local(os.environ.get(HOST_FILES)), os.path.abspath(uri)  # noqa: PTH100 - links stay as the user wrote them
    if scheme == "file":
        return _local(os.environ.get(HOST_FILES)), "/" + unquote(rest.partition("/")[2])
    if scheme in _S3:
        return s3_filesystem(_bucket(uri, rest)), rest.rstrip("/")
    if scheme in _HADOOP:
        authority, _, path = rest.partition("/")
        return hdfs_filesystem(scheme, authority), "/" + "/".join(filter(None, path.split("/")))
    try:
        opened: tuple[fs.FileSystem, str] = fs.FileSystem.from_uri(_in_bounds(uri))
    except Exception as error:
        allowed = "a local path, file://, s3://, s3a://, hdfs:// or gs://"
        raise ConfigurationError(f"{uri}: cannot be opened ({error}). Allowed are {allowed}.") from error
    return opened


def _in_bounds(uri: str) -> str:
    """The URI, with a limit for Google's client, which would ask for a quarter of an hour for a token that nobody gives."""
    is_google = uri.startswith(("gs://", "gcs://")) and "?" not in uri
    return f"{uri}?retry_limit_seconds={GOOGLE_SECONDS}" if is_google else uri


def _check_name(uri: str) -> None:
    """Refuse what no store takes as a name, before each of them says so in its own way."""
    if "\0" in uri:
        raise ConfigurationError(f"{uri!r}: a path cannot hold the character NUL.")
    try:
        uri.encode("utf-8")
    except UnicodeEncodeError:
        raise ConfigurationError(f"{uri!r}: the name is not text in UTF-8. Rename the file or folder.") from None


def _bucket(uri: str, rest: str) -> str:
    bucket = rest.partition("/")[0]
    if "@" in bucket or (":" in bucket and "@" in rest and not bucket.startswith("arn:")):
        raise ConfigurationError(
            f"{uri}: credentials do not belong into an address, which is written to logs and documents. They come from the "
            "environment, as AWS tools read them (AWS_ACCESS_KEY_ID, a profile, or a role); write it like s3://bucket/prefix."
        )
    if not bucket:
        raise ConfigurationError(f"{uri}: names no bucket; write it like s3://bucket/prefix.")
    return bucket


def place_of(uri: str) -> str:
    """What paths and URIs of one file or folder have in common; no file system is asked.

    >>> place_of("s3a://bucket/folder/"), place_of("file:///data/a%20b")
    ('s3://bucket/folder', '/data/a b')
    """
    scheme, separator, rest = uri.partition("://")
    if not separator or scheme == "file":
        return resolve(uri)[1].rstrip("/")
    return f"{'s3' if scheme in _S3 else scheme}://{rest.rstrip('/')}"


def scheme_of(uri: str) -> str:
    """What to put before a path of the file system to make a URI again; empty for local files."""
    scheme, separator, rest = uri.partition("://")
    if not separator or scheme == "file":
        return ""
    # Paths on HDFS do not name the host, as those on S3 name the bucket.
    return f"{scheme}://{rest.partition('/')[0]}" if scheme in _HADOOP else f"{scheme}://"


def has_folders(system: fs.FileSystem) -> bool:
    """Whether there are folders, and moving a file is one step. Object stores have neither."""
    return not any(store in system.type_name for store in ("s3", "gcs", "abfs"))


def make_folder(system: fs.FileSystem, path: str) -> None:
    """Make a folder and those above it. Object stores have none: an empty object in its place would be read as a file."""
    if has_folders(system):
        system.create_dir(path, recursive=True)


def open_file(uri: str) -> pa.NativeFile:
    """Open a file for random access; a context manager with ``read_at`` and ``size``."""
    system, path = resolve(uri)
    return system.open_input_file(path)


def read_text(uri: str) -> str:
    """The whole text of a small file, such as a script or a document.

    Raises:
        OSError: It cannot be read.
        UnicodeDecodeError: It is not UTF-8.
        ConfigurationError: No file system is known for the scheme.
    """
    with open_file(uri) as file:
        return bytes(file.read()).decode("utf-8")


@lru_cache(maxsize=4)
def _local(host_files: str | None) -> fs.FileSystem:
    return host_filesystem(host_files) if host_files else fs.LocalFileSystem()
