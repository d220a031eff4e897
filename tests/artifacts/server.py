"""A server on this machine that can be told to behave badly."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Served:
    """What is at one address, and how it is given out. `break_after`: for each answer in turn, how many
    bytes come before the line goes dead; `stall`: set it to let the rest of the bytes through."""

    content: bytes
    etag: str | None = '"one"'
    ranges: bool = True
    break_after: list[int] = field(default_factory=list)
    length: int | None = None  # what Content-Length says, where that is a lie
    chunked: bool = False
    status: list[int] = field(default_factory=list)  # answers before the good one
    redirect: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    stall_after: int | None = None
    stall: threading.Event = field(default_factory=threading.Event)
    between: Callable[[Served], None] | None = None  # called after every answer


class Server:
    """`files` by path; `asked` are the paths, and the Range headers, of all requests so far."""

    def __init__(self) -> None:
        self.files: dict[str, Served] = {}
        self.asked: list[tuple[str, str | None]] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                owner.asked.append((self.path, self.headers.get("Range")))
                served = owner.files.get(self.path)
                if served is None:
                    self.send_error(404)
                    return
                try:
                    owner._answer(self, served)
                except OSError:  # the other side has gone
                    self.close_connection = True
                if served.between:
                    served.between(served)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._httpd.daemon_threads = True
        self.host = f"127.0.0.1:{self._httpd.server_address[1]}"
        self._thread = threading.Thread(target=self._httpd.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def serve(self, path: str, content: bytes, **how: object) -> Served:
        self.files[path] = Served(content, **how)  # type: ignore[arg-type]
        return self.files[path]

    def stop(self) -> None:
        for served in self.files.values():
            served.stall.set()
        self._httpd.shutdown()
        self._httpd.server_close()
        self._thread.join()

    @staticmethod
    def _answer(handler: BaseHTTPRequestHandler, served: Served) -> None:
        if served.status:
            handler.send_error(served.status.pop(0))
            return
        if served.redirect:
            handler.send_response(302)
            handler.send_header("Location", served.redirect)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        begin = _begin(handler, served)
        if begin is not None and begin >= len(served.content):
            handler.send_error(416)
            return
        body = served.content[begin or 0 :]
        handler.send_response(200 if begin is None else 206)
        if begin is not None:
            total = len(served.content)
            handler.send_header("Content-Range", f"bytes {begin}-{total - 1}/{total}")
        if served.etag:
            handler.send_header("ETag", served.etag)
        if served.chunked:
            handler.send_header("Transfer-Encoding", "chunked")
            body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body, b""))
        else:
            handler.send_header("Content-Length", str(len(body) if served.length is None else served.length))
        for name, value in served.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        _send(handler, served, body)


def _begin(handler: BaseHTTPRequestHandler, served: Served) -> int | None:
    asked = handler.headers.get("Range")
    if not asked or not served.ranges:
        return None
    wanted = handler.headers.get("If-Range")
    if wanted is not None and wanted != served.etag:
        return None
    return int(asked.removeprefix("bytes=").rstrip("-"))


def _send(handler: BaseHTTPRequestHandler, served: Served, body: bytes) -> None:
    if served.break_after:
        handler.wfile.write(body[: served.break_after.pop(0)])
        handler.wfile.flush()
        handler.close_connection = True
        return
    if served.stall_after is not None:
        handler.wfile.write(body[: served.stall_after])
        handler.wfile.flush()
        served.stall.wait(30)
        body = body[served.stall_after :]
    handler.wfile.write(body)
    if served.length is not None:
        handler.close_connection = True


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
