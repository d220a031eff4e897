"""YAML as authors should write it: no surprises, and every value knows its line.

Refused, with file and line: duplicate keys, tabs, anchors and aliases, tags, several documents, characters
nobody sees, nesting deeper than 16, files over 1 MB, text that is not UTF-8, keys that are not words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from protocols.errors import ProtocolError

MAX_BYTES = 1_000_000
MAX_DEPTH = 16
_HIDDEN = re.compile("(?!^)\ufeff|[\u00ad\u200b\u202a-\u202e\u2060-\u206f\U000e0000-\U000e007f]")
"""What nobody sees, or shows text in another order than it is read. The joiners and marks which Arabic,
Persian and Indian languages need are not among them."""
Path_ = tuple[str | int, ...]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Document:
    """A file's data, and the line of every value and key in it (path of keys and indexes -> line)."""

    file: str
    data: Any
    lines: dict[Path_, int]

    def line(self, path: Path_) -> int:
        """The line of the value at `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def error(self, path: Path_, what: str, how: str) -> ProtocolError:
        return ProtocolError(self.file, self.line(path), what, how)


def read(path: Path, name: str | None = None) -> Document:
    """Read one file; `name` is what errors call it. Raises ProtocolError."""
    return parse(read_bytes(path, name or str(path)), name or str(path))


def read_bytes(path: Path, name: str) -> bytes:
    """The bytes of a file, one more than are taken if it is too large. Raises ProtocolError."""
    try:
        with path.open("rb") as handle:
            return handle.read(MAX_BYTES + 1)
    except OSError as error:
        why = error.strerror or "cannot be read"
        raise ProtocolError(
            name, 0, f"the file cannot be read: {why}", "Put it there, or remove what refers to it"
        ) from error


def parse(raw: bytes, name: str) -> Document:
    """Parse the bytes of one file. Raises ProtocolError."""
    if len(raw) > MAX_BYTES:
        raise ProtocolError(
            name, 0, f"the file is larger than {MAX_BYTES} bytes", "Split it into several files"
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ProtocolError(name, line, "this is not UTF-8 text", "Save the file as UTF-8") from error
    if hidden := _HIDDEN.search(text):
        raise _unseen(hidden[0], name, text.count("\n", 0, hidden.start()) + 1)
    try:
        _check_events(text, name)
        node = yaml.compose(text, Loader=_Loader)
        lines: dict[Path_, int] = {}
        data = _build(node, (), lines, name) if node is not None else None
    except yaml.YAMLError as error:
        raise _syntax(error, name, text) from error
    if not isinstance(data, dict):
        raise ProtocolError(
            name, 1, "the file does not hold a mapping", "Start with a key such as 'flow:' or 'cards:'"
        )
    return Document(name, data, lines)


def _check_events(text: str, name: str) -> None:
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.ScalarEvent) and (hidden := _HIDDEN.search(event.value)):
            raise _unseen(hidden[0], name, line)  # written as \\u202E
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise ProtocolError(
                    name, line, "a second document begins here", "Keep one document in a file; remove '---'"
                )
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ProtocolError(
                name, line, "anchors and aliases are not allowed", "Write the value out where it is used"
            )
        if getattr(event, "tag", None) not in (None, "!"):
            raise ProtocolError(name, line, "tags (!…) are not allowed", "Remove the tag")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise ProtocolError(name, line, f"nested deeper than {MAX_DEPTH} levels", "Flatten the structure")


def _unseen(char: str, name: str, line: int) -> ProtocolError:
    what = f"a character nobody sees is here (U+{ord(char):04X})"
    return ProtocolError(name, line, what, "Type these words again by hand")


def _build(node: Any, path: Path_, lines: dict[Path_, int], name: str) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines, name)
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*path, index), lines, name) for index, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: Any, path: Path_, lines: dict[Path_, int], name: str) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode) or not str(key_node.value).strip():
            raise ProtocolError(name, line, "this key is not a plain word", "Use a word as key")
        key = str(key_node.value)
        if key in result:
            first = lines[(*path, key)]
            raise ProtocolError(
                name,
                line,
                f"the key '{key}' is here twice (first in line {first})",
                "Remove or rename one of them",
            )
        lines[(*path, key)] = line
        result[key] = _build(value_node, (*path, key), lines, name)
    return result


def _scalar(node: Any) -> Any:
    text = str(node.value)
    kind = node.tag.rpartition(":")[2]
    if kind == "int" and text.isdecimal() and text.isascii() and len(text) < 10:
        return int(text)
    if kind == "bool" and text in ("true", "false"):
        return text == "true"
    if kind == "null":
        return None
    return text


def _syntax(error: yaml.YAMLError, name: str, text: str) -> ProtocolError:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    if mark is None and isinstance(error, yaml.reader.ReaderError):
        line = text[: error.position].count("\n") + 1 if isinstance(error.position, int) else 1
    rows = text.split("\n")
    row = rows[line - 1] if line <= len(rows) else ""
    if "\t" in row[: len(row) - len(row.lstrip())]:
        return ProtocolError(name, line, "a tab is used to indent", "Indent with spaces")
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not valid YAML"
    return ProtocolError(
        name,
        line,
        f"not valid YAML: {problem}",
        "Check indentation, colons, quotes and brackets near this line",
    )
