"""Code a stream of written turns, line by line, in constant memory.

A line is judged and coded whole before any of it is written, so a bad line leaves the output
complete up to the line before. Messages name file, line and reason and never quote a turn.
"""

from __future__ import annotations

from web.language.batch.lines import BadInput, read_lines
from web.language.batch.rows import Format, Row, json_objects, row
from web.language.batch.stream import code_stream

__all__ = ["BadInput", "Format", "Row", "code_stream", "json_objects", "read_lines", "row"]
