"""Which files make up the library, and how each is checked against its schema before anything is built."""

from __future__ import annotations

import json
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
    rule, wanted, got = error.validator, error.validator_value, error.instance
    known = ", ".join(sorted(error.schema.get("properties", {})))
    absent = [key for key in wanted if key not in got] if rule == "required" else []
    said = {
        "additionalProperties": (
            f"'{place[-1] if place else ''}' is not known in {where}",
            f"Use one of: {known}",
        ),
        "required": (f"{where} lacks {', '.join(map(repr, absent))}", "Add it"),
        "enum": (
            f"{where} is {got!r}",
            f"Use one of: {', '.join(map(str, wanted)) if rule == 'enum' else ''}",
        ),
        "type": (f"{where} is {_kind(got)}", f"It must be {_wanted(wanted)}"),
        "pattern": (f"{where} is {_short(got)}", "Use small letters, digits and _"),
        "minItems": (f"{where} is empty or too short", f"Give at least {wanted}"),
        "maxLength": (f"{where} is too long", f"Keep it under {wanted} characters"),
        "minLength": (f"{where} is empty", "Fill it in"),
    }
    what, how = said.get(rule, (f"{where}: {_short(error.message)}", "See docs/flows.md"))
    return document.error(place, what, how)


def _short(value: object) -> str:
    text = repr(value) if not isinstance(value, str) else value
    return text if len(text) <= 80 else text[:77] + "…"


def _kind(value: object) -> str:
    names = {dict: "a mapping", list: "a list", str: "text", int: "a number", bool: "true or false"}
    return names.get(type(value), "empty")


def _wanted(wanted: Any) -> str:
    names = {
        "object": "a mapping",
        "array": "a list",
        "string": "text",
        "integer": "a whole number",
        "boolean": "true or false",
    }
    return " or ".join(
        names.get(item, str(item)) for item in ([wanted] if isinstance(wanted, str) else wanted)
    )
