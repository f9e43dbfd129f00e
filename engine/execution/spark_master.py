"""Whether a Spark master answers: Spark itself tries for a minute, and then prints pages of Java."""

from __future__ import annotations

import re
import socket

from engine.errors import RunnerError

PATIENCE = 10.0
"""Seconds to wait for an answer."""

_ADDRESSES = re.compile(r"spark://(?P<several>.+)|k8s://(?:https?://)?(?P<one>[^/]+:\d+)")


def check_master(master: str) -> None:
    """Look whether a master can be reached; those of other kinds than ``spark://`` and ``k8s://`` are Spark's business.

    Raises:
        RunnerError: None of its addresses takes a connection.
    """
    match = _ADDRESSES.match(master)
    if match is None:
        return
    reasons = []
    for address in (match["several"] or match["one"]).split(","):
        host, _, port = address.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), PATIENCE).close()
        except (OSError, ValueError, OverflowError) as error:
            reasons.append(f"{address}: {error}")
        else:
            return
    raise RunnerError(
        f"The Spark master {master} cannot be reached ({'; '.join(reasons)}). Check its host and port, and that it runs; "
        "or use --master 'local[*]', or --runner inline, which need no cluster."
    )
