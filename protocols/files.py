"""Which files make up the library, and how each is checked against its schema before anything is built.

A library is built from `Files`: it is built alike from a folder, an edition or a draft.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import jsonschema

from protocols.errors import ProtocolError
from protocols.strict_yaml import Document, parse, read_bytes

ROOT = Path(__file__).parent
_SCHEMA = "flow.schema.json"
_CONSISTS_OF = (
    "common.yml",
    "fit.yml",
    "packs.yml",
    "reasons.yml",
    "sources.yml",
    "vocabulary.yml",
    "cards/*.yml",
    "flows/*/flow.yml",
    "flows/*/cards.yml",
    "flows/*/fit.yml",
    "packs/*.yml",
    "parts/*.yml",
    "wording/*.yml",
)
_KEPT = 320
"""Files kept parsed: the shipped and most own ones of an edition, which others share. Each state of a text
that is being typed takes a place as well, with up to 1 MB."""

Files = Mapping[str, bytes]
"""The files of a library: path inside it, with /, and content."""


def read_files(root: Path) -> dict[str, bytes]:
    """The files a library under `root` consists of. Raises ProtocolError for one that cannot be read."""
    paths = sorted(path for pattern in _CONSISTS_OF for path in root.glob(pattern))
    names = [path.relative_to(root).as_posix() for path in paths]
    return {name: read_bytes(path, name) for name, path in zip(names, paths, strict=True)}


def digest(files: Files) -> str:
    """The SHA-256, in hex, of the paths and contents; the order in which they come does not matter."""
    parts = sorted((name, hashlib.sha256(raw).hexdigest()) for name, raw in files.items())
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def matching(files: Files, pattern: str) -> list[str]:
    """The paths that match, part by part, in their order."""
    parts = pattern.split("/")
    named = [(name, name.split("/")) for name in files]
    return sorted(name for name, own in named if len(own) == len(parts) and all(map(fnmatchcase, own, parts)))


def folder(name: str) -> str:
    """The folder a file lies in, without those above it."""
    return PurePosixPath(name).parent.name


def stem(name: str) -> str:
    return PurePosixPath(name).stem


def is_own(name: str) -> bool:
    """Whether an agency wrote this file beside the shipped ones. (Packs it replaced keep their names.)"""
    return "/own_" in name


def load_checked(files: Files, name: str, kind: str) -> Document:
    """Parse a file and hold it against the definition `kind` of the schema. Raises ProtocolError."""
    if name not in files:
        raise ProtocolError(name, 0, "the file cannot be read: it is not there", "Put it there")
    return _checked(kind, name, files[name])


@lru_cache(maxsize=_KEPT)
def _checked(kind: str, name: str, raw: bytes) -> Document:
    document = parse(raw, name)
    errors = list(_validator(kind).iter_errors(document.data))
    if errors:
        raise _explain(document, min(errors, key=lambda error: _line(document, error)))
    return document


@cache
def _validator(kind: str) -> Any:
    schema = json.loads((ROOT / _SCHEMA).read_text(encoding="utf-8"))
    return jsonschema.Draft7Validator({**schema, "$ref": f"#/definitions/{kind}"})


def _line(document: Document, error: Any) -> int:
    return document.line(_place(error))


def _place(error: Any) -> tuple[str | int, ...]:
    path = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        unknown = _unknown_keys(error)
        return (*path, unknown[0]) if unknown else path
    return path


def _unknown_keys(error: Any) -> list[str]:
    known = error.schema.get("properties", {})
    return [key for key in error.instance if key not in known]


def _explain(document: Document, error: Any) -> ProtocolError:
    place = _place(error)
    where = ".".join(str(part) for part in error.absolute_path) or "the file"
    tell = _TOLD.get(error.validator)
    what, how = tell(error) if tell else (_short(error.message), "See docs/flows.md")
    return document.error(place, f"{where}: {what}", how)


def _not_known(error: Any) -> tuple[str, str]:
    known = ", ".join(sorted(error.schema.get("properties", {})))
    return f"'{_unknown_keys(error)[0]}' is not known here", f"Use one of: {known}"


def _lacking(error: Any) -> tuple[str, str]:
    absent = ", ".join(repr(key) for key in error.validator_value if key not in error.instance)
    return f"lacks {absent}", "Add it"


def _wrong_type(error: Any) -> tuple[str, str]:
    return (
        f"this is {_KINDS.get(type(error.instance), 'empty')}",
        f"It must be {_TYPES[error.validator_value]}",
    )


_KINDS = {dict: "a mapping", list: "a list", str: "text", int: "a number", bool: "true or false"}
_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
}
_TOLD: dict[str, Callable[[Any], tuple[str, str]]] = {
    "additionalProperties": _not_known,
    "required": _lacking,
    "type": _wrong_type,
    "enum": lambda e: (f"{e.instance!r} is no choice here", f"Use one of: {', '.join(e.validator_value)}"),
    "pattern": lambda e: (f"'{_short(e.instance)}' is no good name", "Small letters, digits and _"),
    "minItems": lambda e: ("the list is empty or too short", f"Give at least {e.validator_value}"),
    "maxItems": lambda e: ("the list is too long", f"Give at most {e.validator_value}"),
    "minLength": lambda _: ("the text is empty", "Fill it in"),
    "maxLength": lambda e: ("the text is too long", f"Keep it under {e.validator_value} characters"),
    "minimum": lambda e: (f"{e.instance} is too small", f"Use {e.validator_value} or more"),
    "maximum": lambda e: (f"{e.instance} is too large", f"Use {e.validator_value} or less"),
}


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "…"
