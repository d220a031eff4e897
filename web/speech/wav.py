"""Reads the header of a WAV file before FFmpeg does, for two things FFmpeg keeps silent about.

It shortens the stated length to what is there, so that a lost end goes unnoticed; and it believes a part
of the header that claims a gigabyte, and takes that much memory for it.
"""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

UNKNOWN = 0x7FFF_FFFF  # programs that write to a pipe put such sizes because they do not know better


def declared_ms(file: BinaryIO) -> int | None:
    """Length by the header in milliseconds; None for anything but a plain WAV file that knows its length.

    Leaves the file at its beginning. Raises ValueError where the header claims more than the file holds.
    """
    try:
        return _scan(file, file.seek(0, io.SEEK_END))
    except struct.error:
        return None
    finally:
        file.seek(0)


def _scan(file: BinaryIO, end: int) -> int | None:
    file.seek(0)
    riff, _, kind = struct.unpack("<4sI4s", file.read(12))
    rate = 0
    while (riff, kind) == (b"RIFF", b"WAVE"):
        name, size = struct.unpack("<4sI", file.read(8))
        if name == b"data":
            return size * 1000 // rate if rate and 0 < size < UNKNOWN else None
        after = file.tell() + size + size % 2
        if after > end + 1:
            raise ValueError("a part of the header is larger than the file")
        if name == b"fmt ":
            rate = struct.unpack("<I", file.read(12)[8:])[0]
        file.seek(after)
    return None
