"""Which files make up the library, and how each is checked against its schema before anything is built."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from protocols.errors import ProtocolError
from protocols.strict_yaml import Document, read

ROOT = Path(__file__).parent
_SCHEMA = "flow.schema.json"


def load_checked(root: Path, path: Path, kind: str) -> Document:
    """Read `path` and hold it against the definition `kind` of the schema. Raises ProtocolError."""
    document = read(path, path.relative_to(root).as_posix())
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
