"""Examples of bodies and answers, put together from those of the models' fields."""

from typing import Any

from pydantic.json_schema import JsonSchemaValue

from service.openapi.components import Components

_BY_FORMAT = {"date-time": "2026-06-05T18:00:00.000Z", "date": "2026-06-05"}
_BY_TYPE = {"string": "text", "integer": 1, "number": 1.0, "boolean": False, "null": None}


def example(schema: JsonSchemaValue, components: Components) -> Any:
    """A value of `schema`: the example that it or its parts give, else one made up for its type."""
    schema = components.resolve(schema)
    match schema:
        case {"examples": [first, *_]} | {"const": first} | {"enum": [first, *_]}:
            return first
        case {"anyOf": [first, *_]} | {"oneOf": [first, *_]}:
            return example(first, components)
        case {"properties": properties}:
            return {name: example(field, components) for name, field in properties.items()}
        case {"type": "array", "items": items}:
            return [example(items, components)]
        case {"type": "object"}:
            return {}
        case {"format": format_} if format_ in _BY_FORMAT:
            return _BY_FORMAT[format_]
        case _:
            return _BY_TYPE[schema["type"]]
