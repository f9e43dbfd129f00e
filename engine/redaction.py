"""Takes credentials out of text before anybody sees it: out of URIs, connection strings and signed links."""

from __future__ import annotations

import logging
import re

HIDDEN = "***"

_PATTERNS = (
    # user:password@, also where the password holds a slash, as AWS's secrets do; host:8020/folder@x is no password.
    re.compile(r"(?P<kept>://)[^/\s@:'\"]*:(?!\d+(?:/|$))[^\s@'\"]*@"),
    re.compile(r"(?P<kept>\b(?:s3[an]?|https?)://)[^/\s@:'\"]+@"),
    re.compile(r"(?P<kept>\bjdbc:oracle:\w+:)[^\s@]+/[^\s@]+(?=@)", re.IGNORECASE),
    re.compile(
        r"(?P<kept>[?&;](?:\w*(?:password|passwd|pwd|secret|token|accesskey(?:id)?|account_?key|api_?key)|user(?:name)?|sig"
        r"|signature|X-Amz-(?:Signature|Credential|Security-Token))=)[^\s&;'\"]+?(?=[:,.)]*(?:[\s&;'\"]|$))",
        re.IGNORECASE,
    ),
)

_SECRET_NAME = re.compile(r"secret|token|passw|authorization|credential|api.?key|^headers$", re.IGNORECASE)


def redacted(text: str) -> str:
    """The text with every credential replaced by ``***``.

    >>> redacted("s3://AKIA:abc/def@bucket/x and hdfs://host:8020/folder@x")
    's3://***@bucket/x and hdfs://host:8020/folder@x'
    >>> redacted("jdbc:postgresql://host/db?user=me&password=pw&ssl=true")
    'jdbc:postgresql://host/db?user=***&password=***&ssl=true'
    """
    for pattern in _PATTERNS:
        text = pattern.sub(lambda match: f"{match['kept']}{HIDDEN}{'@' if match[0].endswith('@') else ''}", text)
    return text


class RedactedFormatter(logging.Formatter):
    """Writes log records, their tracebacks included, without credentials."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        return redacted(super().format(record))


def names_secret(key: object) -> bool:
    """Whether a key is likely to hold a credential, so that its value must not be shown.

    >>> names_secret("headers"), names_secret("topic")
    (True, False)
    """
    return _SECRET_NAME.search(str(key)) is not None
