"""Says whether a value fits a JSON schema, for the part of JSON Schema that a draft and a chat request need."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

KNOWN = {
    *("type", "properties", "required", "additionalProperties", "items", "enum", "oneOf", "anyOf", "pattern"),
    *("maxLength", "minLength", "maxItems", "minItems", "minimum", "maximum"),
}

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def faults(value: Any, schema: Mapping[str, Any], place: str = "$") -> Iterator[str]:
    """Every way in which the value does not fit; a keyword that is not known here is a fault of the schema."""
    yield from (f"{place}: unknown keyword {word}" for word in schema if word not in KNOWN)
    kind = schema.get("type")
    if kind and (not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        yield f"{place}: no {kind}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place}: none of {schema['enum']}"
    if "oneOf" in schema and sum(not any(faults(value, part, place)) for part in schema["oneOf"]) != 1:
        yield f"{place}: not exactly one of the choices"
    if "anyOf" in schema and all(any(faults(value, part, place)) for part in schema["anyOf"]):
        yield f"{place}: none of the choices"
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        yield f"{place}: not of the pattern"
    yield from _size_faults(value, schema, place)
    if isinstance(value, dict):
        yield from _object_faults(value, schema, place)
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from faults(item, schema.get("items", {}), f"{place}[{index}]")


def fits(value: Any, schema: Mapping[str, Any]) -> bool:
    return not any(faults(value, schema))


def _size_faults(value: Any, schema: Mapping[str, Any], place: str) -> Iterator[str]:
    suffix = "Length" if isinstance(value, str) else "Items" if isinstance(value, list) else ""
    size = len(value) if suffix else value
    least, most = (f"min{suffix}", f"max{suffix}") if suffix else ("minimum", "maximum")
    if least in schema and size < schema[least]:
        yield f"{place}: below {least}"
    if most in schema and size > schema[most]:
        yield f"{place}: above {most}"


def _object_faults(value: dict[str, Any], schema: Mapping[str, Any], place: str) -> Iterator[str]:
    known = schema.get("properties", {})
    yield from (f"{place}: {name} is missing" for name in schema.get("required", ()) if name not in value)
    for name, part in value.items():
        if name in known:
            yield from faults(part, known[name], f"{place}.{name}")
        elif schema.get("additionalProperties") is False:
            yield f"{place}: {name} is not known"
