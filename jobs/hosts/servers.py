"""What hosts ask each other: the primary's word on how far the job is, and ranges of the files that a host holds."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

FILES = "/files"
_RANGE = re.compile(r"bytes=(\d+)-(\d+)$")


class Status:
    """How far the job is, and the hosts that have reported, with the files that each holds."""

    def __init__(self) -> None:
        self.state = "waiting"
        self.joined: dict[str, dict[str, int]] = {}
        self.told: set[str] = set()
        self.changed = threading.Condition()

    def set(self, state: str) -> None:
        """Go on to another state: ``waiting``, ``ready``, ``done`` or ``failed``."""
        with self.changed:
            self.state = state
            self.changed.notify_all()

    def join(self, host: str, files: dict[str, int]) -> None:
        """A host reports."""
        with self.changed:
            self.joined[host] = files
            self.changed.notify_all()

    def tell(self, host: str) -> dict[str, Any]:
        """What a host that asks is told: the state, and once that is known, the files of all."""
        with self.changed:
            if self.state in {"done", "failed"}:
                self.told.add(host)
                self.changed.notify_all()
            return {"state": self.state, "files": self.joined if self.state == "ready" else {}}


class _Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status: int, content: bytes) -> None:
        """Send an answer."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - name of the base class
        """Say nothing: hosts ask every second."""


@contextmanager
def status_server(address: str, port: int, status: Status) -> Iterator[None]:
    """Answer hosts that report (POST) and that ask how far the job is (GET); both name themselves in the path."""

    class Handler(_Quiet):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status.join(self.path.strip("/"), {str(path): int(size) for path, size in body.items()})
            self.answer(200, b"{}")

        def do_GET(self) -> None:
            self.answer(200, json.dumps(status.tell(self.path.strip("/"))).encode())

    with _serving(address, port, Handler):
        yield


@contextmanager
def file_server(address: str, port: int, files: Mapping[str, int]) -> Iterator[None]:
    """Serve ranges of just these files."""

    class Handler(_Quiet):
        def do_GET(self) -> None:
            path = unquote(self.path.removeprefix(FILES))
            wanted = _RANGE.match(self.headers.get("Range") or "")
            if path not in files or wanted is None:
                self.answer(404, b"")
                return
            start, stop = int(wanted[1]), int(wanted[2]) + 1
            with Path(path).open("rb") as file:
                file.seek(start)
                self.answer(206, file.read(stop - start))

    with _serving(address, port, Handler):
        yield


def file_url(server: str, path: str) -> str:
    """Where a host serves a file."""
    return f"{server}{FILES}{quote(path)}"


@contextmanager
def _serving(address: str, port: int, handler: type[BaseHTTPRequestHandler]) -> Iterator[None]:
    server = ThreadingHTTPServer((address, port), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
