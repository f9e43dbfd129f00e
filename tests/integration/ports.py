"""Ports that nobody listens on."""

from __future__ import annotations

import os
import socket


def free_ports(number: int) -> int:
    """The first of free ports that follow each other, on all addresses of loopback."""
    for first in range(20_000 + os.getpid() % 20_000, 60_000, number):
        if all(_is_free(port) for port in range(first, first + number)):
            return first
    raise OSError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
