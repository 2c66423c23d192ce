"""The OpenAPI document as a page shows it: areas, their operations, and what goes in and comes out of each."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

_METHODS = ("get", "post", "put", "patch", "delete")
_SHOWN = 12
"""Values of a list of choices; of six hundred time zones a page need not have all."""


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: str
    about: str
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    summary: str
    description: str
    scope: str
    tables: list[tuple[str, list[Field]]]


@dataclass(frozen=True, slots=True)
class Area:
    name: str
    operations: list[Operation]


def areas(document: dict[str, Any]) -> list[Area]:
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                told = methods[method]
                found.setdefault(told["tags"][0], []).append(_operation(document, method, path, told))
    return [Area(name, operations) for name, operations in found.items()]


def _operation(document: dict[str, Any], method: str, path: str, told: dict[str, Any]) -> Operation:
    parameters = [
        Field(p["name"], _type(p["schema"]), p.get("description", ""), p["required"])
        for p in told["parameters"]
    ]
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    answers = [answer for status, answer in told["responses"].items() if int(status) < 300]
    content = answers[0].get("content", {}).get("application/json", {}).get("schema", {})
    return Operation(
        method.upper(),
        path,
        told["summary"],
        told.get("description", ""),
        told["security"][0]["Token"][0],
        [
            (_("Parameters"), parameters),
            (_("Body"), _fields(document, body)),
            (_("Answer"), _fields(document, content)),
        ],
    )


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> list[Field]:
    """Of a body that may be of several kinds: what any of them has."""
    found: dict[str, Field] = {}
    for kind in schema.get("oneOf", [schema]):
        for field in _properties(document, kind):
            known = found.get(field.name, field)
            types = dict.fromkeys((known.type, field.type))
            found[field.name] = replace(known, type=" | ".join(types))
    return list(found.values())


def _properties(document: dict[str, Any], schema: dict[str, Any]) -> list[Field]:
    while "$ref" in schema or schema.get("type") == "array":
        schema = document["components"]["schemas"][_name(schema)] if "$ref" in schema else schema["items"]
    required = schema.get("required", ())
    return [
        Field(name, _type(told), told.get("description", ""), name in required)
        for name, told in schema.get("properties", {}).items()
    ]


def _name(schema: dict[str, Any]) -> str:
    return str(schema["$ref"].rpartition("/")[2])


def _type(schema: dict[str, Any]) -> str:
    """In a word or two."""
    if "$ref" in schema:
        return _name(schema)
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(one) for one in schema["anyOf"]))
    if "enum" in schema:
        values = [str(value) for value in schema["enum"] if value != ""]
        return ", ".join(values[:_SHOWN]) + (", …" if len(values) > _SHOWN else "")
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("const") or schema.get("type", ""))
