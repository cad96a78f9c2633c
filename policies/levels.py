"""The four triage levels and their order. Knows nothing about rules or about who decides."""

from enum import IntEnum
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Level(IntEnum):
    """How soon a person must act; a higher number is more urgent. Written as its name in JSON and YAML."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    EMERGENCY = 4

    @classmethod
    def parse(cls, value: Any) -> "Level":
        """`"HIGH"` or `Level.HIGH` → `Level.HIGH`; anything else is a ValueError that names the four."""
        if isinstance(value, cls):
            return value
        if isinstance(value, str) and value in cls.__members__:
            return cls[value]
        raise ValueError(f"a level is one of {', '.join(cls.__members__)}")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda level: level.name),
            json_schema_input_schema=core_schema.literal_schema(list(cls.__members__)),
        )
