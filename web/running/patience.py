"""Settings of the server that its command line does not have (gunicorn -c python:web.running.patience)."""

from __future__ import annotations

import socket
import struct
from typing import Any

SILENCE_S = 30
"""A client that neither sends nor takes a byte for so long is gone; its thread is needed by others."""


def when_ready(server: Any) -> None:
    """Accepted connections inherit this from the listening socket."""
    limit = struct.pack("ll", SILENCE_S, 0)
    for listener in server.LISTENERS:
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, option, limit)
