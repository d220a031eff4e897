"""A network cable between browser and console that can be pulled out."""

from __future__ import annotations

import socket
import struct
import threading
from types import TracebackType

ABORT = struct.pack("ii", 1, 0)  # closing says "reset", as a lost connection does


class Wire:
    """Forwards connections on a port of its own to `port`, both on loopback. A context manager."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._whole = True
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self.in_vain = 0  # connections tried while the cable was out
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def pull(self) -> None:
        """All connections break; new ones come to nothing."""
        with self._lock:
            self._whole, self.in_vain = False, 0
            for end in self._open:
                _abort(end)
            self._open.clear()

    def plug_in(self) -> None:
        with self._lock:
            self._whole = True

    def __enter__(self) -> Wire:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self.pull()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            with self._lock:
                if not self._whole:
                    self.in_vain += 1
                    _abort(near)
                    continue
                far = socket.create_connection(("127.0.0.1", self._port))
                self._open |= {near, far}
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._forward, args=(source, target), daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while piece := source.recv(65536):
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # pulled out, or one end has gone


def _abort(end: socket.socket) -> None:
    try:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # closed already
    end.close()
