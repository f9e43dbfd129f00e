"""A server on loopback in front of another one that answers some requests with the faults of a real network."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BUSY = b"<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive", "content-length"}


@dataclass
class Request:
    """A request as it came: also what tests look at afterwards."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


Fault = Callable[[Request], str | tuple[int, bytes] | None]
"""What to do with a request: a status and body to answer, ``broken`` for half of the real body, None to pass it on."""


@dataclass
class FaultyProxy:
    """Its address, all requests that came, and the fault in force."""

    url: str
    requests: list[Request] = field(default_factory=list)
    fault: Fault = field(default=lambda _: None)
    lock: Any = field(default_factory=threading.Lock)

    def times(self, number: int, matching: Callable[[Request], bool], what: str | tuple[int, bytes]) -> None:
        """Answer the first requests that match with a fault."""
        left = [number]

        def fault(request: Request) -> str | tuple[int, bytes] | None:
            with self.lock:
                if left[0] and matching(request):
                    left[0] -= 1
                    return what
            return None

        self.fault = fault


@contextmanager
def faulty_proxy(upstream: str) -> Iterator[FaultyProxy]:  # noqa: C901 - a handler's methods share the proxy
    """Run one in front of ``http://host:port``."""
    host = upstream.partition("://")[2]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self._body()
            request = Request(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            with proxy.lock:
                proxy.requests.append(request)
            what = proxy.fault(request)
            if isinstance(what, tuple):
                self._answer(what[0], {"Content-Type": "application/xml"}, what[1], len(what[1]))
                return
            status, headers, content = _passed_on(host, request)
            length = int(headers.pop("Content-Length-Of-Head", len(content)))
            if what == "broken":
                self._answer(status, headers, content[: len(content) // 2], len(content))
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self._answer(status, headers, content, length)

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_any  # noqa: N815 - names of the base class

        def _body(self) -> bytes:
            if self.headers.get("Expect") == "100-continue":
                self.send_response_only(100)
                self.end_headers()
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def _answer(self, status: int, headers: dict[str, str], content: bytes, length: int) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(content)
            self.wfile.flush()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - name of the base class
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy = FaultyProxy(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()


def _passed_on(host: str, request: Request) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection(host, timeout=60)
    headers = {name: value for name, value in request.headers.items() if name not in HOP_BY_HOP | {"expect"}}
    connection.request(request.method, request.path, request.body, headers)
    response = connection.getresponse()
    content = response.read()
    found = {
        name: value for name, value in response.getheaders() if name.lower() not in HOP_BY_HOP | {"date", "server"}
    }
    if request.method == "HEAD":
        found["Content-Length-Of-Head"] = response.headers.get("Content-Length") or "0"
    connection.close()
    return response.status, found, content
