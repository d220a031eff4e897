"""Request bodies against their description, and the description itself (/api/openapi.json)."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from web.interview.errors import Invalid
from web.interview.words import data

_HOW = {
    "required": "{field} is missing.",
    "additionalProperties": "{field} is not known here.",
    "type": "{field} should be {wanted}.",
    "enum": "{field} should be one of {wanted}.",
    "minimum": "{field} should be at least {wanted}.",
    "maximum": "{field} should be at most {wanted}.",
    "minLength": "{field} is empty.",
    "maxLength": "{field} has more than {wanted} characters.",
}


def checked(name: str, body: Any) -> dict[str, Any]:
    """The body, if it fits the schema. Raises Invalid naming field and fault; never repeats a value."""
    if not isinstance(body, dict):
        raise Invalid("body", "The request needs a JSON object with Content-Type application/json.")
    error = best_match(_validator(name).iter_errors(body))
    if error is not None:
        raise _problem(error)
    return body


@cache
def _validator(name: str) -> Draft202012Validator:
    schemas = data("api")["schemas"]
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}})


def _problem(error: ValidationError) -> Invalid:
    path = [str(part) for part in error.absolute_path]
    kind, wanted, instance = str(error.validator), cast(Any, error.validator_value), cast(Any, error.instance)
    if kind == "required":
        path.append(next(name for name in wanted if name not in instance))
    if kind == "additionalProperties":
        path.append(min(set(instance) - set(cast(Any, error.schema)["properties"]))[:40])
    if isinstance(wanted, list):
        wanted = ", ".join(map(str, wanted))
    field = ".".join(path) or "body"
    how = _HOW.get(kind, "{field} cannot be used.")
    return Invalid(field, how.format(field=field, wanted=wanted) + " Nothing was saved.")


@cache
def openapi() -> dict[str, Any]:
    """OpenAPI 3.1 of every room that describes its routes in data/api.yml."""
    described = data("api")
    paths: dict[str, Any] = {}
    for route in described["routes"]:
        method, path = route["at"].split(" ", 1)
        paths.setdefault(path, {})[method.lower()] = _operation(path, route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tellmore", "version": "1", "license": {"name": "AGPL-3.0-or-later"}},
        "security": [{"cookie": []}, {"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": described["schemas"],
            "securitySchemes": {
                "cookie": {"type": "apiKey", "in": "cookie", "name": "tellmore"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _operation(path: str, route: dict[str, Any]) -> dict[str, Any]:
    names = re.findall(r"{(\w+)}", path)
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
    ]
    parameters += [
        {"name": name, "in": "query", "schema": {"type": "integer"}} for name in route.get("query", ())
    ]
    operation: dict[str, Any] = {
        "summary": route["does"],
        "parameters": parameters,
        "responses": {
            str(status): {"description": "Done.", **_content("application/json", schema)}
            for status, schema in route["answers"].items()
        }
        | {"default": {"description": "An error.", **_content("application/problem+json", "Problem")}},
    }
    if "header" in route:
        parameters.append({"name": route["header"], "in": "header", "schema": {"type": "string"}})
    if "takes_bytes" in route:
        operation["requestBody"] = {"required": True, "content": {route["takes_bytes"]: {}}}
    if "takes" in route:
        operation["requestBody"] = {"required": True, **_content("application/json", route["takes"])}
    return operation


def _content(kind: str, schema: str | None) -> dict[str, Any]:
    if schema is None:
        return {}
    return {"content": {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}
