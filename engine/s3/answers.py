"""What a store says when it does not do what it is asked, in plain words."""

from __future__ import annotations

import re

OF_STORE = re.compile(
    r"AWS Error (?P<code>\w+)(?: \(HTTP status (?P<status>\d+)\))? during (?P<operation>\w+) operation(?:: (?P<rest>.*))?",
    re.DOTALL,
)
_CURL = re.compile(r"curlCode: \d+, (?P<reason>[^;]+)")

_PLAIN = {
    "ACCESS_DENIED": "access denied",
    "NO_SUCH_BUCKET": "there is no such bucket",
    "NO_SUCH_KEY": "there is no such object",
    "RESOURCE_NOT_FOUND": "there is no such bucket or object",
    "INVALID_ACCESS_KEY_ID": "the access key is not known there",
    "SIGNATURE_DOES_NOT_MATCH": "the secret key is wrong",
    "SLOW_DOWN": "it is busy (503)",
    "REQUEST_TIMEOUT": "it did not answer in time",
}


def reason_of(error: BaseException) -> str:
    """Why a store failed, without the words of the library that asked it.

    >>> reason_of(OSError("For key 'k': AWS Error ACCESS_DENIED during HeadObject operation: No body."))
    'access denied (HeadObject)'
    """
    match = OF_STORE.search(str(error))
    if match is None:
        return " ".join(str(error).split()) or type(error).__name__
    if match["code"] == "NETWORK_CONNECTION":
        curl = _CURL.search(match["rest"] or "")
        return f"it cannot be reached ({(curl['reason'] if curl else 'the connection failed').strip()})"
    status = f", HTTP status {match['status']}" if match["status"] else ""
    plain = _PLAIN.get(match["code"], f"error {match['code']}{status}")
    return f"{plain} ({match['operation']})"


def is_unreachable(error: BaseException) -> bool:
    """Whether nobody answered at all."""
    return "AWS Error NETWORK_CONNECTION" in str(error)
