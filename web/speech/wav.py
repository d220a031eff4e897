"""How long a WAV file says it is: FFmpeg shortens that to what is there, and a lost end goes unnoticed."""

from __future__ import annotations

import struct
from typing import BinaryIO

UNKNOWN = 0x7FFF_FFFF  # programs that write to a pipe put such sizes because they do not know better


def declared_ms(file: BinaryIO) -> int | None:
    """Length by the header in milliseconds; None for anything but a plain WAV file that knows its length.

    Leaves the file at its beginning.
    """
    try:
        return _scan(file)
    except struct.error:
        return None
    finally:
        file.seek(0)


def _scan(file: BinaryIO) -> int | None:
    file.seek(0)
    riff, _, kind = struct.unpack("<4sI4s", file.read(12))
    rate = 0
    while (riff, kind) == (b"RIFF", b"WAVE"):
        name, size = struct.unpack("<4sI", file.read(8))
        if name == b"fmt ":
            body = file.read(min(size, 64))
            rate = struct.unpack("<I", body[8:12])[0]
            file.seek(size + size % 2 - len(body), 1)
        elif name == b"data":
            return size * 1000 // rate if rate and 0 < size < UNKNOWN else None
        else:
            file.seek(size + size % 2, 1)
    return None
