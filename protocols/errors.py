"""The one error a broken protocol file raises: where it is, what is wrong, how to mend it."""

from __future__ import annotations


class ProtocolError(ValueError):
    """A protocol file that cannot be used. `line` counts from 1; 0 when the whole file is meant."""

    def __init__(self, file: str, line: int, what: str, how: str) -> None:
        super().__init__(f"{file}:{line}: {what}. {how}")
        self.file = file
        self.line = line
        self.what = what
        self.how = how
