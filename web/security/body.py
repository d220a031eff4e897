"""Request bodies stay in memory."""

from __future__ import annotations

import io
from typing import IO

from flask import Request


class QuietRequest(Request):
    """The stock request spools uploads into a temporary file, unencrypted; this one never does. How much
    memory that may take is bounded by the body limit of each view."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return io.BytesIO()
